"""Number words of French and English, as tables for ``numbers``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50}


@dataclass(frozen=True, eq=False)
class Words:
    """How one language says numbers.

    Attributes:
        language: ``fr`` or ``en``.
        units: words that add up: their value, 1 to 99.
        hundreds: words that multiply what stands before them by 100.
        scales: words and signs that multiply what stands before them, in words or digits.
        twenty: words that make 80 after 4 ("quatre-vingts"); a language with them says "soixante-quinze".
        joiners: words allowed inside a number ("et", "and").
        articles: words for one that also only begin a number ("un millier", "a hundred").
        vague: words that a translation may take loosely where they stand alone ("cent", "a thousand").
        values: every word's own values, loosely: a month for its number, "half" for 50.
        counting: words that may make a number which the other language must have.
        half: finds "and a half", which lifts any number of the text by 0.5.
        per_cent: finds the words for the sign ("pour cent").
        says_years: whether a year may be said as two numbers ("nineteen eighty-four").
    """

    language: str
    units: dict[str, int]
    hundreds: frozenset[str]
    scales: dict[str, Decimal]
    twenty: frozenset[str]
    joiners: frozenset[str]
    articles: frozenset[str]
    vague: frozenset[str]
    values: dict[str, tuple[Decimal, ...]]
    counting: frozenset[str]
    half: re.Pattern[str]
    per_cent: re.Pattern[str]
    says_years: bool


def _numbered(words: str, first: int = 1, step: int = 1) -> dict[str, int]:
    """Count through ``words``; spellings of one number are joined by a slash."""
    return {
        name: first + step * index for index, names in enumerate(words.split()) for name in names.split("/") if name
    }


def _texts(numbers: dict[str, int]) -> dict[str, str]:
    return {name: str(value) for name, value in numbers.items()}


def _words(
    language: str, units: dict[str, int], hundreds: str, scales: dict[str, str], loose: dict[str, str], **rest: str
) -> Words:
    scale_values = {name: Decimal(value) for names, value in scales.items() for name in names.split()}
    loose_values = {
        name: tuple(Decimal(value) for value in values.split())
        for names, values in loose.items()
        for name in names.split()
    }
    joiners = frozenset(rest["joiners"].split())
    values: dict[str, tuple[Decimal, ...]] = dict.fromkeys(joiners, ())
    values |= {name: (Decimal(value),) for name, value in units.items()}
    values |= {name: (Decimal(100),) for name in hundreds.split()}
    values |= {name: (value,) for name, value in scale_values.items() if len(name) > 3 or name == "mil"}
    for name, more in loose_values.items():
        values[name] = (*values.get(name, ()), *more)
    return Words(
        language=language,
        units=units,
        hundreds=frozenset(hundreds.split()),
        scales=scale_values,
        twenty=frozenset(rest["twenty"].split()),
        joiners=joiners,
        articles=frozenset(rest["articles"].split()),
        vague=frozenset(rest["vague"].split()),
        values=values,
        counting=frozenset(name for name, value in units.items() if value > 1).union(scale_values, hundreds.split()),
        half=re.compile(rest["half"], re.IGNORECASE),
        per_cent=re.compile(rest["per_cent"], re.IGNORECASE),
        says_years=language == "en",
    )


_FRENCH_ORDINALS = _numbered(
    "unième deuxième/deuxièmes troisième/troisièmes "
    "quatrième cinquième/cinquièmes sixième septième huitième neuvième dixième/dixièmes onzième douzième treizième "
    "quatorzième quinzième seizième"
)
_ENGLISH_ORDINALS = _numbered(
    "first second third/thirds fourth/fourths fifth/fifths sixth seventh eighth ninth tenth/tenths eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_DECADES = _numbered("twenties thirties forties fifties sixties seventies eighties nineties", 20, 10)
_ENGLISH_TENS = _numbered("twenty thirty forty/fourty fifty sixty seventy eighty ninety", 20, 10)

FRENCH = _words(
    "fr",
    _numbered("un/une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize")
    | _numbered("vingt trente quarante cinquante soixante", 20, 10)
    | _numbered("vingtième trentième quarantième cinquantième soixantième", 20, 10)
    | {"septante": 70, "octante": 80, "huitante": 80, "nonante": 90}
    | _FRENCH_ORDINALS,
    "cent cents centième",
    {
        "mille mil millier milliers millième": "1000",
        "million millions": "1000000",
        "mio": "1000000",
        "milliard milliards mds md mrd mrds mia bn": "1000000000",
        "billion billions": "1000000000000",
        "billiard billiards": "1000000000000000",
        "trillion trillions": "1000000000000000000",
    },
    _texts(_numbered("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"))
    | {
        "dizaine dizaines décennie décennies": "10",
        "douzaine douzaines": "12 6",
        "quinzaine": "15 2 14",
        "vingtaine vingtaines": "20",
        "trentaine trentenaire": "30",
        "quarantaine quadragénaire": "40",
        "cinquantaine quinquagénaire": "50",
        "soixantaine sexagénaire": "60",
        "centaine centaines siècle siècles": "100",
        "octogénaire": "80",
        "septuagénaire": "70",
        "nonagénaire": "90",
        "demi demie demis moitié": "0.5 2 30 50",
        "tiers": "3 33",
        "quart quarts": "4 0.25 15 25",
        "premier première premiers premières": "1",
        "second seconde seconds secondes": "2",
        "midi": "12",
        "minuit": "0 12 24",
        "double doubler doublé doublement couple paire": "2",
        "triple tripler triplé": "3",
        "trimestre": "3",
        "semestre": "6",
        "zéro nul nulle": "0",
        "jumeaux": "2",
        "an année semaine": "1 7",
        "vingts": "20",
    },
    articles="un une",
    vague="quinze cent cents centième mille millier milliers millième",  # "quinze jours" is two weeks
    twenty="vingt vingts vingtième",
    joiners="et",
    half=r"\bdemie?s?\b",
    per_cent=r"\b(?:pour|p\.)\s?cents?\b",
)

ENGLISH = _words(
    "en",
    _numbered(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen"
    )
    | _ENGLISH_TENS
    | _numbered("twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth", 20, 10)
    | _ENGLISH_ORDINALS,
    "hundred hundreds hundredth",
    {
        "thousand thousands thousandth": "1000",
        "million millions mn mln mio": "1000000",
        "billion billions bn bln milliard milliards": "1000000000",
        "trillion trillions tn trn": "1000000000000",
        "quadrillion quadrillions": "1000000000000000",
        "quintillion quintillions": "1000000000000000000",
    },
    _texts(_numbered("january february march april may june july august september october november december"))
    | _texts(_numbered("jan feb mar apr may jun jul aug sep/sept oct nov dec"))
    | {name: f"{value} {1900 + value}" for name, value in _DECADES.items()}
    | {
        "a an once single": "1",
        "twice double doubled pair couple both twins": "2",
        "thrice triple tripled": "3",
        "dozen dozens": "12",
        "tens decade decades": "10",
        "score": "20",
        "century centuries centenary": "100",
        "half halves": "0.5 2 30 50",
        "quarter quarters": "4 0.25 15 25 3",
        "noon midday": "12",
        "midnight": "0 12 24",
        "fortnight": "2 14 15",
        "zero nil no": "0",
        "week year": "1 7",
    },
    articles="a an one",
    vague="hundred hundreds hundredth thousand thousands thousandth",
    twenty="",
    joiners="and",
    half=r"\bhal(?:f|ves)\b",
    per_cent=r"\bper\s?cent\b",
)
