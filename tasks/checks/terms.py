"""Words of closed lists, whose translations are known: countries and peoples, the compass, dates, languages, money.

A French word of the lists must stand in the English in one of its forms. Unlike names, which may be spelt in other
ways, nothing that only looks like it counts: Australia is not Austria.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from tasks.checks import cldr, countries, regions, term_words
from tasks.checks.english_text import EnglishText
from tasks.normalise import fold

_WORD = re.compile(r"[^\W_]+")
_FORM = re.compile(r"\([^)]*\)|\S+")
#: "Bosnia & Herzegovina" is Bosnia for short.
_FIRST_PART = re.compile(r"[&(].*")
_LETTER = re.compile(r"[^\W\d_]")
#: CLDR's names that are common words or first names, or that nobody writes so; parts of the world have rows here.
_NO_TERRITORIES = frozenset({"MU", "GD", "DM", "RE", "JE", "HK", "MO", "QO", "XA", "XB", "ZZ", "UN", "EZ"})
_EAST = re.compile(
    r"\b(?:nord|sud)[- ]est\b|\b(?:à|dans|vers|de|par) l['’]est\b|\bplein est\b|\best-allemand|\bl['’]Est\b"
)
_SHORTEST_LANGUAGE = 5
#: Feminine forms that are other words: "malaise".
_NO_FORMS = frozenset("malaise malaises grenadine grenadines marine marines romaine".split())


@dataclass(frozen=True)
class Term:
    """One entry of the lists: what its English may be.

    Attributes:
        key: of its row, such as ``DE`` or ``day-0``.
        words: whole English words of which one may stand for it.
        names: those that need a capital: "May", "US".
        beginnings: of words.
        phrases: words in a row.
        signs: such as "$".
    """

    key: str
    words: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    beginnings: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()

    @property
    def is_date(self) -> bool:
        """Whether it is a weekday or a month."""
        return self.key.startswith(("day-", "month-"))

    def is_in(self, english: EnglishText) -> bool:
        """Whether the text has it in one of its forms."""
        return (
            not self.words.isdisjoint(english.words)
            or any(map(english.has_beginning, self.beginnings))
            or not self.names.isdisjoint(english.capitalised)
            or any(map(english.has_phrase, self.phrases))
            or any(sign in english.text for sign in self.signs)
        )


@dataclass(frozen=True)
class _Entry:
    """A French spelling of a term.

    Attributes:
        words: in small letters.
        capital: index of the word that must have a capital; None for adjectives and the like.
    """

    words: tuple[str, ...]
    term: Term
    capital: int | None


@dataclass(frozen=True)
class Found:
    """A term in a French text: the entry, the words as written, where they begin and end."""

    term: Term
    written: str
    start: int
    end: int


def missing_terms(found: Iterable[Found], english: EnglishText) -> Iterator[Found]:
    """Those of the terms of a French text that ``english`` has in no form, each once."""
    seen: set[str] = set()
    for one in found:
        if one.term.key not in seen and not is_kept(one, english):
            yield one
        seen.add(one.term.key)


def is_kept(found: Found, english: EnglishText) -> bool:
    """Whether the English has a term, or its French words as they are, as part of a title or of another name."""
    if not found.term.key or found.term.is_in(english):
        return True
    return found.written[0].isupper() and english.has_phrase(" ".join(_WORD.findall(fold(found.written))), whole=True)


def term_of(word: str) -> Term | None:
    """The place or other term that a single French word is; None where it is none."""
    return next((e.term for e in _index().get(word.lower(), ()) if len(e.words) == 1), None)


def find_terms(french: str) -> list[Found]:
    """All terms of a French text, in order, with idioms such as "montagnes russes", whose term has no key."""
    index = _index()
    words = _WORD.findall(french.lower())
    if index.keys().isdisjoint(words) and "est" not in words:
        return []
    tokens = list(_WORD.finditer(french))
    words = [token[0].lower() for token in tokens]
    found: list[Found] = []
    skip = 0
    for place, word in enumerate(words):
        if place < skip or word not in index:
            continue
        for entry in index[word]:
            end = place + len(entry.words)
            if entry.words == tuple(words[place:end]) and _fits(entry, tokens[place:end], french):
                start, stop = tokens[place].start(), tokens[end - 1].end()
                found.append(Found(entry.term, french[start:stop], start, stop))
                skip = end
                break
    if "est" in words and (east := _EAST.search(french)):
        found.append(Found(_east(), east[0], east.start(), east.end()))
    return found


def _fits(entry: _Entry, tokens: Sequence[re.Match[str]], french: str) -> bool:
    if entry.capital is not None:
        return tokens[entry.capital][0][0].isupper()
    # "Mars" is a planet.
    if entry.term.key.startswith("month-") and tokens[0][0][0].isupper():
        return _LETTER.search(french[: tokens[0].start()]) is None or french[tokens[0].end() :].lstrip()[:1].isdigit()
    return True


@cache
def _index() -> dict[str, list[_Entry]]:
    """All French spellings by their first word, the longest first."""
    entries: dict[tuple[str, ...], _Entry] = {}
    for phrase, term, is_name in [*_languages(), *_plain_rows(), *_places()]:
        spelt = tuple(_WORD.findall(phrase))
        words = tuple(word.lower() for word in spelt)
        capital = next((i for i, word in enumerate(spelt) if word[0].isupper() and len(word) > 2), None)
        for variant in {words, (_unaccented(words[0]), *words[1:])}:
            # "Corse" is a place with a capital, and a people without: then the capital does not matter.
            known = entries.get(variant)
            is_people = known is not None and known.term.key == term.key and known.capital is None
            entries[variant] = _Entry(variant, term, capital if is_name and not is_people else None)
    index: dict[str, list[_Entry]] = defaultdict(list)
    for words in sorted(entries, key=len, reverse=True):
        index[words[0]].append(entries[words])
    return dict(index)


def _unaccented(word: str) -> str:
    """With a plain first letter, as capitals are often written."""
    return fold(word[0]) + word[1:]


@cache
def _east() -> Term:
    return _term("east", _FORM.findall(term_words.EAST))


def _plain_rows() -> Iterator[tuple[str, Term, bool]]:
    """Dates, points of the compass, money and languages."""
    for idiom in term_words.IDIOMS:
        yield idiom, Term(""), False
    for table in (term_words.DATES, term_words.COMPASS, term_words.MONEY, term_words.LANGUAGES):
        for key, french, english in _rows(table):
            term = _term(key, _FORM.findall(english))
            for phrase in _FORM.findall(french):
                yield phrase.strip("()"), term, False


def _places() -> Iterator[tuple[str, Term, bool]]:
    names = {code: name for code, name in cldr.territories("fr").items() if _is_country(code)}
    english_names = cldr.territories("en")
    rows = {key: (french, adjectives, english) for key, french, adjectives, english in _rows(countries.COUNTRIES)}
    for code in names.keys() | rows.keys():
        french, adjectives, english = rows.get(code, ("", "", ""))
        forms = [*_FORM.findall(english), *_forms_of_name(english_names.get(code, ""))]
        yield from _place(code, [names.get(code, ""), *french.split(", ")], adjectives, forms)
    for key, french, adjectives, english in _rows(regions.REGIONS):
        yield from _place(key, french.split(", "), adjectives, _FORM.findall(english))


def _place(key: str, names: Iterable[str], adjectives: str, forms: Iterable[str]) -> Iterator[tuple[str, Term, bool]]:
    term = _term(key, forms)
    for adjective in adjectives.split():
        for form in _inflected(adjective):
            if form not in _NO_FORMS:
                yield form, term, False
    for name in names:
        if name:
            yield name, term, True


def _languages() -> Iterator[tuple[str, Term, bool]]:
    english = cldr.languages("en")
    for code, name in cldr.languages("fr").items():
        known = english.get(code, "")
        is_one_word = len(name) >= _SHORTEST_LANGUAGE and name.isalpha() and known.isalpha()
        if is_one_word and name not in term_words.NO_LANGUAGES:
            yield name, _term(f"language-{code}", [fold(known)]), False


def _is_country(code: str) -> bool:
    return code.isalpha() and code not in _NO_TERRITORIES


def _forms_of_name(english: str) -> list[str]:
    """The forms that CLDR's name of a country gives: one word's beginning, or all of its words before an "&"."""
    words = [word for word in _WORD.findall(_FIRST_PART.sub("", fold(english))) if word not in ("st", "the")]
    if len(words) != 1:
        return [f"({' '.join(words)})"] if words else []
    # Nigeria begins with Niger.
    others = (fold(name) for name in cldr.territories("en").values() if name != english)
    return [f"={words[0]}" if any(other.startswith(words[0]) for other in others) else words[0]]


def _rows(table: str) -> Iterator[list[str]]:
    return ([cell.strip() for cell in line.split("|")] for line in table.strip().splitlines())


def _term(key: str, forms: Iterable[str]) -> Term:
    kinds: dict[str, list[str]] = defaultdict(list)
    for form in forms:
        kind = form[0] if form[0] in "=^(" else "begins" if form[-1].isalpha() else "sign"
        kinds[kind].append(form if kind in ("begins", "sign") else " ".join(_WORD.findall(form)))
    return Term(
        key,
        words=frozenset(kinds["="]),
        names=frozenset(kinds["^"]),
        beginnings=tuple(kinds["begins"]),
        phrases=tuple(kinds["("]),
        signs=tuple(kinds["sign"]),
    )


def _inflected(masculine: str) -> set[str]:
    """The forms of an adjective in the masculine singular, and of the people that it names."""
    if masculine.endswith(("rec", "urc")):
        feminine = masculine[:-1] + "que" if masculine.endswith("urc") else masculine + "que"
    elif masculine.endswith(("en", "on")):
        feminine = masculine + "ne"
    elif masculine.endswith("f"):
        feminine = masculine[:-1] + "ve"
    elif masculine.endswith("e"):
        feminine = masculine
    else:
        feminine = masculine + ("se" if masculine == "andalou" else "de" if masculine == "esquimau" else "e")
    plural = masculine if masculine[-1] in "sx" else masculine + ("x" if masculine.endswith("au") else "s")
    if masculine.endswith("al"):
        plural = masculine[:-2] + "aux"
    return {masculine, feminine, plural, feminine + "s"}
