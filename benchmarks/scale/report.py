"""What was measured, as lines of Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.scale.queue import SUBMIT, Cost, Waiting
from benchmarks.scale.workers import BUSY_WORKERS, CONCURRENCY, Reach

#: The limit is said for jobs of these lengths, in seconds.
LENGTHS = (0.1, 1.0, 10.0)


def reach_lines(reach: Reach) -> Iterator[str]:
    """The table of many workers, and Redis' limit."""
    job_s = reach.loads[0].job_s
    yield f"Each worker takes {CONCURRENCY} articles at once, and each takes {job_s:g} s in which nothing is computed."
    yield ""
    yield "| workers | jobs/s | of what they could | Redis' CPU | its commands/s | workers' CPU, ms a job |"
    yield "| ---: | ---: | ---: | ---: | ---: | ---: |"
    for load in reach.loads:
        yield (
            f"| {load.workers} | {load.rate:.1f} | {load.rate / load.expected:.0%} "
            f"| {load.redis.cpu_s / load.seconds:.1%} of a core | {load.redis.commands / load.seconds:.0f} "
            f"| {load.workers_cpu_s / load.jobs * 1000:.1f} |"
        )
    idle, costs = reach.idle, reach.costs
    yield ""
    yield (
        f"{idle.workers} workers with nothing to do: {idle.redis.cpu_s / idle.seconds:.1%} of a core for Redis, "
        f"{idle.redis.commands / idle.seconds / idle.workers:.1f} commands a second and "
        f"{idle.workers_cpu_s / idle.seconds / idle.workers:.2%} of a core for each. A worker of the echo profile has "
        f"{reach.worker_mb:.0f} MB for itself."
    )
    yield ""
    yield (
        f"A job costs Redis {costs.job * 1000:.2f} ms of CPU and {costs.commands:.0f} commands, those "
        f"of scripts too (measured with {BUSY_WORKERS} workers that do nothing "
        f"else, {reach.busy.rate:.0f} jobs a second); a job in work {costs.running * 1000:.2f} ms a second, as its "
        f"progress is recorded; a worker {costs.worker * 1000:.2f} ms a second."
    )
    yield ""
    limits = ", ".join(f"{costs.most(length):.0f} jobs/s of {length:g} s" for length in LENGTHS)
    yield (
        f"So a Redis on a core of its own, which executes commands on one core, is at its limit with {limits}, with as "
        "many workers as they need. This is computed from its CPU seconds, and was not reached on this machine."
    )
    yield ""
    yield _pauses(reach.pauses)


def queue_lines(found: Sequence[Waiting]) -> Iterator[str]:
    """The table of what each look costs, with a column for each length of the queue."""
    yield "Each cell, times in ms: on the clock; CPU of whoever looks + of Redis; commands; the slowest of them."
    yield ""
    yield "| with so many waiting | " + " | ".join(f"{_spaced(one.articles)}" for one in found) + " |"
    yield "| --- |" + " ---: |" * len(found)
    yield "| memory of Redis for each | " + " | ".join(f"{one.bytes_each:.0f} bytes" for one in found) + " |"
    yield "| articles submitted a second | " + " | ".join(f"{1 / one.costs[SUBMIT].wall_s:.0f}" for one in found) + " |"
    for name in found[0].costs:
        yield f"| {name} | " + " | ".join(_cell(one.costs[name]) for one in found) + " |"
    yield "| `/metrics` of a worker at work | " + " | ".join(f"{one.scrape_s * 1000:.0f} ms" for one in found) + " |"
    yield ""
    for one in found:
        yield f"With {_spaced(one.articles)}: {_pauses(one.pauses)}"


def _cell(cost: Cost) -> str:
    slowest = f"{cost.slowest_ms:.1f}" if cost.slowest_ms else "under 1"
    commands = f"{cost.commands:.0f}" if cost.commands >= 10 else f"{cost.commands:.1f}"
    return f"{_ms(cost.wall_s)}; {_ms(cost.cpu_s)} + {_ms(cost.redis_cpu_s)}; {commands}; {slowest}"


def _ms(seconds: float) -> str:
    ms = seconds * 1000
    return f"{ms:.3g}" if ms < 1000 else f"{ms:.0f}"


def _pauses(pauses: dict[str, int]) -> str:
    told = ", ".join(f"{name} {ms} ms" for name, ms in sorted(pauses.items())) or "none"
    return f"Redis' longest pauses on the clock, other programs' share of the cores included: {told}."


def _spaced(number: int) -> str:
    return f"{number:_}".replace("_", " ")
