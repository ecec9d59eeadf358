"""Waits for jobs: it hears of their ends from Redis, and looks at them from time to time as well.

Each job that ends is told on a channel of its own (``depeche.keys.ENDED_CHANNEL``). A message there is only a reason to
look at the job: what counts is its record. So nothing is missed: a job is looked at once it is listened to, as it may
have ended before; again after each new connection, as Redis keeps no messages; and at intervals whatever is heard, as
workers of release 0.1 tell nothing, and users of Redis that were made for them may not listen.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Protocol

from depeche.article import JobState, JobStatus
from depeche.errors import NotReady, RedisUnavailable

#: The pause between two looks at a job. It is short at first, for short articles, and grows to spare Redis.
FIRST_POLL_S, LAST_POLL_S, POLL_GROWTH = 0.05, 2.0, 1.5
#: Where ends are heard, no more jobs than these are looked at in a second without a reason.
POLLED_A_SECOND = 100

#: So many jobs are waited for at the same time, however many are given, and so many are looked at in one step.
WINDOW, CHUNK = 1000, 100
#: So long, at most, until a caller that had no more ids for the moment is asked again.
REST_S = 0.2
#: So many ids an error's message names.
SHOWN_IDS = 3

#: A Redis that is away for so long, after it has answered once, is not waited for any more.
AWAY_S, AWAY_PAUSE_S = 60.0, 0.5

#: What reads the statuses of jobs, in the order given.
Look = Callable[[list[str]], list[JobStatus]]


class Listener(Protocol):
    """Hears of the ends of jobs. ``depeche.listener`` has them for Redis."""

    @property
    def refused(self) -> bool:
        """Whether nothing can be heard, because Redis does not allow it."""

    def listen(self, task_ids: list[str]) -> None:
        """Listen to these jobs too; where one is new, it is heard once as soon as that is so."""

    def forget(self, task_ids: list[str]) -> None:
        """Listen to these no more."""

    def renew(self) -> None:
        """Forget what was listened to, and connect anew for the next job: the connection may be a dead one."""

    def hear(self, timeout_s: float) -> list[str]:
        """The jobs to look at, as they were heard of. Returns after the first ones, or when the time is over."""


def over(status: JobStatus) -> bool:
    """Whether nobody need wait for this job any longer: it has ended, or there is no such job."""
    return status.state.terminal or status.state is JobState.UNKNOWN


class Watch:
    """Which jobs are waited for, and which of them to look at now. It does not talk to Redis, and reads no clock.

    Times are seconds of one clock that never goes back.
    """

    def __init__(self, now: float) -> None:
        # How often each id was given, as it is answered as often.
        self._open: dict[str, int] = {}
        self._due: dict[str, None] = {}
        self._pause_s = FIRST_POLL_S
        self._poll_at = now + FIRST_POLL_S

    def __len__(self) -> int:
        return len(self._open)

    @property
    def ids(self) -> list[str]:
        """The jobs that are waited for."""
        return list(self._open)

    def add(self, task_ids: Iterable[str]) -> None:
        """Wait for these too."""
        for task_id in task_ids:
            self._open[task_id] = self._open.get(task_id, 0) + 1
            self._due[task_id] = None

    def heard(self, task_ids: Iterable[str]) -> None:
        """Something was heard of these."""
        self._due.update(dict.fromkeys(task_id for task_id in task_ids if task_id in self._open))

    def due(self, now: float, refused: bool) -> list[str]:
        """The jobs to look at now: those of which something was heard, and all of them when it is time."""
        if now >= self._poll_at:
            self._due = dict.fromkeys(self._open)
            longest_s = LAST_POLL_S if refused else max(LAST_POLL_S, len(self._open) / POLLED_A_SECOND)
            self._pause_s = min(self._pause_s * POLL_GROWTH, longest_s)
            self._poll_at = now + self._pause_s
        found, self._due = list(self._due), {}
        return found

    def remove(self, task_id: str) -> int:
        """Wait for this one no more. Returns how often it was given."""
        self._due.pop(task_id, None)
        return self._open.pop(task_id, 0)

    def pause_s(self, now: float) -> float:
        """How long there is nothing to look at, unless something is heard."""
        return 0.0 if self._due else max(0.0, self._poll_at - now)


class Patience:
    """How long a Redis that is away is waited for: not at all before it has answered once."""

    def __init__(self) -> None:
        self._reached = False
        self._away_since: float | None = None

    def answered(self) -> None:
        """Redis has answered."""
        self._reached, self._away_since = True, None

    def failed(self, error: RedisUnavailable, now: float) -> None:
        """Redis has not answered.

        Raises:
            RedisUnavailable: the error itself, where there is no point in waiting any longer.
        """
        since = self._away_since = now if self._away_since is None else self._away_since
        if not self._reached or error.final or now - since > AWAY_S:
            raise error


class Waiter:
    """Waits for jobs on behalf of one caller.

    Args:
        look: reads the statuses of jobs, in the order given. It raises RedisUnavailable.
        listener: hears of ends.
        on_status: called with every status that is read.
    """

    def __init__(self, look: Look, listener: Listener, on_status: Callable[[JobStatus], None] | None = None) -> None:
        self._look, self._listener, self._on_status = look, listener, on_status
        self._watch, self._patience = Watch(time.monotonic()), Patience()

    def ends(self, task_ids: Iterable[str | None], timeout_s: float | None = None) -> Iterator[tuple[str, JobStatus]]:
        """Each id with its last status, as the jobs end. An id that was given twice is answered twice.

        Arguments and errors are those of :meth:`chunks`.
        """
        for chunk in self.chunks(task_ids, timeout_s):
            yield from chunk

    def chunks(
        self, task_ids: Iterable[str | None], timeout_s: float | None = None
    ) -> Iterator[list[tuple[str, JobStatus]]]:
        """As :meth:`ends`, but those that are found to have ended at the same time come together.

        At most :data:`WINDOW` jobs are waited for at a time, and the next ids are taken as others have ended.

        Args:
            task_ids: the ids, of which there may be any number. None stands for "no more for the moment": what was
                given is waited for, and the next ids are asked for within :data:`REST_S`.
            timeout_s: give up after this many seconds. What is waited for then is looked at once more.

        Raises:
            NotReady: the time is over. ``detail`` has the number of jobs that were waited for, and the first ids.
            RedisUnavailable: Redis was away for too long.
        """
        deadline = math.inf if timeout_s is None else time.monotonic() + timeout_s
        rest, watch, more = iter(task_ids), self._watch, True
        while True:
            resting = False
            if more and len(watch) < WINDOW:
                taken, more, resting = _take(rest)
                watch.add(taken)
            full = not more or resting or len(watch) >= WINDOW
            last = full and time.monotonic() >= deadline
            yield from self._ended(watch.ids if last else watch.due(time.monotonic(), self._listener.refused))
            if not (watch or more):
                return
            if last:
                raise not_ready(watch.ids, timeout_s)
            if full:
                now = time.monotonic()
                longest_s = min(deadline - now, REST_S if resting else math.inf)
                watch.heard(self._listener.hear(max(0.0, min(watch.pause_s(now), longest_s))))

    def _ended(self, task_ids: list[str]) -> Iterator[list[tuple[str, JobStatus]]]:
        """Look at these jobs, and give those that are over, as often as they were given. No chunk is empty."""
        for start in range(0, len(task_ids), CHUNK):
            found = self._read(task_ids[start : start + CHUNK])
            for status in found.values():
                if self._on_status:
                    self._on_status(status)
            ended = {task_id: status for task_id, status in found.items() if over(status)}
            # This comes first, as the caller may take its time with what is given.
            self._listener.forget(list(ended))
            self._listener.listen([task_id for task_id in found if task_id not in ended])
            times = {task_id: self._watch.remove(task_id) for task_id in ended}
            if chunk := [(task_id, status) for task_id, status in ended.items() for _ in range(times[task_id])]:
                yield chunk

    def _read(self, task_ids: list[str]) -> dict[str, JobStatus]:
        """The statuses of these jobs; none where Redis is away, and then they are due again."""
        try:
            found = dict(zip(task_ids, self._look(task_ids), strict=True))
        except RedisUnavailable as error:
            self._patience.failed(error, time.monotonic())
            self._listener.renew()
            self._watch.heard(task_ids)
            time.sleep(AWAY_PAUSE_S)
            return {}
        self._patience.answered()
        return found


def _take(task_ids: Iterator[str | None]) -> tuple[list[str], bool, bool]:
    """The next chunk of ids, whether there may be more, and whether there are none for the moment."""
    taken: list[str] = []
    for task_id in islice(task_ids, CHUNK):
        if task_id is None:
            return taken, True, True
        taken.append(task_id)
    return taken, len(taken) == CHUNK, False


def in_order(waiter: Waiter, task_ids: Iterable[str], timeout_s: float | None = None) -> Iterator[JobStatus]:
    """The last status of each job, in the order of the ids, each as soon as it and all before it have ended.

    Raises:
        NotReady, RedisUnavailable: as :meth:`Waiter.ends`.
    """
    deadline = math.inf if timeout_s is None else time.monotonic() + timeout_s
    rest = iter(task_ids)
    while wanted := deque(islice(rest, WINDOW)):
        found: dict[str, JobStatus] = {}
        left_s = None if timeout_s is None else max(0.0, deadline - time.monotonic())
        for task_id, status in waiter.ends(list(wanted), left_s):
            found[task_id] = status
            while wanted and wanted[0] in found:
                yield found[wanted.popleft()]


def not_ready(task_ids: list[str], timeout_s: float | None) -> NotReady:
    """The error for jobs that have not ended in time."""
    shown = ", ".join(task_ids[:SHOWN_IDS]) + (" and others" if len(task_ids) > SHOWN_IDS else "")
    return NotReady(
        f"not ended after {timeout_s:g} s: {shown}; jobs go on, so wait again", {"open": len(task_ids), "ids": task_ids}
    )
