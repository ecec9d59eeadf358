"""Fetches the results of many jobs: as they end, in the order of the ids, or as they stand now."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from depeche.article import ArticleResult, JobStatus
from depeche.client import Client
from depeche.errors import DepecheError, NotReady, RedisUnavailable
from depeche.waiting import AWAY_PAUSE_S, Patience

#: So many jobs are looked at in one step.
CHUNK = 100


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
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._patience = Patience()

    def as_completed(self, task_ids: Iterable[str | None]) -> Iterator[Outcome]:
        """Each outcome as soon as there is one. ``task_ids`` is as for :meth:`depeche.Client.as_completed`.

        Raises:
            RedisUnavailable: Redis was away for too long.
        """
        return map(self._outcome, self._client.as_completed(task_ids))

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
        wait = self._client.wait_many if in_order else self._client.as_completed
        try:
            for status in wait(given, timeout_s):
                given.answered(status.id)
                yield self._outcome(status)
        except NotReady:
            yield from self.now(chain(given.open(), given))

    def now(self, task_ids: Iterable[str]) -> Iterator[Outcome]:
        """The outcome of each job as it stands, in the order of the ids.

        Raises:
            RedisUnavailable: Redis does not answer.
        """
        rest = iter(task_ids)
        while chunk := list(islice(rest, CHUNK)):
            for status in self._statuses(chunk):
                yield self._outcome(status)

    def _statuses(self, task_ids: list[str]) -> list[JobStatus]:
        while True:
            try:
                found = self._client.statuses(task_ids)
            except RedisUnavailable as error:
                self._wait(error)
            else:
                self._patience.answered()
                return found

    def _outcome(self, status: JobStatus) -> Outcome:
        while True:
            try:
                result = self._client.result_of(status)
            except RedisUnavailable as error:
                self._wait(error)
            except DepecheError as error:
                return Outcome(status.id, error=error)
            else:
                self._patience.answered()
                return Outcome(status.id, result)

    def _wait(self, error: RedisUnavailable) -> None:
        self._patience.failed(error, time.monotonic())
        time.sleep(AWAY_PAUSE_S)


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
