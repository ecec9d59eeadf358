"""Summarise the English text of an article."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from tasks.article import FRENCH_KEPT, Segment
from tasks.engines import Summariser


def summarise(segments: Sequence[Segment], summariser: Summariser, max_sentences: int) -> str | None:
    """The summary in one paragraph, of what is English; None where that is too short for one."""
    english = [segment for segment in segments if FRENCH_KEPT.isdisjoint(segment.flags)]
    paragraphs = [[segment.en for segment in group] for _, group in groupby(english, key=lambda s: s.paragraph)]
    return " ".join(summariser.summarise(paragraphs, max_sentences=max_sentences)) or None
