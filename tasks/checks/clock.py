"""Times of day: ``20 h``, ``20 heures``, ``8:30 pm`` and ``8 o'clock`` as hours from 0 to 24."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from decimal import Decimal

from tasks.checks.units import Units

_MINUTES_BEFORE = re.compile(r"[0-9]\s?(?:h(?:eures?)?\s?|:)$", re.IGNORECASE)
_TIME_AFTER = re.compile(r"\s?(?:[ap]\.?\s?m\b|h(?:eures?|rs)?\b)", re.IGNORECASE)
_MINUTES_AFTER = r"(?::[0-5]\d(?!\d))"
_HALF_OF_DAY = re.compile(rf"{_MINUTES_AFTER}?(?::[0-5]\d)?\s?(?P<half>[ap])\.?\s?m\b", re.IGNORECASE)
_ENGLISH = re.compile(rf"{_MINUTES_AFTER}|\s?o'clock\b", re.IGNORECASE)
_IN_ENGLISH_DAY = re.compile(r"\s(?:in the (?:morning|afternoon|evening)|tonight|at night|this (?:morning|evening))\b")
_AT = re.compile(r"\bat $", re.IGNORECASE)
_FRENCH = re.compile(rf"\s?h(?:eures?)?(?![^\W\d_])|{_MINUTES_AFTER}", re.IGNORECASE)
_LATE = re.compile(r"\b(?:soir|soirée|après-midi|aprem|nuit)\b", re.IGNORECASE)
_LOOK_AHEAD = 40
_NOON, _DAY = 12, 24
CLOCK: Units = frozenset({"clock"})


@dataclass(frozen=True)
class Time:
    """An hour of the day: what it may be, and the unit ``clock``."""

    values: set[Decimal]
    units: Units


def is_minutes(before: str) -> bool:
    """Whether the number after ``before`` is the minutes of a time."""
    return bool(_MINUTES_BEFORE.search(before))


def is_time(text: str, end: int) -> bool:
    """Whether a number that ends at ``end`` is surely a time, as in ``18.30 heures`` and ``6.30 p.m.``."""
    return bool(_TIME_AFTER.match(text, end))


def read(text: str, end: int, before: str, values: Set[Decimal], language: str, *, counts: bool = False) -> Time | None:
    """The hour that a number is, by what stands around it; None where it is not a time of day.

    Args:
        text: with plain apostrophes and spaces.
        end: where the number ends.
        before: the text before it.
        values: of the number alone; one value.
        language: ``fr`` or ``en``.
        counts: whether a unit stands behind it, so that "at" alone makes it no time.

    Returns:
        No value at all for an hour that does not exist, such as "20 p.m.".
    """
    value = next(iter(values))
    if len(values) != 1 or value != value.to_integral_value() or not 0 <= value <= _DAY:
        return None
    hour = int(value)
    return _french(text, end, hour) if language == "fr" else _english(text, end, "" if counts else before, hour)


def _french(text: str, end: int, hour: int) -> Time | None:
    found = _FRENCH.match(text, end)
    if not found:
        return None
    late = hour <= _NOON and bool(_LATE.search(text[found.end() : found.end() + _LOOK_AHEAD]))
    return Time(_hours(hour, either_half=late), CLOCK)


def _english(text: str, end: int, before: str, hour: int) -> Time | None:
    if half := _HALF_OF_DAY.match(text, end):
        return Time(_of_half(hour, late=half["half"] in "pP"), CLOCK)
    if _ENGLISH.match(text, end):
        return Time(_hours(hour, either_half=hour <= _NOON), CLOCK)
    if hour <= _NOON and (_AT.search(before) or _IN_ENGLISH_DAY.match(text, end)):
        return Time(_hours(hour, either_half=True), frozenset())
    return None


def _of_half(hour: int, *, late: bool) -> set[Decimal]:
    if hour > _NOON:
        return set()
    if hour == _NOON:
        return {Decimal(12)} if late else {Decimal(0), Decimal(24)}
    return {Decimal(hour + _NOON if late else hour)}


def _hours(hour: int, *, either_half: bool) -> set[Decimal]:
    hours = {hour, hour + _NOON} if either_half else {hour}
    return {Decimal(h) for h in hours} | ({Decimal(0), Decimal(24)} if hours & {0, 24} else set())
