"""Summarise an article's English: anew where a model can and what it writes stands up, else in its own sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from depeche.article import FRENCH_KEPT, Flag, ModelInfo, Segment
from tasks.engines import AbstractiveSummariser, Engines, SentenceExtractor
from tasks.summary.abstract import abstract
from tasks.summary.boilerplate import is_boilerplate
from tasks.summary.check import Original
from tasks.summary.chunk import Piece
from tasks.typography import typographic

#: Flags that raise no doubt about what a sentence says.
_SOUND = frozenset({Flag.RESPLIT, Flag.ALREADY_ENGLISH})
#: A summary cannot be written from sentences with these: French is left in them, or they repeat themselves.
_UNUSABLE = FRENCH_KEPT | {Flag.UNTRANSLATED, Flag.REPETITION}
#: Sentences with these are not English.
_NOT_ENGLISH = FRENCH_KEPT | {Flag.OTHER_LANGUAGE}
#: The first decoding and another one, before the article's own sentences are taken.
ATTEMPTS = 2


@dataclass(frozen=True)
class Summary:
    """A summary and where it comes from.

    Attributes:
        text: in one paragraph; None where the article is too short for one.
        kind: written anew, made of the article's own sentences, or none.
        model: which model made it; None where there is none.
    """

    text: str | None = None
    kind: Literal["abstractive", "extractive", "none"] = "none"
    model: ModelInfo | None = None


def summarise(segments: Sequence[Segment], engines: Engines, max_sentences: int, title: str | None = None) -> Summary:
    """The summary of an article's English, credits and the like left out; ``title`` is the English one.

    An abstractive one that fails its checks is written once more, with another decoding; if that fails too, and where
    the engines have no abstractive summariser, the article's own sentences are taken. Either kind has at most
    ``max_sentences`` sentences, and at most a third as many as the article, so one of one or two sentences has none:
    it would be the text again.

    Raises:
        ModelUnavailable: an engine failed.
    """
    english = [s for s in segments if _NOT_ENGLISH.isdisjoint(s.flags) and not is_boilerplate(s.en)]
    if engines.abstractive and (text := _abstractive(english, engines.abstractive, max_sentences)):
        return Summary(text, "abstractive", engines.abstractive.info)
    if text := _extractive(english, engines.summariser, max_sentences, title):
        return Summary(text, "extractive", engines.summariser.info)
    return Summary()


def _abstractive(segments: Sequence[Segment], engine: AbstractiveSummariser, max_sentences: int) -> str | None:
    usable = [segment for segment in segments if _UNUSABLE.isdisjoint(segment.flags)]
    # A number that is already in doubt must not be repeated in the summary.
    doubtful = [segment.en for segment in usable if Flag.NUMBER_MISMATCH in segment.flags]
    sure = [segment.en for segment in usable if Flag.NUMBER_MISMATCH not in segment.flags]
    original = Original(sure, doubtful=doubtful)
    pieces = [Piece(segment.paragraph, segment.en) for segment in usable]
    for attempt in range(ATTEMPTS):
        sentences = abstract(pieces, engine, original, max_sentences, attempt)
        if sentences and not original.faults(sentences):
            return typographic(" ".join(sentences))
    return None


def _extractive(
    segments: Sequence[Segment], engine: SentenceExtractor, max_sentences: int, title: str | None
) -> str | None:
    """Sentences that passed their checks, as they are repeated word for word; any, where these make no summary."""
    sound = [segment for segment in segments if _SOUND.issuperset(segment.flags)]
    return _extract(sound, engine, max_sentences, title) or _extract(segments, engine, max_sentences, title)


def _extract(
    segments: Sequence[Segment], engine: SentenceExtractor, max_sentences: int, title: str | None
) -> str | None:
    paragraphs = [[segment.en for segment in group] for _, group in groupby(segments, key=lambda s: s.paragraph)]
    return " ".join(engine.summarise(paragraphs, max_sentences=max_sentences, title=title)) or None
