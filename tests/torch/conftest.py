"""What the tests with torch share."""

from __future__ import annotations

import pytest

from worker.models import standard


@pytest.fixture(autouse=True)
def _one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Matrices this small take longer on two threads, many times so where other programs want the cores too."""
    monkeypatch.setattr(standard, "cores", lambda: 1)
