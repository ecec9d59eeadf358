"""A message whose record is left to the claim of its job is never lost, whatever becomes of the claim."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import redis
from billiard.einfo import ExceptionInfo
from celery.concurrency.thread import TaskPool
from celery.exceptions import Reject

from depeche.scripts import Scripts
from tests.contract.conftest import Broker, OpenBroker, message, strategy_of
from worker.broker.request import AckingRequest, Processing
from worker.task import AT_LEASE_END

pytestmark = pytest.mark.integration

#: How a worker lets go of a message without Redis.
Act = Callable[[AckingRequest], object]


def away(broker: Broker, monkeypatch: pytest.MonkeyPatch, *, takes_effect: bool = False) -> list[str]:
    """Redis does not answer the broker. With ``takes_effect`` only the answers are lost.

    Returns:
        The names of the scripts that were asked for, a list that grows.
    """
    asked: list[str] = []
    run = Scripts.run

    def lost(self: Scripts, name: str, *arguments: Any) -> Any:
        if self is not broker.leases._scripts:
            return run(self, name, *arguments)
        asked.append(name)
        if takes_effect:
            run(self, name, *arguments)
        raise redis.ConnectionError("refused")

    monkeypatch.setattr(Scripts, "run", lost)
    return asked


def request_for(broker: Broker) -> AckingRequest:
    """Celery's request for the next message."""
    task = broker.app.tasks["celery.backend_cleanup"]
    task.hub = None  # type: ignore[attr-defined]
    return AckingRequest(broker.take(), app=broker.app, task=task)


def taker_of(broker: Broker, take: Callable[[Any], object], threads: int, bucket: Any = None) -> Any:
    """How our worker's task takes a message; it has a pool of threads."""
    nobody: Any = None
    task = broker.app.register_task(Processing(nobody, nobody, broker.leases))
    pool = TaskPool(limit=threads)
    strategy = strategy_of(broker, task, take, pool=pool, bucket=bucket)
    return lambda: strategy(broker.take(), None, None, None, [])


def undecided(request: AckingRequest) -> None:
    """The worker stops, and nobody knows what Redis made of the claim."""
    try:
        raise Reject("Redis is away", requeue=AT_LEASE_END)  # type: ignore[arg-type]
    except Reject:
        request.on_failure(ExceptionInfo())


def stopping(request: AckingRequest) -> None:
    """The worker stops before the job has begun."""
    try:
        raise Reject("the worker is stopping", requeue=True)
    except Reject:
        request.on_failure(ExceptionInfo())


def closing(request: AckingRequest) -> None:
    """The connection is lost before a thread has begun with the message."""
    request.message.channel.close()


@pytest.mark.parametrize("takes_effect", [False, True])
@pytest.mark.parametrize("let_go", [undecided, stopping, closing])
def test_what_was_let_go_before_it_was_recorded(
    open_broker: OpenBroker, raw: redis.Redis, monkeypatch: pytest.MonkeyPatch, let_go: Act, takes_effect: bool
) -> None:
    """While Redis is away it is on no list. A renewal records it, and it comes again when its lease has ended."""
    broker = open_broker().consume()
    broker.leases.claimants = 1
    raw.lpush("articles", message("mine"))
    request = request_for(broker)
    assert (raw.llen("articles"), raw.hlen("unacked")) == (0, 0)
    with monkeypatch.context() as patch:
        away(broker, patch, takes_effect=takes_effect)
        let_go(request)
        with pytest.raises(redis.ConnectionError):
            broker.leases.renew()
    assert len(broker.leases) == 0, "it still takes the room of another message"
    broker.leases.renew()
    held = raw.zrange("unacked_index", 0, -1, withscores=True)
    assert (len(held), raw.hlen("unacked")) == (1, 1)
    broker.leases.renew()
    assert raw.zrange("unacked_index", 0, -1, withscores=True) == held, "what was let go is still renewed"
    assert open_broker(timeout_s=0.05).consume().take().headers["id"] == "mine"


def test_a_claim_that_does_not_come_about(broker: Broker, raw: redis.Redis) -> None:
    """While Redis refuses the claim, the renewals say who has the message, and the claim need not any more."""
    broker.leases.claimants = 1
    raw.lpush("articles", message("mine"))
    receipt = broker.leases.receipt(broker.take().delivery_tag)
    assert '"id": "mine"' in receipt.unrecorded()
    broker.leases.renew()
    assert raw.hkeys("unacked") == [receipt.tag]
    assert receipt.unrecorded() == ""
    raw.zadd("unacked_index", {receipt.tag: 1})
    broker.leases.renew()
    assert (raw.zscore("unacked_index", receipt.tag) or 0) > 1, "it is held, and not renewed"


@pytest.mark.parametrize(("threads", "recorded"), [(0, 3), (1, 2), (2, 1), (3, 0)])
def test_what_finds_no_free_thread_is_recorded_as_it_is_taken(
    broker: Broker, raw: redis.Redis, threads: int, recorded: int
) -> None:
    """Of three messages, so many are claimed at once, and the others must wait."""
    broker.leases.claimants = threads
    raw.lpush("articles", *(message(name) for name in "abc"))
    for _ in "abc":
        broker.take()
    assert (raw.hlen("unacked"), len(broker.leases)) == (recorded, 3)


def test_a_thread_that_is_done_takes_the_next(broker: Broker, raw: redis.Redis) -> None:
    """The end of a job acknowledges its message, so its thread is free, and the worker has room."""
    broker.leases.claimants = 1
    broker.channel.basic_qos(prefetch_count=1)
    raw.lpush("articles", message("first"), message("next"))
    first = broker.take()
    assert not broker.channel.qos.can_consume()
    broker.leases.receipt(first.delivery_tag).recorded()
    broker.leases.receipt(first.delivery_tag).settled()
    assert broker.channel.qos.can_consume()
    broker.take("the next one")
    assert raw.hlen("unacked") == 0


@pytest.mark.parametrize("bucket", [None, "a bucket of tokens"])
def test_a_rate_limit_has_messages_wait(
    broker: Broker, raw: redis.Redis, bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Celery's remote control may set one. A message that waits for it is recorded, though a thread is free."""
    # Celery asks for the bucket itself, and what it then does with the message is its own affair.
    taken: list[Any] = []
    monkeypatch.setattr("celery.worker.strategy.default", lambda *_, **__: lambda *arguments: taken.append(arguments))
    raw.lpush("articles", message())
    taker = taker_of(broker, taken.append, 1, bucket)
    assert broker.leases.claimants == 1
    taker()
    assert (len(taken), raw.hlen("unacked")) == (1, 1 if bucket else 0)


@pytest.mark.parametrize("is_kept", [True, False])
def test_what_celery_refuses_is_held_before_its_letter_is_kept(
    broker: Broker, raw: redis.Redis, monkeypatch: pytest.MonkeyPatch, is_kept: bool
) -> None:
    """If the worker dies in between it comes again, and so it does where its letter could not be kept."""
    held: list[Any] = []

    def keep(refused: Any) -> bool:
        held.append((refused.reason, raw.hlen("unacked")))
        return is_kept

    monkeypatch.setattr(broker.channel.inspector, "keep", keep)
    taken: list[Any] = []
    take = taker_of(broker, taken.append, 1)
    raw.lpush("articles", message(expires={"a": 1}))
    take()
    assert (held, taken) == ([("bad_headers", 1)], [])
    assert (raw.hlen("unacked"), len(broker.leases)) == (0 if is_kept else 1, 0)


def test_the_same_where_nothing_can_be_recorded(
    broker: Broker, raw: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No letter is kept of what nobody holds: the connection ends, and the message comes again after a renewal."""
    take = taker_of(broker, lambda request: None, 1)
    monkeypatch.setattr(broker.channel.inspector, "keep", lambda refused: pytest.fail("it is not held"))
    raw.lpush("articles", message(expires={"a": 1}))
    with monkeypatch.context() as patch:
        asked = away(broker, patch)
        with pytest.raises(redis.ConnectionError):
            take()
        broker.channel.close()
    assert set(asked) == {"hold"}
    broker.leases.renew()
    assert (raw.hlen("unacked"), len(broker.leases)) == (1, 0)


def test_what_is_settled_meanwhile_is_not_recorded_any_more(broker: Broker, raw: redis.Redis) -> None:
    """The end of its job, or our acknowledgement: no renewal brings it back."""
    broker.leases.claimants = 2
    raw.lpush("articles", message("settled"), message("acknowledged"))
    settled, acknowledged = broker.take(), broker.take()
    broker.leases.settled(settled.delivery_tag)
    settled.ack()
    acknowledged.ack()
    broker.leases.renew()
    assert (raw.hlen("unacked"), len(broker.leases)) == (0, 0)
