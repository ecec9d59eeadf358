"""Signs that stand for words, written as those words of English: for a summariser whose vocabulary lacks the signs."""

from __future__ import annotations

import re
from collections.abc import Set

from tasks.readable import with_words, worded

#: What a sign of money is read as, in the singular and the plural.
_MONEY = {
    "€": ("euro", "euros"),
    "$": ("dollar", "dollars"),
    "£": ("pound", "pounds"),
    "¥": ("yen", "yen"),
    "¢": ("cent", "cents"),
}
_MULTIPLES = {"k": "thousand", "m": "million", "bn": "billion", "b": "billion", "tn": "trillion"}
#: A figure from its beginning, and what multiplies it.
_AMOUNT = (
    r"(?<![\d.,])(?P<figure>\d+(?:,\d{3})*(?:\.\d+)?)"
    r"(?:\s?(?P<letters>bn|tn|[kmb])(?!\w)|\s(?P<multiple>thousand|million|billion|trillion)(?!\w))?"
)
_WORDS = {
    "%": "percent",
    "‰": "per thousand",
    "§": "section",
    "=": "equals",
    "≠": "is not",
    "×": "x",
    "÷": "divided by",
    "°": "degrees",
}
_WORDS_BEFORE_FIGURES = {
    "+": "plus",
    "±": "plus or minus",
    "≈": "about",
    "~": "about",
    "≥": "at least",
    "≤": "at most",
    ">": "more than",
    "<": "less than",
}
_LONE_AND = re.compile(r"(?<!\S)&(?!\S)")


def spelt_out(english: str, lacking: Set[str]) -> str:
    """Normalised English with words for those of the signs in ``lacking`` that stand for words.

    ``€12m`` becomes ``12 million euros``, ``≥ 18 years`` ``at least 18 years`` and ``35%`` ``35 percent``.
    """
    for sign in sorted(lacking & _MONEY.keys()):
        english = _money(english, sign)
    if "&" in lacking:
        english = _LONE_AND.sub("and", english)
    return with_words(english, lacking, _WORDS, _WORDS_BEFORE_FIGURES)


def _money(english: str, sign: str) -> str:
    one, many = _MONEY[sign]
    mark = re.escape(sign)

    def amount(found: re.Match[str]) -> str:
        multiple = found["multiple"] or _MULTIPLES.get((found["letters"] or "").lower())
        unit = one if found["figure"] == "1" and not multiple else many
        written = " ".join(part for part in (found["figure"], multiple, unit) if part)
        # "US$12" is written so too.
        return f" {written}" if english[max(0, found.start() - 1) : found.start()].isalpha() else written

    english = re.sub(rf"{mark}\s?{_AMOUNT}", amount, english, flags=re.IGNORECASE)
    english = re.sub(rf"{_AMOUNT}\s?{mark}", amount, english, flags=re.IGNORECASE)
    return worded(english, mark, one)
