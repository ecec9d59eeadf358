"""Paragraphs of printed lines: what a PDF has are lines at places, and no paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

#: How many lines at the top and at the bottom of a page may be repeated on others: a header and a page number.
_EDGE = 2

_SENTENCE_END = re.compile(r"[.!?…:][\s\"'’”»)\]]*\Z")
_ITEM = re.compile(r"[–—•▪●■◦‣►]\s?|[-*·]\s|(?:\d{1,2}|[a-zA-Z])\)\s")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LONGEST_WORD = 60
_BROKEN = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)[-\u00ad]\Z")
#: What follows a hyphen of its own, as in « dit-il » and « celui-ci ».
_HYPHENATED = frozenset(
    "il ils elle elles on ce je tu nous vous moi toi lui leur là ci même mêmes le la les y en".split()
)


def paragraphs_of_pages(pages: Sequence[str]) -> tuple[list[str], list[str]]:
    """Paragraphs, which may run over pages, and the headers and footers that were left out.

    Args:
        pages: the text of each page, in lines.
    """
    cut = [[line.strip() for line in page.splitlines() if line.strip()] for page in pages]
    repeated = _repeated(cut)
    lines = [line for page in cut for line in _without_edges(page, repeated)]
    return list(_paragraphs(lines)), sorted(repeated.values())


def _edges(page: Sequence[str]) -> list[int]:
    return sorted({*range(min(_EDGE, len(page))), *range(max(0, len(page) - _EDGE), len(page))})


def _shape(line: str) -> str:
    """What of a header is the same on each page."""
    return re.sub(r"\d+", "0", line)


def _repeated(pages: Sequence[Sequence[str]]) -> dict[str, str]:
    """The lines that stand at the edge of most pages: their shapes, and the first of each."""
    if len(pages) < 2:
        return {}
    shapes = Counter(shape for page in pages for shape in {_shape(page[index]) for index in _edges(page)})
    often = {shape for shape, count in shapes.items() if count > len(pages) / 2 and any(map(str.isalpha, shape))}
    first: dict[str, str] = {}
    for page in pages:
        for index in _edges(page):
            if (shape := _shape(page[index])) in often:
                first.setdefault(shape, page[index])
    return first


def _without_edges(page: Sequence[str], repeated: dict[str, str]) -> list[str]:
    edges = _edges(page)
    return [
        line
        for index, line in enumerate(page)
        # A line of figures alone at an edge is the page's number.
        if not (index in edges and (_shape(line) in repeated or not any(map(str.isalpha, line))))
    ]


def _paragraphs(lines: Sequence[str]) -> Iterator[str]:
    if not lines:
        return
    lengths = sorted(map(len, lines))
    width = lengths[len(lengths) * 9 // 10]
    words = Counter(word.casefold() for line in lines for word in _WORD.findall(line))
    paragraph = [lines[0]]
    for line, following in pairwise(lines):
        if not _goes_on(line, following, width):
            yield "".join(paragraph)
            paragraph = []
        elif _breaks_word(line, following, words):
            paragraph[-1] = paragraph[-1][:-1]
        elif not _BROKEN.search(line[-_LONGEST_WORD:]) or not following[0].islower():
            paragraph.append(" ")
        paragraph.append(following)
    yield "".join(paragraph)


def _goes_on(line: str, following: str, width: int) -> bool:
    """Whether a paragraph goes on in the next line: this one is full, or does not end where a sentence does."""
    if _ITEM.match(following):
        return False
    if _BROKEN.search(line[-_LONGEST_WORD:]) and following[0].islower():
        return True
    # The next word had room on this line, so whoever set it wanted a new one.
    has_room = len(line) + 1 + len(following.split(maxsplit=1)[0]) < 0.9 * width
    if _SENTENCE_END.search(line):
        return not has_room and not _starts_paragraph(following)
    return not has_room or following[0].islower()


def _starts_paragraph(line: str) -> bool:
    return line[0] in "«“—–"


def _breaks_word(line: str, following: str, words: Counter[str]) -> bool:
    """Whether the hyphen between two lines is there only because the word had no room."""
    broken, rest = _BROKEN.search(line[-_LONGEST_WORD:]), _WORD.match(following)
    if not broken or not rest or not following[0].islower():
        return False
    if line.endswith("\u00ad"):
        return True
    whole, hyphenated = (broken[1] + rest[0]).casefold(), f"{broken[1]}-{rest[0]}".casefold()
    return rest[0].split("-")[0] not in _HYPHENATED and words[hyphenated] <= words[whole]
