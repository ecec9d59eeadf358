"""Measures how late a worker renews its leases while it works on an article of each awkward shape.

A worker renews from a thread of its own. That thread waits for Python's interpreter while a rule of text holds it,
which is for as long as the longest single call into a function of C takes.

Each article is worked on in one thread, as in a worker, while the worker's own lease thread runs beside it with a short
lease and counts. Reported is the longest time between two renewals, less the pause that is meant to be there: in
seconds of this process' CPU time, which other processes do not lengthen, and by the clock. Renewals come three times in
a lease, so a lease of DEPECHE_LEASE_S stands a delay of two thirds of it.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable
from typing import Any

from config.settings import load_settings
from depeche.article import Article, Options
from tasks.pipeline import Context, process
from tests.unit.test_linear import SHAPES, made
from worker.models.profiles import load_engines
from worker.threads import lease_keeper

#: The lease of the measurement, in seconds: its renewals are close together, so that no delay is missed.
LEASE_S = 0.15
PAUSE_S = LEASE_S / 3


class Renewals:
    """What the lease thread calls in place of the ledger and of the messages: it notes when that is."""

    def __init__(self) -> None:
        self.moments: list[tuple[float, float]] = []

    def renew(self, *_: Any) -> list[str]:
        """Note a renewal: of the messages first, and then of the jobs."""
        self.moments.append((time.process_time(), time.monotonic()))
        return []

    def longest(self) -> tuple[float, float]:
        """The longest delay in CPU time and by the clock, in seconds."""
        pairs = list(zip(self.moments, self.moments[1:], strict=False))
        gaps = [[later[clock] - sooner[clock] for sooner, later in pairs] for clock in (0, 1)]
        return max(gaps[0], default=0.0), max(0.0, max(gaps[1], default=0.0) - PAUSE_S)


def measure(text: str, engines: Any) -> tuple[float, float, float]:
    """CPU seconds that an article takes, and the longest delay in CPU time and by the clock."""
    renewals: Any = Renewals()
    thread = lease_keeper(renewals, renewals, "worker", LEASE_S, list, str, lambda outcome: None)
    thread.start()
    renewals.renew()
    began = time.process_time()
    process(Article(text=text), Options(), engines, Context("job"))
    took_s = time.process_time() - began
    renewals.renew()
    thread.stop()
    return took_s, *renewals.longest()


def report(shapes: Iterable[str], chars: int) -> None:
    """A line for each shape as it is measured, and then the worst."""
    engines, found = load_engines(load_settings(profile="echo")), []
    print(f"{'shape':<28} {'CPU s':>8} {'delay, CPU s':>13} {'delay, clock s':>15}")
    for shape in shapes:
        took_s, cpu_s, clock_s = measure(made(shape, chars, " fin."), engines)
        found.append((cpu_s, shape))
        print(f"{shape:<28} {took_s:8.2f} {cpu_s:13.3f} {clock_s:15.3f}", flush=True)
    cpu_s, shape = max(found)
    print(f"longest delay: {cpu_s:.3f} s of CPU time ({shape}), of {len(found)} shapes with {chars} characters")


def main() -> None:
    """Measure the shapes that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.renewals", description=__doc__.partition("\n")[0])
    parser.add_argument("--chars", type=int, default=load_settings().max_article_chars)
    parser.add_argument("--shapes", nargs="+", choices=sorted(SHAPES), default=list(SHAPES), metavar="SHAPE")
    options = parser.parse_args()
    report(options.shapes, options.chars)


if __name__ == "__main__":
    main()
