"""Redis' host puts its clock back by an hour: what was to end within the lease still does."""

from __future__ import annotations

from typing import Any

import pytest
import redis

from depeche.article import JobError, JobState
from depeche.client import Client
from depeche.redis_client import timestamp
from tests.conftest import StartWorker, wait_until
from worker.broker.leases import MessageLeases
from worker.janitor import Janitor
from worker.ledger import RedisLedger, new_fence

pytestmark = pytest.mark.integration

HOUR_S = 3600
LEASE = {"DEPECHE_LEASE_S": "3"}
SETS = ("running", "delayed", "workers", "waiting:high", "waiting:normal", "waiting:low")


def put_clock_back(raw: redis.Redis) -> None:
    """To Redis it is the same whether the clock goes back, or all that it has stored goes forward."""
    for key in (*(f"depeche:{name}" for name in SETS), "unacked_index"):
        entries: Any = raw.zrange(key, 0, -1, withscores=True)
        for member, score in entries:
            raw.zadd(key, {member: score + HOUR_S})
    for name in raw.scan_iter():
        if (left_ms := int(raw.pttl(name))) > 0:
            raw.pexpire(name, left_ms + HOUR_S * 1000)


def test_a_killed_workers_articles_start_elsewhere(client: Client, raw: redis.Redis, start_worker: StartWorker) -> None:
    """Its lease, its messages, its place as the janitor, a job that waits for another attempt, and a lost message."""
    first = start_worker(**LEASE).wait_ready()
    later = client.submit("Une phrase. echo:overload")
    wait_until(lambda: raw.zscore("depeche:delayed", later) is not None, "waits for another attempt")
    wait_until(lambda: raw.exists("depeche:janitor"), "elected")
    running = client.submit("Une phrase. echo:sleep=1")
    wait_until(lambda: client.status(running).state is JobState.RUNNING, "running")
    first.process.kill()
    first.process.wait()
    lost = client.submit("Une autre phrase.", priority="low")
    raw.delete("articles.low")
    put_clock_back(raw)
    start_worker(DEPECHE_MAX_ATTEMPTS="2", **LEASE)
    for task_id in (running, lost):
        assert client.wait(task_id, timeout_s=60).id == task_id
    wait_until(lambda: client.status(later).state is JobState.DEAD, "tried again, in vain", 60)
    assert wait_until(lambda: raw.hlen("unacked") == 0, "nothing is held") is True
    assert client.stats().running == 0


def test_two_lengths_of_leases(client: Client, raw: redis.Redis) -> None:
    """A janitor with a short lease does not end another worker's long one, though it ends in the far future for it."""
    ledger, fence = RedisLedger(raw, 60), new_fence(10)
    ids = {lease_s: client.submit("Une phrase.") for lease_s in (3, 600)}
    for lease_s, task_id in ids.items():
        ledger.claim(task_id, "a", "caller", lease_s=lease_s, max_attempts=3, alone=True)
    ledger.elect("", fence)
    before: Any = raw.zrange("depeche:running", 0, -1, withscores=True)
    assert ledger.tidy(fence, 3, 100) == (0, 0)
    assert raw.zrange("depeche:running", 0, -1, withscores=True) == before
    put_clock_back(raw)
    # The clock moved before the janitor, too.
    raw.delete("depeche:janitor")
    ledger.elect("", fence)
    assert ledger.tidy(fence, 3, 100).times == 2
    then: Any = raw.zrange("depeche:running", 0, -1, withscores=True)
    after = dict(then)
    for lease_s, task_id in ids.items():
        assert abs(after[task_id] - dict(before)[task_id]) < 30, lease_s


def test_the_janitors_term(raw: redis.Redis) -> None:
    """One that lasts longer than a whole term is from before; one that does not is respected, however long it is."""
    ledger = RedisLedger(raw, 60)
    for term_s in (10, 7200):
        raw.delete("depeche:janitor")
        first, second = new_fence(term_s), new_fence(10)
        assert ledger.elect("", first) == first
        assert ledger.elect("", second) == ""
        put_clock_back(raw)
        assert ledger.elect("", second) == second
        assert ledger.elect(first, new_fence(term_s)) == ""


def test_messages_and_jobs_that_were_put_back_by_hand(client: Client, raw: redis.Redis) -> None:
    """A held message of the future is not given back at once either, as its worker may renew it."""
    leases = MessageLeases(raw, timeout_s=30, settle_s=0)
    leases.hold("tag", "[]")
    put_clock_back(raw)
    assert leases.overdue() == []
    assert float(str(raw.zscore("unacked_index", "tag"))) < timestamp(raw.time()) + 1
    task_id = client.submit("Une phrase.")
    ledger = RedisLedger(raw, 60)
    ledger.claim(task_id, "a", "c", lease_s=60, max_attempts=3, alone=True)
    put_clock_back(raw)
    assert ledger.end(task_id, 1, "c", JobState.FAILED, "X", JobError(code="internal", message="It failed."))
    assert Janitor(raw, ledger, lease_s=3).clean() == 0
