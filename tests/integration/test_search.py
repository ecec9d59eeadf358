"""Jobs that other programs have queued are seen, waited for and cancelled by their id, before they have a record."""

from __future__ import annotations

import asyncio
import base64
import json
import time
import uuid
from collections.abc import Callable
from typing import Any, cast

import pytest
import redis
from celery import Celery

from config.settings import Settings
from depeche import AsyncClient, messages
from depeche.article import JobState, JobStatus
from depeche.async_jobs import AsyncJobs
from depeche.async_redis import connect_async
from depeche.async_waiting import Finds
from depeche.client import Client
from depeche.errors import JobFailed, NotReady, UnknownJob
from depeche.jobs import MARK_S, Jobs, new_caller
from depeche.keys import OPEN_TTL_S
from depeche.lookup import Watch
from tests.conftest import Command, StartWorker, all_is_taken, wait_until
from tests.elsewhere import ENGLISH, TASK, TEXT, fault, raw_message, send
from worker.ledger import RedisLedger

pytestmark = pytest.mark.integration

Put = Callable[[redis.Redis, str], object]


class Awaited:
    """What an AsyncClient answers, each time in an event loop of its own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def __getattr__(self, name: str) -> Callable[..., Any]:
        async def ask(*arguments: Any, **options: Any) -> Any:
            async with AsyncClient(self._settings) as client:
                return await getattr(client, name)(*arguments, **options)

        return lambda *arguments, **options: asyncio.run(ask(*arguments, **options))


@pytest.fixture(params=["Client", "AsyncClient"])
def either(request: pytest.FixtureRequest, settings: Settings, client: Client) -> Client:
    """Each of the two clients, as both must do the same."""
    return client if request.param == "Client" else cast(Client, Awaited(settings))


def first_protocol(task_id: str) -> str:
    """Celery's older message, which has all in its body."""
    message = json.loads(raw_message(task_id))
    body = {"task": TASK, "id": task_id, "args": [{"text": TEXT}], "kwargs": {}}
    message |= {"headers": {}, "body": base64.b64encode(json.dumps(body).encode()).decode()}
    message["properties"]["body_encoding"] = "base64"
    return json.dumps(message)


#: An id, and how another program queues a job with it.
SENT: dict[str, tuple[str, Put]] = {
    "high": (str(uuid.uuid4()), lambda raw, id: raw.lpush("articles.high", raw_message(id))),
    "normal": (str(uuid.uuid4()), lambda raw, id: raw.lpush("articles", raw_message(id))),
    "low": (str(uuid.uuid4()), lambda raw, id: raw.lpush("articles.low", raw_message(id))),
    "priority": (str(uuid.uuid4()), lambda raw, id: raw.lpush("articles.low\x06\x167", raw_message(id))),
    "older protocol": (str(uuid.uuid4()), lambda raw, id: raw.lpush("articles", first_protocol(id))),
    "escaped": ("presse-été/7", lambda raw, id: raw.lpush("articles", raw_message(id).replace("/7", "\\/7"))),
    "not escaped": (
        "presse-été/8",
        lambda raw, id: raw.lpush("articles", json.dumps(json.loads(raw_message(id)), ensure_ascii=False)),
    ),
    "no letter": ("é", lambda raw, id: raw.lpush("articles", raw_message(id))),
    "twice": (str(uuid.uuid4()), lambda raw, id: raw.lpush("articles", raw_message(id), raw_message(id))),
}


def test_seen_and_cancelled_by_id(
    client: Client, either: Client, elsewhere: Celery, raw: redis.Redis, depeche: Command, start_worker: StartWorker
) -> None:
    """Wherever it waits and however it is written: queued, then cancelled; it never runs, and its neighbours do."""
    neighbours, sent = [send(elsewhere, priority=priority) for priority in (0, 5)], send(elsewhere, priority=9)
    for task_id, put in SENT.values():
        put(raw, task_id)
    for task_id in (sent.id, *(task_id for task_id, _ in SENT.values())):
        assert either.status(task_id) == JobStatus(id=task_id, state=JobState.QUEUED)
        with pytest.raises(NotReady, match="queued"):
            either.wait(task_id, timeout_s=0)
        if either is client:
            assert json.loads(depeche("status", task_id).stdout)["state"] == "queued"
            shown = depeche("cancel", task_id)
            assert (shown.returncode, json.loads(shown.stdout)["state"]) == (0, "cancelled")
        else:
            assert either.cancel(task_id).state is JobState.CANCELLED
    # Nobody waits until a worker comes.
    assert fault(sent).startswith("cancelled:")
    start_worker()
    assert [neighbour.get(timeout=40)["text_en"] for neighbour in neighbours] == [ENGLISH] * 2
    wait_until(lambda: all_is_taken(raw), "all are taken")
    for task_id, _ in SENT.values():
        status = either.status(task_id)
        assert (status.state, status.attempts, status.error and status.error.code) == (
            *(JobState.CANCELLED, 0),
            "cancelled",
        )
        assert json.loads(str(raw.get(f"celery-task-meta-{task_id}")))["status"] == "REVOKED"
        with pytest.raises(JobFailed, match="cancelled"):
            either.wait(task_id, timeout_s=0)


def test_waited_for(either: Client, raw: redis.Redis, start_worker: StartWorker) -> None:
    """Who waits for a job before a worker has taken it gets its result."""
    task_id = str(uuid.uuid4())
    states: list[JobState] = []
    raw.lpush("articles", raw_message(task_id))

    def begin(status: JobStatus) -> None:
        if not states:
            start_worker()
        states.append(status.state)

    assert either.wait(task_id, timeout_s=40, on_status=begin).text_en == ENGLISH
    assert (states[0], states[-1]) == (JobState.QUEUED, JobState.SUCCEEDED)


#: Messages that have something to do with an id, and are not that job's.
NOT_ITS_OWN: dict[str, Callable[[str], str]] = {
    "named in a text": lambda id: raw_message(str(uuid.uuid4()), f"Voir {id}."),
    "named in a header": lambda id: raw_message(str(uuid.uuid4()), replaced=id),
    "a part of a longer id": lambda id: raw_message(f"{id}-bis"),
    "the delivery's own tag": lambda id: raw_message("autre").replace(
        '"delivery_tag": "autre"', f'"delivery_tag": "{id}"'
    ),
    "no JSON": lambda id: f'{{"headers": {{"id": "{id}"',
    "no object": lambda id: f'["{id}"]',
    "too deep": lambda id: "[" * 5000 + f'"{id}"' + "]" * 5000,
    "a number": lambda id: raw_message("autre").replace('"id": "autre"', '"id": 7'),
}


def test_never_sent_is_unknown(either: Client, raw: redis.Redis, depeche: Command) -> None:
    """Nothing is taken for a message of the job that is none, whatever lies in the queues and in their places."""
    task_id = str(uuid.uuid4())
    raw.lpush("articles", *(make(task_id) for make in NOT_ITS_OWN.values()), b"\xff\xfe " + task_id.encode())
    raw.set("articles.high", "no list")
    raw.hset(
        "unacked", mapping={"a": f'"{task_id}"', "b": f'[["{task_id}"], "", ""]', "c": task_id, "d": f"[7, {task_id}"}
    )
    raw.expire("articles.high", 60)
    assert either.status(task_id).state is JobState.UNKNOWN
    with pytest.raises(UnknownJob, match="never submitted"):
        either.cancel(task_id)
    with pytest.raises(UnknownJob, match="never submitted"):
        either.wait(task_id)
    assert (depeche("status", task_id).returncode, depeche("cancel", task_id).returncode) == (4, 4)
    assert either.status(task_id).state is JobState.UNKNOWN
    assert 0 < raw.ttl(f"depeche:job:{task_id}") <= MARK_S


def test_a_job_may_come_after_it_was_cancelled(either: Client, raw: redis.Redis, start_worker: StartWorker) -> None:
    """An id that is submitted after somebody wanted to cancel it runs; a message that was on its way does not."""
    task_id, on_its_way = either.submit(TEXT, key="a"), str(uuid.uuid4())
    raw.flushdb()
    for unknown in (task_id, on_its_way):
        with pytest.raises(UnknownJob):
            either.cancel(unknown)
    raw.lpush("articles", raw_message(on_its_way))
    assert either.submit(TEXT, key="a") == task_id
    start_worker()
    assert either.wait(task_id, timeout_s=40).text_en == ENGLISH
    with pytest.raises(JobFailed, match="cancelled"):
        either.wait(on_its_way, timeout_s=40)


def claim(jobs: RedisLedger, task_id: str, digest: str = "") -> str:
    """A worker's first step with a message."""
    return jobs.claim(task_id, "w", new_caller(), lease_s=60, max_attempts=3, alone=True, digest=digest).outcome


def take(jobs: RedisLedger, task_id: str) -> str:
    """The same, with what the message holds."""
    return claim(jobs, task_id, messages.digest([{"text": TEXT}], {}))


def adopt(jobs: RedisLedger, task_id: str) -> None:
    """Its second, after which it claims the job once more."""
    jobs.adopt(task_id, "normal", [{"text": TEXT}], {})


STEPS = (take, adopt, take)


def cancel_under_asyncio(settings: Settings, task_id: str) -> str:
    """What AsyncJobs answers."""

    async def cancel() -> str:
        async with connect_async(settings.redis_url.get_secret_value()) as client:
            return await AsyncJobs(client, 100, 100).cancel_anywhere(task_id)

    return asyncio.run(cancel())


@pytest.mark.parametrize("under_asyncio", [False, True])
@pytest.mark.parametrize("done", range(3))
@pytest.mark.parametrize("where", ["queue", "held", "nowhere"])
def test_cancelled_while_a_worker_takes_it(
    raw: redis.Redis, settings: Settings, where: str, done: int, under_asyncio: bool
) -> None:
    """Between any two steps of the worker that takes the message, wherever it is just then: the job does not start."""
    jobs, task_id = RedisLedger(raw, 100), str(uuid.uuid4())
    if where == "queue":
        raw.lpush("articles", raw_message(task_id))
    elif where == "held":
        raw.hset("unacked", "tag", json.dumps([json.loads(raw_message(task_id)), "", "articles"]))
    for step in STEPS[:done]:
        step(jobs, task_id)
    found = cancel_under_asyncio(settings, task_id) if under_asyncio else jobs.cancel_anywhere(task_id)
    known = where != "nowhere" or done == 2
    assert found == ("found" if known else "none")
    answers = [step(jobs, task_id) for step in STEPS[done:]]
    assert answers[-1] == ("ended" if known else "cancelled")
    assert "started" not in answers
    if known:
        assert jobs.status(task_id).state is JobState.CANCELLED
        assert not raw.exists(f"depeche:message:{task_id}")
    raw.delete("unacked")


@pytest.mark.parametrize("ours", [True, False])
def test_a_cancelled_job_is_remembered_as_long_as_its_message_waits(
    client: Client, raw: redis.Redis, settings: Settings, ours: bool
) -> None:
    """The queue may be longer than results are kept; with the record gone, the message would be a new job."""
    jobs, task_id = RedisLedger(raw, 100), str(uuid.uuid4())
    if ours:
        task_id = client.submit(TEXT)
    else:
        raw.lpush("articles", raw_message(task_id))
    jobs.cancel_anywhere(task_id)
    assert raw.ttl(f"depeche:job:{task_id}") > OPEN_TTL_S - 60
    assert raw.ttl(f"celery-task-meta-{task_id}") <= 100
    # A worker takes the message.
    assert claim(jobs, task_id) == "ended"
    assert 0 < raw.ttl(f"depeche:job:{task_id}") <= 100
    assert claim(jobs, task_id) == "ended"
    assert 0 < raw.ttl(f"depeche:job:{task_id}") <= 100


def test_each_step_of_the_search_is_bounded(client: Client, raw: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much waits, Redis reads about a megabyte in a step; each place is searched to its end."""
    long = "Une phrase de plus. " * 500
    wanted = [str(uuid.uuid4()) for _ in range(4)]
    for number in range(600):
        raw.lpush("articles.high", raw_message(f"h{number}", long))
        raw.lpush("articles.low\x06\x163", raw_message(f"l{number}", long))
    raw.lpush("articles.high", raw_message(wanted[0]))
    raw.rpush("articles.high", raw_message(wanted[1]))
    raw.rpush("articles.low\x06\x163", raw_message(wanted[2]))
    held: dict[Any, Any] = {
        f"t{n}": json.dumps([json.loads(raw_message(f"u{n}", long)), "", "articles"]) for n in range(600)
    }
    raw.hset("unacked", mapping=held | {"t": json.dumps([json.loads(raw_message(wanted[3])), "", "articles"])})
    taken: list[Any] = []
    run = type(client._jobs._scripts).run

    def noted(self: Any, name: str, *arguments: Any) -> Any:
        answer = run(self, name, *arguments)
        if name == "search":
            taken.append(answer)
        return answer

    monkeypatch.setattr(type(client._jobs._scripts), "run", noted)
    assert [client.status(task_id).state for task_id in wanted] == [JobState.QUEUED] * 4
    taken.clear()
    assert client.status("jamais-vu").state is JobState.UNKNOWN
    size = 1800 * len(raw_message("h100", long))
    assert size / 1_600_000 < len(taken) < size / 1_000_000 + 5
    assert [answer[0] for answer in taken] == ["go on"] * (len(taken) - 1) + ["none"]


def test_waiting_does_not_search_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search reads all that waits, so whoever waits has one made twice a minute, however often it asks."""
    now, searches, recorded = [0.0], [0], [JobState.UNKNOWN]

    class Ledger(Jobs):
        def __init__(self) -> None:
            pass

        def statuses(self, task_ids: list[str]) -> list[JobStatus]:
            return [JobStatus(id=task_id, state=recorded[0]) for task_id in task_ids]

        def look_up(self, task_id: str) -> JobStatus:
            searches[0] += 1
            return JobStatus(id=task_id, state=JobState.QUEUED)

    monkeypatch.setattr("depeche.lookup.time.monotonic", lambda: now[0])
    watch = Watch(Ledger())
    seen: set[JobState] = set()
    for second in range(91):
        now[0] = float(second)
        seen.update(status.state for status in watch.statuses(["id"]))
    assert (searches[0], seen) == (4, {JobState.QUEUED})
    recorded[0] = JobState.RUNNING
    assert (watch.statuses(["id"])[0].state, searches[0]) == (JobState.RUNNING, 4)


def test_waiting_does_not_search_each_time_under_asyncio(monkeypatch: pytest.MonkeyPatch) -> None:
    """One search for whoever comes, and then one for all of them at each interval, until nobody waits any more."""
    searches: list[str] = []
    found = [JobStatus(id="id", state=JobState.QUEUED)]
    nothing = [JobStatus(id="id", state=JobState.UNKNOWN)]

    async def look_up(task_id: str) -> JobStatus:
        searches.append(task_id)
        return found[0]

    async def run() -> None:
        finds, over = Finds(look_up), asyncio.Event()

        async def wait() -> None:
            async with finds.searched("id"):
                await over.wait()

        waiting = [asyncio.create_task(wait()) for _ in range(3)]
        while len(searches) < 3:
            await asyncio.sleep(0)
        assert finds.added_to(["id"], nothing) == found
        while len(searches) < 10:
            await asyncio.sleep(0.001)
        before, started = len(searches), time.monotonic()
        while len(searches) < before + 5:
            await asyncio.sleep(0.001)
        # Three searches at a time would take a third of it.
        assert time.monotonic() - started > 4 * interval_s
        found[0] = nothing[0]
        while finds.added_to(["id"], nothing) != nothing:
            await asyncio.sleep(0.001)
        over.set()
        await asyncio.gather(*waiting)
        assert len(asyncio.all_tasks()) == 1

    interval_s = 0.05
    monkeypatch.setattr("depeche.async_waiting.SEARCH_AGAIN_S", interval_s)
    asyncio.run(run())
