"""Paragraphs of HTML that is all content: an entry of a feed, an e-mail's text, what Word and trafilatura hand out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from depeche.documents.drafts import one_line

#: Each of these begins and ends a paragraph. The last line has the names of trafilatura's own trees.
_BLOCKS = frozenset(
    """
    address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hr li main nav ol optgroup option p pre section summary table tbody td tfoot th thead
    title tr ul
    cell head item list quote row
    """.split()
)
#: What is in these is no text. A page's own title is not either: who reads the page looks for it elsewhere.
_SILENT = frozenset("script style template noscript iframe object svg math canvas audio video select title".split())
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SENTENCE_END = re.compile(r"[.!?…:][\s\"'’”»)\]]*\Z")


@dataclass(frozen=True)
class Block:
    """A paragraph.

    Attributes:
        level: of a heading, from 1; 0 for other paragraphs.
    """

    text: str
    level: int = 0


@dataclass
class _Reader(HTMLParser):
    blocks: list[Block] = field(default_factory=list)
    _pieces: list[str] = field(default_factory=list)
    _level: int = 0
    _silent: int = 0
    _mark: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in ("br", "lb"):
            self._pieces.append("\n")
        elif tag in _BLOCKS:
            self.finish()
            self._level = _HEADINGS.get(tag, 0) or (_rend(attrs) if tag == "head" else 0)
            self._mark = "- " if tag in ("li", "item") else self._mark if tag == "p" else ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # HTML ignores the stroke in <script/>, but in XHTML nothing of such an element follows.
        if tag not in _SILENT:
            self.handle_starttag(tag, attrs)
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BLOCKS:
            self.finish()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            # What breaks lines here is the file's layout. The breaks of the text are <br>.
            self._pieces.append(re.sub(r"[ \t\n\r\f]+", " ", data))

    def finish(self) -> None:
        """End the paragraph."""
        lines = "".join(self._pieces).split("\n")
        for text in _joined([line.strip(" ") for line in lines]):
            self.blocks.append(Block(self._mark + one_line(text), self._level))
            self._mark = ""
        self._pieces.clear()
        self._level = 0


def _rend(attrs: list[tuple[str, str | None]]) -> int:
    return _HEADINGS.get(dict(attrs).get("rend") or "", 0)


def _joined(lines: list[str]) -> Iterator[str]:
    """Paragraphs of lines: an empty line ends one, and so does a line that ends a sentence."""
    open_lines: list[str] = []
    for line in lines:
        if line:
            open_lines.append(line)
        if open_lines and (not line or _SENTENCE_END.search(line)):
            yield " ".join(open_lines)
            open_lines = []
    if open_lines:
        yield " ".join(open_lines)


def blocks_of(html: str) -> list[Block]:
    """The paragraphs of a piece of HTML, in order, without scripts and styles. Items of lists begin with a hyphen."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.finish()
    return reader.blocks


def text_of_html(html: str) -> str:
    """The text of a short piece of HTML, such as a title, in one line."""
    return " ".join(block.text for block in blocks_of(html))
