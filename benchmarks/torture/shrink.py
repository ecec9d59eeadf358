"""Cuts what fails down to the part that it takes to fail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def shrink(items: Sequence[Item], fails: Callable[[Sequence[Item]], bool]) -> list[Item]:
    """A part of the items that fails, of which no item can be left out (Zeller's ddmin); empty where it takes none.

    Args:
        items: they fail together.
        fails: whether a part of them fails. With real processes the same part may fail at one time and not at another;
            so it should try more than once, and what it wrongly calls sound is only kept for longer.
    """
    if fails(()):
        return []
    kept, parts = list(items), 2
    while len(kept) >= 2:
        size = -(-len(kept) // parts)
        for start in range(0, len(kept), size):
            without = kept[:start] + kept[start + size :]
            if fails(without):
                kept, parts = without, max(parts - 1, 2)
                break
        else:
            if size == 1:
                break
            parts = min(len(kept), parts * 2)
    return kept
