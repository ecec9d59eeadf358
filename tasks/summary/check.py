"""Faults in an abstractive summary, found by holding it against the English text that it is of.

Summarisation models fail in known ways: they change or invent numbers and names, mix up two people, make quotations up,
add sentences that stood below the articles they learnt from, loop, and stop in mid-sentence. What passes here may still
be wrong: who did what to whom, and what was denied, needs more understanding than these checks have.
``tests/unit/summary_golden.py`` holds what must pass, what must not, and what is known to be missed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum

from depeche.article import Flag
from tasks.checks import check
from tasks.checks.number_words import ENGLISH
from tasks.checks.numbers import Number, read_numbers
from tasks.normalise import fold, for_model
from tasks.summary.boilerplate import is_boilerplate
from tasks.summary.english import WORD, content_words, is_closed, stem
from tasks.summary.english_names import Names

#: The least share of a sentence's words that matter to be found in the text: ``benchmarks/summary_checks.py``.
SUPPORT = 0.6
#: Shorter quotations are single words and phrases, which may be anybody's.
_QUOTED_WORDS = 3
#: Share of common words (Jaccard) from which two sentences say the same.
_SAME = 0.75

_QUOTATION = re.compile(r'"([^"]*)"')
_CAPITALISED = re.compile(r"(?<=[\w,;] )[A-Z]\w+")
_MARKUP = re.compile(r"<[^<>\s]{1,30}>|\[/?[A-Z]{2,}\]|https?://|www\.|\ufffd")

#: Number words that say a count. Others, such as "a", "first" and "may", do so only sometimes.
_COUNTS = {
    name: values
    for name, values in ENGLISH.values.items()
    if (ENGLISH.units.get(name, 0) > 2 and len(values) == 1)
    or name in {"and", "two", "twice", "dozen", "dozens", "double", "doubled", "triple", "tripled", "hundred"}
    or (name in ENGLISH.scales and not name.endswith("s"))
}
_COUNTING = replace(ENGLISH, values=_COUNTS)
_COUNT = "|".join(sorted(_COUNTS.keys() - ENGLISH.scales.keys() - {"and"}))
#: An amount without a noun, that may lack its scale too: "from 180 to 212 million", "180 million, then 212"; bounded,
#: so that an endless row of number words is read in linear time.
_ELLIPTIC = re.compile(
    rf"(?<![\w.,])(?:\d+(?:[.,]\d+)*|(?:{_COUNT})(?:[\s-](?:{_COUNT})){{0,6}})"
    r"(?=\W*$|[,;:.)](?!\d)|\s*[-–—/]\s*[\d$£€]|"
    r"\s(?:to|and|or|but|in|for|by|at|from|then|than|rather|instead|against|after|before|this|last|next)\b)",
    re.IGNORECASE,
)
_NUMBER_STEMS = frozenset(stem(word) for word in ENGLISH.values)
_ONE = Decimal(1)
_HALF = Number(frozenset(map(Decimal, ("0.5", "2", "30", "50"))))


class Fault(StrEnum):
    """What is wrong with a summary."""

    EMPTY = "empty"
    UNFINISHED = "unfinished"
    BOILERPLATE = "boilerplate"
    MARKUP = "markup"
    NUMBER = "number"
    NAME = "name"
    QUOTATION = "quotation"
    UNSUPPORTED = "unsupported"
    REPETITION = "repetition"


class _NumbersInContext:
    """The amounts of a text by sentence, and what each sentence and its neighbours speak of."""

    def __init__(self, sentences: Sequence[str]) -> None:
        words = [_subjects(sentence) for sentence in sentences]
        self._amounts = [_amounts(sentence) for sentence in sentences]
        self._around = [frozenset().union(*words[max(0, i - 1) : i + 2]) for i in range(len(words))]

    def cover(self, sentence: str) -> bool:
        """Whether every number of a sentence stands in the text, and where it stands something else is shared too."""
        asked = _asked_numbers(sentence)
        subjects = _subjects(sentence)
        amounts = {
            amount
            for found, around in zip(self._amounts, self._around, strict=True)
            if not subjects or not subjects.isdisjoint(around)
            for amount in found
        }
        implied = _implied(sentence, asked)
        return all(
            any(value * scale in amounts for value in number.values for scale in (number.scale, *implied(number)))
            for number in asked
        )


def _amounts(sentence: str) -> set[Decimal]:
    """All amounts that a sentence may speak of."""
    numbers = read_numbers(sentence, ENGLISH)
    implied = _implied(sentence, numbers)
    return {
        value * scale for number in numbers for value in number.values for scale in (number.scale, *implied(number))
    }


def _implied(sentence: str, numbers: Sequence[Number]) -> Callable[[Number], frozenset[Decimal]]:
    """The scales that a number without one may take from the others of its sentence."""
    scales = frozenset(number.scale for number in numbers) - {_ONE}
    elliptic = {
        value
        for amount in _ELLIPTIC.findall(sentence)
        for number in read_numbers(amount, ENGLISH)
        for value in number.values
    }
    return lambda number: frozenset() if number.scale != _ONE or elliptic.isdisjoint(number.values) else scales


def _asked_numbers(sentence: str) -> list[Number]:
    """The numbers of a summary's sentence; words alone ("three") count as much as figures: nobody translated them."""
    asked = [
        number
        for number in read_numbers(sentence, _COUNTING)
        # "Two hundred" is also listed by its words, as two values.
        if number.exact or (len(number.values) == 1 and number.values != {_ONE})
    ]
    return [*asked, _HALF] if ENGLISH.half.search(sentence) else asked


def _subjects(sentence: str) -> frozenset[str]:
    """The words that matter, those that say numbers apart."""
    return frozenset(content_words(sentence)) - _NUMBER_STEMS


class Original:
    """The English text that a summary is of, read once, and held against any number of summaries."""

    def __init__(self, sentences: Sequence[str], *, doubtful: Sequence[str] = ()) -> None:
        """``doubtful`` are sentences whose numbers are not to be repeated; the rest of them counts."""
        texts = [for_model(sentence) for sentence in (*sentences, *doubtful)]
        self._numbers = _NumbersInContext(texts[: len(sentences)])
        self._names = Names.of(texts)
        self._words = frozenset(content_words(" ".join(texts)))
        self._plain = _spaced(" ".join(texts))

    def sentence_faults(self, sentence: str) -> set[Fault]:
        """The faults of one sentence by itself; see :meth:`faults` for a whole summary."""
        text = for_model(sentence)
        found = {
            Fault.UNFINISHED: not is_closed(text),
            Fault.BOILERPLATE: is_boilerplate(text),
            Fault.MARKUP: bool(_MARKUP.search(text)),
            Fault.NUMBER: not self._numbers.cover(text),
            Fault.NAME: bool(self._names.unknown(text)),
            Fault.UNSUPPORTED: self.support(text) < SUPPORT,
            Fault.REPETITION: _loops(text),
        }
        return {fault for fault, is_set in found.items() if is_set}

    def faults(self, sentences: Sequence[str]) -> set[Fault]:
        """All faults of a summary, given by sentences; none for one that says only what the text says."""
        if not any(WORD.search(sentence) for sentence in sentences):
            return {Fault.EMPTY}
        found = set().union(*map(self.sentence_faults, sentences))
        summary = for_model(" ".join(sentences))
        if self._has_new_quotation(summary):
            found.add(Fault.QUOTATION)
        if _says_twice(sentences) or _loops(summary):
            found.add(Fault.REPETITION)
        return found

    def support(self, sentence: str) -> float:
        """The share of a sentence's words that matter which the text has too, from 0 to 1.

        Names count as found: they have a check of their own, that knows their other forms.
        """
        names = frozenset(content_words(" ".join(_CAPITALISED.findall(sentence))))
        words = content_words(sentence)
        return sum(word in self._words or word in names for word in words) / len(words) if words else 0.0

    def _has_new_quotation(self, summary: str) -> bool:
        if summary.count('"') % 2:
            return True
        quoted = (_spaced(words) for words in _QUOTATION.findall(summary))
        return any(words not in self._plain for words in quoted if len(words.split()) >= _QUOTED_WORDS)


def _spaced(text: str) -> str:
    """The words alone, with a space on each side of every one, so that whole words are found in them."""
    return f" {' '.join(fold(word) for word in WORD.findall(text))} "


def _loops(text: str) -> bool:
    # Held against nothing, the translation check finds what repeats by itself.
    return Flag.REPETITION in check("", text)


def _says_twice(sentences: Sequence[str]) -> bool:
    words = [set(content_words(sentence)) for sentence in sentences]
    pairs = [(a, b) for index, a in enumerate(words) for b in words[index + 1 :] if a | b]
    return any(len(a & b) / len(a | b) >= _SAME for a, b in pairs)
