"""The English of an article, paragraph by paragraph as the document has them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from depeche.article import ArticleResult, Segment
from depeche.errors import StructureLost


@dataclass(frozen=True)
class Sentence:
    """A sentence in both languages.

    Attributes:
        start, end: where the French stands in its paragraph.
    """

    fr: str
    en: str
    start: int
    end: int


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the article, sentence by sentence."""

    text: str
    sentences: tuple[Sentence, ...]

    def english(self, write: Callable[[Sentence], str] = lambda sentence: sentence.en) -> str:
        """The English in one line, with what stands between the French sentences."""
        pieces, position = [], 0
        for sentence in self.sentences:
            pieces += [self.text[position : sentence.start], " ".join(write(sentence).split())]
            position = sentence.end
        return "".join(pieces)


def lost(why: str, result: ArticleResult) -> StructureLost:
    """The error that a result does not fit."""
    return StructureLost(
        f"the result does not fit the document: {why}; use the English as plain text, or submit the document again",
        {"text": result.text_en},
    )


def paragraphs_of(texts: Sequence[str], result: ArticleResult) -> list[Paragraph]:
    """The paragraphs that were submitted, with the sentences that the worker made of each.

    Raises:
        StructureLost: the worker had other paragraphs.
    """
    groups = [list(group) for _, group in groupby(result.segments, key=lambda segment: segment.paragraph)]
    if len(groups) != len(texts):
        raise lost(f"it has {len(groups)} paragraphs, and the document {len(texts)}", result)
    return [
        _paragraph(text, group, number, result)
        for number, (text, group) in enumerate(zip(texts, groups, strict=True), start=1)
    ]


def _paragraph(text: str, segments: Sequence[Segment], number: int, result: ArticleResult) -> Paragraph:
    sentences, position = [], 0
    for segment in segments:
        start = text.find(segment.fr, position)
        if start < 0 or text[position:start].strip():
            raise lost(f"its paragraph {number} is another one", result)
        position = start + len(segment.fr)
        sentences.append(Sentence(segment.fr, segment.en, start, position))
    if text[position:].strip():
        raise lost(f"its paragraph {number} is another one", result)
    return Paragraph(text, tuple(sentences))
