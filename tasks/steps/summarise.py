"""Summarise the English text of an article."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from tasks.article import Segment
from tasks.engines import Summariser


def summarise(segments: Sequence[Segment], summariser: Summariser, max_sentences: int) -> str | None:
    """The summary in one paragraph; None where the article is too short for one."""
    paragraphs = [[segment.en for segment in group] for _, group in groupby(segments, key=lambda s: s.paragraph)]
    return " ".join(summariser.summarise(paragraphs, max_sentences=max_sentences)) or None
