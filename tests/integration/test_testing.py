"""The double for producers' tests answers as the real client does: what a producer proves with it holds for Redis."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

import hypothesis
import pytest
import redis
from hypothesis import strategies as st

import depeche
from config.settings import Settings
from depeche import AsyncClient, Client, JobState, Options
from depeche.article import JobError
from depeche.jobs import Jobs, new_caller
from depeche.testing import AsyncInMemoryClient, InMemoryClient, make_result
from worker.ledger import RedisLedger

pytestmark = pytest.mark.integration

FAILURE, DEATH = depeche.NotFrench("It is in Spanish."), depeche.Poison("3 workers died with it.")
ENGLISH = "The station has closed."


class RealClient:
    """A real client, and a worker that does what the test says."""

    def __init__(self, client: Client, ledger: RedisLedger) -> None:
        self.client = client
        self._ledger = ledger

    def start(self, task_id: str) -> None:
        """Claim it."""
        self._ledger.claim(task_id, "worker", new_caller(), lease_s=60, max_attempts=3, alone=True)

    def finish(self, task_id: str, answer: str | depeche.DepecheError) -> None:
        """Claim it, where it is not in work, and end it."""
        self.start(task_id)
        token = int(self._ledger._client.hget(f"depeche:job:{task_id}", "run") or 0)
        if isinstance(answer, str):
            result = make_result(depeche.Article(text=TEXTS[0]), answer, task_id=task_id)
            self._ledger.succeed(task_id, token, new_caller(), result.model_dump(mode="json"))
        else:
            state = JobState.DEAD if isinstance(answer, depeche.Poison) else JobState.FAILED
            error = JobError.model_validate(answer.as_json())
            self._ledger.end(task_id, token, new_caller(), state, type(answer).__name__, error)


TEXTS = ["La gare a fermé.", "Le pont rouvre."]
Side = tuple[Client, Callable[[str], None], Callable[[str, Any], None]]
Step = Callable[[Side, list[str]], Any]


def submitting(text: str, key: str | None, priority: depeche.Priority) -> Step:
    """One more job, unless the key has one."""

    def submit(side: Side, ids: list[str]) -> Any:
        task_id = side[0].submit(text, key=key, priority=priority)
        ids.append(task_id)
        return task_id if key else None

    return submit


def on_job(index: int, act: Callable[[Side, str], Any]) -> Step:
    """A step on one of the jobs so far."""
    return lambda side, ids: act(side, ids[index % len(ids)]) if ids else None


def finishing(answer: str | depeche.DepecheError) -> Callable[[Side, str], Any]:
    """The end of a job that has not ended."""

    def finish(side: Side, task_id: str) -> None:
        if not side[0].status(task_id).state.terminal and side[0].status(task_id).state is not JobState.UNKNOWN:
            side[2](task_id, answer)

    return finish


def started(side: Side, task_id: str) -> None:
    """A worker takes it, where it waits."""
    if side[0].status(task_id).state is JobState.QUEUED:
        side[1](task_id)


def looked_at(side: Side, task_id: str) -> Any:
    """What a producer sees of a job, times apart."""
    return side[0].status(task_id).model_dump(exclude={"id", "queued_at", "progress"})


ACTIONS: list[Callable[[Side, str], Any]] = [
    started,
    finishing(ENGLISH),
    finishing(FAILURE),
    finishing(DEATH),
    lambda side, task_id: side[0].cancel(task_id).state,
    lambda side, task_id: side[0].result(task_id).text_en,
    lambda side, task_id: side[0].retry_dead(task_id),
    lambda side, task_id: side[0].drop_dead(task_id),
    lambda side, task_id: side[0].dead_letter(task_id)["args"],
]
steps: st.SearchStrategy[Step] = st.one_of(
    st.builds(submitting, st.sampled_from(TEXTS), st.sampled_from([None, "a", "b"]), st.sampled_from(["high", "low"])),
    st.builds(on_job, st.integers(0, 5), st.sampled_from(ACTIONS)),
    st.just(lambda side, ids: side[0].stats().model_dump(include={"running", "dead"})),
    st.just(lambda side, ids: len(side[0].dead_letters())),
)


def answered(step: Step, side: Side, ids: list[str]) -> Any:
    """What a step gives, or the error that it raises."""
    try:
        given = step(side, ids)
    except depeche.DepecheError as error:
        return type(error)
    return given, [looked_at(side, task_id) for task_id in ids]


@hypothesis.given(st.lists(steps, max_size=14))
@hypothesis.settings(
    max_examples=60, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture], deadline=None
)
def test_it_answers_as_redis_does(settings: Settings, client: Client, raw: redis.Redis, script: list[Step]) -> None:
    """After every step of any producer, and of workers, both say the same."""
    raw.flushall()
    double = InMemoryClient(settings=settings)
    real = RealClient(client, RedisLedger(raw, 60))
    sides: list[Side] = [(double, double.start, double.finish), (client, real.start, real.finish)]
    ids: list[list[str]] = [[], []]
    for step in script:
        first, second = (answered(step, side, known) for side, known in zip(sides, ids, strict=True))
        assert first == second


def test_every_step_has_its_double() -> None:
    """A method that is added to the ledger and forgotten here would look for a connection that is not there."""
    ours = vars(type(InMemoryClient()._jobs))
    public = [name for name, _ in inspect.getmembers(Jobs, inspect.isfunction) if not name.startswith("_")]
    assert [name for name in public if name not in ours] == []


def test_the_double_for_asyncio_connects_to_nothing() -> None:
    """Each method of the client that would need its connections is the double's own."""
    public = {name for name, _ in inspect.getmembers(AsyncClient, inspect.isfunction) if not name.startswith("_")}
    # This one is made of two others.
    assert public - set(vars(AsyncInMemoryClient)) == {"result"}
    assert not hasattr(AsyncInMemoryClient(), "_redis")


def test_the_double_for_asyncio() -> None:
    """A program that takes an AsyncClient, with jobs that end at once, and with jobs that the test ends."""

    async def program(client: AsyncClient, texts: list[str]) -> list[str]:
        ids = [done.task_id or "" async for done in client.submit_many(texts)]
        first = (await client.wait(ids[0])).text_en
        return [first, *[str(status.state) async for status in client.wait_many(ids)]]

    at_once = AsyncInMemoryClient(answer=lambda article, options: ENGLISH if "gare" in article.text else FAILURE)
    assert asyncio.run(program(at_once, ["La gare a fermé.", "El puente."])) == [ENGLISH, "succeeded", "failed"]

    async def in_steps() -> None:
        async with AsyncInMemoryClient() as client:
            task_id = await client.submit("La gare a fermé.")
            with pytest.raises(depeche.NotReady):
                await client.wait(task_id, timeout_s=60)
            client.double.finish(task_id, ENGLISH)
            assert (await client.result(task_id)).text_en == ENGLISH
            assert [status.id async for status in client.as_completed([task_id])] == [task_id]
            assert (await client.cancel(task_id)).state is JobState.SUCCEEDED
            client.double.away = True
            with pytest.raises(depeche.RedisUnavailable):
                await client.status(task_id)

    asyncio.run(in_steps())


def test_answers_at_once() -> None:
    """With an answer, every article has ended when submit returns; an error is its end, and not the producer's."""
    double = InMemoryClient(answer=lambda article, options: ENGLISH if "gare" in article.text else FAILURE)
    good, bad = double.submit("La gare a fermé.", options=Options(summary=False)), double.submit("El puente.")
    assert double.wait(good).text_en == ENGLISH
    assert (double.options(good).summary, double.task_ids()) == (False, [good, bad])
    with pytest.raises(depeche.JobFailed, match="Spanish"):
        double.result(bad)


def test_an_open_job_is_not_waited_for() -> None:
    """Nobody would end it: a test that forgot to gets an error, and does not hang."""
    double = InMemoryClient()
    with pytest.raises(depeche.NotReady):
        double.wait(double.submit("La gare a fermé."))


def test_redis_may_be_away() -> None:
    """Every call raises what it raises without Redis, until it is back."""
    double = InMemoryClient()
    task_id = double.submit("La gare a fermé.")
    double.away = True
    for call in (lambda: double.submit("Le pont."), lambda: double.status(task_id), double.stats, double.dead_letters):
        with pytest.raises(depeche.RedisUnavailable):
            call()
    double.away = False
    assert double.status(task_id).state is JobState.QUEUED


def test_it_refuses_what_a_real_one_refuses(settings: Settings) -> None:
    """Bad articles, a taken key and a full queue."""
    double = InMemoryClient(settings=settings.model_copy(update={"max_queue_length": 1, "max_article_chars": 20}))
    for text, error in (("123", depeche.InvalidArticle), ("La gare a fermé lundi.", depeche.TooLong)):
        with pytest.raises(error):
            double.submit(text)
    double.submit("La gare.", key="a")
    with pytest.raises(depeche.KeyConflict):
        double.submit("Le pont.", key="a")
    with pytest.raises(depeche.QueueFull):
        double.submit("Le pont.")
