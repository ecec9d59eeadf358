"""What a number counts: euros, kilometres, degrees, per cent. Read from the words and signs next to it.

A unit is named by CLDR's identifiers and currencies' codes, and a name may stand for several: "pounds" are British,
Egyptian and a weight. Two texts speak of the same unit when they share an identifier.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from tasks.checks import cldr, unit_words

Units = frozenset[str]
NONE: Units = frozenset()

_FIRST = r"[^\W\d_]+|[^\w\s]"
#: "Les 12 prochains mois".
_ADJECTIVE = r"(?:(?:prochain|dernier|premier|autre|long|bon|dernière|première|prochaine|longue|bonne|more|other)s? )?"
_AFTER = re.compile(rf"[ -]{{0,2}}{_ADJECTIVE}(?P<first>{_FIRST})")
#: "Trois millions d'euros", "two million of the dollars".
_AFTER_SCALE = re.compile(rf"[ -]{{0,2}}{_ADJECTIVE}(?:(?:d'|de |of (?:the )?) ?)?(?P<first>{_FIRST})")
_GOES_ON = re.compile(r"\w|'\w")
_FIRST_OF_PHRASE = re.compile(_FIRST)
#: A sign or code before a number, as far as it can be read backwards: "US$", "EUR ".
_BEFORE = re.compile(r"(?:(?<![^\W\d_])[A-Za-zł]{1,4}\.?)?(?:[^\w\s.,;:()\"'/+-](?:[A-Z]{2})?)? ?$")
_LOOK_BACK = 8
#: A right conversion may be rounded this much: 62.1 miles become 60.
_ROUNDED = 0.05


@dataclass(frozen=True)
class UnitNames:
    """One language's names of units, ready to be looked up.

    Attributes:
        phrases: by their first word or sign, the longest first, without case.
        signs: what may stand right before a number.
    """

    phrases: dict[str, list[tuple[str, Units]]]
    signs: dict[str, Units]

    def after(self, text: str, position: int, *, scaled: bool = False) -> tuple[Units, int]:
        """The unit named right after a number that ends at ``position``, with a scale or not, and where its name ends.

        Where there is no known one: none, and ``position``.
        """
        match = (_AFTER_SCALE if scaled else _AFTER).match(text, position)
        if match:
            start = match.start("first")
            # Codes have no small letters: "EUR", but not "sur".
            if (code := match["first"]) in self.signs and code.isupper():
                return self.signs[code], match.end()
            for phrase, units in self.phrases.get(match["first"].casefold(), ()):
                end = start + len(phrase)
                if text[start:end].casefold() == phrase and not _GOES_ON.match(text, end):
                    return units, end
        return NONE, position

    def before(self, text: str, position: int) -> tuple[Units, int]:
        """The unit whose sign stands right before a number, and where that begins; or none, and ``position``."""
        match = _BEFORE.search(text[max(0, position - _LOOK_BACK) : position])
        sign = match[0].strip() if match else ""
        if not sign:
            return NONE, position
        if sign not in self.signs:
            sign = sign[-1]
        return (self.signs[sign], text.rindex(sign, 0, position)) if sign in self.signs else (NONE, position)


@cache
def unit_names(language: str) -> UnitNames:
    """The names of units in French (``fr``) or English (``en``)."""
    names: dict[str, set[str]] = defaultdict(set)
    for phrase, unit in cldr.unit_phrases(language):
        if unit not in unit_words.NO_UNITS and phrase not in unit_words.NO_NAMES:
            names[phrase.casefold()].add(unit)
    for units, phrases in _rows(unit_words.FRENCH_UNITS if language == "fr" else unit_words.ENGLISH_UNITS):
        for phrase in phrases:
            names[phrase] |= units
    families = _families()
    for phrase, code in cldr.currency_phrases(language):
        words = phrase.casefold().split()
        names[" ".join(words)].add(code)
        # "francs" alone are any; where English puts it last, the noun is "francs" too.
        head = words[0] if language == "fr" else words[-1]
        if head not in {"nouveau", "nouveaux"}:
            names[head].add(code)
    for heads, phrases in _rows(unit_words.FRENCH_MONEY if language == "fr" else unit_words.ENGLISH_MONEY):
        for phrase in phrases:
            names[phrase] |= _codes(heads, families)
    signs = _signs(families)
    for sign, codes in signs.items():
        if not sign.isalpha():
            names[sign.casefold()] |= codes
    return UnitNames(_by_first_word(names), signs)


def _by_first_word(names: dict[str, set[str]]) -> dict[str, list[tuple[str, Units]]]:
    found: dict[str, list[tuple[str, Units]]] = defaultdict(list)
    for phrase in sorted(names, key=len, reverse=True):
        first = _FIRST_OF_PHRASE.match(phrase)
        if first:
            found[first[0]].append((phrase, frozenset(names[phrase])))
    return dict(found)


def _rows(table: str) -> Iterator[tuple[set[str], list[str]]]:
    for line in table.strip().splitlines():
        keys, phrases = line.split(": ", 1)
        yield set(keys.split()), [phrase.strip() for phrase in phrases.split(", ")]


def _families() -> dict[str, set[str]]:
    """All currencies of one noun, by the French noun."""
    families: dict[str, set[str]] = defaultdict(set)
    for phrase, code in cldr.currency_phrases("fr"):
        words = phrase.casefold().split()
        families[words[1] if words[0] in {"nouveau", "nouveaux"} and len(words) > 1 else words[0]].add(code)
    return families


def _codes(heads: Iterable[str], families: dict[str, set[str]]) -> set[str]:
    return set().union(*(families.get(head, set()) for head in heads))


def _signs(families: dict[str, set[str]]) -> dict[str, Units]:
    signs: dict[str, set[str]] = defaultdict(set)
    for sign, code in cldr.currency_symbols():
        # "$US", "US$" and "USD" are all written, whichever of them CLDR has.
        for written in {sign, f"{sign[1:]}{sign[0]}" if sign[:1] in "$£" else sign, code}:
            if written not in unit_words.CODES_LIKE_WORDS:
                signs[written].add(code)
    for heads, names in _rows(unit_words.SIGNS):
        for sign in names[0].split():
            signs[sign] |= _codes(heads, families)
    return {sign: frozenset(codes) for sign, codes in signs.items()}


def is_conversion(value: Decimal, units: Units, other: Decimal, other_units: Units) -> bool:
    """Whether an amount in one unit is an amount in another, but for rounding: 10 km and 6 miles."""
    if "temperature-celsius" in units and "temperature-fahrenheit" in other_units:
        return _is_near(float(value) * 1.8 + 32, float(other), 1.0)
    if "temperature-fahrenheit" in units and "temperature-celsius" in other_units:
        return _is_near(float(other) * 1.8 + 32, float(value), 1.0)
    return any(
        _is_near(float(value) * ours[1] / theirs[1], float(other), _ROUNDED * float(other))
        for ours in map(unit_words.FACTORS.get, units)
        for theirs in map(unit_words.FACTORS.get, other_units)
        if ours and theirs and ours[0] == theirs[0] and ours[1] != theirs[1]
    )


def _is_near(exact: float, written: float, margin: float) -> bool:
    return abs(exact - written) <= max(margin, 0.5 if written == int(written) and written > 3 else 0.0)
