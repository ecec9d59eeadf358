"""The part of :mod:`depeche.jobs` that producers need most, for asyncio: the same scripts, keys and answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from depeche import keys, task_meta
from depeche.article import JobState, JobStatus
from depeche.batches import BatchStatus, Enrolment, read_batch
from depeche.jobs import (
    MARK_S,
    REPLICATION_MS,
    NewJob,
    Submission,
    cancel_arguments,
    submissions,
    submit_arguments,
)
from depeche.queue import Priority
from depeche.records import as_unreadable, is_sendable, read_status
from depeche.redis_client import refusal_in, timestamp, why_refused
from depeche.scripts import source
from depeche.search import Found, cancelling, looking_up, searching
from depeche.steps import take_async

if TYPE_CHECKING:
    import redis.asyncio


class AsyncJobs:
    """Reads and changes jobs. See :class:`depeche.jobs.Jobs`.

    Args:
        client: a connected client that decodes responses.
        ttl_s: how long the record of a job that is cancelled is kept.
        max_events: so many ends of jobs the stream of events keeps.
    """

    def __init__(self, client: redis.asyncio.Redis, ttl_s: int, max_events: int) -> None:
        self._client = client
        self._ttl_s = ttl_s
        self._max_events = max_events
        self._registered: dict[str, Any] = {}
        self._may_search = True

    async def submit(
        self,
        new: Sequence[NewJob],
        priority: Priority,
        max_queue_length: int,
        min_replicas: int = 0,
        batch: Enrolment | None = None,
    ) -> list[Submission]:
        """Record and queue jobs, in order, but those whose id is taken or for which there is no room."""
        arguments = submit_arguments(new, priority, max_queue_length, batch)
        if not min_replicas:
            return submissions(await self._run("submit", *arguments))
        # One connection for both, as WAIT asks for what was written on its own.
        async with self._client.pipeline(transaction=False) as pipe:
            await self._script("submit")(args=arguments, client=pipe)
            pipe.wait(min_replicas, REPLICATION_MS)
            answer, reached = await pipe.execute()
        return submissions(answer, int(reached), min_replicas)

    async def close_batch(self, batch: Enrolment) -> None:
        """Say that its submitter submits no more to a batch, which may end it."""
        await self._run("close_batch", *batch, self._ttl_s, self._max_events)

    async def batch(self, name: str) -> BatchStatus | None:
        """A batch as callers see it; None where there is none.

        Raises:
            ValueError: its key is of another type.
        """
        import redis

        try:
            found: Any = await self._client.hgetall(keys.BATCH.of(name))
        except redis.ResponseError as error:
            raise as_unreadable(error) from error
        return read_batch(name, found, timestamp(await self._client.time())) if found else None

    async def refusal(self, url: str) -> str | None:
        """Why the Redis at ``url`` can never be used, however long one waits; None if it can, or that is not known."""
        import redis

        try:
            return refusal_in(await self._client.info("cluster"), url)
        except redis.AuthenticationError as error:
            return why_refused(error, url)
        except redis.exceptions.NoPermissionError:
            return None

    async def cancel(self, task_id: str, mark_s: int = MARK_S) -> JobState:
        """As :meth:`depeche.jobs.Jobs.cancel`."""
        return JobState(await self._run("cancel", *cancel_arguments(task_id, self._ttl_s, self._max_events, mark_s)))

    async def cancel_anywhere(self, task_id: str) -> Found:
        """As :meth:`depeche.jobs.Jobs.cancel_anywhere`."""
        return await take_async(cancelling(self, task_id, self._ttl_s))

    async def look_up(self, task_id: str) -> JobStatus:
        """As :meth:`depeche.jobs.Jobs.look_up`."""
        return await take_async(looking_up(self, task_id))

    async def search(self, task_id: str) -> Found:
        """As :meth:`depeche.jobs.Jobs.search`."""
        found = await take_async(searching(self._run, task_id)) if self._may_search else "forbidden"
        self._may_search = found != "forbidden"
        return found

    async def status(self, task_id: str) -> JobStatus:
        """The record as callers see it; state ``unknown`` where there is none, or none that can be read."""
        import redis

        try:
            found: Any = await self._client.hgetall(keys.JOB.of(task_id))
        except redis.ResponseError as error:
            found = error
        return read_status(task_id, found)

    async def statuses(self, task_ids: list[str]) -> list[JobStatus]:
        """As :meth:`status`, for each of these in their order. An id that is not valid Unicode is ``unknown``."""
        sent = [task_id for task_id in task_ids if is_sendable(task_id)]
        async with self._client.pipeline(transaction=False) as pipe:
            for task_id in sent:
                pipe.hgetall(keys.JOB.of(task_id))
            records = dict(zip(sent, await pipe.execute(raise_on_error=False), strict=True))
        return [read_status(task_id, records.get(task_id, {})) for task_id in task_ids]

    async def result(self, task_id: str) -> dict[str, Any] | None:
        """What the worker wrote for a job that succeeded; None where there is no such result.

        Raises:
            ValueError: another program has written something else in its place.
        """
        import redis

        try:
            text = await self._client.get(keys.RESULT.of(task_id))
        except redis.ResponseError as error:
            raise as_unreadable(error) from error
        return None if text is None else task_meta.result(str(text))

    async def _run(self, name: str, *arguments: str | float) -> Any:
        return await self._script(name)(args=arguments)

    def _script(self, name: str) -> Any:
        if name not in self._registered:
            self._registered[name] = self._client.register_script(source(name))
        return self._registered[name]
