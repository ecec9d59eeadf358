"""What is left of a job is its record: it goes on if it can, and ends if it cannot, and nobody waits for ever."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import redis

from depeche.article import JobState
from depeche.client import Client
from depeche.errors import JobFailed
from depeche.queue import QUEUES
from tests.conftest import StartWorker, wait_until
from worker import janitor
from worker.janitor import Janitor
from worker.ledger import MOST_IN_VAIN, RedisLedger

pytestmark = pytest.mark.integration

TEXT = "La gare a fermé lundi."


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every record is looked at in each round, and nothing is taken for being on its way."""
    monkeypatch.setattr(janitor, "CENSUS_S", 0.000_001)
    monkeypatch.setattr(janitor, "MARGIN_S", 0.0)


@pytest.fixture
def ledger(raw: redis.Redis) -> RedisLedger:
    """As a worker has it."""
    return RedisLedger(raw, 60)


@pytest.fixture
def clean(raw: redis.Redis, ledger: RedisLedger) -> Callable[[int], list[tuple[str, int]]]:
    """So many rounds of one janitor; what it says of things set aside."""
    heard: list[tuple[str, int]] = []
    own = Janitor(raw, ledger, lease_s=5, tell_aside=lambda what, count: heard.append((what, count)))

    def rounds(number: int) -> list[tuple[str, int]]:
        for _ in range(number):
            own.clean()
        return [(what, count) for what, count in heard if count]

    return rounds


Clean = Callable[[int], list[tuple[str, int]]]


def forget(raw: redis.Redis, task_id: str) -> None:
    """All but the record."""
    raw.delete(*QUEUES.values(), "depeche:running", "depeche:delayed", f"depeche:message:{task_id}")
    for priority in QUEUES:
        raw.zrem(f"depeche:waiting:{priority}", task_id)


def claim(ledger: RedisLedger, task_id: str, lease_s: float = 60) -> int:
    """As a worker does; the token."""
    found = ledger.claim(task_id, "a", "caller", lease_s=lease_s, max_attempts=3, alone=True)
    assert found.outcome == "started"
    return found.token


def test_only_the_record_of_a_queued_job_is_left(client: Client, raw: redis.Redis, clean: Clean) -> None:
    """It fails, and says that its article is gone; a job that is whole goes on waiting."""
    task_id, whole = client.submit(TEXT), client.submit(TEXT)
    forget(raw, task_id)
    raw.rpush("articles", str(raw.get(f"depeche:message:{whole}")))
    assert clean(4) == [("message", 1)]
    with pytest.raises(JobFailed, match="its article is gone from Redis"):
        client.result(task_id)
    assert client.status(task_id).state is JobState.FAILED
    assert (client.status(whole).state, raw.llen("articles")) == (JobState.QUEUED, 1)


def test_only_the_record_of_a_running_job_is_left(client: Client, raw: redis.Redis, ledger: RedisLedger) -> None:
    """Its worker, if it lives, has a lease's time to renew; if not, the job fails."""
    task_id = client.submit(TEXT)
    claim(ledger, task_id)
    forget(raw, task_id)
    own = Janitor(raw, ledger, lease_s=0.1)
    own.clean()
    assert client.status(task_id).state is JobState.RUNNING
    assert raw.zscore("depeche:running", task_id) is not None
    wait_until(lambda: (own.clean(), client.status(task_id).state is JobState.FAILED)[1], "failed", 20)


def test_a_healthy_worker_keeps_a_job_that_the_ledger_lost(
    client: Client, raw: redis.Redis, ledger: RedisLedger, clean: Clean
) -> None:
    """With its next renewal, the entry is there again, and the job ends as any other."""
    task_id = client.submit(TEXT)
    token = claim(ledger, task_id)
    raw.delete("depeche:running")
    clean(2)
    assert ledger.renew("a", 60, [task_id]) == []
    clean(2)
    assert client.status(task_id).attempts == 1
    assert ledger.succeed(task_id, token, "caller", {"text_en": "It closed."})


def test_a_job_whose_ledger_entry_alone_is_lost(client: Client, raw: redis.Redis, clean: Clean) -> None:
    """Queued, with or without its message: it is put back, and runs once."""
    with_it, without = client.submit(TEXT, priority="high"), client.submit(TEXT)
    raw.delete("depeche:waiting:high", "depeche:waiting:normal", "articles")
    assert clean(4) == []
    assert raw.zscore("depeche:waiting:high", with_it) is not None
    assert raw.zscore("depeche:waiting:normal", without) is not None
    assert (raw.llen("articles.high"), raw.llen("articles")) == (1, 1)


def test_what_waits_for_another_attempt_is_not_lost(
    client: Client, raw: redis.Redis, ledger: RedisLedger, clean: Clean
) -> None:
    """It is in a set of its own, and no message of it is anywhere."""
    task_id = client.submit(TEXT)
    ledger.release(task_id, claim(ledger, task_id), "caller", counts=True, delay_s=60)
    raw.delete("articles")
    assert clean(4) == []
    assert raw.zscore("depeche:delayed", task_id) is not None
    assert raw.zscore("depeche:waiting:normal", task_id) is None


def test_another_programs_job_is_not_lost_while_its_message_may_be_anywhere(
    client: Client, raw: redis.Redis, clean: Clean
) -> None:
    """Its record has no priority, and the ledger knows nothing of it, as release 0.1 left it: it waits on its queue."""
    raw.hset("depeche:job:old", mapping={"state": "queued", "queued_at": 1})
    raw.expire("depeche:job:old", 60)
    other = client.submit(TEXT)
    assert clean(4) == []
    assert client.status("old").state is JobState.QUEUED
    client.cancel(other)
    raw.delete("articles")
    assert clean(4) == [("message", 1)]
    assert client.status("old").state is JobState.FAILED


def test_a_message_that_nobody_can_use(client: Client, raw: redis.Redis, clean: Clean) -> None:
    """It is put on the queue so often, and then its job is dead; one that comes through in between starts afresh."""
    task_id = client.submit(TEXT)
    for _ in range(MOST_IN_VAIN):
        assert client.status(task_id).state is JobState.QUEUED
        raw.delete("articles")
        clean(2)
    raw.delete("articles")
    assert clean(2) == [("message", 1)]
    error = client.status(task_id).error
    assert error is not None
    assert (client.status(task_id).state, "no worker could use it" in error.message) == (JobState.DEAD, True)
    client.retry_dead(task_id)
    raw.delete("articles")
    clean(2)
    assert client.status(task_id).state is JobState.QUEUED


def test_entries_without_a_job(client: Client, raw: redis.Redis, clean: Clean) -> None:
    """They are removed and counted, whatever their names and times are; those of jobs stay."""
    task_id = client.submit(TEXT)
    names = ("waiting:high", "waiting:normal", "waiting:low", "running", "delayed", "dead")
    strangers: dict[Any, float] = {b"\xff\xfe": 1, "none": float("inf"), "no job": 0, "a\nb": float("-inf")}
    for name in names:
        raw.zadd(f"depeche:{name}", strangers)
        raw.expire(f"depeche:{name}", 60)
    raw.delete("articles")
    assert clean(1) == [("entry", 4 * len(names))]
    assert raw.zrange("depeche:waiting:normal", 0, -1) == [task_id]
    assert raw.exists(*(f"depeche:{name}" for name in names)) == 1
    clean(1)
    assert raw.llen("articles") == 1


def test_a_real_worker_ends_what_is_lost(client: Client, raw: redis.Redis, start_worker: StartWorker) -> None:
    """Within minutes, at its own pace."""
    task_id = client.submit(TEXT)
    forget(raw, task_id)
    start_worker(DEPECHE_LEASE_S="3")
    wait_until(lambda: client.status(task_id).state is JobState.FAILED, "failed", 120)
