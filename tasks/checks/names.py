"""Are the proper names of a French sentence kept in its English translation?

Only what is quite surely a name is asked for: a word or span that is capitalised inside the sentence, and an acronym
anywhere. A span is missing when its last word is, generic words apart: "le président Omar Dupont" may become
"Mr Dupont", and nothing is asked of "la Banque mondiale". Spellings differ between the languages (``Brésil``,
``Poutine``, ``Bachar``), so a word also counts as found when the English has one that begins alike or has the same
consonants; the tables hold the rest.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from tasks.checks.name_words import EXONYMS, GENERIC, LIKE_COMMON
from tasks.normalise import fold

_WORD = re.compile(r"[^\W_]+")
_CAPITALISED = re.compile(r"(?<![^\W_])[A-ZÀ-Þ][^\W_]*(?:\.[^\W_])*")
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
        ("tch|sch|sh|ch", "0"),
        ("c(?=[eiy])|[zx]", "s"),
        ("[cq]", "k"),
        ("ph", "f"),
        ("dj", "j"),
        ("w", "v"),
    )
)
_VOWELS = re.compile("[aeiouyh]")
_POSSESSIVE = re.compile(r"['’]s\b")
_DOUBLED = re.compile(r"(.)\1+")


def missing_names(french: str, english: str) -> list[str]:
    """The names of ``french`` that ``english`` has in no form, as written, in order."""
    text, capitals = _English(english), _English(" ".join(_CAPITALISED.findall(english)))
    return [" ".join(span) for span in _spans(french) if not _has_span(span, text, capitals)]


def is_form_of(name: str, english: str) -> bool:
    """Whether ``english`` has the French ``name`` in one of its forms."""
    return _English(english).has(name)


def is_exonym(french: str, english: str) -> bool:
    """Whether ``english`` is the English form of a French name or adjective that the tables know."""
    return any(fold(english).startswith(form) for form in EXONYMS.get(fold(french), ()))


def begins_sentence(text: str, position: int) -> bool:
    """Whether a capital at ``position`` says nothing: a sentence, a quotation or a title begins there."""
    before = text[max(0, position - _LOOK_BACK) : position]
    return position == 0 or (bool(_OPENING.search(before)) and not _TITLE.search(before))


def _spans(french: str) -> Iterator[Sequence[str]]:
    """Each name as its words, generic words left out."""
    if _is_title(french):
        return
    span: list[tuple[str, bool]] = []
    end = -1
    for token in _WORD.finditer(french):
        if not _is_capital(token[0]):
            continue
        gap = french[end : token.start()] if end >= 0 else ""
        if span and not _INSIDE_SPAN.fullmatch(gap):
            yield from _asked(span)
            span = []
        span.append((token[0], begins_sentence(french, token.start())))
        end = token.end()
    yield from _asked(span)


def _is_capital(word: str) -> bool:
    return word[0].isupper() and len(word) > 1


def _asked(span: Sequence[tuple[str, bool]]) -> Iterator[Sequence[str]]:
    """The span's words if they are surely a name; nothing if not."""
    shouted = sum(word.isupper() for word, _ in span) > 1
    kept = [(word, opens) for word, opens in span if not _is_generic(word)]
    if not shouted and any(not opens or _is_acronym(word) for word, opens in kept):
        yield [word for word, _ in kept]


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
    if len(word) < 3 or folded in GENERIC or _ROMAN.fullmatch(word):
        return True
    return folded not in LIKE_COMMON and bool(_COMMON.fullmatch(folded))


def _is_acronym(word: str) -> bool:
    return word.isupper() and sum(c.isalpha() for c in word) >= _ACRONYM_LETTERS


def _has_span(span: Sequence[str], text: _English, capitals: _English) -> bool:
    """Whether a name is there: its last word as it is, or something like it that is a name or stands by the others.

    So "translations" is not taken for "Google Translate".
    """
    if text.has_exactly(span[-1]) or text.has_exactly("".join(span)):
        return True
    return text.has(span[-1]) and (len(span) == 1 or capitals.has(span[-1]) or any(map(text.has, span[:-1])))


class _English:
    """The English text, ready to be asked for names."""

    def __init__(self, text: str) -> None:
        plain = _POSSESSIVE.sub(" ", fold(text))
        # "U.S." is to be found as "us".
        self._words = {*_WORD.findall(plain), *_WORD.findall(plain.replace(".", ""))}
        self._sorted = sorted(self._words)
        self._prefixes = {word[:length] for word in self._words for length in (3, _PREFIX) if len(word) >= length}
        self._skeletons = {_skeleton(word) for word in self._words}
        self._letters = {
            "".join(sorted(word.removesuffix("s"))) for word in self._words if len(word) <= _LONGEST_ACRONYM + 1
        }

    def has_exactly(self, name: str) -> bool:
        return fold(name) in self._words

    def has(self, name: str) -> bool:
        word = fold(name)
        if word in self._words or any(self._begins(form) for form in EXONYMS.get(word, ())):
            return True
        if _is_acronym(name):
            # FMI and IMF, VIH and HIV, OTAN and NATO: the same initials in another order.
            return "".join(sorted(word.removesuffix("s"))) in self._letters
        if len(word) <= 3:
            return False
        return word[: 3 if len(word) < 5 else _PREFIX] in self._prefixes or _skeleton(word) in self._skeletons

    def _begins(self, form: str) -> bool:
        """Whether a word begins with ``form``; whether it is ``form``, where that is too short to tell."""
        if len(form) < _PREFIX:
            return form in self._words or form + "s" in self._words
        place = bisect_left(self._sorted, form)
        return place < len(self._sorted) and self._sorted[place].startswith(form)


def _skeleton(word: str) -> str:
    """The sounds of the first consonants: the same for ``poutine`` and ``putin``."""
    rest = word
    for sound, letter in _SOUNDS:
        rest = sound.sub(letter, rest)
    consonants = _DOUBLED.sub(r"\1", _VOWELS.sub("", rest))
    return consonants[: _SKELETON + 1] if len(consonants) >= _SKELETON else word
