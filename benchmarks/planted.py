"""Faults to plant in good translations: one kind each, for measuring what the checks find."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from depeche.article import Flag
from tasks.normalise import fold

#: A French sentence and its translation.
Pair = tuple[str, str]
#: Changes the English of a pair; None where the pair has nothing to change.
Corruption = Callable[[Pair, random.Random], str | None]

_LEAST_WORDS = 8
_FRAGMENT_WORDS = 5
_CAPITALS = re.compile(r"[A-Z][\w-]{2,}(?: [A-Z][\w-]+)*")
_SMALL_BEFORE = re.compile(r"[a-z,] $")
_DENIAL = re.compile(r" ?\b(?:not|never)\b|n['’]t\b|\b(?:no|without) ")
_DENIED = re.compile(
    r"\bn(?:e\b|['’])[^.;:!?]{0,40}?\b(?:pas|jamais|plus|rien|personne|aucune?)\b|\bsans\b", re.IGNORECASE
)
#: Where a clause may begin.
_CLAUSE = re.compile(
    r"[,;:] |(?<=\w) (?=(?:and|but|who|which|that|when|while|where|because|as|with|after|before|for)\b)"
)

#: Words of a kind of which one is put for another; each row is a kind of its own where several stand under one name.
_WORDS = {
    "scale": ["thousand million billion trillion"],
    "unit": [
        "kilometres miles", "kilometers miles", "km miles", "metres feet", "meters feet", "kg tonnes",
        "percent points", "hours days", "weeks months", "days weeks", "years months", "minutes seconds",
        "euros dollars", "dollars pounds",
    ],
    "weekday or month": [
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        "January February April June July August September October November December",
    ],
    "country or people": [
        "France Germany Italy Spain China Japan Russia Brazil India Canada Turkey Egypt Poland Sweden Greece",
        "French German Italian Spanish Chinese Japanese Russian Brazilian Indian Canadian Turkish Egyptian Polish",
    ],
    "point of the compass": ["north south east west", "northern southern eastern western", "North South East West"],
}  # fmt: skip


def digit_changed(pair: Pair, chance: random.Random) -> str | None:
    """One digit of the English becomes another one."""
    places = [i for i, c in enumerate(pair[1]) if c in "0123456789"]
    if not places:
        return None
    place = chance.choice(places)
    other = chance.choice([d for d in "123456789" if d != pair[1][place]])
    return pair[1][:place] + other + pair[1][place + 1 :]


def number_dropped(pair: Pair, chance: random.Random) -> str | None:
    """One run of digits goes, with its marks."""
    numbers = list(re.finditer(r"[0-9]+(?:[.,:][0-9]+)*%?\s?", pair[1]))
    if not numbers:
        return None
    number = chance.choice(numbers)
    return pair[1][: number.start()] + pair[1][number.end() :]


def name_dropped(pair: Pair, chance: random.Random) -> str | None:
    """A run of capitalised words that both texts have, inside the sentence, goes from the English."""
    names = [name for name in _CAPITALS.finditer(pair[1]) if _is_shared_name(pair, name)]
    if not names:
        return None
    name = chance.choice(names)
    return pair[1][: name.start()] + pair[1][name.end() :].lstrip()


def _is_shared_name(pair: Pair, name: re.Match[str]) -> bool:
    french, english = pair
    inside = bool(_SMALL_BEFORE.search(english[: name.start()]))
    return inside and fold(english).count(fold(name[0])) == 1 and bool(re.search(rf"\w['’ ]{name[0]}\b", french))


def last_third_cut(pair: Pair, _: random.Random) -> str | None:
    """The last third of the words goes, the closing mark with it."""
    words = pair[1].split()
    return " ".join(words[: len(words) * 2 // 3]) if len(words) > 5 else None


def last_third_cut_and_closed(pair: Pair, chance: random.Random) -> str | None:
    """The last third goes, but the text ends with a full stop."""
    cut = last_third_cut(pair, chance)
    return cut and cut.rstrip(",;:.") + "."


def clause_dropped(pair: Pair, chance: random.Random, share: tuple[float, float]) -> str | None:
    """A clause goes whose share of the English is within bounds: from one comma or link word to another, or the end."""
    english = pair[1]
    cuts = [0, *(match.start() for match in _CLAUSE.finditer(english)), len(english.rstrip(".!?\"' "))]
    clauses = [
        (start, end)
        for index, start in enumerate(cuts)
        for end in cuts[index + 1 :]
        if share[0] <= (end - start) / len(english) < share[1]
    ]
    if not clauses:
        return None
    start, end = chance.choice(clauses)
    left = (english[:start].rstrip(" ,;") + english[end:]).lstrip(" ,;")
    return left[:1].upper() + left[1:]


def phrase_looped(pair: Pair, chance: random.Random) -> str | None:
    """One to six words stand four times in a row."""
    words = pair[1].split()
    length = chance.randint(1, 6)
    if len(words) <= length:
        return None
    start = chance.randrange(len(words) - length)
    phrase = words[start : start + length]
    return " ".join(words[:start] + phrase * 4 + words[start + length :])


def source_copied(pair: Pair, _: random.Random) -> str | None:
    """The French stands for the English."""
    return pair[0]


def half_copied(pair: Pair, _: random.Random) -> str | None:
    """The second half is French."""
    french, english = pair[0].split(), pair[1].split()
    return " ".join(english[: len(english) // 2] + french[len(french) // 2 :])


def half_dropped(pair: Pair, chance: random.Random) -> str | None:
    """The first or the last half of the words goes; what is left ends with a full stop or not."""
    words = pair[1].split()
    if len(words) < _LEAST_WORDS:
        return None
    middle = len(words) // 2
    left = " ".join(words[middle:] if chance.random() < 0.5 else words[:middle]).rstrip(",;:.!?")
    return left + chance.choice(["", "."])


def phrase_repeated(pair: Pair, chance: random.Random) -> str | None:
    """Two to six words stand two, three or four times in a row."""
    words = pair[1].split()
    length, times = chance.randint(2, 6), chance.randint(2, 4)
    if len(words) <= length:
        return None
    start = chance.randrange(len(words) - length)
    return " ".join(words[:start] + words[start : start + length] * times + words[start + length :])


def french_left(pair: Pair, chance: random.Random) -> str | None:
    """All of the French stands for the English, or its first half, its second, or some five words of it."""
    french, english = pair[0].split(), pair[1].split()
    if min(len(french), len(english)) < _LEAST_WORDS:
        return None
    place = chance.randrange(len(french) - _FRAGMENT_WORDS)
    here = place * len(english) // len(french)
    fragment = french[place : place + _FRAGMENT_WORDS]
    kinds = [
        french,
        french[: len(french) // 2] + english[len(english) // 2 :],
        english[: len(english) // 2] + french[len(french) // 2 :],
        english[:here] + fragment + english[here + _FRAGMENT_WORDS :],
    ]
    return " ".join(chance.choice(kinds))


def denial_dropped(pair: Pair, _: random.Random) -> str | None:
    """The only "not", "never", "no" or "without" goes, where the French denies."""
    found = list(_DENIAL.finditer(pair[1]))
    if len(found) != 1 or not _DENIED.search(pair[0]):
        return None
    return pair[1][: found[0].start()] + pair[1][found[0].end() :]


def word_changed(kind: str) -> Corruption:
    """A corruption that puts another word of the same kind, such as another weekday, for one that stands once."""
    rows = [row.split() for row in _WORDS[kind]]

    def change(pair: Pair, chance: random.Random) -> str | None:
        places = [
            (found[0], row)
            for row in rows
            for word in row
            if len(found := list(re.finditer(rf"\b{word}\b", pair[1]))) == 1
        ]
        if not places:
            return None
        place, row = chance.choice(places)
        other = chance.choice([word for word in row if word != place[0]])
        return pair[1][: place.start()] + other + pair[1][place.end() :]

    return change


#: The faults that the checks are there for: of each, nine in ten must be found.
FIVE_KINDS: dict[str, Corruption] = {
    "a number changed": digit_changed,
    "half dropped": half_dropped,
    "a phrase repeated": phrase_repeated,
    "French left": french_left,
    "a name dropped": name_dropped,
}

CORRUPTIONS: dict[str, tuple[Corruption, Flag]] = {
    "digit changed": (digit_changed, Flag.NUMBER_MISMATCH),
    "number dropped": (number_dropped, Flag.NUMBER_MISMATCH),
    "name dropped": (name_dropped, Flag.NAME_MISSING),
    "last third cut": (last_third_cut, Flag.LENGTH_RATIO),
    "last third cut, closed": (last_third_cut_and_closed, Flag.LENGTH_RATIO),
    "phrase looped": (phrase_looped, Flag.REPETITION),
    "source copied": (source_copied, Flag.UNTRANSLATED),
    "second half copied": (half_copied, Flag.UNTRANSLATED),
    "scale changed": (word_changed("scale"), Flag.NUMBER_MISMATCH),
    "unit changed": (word_changed("unit"), Flag.NUMBER_MISMATCH),
    "weekday or month changed": (word_changed("weekday or month"), Flag.DATE_MISMATCH),
    "country or people changed": (word_changed("country or people"), Flag.NAME_MISSING),
    "point of the compass changed": (word_changed("point of the compass"), Flag.NAME_MISSING),
    "denial dropped": (denial_dropped, Flag.NEGATION_MISMATCH),
}
