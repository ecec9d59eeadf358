"""A result as Markdown: summary first, the translation with its doubts numbered, and each doubt with its French."""

from __future__ import annotations

import re

from depeche.article import ArticleResult
from depeche.pages.about import LIMITS, MACHINE_MADE, facts, licences, metadata
from depeche.pages.outline import UNTITLED, Outline, Pair, outline
from depeche.pages.words import confidence_in_words, summary_in_words
from depeche.printable import printable

#: What begins markup anywhere in a line. CommonMark takes a backslash before any sign as the sign itself.
_INLINE = re.compile(r"[\\`*_\[\]<&~$|]")
#: What makes a line a heading, an item or a quotation.
_START = re.compile(r"^(?:[#+=>-]|\d+(?=[.)](?: |$)))")


def as_markdown(result: ArticleResult) -> str:
    """The whole result for a person to read. A text never comes out as markup."""
    read = outline(result)
    blocks = [*_head(read), *_summary(result), *_text(read), *_doubts(read), *_about(result)]
    return "\n\n".join(blocks) + "\n"


def escape(text: str) -> str:
    """Text as one line of Markdown."""
    line = re.sub(r"[ \t\n]+", " ", printable(text)).strip(" ")
    line = _INLINE.sub(lambda found: f"\\{found[0]}", line)
    return _START.sub(lambda found: f"\\{found[0]}" if not found[0].isdigit() else f"{found[0]}\\", line)


def _head(read: Outline) -> list[str]:
    if read.title is None:
        return [f"# {UNTITLED}", MACHINE_MADE]
    french = [f"*{escape(read.title.fr)}*"] if read.title.fr.strip() else []
    return [f"# {_english(read.title)}", *french, MACHINE_MADE]


def _summary(result: ArticleResult) -> list[str]:
    if not result.summary_en:
        return []
    return ["## Summary", escape(result.summary_en), f"*{summary_in_words(result.quality.summary)}.*"]


def _text(read: Outline) -> list[str]:
    return ["## Translation", *[" ".join(map(_english, paragraph)) for paragraph in read.paragraphs]]


def _english(pair: Pair) -> str:
    """A doubtful sentence has its number behind it."""
    return escape(pair.en) if pair.doubt is None else f"{escape(pair.en)} **\\[{pair.doubt}\\]**"


def _doubts(read: Outline) -> list[str]:
    return [f"## Doubtful: {read.which_are_doubtful}", *[_doubt(pair, read) for pair in read.doubtful]]


def _doubt(pair: Pair, read: Outline) -> str:
    """An item whose lines are indented as deeply as its text begins."""
    sure = confidence_in_words(pair.confidence, read.median)
    lines = [" ".join(map(escape, [*pair.reasons, *([sure] if sure else [])]))]
    lines += [f"French: {escape(pair.fr)}", f"English: {escape(pair.en)}"]
    number = f"{pair.doubt}. "
    return number + f"\n\n{' ' * len(number)}".join(lines)


def _about(result: ArticleResult) -> list[str]:
    rows = [f"- {escape(f'{name}: {value}')}" for name, value in [*facts(result), *metadata(result)]]
    return ["## About this translation", LIMITS, "\n".join(rows), *map(escape, licences(result))]
