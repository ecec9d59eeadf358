"""Writes Markdown: the English paragraphs in the places of the French ones."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

from depeche.documents.english import Paragraph, Sentence
from depeche.documents.marks import Env, flattened, marks_of, mended, parser, shape_of, with_stars, without_marks
from depeche.documents.model import MarkdownSkeleton, Slot

#: What would make a paragraph something else where it stands first: a heading, a quotation, an item, a rule, a fence.
_BLOCK_MARK = re.compile(r"(?=#{1,6}(?:\s|\Z)|>|[-+*](?:\s|\Z)|[-=*_]{3,}\s*\Z|```|~~~|\|)")
_ITEM_NUMBER = re.compile(r"(\d{1,9})(?=[.)](?:\s|\Z))")


def written(skeleton: MarkdownSkeleton, paragraphs: Sequence[Paragraph], tell: Callable[[str], None]) -> str | None:
    """The document in English, or None where it would have another structure than in French.

    Args:
        skeleton: the document.
        paragraphs: one for each slot, that of the title first.
        tell: is called for each paragraph that loses marks.
    """
    env: Env = {}
    parser().parse(skeleton.source, env)
    slots = [*([skeleton.title] if skeleton.title else []), *skeleton.slots]
    pieces, position = [], 0
    for slot, paragraph in zip(slots, paragraphs, strict=True):
        text = _with_marks(paragraph, env)
        if text is None:
            line = skeleton.source.count("\n", 0, slot.start) + 1
            tell(f"line {line}: the model did not keep the emphasis or the links of this paragraph in their places")
            text = _without_lost_marks(paragraph, env)
        pieces += [skeleton.source[position : slot.start], _fitting(text, slot)]
        position = slot.end
    document = "".join([*pieces, skeleton.source[position:]])
    return document if shape_of(document) == shape_of(skeleton.source) else None


def _with_marks(paragraph: Paragraph, env: Env) -> str | None:
    """The English with the same marks as the French, or None where the model lost some."""
    english = paragraph.english(lambda sentence: _mended(sentence, env))
    return english if marks_of(english, env) == marks_of(paragraph.text, env) else None


def _mended(sentence: Sentence, env: Env) -> str:
    text = mended(sentence.en, sentence.fr)
    wanted = marks_of(sentence.fr, env)
    if marks_of(text, env) == wanted:
        return text
    starred = with_stars(text, sentence.fr)
    return starred if marks_of(starred, env) == wanted else text


def _without_lost_marks(paragraph: Paragraph, env: Env) -> str:
    """First, only the sentences whose marks are not those of the French lose them; if need be, the whole paragraph."""

    def english(sentence: Sentence) -> str:
        text = _mended(sentence, env)
        return text if marks_of(text, env) == marks_of(sentence.fr, env) else flattened(sentence.en, sentence.fr)

    kept = paragraph.english(english)
    whole = flattened(paragraph.english(), paragraph.text)
    is_sound = marks_of(kept, env) - marks_of(paragraph.text, env) == marks_of("", env)
    return kept if is_sound else whole


def _fitting(text: str, slot: Slot) -> str:
    if slot.place == "yaml":
        return json.dumps(without_marks(text), ensure_ascii=False)
    if slot.place == "cell":
        return text.replace("|", "\\|")
    for mark, escaped in ((_BLOCK_MARK, r"\\"), (_ITEM_NUMBER, r"\1\\")):
        if mark.match(text) and not mark.match(slot.text):
            text = mark.sub(escaped, text, count=1)
    return text
