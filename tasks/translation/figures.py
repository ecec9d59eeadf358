"""Rewrites French figures: times of day before the model sees them, decimal commas and thousands afterwards."""

from __future__ import annotations

import re

#: A number whose thousands are divided by spaces or full stops, with one or two decimals after a comma. Three decimals
#: could be thousands in English.
_FRENCH_NUMBER = re.compile(
    r"(?<![\d.,])(?:(?P<whole>\d{1,3}(?:[ .]\d{3})+|\d+))(?:,(?P<decimals>\d{1,2}))?(?!\d|[.,]\d)"
)
#: After these words a number is the name of a company, a line or a file. It is not a quantity.
_NAMES_BY_NUMBER = re.compile(r"\b(?:siren|siret|rcs|tél|téléphone|n°|numéro)(?!\w)[\s.:]*(?:\w+\s)?$", re.IGNORECASE)
#: Characters looked at for it, so that the time grows with the length of the text and no faster.
_LONGEST_BEFORE = 60
_NUMBER_AFTER = re.compile(r" (?:et|ou) (\d+)(?![\d.,])")

#: Words before a time of day. The same words may also stand before a length of time.
_BEFORE = r"\b(?:à|vers|dès|jusqu'à|entre|avant|de(?=\s\d+\s?h\sà\s))\s"
_HOUR = r"(?<![\w.,:/])(?P<hour>[01]?\d|2[0-4])\s?h"
_MINUTES = r"(?:\s?(?:min(?:utes?)?|mn)\b)"
_HOURS = rf"(?<![\w.,:/])\d+(?:,\d+)?\s?h(?:\s?\d\d{_MINUTES}?)?(?![^\W_])"
_SPAN = rf"{_HOURS}(?:\s(?:à|et|ou)\s{_HOURS})?"
#: "2 h 30" is a length of time after one of _LASTS and before one of _LASTED. Everywhere else it is a time of day.
_LASTS = (
    r"(?:\b(?:en|pendant|durant|environ|dur\w+(?:\s(?:de|entre|jusqu'à))?|soit|après|toutes les|moins de|plus de"
    r"|près de|bout de|de(?!\s\d+\s?h[\s\d]*\sà\s))\s|[(\[]\s?)"
)
_OF_DAY = r"(?:matin|soir|l'après-midi|la nuit|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche)\b"
_LASTED = rf"(?=\s(?:d(?:u|es?)\s(?!{_OF_DAY})|d'|(?:en|par|plus|avant|après|près)\b|à\s(?:pied|vélo|cheval)\b))"
_LENGTH = rf"(?P<length>{_LASTS}{_SPAN}|(?:{_BEFORE})?{_SPAN}{_LASTED})"
_CLOCK_TIME = re.compile(rf"{_LENGTH}|{_HOUR}\s?(?P<minute>[0-5]\d)(?!\d|[.,]\d){_MINUTES}?", re.IGNORECASE)
_FULL_HOUR = re.compile(rf"{_LENGTH}|(?P<before>{_BEFORE}){_HOUR}(?![^\W_]|/|\s?\d)", re.IGNORECASE)

#: A "p.m." after a time such as 18:30. Its last full stop stays if it also ends the sentence.
_HALF_OF_24_HOURS = re.compile(r"(?<=\b(?:1[3-9]|2[0-3]):\d\d)\s?[ap](?:m\b|\.m(?=\.[\"'”’]?$)|\.m\.)", re.IGNORECASE)


def clock_times(french: str) -> str:
    """A normalised sentence with its times of day in the form that models know.

    ``8 h 46`` becomes ``8:46``, ``18h30`` ``18:30`` and ``à 18 h`` ``à 18:00``. Lengths of time (``en 2 h 30``, ``à 3 h
    de route``), and what may be one (``35 h``, ``(2 h 10)``), stay as they are.
    """
    text = _CLOCK_TIME.sub(lambda m: m["length"] or f"{m['hour']}:{m['minute']}", french)
    return _FULL_HOUR.sub(lambda m: m["length"] or f"{m['before']}{m['hour']}:00", text)


def english_numbers(english: str, source: str) -> str:
    """The English, with the English form of each number that the model copied from the French in its French form.

    ``8,4`` becomes ``8.4``, and ``12 000`` and ``100.000`` get a comma. Only numbers that stand in the normalised
    French in the same form are changed, so a number that the model wrote by itself is never misread. Numbers that are
    not quantities, such as a telephone number or a network address, stay too. ``18:30 p.m.`` loses its ``p.m.``.
    """
    french = {match[0] for match in _FRENCH_NUMBER.finditer(source) if _counts(match)}
    english = _HALF_OF_24_HOURS.sub("", english)
    return _FRENCH_NUMBER.sub(lambda match: _anglicise(match) if match[0] in french else match[0], english)


def _counts(number: re.Match[str]) -> bool:
    """Whether a French number is a quantity, as far as its form and the words around it show."""
    whole, decimals = number["whole"], number["decimals"]
    before = number.string[max(0, number.start() - _LONGEST_BEFORE) : number.start()]
    if not whole.isdigit():
        is_address = (" " in whole and "." in whole) or whole.count(".") > 2
        return not (is_address or whole.startswith("0") or _NAMES_BY_NUMBER.search(before))
    after = _NUMBER_AFTER.match(number.string, number.end())
    if not decimals or not after or before.endswith("entre "):
        return True
    # "1,2 et 3" is a list of three numbers.
    return [whole, after[1]] != [str(int(decimals) - 1), str(int(decimals) + 1)]


def _anglicise(number: re.Match[str]) -> str:
    whole = re.sub("[ .]", ",", number["whole"])
    return f"{whole}.{number['decimals']}" if number["decimals"] else whole
