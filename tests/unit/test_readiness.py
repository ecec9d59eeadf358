"""A worker that says that it is ready has nothing left to load."""

from __future__ import annotations

from tasks.checks import terms
from tasks.checks.units import unit_names
from tasks.engines import Engines
from worker.models.engines.echo import EchoDetector, EchoSummariser, EchoTranslator
from worker.readiness import warm_up


def test_the_checks_tables_are_loaded_before_the_first_article() -> None:
    """Twelve articles that came at once would each load them, and a short one would wait for all."""
    for table in (unit_names, terms._index):
        table.cache_clear()
    warm_up(Engines(EchoTranslator(), EchoSummariser(), EchoDetector()))
    assert unit_names.cache_info().currsize == 2, "French and English"
    assert terms._index.cache_info().currsize == 1
