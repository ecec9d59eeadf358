"""How far one Redis reaches, with the echo profile: prints a section of Markdown.

    python -m benchmarks.scale                                      all of it: half an hour, 4 GB of memory
    python -m benchmarks.scale --workers 1,2,4 --waiting 10000      less

More and more workers, whose articles each take a fixed time, and Redis' limit by its CPU seconds; and what each look
at the queue costs while more and more articles wait. A worker needs 60 MB, an article that waits 2.6 KB. Linux only.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from benchmarks.scale import queue, workers
from benchmarks.scale.report import queue_lines, reach_lines

WORKERS, JOB_S = (1, 2, 4, 8, 16, 32, 64), 5.0
WAITING = (1_000, 100_000, 1_000_000)


def section(
    counts: Sequence[int] = WORKERS, waiting: Sequence[int] = WAITING, job_s: float = JOB_S, share: float = 1
) -> list[str]:
    """Measure, and tell it.

    Args:
        counts: numbers of workers, ascending; none for no such table.
        waiting: lengths of the queue, ascending; none for no such table.
        job_s: how long an article takes, in seconds.
        share: of the time that each look takes else; below 1 the figures mean less.

    Returns:
        Lines of Markdown, without a heading.
    """
    lines: list[str] = []
    if counts:
        lines += [*reach_lines(workers.measure(counts, job_s, share)), ""]
    if waiting:
        lines += [*queue_lines([queue.measure(count, share) for count in waiting]), ""]
    return lines


def main() -> None:
    """Print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=_numbers, default=WORKERS, help="such as 1,2,4; empty for none")
    parser.add_argument("--waiting", type=_numbers, default=WAITING, help="such as 1000,100000; empty for none")
    parser.add_argument("--seconds", type=float, default=JOB_S, help="how long an article takes")
    options = parser.parse_args()
    print("\n".join(section(options.workers, options.waiting, options.seconds)))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(sorted(int(number) for number in text.split(",") if number))


if __name__ == "__main__":
    main()
