"""A result on a terminal: summary first, then the English, and the doubtful sentences with their French."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import groupby

import click

from depeche.article import ArticleResult
from depeche.pages.about import MACHINE_MADE, facts
from depeche.pages.outline import UNTITLED, Outline, Pair, outline
from depeche.pages.words import confidence_in_words, summary_in_words
from depeche.printable import printable

#: Longer lines are hard to read, however wide the terminal is.
MAX_WIDTH, MIN_WIDTH = 88, 30

_SPACES = re.compile(r"[ \t\n]+")

Style = Callable[[str], str]

_heading: Style = partial(click.style, bold=True)
_muted: Style = partial(click.style, dim=True)
_doubt: Style = partial(click.style, fg="yellow")


def as_terminal(result: ArticleResult, width: int) -> str:
    """The whole result.

    Args:
        result: a finished article.
        width: columns of the terminal.

    Returns:
        Lines with colours. Its only control characters are those of the colours.
    """
    columns = max(MIN_WIDTH, min(MAX_WIDTH, width - 1))
    read = outline(result)
    blocks = [*_head(read, columns), *_summary(result, columns), *_text(read, columns), *_doubts(read, columns)]
    blocks.append("\n".join(_wrapped([(f"{name}: {value}", False)], columns, _muted) for name, value in facts(result)))
    return "\n\n".join(blocks)


def _head(read: Outline, columns: int) -> Iterator[str]:
    title = [read.title] if read.title else []
    lines = [_wrapped(_english(title), columns, _heading) if title else _heading(UNTITLED)]
    lines += [_wrapped([(pair.fr, False)], columns, _muted) for pair in title if pair.fr]
    yield "\n".join(lines)
    yield _muted(MACHINE_MADE)
    if read.doubtful:
        # Their list is screens below, and whoever does not know of it would stop before.
        yield _wrapped(
            [(f"Doubtful: {read.which_are_doubtful}. They are listed at the end, with their French.", True)], columns
        )


def _summary(result: ArticleResult, columns: int) -> Iterator[str]:
    if result.summary_en:
        yield _heading("Summary") + _muted(f"  {summary_in_words(result.quality.summary)}.")
        yield _wrapped([(result.summary_en, False)], columns, indent="  ")


def _text(read: Outline, columns: int) -> Iterator[str]:
    yield _heading("Translation")
    for paragraph in read.paragraphs:
        yield _wrapped(_english(paragraph), columns)


def _english(pairs: Iterable[Pair]) -> Iterator[tuple[str, bool]]:
    for pair in pairs:
        doubtful = pair.doubt is not None
        yield (f"{pair.en} [{pair.doubt}]" if doubtful else pair.en), doubtful


def _doubts(read: Outline, columns: int) -> Iterator[str]:
    yield _heading(f"Doubtful: {read.which_are_doubtful}")
    for pair in read.doubtful:
        sure = confidence_in_words(pair.confidence, read.median)
        reasons = " ".join([*pair.reasons, *([sure] if sure else [])])
        lines = [_wrapped([(f"[{pair.doubt}] {reasons}", True)], columns)]
        lines += [_wrapped([(f"{side} {text}", False)], columns, indent="    ") for side, text in _sides(pair)]
        yield "\n".join(lines)


def _sides(pair: Pair) -> list[tuple[str, str]]:
    return [("FR", pair.fr), ("EN", pair.en)]


def _wrapped(parts: Iterable[tuple[str, bool]], columns: int, style: Style = str, indent: str = "") -> str:
    """Text in lines that are at most so long, unless a word is longer.

    Args:
        parts: text, and whether it is doubtful.
        columns: the longest line, with its indent.
        style: how text is shown that is not doubtful.
        indent: what each line begins with.
    """
    lines: list[list[tuple[str, bool]]] = []
    room = 0
    for text, doubtful in parts:
        # Spaces that must not be broken stay, as in "12 000 euros" in French.
        for word in filter(None, _SPACES.split(printable(text))):
            if len(word) > room:
                lines.append([])
                room = columns - len(indent)
            lines[-1].append((word, doubtful))
            room -= len(word) + 1
    return "\n".join(indent + _styled(line, style) for line in lines)


def _styled(line: list[tuple[str, bool]], style: Style) -> str:
    runs = groupby(line, key=lambda each: each[1])
    return " ".join((_doubt if doubtful else style)(" ".join(word for word, _ in run)) for doubtful, run in runs)
