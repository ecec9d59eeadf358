"""How far a command with many articles is: counts, the rate of the last half minute, and the time left."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

#: The rate is that of so many seconds, as the queue is shared and workers come and go.
RATE_S = 30.0

TICK_S = 0.5


@dataclass
class Tally:
    """Counts of articles. ``total`` is None where it is not known how many there are; it may be an estimate."""

    total: int | None = None
    done: int = 0
    failed: int = 0
    #: What never became a job, as the input or the queue did not take it.
    refused: int = 0
    #: Results that were there before.
    kept: int = 0
    #: Jobs that had not ended when they were looked at for the last time.
    open: int = 0

    @property
    def ended(self) -> int:
        """How many need no more work."""
        return self.done + self.failed + self.refused + self.kept


class Pace:
    """The rate at which a count has grown lately."""

    def __init__(self, now: float) -> None:
        self._points = deque([(now, 0)])

    def rate(self, now: float, count: int) -> float:
        """Articles a second, from the counts that were given in the last :data:`RATE_S` seconds."""
        self._points.append((now, count))
        while len(self._points) > 2 and self._points[1][0] < now - RATE_S:
            self._points.popleft()
        since, first = self._points[0]
        return (count - first) / (now - since) if now > since else 0.0


def describe(tally: Tally, rate: float) -> str:
    """One line: ``1 234 of 20 000 articles, 2 failed, 85 a second, 4 min left``."""
    left = 0 if tally.total is None else tally.total - tally.ended
    of = "" if tally.total is None or left < 0 else f" of {spaced(tally.total)}"
    parts = [f"{spaced(tally.ended)}{of} articles"]
    parts += [f"{spaced(tally.failed)} failed"] if tally.failed else []
    parts += [f"{spaced(tally.refused)} refused"] if tally.refused else []
    if rate > 0:
        parts.append(f"{rate:.0f} a second" if rate >= 10 else f"{60 * rate:.0f} a minute")
        if left > 0:
            parts.append(f"{duration(left / rate)} left")
    return ", ".join(parts)


def spaced(count: int) -> str:
    """A count with a space after each third digit."""
    return f"{count:,}".replace(",", " ")


def duration(seconds: float) -> str:
    """A time in words, such as ``42 s``, ``4 min``, ``2 h 10 min`` or ``3 days``."""
    minutes = round(seconds / 60)
    if seconds < 99.5:
        return f"{seconds:.0f} s"
    if minutes < 100:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{round(minutes / 60 / 24)} days"


class Ticker:
    """Calls a function twice a second in a thread of its own, while its context lasts. It is told the time."""

    def __init__(self, tick: Callable[[float], None]) -> None:
        self._tick = tick
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="depeche-progress", daemon=True)

    def __enter__(self) -> Ticker:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        # Not for ever, as it may wait for a Redis that is away.
        self._thread.join(2 * TICK_S)

    def _run(self) -> None:
        while not self._over.wait(TICK_S):
            self._tick(time.monotonic())
