"""Writes subtitles: each English sentence over the cues of the French one."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import pairwise

from depeche.documents.english import Paragraph, Sentence
from depeche.documents.model import Passage, SubtitleSkeleton

#: Characters that a row on the screen has room for.
MOST_IN_ROW = 42
#: How far from its place in the French a cut may be moved to a comma, as a part of the sentence.
_LEEWAY = 0.15


def written(skeleton: SubtitleSkeleton, paragraphs: Sequence[Paragraph]) -> str:
    """The file in English, with its times, names and notes.

    Args:
        skeleton: the file.
        paragraphs: one for each passage.
    """
    texts: dict[int, str] = {}
    for passage, paragraph in zip(skeleton.passages, paragraphs, strict=True):
        texts |= _shared(passage, paragraph)
    pieces, position = [], 0
    for number, line in enumerate(skeleton.lines):
        pieces += [skeleton.source[position : line.start], line.before, _in_rows(texts[number], line.rows), line.after]
        position = line.end
    return "".join([*pieces, skeleton.source[position:]])


def _shared(passage: Passage, paragraph: Paragraph) -> dict[int, str]:
    """What of a passage's English stands in each of its lines."""
    pieces: dict[int, list[str]] = {share.line: [] for share in passage.shares}
    for sentence in paragraph.sentences:
        lengths = {share.line: _overlap(sentence, share.start, share.end) for share in passage.shares}
        lines = [line for line, length in lengths.items() if length]
        parts = cut(" ".join(sentence.en.split()), [lengths[line] for line in lines])
        for line, part in zip(lines, parts, strict=True):
            pieces[line].append(part)
    return {line: " ".join(part for part in parts if part) for line, parts in pieces.items()}


def _overlap(sentence: Sentence, start: int, end: int) -> int:
    return max(0, min(sentence.end, end) - max(sentence.start, start))


def cut(text: str, lengths: Sequence[int]) -> list[str]:
    """Cut a text between words into as many parts as there are lengths, in about these proportions.

    A comma near the place is better than the place itself. There is a word in each part, as long as there are enough.
    """
    words = text.split()
    ends = [0]
    for word in words:
        ends.append(ends[-1] + len(word) + 1)
    total = sum(lengths)
    cuts, done = [0], 0
    for index, length in enumerate(lengths[:-1], start=1):
        done += length
        # A word is left for each of the parts to come. Where there are too few, the first parts have them.
        least = cuts[-1] + 1
        most = max(least, len(words) - (len(lengths) - index))
        cuts.append(_best_cut(words, ends, done / total, range(least, most + 1)) if most <= len(words) else cuts[-1])
    cuts.append(len(words))
    return [" ".join(words[start:end]) for start, end in pairwise(cuts)]


def _best_cut(words: Sequence[str], ends: Sequence[int], share: float, choices: range) -> int:
    def distance(number: int) -> float:
        off = abs(ends[number] / ends[-1] - share)
        ends_clause = words[number - 1].endswith((",", ";", ":", "."))
        return max(0.0, off - _LEEWAY) if ends_clause else off

    return min(choices, key=distance)


def _in_rows(text: str, rows: int) -> str:
    """The text in rows of about the same length: as many as in French, or more where they would be too long."""
    count = max(1, min(rows, len(text.split())), -(-len(text) // MOST_IN_ROW))
    width = max(1, -(-len(text) // count))
    while len(wrapped := textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)) > count:
        width += 1
    return "\n".join(wrapped)
