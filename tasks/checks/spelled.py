"""Numbers in words: ``deux mille dix-sept``, ``one hundred and twenty``, ``nineteen eighty-four``, ``trois cents``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tasks.checks.number_words import Words

_ONE = Decimal(1)
#: A word number above this is as exact as digits: nobody writes "dix-sept" loosely.
_LOOSE_UP_TO = 12
#: "Mille et un".
_IDIOM, _IDIOM_WORDS = 1001, 3
#: "Nineteen eighty-four": centuries and years of them, said one after the other.
_CENTURIES, _YEARS = range(10, 21), range(10, 100)


@dataclass(frozen=True)
class Spelled:
    """One number of a run of number words.

    Attributes:
        start: index of its first word.
        end: index after its last word.
        value: 0 where the word is not a number by itself ("premier", "dizaine").
        scale: that of its last word: 1000000 for "trois millions".
        exact: whether the other language must have it.
        loose: what its words may stand for one by one.
        bare_scale: the scale that it begins with: "millions".
    """

    start: int
    end: int
    value: int
    scale: Decimal
    exact: bool
    loose: frozenset[Decimal]
    bare_scale: Decimal | None = None


def spelled_numbers(names: Sequence[str], words: Words) -> Iterator[Spelled]:
    """All numbers of a run of number words, in small letters."""
    start = 0
    while start < len(names):
        end, value = _one_number(names, start, words)
        if words.says_years and value in _CENTURIES and end == start + 1 and end < len(names):
            year_end, year = _one_number(names, end, words)
            if year in _YEARS and names[end] in words.units:
                yield _spelled(names, end, year_end, year, words, exact=False)
                end, value = year_end, value * 100 + year
        is_decade = words.says_years and end < len(names) and names[end].endswith("ties")
        yield _spelled(
            names, start, end, value, words, exact=not is_decade and not _is_vague(names[start:end], value, words)
        )
        start = end


def _spelled(names: Sequence[str], start: int, end: int, value: int, words: Words, *, exact: bool) -> Spelled:
    return Spelled(
        start=start,
        end=end,
        value=value,
        scale=words.scales.get(names[end - 1], _ONE) if value else _ONE,
        exact=exact,
        loose=frozenset(v for name in names[start:end] for v in words.values.get(name, ())),
        bare_scale=words.scales.get(names[start]),
    )


def _is_vague(names: Sequence[str], value: int, words: Words) -> bool:
    """Whether a translation may take the number loosely: small ones, and "cent", "mille", "a hundred" alone."""
    if value <= _LOOSE_UP_TO or (value == _IDIOM and len(names) == _IDIOM_WORDS):
        return True
    said = names[1:] if names[0] in words.articles else names
    return len(said) == 1 and said[0] in words.vague


def _one_number(names: Sequence[str], start: int, words: Words) -> tuple[int, int]:
    """Where the number that begins at ``start`` ends, and its value (0 where the word is none by itself)."""
    total, current, room, position = 0, 0, 10**15, start
    while position < len(names):
        name = names[position]
        if name in words.joiners:
            follows = names[position + 1] if position + 1 < len(names) else ""
            if position == start or words.units.get(follows, 0) >= room or follows not in words.units:
                break
        elif name in words.twenty and current % 100 == 4:
            current, room = current + 76, 20
        elif 0 < (unit := words.units.get(name, 0)) < room:
            current += unit
            room = _room_after(unit, counts_by_twenties=bool(words.twenty))
        elif name in words.hundreds and current < 20:
            current, room = max(current, 1) * 100, 100
        elif name in words.scales and (position > start or words.scales[name] == 1000):
            scale = int(words.scales[name])
            # "Deux mille milliards" multiplies, "trois millions deux cent mille" adds.
            if total < scale:
                total = max(total + current, 1) * scale
            else:
                total += max(current, 1) * scale
            current, room = 0, 1000
        else:
            break
        position += 1
    if position > start and names[position - 1] in words.joiners:
        position -= 1
    return max(position, start + 1), total + current


def _room_after(unit: int, *, counts_by_twenties: bool) -> int:
    """What may be added after ``unit`` must be less: "soixante-quinze", "dix-sept", but not "trente-quinze"."""
    if unit % 10 or (unit == 10 and not counts_by_twenties):
        return 1
    return 20 if unit >= 60 and counts_by_twenties else 10
