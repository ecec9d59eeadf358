"""Do the numbers of a French sentence and of its English translation agree?

Numbers in digits are asked for on both sides, with their scale, sign and unit; small numbers in words only serve as
their partners, because translations drop and add words like "two" or "first" freely without being wrong. Where both
texts have a number, its units must agree too, unless the other is a right conversion.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import zip_longest

from tasks.checks.number_words import ENGLISH, FRENCH, Words
from tasks.checks.numbers import Number, may_count, plain, read_plain_numbers
from tasks.checks.scales import ONE
from tasks.checks.signs import says_less
from tasks.checks.units import Units, is_conversion

#: Of a long list of amounts only so many are converted in search of a partner, so that the time stays linear.
_MOST_CONVERTED = 40
#: Smaller numbers without a unit stand in times, scores and fractions, which are written in many ways.
_LEAST_COUNTED = 10


def numbers_agree(french: str, english: str) -> bool:
    """Whether every exact number of each text has its partner in the other, of the same scale, sign and unit."""
    return not number_mismatches(french, english)


def number_mismatches(french: str, english: str) -> list[tuple[str, str]]:
    """The numbers that disagree, as written in French and in English; one of them empty where there is no partner."""
    if not may_count(french, FRENCH) and not may_count(english, ENGLISH):
        return []
    ours, theirs = _Numbers(french, FRENCH), _Numbers(english, ENGLISH)
    lost = list(ours.without_partner(theirs))
    # English may say an amount in another unit as well, "10 km (6 miles)"; what the French says twice, it must have.
    new = [number for number in theirs.without_partner(ours, may_repeat=True) if not _is_quoted(number, french)]
    if not lost and not new:
        repeated = [("", number.text) for number in theirs.stands_more_often_than_in(ours)]
        return [*ours.other_units(theirs), *repeated]
    return list(zip_longest((number.text for number in lost), (number.text for number in new), fillvalue=""))


class _Numbers:
    """The numbers of one text, ready to be asked for partners."""

    def __init__(self, text: str, words: Words) -> None:
        self._text = plain(text, words)
        self.numbers = read_plain_numbers(self._text, words)
        # By value, and of each value one number a unit, so that a text of equal numbers is read in linear time.
        self._by_amount: dict[Decimal, dict[Units, Number]] = defaultdict(dict)
        self._by_value: dict[Decimal, dict[tuple[Decimal, bool], Number]] = defaultdict(dict)
        self._scales = {number.scale for number in self.numbers}
        self._measured = [number for number in self.numbers if number.units][:_MOST_CONVERTED]
        for number in self.numbers:
            for value in number.values:
                self._by_amount[value * number.scale].setdefault(number.units, number)
                self._by_value[value].setdefault((number.scale, number.elliptic), number)

    def without_partner(self, other: _Numbers, *, may_repeat: bool = False) -> Iterator[Number]:
        """The exact numbers that ``other`` has in no form.

        Args:
            may_repeat: whether one that only converts an amount of ``other`` counts, where this text has that as well.
        """
        for number in self.numbers:
            if number.exact and not other.has(number, self) and not other.converts(number, self, may_repeat=may_repeat):
                yield number

    def has(self, number: Number, asking: _Numbers) -> bool:
        """Whether a ``number`` of the text ``asking`` is here, of something that it may be too."""
        return any(_share_unit(number, partner) for partner in self._partners(number, asking))

    def converts(self, number: Number, asking: _Numbers, *, may_repeat: bool = False) -> bool:
        """Whether a ``number`` of the text ``asking`` is here in another unit."""
        return bool(number.units) and any(
            _converts(number, partner) and (may_repeat or not asking._has_amount(partner)) for partner in self._measured
        )

    def _has_amount(self, number: Number) -> bool:
        return any(value * number.scale in self._by_amount for value in number.values)

    def stands_more_often_than_in(self, other: _Numbers) -> Iterator[Number]:
        """Each exact number in digits that is here several times, and there less often: "the city 25% too"."""
        theirs = Counter(value * number.scale for number in other.numbers for value in number.values)
        ours = Counter[Decimal]()
        for number in self.numbers:
            if not number.exact or number.text.isalpha():
                continue
            amounts = [value * number.scale for value in number.values if number.units or value >= _LEAST_COUNTED]
            ours.update(amounts)
            if any(theirs[amount] and ours[amount] == theirs[amount] + 1 for amount in amounts):
                yield number

    def other_units(self, other: _Numbers) -> Iterator[tuple[str, str]]:
        """Small numbers in words that the other text has as well, of something else: "deux km", "two miles"."""
        for number in self._measured:
            if number.exact or not any(value > 1 for value in number.values) or other.has(number, self):
                continue
            for partner in other._partners(number, self):
                if partner.units and not self.has(partner, other) and not _converts(number, partner):
                    yield number.text, partner.text
                    break

    def _partners(self, number: Number, asking: _Numbers) -> Iterator[Number]:
        """Numbers of the same amount, or of the same value with a scale unspoken, or a sign said in words."""
        found = False
        for value in number.values:
            for partner in self._by_amount.get(value * number.scale, {}).values():
                found = True
                yield partner
            for (scale, elliptic), partner in self._by_value.get(value, {}).items():
                # "3 à 4 milliards" is "3 billion to 4 billion".
                unspoken = number.elliptic and number.scale == ONE and scale in asking._scales
                if unspoken or (elliptic and scale == ONE and number.scale in self._scales):
                    yield partner
        if found:
            return
        for value in number.values:
            for partner in self._by_amount.get(-value * number.scale, {}).values():
                positive, text = (partner, self._text) if value < 0 else (number, asking._text)
                if says_less(text, positive.start):
                    yield partner


def _is_quoted(number: Number, french: str) -> bool:
    """Whether an English number word stands in the French, as in the title of a film."""
    return number.text.isalpha() and number.text in french


def _share_unit(one: Number, other: Number) -> bool:
    return not one.units or not other.units or not one.units.isdisjoint(other.units)


def _converts(one: Number, other: Number) -> bool:
    return any(
        is_conversion(ours * one.scale, one.units, theirs * other.scale, other.units)
        for ours in one.values
        for theirs in other.values
    )
