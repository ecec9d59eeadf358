"""Random clients and random faults by a seeded schedule, and a checker that knows the history; ``make torture`` runs
longer ones.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.torture.run import Means, run
from benchmarks.torture.schedule import Fault, make

pytestmark = [pytest.mark.integration, pytest.mark.crash]

#: Those after which nobody waits for a silent connection until its time is up.
FAULTS: tuple[Fault, ...] = (
    "kill_producer",
    "kill_worker",
    "kill_redis",
    "stop_worker",
    "pause_worker",
    "pause_redis",
    "cut_all",
    "client_pause",
    "full_memory",
    "script_flush",
    "delay",
    "cut",
    "lose_answers",
    "halve_answers",
)


# The suite's limit is for a test that hangs; this one has bounds of its own.
@pytest.mark.timeout(360)
def test_every_promise_is_kept(tmp_path: Path) -> None:
    """Each accepted job ends once, in its own way and with its own result, and nothing is left over."""
    schedule = make(1, jobs=120, faults=len(FAULTS), rate=12, kinds=FAULTS, lease_s=3)
    outcome = run(schedule, tmp_path / "run", Means())
    assert outcome.violations == []
    assert len(outcome.history.calls) > 150
    assert {fault.kind for fault in outcome.history.faults if not fault.failed} == set(FAULTS)
