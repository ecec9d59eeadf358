"""A result in the order in which it is read: title and paragraphs of sentences, the doubtful ones numbered."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count, groupby

from depeche.article import FRENCH_KEPT, ArticleResult, Flag, Segment
from depeche.pages import words

#: What a page is called that has no title.
UNTITLED = "Untitled article"


@dataclass(frozen=True)
class Pair:
    """A sentence of the article, or its title, in both languages.

    Attributes:
        number: from 1 in the order of reading; the title is 0.
        doubt: number among the doubtful pairs from 1; None where there is no doubt.
        fr_language: language tag of the French side; another one where a sentence was not French.
        en_language: the same of the English side.
        flags: what was found.
        reasons: why it is flagged, a line for each flag.
        confidence: from 0 to 1; None where it is not known.
    """

    number: int
    doubt: int | None
    fr: str
    en: str
    fr_language: str
    en_language: str
    flags: list[Flag]
    reasons: list[str]
    confidence: float | None


@dataclass(frozen=True)
class Outline:
    """What a reader needs of a result.

    Attributes:
        title: None where the article has none.
        paragraphs: the sentences of each.
        median: of the confidences that are known; None where none is.
    """

    title: Pair | None
    paragraphs: list[list[Pair]]
    median: float | None

    @property
    def pairs(self) -> Iterator[Pair]:
        """Title and sentences in the order of reading."""
        if self.title:
            yield self.title
        for paragraph in self.paragraphs:
            yield from paragraph

    @property
    def doubtful(self) -> list[Pair]:
        """The pairs that a person should look at."""
        return [pair for pair in self.pairs if pair.doubt is not None]

    @property
    def which_are_doubtful(self) -> str:
        """How many those are, such as "none of 8 sentences", or "the title and 2 of 8 sentences"."""
        number = sum(pair.doubt is not None for paragraph in self.paragraphs for pair in paragraph)
        sentences = f"{number:,} of {words.count(sum(map(len, self.paragraphs)), 'sentence')}"
        if self.title and self.title.doubt is not None:
            return f"the title and {sentences}"
        return sentences if number else sentences.replace("0", "none", 1)


def outline(result: ArticleResult) -> Outline:
    """Arrange a result for reading."""
    doubts = count(1)
    title = result.title_en and _pair(_title(result), 0, doubts)
    pairs = [_pair(segment, number, doubts) for number, segment in enumerate(result.segments, start=1)]
    known = confidences(result.segments)
    return Outline(
        title=title or None,
        paragraphs=list(_paragraphs(result.segments, pairs)),
        median=statistics.median(known) if known else None,
    )


def confidences(segments: Iterable[Segment]) -> list[float]:
    """Those that are known."""
    return [segment.confidence for segment in segments if segment.confidence is not None]


def _title(result: ArticleResult) -> Segment:
    return Segment(
        paragraph=0,
        sentence=0,
        # Workers before 0.2 did not return it.
        fr=result.title_fr or "",
        en=result.title_en or "",
        flags=result.title_flags,
        confidence=result.title_confidence,
    )


def _pair(segment: Segment, number: int, doubts: Iterator[int]) -> Pair:
    fr_language, en_language = _languages(segment.flags)
    return Pair(
        number=number,
        doubt=next(doubts) if words.is_doubtful(segment.flags) else None,
        fr=segment.fr,
        en=segment.en,
        fr_language=fr_language,
        en_language=en_language,
        flags=segment.flags,
        reasons=words.reasons(segment),
        confidence=segment.confidence,
    )


def _languages(flags: list[Flag]) -> tuple[str, str]:
    """What the two sides are in. Nobody knows which language a third one is, and its tag is ``und``."""
    if Flag.OTHER_LANGUAGE in flags:
        return "und", "und"
    if Flag.ALREADY_ENGLISH in flags:
        return "en", "en"
    return "fr", "en" if FRENCH_KEPT.isdisjoint(flags) else "fr"


def _paragraphs(segments: list[Segment], pairs: list[Pair]) -> Iterator[list[Pair]]:
    both = zip(segments, pairs, strict=True)
    for _, group in groupby(both, key=lambda each: each[0].paragraph):
        yield [pair for _, pair in group]
