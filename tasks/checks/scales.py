"""The scale of a number: ``3,8 milliards``, ``12 M€``, ``$12bn``, and the 3 of ``3 à 4 milliards``, which has none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from tasks.checks.number_words import Words
from tasks.checks.units import UnitNames, Units

ONE = Decimal(1)

#: "Les 350 autres milliards".
BETWEEN = r"(?:autres|derniers|premiers|prochains|nouveaux|more|other)"
_WORD_AFTER = re.compile(rf"[\s-]{{0,2}}(?:{BETWEEN} )?([^\W\d_]+)")
#: "Quatre milliers de millions".
_NEXT_WORD_AFTER = re.compile(r"[\s-]{0,2}(?:de |d'|of )?([^\W\d_]+)")
#: A letter for a scale, with the letters of a currency's code behind it or none.
_LETTER_AFTER = re.compile(r"(?P<space> ?)(?P<letter>[kKmMbBtTG])(?=[A-Z]{3}(?![^\W\d_])|[^\w]|$)")
_LETTERS = {"k": Decimal(10) ** 3, "m": Decimal(10) ** 6, "b": Decimal(10) ** 9, "t": Decimal(10) ** 12}
#: "G€" is said for a thousand million, in French only.
_FRENCH_LETTERS = {"k": _LETTERS["k"], "m": _LETTERS["m"], "g": _LETTERS["b"]}
_CURRENCY = re.compile(r"[A-Z]{3}")
#: "200 milles pesos"; of "trois milles à l'est" it is not the meaning.
_MISSPELT = re.compile(r" ?milles\b(?! (?:nautique|marin))")
_THOUSAND = Decimal(1000)
#: What may stand behind an amount without a noun of its own. Others, such as "12 maires", keep their value.
_OPEN = re.compile(
    r"\s*(?:$|[,;:.)!?\]](?!\d)|[-–—/]\s*(?:[$£€]|\d)|"
    r"(?:à|et|ou|voire|puis|mais|contre|en|pour|par|au|aux|dans|sur|cette|l'an|ce|soit|plus|selon|to|and|or|but|in|for|by|"
    r"at|from|then|than|rather|instead|against|after|before|this|last|next|versus|compared|per|a)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Scale:
    """What a number is multiplied by.

    Attributes:
        factor: 1000000 for "millions"; 1 where there is none.
        maybe: factors that a letter may stand for, where it may as well be metres.
        end: where the number ends, with its scale.
    """

    factor: Decimal
    maybe: tuple[Decimal, ...]
    end: int


def scale_after(text: str, position: int, words: Words, names: UnitNames, *, money: bool) -> Scale:
    """The scale right after a number in digits that ends at ``position``.

    Args:
        money: whether a sign of money stands before the number.
    """
    factor = ONE
    following = _WORD_AFTER
    while (word := following.match(text, position)) and (scale := words.scales.get(word[1].lower())):
        factor *= scale
        position = word.end()
        following = _NEXT_WORD_AFTER
    if words.language == "fr" and factor == ONE and _MISSPELT.match(text, position):
        return Scale(factor, (_THOUSAND,), position)
    letter = _LETTER_AFTER.match(text, position) if factor == ONE else None
    value = _letters(words).get(letter["letter"].lower()) if letter else None
    if not letter or value is None:
        return Scale(factor, (), position)
    if money or is_money(names.after(text, letter.end(), scaled=True)[0]):
        return Scale(value, (), letter.end())
    if letter["space"] or letter["letter"] in "tTG":
        return Scale(factor, (), position)
    return Scale(factor, (value,), position)


def is_money(units: Units) -> bool:
    """Whether any of the units is a currency."""
    return any(_CURRENCY.fullmatch(unit) for unit in units)


def is_elliptic(text: str, end: int) -> bool:
    """Whether a number that ends at ``end`` has no noun of its own, so that another's scale may be meant."""
    return bool(_OPEN.match(text, end))


def _letters(words: Words) -> dict[str, Decimal]:
    return _FRENCH_LETTERS if words.language == "fr" else _LETTERS
