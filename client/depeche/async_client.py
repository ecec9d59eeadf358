"""The Python API for producers that use asyncio: :class:`depeche.Client` with ``async`` methods.

>>> from depeche import AsyncClient
>>> async with AsyncClient() as client:
...     task_id = await client.submit("Le maire a inauguré la bibliothèque mardi.")
...     (await client.wait(task_id)).text_en
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from functools import partial
from itertools import islice
from types import TracebackType
from typing import TYPE_CHECKING, Self

from depeche import messages, tracing
from depeche.article import Article, ArticleResult, JobState, JobStatus, Options
from depeche.async_jobs import AsyncJobs
from depeche.async_redis import connect_async
from depeche.async_waiting import AsyncListener, AsyncWaiter, Finds
from depeche.batches import BatchStatus, Enrolment
from depeche.errors import QueueFull, RedisUnavailable
from depeche.intake import Intake, Item, Submitted, new_task_id
from depeche.jobs import NewJob, Submission, new_caller
from depeche.outcome import as_result, check_succeeded, known_batch, reading_batch, reading_result, unknown
from depeche.queue import Priority
from depeche.redis_client import redis_faults
from depeche.search import is_without_record
from depeche.sender import FIRST_PAUSE_S, LAST_PAUSE_S, PAUSE_GROWTH
from depeche.waiting import CHUNK, WINDOW, not_ready, over

if TYPE_CHECKING:
    from depeche.settings import ClientSettings


#: So many tasks of one client ask Redis at the same time, each on a connection; the others wait for their turn.
CONNECTIONS = 50


class AsyncClient:
    """Talks to the queue, for the tasks of one event loop. Use it as a context manager, or call :meth:`aclose`.

    However many tasks wait for jobs, one connection listens for all of them, and one task reads statuses.

    Args:
        settings: where Redis is and which bounds hold, from ``depeche.settings.load_settings``. By default they are
            read from the environment variables with the prefix ``DEPECHE_``.

    Raises:
        SettingsError: a variable cannot be used.
    """

    def __init__(self, settings: ClientSettings | None = None) -> None:
        # It is imported here and not with this module, as many programs that import the class never make a client.
        from depeche.settings import load_settings

        self._settings = settings or load_settings()
        self._url = self._settings.redis_url.get_secret_value()
        self._redis = connect_async(self._url)
        self._redis_for_listener = connect_async(self._url, retries=False)
        self._jobs = AsyncJobs(self._redis, self._settings.result_ttl_s, self._settings.max_events)
        self._turns = asyncio.Semaphore(CONNECTIONS)
        self._finds = Finds(self._look_up)
        self._waiter = AsyncWaiter(self._look, AsyncListener(self._redis_for_listener))
        self._checked = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections. Whoever waits still is cancelled."""
        await self._waiter.close()
        await self._redis_for_listener.aclose()
        await self._redis.aclose()

    async def submit(
        self,
        article: Article | str,
        *,
        options: Options | None = None,
        priority: Priority = "normal",
        key: str | None = None,
        batch: str | None = None,
    ) -> str:
        """Queue an article, and return its task id. Arguments and errors are those of :meth:`depeche.Client.submit`."""
        item, intake = Item(article, key), Intake(self._settings, options, priority, batch)
        checked, task_id = intake.check(item), new_task_id(key)
        with tracing.submitting(task_id, priority) as headers:
            job = intake.job(task_id, checked, messages.Envelope(priority, headers))
            (done,) = await self._send(priority, Enrolment(batch) if batch else None, [job])
        if error := intake.error(job, key, done):
            raise error
        return task_id

    async def submit_many(
        self,
        items: Iterable[Article | str | Item],
        *,
        options: Options | None = None,
        priority: Priority = "normal",
        batch: str | None = None,
        on_full: Callable[[QueueFull], None] | None = None,
    ) -> AsyncIterator[Submitted]:
        """Queue many articles, some hundreds at a time: what became of each, in the order of the input.

        Arguments and errors are those of :meth:`depeche.Client.submit_many`. To check and write a chunk of articles
        takes the event loop some milliseconds.
        """
        intake = Intake(self._settings, options, priority, batch)
        enrolment = Enrolment(batch, new_caller()) if batch else None
        try:
            async with aclosing(
                self._submit_many(intake, items, partial(self._send, priority, enrolment), on_full)
            ) as done:
                async for answer in done:
                    yield answer
        finally:
            await self._close_batch(enrolment)

    async def _submit_many(
        self,
        intake: Intake,
        items: Iterable[Article | str | Item],
        send: Callable[[Sequence[NewJob]], Awaitable[list[Submission]]],
        on_full: Callable[[QueueFull], None] | None,
    ) -> AsyncGenerator[Submitted]:
        for chunk in intake.chunks(items):
            jobs = [entry.job for entry in chunk.entries if entry.job]
            try:
                done = await send(jobs) if jobs else []
            finally:
                chunk.span.end(len(jobs))
            entries, pause_s = chunk.entries, FIRST_PAUSE_S
            while True:
                taken, full = intake.answers(entries, done)
                for answer in taken:
                    yield answer
                if full is None:
                    break
                if on_full is None:
                    raise full
                on_full(full)
                pause_s = FIRST_PAUSE_S if taken else min(pause_s * PAUSE_GROWTH, LAST_PAUSE_S)
                await asyncio.sleep(pause_s)
                entries = entries[len(taken) :]
                done = await send([entry.job for entry in entries if entry.job])

    async def _close_batch(self, batch: Enrolment | None) -> None:
        # A Redis that is away, or a janitor, finds out for itself that nobody submits any more.
        with suppress(RedisUnavailable):
            async with self._turn():
                if batch:
                    await self._jobs.close_batch(batch)

    async def batch(self, name: str) -> BatchStatus:
        """How many jobs of a batch are in which state. Errors are those of :meth:`depeche.Client.batch`."""
        async with self._turn():
            with reading_batch(name):
                return known_batch(name, await self._jobs.batch(name))

    async def cancel(self, task_id: str) -> JobStatus:
        """Cancel a job. A queued one ends now, and a running one at its next batch. One that has ended stays as it is.

        What it returns and raises is that of :meth:`depeche.Client.cancel`.
        """
        async with self._turn():
            found = await self._jobs.cancel_anywhere(task_id)
            status = await self._jobs.status(task_id)
        if status.state is JobState.UNKNOWN:
            raise unknown(status, found)
        return status

    async def status(self, task_id: str) -> JobStatus:
        """The status of a job, also of one that another program has queued: see :meth:`depeche.Client.status`.

        Raises:
            RedisUnavailable: Redis does not answer.
        """
        return await self._look_up(task_id)

    async def statuses(self, task_ids: list[str]) -> list[JobStatus]:
        """As :meth:`depeche.Client.statuses`, in one step: give some hundreds at most."""
        async with self._turn():
            return await self._jobs.statuses(task_ids)

    async def result(self, task_id: str) -> ArticleResult:
        """The result of a job that has succeeded.

        Raises:
            NotReady, JobFailed, UnknownJob, RedisUnavailable: as :meth:`depeche.Client.result`.
        """
        return await self.result_of(await self.status(task_id))

    async def result_of(self, status: JobStatus) -> ArticleResult:
        """As :meth:`result`, of a job whose last status is known, as from :meth:`as_completed`."""
        check_succeeded(status)
        async with self._turn():
            with reading_result(status.id):
                return as_result(status.id, await self._jobs.result(status.id))

    async def wait(
        self, task_id: str, timeout_s: float | None = None, on_status: Callable[[JobStatus], None] | None = None
    ) -> ArticleResult:
        """Wait until the job has ended, and return its result.

        Arguments and errors are those of :meth:`depeche.Client.wait`. Where the task is cancelled, it waits no more,
        and the job goes on.
        """
        status = None
        try:
            async with asyncio.timeout(timeout_s) as timer, aclosing(self._statuses(task_id)) as statuses:
                async for status in statuses:
                    if on_status is not None:
                        on_status(status)
        except TimeoutError:
            if not timer.expired():
                raise
            # It may have ended since it was looked at last.
            status = await self.status(task_id)
        assert status
        return await self.result_of(status)

    async def as_completed(self, task_ids: Iterable[str], timeout_s: float | None = None) -> AsyncIterator[JobStatus]:
        """The last status of each job, as they end: whichever ends first comes first.

        Arguments and errors are those of :meth:`depeche.Client.as_completed`.
        """
        rest, ended = iter(task_ids), asyncio.Queue[asyncio.Future[JobStatus]]()
        waits: dict[asyncio.Future[JobStatus], str] = {}
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        try:
            while True:
                for task_id in islice(rest, WINDOW - len(waits)):
                    future = self._waiter.ended(task_id)
                    waits[future] = task_id
                    future.add_done_callback(ended.put_nowait)
                if not waits:
                    return
                try:
                    async with asyncio.timeout(deadline and deadline - time.monotonic()):
                        future = await ended.get()
                except TimeoutError:
                    break
                del waits[future]
                yield future.result()
            async for status in self._last_looks(list(waits.values()), timeout_s):
                yield status
        finally:
            for future in list(waits):
                future.cancel()

    async def wait_many(self, task_ids: Iterable[str], timeout_s: float | None = None) -> AsyncIterator[JobStatus]:
        """As :meth:`as_completed`, but in the order of the ids: each comes when it and all before it have ended."""
        rest = iter(task_ids)
        waits: deque[tuple[str, asyncio.Future[JobStatus]]] = deque()
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        try:
            while True:
                waits.extend((task_id, self._waiter.ended(task_id)) for task_id in islice(rest, WINDOW - len(waits)))
                if not waits:
                    return
                try:
                    async with asyncio.timeout(deadline and deadline - time.monotonic()):
                        status = await waits[0][1]
                except TimeoutError:
                    break
                waits.popleft()
                yield status
            async for status in self._last_looks([task_id for task_id, _ in waits], timeout_s, in_order=True):
                yield status
        finally:
            for _, future in waits:
                future.cancel()

    async def _last_looks(
        self, task_ids: list[str], timeout_s: float | None, *, in_order: bool = False
    ) -> AsyncIterator[JobStatus]:
        """What has ended since it was looked at last, when the time is over; in order, up to the first that has not.

        Raises:
            NotReady: names the others.
        """
        waiting: list[str] = []
        for start in range(0, len(task_ids), CHUNK):
            chunk = task_ids[start : start + CHUNK]
            for task_id, status in zip(chunk, await self.statuses(chunk), strict=True):
                if over(status) and not (in_order and waiting):
                    yield status
                else:
                    waiting.append(task_id)
        if waiting:
            raise not_ready(waiting, timeout_s)

    async def _statuses(self, task_id: str) -> AsyncGenerator[JobStatus, None]:
        """Every status of a job that is read, up to its last one, also where it has no record at first."""
        async with aclosing(self._recorded(task_id)) as statuses:
            async for status in statuses:
                if is_without_record(status):
                    break
                yield status
            else:
                return
        async with self._finds.searched(task_id), aclosing(self._recorded(task_id)) as statuses:
            async for status in statuses:
                yield status

    async def _look(self, task_ids: list[str]) -> list[JobStatus]:
        return self._finds.added_to(task_ids, await self.statuses(task_ids))

    async def _look_up(self, task_id: str) -> JobStatus:
        async with self._turn():
            return await self._jobs.look_up(task_id)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Ask Redis in the block, once others have had their turn; what goes wrong is raised as a producer's error."""
        async with self._turns:
            with redis_faults(self._url):
                yield

    async def _recorded(self, task_id: str) -> AsyncGenerator[JobStatus, None]:
        """Every status of a job that is read, up to its last one."""
        seen: asyncio.Queue[JobStatus | None] = asyncio.Queue()
        ended = self._waiter.ended(task_id, seen.put_nowait)
        ended.add_done_callback(lambda future: seen.put_nowait(None))
        try:
            while status := await seen.get():
                yield status
            await ended
        finally:
            ended.cancel()

    async def _send(self, priority: Priority, batch: Enrolment | None, jobs: Sequence[NewJob]) -> list[Submission]:
        limits = (self._settings.max_queue_length, self._settings.min_replicas)
        async with self._turn():
            await self._check_server()
            return await self._jobs.submit(jobs, priority, *limits, batch)

    async def _check_server(self) -> None:
        # Once is enough, as no server becomes a cluster while it runs.
        if not self._checked and (reason := await self._jobs.refusal(self._url)):
            raise RedisUnavailable(reason)
        self._checked = True
