"""Words and words in a row of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """The words of ``text``, without case and marks."""
    return _WORD.findall(text.casefold())


def spans(items: Sequence[str], length: int) -> Iterator[tuple[str, ...]]:
    """All ``length`` items in a row, in order."""
    return zip(*(items[start:] for start in range(length)), strict=False)
