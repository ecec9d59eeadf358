"""The numbers of a French or English sentence, in digits, in words and in Roman numerals.

A number may change its clothes in translation (``3,5`` and ``3.5``, ``18 h 30`` and ``6:30 pm``, ``XXe siècle`` and
``20th century``, ``deux`` and ``2``), so each one is read as the set of values it may stand for. ``agreement`` compares
those of two texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from tasks.checks import clock, roman
from tasks.checks.number_words import Words
from tasks.checks.scales import BETWEEN, ONE, is_elliptic, is_money, scale_after
from tasks.checks.signs import sign_before, sign_in_words
from tasks.checks.spelled import Spelled, spelled_numbers
from tasks.checks.units import NONE, Units, unit_names
from tasks.normalise import SUPERIOR_LETTERS

#: One character for one, so that places stay: spaces, hyphens and apostrophes in their plain form.
_PLAIN = SUPERIOR_LETTERS | str.maketrans(
    "\u00a0\u2009\u202f\u2007’\u00ad\u2010\u2011\u2012\u2212\ufe63\uff0d\u2015", "    '-------—"
)
_NOT_PLAIN = re.compile(f"[{''.join(map(chr, _PLAIN))}]")
_FIGURE = re.compile(r"[0-9]|(?<![^\W_])[IVX]")
_WORD = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile(
    r"(?P<digits>(?<![0-9])[0-9]{1,3}(?:[ '.,][0-9]{3}(?![0-9]))+(?:[.,][0-9]+)?|[0-9]+(?:[.,][0-9]+)*)"
    r"|(?<![^\W_])(?P<roman>[IVXL]+)(?P<ordinal>(?:ers?|ères?|res?|i?èmes?|emes?|es?|th|st|nd|rd)?)(?![^\W_])"
    r"|(?P<word>[^\W\d_]+)"
)
_JOINED = re.compile(r"[\s-]{1,2}")
_YEAR_BEFORE = re.compile(r"(?:1[0-9]|20)[0-9]{2}[-–/]$")
_UNIT_BEFORE = re.compile(r"(?<![^\W_])(?:[kcm]?m|CO)$")
_DECADE_AFTER = re.compile(r"'?s\b")
_DECADE_BEFORE = re.compile(r"années?\s*$", re.IGNORECASE)
_SCALE_BEHIND = re.compile(rf" {BETWEEN} ([^\W\d_]+)")
_OF_SCALE = re.compile(r" (?:de |d'|of )([^\W\d_]+)")
_AND_HALF = re.compile(r" (?:et demie?|and a half)(?![^\W\d_])(?: ([^\W\d_]+))?")
#: "2 euros 50".
_CENTS = re.compile(r" ([0-9]{2})(?![0-9]|[.,][0-9]| ?(?:%|[^\W\d_]+s\b))")
_HALF_OF_SCALE = re.compile(r"\b(?:half an? |(?<!and )an? half |demi-)([^\W\d_]+)", re.IGNORECASE)
_LOOK_BACK = 16
#: A list of figures without spaces is one run of digits, of which not every figure must be found again.
_LONGEST_WRITTEN = 60
_MOST_MARKS = 12
_HALF = Decimal("0.5")


@dataclass(frozen=True)
class Number:
    """One number of a text.

    Attributes:
        values: what it may stand for, before its scale: ``{1200, 1.2}`` for ``1.200``, ``{3.8}`` for ``3,8 milliards``;
            none for an hour that does not exist, such as ``20 p.m.``.
        scale: 1000000000 for ``3,8 milliards``; 1 without a scale word.
        exact: whether the other language must have it.
        units: what it may count; empty if no known unit stands next to it.
        elliptic: whether it may take its scale from another number: the 3 of ``3 à 4 milliards``.
        text: as it is written, with its sign and scale.
        start: where it stands.
    """

    values: frozenset[Decimal]
    scale: Decimal = ONE
    exact: bool = True
    units: Units = NONE
    elliptic: bool = False
    text: str = ""
    start: int = 0


def plain(text: str, words: Words) -> str:
    """``text`` as its numbers are read: plain spaces, dashes, apostrophes and letters, "per cent" as a sign."""
    if _NOT_PLAIN.search(text):
        text = text.translate(_PLAIN)
    return words.per_cent.sub("%", text)


def may_count(text: str, words: Words) -> bool:
    """Whether a text may have a number that is worth comparing: a quick look, as half of all sentences have none."""
    return bool(_FIGURE.search(text)) or not words.counting.isdisjoint(_WORD.findall(text.lower()))


def read_numbers(text: str, words: Words) -> list[Number]:
    """All numbers of ``text``, in digits, in words and in Roman numerals, in order."""
    return read_plain_numbers(plain(text, words), words)


def read_plain_numbers(text: str, words: Words) -> list[Number]:
    """The numbers of a text that :func:`plain` gave."""
    reader = _Reader(text, words)
    found: list[Number] = []
    run: list[re.Match[str]] = []
    for token in _TOKEN.finditer(text):
        if token.start() < reader.read_up_to:
            continue
        if token["word"]:
            if token["word"].lower() not in words.values:
                if run:
                    found += reader.words(run)
                    run = []
                continue
            if run and not _JOINED.fullmatch(text, run[-1].end(), token.start()):
                found += reader.words(run)
                run = []
            run.append(token)
            continue
        if run:
            found += reader.words(run)
            run = []
        if token["digits"]:
            found += reader.digits(token)
        else:
            found += _roman(text, token)
    if run:
        found += reader.words(run)
    if words.half.search(text):
        found += [replace(n, values=frozenset(v + _HALF for v in n.values), exact=False, units=NONE) for n in found]
        halves = ((words.scales.get(half[1].lower()), half[0]) for half in _HALF_OF_SCALE.finditer(text))
        found += [Number(frozenset({_HALF}), scale, text=written) for scale, written in halves if scale]
    return found


class _Reader:
    """Reads the numbers at given places of one text."""

    def __init__(self, text: str, words: Words) -> None:
        self._text, self._words = text, words
        self._names = unit_names(words.language)
        #: Scale words up to here belong to a number in digits.
        self.read_up_to = 0

    def digits(self, token: re.Match[str]) -> Iterator[Number]:
        """One number, or several as in ``12.03.2021``."""
        text, start, end = self._text, token.start(), token.end()
        before = text[max(0, start - _LOOK_BACK) : start]
        parts = _split(token["digits"], is_time=clock.is_time(text, end))
        units, first = self._names.before(text, start)
        scale = scale_after(text, end, self._words, self._names, money=bool(units))
        last = self.read_up_to = scale.end
        if not units:
            units, last = self._names.after(text, last, scaled=scale.factor != ONE)
        sign = sign_before(text, start, before, units, scale.end)
        cents = _CENTS.match(text, last) if scale.factor == ONE and last > end and is_money(units) else None
        if cents:
            last = self.read_up_to = cents.end()
        minutes = clock.is_minutes(before)
        written = f"{sign}{text[first:last][:_LONGEST_WRITTEN]}".strip()
        for index, part in enumerate(parts):
            time = (
                None
                if minutes or index
                else clock.read(text, end, before, part, self._words.language, counts=bool(units))
            )
            values = time.values if time else self._dressed(part, before, end)
            if scale.factor != ONE and _AND_HALF.match(text, scale.end):
                values = {value + _HALF for value in values}
            if cents:
                values = {value + Decimal(cents[1]) / 100 for value in values}
            if sign:
                values = {-value for value in values}
            yield Number(
                frozenset(values | {value * factor for value in values for factor in scale.maybe}),
                scale.factor,
                exact=not (minutes and values == {Decimal(0)}) and not _UNIT_BEFORE.search(before),
                units=NONE if minutes else units | time.units if time else units,
                elliptic=scale.factor == ONE and is_elliptic(text, end),
                text=written,
                start=start,
            )

    def _dressed(self, values: set[Decimal], before: str, end: int) -> set[Decimal]:
        """``values`` with those that decades, seasons and centuries may be written as."""
        if _DECADE_AFTER.match(self._text, end) or _DECADE_BEFORE.search(before):
            short = {1900 + value for value in values if value < 100}
            # "The 1800s" are the 19th century.
            centuries = {value / 100 + 1 for value in values if value >= 1000 and not value % 100}
            return values | short | centuries
        if _YEAR_BEFORE.search(before):
            return values | {century + value for value in values if value < 100 for century in (1900, 2000)}
        return values

    def words(self, run: Sequence[re.Match[str]]) -> Iterator[Number]:
        """Numbers of a run of number words: ``deux mille dix-sept``, ``one hundred and twenty``, ``first two``."""
        for spelled in spelled_numbers([token["word"].lower() for token in run], self._words):
            start, end = run[spelled.start].start(), run[spelled.end - 1].end()
            if start < self.read_up_to:
                continue
            written = self._text[start:end]
            number, end = self._scaled(spelled, end)
            if number.value and (half := _AND_HALF.match(self._text, end)):
                yield self._with_half(number, half, start)
                continue
            loose = number.loose
            if number.value:
                counted = self._counted(number, start, end)
                # Its words one by one say no more than the number does, and nothing of what it counts.
                loose -= counted.values
                yield counted
            elif (of := _OF_SCALE.match(self._text, end)) and (scale := self._words.scales.get(of[1].lower())):
                yield Number(loose, scale, exact=False, text=written, start=start)
            if loose:
                # "A day later" is 24 hours later.
                units = NONE if number.value else self._names.after(self._text, end, scaled=True)[0]
                yield Number(loose, exact=False, units=units, text=written, start=start)
            if number.bare_scale:
                yield Number(frozenset({ONE}), number.bare_scale, exact=False, text=written, start=start)

    def _scaled(self, number: Spelled, end: int) -> tuple[Spelled, int]:
        """A number in words with the scale that an adjective parts from it, "deux autres milliards", and its end."""
        behind = _SCALE_BEHIND.match(self._text, end) if number.value else None
        scale = behind and self._words.scales.get(behind[1].lower())
        if not behind or not scale:
            return number, end
        return replace(number, scale=scale, value=int(number.value * scale), exact=True), behind.end()

    def _with_half(self, number: Spelled, half: re.Match[str], start: int) -> Number:
        """A half of a scale ("un million et demi") is exact; one of hours, which may be written 2:30, is loose."""
        scale = self._words.scales.get((half[1] or "").lower(), ONE) * number.scale
        value = number.value / number.scale
        if scale == ONE:
            return Number(
                frozenset({value, value + _HALF}), exact=False, text=self._text[start : half.end()], start=start
            )
        self.read_up_to = half.end()
        return Number(frozenset({value + _HALF}), scale, text=self._text[start : half.end()], start=start)

    def _counted(self, number: Spelled, start: int, end: int) -> Number:
        text = self._text
        before = text[max(0, start - _LOOK_BACK) : start]
        sign = sign_in_words(text, before, end)
        values = {number.value / number.scale}
        units, last = self._names.after(text, end, scaled=number.scale != ONE)
        time = clock.read(text, end, before, values, self._words.language, counts=bool(units))
        if time:
            values |= time.values
        if _DECADE_BEFORE.search(before):
            values |= {1900 + value for value in values if value < 100}
        if misspelt := text.startswith(" milles", end):
            values |= {value * 1000 for value in values}
        return Number(
            frozenset(-value for value in values) if sign else frozenset(values),
            number.scale,
            exact=(number.exact and not misspelt) or bool(sign),
            units=units | time.units if time else units,
            elliptic=number.scale == ONE and is_elliptic(text, end),
            text=f"{sign}{text[start:last]}".strip(),
            start=start,
        )


def _roman(text: str, token: re.Match[str]) -> Iterator[Number]:
    if numeral := roman.read(text, token.start(), token.end(), token["roman"], token["ordinal"]):
        yield Number(frozenset({Decimal(numeral.value)}), exact=numeral.exact, text=token[0], start=token.start())


def _split(digits: str, *, is_time: bool) -> list[set[Decimal]]:
    """The readings of each number in a run of digits and marks: one number, or several as in 12.03.2021."""
    *groups, last = re.split(r"[^0-9]", digits)
    marks = [mark for mark in digits if not mark.isdecimal()]
    if not marks:
        return [{Decimal(last)}]
    if len(marks) > _MOST_MARKS:
        return [{Decimal(part)} for part in (*groups, last)]
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
