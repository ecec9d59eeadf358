"""What our worker relies on in Celery: each test says by its failure what moved and what breaks."""

from __future__ import annotations

import ast
import logging
import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from celery import Task
from celery.app.defaults import SETTING_KEYS
from celery.exceptions import Reject, WorkerShutdown
from celery.utils.imports import symbol_by_name
from celery.worker import state, strategy
from celery.worker.consumer import Consumer
from celery.worker.request import Request, create_request_cls  # type: ignore[attr-defined]  # not in the stubs
from kombu.asynchronous import Hub

import worker
from config import logs
from config.queue import celery_options
from config.settings import load_settings
from tests.contract.conftest import TRANSPORT_MOVED, Broker, OpenBroker, message, strategy_of
from worker.broker.connection import LeasedConnection
from worker.broker.request import AckingRequest, Processing
from worker.health import Pulse
from worker.ledger import RedisLedger
from worker.lifecycle import ServeStatus

pytestmark = pytest.mark.integration

#: The private names of other libraries that the tests of this folder hold.
HELD = {
    "_announce_revoked",
    "_brpop_read",
    "_context",
    "_deliver",
    "_delete",
    "_fail_chain",
    "_put",
    "_q_for_pri",
    "_queue_bind",
    "_refresh_bindings",
}


@pytest.fixture
def late(broker: Broker) -> Any:
    """A task whose messages are acknowledged when it has ended, held as our worker holds them."""

    class Late(Task):  # type: ignore[type-arg]  # generic in the stubs alone, not at run time
        name = "depeche.process_article"
        Request = Processing.Request
        acks_late = True
        ignore_result = True
        hub = None

        def run(self, *args: Any) -> None:
            """Nothing."""

    return broker.app.register_task(Late())


@pytest.fixture
def loop() -> Iterator[Hub]:
    """An event loop, as a worker's consumer has one."""
    hub = Hub()
    yield hub
    hub.close()


def test_a_worker_consumes_through_our_class_of_connection(open_broker: OpenBroker) -> None:
    """Celery's consumer connects by the app's AMQP.Connection."""
    consumer: Any = SimpleNamespace(
        app=open_broker().app, amqheartbeat=None, hub=None, ensure_connected=lambda made: made
    )
    assert isinstance(Consumer.connection_for_read(consumer), LeasedConnection), TRANSPORT_MOVED


def test_requests_are_of_the_tasks_own_class(broker: Broker, raw: redis.Redis, late: Any) -> None:
    """Task.Request names it, and each message becomes such a request."""
    raw.lpush("articles", message())
    taken: list[Any] = []
    strategy_of(broker, late, taken.append)(broker.take(), None, None, None, [])
    assert [isinstance(request, AckingRequest) for request in taken] == [True], (
        "celery.app.task.Task.Request has moved: the event loop acknowledges, and what ends while a worker stops is "
        "delivered once more"
    )


def test_a_worker_asks_the_task_how_to_take_a_message(broker: Broker, late: Any) -> None:
    """Task.start_strategy is called with the app and the consumer, and its answer takes the messages."""
    asked: list[Any] = []

    def start(app: Any, consumer: Any, **options: Any) -> Any:
        asked.append(app)
        return strategy.default(late, app, consumer, **options)

    late.start_strategy = start
    strategy_of(broker, late, None)
    assert asked == [broker.app], (
        "celery.app.task.Task.start_strategy has moved: a message with odd headers ends the whole worker (Processing)"
    )


def test_a_finished_article_is_acknowledged_in_its_thread(broker: Broker, raw: redis.Redis, late: Any) -> None:
    """Celery's end of a task calls Request.acknowledge, which ours does at once and without the event loop."""
    raw.lpush("articles", message())
    asked: list[Any] = []
    kind = create_request_cls(AckingRequest, late, SimpleNamespace(apply_async=None), "here", None, app=broker.app)
    request = kind(broker.take(), on_ack=lambda *arguments: asked.append(arguments), app=broker.app, task=late)
    asked_first = getattr(request, "acknowledged", None)
    assert asked_first is False, "celery's Request.acknowledged has moved: no message is acknowledged"
    request.on_success((False, None, 0.0))
    moved = "celery's Request.acknowledge has moved: what ends while a worker stops is delivered once more"
    assert (raw.hkeys("unacked"), asked) == ([], []), moved
    assert request.acknowledged


def test_an_article_that_is_handed_back_goes_to_the_front(broker: Broker, raw: redis.Redis, late: Any) -> None:
    """A task that raises Reject calls Request.reject, which ours does at once."""
    raw.lpush("articles", message("mine"))
    request = AckingRequest(broker.take(), app=broker.app, task=late)
    raw.lpush("articles", message("another"))
    request.on_failure(SimpleNamespace(exception=Reject("the worker is stopping", requeue=True)))
    moved = "celery's Request.reject has moved: articles that are handed back wait for their lease"
    assert raw.hkeys("unacked") == [], moved
    assert '"id": "mine"' in str(raw.lindex("articles", -1)), moved


@pytest.mark.parametrize("lost_connections", [0, 1])
def test_an_acknowledgement_wakes_the_event_loop(
    broker: Broker, raw: redis.Redis, loop: Hub, monkeypatch: pytest.MonkeyPatch, lost_connections: int
) -> None:
    """There is room for another message, and the consumer's loop must look for it at once, after its reset too."""
    nobody: Any = None
    task = broker.app.register_task(Processing(nobody, nobody, broker.leases))
    called: list[Any] = []
    taken: list[Any] = []
    take = strategy_of(broker, task, taken.append, hub=loop)
    for _ in range(lost_connections):
        loop.reset()
    monkeypatch.setattr(loop, "call_soon", called.append)
    raw.lpush("articles", message())
    take(broker.take(), None, None, None, [])
    taken[0].acknowledge()
    moved = "celery's Consumer.hub or kombu's Hub.call_soon has moved: the next article waits for a second"
    assert len(called) == 1, moved


def test_a_revoked_task_is_announced(broker: Broker, raw: redis.Redis, late: Any) -> None:
    """Request._announce_revoked is called with the reason, for a task that was revoked while it was queued."""
    heard: list[Any] = []

    class Announced(Request):
        def _announce_revoked(self, *arguments: Any) -> None:
            heard.append(arguments)

    raw.lpush("articles", message("revoked"))
    request = Announced(broker.take(), app=broker.app, task=late)
    state.revoked.add("revoked")
    try:
        request.revoked()
    finally:
        state.revoked.discard("revoked")
    assert heard == [("revoked", False, None, False)], (
        "celery.worker.request.Request._announce_revoked has moved: a job that Celery's revoke() ends stays queued for "
        "our clients (AckingRequest._announce_revoked)"
    )


def test_a_worker_stops_by_the_states_flag(monkeypatch: pytest.MonkeyPatch) -> None:
    """celery.worker.state.should_stop ends it with that exit status."""
    monkeypatch.setattr(state, "should_stop", os.EX_OK, raising=False)
    status = None
    try:
        state.maybe_shutdown()
    except WorkerShutdown as stop:
        status = stop.code
    assert status == os.EX_OK, "celery.worker.state.should_stop has moved: SIGTERM does not end a worker (Drain)"


def test_requests_in_work_are_listed(broker: Broker, raw: redis.Redis, late: Any) -> None:
    """From when the pool has accepted one until it has ended."""
    raw.lpush("articles", message())
    request = AckingRequest(broker.take(), app=broker.app, task=late)
    request.on_accepted(str(os.getpid()), 0.0)
    moved = "celery.worker.state.active_requests has moved: a lost connection gives articles in work to other workers"
    assert request in tuple(getattr(state, "active_requests", ())), moved
    request.on_success((False, None, 0.0))
    assert request not in tuple(state.active_requests), moved


def test_every_setting_is_one_that_celery_reads() -> None:
    """A setting that Celery does not know is passed over without a word."""
    unknown = set(celery_options(load_settings())) - SETTING_KEYS
    assert unknown == set(), f"Celery no longer reads the settings {unknown} of config.queue.celery_options"


def test_the_loggers_that_show_messages_have_their_names() -> None:
    """Celery's modules log under the names that config.logs keeps quiet, as their lines hold the article."""
    for module in ("celery.app.trace", "celery.worker.strategy", "celery.worker.consumer.consumer"):
        logger = symbol_by_name(f"{module}:logger")
        assert logger is logging.getLogger(module), f"{module} logs as {logger.name}: the log shows articles' text"
        assert f'"{module}"' in Path(logs.__file__).read_text(encoding="utf-8")


def test_the_steps_that_ours_follow_are_there() -> None:
    """ServeStatus follows the pool, Pulse follows the consumer's tasks."""
    ours: list[Any] = [ServeStatus, Pulse]
    for step in [name for each in ours for name in each.requires]:
        module, _, name = step.partition(":")
        assert hasattr(import_module(module), name), f"{step} has moved: no worker starts, as our bootsteps follow it"


def test_no_other_private_name_is_used() -> None:
    """Every private name of another library that config, tasks and worker use has its contract here."""
    root = Path(worker.__file__).parent.parent
    trees = [
        ast.parse(file.read_text(encoding="utf-8"))
        for package in ("config", "tasks", "worker")
        for file in sorted((root / package).rglob("*.py"))
    ]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    used = {node.attr for node in nodes if isinstance(node, ast.Attribute) and node.attr.startswith("_")}
    ours = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    ours |= {node.attr for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)}
    ours |= {node.target.id for node in nodes if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)}
    # The ledger of producers, which that of workers inherits.
    ours |= {name for name in vars(RedisLedger(redis.Redis(), 1)) if name.startswith("_")}
    # What is called on super() is another library's, although ours has the same name.
    inherited = {
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Call) and _is_super(node.value)
    }
    foreign = {name for name in used - ours | inherited if name.startswith("_") and not name.endswith("__")}
    # os._exit is documented.
    assert foreign - {"_exit"} == HELD, "a private name of another library without a contract test, or the reverse"


def _is_super(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "super"
