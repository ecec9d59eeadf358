"""Waits for jobs under asyncio: :mod:`depeche.waiting` for any number of tasks that share one reader.

One task of an :class:`AsyncWaiter` looks at all jobs that anybody waits for, and listens to them on one connection. It
is there while somebody waits. What each waiting task has is a future.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from depeche.article import JobState, JobStatus
from depeche.errors import RedisUnavailable
from depeche.listener import channels, heard_of
from depeche.lookup import SEARCH_AGAIN_S
from depeche.search import is_without_record
from depeche.waiting import AWAY_PAUSE_S, CHUNK, Patience, Watch, over

if TYPE_CHECKING:
    import redis.asyncio

#: So often the connection that listens is tried, in seconds.
HEALTH_S = 10.0


class AsyncListener:
    """Hears of the ends of jobs from Redis, on one connection.

    Args:
        client: a client that decodes responses and sends nothing twice, as each failure must be known here.
    """

    def __init__(self, client: redis.asyncio.Redis) -> None:
        self._client = client
        self._pubsub: Any = None
        self._reader: asyncio.Task[None] | None = None
        self._listening: set[str] = set()
        self._heard: dict[str, None] = {}
        self._news = asyncio.Event()
        self.refused = False

    def wake(self) -> None:
        """Have :meth:`hear` return."""
        self._news.set()

    async def listen(self, task_ids: list[str]) -> None:
        """Listen to these jobs too; where one is new, it is heard once as soon as that is so."""
        new = [task_id for task_id in task_ids if task_id not in self._listening]
        if not new or self.refused:
            return
        self._listening.update(new)
        self._pubsub = self._pubsub or self._client.pubsub()
        await self._send(self._pubsub.subscribe, new)
        if self._pubsub and not self._reader:
            self._reader = asyncio.create_task(self._read(self._pubsub))

    async def forget(self, task_ids: list[str]) -> None:
        """Listen to these no more."""
        known = [task_id for task_id in task_ids if task_id in self._listening]
        self._listening.difference_update(known)
        if known and self._pubsub:
            await self._send(self._pubsub.unsubscribe, known)

    async def hear(self, timeout_s: float) -> list[str]:
        """The jobs to look at, as they were heard of. Returns after the first ones, or when the time is over."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._news.wait()
        self._news.clear()
        if self._reader and self._reader.done():
            # It has heard nothing of what happened since, so that all are to be looked at.
            self._heard.update(dict.fromkeys(self._listening))
            await self.renew()
        found, self._heard = list(self._heard), {}
        return found

    async def renew(self) -> None:
        """Forget what was listened to, and connect anew for the next job."""
        reader, self._reader = self._reader, None
        pubsub, self._pubsub = self._pubsub, None
        self._listening.clear()
        if reader:
            reader.cancel()
            await asyncio.gather(reader, return_exceptions=True)
        if pubsub:
            await pubsub.aclose()

    async def _send(self, command: Callable[..., Awaitable[None]], task_ids: list[str]) -> None:
        import redis

        try:
            await command(*channels(task_ids))
        except (redis.RedisError, OSError):
            # Whoever looks at a job hears what is wrong with Redis. The next job that is looked at connects anew.
            await self.renew()

    async def _read(self, pubsub: Any) -> None:
        import redis

        try:
            while True:
                # Each call tries a connection that was silent for long.
                if task_id := heard_of(await pubsub.get_message(timeout=HEALTH_S)):
                    self._heard[task_id] = None
                    self._news.set()
        except redis.exceptions.NoPermissionError:
            self.refused = True
        except (redis.RedisError, OSError):
            pass
        self._news.set()


@dataclass(eq=False)
class _Wait:
    """Somebody who waits for a job."""

    on_status: Callable[[JobStatus], None]
    ended: asyncio.Future[JobStatus] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class AsyncWaiter:
    """Waits for jobs on behalf of all tasks of one event loop.

    Args:
        look: reads the statuses of jobs, in the order given. It raises RedisUnavailable.
        listener: hears of ends.
    """

    def __init__(self, look: Callable[[list[str]], Awaitable[list[JobStatus]]], listener: AsyncListener) -> None:
        self._look, self._listener = look, listener
        self._waits: dict[str, list[_Wait]] = {}
        self._forgotten: list[str] = []
        self._watch = Watch(time.monotonic())
        self._task: asyncio.Task[None] | None = None

    def ended(
        self, task_id: str, on_status: Callable[[JobStatus], None] = lambda status: None
    ) -> asyncio.Future[JobStatus]:
        """The last status of a job, when it has ended. Cancel the future to wait no more.

        The future fails with RedisUnavailable where Redis is away for too long.

        Args:
            task_id: the job's id.
            on_status: called with every status that is read. It must not raise.
        """
        wait = _Wait(on_status)
        self._waits.setdefault(task_id, []).append(wait)
        self._watch.add([task_id])
        wait.ended.add_done_callback(lambda future: self._drop(task_id, wait) if future.cancelled() else None)
        self._start()
        self._listener.wake()
        return wait.ended

    async def close(self) -> None:
        """Wait no more, for nobody."""
        task, waits = self._task, [wait for waits in self._waits.values() for wait in waits]
        for wait in waits:
            wait.ended.cancel()
        if task:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def _start(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._run())
            self._task.add_done_callback(self._stopped)

    def _stopped(self, task: asyncio.Task[None]) -> None:
        self._task = None
        if not task.cancelled() and (error := task.exception()):
            for wait in [wait for waits in self._waits.values() for wait in waits]:
                if not wait.ended.done():
                    wait.ended.set_exception(error)
                    # Who waits for many hears of the first only. asyncio would complain of the others.
                    wait.ended.exception()
            self._waits.clear()
            self._watch = Watch(time.monotonic())
        elif self._waits:
            # Somebody has come while the connection was being closed.
            self._start()

    def _drop(self, task_id: str, wait: _Wait) -> None:
        waits = self._waits.get(task_id, [])
        if wait in waits:
            waits.remove(wait)
            if not waits:
                self._forget(task_id)
                self._listener.wake()

    def _forget(self, task_id: str) -> list[_Wait]:
        self._watch.remove(task_id)
        self._forgotten.append(task_id)
        return self._waits.pop(task_id, [])

    async def _run(self) -> None:
        patience = Patience()
        try:
            while self._watch:
                due = self._watch.due(time.monotonic(), self._listener.refused)
                for start in range(0, len(due), CHUNK):
                    await self._look_at(due[start : start + CHUNK], patience)
                forgotten, self._forgotten = self._forgotten, []
                await self._listener.forget([task_id for task_id in forgotten if task_id not in self._waits])
                if self._watch:
                    self._watch.heard(await self._listener.hear(self._watch.pause_s(time.monotonic())))
        finally:
            await self._listener.renew()

    async def _look_at(self, task_ids: list[str], patience: Patience) -> None:
        try:
            statuses = await self._look(task_ids)
        except RedisUnavailable as error:
            patience.failed(error, time.monotonic())
            await self._listener.renew()
            self._watch.heard(task_ids)
            await asyncio.sleep(AWAY_PAUSE_S)
            return
        patience.answered()
        found = dict(zip(task_ids, statuses, strict=True))
        for task_id, status in found.items():
            for wait in self._waits.get(task_id, []):
                wait.on_status(status)
            if over(status):
                for wait in self._forget(task_id):
                    if not wait.ended.done():
                        wait.ended.set_result(status)
        await self._listener.listen([task_id for task_id in found if task_id in self._waits])


class Finds:
    """Searches the queues for jobs without a record, and knows what it has found, while anybody waits for them.

    Args:
        look_up: the status of a job, from its record or from its message. It raises RedisUnavailable.
    """

    def __init__(self, look_up: Callable[[str], Awaitable[JobStatus]]) -> None:
        self._look_up = look_up
        self._found: dict[str, JobStatus] = {}
        # How many wait for each.
        self._waiting: Counter[str] = Counter()
        self._searches: dict[str, asyncio.Task[None]] = {}

    def added_to(self, task_ids: list[str], statuses: list[JobStatus]) -> list[JobStatus]:
        """The statuses of these jobs, but those without a record that were found in the queues are queued."""
        return [
            self._found.get(task_id, status) if is_without_record(status) else status
            for task_id, status in zip(task_ids, statuses, strict=True)
        ]

    @asynccontextmanager
    async def searched(self, task_id: str) -> AsyncIterator[None]:
        """Search for a job now, and then every :data:`SEARCH_AGAIN_S` as long as the block goes on.

        Raises:
            RedisUnavailable: Redis was away for too long.
        """
        self._waiting[task_id] += 1
        try:
            await self._search(task_id)
            if task_id not in self._searches:
                self._searches[task_id] = asyncio.create_task(self._search_again(task_id))
            yield
        finally:
            self._waiting[task_id] -= 1
            if not self._waiting[task_id]:
                del self._waiting[task_id]
                self._found.pop(task_id, None)
                if search := self._searches.pop(task_id, None):
                    search.cancel()
                    await asyncio.gather(search, return_exceptions=True)

    async def _search(self, task_id: str) -> None:
        patience = Patience()
        patience.answered()
        while True:
            try:
                status = await self._look_up(task_id)
            except RedisUnavailable as error:
                patience.failed(error, time.monotonic())
                await asyncio.sleep(AWAY_PAUSE_S)
            else:
                break
        if status.state is JobState.QUEUED:
            self._found[task_id] = status
        else:
            self._found.pop(task_id, None)

    async def _search_again(self, task_id: str) -> None:
        while True:
            await asyncio.sleep(SEARCH_AGAIN_S)
            # Whoever looks at the job hears what is wrong with Redis.
            with suppress(RedisUnavailable):
                await self._search(task_id)
