"""Each end of a job is an entry of the stream depeche:events, whichever script ends it, and harms no end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import redis

from config.settings import Settings
from depeche.article import JobError, JobState
from depeche.client import Client
from tests.conftest import wait_until
from worker.ledger import RedisLedger

pytestmark = pytest.mark.integration

TEXT = "La halle rouvre samedi."
ERROR = JobError(code="too_long", message="It is too long.")
#: Prepares a job, and returns what ends it.
Prepare = Callable[[RedisLedger, str], Callable[[], object]]


def in_work(end: Callable[[RedisLedger, str, int], object]) -> Prepare:
    """A job in work, which its worker ends."""

    def prepare(ledger: RedisLedger, task_id: str) -> Callable[[], object]:
        token = ledger.claim(task_id, "worker", "caller", lease_s=60, max_attempts=3, alone=True).token
        return lambda: end(ledger, task_id, token)

    return prepare


def ended(state: JobState) -> Prepare:
    """A job in work that ends with an error."""
    return in_work(lambda ledger, task_id, token: ledger.end(task_id, token, "c", state, "TooLong", ERROR))


def spoilt(ledger: RedisLedger, task_id: str) -> Callable[[], object]:
    """A job whose record a worker cannot use."""
    ledger._client.hset(f"depeche:job:{task_id}", "attempts", "x")
    return lambda: ledger.set_aside(task_id, "c", "DepecheError", ERROR)


def refused(ledger: RedisLedger, task_id: str) -> Callable[[], object]:
    """A job whose message a worker cannot use."""
    message = str(ledger._client.get(f"depeche:message:{task_id}"))
    return lambda: ledger.refuse(task_id, message, "TooLong", ERROR, 10)


#: For each way in which a job ends: what ends it, its state then and the code of its error.
ENDS: dict[str, tuple[Prepare, str, str | None]] = {
    "succeeded": (
        in_work(lambda ledger, task_id, token: ledger.succeed(task_id, token, "c", {"text_en": "It opens."})),
        "succeeded",
        None,
    ),
    "failed": (ended(JobState.FAILED), "failed", "too_long"),
    "dead": (ended(JobState.DEAD), "dead", "too_long"),
    "cancelled in work": (ended(JobState.CANCELLED), "cancelled", "too_long"),
    "cancelled while it waits": (
        lambda ledger, task_id: lambda: ledger.cancel(task_id),
        "cancelled",
        "cancelled",
    ),
    "set aside": (spoilt, "dead", "too_long"),
    "refused": (refused, "dead", "too_long"),
}


def events(raw: redis.Redis) -> list[dict[str, str]]:
    """The fields of all entries."""
    found: Any = raw.xrange("depeche:events")
    return [fields for _, fields in found]


@pytest.fixture
def ledger(raw: redis.Redis) -> RedisLedger:
    """As a worker has it."""
    return RedisLedger(raw, 60)


@pytest.mark.parametrize("name", ENDS)
@pytest.mark.parametrize("batch", [None, "lundi"])
def test_each_end_is_told_once(
    client: Client, ledger: RedisLedger, raw: redis.Redis, name: str, batch: str | None
) -> None:
    """With the job's state, the code of its error, when that was, and its batch where it has one."""
    prepare, state, code = ENDS[name]
    task_id = client.submit(TEXT, batch=batch)
    end = prepare(ledger, task_id)
    with raw.pubsub(ignore_subscribe_messages=True) as listener:  # type: ignore[no-untyped-call]
        listener.subscribe(f"depeche:ended:{task_id}")
        assert listener.get_message(timeout=5) is None
        assert events(raw) == []
        end()
        assert wait_until(lambda: listener.get_message(timeout=1), "it is told")["data"] == state
        end()
        assert listener.get_message(timeout=0.1) is None
    event, *others = events(raw)
    assert [(other["batch"], other["state"]) for other in others] == ([(batch, "ended")] if batch else [])
    at = raw.hget(f"depeche:job:{task_id}", "finished_at")
    expected = {"id": task_id, "state": state, "at": at, "code": code, "batch": batch}
    assert event == {field: value for field, value in expected.items() if value is not None}
    assert client.status(task_id).state == state
    assert (client.status(task_id).error or ERROR).code == (code or "too_long")


def test_what_is_no_end_is_not_told(client: Client, ledger: RedisLedger, raw: redis.Redis) -> None:
    """A start, an attempt given back, a job in work that is to be cancelled, a dead one that is queued again."""
    task_id = client.submit(TEXT)
    end = ended(JobState.DEAD)(ledger, task_id)
    client.cancel(task_id)
    ledger.release(task_id, 1, "r", counts=True)
    assert events(raw) == []
    end()
    client.retry_dead(task_id)
    assert len(events(raw)) == 1


@pytest.mark.parametrize("limit", [0, 200])
def test_the_stream_is_bounded(client: Client, raw: redis.Redis, limit: int) -> None:
    """By the setting, give or take what Redis keeps together; with 0 there is none."""
    ledger = RedisLedger(raw, 60, limit)
    for _ in range(600):
        ledger.cancel(client.submit(TEXT))
    assert len(events(raw)) in ([0] if not limit else range(200, 301))
    assert bool(raw.exists("depeche:events")) == bool(limit)
    assert limit == 0 or raw.ttl("depeche:events") > 2_500_000


@pytest.mark.writes_keys("a key of another type in place of the stream")
@pytest.mark.parametrize("name", ENDS)
def test_no_event_no_harm(client: Client, ledger: RedisLedger, raw: redis.Redis, name: str) -> None:
    """Where the stream cannot be written to, the job ends all the same; a worker moves the key aside."""
    raw.set("depeche:events", "x")
    prepare, state, _ = ENDS[name]
    task_id = client.submit(TEXT)
    prepare(ledger, task_id)()
    assert client.status(task_id).state == state
    assert "depeche:events" in ledger.heal()


@pytest.mark.parametrize("name", ENDS)
def test_in_a_full_redis(client: Client, ledger: RedisLedger, raw: redis.Redis, name: str) -> None:
    """Each end is taken there, and told."""
    prepare, state, _ = ENDS[name]
    task_id = client.submit(TEXT)
    end = prepare(ledger, task_id)
    raw.config_set("maxmemory", "200kb")
    try:
        with pytest.raises(redis.OutOfMemoryError):
            raw.set("x", "y")
        end()
        assert client.status(task_id).state == state
        assert [event["state"] for event in events(raw)] == [state]
    finally:
        raw.config_set("maxmemory", "0")


def test_settings_reach_the_scripts(settings: Settings, raw: redis.Redis) -> None:
    """DEPECHE_MAX_EVENTS of a producer that cancels."""
    with Client(settings.model_copy(update={"max_events": 0})) as quiet:
        quiet.cancel(quiet.submit(TEXT))
    assert events(raw) == []
