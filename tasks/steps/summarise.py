"""Summarise the English text of an article."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from tasks.article import FRENCH_KEPT, Flag, Segment
from tasks.engines import Summariser

#: Flags that raise no doubt about what a sentence says.
_SOUND = frozenset({Flag.RESPLIT, Flag.ALREADY_ENGLISH})


def summarise(segments: Sequence[Segment], summariser: Summariser, max_sentences: int) -> str | None:
    """The summary in one paragraph, of what is English; None where that is too short for one.

    An extractive one repeats sentences as they are, so it is made of those that passed their checks, where these make
    one at all.
    """
    english = [segment for segment in segments if FRENCH_KEPT.isdisjoint(segment.flags)]
    if summariser.kind == "extractive":
        sound = [segment for segment in english if _SOUND.issuperset(segment.flags)]
        return _summary(sound, summariser, max_sentences) or _summary(english, summariser, max_sentences)
    return _summary(english, summariser, max_sentences)


def _summary(segments: Sequence[Segment], summariser: Summariser, max_sentences: int) -> str | None:
    paragraphs = [[segment.en for segment in group] for _, group in groupby(segments, key=lambda s: s.paragraph)]
    return " ".join(summariser.summarise(paragraphs, max_sentences=max_sentences)) or None
