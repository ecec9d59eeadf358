"""Roman numerals: ``XIXe siècle``, ``Louis XIV``, ``chapitre IV``."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50}
_CANONICAL = re.compile(r"(?:X{0,3}|XL|LX{0,3})(?:IX|IV|V?I{0,3})")
_CENTURY_AFTER = re.compile(r"\s*(?:siècle|centur)")
_NAME_BEFORE = re.compile(r"[A-ZÀ-Þ][^\W\d_]+ $")
_PART_BEFORE = re.compile(
    r"\b(?:chapitre|tome|acte|livre|partie|volume|titre|annexe|scène"
    r"|chapter|act|book|part|title|annex|scene) $",
    re.IGNORECASE,
)
_LOOK_BACK = 24


class Numeral(NamedTuple):
    """Its value, and whether the other language must have it: centuries, kings, popes and chapters."""

    value: int
    exact: bool


def read(text: str, start: int, end: int, letters: str, ordinal: str) -> Numeral | None:
    """The numeral in ``text[start:end]``, which is ``letters`` and the ending ``ordinal``; None where it is a word."""
    if letters != "I" and ordinal.startswith(("er", "ère", "re")):
        return None  # "Vers"
    before = text[max(0, start - _LOOK_BACK) : start]
    several = len(letters) > 1 and bool(_CANONICAL.fullmatch(letters))
    exact = (
        bool(ordinal and letters != "L")
        or (several and bool(_NAME_BEFORE.search(before)))
        or bool(_PART_BEFORE.search(before) or _CENTURY_AFTER.match(text, end))
    )
    return Numeral(_value(letters), exact)


def _value(letters: str) -> int:
    values = [*map(_VALUES.__getitem__, letters), 0]
    return sum(-one if one < following else one for one, following in pairwise(values))
