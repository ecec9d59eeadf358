"""Batches: the counts are those of the jobs, whatever moves them, and a batch ends once, when nobody adds to it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import redis

from config.settings import Settings
from depeche import AsyncClient, keys
from depeche.article import JobError, JobState
from depeche.batches import BatchStatus
from depeche.client import Client
from depeche.errors import Cancelled, InvalidArticle, NotFrench, Poison, RedisUnavailable, UnknownJob
from depeche.jobs import new_caller
from depeche.testing import InMemoryClient
from tests.conftest import Command, StartWorker, wait_until
from worker.janitor import Janitor
from worker.ledger import RedisLedger

pytestmark = pytest.mark.integration

TTL_S = 600


def texts(count: int) -> list[str]:
    """So many articles."""
    return [f"Le bac numéro {number} part à midi." for number in range(count)]


@pytest.fixture
def ledger(raw: redis.Redis) -> RedisLedger:
    """A worker's."""
    return RedisLedger(raw, TTL_S)


def start(ledger: RedisLedger, task_id: str) -> int:
    """A worker takes a job. Returns its fencing token."""
    return ledger.claim(task_id, "worker", new_caller(), lease_s=60, max_attempts=9, alone=True).token


def fail(ledger: RedisLedger, task_id: str, code: str, state: JobState = JobState.FAILED) -> None:
    """A worker has taken a job, and it fails."""
    error = JobError(code=code, message="It failed.")
    ledger.end(task_id, start(ledger, task_id), new_caller(), state, "DepecheError", error)


def counts(client: Client, name: str = "lundi") -> dict[str, int]:
    """The states that the batch has jobs in."""
    found = client.batch(name).model_dump()
    return {state.value: found[state.value] for state in JobState if found.get(state.value)}


def ended_events(raw: redis.Redis) -> list[dict[str, str]]:
    """The ends of batches in the stream of events."""
    entries: Any = raw.xrange(keys.EVENTS.name)
    return [fields for _, fields in entries if fields["state"] == "ended"]


def queue(client: Client, count: int, name: str = "lundi") -> list[str]:
    """Submit so many to a batch."""
    done = client.submit_many(texts(count), batch=name)
    return [answer.task_id for answer in done if answer.task_id]


def test_each_step_of_a_job_is_counted(client: Client, raw: redis.Redis, ledger: RedisLedger) -> None:
    """Queued, running, given back, to be tried later, queued again, and every end; others count nothing."""
    client.submit("Sans lot.")
    first, second, third, fourth, fifth = queue(client, 5)
    assert counts(client) == {"queued": 5}
    token = start(ledger, first)
    assert counts(client) == {"queued": 4, "running": 1}
    ledger.release(first, token, new_caller(), counts=False)
    assert counts(client) == {"queued": 5}
    ledger.release(first, start(ledger, first), new_caller(), counts=True, delay_s=60)
    assert counts(client) == {"queued": 5}
    start(ledger, second)
    ledger.hand_back(second, "worker")
    assert counts(client) == {"queued": 5}
    ledger.succeed(first, start(ledger, first), new_caller(), {})
    fail(ledger, second, "not_french")
    fail(ledger, third, "poison", JobState.DEAD)
    client.cancel(fourth)
    assert counts(client) == {"queued": 1, "succeeded": 1, "failed": 1, "dead": 1, "cancelled": 1}
    found = client.batch("lundi")
    assert {code: (one.count, one.first_ids) for code, one in found.failures.items()} == {
        "not_french": (1, [second]),
        "poison": (1, [third]),
        "cancelled": (1, [fourth]),
    }
    client.retry_dead(third)
    assert counts(client) == {"queued": 2, "succeeded": 1, "failed": 1, "cancelled": 1}
    assert "poison" not in client.batch("lundi").failures
    raw.hset(f"depeche:job:{fifth}", "attempts", "x")
    ledger.set_aside(fifth, new_caller(), "DepecheError", JobError(code="internal", message="Spoilt."))
    assert counts(client) == {"queued": 1, "succeeded": 1, "failed": 1, "cancelled": 1, "dead": 1}


def test_it_ends_once_when_the_submission_is_over(client: Client, raw: redis.Redis, ledger: RedisLedger) -> None:
    """Not while articles are being added, even where all so far have ended. Its one event has the counts."""
    answers = client.submit_many(texts(300), batch="lundi")
    taken = [next(answers) for _ in range(256)]
    for answer in taken:
        assert answer.task_id
        client.cancel(answer.task_id)
    found = client.batch("lundi")
    assert (found.done, found.queued, found.submitting, found.ended) == (256, 0, True, False)
    assert ended_events(raw) == []
    rest = [answer.task_id or "" for answer in answers]
    assert not client.batch("lundi").submitting
    for task_id in rest[1:]:
        client.cancel(task_id)
    assert ended_events(raw) == []
    fail(ledger, rest[0], "not_french")
    (event,) = ended_events(raw)
    assert {name: event[name] for name in event if name != "at"} == {
        "batch": "lundi",
        "state": "ended",
        "succeeded": "0",
        "failed": "1",
        "cancelled": "299",
        "dead": "0",
    }
    found = client.batch("lundi")
    assert (found.ended, found.done, found.total) == (True, 300, 300)
    assert raw.zcard(keys.BATCHES.name) == 0


def test_an_iteration_that_is_left_closes_it(client: Client, raw: redis.Redis) -> None:
    """What was submitted is the batch, and it can end."""
    answers = client.submit_many(texts(300), batch="lundi")
    next(answers)
    answers.close()
    found = client.batch("lundi")
    assert (found.submitting, found.queued) == (False, 256)


def test_a_batch_that_is_added_to_after_its_end(client: Client, raw: redis.Redis) -> None:
    """It is open again, and ends again; so it does where a dead job is retried."""
    for expected in (1, 2):
        (task_id,) = queue(client, 1)
        assert not client.batch("lundi").ended
        client.cancel(task_id)
        assert client.batch("lundi").ended
        assert len(ended_events(raw)) == expected
    assert counts(client) == {"cancelled": 2}


def test_two_producers_at_once(client: Client, raw: redis.Redis) -> None:
    """It is open until both are done."""
    one, other = (client.submit_many(texts(1), batch="lundi") for _ in range(2))
    for answers in (one, other):
        client.cancel(next(answers).task_id or "")
    one.close()
    assert (client.batch("lundi").submitting, ended_events(raw)) == (True, [])
    other.close()
    assert (client.batch("lundi").submitting, len(ended_events(raw))) == (False, 1)


def test_a_producer_that_has_died(client: Client, raw: redis.Redis, ledger: RedisLedger) -> None:
    """The janitor ends its batch when it has not been heard of for a while, and not before."""
    answers = client.submit_many(texts(1), batch="lundi")
    client.cancel(next(answers).task_id or "")
    janitor = Janitor(raw, ledger, lease_s=60)
    janitor.clean()
    assert ended_events(raw) == []
    (submitter,) = [field for field in raw.hkeys("depeche:batch:lundi") if str(field).startswith("open ")]
    raw.hset("depeche:batch:lundi", submitter, 1)
    raw.zadd(keys.BATCHES.name, {"lundi": 1})
    janitor.clean()
    assert len(ended_events(raw)) == 1
    assert raw.zcard(keys.BATCHES.name) == 0
    janitor.clean()
    assert len(ended_events(raw)) == 1


def test_what_a_worker_of_release_0_1_has_ended(client: Client, raw: redis.Redis, ledger: RedisLedger) -> None:
    """It counts nothing. The janitor's census makes up for it, and ends the batch."""
    first, second = queue(client, 2)
    for task_id, state, error in ((first, "succeeded", ""), (second, "failed", '{"code": "not_french"}')):
        raw.hset(f"depeche:job:{task_id}", mapping={"state": state, "error": error})
        raw.zrem("depeche:waiting:normal", task_id)
    assert counts(client) == {"queued": 2}
    fence = ledger.elect("", "fence 60000")
    ledger.census(fence, 60, [first, second])
    ledger.census(fence, 60, [first, second])
    assert counts(client) == {"succeeded": 1, "failed": 1}
    assert client.batch("lundi").failures["not_french"].count == 1
    assert len(ended_events(raw)) == 1


def test_its_life(client: Client, raw: redis.Redis, ledger: RedisLedger, settings: Settings) -> None:
    """As long as its jobs: thirty days while one is open, and then as long as the last of them."""

    def life(name: str = "depeche:batch:lundi") -> float:
        return round(int(str(raw.ttl(name))) / 100)

    first, second = queue(client, 2)
    assert life() == life(f"depeche:job:{first}") == keys.OPEN_TTL_S / 100
    client.cancel(first)
    assert life() == keys.OPEN_TTL_S / 100
    ledger.succeed(second, start(ledger, second), new_caller(), {})
    assert life() == life(f"depeche:job:{second}") == TTL_S / 100


def test_a_key_of_another_type(client: Client, raw: redis.Redis, ledger: RedisLedger) -> None:
    """Nothing is queued that could not be counted; jobs whose batch is spoilt later end as all others."""
    (task_id,) = queue(client, 1)
    raw.set("depeche:batch:lundi", "not a batch", ex=60)
    (answer,) = client.submit_many(texts(1), batch="lundi")
    assert isinstance(answer.error, RedisUnavailable)
    assert "the batch 'lundi' cannot be counted" in str(answer.error)
    with pytest.raises(RedisUnavailable, match="take another name"):
        client.submit("La gare.", batch="lundi")
    with pytest.raises(UnknownJob, match="cannot be read"):
        client.batch("lundi")
    assert raw.llen("articles") == 1
    assert ledger.succeed(task_id, start(ledger, task_id), new_caller(), {})
    assert client.status(task_id).state is JobState.SUCCEEDED


def test_strange_contents_of_a_batch(client: Client, raw: redis.Redis, ledger: RedisLedger) -> None:
    """What another program wrote into the hash stops neither jobs nor the one who looks."""
    (task_id,) = queue(client, 1)
    strange: dict[Any, Any] = {
        "queued": "x",
        "code \x1b[31m": "1",
        "open \xff": "never",
        "began_at": "then",
        "ids poison": "\n\n",
    }
    raw.hset("depeche:batch:lundi", mapping=strange)
    assert client.batch("lundi").queued == 0
    fail(ledger, task_id, "poison", JobState.DEAD)
    assert client.status(task_id).state is JobState.DEAD
    client.batch("lundi")


def test_asyncio(client: Client, raw: redis.Redis, settings: Settings) -> None:
    """AsyncClient submits to a batch, holds it open meanwhile, and reads it."""

    async def use() -> list[BatchStatus]:
        async with AsyncClient(settings) as producer:
            one = await producer.submit("La gare.", batch="lundi")
            found = []
            async for answer in producer.submit_many(texts(2), batch="lundi"):
                await producer.cancel(answer.task_id or "")
                found.append(await producer.batch("lundi"))
            await producer.cancel(one)
            return [*found, await producer.batch("lundi")]

    *during, after = asyncio.run(use())
    assert [(found.queued, found.submitting, found.ended) for found in during] == [(2, True, False), (1, True, False)]
    assert (after.cancelled, after.submitting, after.ended) == (3, False, True)
    assert len(ended_events(raw)) == 1


@pytest.mark.parametrize("name", ["", " ", "a\nb", "\x1b[31m", "x" * 201, "\ud800"])
def test_names_that_no_batch_can_have(client: Client, name: str) -> None:
    """They are refused before anything is read or queued."""
    with pytest.raises(InvalidArticle, match="batch: must be a name"):
        client.submit("La gare.", batch=name)
    with pytest.raises(InvalidArticle, match="batch: must be a name"):
        client.submit_many(["La gare."], batch=name)


def test_the_double_counts_as_redis_does(client: Client, raw: redis.Redis, settings: Settings) -> None:
    """The same steps in memory give the same status, up to ids and times."""
    ledger = RedisLedger(raw, TTL_S)
    double = InMemoryClient(settings=settings)
    ends: dict[str, Callable[[str], object]] = {
        "Redis": lambda task_id: fail(ledger, task_id, "not_french"),
        "memory": lambda task_id: double.finish(task_id, NotFrench("It is in Spanish.")),
    }
    deaths: dict[str, Callable[[str], object]] = {
        "Redis": lambda task_id: fail(ledger, task_id, "poison", JobState.DEAD),
        "memory": lambda task_id: double.finish(task_id, Poison("3 workers died with it.")),
    }

    def told(side: Client, name: str) -> list[Any]:
        def seen() -> Any:
            found: BatchStatus = side.batch("lundi")
            failures = {code: (one.count, len(one.first_ids)) for code, one in found.failures.items()}
            return found.model_dump(exclude={"failures", "seconds"}), failures

        with pytest.raises(UnknownJob, match="no batch has the name 'lundi'"):
            side.batch("lundi")
        answers = side.submit_many(texts(3), batch="lundi")
        first = next(answers)
        steps = [seen()]
        ids = [first.task_id or "", *(answer.task_id or "" for answer in answers)]
        steps.append(seen())
        ends[name](ids[0])
        deaths[name](ids[1])
        steps.append(seen())
        side.cancel(ids[2])
        steps.append(seen())
        return steps

    assert told(double, "memory") == told(client, "Redis")
    assert Cancelled.code in double.batch("lundi").failures


def test_the_command(depeche: Command, start_worker: StartWorker, client: Client, tmp_path: Path) -> None:
    """depeche submit --batch with a real worker: depeche batch counts, names the failed, and says that it has ended."""
    lines = [json.dumps({"text": text}) for text in (*texts(5), "Une phrase. echo:fail")]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    done = depeche("submit", "--jsonl", str(tmp_path / "a.jsonl"), "--batch", "lundi matin")
    assert done.returncode == 0, done.stderr
    before = depeche("batch", "lundi matin").stdout.splitlines()
    assert before[:2] == ["0 of 6 articles have ended", "queued              6"]
    start_worker()
    wait_until(lambda: client.batch("lundi matin").ended, "the batch has ended")
    found = json.loads(depeche("batch", "lundi matin", "--json").stdout)
    assert (found["succeeded"], found["failed"], found["ended"]) == (5, 1, True)
    assert found["failures"] == {"model_unavailable": {"count": 1, "first_ids": [done.stdout.split()[5]]}}
    after = depeche("batch", "lundi matin").stdout
    assert after.startswith("6 of 6 articles have ended, the batch ended after ")
    assert after.splitlines()[-1] == f"model_unavailable   1  {done.stdout.split()[5]}"
    unknown = depeche("batch", "mardi")
    assert (unknown.returncode, unknown.stderr.count("\n")) == (4, 1)
