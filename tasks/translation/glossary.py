"""A sender's glossary: which terms a sentence has, whether its English has them as given, and how to help the model.

A term is found in its inflected forms: ``commune`` in ``Communes``, ``local`` in ``locaux``. One that begins with a
capital begins with one in the text too, so that ``Orange`` is no fruit; an acronym is in capitals throughout. A term
that must stay as it is does not reach the model. Any other does, since models write best what they see whole; only
where the English lacks it, the sentence is translated again, with a name in the term's place.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from depeche.article import Term
from tasks.normalise import fold
from tasks.protected import Masked, Span, mask_spans

_WORD = re.compile(r"[^\W_]+")
#: Letters by which the terms that may begin at a word are found: all forms of a word begin alike.
_PREFIX = 2
_ACRONYM_LETTERS = 6


@dataclass(frozen=True)
class Occurrence:
    """A term in a text.

    Attributes:
        start, end: its place, in characters.
        term: the glossary's line.
        english: what it must become here: the term's English, in the plural where the French is.
    """

    start: int
    end: int
    term: Term
    english: str


class Glossary:
    """The terms of one article's options, ready to be looked for.

    Of terms that overlap, the one counts that begins first in the text, and of those the longest.
    """

    def __init__(self, terms: Iterable[Term] = ()) -> None:
        self._terms: defaultdict[str, list[Term]] = defaultdict(list)
        for term in terms:
            if first := _WORD.search(term.fr):
                self._terms[fold(first[0])[:_PREFIX]].append(term)

    def kept(self, text: str) -> list[Span]:
        """Where terms stand in ``text`` that stay as they are."""
        found = self._find(text, any_case=False) if self._terms else ()
        return [Span(o.start, o.end, "term") for o in found if o.term.en is None]

    def translated(self, text: str, *, any_case: bool = False) -> tuple[Occurrence, ...]:
        """The terms in ``text`` that have an English form; in a text that was in capitals, whatever their case."""
        if not self._terms:
            return ()
        return tuple(o for o in self._find(text, any_case=any_case) if o.term.en is not None)

    def _find(self, text: str, *, any_case: bool) -> Iterator[Occurrence]:
        end = 0
        for word in _WORD.finditer(text):
            if word.start() < end:
                continue
            found = [
                (match.end(), term)
                for term in self._terms.get(fold(word[0])[:_PREFIX], ())
                if (match := _french(term.fr, any_case).match(text, _start(term, word.start())))
            ]
            if found:
                end, term = max(found, key=lambda candidate: candidate[0])
                start = _start(term, word.start())
                yield Occurrence(start, end, term, _form(term, text[start:end]))


#: Of an article without one.
NO_GLOSSARY = Glossary()


def missing(occurrences: Iterable[Occurrence], english: str) -> list[Term]:
    """The terms, each once, that ``english`` has in no form."""
    terms = {o.term.fr: o.term for o in occurrences}
    return [term for term in terms.values() if not _english(term.en or "").search(english)]


def hide(text: str, occurrences: tuple[Occurrence, ...], english: str) -> tuple[str, str]:
    """Both sentences with the same names in the place of the terms that both have, for checks that know no glossary."""
    shared = tuple(o for o in occurrences if _english(o.term.en or "").search(english))
    masked = mask_terms(text, shared)
    for name, occurrence in zip(masked.names, shared, strict=True):
        english = _english(occurrence.term.en or "").sub(name, english, count=1)
    return masked.text, english


def mask_terms(text: str, occurrences: tuple[Occurrence, ...]) -> Masked:
    """``text`` with names that stand for the terms' English; with a capital where the sentence begins with one."""
    contents = [o.english[:1].upper() + o.english[1:] if _opens(text, o) else o.english for o in occurrences]
    return mask_spans(text, [Span(o.start, o.end, "term") for o in occurrences], contents=contents)


def _opens(text: str, occurrence: Occurrence) -> bool:
    return not _WORD.search(text, 0, occurrence.start) and text[occurrence.start].isupper()


def _start(term: Term, word_start: int) -> int:
    """Where the term would begin that has its first word here: signs before it, as in ``#Brignac``, belong to it."""
    first = _WORD.search(term.fr)
    return max(word_start - (first.start() if first else 0), 0)


@lru_cache(maxsize=4096)
def _french(term: str, any_case: bool) -> re.Pattern[str]:
    """A term in its forms: plural, feminine, and with any white space and apostrophe."""
    parts = [_inflected(part) if _WORD.fullmatch(part) else _sign(part) for part in re.split(r"([^\W_]+)", term)]
    pattern = "".join(parts)
    if term.isupper() and len(term) <= _ACRONYM_LETTERS and not any_case:
        return re.compile(rf"(?<![^\W_]){_sign(term)}s?(?![^\W_])")
    capital = "(?=[^a-zß-ÿ])" if term[0].isupper() and not any_case else ""
    return re.compile(rf"(?<![^\W_]){capital}(?i:{pattern})(?![^\W_])")


def _inflected(word: str) -> str:
    if word.isdigit() or len(word) < 3:
        return re.escape(word)
    if word.endswith(("al", "ail", "aux")):
        return re.escape(re.sub("(?:al|ail|aux)$", "", word)) + "(?:al|ail|aux|ales?|als|ails)"
    if word.endswith(("s", "x")):
        return re.escape(word[:-1]) + "(?:e?s|x|e)?"
    return re.escape(word) + "(?:e?s|x|e)?"


def _sign(text: str) -> str:
    return "".join(r"\s+" if c.isspace() else "['’]" if c in "'’" else re.escape(c) for c in text)


@lru_cache(maxsize=4096)
def _english(term: str) -> re.Pattern[str]:
    """An English term in its forms: plural, possessive, with a hyphen or a space between its words."""
    words = [re.sub(r"(?<=[^\W\d_aeiou])y$", "(?:y|ies)", _sign(word)) for word in term.replace("-", " ").split()]
    pattern = r"[\s-]+".join(words)
    return re.compile(rf"(?<![^\W_])(?:{pattern})(?:['’]s|e?s['’]?)?(?![^\W_])", re.IGNORECASE)


def _form(term: Term, found: str) -> str:
    """The term's English for one of its French forms; a name has no plural."""
    english = term.en or ""
    last, given = fold(found.rsplit(maxsplit=1)[-1]), fold(term.fr.split()[-1])
    is_plural = last != given and last.endswith(("s", "x")) and not given.endswith(("s", "x"))
    word = english.split()[-1] if english else ""
    return f"{english.removesuffix(word)}{_plural(word)}" if is_plural and word.islower() else english


def _plural(word: str) -> str:
    if re.search("[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "ch", "sh", "z")) else word if word.endswith("s") else f"{word}s"
