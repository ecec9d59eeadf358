"""What the benchmark of many workers concludes: from three kinds of load it finds what Redis spends on each."""

from __future__ import annotations

import pytest

from benchmarks.scale.counted import Used
from benchmarks.scale.queue import SUBMIT, Cost, Waiting
from benchmarks.scale.report import queue_lines, reach_lines
from benchmarks.scale.workers import CONCURRENCY, Load, Reach

JOB, WORKER, RUNNING = 0.0005, 0.001, 0.0002


def load(workers: int, jobs: int, job_s: float, seconds: float = 10.0) -> Load:
    """What a Redis with these costs would show."""
    cpu_s = jobs * JOB + seconds * workers * WORKER + jobs * job_s * RUNNING
    return Load(workers, job_s, seconds, jobs, Used(cpu_s, 40 * jobs), jobs * 0.006)


REACH = Reach([load(1, 4, 5.0), load(64, 256, 5.0)], load(64, 0, 5.0), load(2, 2000, 0.0), 56.0, {"fork": 3})


def test_the_costs_are_taken_apart() -> None:
    """What a job, a worker and a job in work cost comes out as it was put in."""
    costs = REACH.costs
    assert (costs.job, costs.worker, costs.running) == pytest.approx((JOB, WORKER, RUNNING))
    assert costs.commands == 40


@pytest.mark.parametrize("job_s", [0.0, 1.0, 10.0])
def test_the_limit_keeps_one_core_busy(job_s: float) -> None:
    """So many jobs a second, with as many workers as they need, are one CPU second a second."""
    rate = REACH.costs.most(job_s)
    workers = rate * job_s / CONCURRENCY
    assert rate * JOB + rate * job_s * RUNNING + workers * WORKER == pytest.approx(1.0)


def test_the_tables_have_a_line_for_each() -> None:
    """Numbers of workers, and looks at the queue; a command too fast for Redis' log is said to be so."""
    lines = list(reach_lines(REACH))
    assert "| 64 | 25.6 | 100% | 10.2% of a core | 1024 | 6.0 |" in lines
    found = Waiting(1000, 2600.0, 0.05, {SUBMIT: Cost(0.001, 0.0002, 0.0001, 6.0, 0.0)}, {})
    table = list(queue_lines([found]))
    assert "| articles submitted a second | 1000 |" in table
    assert f"| {SUBMIT} | 1; 0.2 + 0.1; 6.0; under 1 |" in table
