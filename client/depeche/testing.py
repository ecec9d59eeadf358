"""For a producer's own tests: a client without Redis and without workers, whose jobs end as the test says.

>>> from depeche.testing import InMemoryClient
>>> client = InMemoryClient(answer=lambda article, options: "The station has closed.")
>>> client.wait(client.submit("La gare a fermé.")).text_en
'The station has closed.'

It is a :class:`depeche.Client`, so it can be given wherever one is taken, and it refuses what a real one refuses, with
the same errors: a text without letters, a key that belongs to another article, a full queue. Time does not pass in it:
nothing expires, and :meth:`InMemoryClient.wait` never waits.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import NoReturn

from depeche.article import (
    Article,
    ArticleResult,
    Cache,
    JobError,
    JobState,
    JobStatus,
    Models,
    Options,
    Progress,
    Quality,
    Segment,
    Source,
    Timings,
)
from depeche.async_client import AsyncClient
from depeche.batches import BatchStatus
from depeche.client import Client
from depeche.errors import Cancelled, DepecheError, Poison, QueueFull
from depeche.intake import Item, Submitted
from depeche.memory import JobsInMemory
from depeche.queue import Priority
from depeche.settings import ClientSettings, load_settings
from depeche.waiting import Listener

#: What comes of an article: its result, or its English alone, or the error that it fails with.
Answer = ArticleResult | str | DepecheError


def make_result(article: Article, english: str, *, task_id: str = "", title: str | None = None) -> ArticleResult:
    """A whole result with this English, as one segment, as if nobody had doubts about it."""
    segment = Segment(paragraph=0, sentence=0, fr=article.text, en=english)
    return ArticleResult(
        id=task_id,
        title_fr=article.title,
        title_en=title if title is not None else article.title,
        text_en=english,
        summary_en=None,
        segments=[segment],
        quality=Quality(flagged_segments=0, flags={}, summary="none"),
        models=Models(translation=None, summary=None),
        timings_ms=Timings(queued=0, segment=0, translate=0, summarise=0, total=0),
        attempts=1,
        cache=Cache(hits=0, misses=1),
        source=Source(language="fr", chars=len(article.text), metadata=article.metadata),
    )


class InMemoryClient(Client):
    """A client on a ledger in memory. Jobs stay queued until the test ends them, or end at once with ``answer``.

    Args:
        answer: called with each article and its options when they are submitted; its answer ends the job. An error of
            ``depeche`` is the job's end, and not raised to the producer. None: jobs wait for :meth:`start` and
            :meth:`finish`.
        settings: bounds, as a real client has them; by default read from the environment.

    Attributes:
        away: set it, and every call raises :class:`depeche.RedisUnavailable`, as with a Redis that cannot be reached.
    """

    def __init__(
        self, answer: Callable[[Article, Options], Answer] | None = None, settings: ClientSettings | None = None
    ) -> None:
        # Not the parent's, which would connect to Redis.
        self._settings = settings or load_settings()
        self._url = self._settings.redis_url.get_secret_value()
        self._jobs: JobsInMemory = JobsInMemory()
        self._answer = answer

    @property
    def away(self) -> bool:
        """Whether the ledger answers as a Redis that cannot be reached."""
        return self._jobs.away

    @away.setter
    def away(self, value: bool) -> None:
        self._jobs.away = value

    def close(self) -> None:
        """Nothing is open."""

    def _check_server(self) -> None:
        """There is none."""

    def submit(
        self,
        article: Article | str,
        *,
        options: Options | None = None,
        priority: Priority = "normal",
        key: str | None = None,
        batch: str | None = None,
    ) -> str:
        """As :meth:`depeche.Client.submit`; with ``answer`` given, the job has ended when this returns."""
        known = self._jobs.count
        task_id = super().submit(article, options=options, priority=priority, key=key, batch=batch)
        if self._jobs.count > known:
            self._finish_with_answer(task_id)
        return task_id

    def submit_many(
        self,
        items: Iterable[Article | str | Item],
        *,
        options: Options | None = None,
        priority: Priority = "normal",
        batch: str | None = None,
        on_full: Callable[[QueueFull], None] | None = None,
    ) -> Generator[Submitted]:
        """As :meth:`depeche.Client.submit_many`; with ``answer`` given, a job has ended when its answer comes."""
        for done in super().submit_many(items, options=options, priority=priority, batch=batch, on_full=on_full):
            if done.outcome == "queued" and done.task_id:
                self._finish_with_answer(done.task_id)
            yield done

    def _finish_with_answer(self, task_id: str) -> None:
        if self._answer is not None:
            self.finish(task_id, self._answer(self.article(task_id), self.options(task_id)))

    def wait(
        self, task_id: str, timeout_s: float | None = None, on_status: Callable[[JobStatus], None] | None = None
    ) -> ArticleResult:
        """As :meth:`depeche.Client.wait`, but an open job is ``NotReady`` at once: nobody would end it meanwhile."""
        del timeout_s
        return super().wait(task_id, timeout_s=0, on_status=on_status)

    def completed_chunks(
        self, task_ids: Iterable[str | None], timeout_s: float | None = None
    ) -> Iterator[list[JobStatus]]:
        """As :meth:`depeche.Client.completed_chunks`, but ``NotReady`` as soon as none of the jobs has ended."""
        del timeout_s
        return super().completed_chunks(task_ids, timeout_s=0)

    def wait_many(self, task_ids: Iterable[str], timeout_s: float | None = None) -> Iterator[JobStatus]:
        """As :meth:`depeche.Client.wait_many`, but ``NotReady`` as soon as the next job has not ended."""
        del timeout_s
        return super().wait_many(task_ids, timeout_s=0)

    def jobs(self, state: str, limit: int = 100) -> NoReturn:  # as the real one
        """Not there, as it is for operators: :meth:`task_ids` has all ids."""
        raise NotImplementedError("the double is for producers, who may not list jobs: use task_ids() and status()")

    def overview(self) -> NoReturn:
        """Not there, as :meth:`jobs`."""
        raise NotImplementedError("the double is for producers, who may not see the whole queue: use stats()")

    def _listener(self) -> AbstractContextManager[Listener]:
        return nullcontext(_Silence())

    # What a test says and asks, in the place of workers.

    def task_ids(self) -> list[str]:
        """The ids of all jobs, in the order of their submission."""
        return list(self._jobs.records)

    def article(self, task_id: str) -> Article:
        """What was submitted under an id."""
        return Article.model_validate(self._jobs.records[task_id].args[0])

    def options(self, task_id: str) -> Options:
        """How it is to be processed."""
        return Options.model_validate(self._jobs.records[task_id].kwargs["options"])

    def start(self, task_id: str, progress: Progress | None = None) -> None:
        """A worker takes the job; or says how far it is, where it has it already."""
        self._jobs.start(task_id, progress)

    def finish(self, task_id: str, answer: Answer) -> None:
        """End a job: with its result, with its English, or with the error that it fails with.

        :class:`depeche.Poison` makes it dead, :class:`depeche.Cancelled` cancelled, every other error failed.
        """
        if isinstance(answer, DepecheError):
            states = {Poison: JobState.DEAD, Cancelled: JobState.CANCELLED}
            state = next((state for kind, state in states.items() if isinstance(answer, kind)), JobState.FAILED)
            self._jobs.end(task_id, state, error=JobError.model_validate(answer.as_json()))
            return
        result = make_result(self.article(task_id), answer, task_id=task_id) if isinstance(answer, str) else answer
        self._jobs.end(task_id, JobState.SUCCEEDED, result=result.model_dump(mode="json") | {"id": task_id})


class AsyncInMemoryClient(AsyncClient):
    """The same for a program that takes a :class:`depeche.AsyncClient`.

    Args:
        answer: as for :class:`InMemoryClient`.
        settings: as for :class:`InMemoryClient`.

    Attributes:
        double: the client behind it, with which the test starts and ends jobs and asks what was submitted.
    """

    def __init__(
        self, answer: Callable[[Article, Options], Answer] | None = None, settings: ClientSettings | None = None
    ) -> None:
        # Not the parent's, which would connect to Redis.
        self.double = InMemoryClient(answer, settings)

    async def aclose(self) -> None:
        """Nothing is open."""

    async def submit(
        self,
        article: Article | str,
        *,
        options: Options | None = None,
        priority: Priority = "normal",
        key: str | None = None,
        batch: str | None = None,
    ) -> str:
        """As :meth:`InMemoryClient.submit`."""
        return self.double.submit(article, options=options, priority=priority, key=key, batch=batch)

    async def submit_many(
        self,
        items: Iterable[Article | str | Item],
        *,
        options: Options | None = None,
        priority: Priority = "normal",
        batch: str | None = None,
        on_full: Callable[[QueueFull], None] | None = None,
    ) -> AsyncIterator[Submitted]:
        """As :meth:`InMemoryClient.submit_many`."""
        for done in self.double.submit_many(items, options=options, priority=priority, batch=batch, on_full=on_full):
            yield done

    async def batch(self, name: str) -> BatchStatus:
        """As :meth:`depeche.Client.batch`."""
        return self.double.batch(name)

    async def cancel(self, task_id: str) -> JobStatus:
        """As :meth:`depeche.Client.cancel`."""
        return self.double.cancel(task_id)

    async def status(self, task_id: str) -> JobStatus:
        """As :meth:`depeche.Client.status`."""
        return self.double.status(task_id)

    async def statuses(self, task_ids: list[str]) -> list[JobStatus]:
        """As :meth:`depeche.Client.statuses`."""
        return self.double.statuses(task_ids)

    async def result_of(self, status: JobStatus) -> ArticleResult:
        """As :meth:`depeche.Client.result_of`."""
        return self.double.result_of(status)

    async def wait(
        self, task_id: str, timeout_s: float | None = None, on_status: Callable[[JobStatus], None] | None = None
    ) -> ArticleResult:
        """As :meth:`InMemoryClient.wait`."""
        return self.double.wait(task_id, timeout_s, on_status)

    async def as_completed(self, task_ids: Iterable[str], timeout_s: float | None = None) -> AsyncIterator[JobStatus]:
        """As :meth:`InMemoryClient.as_completed`."""
        for status in self.double.as_completed(task_ids, timeout_s):
            yield status

    async def wait_many(self, task_ids: Iterable[str], timeout_s: float | None = None) -> AsyncIterator[JobStatus]:
        """As :meth:`InMemoryClient.wait_many`."""
        for status in self.double.wait_many(task_ids, timeout_s):
            yield status


class _Silence:
    """Nobody ends a job while its producer waits, so there is nothing to hear."""

    refused = True

    def listen(self, task_ids: list[str]) -> None:
        """Nothing comes."""

    def forget(self, task_ids: list[str]) -> None:
        """Nothing came."""

    def renew(self) -> None:
        """There is no connection."""

    def hear(self, timeout_s: float) -> list[str]:
        """Nothing, at once."""
        del timeout_s
        return []
