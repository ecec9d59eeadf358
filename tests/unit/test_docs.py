"""The reference pages in docs/ say what the code says."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from docs.generate import pages

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", pages())
def test_page_is_up_to_date(name: str) -> None:
    """`make docs` would change nothing."""
    assert (DOCS / name).read_text(encoding="utf-8") == pages()[name]


def test_the_examples_for_producers_tests_run() -> None:
    """What docs/testing.md shows is what happens."""
    found = doctest.testfile(str(DOCS / "testing.md"), module_relative=False, encoding="utf-8")
    assert found.attempted > 10
    assert found.failed == 0
