"""Are the weekdays and months of a French sentence those of its English translation?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import zip_longest

from tasks.checks import term_words
from tasks.checks.english_text import EnglishText
from tasks.checks.terms import Found, missing_terms

#: "March" and "May" are months where a figure stands next to them; of the others a capital is enough.
_ENGLISH = re.compile(
    r"\b(?:(?P<name>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?|January|February|April|June|July|August|September|"
    r"October|November|December)|(?P<before>March|May)(?= \d)|(?<=\d )(?P<after>March|May)|"
    r"(?<=\d(?:st|nd|rd|th) )(?P<ordinal>March|May))\b"
)
_NIGHT = re.compile(r"\bnuit d[eu] \w+di a(?:u) \w+di\b|\bnuit d[eu] \w+ (?:à|au) (?:\w+di|dimanche)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")


def date_mismatches(french: str, found: Iterable[Found], english: EnglishText) -> list[tuple[str, str]]:
    """The weekdays and months that only one of the texts has, in French and in English; one empty without a partner.

    Args:
        found: the terms of ``french``.
    """
    dates = [one for one in found if one.term.is_date]
    lost = [one.written for one in missing_terms(dates, english)]
    # "Dans la nuit de samedi à dimanche" is Saturday night, or early on Sunday.
    if len(lost) == 1 and lost[0] in (night := (_NIGHT.search(french) or [""])[0]) and night:
        lost = []
    new = list(_new_dates(french, {one.term.key for one in dates}, english))
    return list(zip_longest(lost, new, fillvalue=""))


def _new_dates(french: str, known: set[str], english: EnglishText) -> Iterator[str]:
    if _keys().keys().isdisjoint(english.words) and _plurals().isdisjoint(english.words):
        return
    seen = set(known)
    for match in _ENGLISH.finditer(english.text):
        key = _keys().get(match[0].lower().removesuffix("s"), "")
        if key and key not in seen and not _says_otherwise(french, key, match[0]):
            yield match[0]
        seen.add(key)


def _says_otherwise(french: str, key: str, english: str) -> bool:
    """Whether the French has a month as a figure (12/03), a day as another word (dominical), or the English name."""
    small = french.lower()
    if english.lower() in small or any(word in small for word in term_words.DATE_WORDS.get(key, ())):
        return True
    number = key.removeprefix("month-")
    return number != key and any(match[0].lstrip("0") == number for match in _NUMBER.finditer(french))


@cache
def _keys() -> dict[str, str]:
    """English names of weekdays and months, in small letters, with what they name."""
    rows = (line.split("|") for line in term_words.DATES.strip().splitlines())
    return {english.replace("^", "").replace("=", "").split()[0]: key.strip() for key, _, english in rows}


@cache
def _plurals() -> frozenset[str]:
    return frozenset(f"{name}s" for name in _keys())
