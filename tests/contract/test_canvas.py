"""What sending other tasks after an article relies on in Celery: each test says what moved and what breaks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from celery import Celery
from celery.app.task import Context
from celery.concurrency import get_implementation
from celery.worker import state
from celery.worker.control import Panel
from celery.worker.request import Request

from config.queue import celery_options, sending_options
from config.settings import Settings
from depeche.errors import Poison
from tests.contract.conftest import Broker, message
from worker.broker.control import keep_revokes
from worker.callbacks import callbacks_of
from worker.ledger import RedisLedger

pytestmark = pytest.mark.integration

ERROR = Poison("It kills.", {"attempts": 3})


def task(task_id: str) -> dict[str, Any]:
    """A signature as Celery writes it."""
    return {
        **{"task": "presse.publish", "args": [], "kwargs": {}, "subtask_type": None, "immutable": False},
        "options": {"queue": "presse", "task_id": task_id},
    }


@pytest.fixture
def sending(settings: Settings, raw: redis.Redis) -> Iterator[Any]:
    """The app with which a worker sends."""
    with Celery("sending", config_source=sending_options(settings), set_as_current=False) as app:
        yield app
        backend: Any = app.backend
        backend.client.close()
    raw.delete("presse")


def test_a_request_tells_what_comes_after_it(broker: Broker, raw: redis.Redis) -> None:
    """A revoked message has no task that runs, so its request is asked, in Request._context."""
    embedded = {"chain": [task("next")], "callbacks": None, "errbacks": [], "chord": task("body")}
    whole = json.loads(message("revoked", group="g", group_index=1, root_id="r"))
    raw.lpush(
        "articles", json.dumps(whole | {"body": json.dumps([[{"text": "La gare."}], {"options": None}, embedded])})
    )
    revoked: Any = broker.app.register_task(type("Late", (broker.app.Task,), {"name": "depeche.process_article"})())
    context: Any = Request(broker.take(), app=broker.app, task=revoked)._context  # type: ignore[attr-defined]
    found = callbacks_of(context)
    moved = "celery's Request._context has moved: whoever waits for the tasks after a revoked article waits for ever"
    assert found, moved
    assert found.embedded == {"chain": embedded["chain"], "chord": embedded["chord"]}, moved
    assert found.headers == {"root_id": "r", "group": "g", "group_index": 1}, moved
    assert (list(context.args), context.kwargs) == ([{"text": "La gare."}], {"options": None}), moved


# Celery stores results with a command that redis-py would rather have by another name.
@pytest.mark.filterwarnings("ignore:Call to deprecated setex:DeprecationWarning")
@pytest.mark.parametrize("end", ["FAILURE", "REVOKED"])
def test_a_chain_fails_to_its_end(sending: Any, raw: redis.Redis, end: str) -> None:
    """Each later task of a chain ends as its first one did, so that nobody waits for the last one."""
    sending.backend._fail_chain([task("last"), task("next")], ERROR, state=end)
    moved = "celery's Backend._fail_chain has moved: whoever waits for a chain whose article failed waits for ever"
    for task_id in ("last", "next"):
        meta = json.loads(str(raw.get(f"celery-task-meta-{task_id}")))
        assert (meta["status"], meta["result"]["exc_type"]) == (end, "Poison"), moved


def test_a_chord_is_counted_once_for_each_part(sending: Any, raw: redis.Redis) -> None:
    """The body is sent with all results when the last part has come, and a part that comes twice counts once."""
    sending.backend.set_chord_size("g", 2)

    def come(number: int) -> None:
        about = {"id": f"part{number}", "group": "g", "group_index": number, "chord": task("body")}
        sending.backend.on_chord_part_return(Context(about), "SUCCESS", {"number": number})

    for number in (1, 1, 0):
        assert raw.llen("presse") == 0, "celery counts a chord's part twice: its task is sent too early"
        come(number)
    assert raw.llen("presse") == 1, "celery's on_chord_part_return has moved: the task after a chord never comes"
    assert all(raw.ttl(key) > 0 for key in raw.scan_iter("celery-taskset-meta-*")), "chords fill Redis in time"


def test_who_sends_listens_to_no_results(settings: Settings) -> None:
    """In a worker's pool Celery does not subscribe to the results of what is sent: nobody would read them."""
    pool: Any = get_implementation(celery_options(settings)["worker_pool"])
    assert pool.task_join_will_block, "workers subscribe to the result of each task that they send"


def test_a_revoke_comes_to_our_command(raw: redis.Redis) -> None:
    """Celery's remote control finds a command by its name in Panel.data, and the one that was registered last."""
    before = dict(Panel.data)
    try:
        keep_revokes(RedisLedger(raw, 60), 60)
        app: Any = SimpleNamespace(backend=SimpleNamespace(get_state=lambda task_id: "SUCCESS"))
        Panel.data["revoke"](SimpleNamespace(app=app, consumer=None), "revoked-here")
        moved = "celery.worker.control has moved: a revoke() is forgotten when the workers that heard it end"
        assert raw.hget("depeche:job:revoked-here", "cancel") == "1", moved
        assert "revoked-here" in state.revoked, moved
    finally:
        Panel.data.update(before)
        state.revoked.discard("revoked-here")
