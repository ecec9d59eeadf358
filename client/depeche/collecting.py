"""Fetches the results of many jobs: as they end, in the order of the ids, or as they stand now."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import TypeVar

from depeche.article import ArticleResult, JobStatus
from depeche.client import Client
from depeche.errors import CannotWrite, DepecheError, NotReady, RedisUnavailable
from depeche.waiting import AWAY_PAUSE_S, Patience

Answer = TypeVar("Answer")

#: So many jobs are looked at in one step.
CHUNK = 100

#: So many results are fetched, and kept, at the same time: Redis and the disk are waited for most of the time.
THREADS = 8

#: What the names of those threads begin with.
THREAD = "depeche-fetch"


@dataclass(frozen=True)
class Outcome:
    """What became of one job: its result, or the error that stands for it.

    Attributes:
        task_id: as it was given.
        result: of a job that succeeded.
        error: JobFailed, UnknownJob, or NotReady where the job goes on.
    """

    task_id: str
    result: ArticleResult | None = None
    error: DepecheError | None = None


class Collector:
    """Follows jobs for one command. A Redis that restarts meanwhile is waited for.

    Args:
        client: talks to Redis.
        keep: is called with the id and the result of each job that succeeded, in one of several threads, before its
            outcome is given. CannotWrite ends the whole. Another error of ours is the outcome of this job.
    """

    def __init__(self, client: Client, keep: Callable[[str, ArticleResult], None] | None = None) -> None:
        self._client = client
        self._keep = keep
        self._patience = Patience()

    def as_completed(self, task_ids: Iterable[str | None]) -> Iterator[Outcome]:
        """Each outcome as soon as there is one. ``task_ids`` is as for :meth:`depeche.Client.as_completed`.

        Raises:
            RedisUnavailable: Redis was away for too long.
        """
        return self._outcomes(self._client.completed_chunks(task_ids))

    def ends(
        self, task_ids: Iterable[str], *, in_order: bool = False, timeout_s: float | None = None
    ) -> Iterator[Outcome]:
        """The outcome of each job, once for each time that its id is given.

        Args:
            task_ids: any number of ids; some are held at a time.
            in_order: give them in the order of the ids, instead of as they end.
            timeout_s: wait no longer than this, and then give what there is. The error of a job that has not ended by
                then is NotReady.

        Raises:
            RedisUnavailable: Redis was away for too long.
        """
        given = _Given(task_ids)
        chunks: Iterable[list[JobStatus]]
        if in_order:
            chunks = ([status] for status in self._client.wait_many(given, timeout_s))
        else:
            chunks = self._client.completed_chunks(given, timeout_s)
        try:
            for outcome in self._outcomes(chunks):
                given.answered(outcome.task_id)
                yield outcome
        except NotReady:
            yield from self.now(chain(given.open(), given))

    def now(self, task_ids: Iterable[str]) -> Iterator[Outcome]:
        """The outcome of each job as it stands, in the order of the ids.

        Raises:
            RedisUnavailable: Redis does not answer.
        """
        return self._outcomes(self._statuses(iter(task_ids)))

    def _statuses(self, task_ids: Iterator[str]) -> Iterator[list[JobStatus]]:
        while chunk := list(islice(task_ids, CHUNK)):
            yield self._patiently(partial(self._client.statuses, chunk), threading.Event())

    def _outcomes(self, chunks: Iterable[list[JobStatus]]) -> Iterator[Outcome]:
        # It is imported here, as most commands fetch no results.
        from concurrent.futures import ThreadPoolExecutor

        over, pool = threading.Event(), ThreadPoolExecutor(THREADS, THREAD)
        try:
            for chunk in chunks:
                outcome = partial(self._outcome, over)
                # A thread for one alone would only cost time.
                yield from map(outcome, chunk) if len(chunk) == 1 else pool.map(outcome, chunk)
        finally:
            # After Ctrl-C nobody waits for a Redis that is away.
            over.set()
            pool.shutdown(wait=False, cancel_futures=True)

    def _outcome(self, over: threading.Event, status: JobStatus) -> Outcome:
        try:
            result = self._patiently(partial(self._client.result_of, status), over)
            if self._keep is not None:
                self._keep(status.id, result)
        except (RedisUnavailable, CannotWrite):
            raise
        except DepecheError as error:
            return Outcome(status.id, error=error)
        return Outcome(status.id, result)

    def _patiently(self, ask: Callable[[], Answer], over: threading.Event) -> Answer:
        """The answer of Redis, which may be away for a while once it has answered."""
        while True:
            try:
                answer = ask()
            except RedisUnavailable as error:
                self._patience.failed(error, time.monotonic())
                if over.wait(AWAY_PAUSE_S):
                    raise
            else:
                self._patience.answered()
                return answer


class _Given:
    """Ids on their way through a wait. It knows which of them have had no answer, and their order."""

    def __init__(self, task_ids: Iterable[str]) -> None:
        self._rest = enumerate(task_ids)
        self._places: dict[str, deque[int]] = {}

    def __iter__(self) -> Iterator[str]:
        for place, task_id in self._rest:
            self._places.setdefault(task_id, deque()).append(place)
            yield task_id

    def answered(self, task_id: str) -> None:
        """One answer for this id has come."""
        # An id that is not valid Unicode is answered under an escaped one, and is looked at once more in the end.
        if places := self._places.get(task_id):
            places.popleft()
            if not places:
                del self._places[task_id]

    def open(self) -> list[str]:
        """Those that were given and not answered, in the order in which they were given."""
        places = {place: task_id for task_id, places in self._places.items() for place in places}
        return [places[place] for place in sorted(places)]
