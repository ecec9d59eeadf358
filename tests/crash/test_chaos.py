"""Everything at once, by a seeded schedule; ``make chaos`` runs a longer one."""

from __future__ import annotations

import sys

import pytest

from benchmarks.chaos import Plan, run_chaos

pytestmark = [pytest.mark.integration, pytest.mark.crash]


# The suite's limit is for a test that hangs; this one has bounds of its own.
@pytest.mark.timeout(240)
def test_kills_of_all_kinds_under_load() -> None:
    """No article is lost, stuck, dead or wrong; no key and no message is left; stopped workers exit with 0."""
    report = run_chaos(Plan(jobs=800, kills=12, redis_kills=2, pauses=2, stops=4, workers=3, gap_s=1, settle_s=90))
    sys.stdout.write("\n".join(report.lines()))
    assert report.is_clean, report.lines()
    assert sum(report.states.values()) == 800
    assert set(report.stop_statuses) == {0}
