"""Names in French and English from Unicode's CLDR, as the package Babel has them: units, currencies, places, languages.

They are read when the first sentence is checked, which takes about a tenth of a second, and then kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from babel import Locale
from babel.numbers import get_currency_name, get_currency_symbol
from babel.units import format_unit

#: British spellings are the "en_GB" ones: "kilometres".
_LOCALES = {"fr": ("fr",), "en": ("en", "en_GB")}
#: Shorter short forms are read as units only where the text rules list them: "s" and "j" are too many other things.
_SHORTEST = 2
#: Gold, drawing rights and units of account; the four that are money have the names of an X at the front as well.
_NO_MONEY = re.compile(r"X(?!AF|OF|PF|CD)")
_NOTE = re.compile(r"\s*\(.*?\)")
_DIGITS = re.compile(r"\d+")


def unit_phrases(language: str) -> Iterator[tuple[str, str]]:
    """Each measure's names and CLDR's identifier for it: ``("square metres", "area-square-meter")``."""
    for unit in map(str, Locale("fr").unit_display_names):
        for locale in _LOCALES[language]:
            for length in ("long", "short"):
                for count in (1, 2):
                    text = format_unit(count, unit, length, locale=locale)
                    phrase = _plain(_DIGITS.sub("", text, count=1))
                    if len(phrase) >= _SHORTEST and phrase[-1] != "." and unit.rpartition("-")[2] != "person":
                        yield phrase, unit


@cache
def currencies() -> tuple[str, ...]:
    """The ISO codes of all money, of today and of old."""
    return tuple(code for code in map(str, Locale("fr").currencies) if not _NO_MONEY.match(code))


def currency_phrases(language: str) -> Iterator[tuple[str, str]]:
    """Each currency's names, singular and plural, and its code: ``("dollars canadiens", "CAD")``."""
    for code in currencies():
        for count in (1, 2):
            yield _plain(_NOTE.sub("", get_currency_name(code, count, locale=language))), code


def currency_symbols() -> Iterator[tuple[str, str]]:
    """Each currency's signs in both languages, and its code: ``("CA$", "CAD")``, ``("$CA", "CAD")``."""
    for code in currencies():
        for language in ("fr", "en"):
            yield _plain(get_currency_symbol(code, locale=language)), code


@cache
def territories(language: str) -> dict[str, str]:
    """Names of countries, territories and parts of the world by CLDR's codes, such as ``DE`` and ``202``."""
    return {code: _plain(name) for code, name in Locale(language).territories.items()}


@cache
def languages(language: str) -> dict[str, str]:
    """Names of languages by CLDR's codes, such as ``de``."""
    return {code: _plain(name) for code, name in Locale(language).languages.items()}


def calendar(language: str) -> Iterator[tuple[str, str]]:
    """The names of weekdays and months, long and short, with what they name: ``("janvier", "month-1")``."""
    locale = Locale(language)
    for kind, names in (("day", locale.days), ("month", locale.months)):
        for width in ("wide", "abbreviated"):
            for number, name in names["format"][width].items():
                yield _plain(name).removesuffix("."), f"{kind}-{number}"


def _plain(name: str) -> str:
    """With ordinary spaces and apostrophes."""
    return " ".join(name.replace("’", "'").split())
