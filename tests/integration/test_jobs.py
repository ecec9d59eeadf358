"""The ledger: every step from state to state, by one worker or by two that do not know of each other."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
import redis

from depeche import messages
from depeche.article import Article, JobError, JobState, Options, Progress
from depeche.client import Client
from depeche.errors import KeyConflict, UnknownJob
from depeche.jobs import new_caller
from tests.conftest import wait_until
from worker.janitor import Janitor
from worker.ledger import RedisLedger
from worker.run.ledger import Claim

pytestmark = pytest.mark.integration

TEXT = "La gare a fermé lundi."
RESULT = {"text_en": "The station closed on Monday."}
PROGRESS = Progress(stage="translate", done=1, total=2)


@pytest.fixture
def jobs(raw: redis.Redis) -> RedisLedger:
    """The ledger as a worker has it."""
    return RedisLedger(raw, 60)


def claim(jobs: RedisLedger, task_id: str, worker: str = "a", *, lease_s: float = 60, alone: bool = False) -> Claim:
    """As a worker does for one message, with three attempts."""
    return jobs.claim(task_id, worker, new_caller(), lease_s=lease_s, max_attempts=3, alone=alone)


def test_the_way_of_a_job(client: Client, jobs: RedisLedger, raw: redis.Redis) -> None:
    """Queued, running, succeeded; the article is kept until then, and the result after."""
    task_id = client.submit(TEXT)
    assert client.status(task_id).state is JobState.QUEUED
    claimed = claim(jobs, task_id)
    assert (claimed.outcome, claimed.token, claimed.attempt) == ("started", 1, 1)
    assert claimed.queued_ms is not None
    assert jobs.checkpoint(task_id, 1, PROGRESS) == "held"
    assert client.status(task_id).progress == PROGRESS
    assert jobs.succeed(task_id, 1, new_caller(), RESULT)
    assert client.status(task_id).state is JobState.SUCCEEDED
    assert jobs.result(task_id) == RESULT
    assert not raw.exists(f"depeche:message:{task_id}")
    assert claim(jobs, task_id).outcome == "ended"


def test_one_worker_at_a_time(client: Client, jobs: RedisLedger) -> None:
    """While the lease holds, a second message for the job is in vain."""
    task_id = client.submit(TEXT)
    assert claim(jobs, task_id).outcome == "started"
    assert claim(jobs, task_id, "b").outcome == "held"


def test_a_late_worker_cannot_end_a_job(client: Client, jobs: RedisLedger) -> None:
    """The worker that was stopped and wakes must stop its job, and neither its result nor its error is taken."""
    task_id = client.submit(TEXT)
    claim(jobs, task_id, lease_s=0.01)
    second = wait_until(
        lambda: (c := claim(jobs, task_id, "b", alone=True)).outcome == "started" and c, "the lease has ended"
    )
    assert jobs.checkpoint(task_id, 1, PROGRESS) == "lost"
    assert jobs.renew("a", 60, [task_id]) == [task_id]
    assert not jobs.succeed(task_id, 1, new_caller(), {"text_en": "late"})
    assert not jobs.end(task_id, 1, new_caller(), JobState.FAILED, "X", JobError(code="internal", message="late"))
    assert not jobs.release(task_id, 1, new_caller(), counts=True)
    assert jobs.succeed(task_id, second.token, new_caller(), RESULT)
    assert not jobs.succeed(task_id, second.token, new_caller(), {"text_en": "twice"})
    assert jobs.result(task_id) == RESULT


def test_a_suspect_is_told_to_run_alone_and_then_is_dead(client: Client, jobs: RedisLedger) -> None:
    """After the first attempt that had no end; and after the third, it is not tried again."""
    task_id = client.submit(TEXT)
    assert claim(jobs, task_id, lease_s=0).outcome == "started"
    assert claim(jobs, task_id, lease_s=0).outcome == "suspect"
    assert claim(jobs, task_id, lease_s=0, alone=True).attempt == 2
    assert claim(jobs, task_id, "last", lease_s=0, alone=True).attempt == 3
    exhausted = claim(jobs, task_id, "b")
    assert (exhausted.outcome, exhausted.attempt, exhausted.last_worker) == ("exhausted", 3, "last")


def test_a_handed_back_job_keeps_its_attempts(client: Client, jobs: RedisLedger, raw: redis.Redis) -> None:
    """It goes to the front of its queue, and the attempt does not count, but the old run can end nothing any more."""
    task_id, later = client.submit(TEXT), client.submit(TEXT)
    taken = raw.rpop("articles")
    assert messages.task_id_of(str(taken)) == task_id
    claim(jobs, task_id)
    assert not jobs.hand_back(task_id, "b")
    assert jobs.hand_back(task_id, "a")
    assert client.status(task_id).attempts == 0
    assert [messages.task_id_of(str(text)) for text in raw.lrange("articles", 0, -1)] == [later, task_id]
    assert (claim(jobs, task_id).token, claim(jobs, task_id).outcome) == (2, "held")
    assert not jobs.succeed(task_id, 1, new_caller(), RESULT)


@pytest.mark.parametrize("starts", [1, 2])
def test_a_handed_back_attempt_that_ends_all_the_same_counts(
    client: Client, jobs: RedisLedger, raw: redis.Redis, starts: int
) -> None:
    """The worker had its result in the same moment: the record has the attempt that the result is of."""
    task_id = client.submit(TEXT)
    for _ in range(starts - 1):
        jobs.release(task_id, claim(jobs, task_id).token, new_caller(), counts=True)
    started = claim(jobs, task_id, alone=True)
    assert jobs.hand_back(task_id, "a")
    caller = new_caller()
    assert all(jobs.succeed(task_id, started.token, caller, RESULT) for _ in range(2))
    assert (client.status(task_id).attempts, started.attempt) == (starts, starts)
    assert raw.hget(f"depeche:job:{task_id}", "uncharged") is None


def test_dead_letters(client: Client, jobs: RedisLedger, raw: redis.Redis) -> None:
    """Listed with the reason, shown with the article, queued again with all attempts, or dropped."""
    task_id = client.submit(Article(text=TEXT, title="La gare"), options=Options(summary=False))
    raw.delete("articles")
    claim(jobs, task_id, "w")
    assert jobs.end(task_id, 1, new_caller(), JobState.DEAD, "Poison", JobError(code="poison", message="It kills."))
    assert [status.id for status in client.dead_letters()] == [task_id]
    letter = client.dead_letter(task_id)
    assert (letter["args"][0]["title"], letter["kwargs"]["options"]["summary"]) == ("La gare", False)
    assert (letter["error"]["code"], letter["worker"], client.stats().dead) == ("poison", "w", 1)
    client.retry_dead(task_id)
    assert (client.status(task_id).state, client.dead_letters(), raw.llen("articles")) == (JobState.QUEUED, [], 1)
    raw.delete("articles")
    second = claim(jobs, task_id)
    assert second.attempt == 1
    assert not jobs.end(task_id, 1, new_caller(), JobState.DEAD, "Poison", JobError(code="poison", message="Late."))
    assert jobs.end(
        task_id, second.token, new_caller(), JobState.DEAD, "Poison", JobError(code="poison", message="It kills.")
    )
    client.drop_dead(task_id)
    assert client.status(task_id).state is JobState.UNKNOWN
    for change in (client.retry_dead, client.drop_dead, client.dead_letter):
        with pytest.raises(UnknownJob):
            change(task_id)


def test_one_key_one_job(client: Client, raw: redis.Redis) -> None:
    """Fifty producers at once get one id, and one message is queued; another article under the key is refused."""
    ids: list[str] = []
    threads = [threading.Thread(target=lambda: ids.append(client.submit(TEXT, key="depeche-1"))) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(ids), len(set(ids)), raw.llen("articles")) == (50, 1, 1)
    with pytest.raises(KeyConflict, match="depeche-1"):
        client.submit("Une autre phrase.", key="depeche-1")
    with pytest.raises(KeyConflict):
        client.submit(TEXT, key="depeche-1", options=Options(summary=False))
    assert client.submit(TEXT, key="depeche-2") != ids[0]


def test_cancelling(client: Client, jobs: RedisLedger) -> None:
    """A queued job ends now, a running one stops at its next batch; what has ended stays."""
    queued, running = client.submit(TEXT), client.submit(TEXT)
    assert client.cancel(queued).state is JobState.CANCELLED
    assert claim(jobs, queued).outcome == "ended"
    claim(jobs, running)
    assert client.cancel(running).state is JobState.RUNNING
    assert jobs.checkpoint(running, 1, PROGRESS) == "cancelled"
    assert jobs.succeed(running, 1, new_caller(), RESULT)
    assert client.cancel(running).state is JobState.SUCCEEDED
    with pytest.raises(UnknownJob):
        client.cancel("no-such-id")


def clean(janitor: Janitor, monkeypatch: pytest.MonkeyPatch, rounds: int = 2) -> int:
    """Some rounds, without the margin."""
    monkeypatch.setattr("worker.janitor.MARGIN_S", 0.0)
    return sum(janitor.clean() for _ in range(rounds))


@pytest.fixture
def janitor(raw: redis.Redis) -> Janitor:
    """The only one."""
    return Janitor(raw, RedisLedger(raw, 60), lease_s=30)


def test_a_lost_message_is_written_again(
    client: Client, raw: redis.Redis, janitor: Janitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker killed between taking a message and saying so loses it: the ledger has it still."""
    first, second = client.submit(TEXT), client.submit(TEXT)
    lost = raw.rpop("articles")
    assert clean(janitor, monkeypatch, rounds=1) == 0, "it may be in mid-air"
    assert clean(janitor, monkeypatch) == 1
    assert raw.lrange("articles", -1, -1) == [lost]
    assert clean(janitor, monkeypatch) == 0
    assert {first, second} == {messages.task_id_of(str(text)) for text in raw.lrange("articles", 0, -1)}


def test_what_a_worker_holds_is_not_lost(
    client: Client, raw: redis.Redis, janitor: Janitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message among the unacknowledged is somebody's."""
    client.submit(TEXT)
    raw.hset("unacked", "tag", json.dumps([json.loads(str(raw.rpop("articles"))), "articles", "articles"]))
    assert clean(janitor, monkeypatch) == 0


def test_messages_of_others_do_not_hide_a_loss(
    client: Client, raw: redis.Redis, janitor: Janitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long queue of another program's messages, or none at all, or garbage."""
    client.submit(TEXT)
    raw.delete("articles")
    foreign = messages.compose("foreign", "normal", [{"text": TEXT}], {})
    raw.rpush("articles", *[foreign] * 50, "garbage")
    assert clean(janitor, monkeypatch) == 1
    assert raw.llen("articles") == 52


def test_an_ended_lease_and_a_due_retry(
    client: Client, jobs: RedisLedger, raw: redis.Redis, janitor: Janitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are queued again; what is still held, and not yet due, is not."""
    ids = [client.submit(TEXT) for _ in range(4)]
    raw.delete("articles")
    expired, held, due, later = ids
    claim(jobs, expired, lease_s=0)
    claim(jobs, held)
    for task_id, delay_s in ((due, 0.001), (later, 60)):
        jobs.release(task_id, claim(jobs, task_id).token, new_caller(), counts=True, delay_s=delay_s)
    wait_until(lambda: clean(janitor, monkeypatch, rounds=1) or raw.llen("articles") == 2, "queued again")
    clean(janitor, monkeypatch)
    queued = {messages.task_id_of(str(text)) for text in raw.lrange("articles", 0, -1)}
    assert queued == {expired, due}
    assert client.status(held).state is JobState.RUNNING


def test_one_janitor_at_a_time(client: Client, raw: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second one is not elected; one that was away too long is refused with what it still wants to do."""
    client.submit(TEXT)
    raw.delete("articles")
    first, second = (Janitor(raw, RedisLedger(raw, 60), lease_s=30) for _ in range(2))
    assert clean(first, monkeypatch, rounds=1) == 0
    assert clean(second, monkeypatch, rounds=3) == 0
    raw.delete("depeche:janitor")
    assert clean(second, monkeypatch, rounds=1) == 0
    [waiting] = first._up_to("depeche:waiting:normal", 1e12)
    assert first._publish([waiting], "waiting") == 0
    first.resign()
    assert clean(second, monkeypatch, rounds=1) == 1
    second.resign()
    assert not raw.exists("depeche:janitor")


def test_a_full_redis_can_be_emptied(client: Client, jobs: RedisLedger, raw: redis.Redis) -> None:
    """Submit says what is the matter and leaves nothing; workers claim and end what is there."""
    task_id = client.submit(TEXT)
    before: Any = raw.dbsize()
    raw.config_set("maxmemory", "500kb")
    try:
        done = pytest.raises(Exception, match="Redis is out of memory")
        with done as caught:
            client.submit(TEXT)
        assert getattr(caught.value, "exit_status", None) == 7
        assert raw.dbsize() == before
        assert claim(jobs, task_id).outcome == "started"
        assert jobs.checkpoint(task_id, 1, PROGRESS) == "held"
        assert jobs.succeed(task_id, 1, new_caller(), RESULT)
    finally:
        raw.config_set("maxmemory", "0")
    assert jobs.result(task_id) == RESULT
