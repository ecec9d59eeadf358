"""A result as plain text."""

from __future__ import annotations

import statistics

from depeche.article import ArticleResult
from depeche.pages.outline import confidences
from depeche.printable import printable


def as_text(result: ArticleResult) -> str:
    """A result for a person to read: title, translation, summary, and what to look at."""
    parts = [result.title_en, result.text_en.strip("\n")]
    if result.summary_en:
        parts.append(f"Summary ({result.quality.summary}): {result.summary_en}")
    if result.quality.flags:
        flags = ", ".join(f"{name} {count}" for name, count in result.quality.flags.items())
        parts.append(f"Flagged sentences: {result.quality.flagged_segments} of {len(result.segments)} ({flags})")
    if known := confidences(result.segments):
        parts.append(f"Confidence: median {statistics.median(known):.2f}, lowest {min(known):.2f}")
    return printable("\n\n".join(part for part in parts if part))
