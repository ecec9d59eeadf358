"""Do the numbers of a French sentence and of its English translation agree?

A number may change its clothes in translation (``3,5`` and ``3.5``, ``18 h 30`` and ``6:30 pm``, ``XXe siècle`` and
``20th century``, ``deux`` and ``2``), so each one is read as the set of values it may stand for, and two numbers agree
when they share one. Numbers in digits are asked for on both sides; small numbers in words only serve as their partners,
because translations drop and add words like "two" or "first" freely without being wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tasks.checks.number_words import ENGLISH, FRENCH, ROMAN, Words

_GROUP_MARKS = " \u00a0\u2009\u202f'’"
_TOKEN = re.compile(
    rf"(?P<digits>(?<![0-9])[0-9]{{1,3}}(?:[{_GROUP_MARKS}.,][0-9]{{3}}(?![0-9]))+(?:[.,][0-9]+)?"
    r"|[0-9]+(?:[.,][0-9]+)*)"
    r"|(?<![^\W_])(?P<roman>[IVXL]+)(?P<ordinal>(?:ers?|ères?|res?|èmes?|emes?|es?)?)(?![^\W_])"
    r"|(?P<word>[^\W\d_]+)"
)
_JOINED = re.compile(r"[\s\u00ad-]{1,2}")
_HOUR = re.compile(r"\s?(?:h(?:eures?|rs?)?(?![^\W\d_])|:[0-9]{2}|[ap]\.?\s?m\b|o['’]clock)", re.IGNORECASE)
_TIME = re.compile(r"\s?(?:[ap]\.?\s?m\b|h(?:eures?|rs)?\b)", re.IGNORECASE)
_MINUTES_BEFORE = re.compile(r"[0-9]\s?(?:h(?:eures?)?\s?|:)$", re.IGNORECASE)
_YEAR_BEFORE = re.compile(r"(?:1[0-9]|20)[0-9]{2}[-–/]$")
_UNIT_BEFORE = re.compile(r"(?<![^\W_])(?:[kcm]?m|CO)$")
_DECADE_AFTER = re.compile(r"['’]?s\b")
_DECADE_BEFORE = re.compile(r"années?\s*$", re.IGNORECASE)
_CENTURY_AFTER = re.compile(r"\s*siècle")
_SCALE_AFTER = re.compile(r"[\s-]{0,2}([^\W\d_]+)")
_LOOK_BACK = 12
_ONE = Decimal(1)
#: A word number above this is as exact as digits: nobody writes "dix-sept" loosely.
_LOOSE_UP_TO = 12


@dataclass(frozen=True)
class Number:
    """One number of a text.

    Attributes:
        values: what it may stand for, before its scale: ``{1200, 1.2}`` for ``1.200``, ``{3.8}`` for ``3,8 milliards``.
        scale: 1000000000 for ``3,8 milliards``; 1 without a scale word.
        exact: whether the other language must have it.
    """

    values: frozenset[Decimal]
    scale: Decimal = _ONE
    exact: bool = True


@dataclass
class _Known:
    """The numbers of one text, ready to be asked."""

    scales: dict[Decimal, set[Decimal]] = field(default_factory=dict)
    scaled: set[Decimal] = field(default_factory=set)

    def add(self, number: Number) -> None:
        for value in number.values:
            self.scales.setdefault(value, set()).add(number.scale)
            self.scaled.add(value * number.scale)

    def has(self, number: Number) -> bool:
        if any(value * number.scale in self.scaled for value in number.values):
            return True
        # "3 à 4 milliards" is "3 billion to 4 billion": a scale may be unspoken, but two spoken ones must be equal.
        scales: set[Decimal] = set().union(*(self.scales.get(value, set()) for value in number.values))
        return bool(scales) and (number.scale == _ONE or _ONE in scales or number.scale in scales)


def numbers_agree(french: str, english: str) -> bool:
    """Whether every exact number of each text has its partner in the other."""
    ours, theirs = read_numbers(french, FRENCH), read_numbers(english, ENGLISH)
    return not missing(ours, theirs) and not missing(theirs, ours)


def missing(wanted: Iterable[Number], given: Iterable[Number]) -> list[Number]:
    """The exact numbers of ``wanted`` that ``given`` has in no form."""
    known = _Known()
    for number in given:
        known.add(number)
    return [number for number in wanted if number.exact and not known.has(number)]


def read_numbers(text: str, words: Words) -> list[Number]:
    """All numbers of ``text``, in digits, in words and in Roman numerals, in order."""
    text = words.not_numbers.sub(" | ", text)
    found: list[Number] = []
    run: list[re.Match[str]] = []
    for token in _TOKEN.finditer(text):
        if token["word"] and token["word"].lower() in words.values:
            if run and not _JOINED.fullmatch(text, run[-1].end(), token.start()):
                found += _from_words(run, words)
                run = []
            run.append(token)
            continue
        found += _from_words(run, words)
        run = []
        if token["digits"]:
            found += _from_digits(text, token, words)
        elif token["roman"]:
            century = bool(token["ordinal"] and _CENTURY_AFTER.match(text, token.end()))
            found.append(Number(frozenset({Decimal(_roman(token["roman"]))}), exact=century))
    found += _from_words(run, words)
    if words.half.search(text):
        halves = [Number(frozenset(v + Decimal("0.5") for v in n.values), n.scale, exact=False) for n in found]
        found += halves
    return found


def _from_digits(text: str, token: re.Match[str], words: Words) -> Iterator[Number]:
    before, end = text[max(0, token.start() - _LOOK_BACK) : token.start()], token.end()
    parts = _split(token["digits"], is_time=bool(_TIME.match(text, end)))
    scale = _scale_after(text, end, words)
    for values in parts:
        minutes = bool(_MINUTES_BEFORE.search(before)) and values == {Decimal(0)}
        if _HOUR.match(text, end) or len(parts) > 1:
            values |= {value + shift for value in values for shift in (12, -12) if 0 <= value + shift <= 24}
        if _DECADE_AFTER.match(text, end) or _DECADE_BEFORE.search(before):
            values |= {1900 + value for value in values if value < 100}
        if _YEAR_BEFORE.search(before):
            values |= {century + value for value in values if value < 100 for century in (1900, 2000)}
        exact = not minutes and not _UNIT_BEFORE.search(before)
        yield Number(frozenset(values), scale, exact)


def _split(digits: str, *, is_time: bool) -> list[set[Decimal]]:
    """The readings of each number in a run of digits and marks: one number, or several as in 12.03.2021."""
    *groups, last = re.split(r"[^0-9]", digits)
    marks = [mark for mark in digits if not mark.isdecimal()]
    if not marks:
        return [{Decimal(last)}]
    whole = Decimal("".join(groups))
    if is_time and len(marks) == 1:
        return [{whole}, {Decimal(last)}]
    grouped = len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    if grouped and len(last) == 3 and len(set(marks)) == 1:
        together = {Decimal("".join([*groups, last]))}
        return [together | {Decimal(f"{whole}.{last}")} if len(marks) == 1 and marks[0] in ".," else together]
    if grouped and marks[-1] in ".," and marks[-1] not in marks[:-1]:
        return [{Decimal(f"{whole}.{last}")}]
    return [{Decimal(part)} for part in (*groups, last)]


def _scale_after(text: str, position: int, words: Words) -> Decimal:
    scale = _ONE
    while (word := _SCALE_AFTER.match(text, position)) and word[1].lower() in words.scales:
        scale *= words.scales[word[1].lower()]
        position = word.end()
    return scale


def _from_words(run: Sequence[re.Match[str]], words: Words) -> Iterator[Number]:
    """Numbers of a run of number words: ``deux mille dix-sept``, ``one hundred and twenty``, ``first two``."""
    names = [token["word"].lower() for token in run]
    start = 0
    while start < len(names):
        end, value = _one_number(names, start, words)
        loose = frozenset(v for name in names[start:end] for v in words.values.get(name, ()))
        exact = value > _LOOSE_UP_TO and not any(n in words.vague for n in names[start:end])
        if value:
            scale = words.scales.get(names[end - 1], _ONE)
            yield Number(frozenset({value / scale}), scale, exact)
        yield Number(loose, exact=False)
        if names[start] in words.scales:
            yield Number(frozenset({_ONE}), words.scales[names[start]], exact=False)
        start = end


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
            total, current, room = total + max(current, 1) * int(words.scales[name]), 0, 1000
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


def _roman(numeral: str) -> int:
    values = [ROMAN[letter] for letter in numeral]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
