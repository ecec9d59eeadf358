"""The benchmark of speed runs, as far as it needs no model."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.speed.__main__ import SECTIONS, WITHOUT_MODELS, main

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("name", WITHOUT_MODELS)
def test_a_section_is_measured_and_written(name: str, tmp_path: Path) -> None:
    """With the profile echo, each section has a table with figures in it."""
    page = tmp_path / "RESULTS.md"
    main([name, "--profile", "echo", "--quick", "--sentences", "3", "--out", str(page)])
    title, _ = SECTIONS[name]
    _, _, text = page.read_text(encoding="utf-8").partition(f"## {title}\n")
    rows = [line.split("|")[2:-1] for line in text.splitlines() if line.startswith("|") and "---" not in line]
    assert [cell for row in rows for cell in row if any(map(str.isdigit, cell))]
