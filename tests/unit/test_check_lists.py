"""Closed lists are whole: every country, weekday, month, currency and common unit that CLDR names in both languages."""

from __future__ import annotations

import pytest
from babel import Locale
from babel.numbers import get_currency_name
from babel.units import format_unit

from depeche.article import Flag
from tasks.checks import check

FRENCH, ENGLISH = Locale("fr"), Locale("en")

#: First names, other words, and codes that are not countries.
NO_COUNTRIES = {"DM", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
COUNTRIES = [code for code in map(str, FRENCH.territories) if code.isalpha() and code not in NO_COUNTRIES]
#: Those whose names have no years behind them; the WIR euro is a euro.
MONEY = [
    code
    for code in map(str, FRENCH.currencies)
    if not code.startswith("X")
    and code != "CHE"
    and "(" not in get_currency_name(code, 2, "fr") + get_currency_name(code, 2, "en")
]
UNITS = """
length-kilometer length-meter length-centimeter length-millimeter length-mile length-foot length-inch length-yard
mass-kilogram mass-gram mass-milligram mass-tonne mass-pound mass-ounce area-hectare area-acre area-square-kilometer
area-square-meter area-square-mile volume-liter volume-centiliter volume-milliliter volume-hectoliter volume-gallon
volume-barrel volume-cubic-meter duration-second duration-minute duration-hour duration-day duration-week
duration-year duration-decade speed-kilometer-per-hour speed-mile-per-hour speed-knot temperature-celsius
temperature-fahrenheit power-watt power-kilowatt power-megawatt power-gigawatt power-horsepower energy-kilowatt-hour
energy-calorie energy-kilocalorie electric-volt frequency-hertz digital-megabyte digital-gigabyte digital-terabyte
pressure-hectopascal concentr-percent concentr-karat length-light-year
""".split()


@pytest.mark.parametrize("code", COUNTRIES)
def test_every_country_is_known(code: str) -> None:
    """In its own name it passes, in that of another it is missing."""
    other = "KE" if code == "PE" else "PE"
    french = f"Le rapport parle de {FRENCH.territories[code]} en détail."
    assert check(french, f"The report talks about {ENGLISH.territories[code]} in detail.") == ()
    assert Flag.NAME_MISSING in check(french, f"The report talks about {ENGLISH.territories[other]} in detail.")


@pytest.mark.parametrize("code", MONEY)
def test_every_currency_is_known(code: str) -> None:
    """It is itself, and not another one."""
    french = f"La famille a dû payer 12 {get_currency_name(code, 2, 'fr')} hier."
    english = get_currency_name(code, 2, "en")
    other = next(name for c in ("EUR", "JPY") if (name := get_currency_name(c, 2, "en")) != english)
    assert Flag.NUMBER_MISMATCH not in check(french, f"The family had to pay 12 {english} yesterday.")
    assert Flag.NUMBER_MISMATCH in check(french, f"The family had to pay 12 {other} yesterday.")


@pytest.mark.parametrize("unit", UNITS)
def test_every_common_unit_is_known(unit: str) -> None:
    """In its long and its short name; another one is flagged."""
    other = next(one for one in ("duration-week", "mass-kilogram") if one != unit)
    wrong = format_unit(12, other, "long", locale="en")
    for length in ("long", "short"):
        french = f"On a relevé {format_unit(12, unit, length, locale='fr')} hier soir."
        right = format_unit(12, unit, length, locale="en")
        assert Flag.NUMBER_MISMATCH not in check(french, f"They found {right} last night.")
        if length == "long":
            assert Flag.NUMBER_MISMATCH in check(french, f"They found {wrong} last night.")


@pytest.mark.parametrize("kind", ["days", "months"])
def test_every_day_and_month_is_known(kind: str) -> None:
    """Each in its own name, and no other."""
    french, english = (getattr(locale, kind)["format"]["wide"] for locale in (FRENCH, ENGLISH))
    for number, name in french.items():
        for other, translation in english.items():
            found = check(f"La fête a lieu en {name} cette fois.", f"The fair is in {translation} this time.")
            assert (Flag.DATE_MISMATCH in found) is (number != other)
