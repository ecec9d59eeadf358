"""Are the proper names of a French sentence kept in its English translation?

Only what is quite surely a name is asked for: a word or span that is capitalised inside the sentence, and an acronym
anywhere. A span is missing when its last word is, generic words apart: "le président Omar Dupont" may become
"Mr Dupont", and nothing is asked of "la Banque mondiale". Spellings differ between the languages (``Brésil``,
``Poutine``, ``Bachar``), so a word also counts as found when the English has one that begins alike or has the same
consonants; the tables hold the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import cached_property

from tasks.checks.english_text import EnglishText
from tasks.checks.generic_words import GENERIC
from tasks.checks.name_words import EXONYMS, LIKE_COMMON
from tasks.checks.terms import Found, find_terms, is_kept, term_of
from tasks.normalise import fold, plain_letters

_WORD = re.compile(r"[^\W_]+")
#: What may be a capitalised word; most words are passed over at once.
_NOT_SMALL = re.compile(r"(?<![^\W_])[^\W_a-zà-öø-ÿ0-9][^\W_]+")
_INSIDE_SPAN = re.compile(r"[ \u00a0-]|['’]")
#: After these a capital says nothing: a sentence, a quotation or a title begins.
_OPENING = re.compile(r"(?:^|[.!?…:;«»\"“”„()\[\]–—•*/|\n>]|(?:^|\s)['‘-])\s*$")
_TITLE = re.compile(r"(?:^|[^\w])(?:[A-ZÀ-Þ]|Mme|Mlle|Mgr|MM|Dr|Pr|Me|St|Ste)\.\s*$")
_ROMAN = re.compile(
    r"(?=[IVXLCDM])M*(?:C[MD]|D?C{0,3})(?:X[CL]|L?X{0,3})(?:I[XV]|V?I{0,3})(?:ers?|[èe]res?|i?[èe]mes?|es?)?"
)
#: Capitalised common nouns of titles ("la Fondation du Patrimoine"), known by their endings.
_COMMON = re.compile(
    ".+(?:tions?|sions?|ments?|ites?|eurs?|euses?|ances?|ences?|iques?|aires?|ieres?|ismes?|istes?|ages?|esses?|tes|"
    "tees?|logies?|ures?|elles?|atifs?|atives?|iens?|iennes?|ants?|ents?|aux)"
)
_LOOK_BACK = 8
_TITLE_SHARE = 0.8
_ACRONYM_LETTERS = 3
#: Longer words in capitals are shouted ones.
_LONGEST_ACRONYM = 6
_PREFIX = 4
_SKELETON = 3
_SOUNDS = tuple(
    (re.compile(spelling), sound)
    for spelling, sound in (
        ("zh", "j"),
        ("tch|sch|sh|ch", "0"),
        ("c(?=[eiy])|[zx]", "s"),
        ("[cq]", "k"),
        ("ph", "f"),
        ("dj", "j"),
        ("w", "v"),
    )
)
_VOWELS = re.compile("[aeiouyh]")
_ACRONYM = re.compile(r"(?<![^\W_])(?:[A-Z]{2,6}|(?:[A-Z]\.){2,6})(?![^\W_])")
#: Names of this length and more may differ by a letter or two.
_SPELT = 5
_LIKE = 0.79
#: How French writes sounds of Cyrillic and Arabic names that English writes otherwise.
_TRANSLITERATED = (("iou", "yu"), ("tch", "ch"), ("dj", "j"), ("ou", "u"), ("j", "zh"), ("gu", "g"), ("qu", "k"))
_DOUBLED = re.compile(r"(.)\1+")


def missing_names(french: str, english: str) -> list[str]:
    """The names of ``french`` that ``english`` has in no form, as written, in order."""
    return list(names_missing_in(EnglishText(english), french, find_terms(french)))


def names_missing_in(english: EnglishText, french: str, terms: Iterable[Found]) -> Iterator[str]:
    """The names of ``french`` that ``english`` has in no form; ``terms`` are those of ``french``, found before."""
    text = _Names(english, french)
    known = {place: term for term in terms for place in range(term.start, term.end)}
    for span in _spans(plain_letters(french)):
        last = known.get(span[-1].start())
        if not (is_kept(last, english) if last else text.has_span([token[0] for token in span])):
            yield " ".join(token[0] for token in span)


def is_form_of(name: str, english: str) -> bool:
    """Whether ``english`` has the French ``name`` in one of its forms."""
    text = EnglishText(english)
    term = term_of(name)
    return bool(term and term.is_in(text)) or _Names(text).has(name)


def is_exonym(french: str, english: str) -> bool:
    """Whether ``english`` is the English form of a French name or adjective that the tables know."""
    return any(fold(english).startswith(form) for form in EXONYMS.get(fold(french), ()))


def begins_sentence(text: str, position: int) -> bool:
    """Whether a capital at ``position`` says nothing: a sentence, a quotation or a title begins there."""
    before = text[max(0, position - _LOOK_BACK) : position]
    return position == 0 or (bool(_OPENING.search(before)) and not _TITLE.search(before))


def _spans(french: str) -> Iterator[Sequence[re.Match[str]]]:
    """Each name as its words, generic words left out."""
    if _is_title(french):
        return
    span: list[re.Match[str]] = []
    for token in _NOT_SMALL.finditer(french):
        if not _is_capital(token[0]):
            continue
        if span and not _INSIDE_SPAN.fullmatch(french[span[-1].end() : token.start()]):
            yield from _asked(span, french)
            span = []
        span.append(token)
    yield from _asked(span, french)


def _is_capital(word: str) -> bool:
    return word[0].isupper() and len(word) > 1


def _asked(span: Sequence[re.Match[str]], french: str) -> Iterator[Sequence[re.Match[str]]]:
    """The span's words if they are surely a name; nothing if not."""
    shouted = sum(token[0].isupper() for token in span) > 1
    kept = [token for token in span if not _is_generic(token[0])]
    if shouted or not kept:
        return
    if any(_is_acronym(token[0]) or not begins_sentence(french, token.start()) for token in kept):
        yield kept


def _is_title(text: str) -> bool:
    """Whether most long words are capitalised, so that capitals tell nothing: ``LA GRÈVE``, ``Le Grand Soir``."""
    words = [word for word in _WORD.findall(text) if len(word) >= _PREFIX and word[0].isalpha()]
    return len(words) > 3 and sum(word[0].isupper() for word in words) > _TITLE_SHARE * len(words)


def _is_generic(word: str) -> bool:
    if word.isupper():
        return (
            not _ACRONYM_LETTERS <= len(word) <= _LONGEST_ACRONYM
            or bool(_ROMAN.fullmatch(word))
            or fold(word) in GENERIC
        )
    folded = fold(word)
    if len(word) < 3 or folded in GENERIC or _singular(folded) in GENERIC or _ROMAN.fullmatch(word):
        return True
    return folded not in LIKE_COMMON and bool(_COMMON.fullmatch(folded))


def _singular(word: str) -> str:
    return word[:-1] if word.endswith(("s", "x")) else word


def _is_acronym(word: str) -> bool:
    return word.isupper() and sum(c.isalpha() for c in word) >= _ACRONYM_LETTERS


class _Names:
    """An English text, asked for French names."""

    def __init__(self, english: EnglishText, french: str = "") -> None:
        self._english, self._french = english, french

    def has_span(self, span: Sequence[str]) -> bool:
        """Whether a name is there: its last word as it is, or something like it that is a name or stands by the others.

        So "translations" is not taken for "Google Translate".
        """
        words, last = self._english.words, fold(span[-1])
        if last in words or fold("".join(span)) in words:
            return True
        return self.has(span[-1]) and (
            len(span) == 1 or self.has(span[-1], among_names=True) or any(map(self.has, span[:-1]))
        )

    def has(self, name: str, *, among_names: bool = False) -> bool:
        """Whether a word is there in one of its forms, anywhere or among the words with a capital."""
        word = fold(name)
        if word in (self._english.capitalised if among_names else self._english.words):
            return True
        if any(self._begins(form) for form in EXONYMS.get(word, ())):
            return True
        if _is_acronym(name):
            return word + "s" in self._english.words or self._has_acronym(word)
        if len(word) <= 3:
            return False
        prefixes, skeletons = self._capitals if among_names else self._all
        if word[: 3 if len(word) < 5 else _PREFIX] in prefixes or _skeleton(word) in skeletons:
            return True
        return len(word) >= _SPELT and any(_is_spelt_like(word, other) for other in self._english.capitalised)

    def _begins(self, form: str) -> bool:
        """Whether a word begins with ``form``; whether it is ``form``, where that is too short to tell."""
        if len(form) < _PREFIX:
            return form in self._english.words or form + "s" in self._english.words
        return self._english.has_beginning(form)

    def _has_acronym(self, word: str) -> bool:
        """FMI and IMF, VIH and HIV, CPM and PMO: the same initials in another order, or most of them."""
        if any(abs(len(other) - len(word)) <= 1 and not set(word).isdisjoint(other) for other in self._acronyms):
            return True
        letters = sorted(word)
        return any(len(other) == len(letters) and sorted(other) == letters for other in self._english.capitalised)

    @cached_property
    def _acronyms(self) -> list[str]:
        """The English words in capitals that the French does not have, in small letters: they may be translations."""
        return [
            match.lower().replace(".", "")
            for match in _ACRONYM.findall(self._english.text)
            if match not in self._french
        ]

    @cached_property
    def _all(self) -> tuple[set[str], set[str]]:
        return _beginnings(self._english.words)

    @cached_property
    def _capitals(self) -> tuple[set[str], set[str]]:
        return _beginnings(self._english.capitalised)


def _beginnings(words: Iterable[str]) -> tuple[set[str], set[str]]:
    """The first letters of words, and their skeletons."""
    prefixes = {word[:length] for word in words for length in (3, _PREFIX) if len(word) >= length}
    return prefixes, {_skeleton(word) for word in words}


def _is_spelt_like(word: str, other: str) -> bool:
    """Whether two names differ by little more than a slip or a transliteration: Oussama, Osama."""
    return abs(len(word) - len(other)) <= 3 and SequenceMatcher(None, _latin(word), other).ratio() >= _LIKE


def _latin(word: str) -> str:
    for french, plain in _TRANSLITERATED:
        word = word.replace(french, plain)
    return word


def _skeleton(word: str) -> str:
    """The sounds of the first consonants: the same for ``poutine`` and ``putin``."""
    rest = word
    for sound, letter in _SOUNDS:
        rest = sound.sub(letter, rest)
    consonants = _DOUBLED.sub(r"\1", _VOWELS.sub("", rest))
    return consonants[: _SKELETON + 1] if len(consonants) >= _SKELETON else word
