"""Markdown: its paragraphs, headings, items and cells are the article's paragraphs, and all else is the skeleton.

Emphasis and links stay in the text, as workers keep them; but what marks a whole paragraph stays in the skeleton. Code
blocks, HTML blocks and addresses are not translated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from depeche.documents.drafts import MAX_TITLE, Draft, Fault
from depeche.documents.marks import MAX_NESTING, Env, has_words, parser
from depeche.documents.model import MarkdownSkeleton, Slot
from depeche.documents.parsers.plain import text_of

_HEADER = re.compile(r"\A---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_HEADER_LINE = re.compile(r"^(title|date|author):[ \t]+(['\"]?)(\S.*?)\2[ \t]*$", re.MULTILINE)
#: What may stand before a paragraph's text: the box of a task, the name of a footnote.
_LEAD = re.compile(r"\[[ xX]\]\s+|\[\^[^\[\]\s]+\]:\s+")
#: A paragraph that is marked as a whole: emphasis, or a link.
_WRAPPED = re.compile(
    r"(?P<mark>\*\*\*|\*\*|\*|___|__|_|~~)(?P<inner>[^*_~\s](?:[^*_~]*[^*_~\s])?)(?P=mark)"
    r"|\[(?P<label>[^\[\]]+)\](?P<address>\([^()\s]*(?:\s\"[^\"]*\")?\)|\[[^\[\]]+\])"
)
_CODE = re.compile(r"(`+[^`]*`+)")
#: A link that is named by its own text, ``[text]`` or ``[text][]``.
_SHORT_LINK = re.compile(r"(?<!\])\[([^\[\]]+)\](?:\[\])?(?![\[(:])")
_TAG = re.compile(r"<[^<>]*>|<!--.*?-->", re.DOTALL)


@dataclass(frozen=True)
class _Row:
    """A line of a paragraph: where it stands in the source."""

    start: int
    end: int


def parse(data: bytes) -> Iterator[Draft]:
    """One article. The title is that of a YAML header, or else the heading with which the text begins.

    Raises:
        Fault: there is no text in it, or a paragraph cannot be found again in the source.
    """
    text, warnings = text_of(data)
    newline = "\r\n" if "\r\n" in text else "\n"
    # markdown-it takes NUL for U+FFFD, and no article may have it.
    source = text.replace("\r\n", "\n").replace("\r", "\n")
    header = _HEADER.match(source)
    begin = header.end() if header else 0
    env: Env = {}
    tokens = parser().parse(source[begin:], env)
    if any(token.nesting == 1 and token.level >= MAX_NESTING - 1 for token in tokens):
        raise Fault(f"its lists and quotations are nested deeper than {MAX_NESTING}: give it as text")
    slots = list(_slots(source, begin, tokens, env))
    facts = {match[1]: match for match in _HEADER_LINE.finditer(source, 0, begin)}
    title = _header_title(facts.get("title"))
    if title is None and slots and _begins_with_heading(tokens) and len(slots) > 1 and len(slots[0].text) <= MAX_TITLE:
        title = slots.pop(0)
    if not slots:
        raise Fault("there is nothing to translate in it besides code and addresses")
    yield Draft(
        "\n\n".join(slot.text for slot in slots),
        title=title.text if title else None,
        facts={name: match[3] for name, match in facts.items() if name != "title"},
        skeleton=MarkdownSkeleton(source=source, newline=newline, title=title, slots=tuple(slots)),
        warnings=(*warnings, *_untranslated(tokens, source[:begin].count("\n"))),
    )


def _header_title(match: re.Match[str] | None) -> Slot | None:
    if match is None or len(match[3]) > MAX_TITLE or not has_words(match[3]):
        return None
    return Slot(start=match.start(2), end=match.end(3) + len(match[2]), text=match[3], place="yaml")


def _begins_with_heading(tokens: Sequence[Token]) -> bool:
    return tokens[0].type == "heading_open" and tokens[0].tag == "h1"


def _untranslated(tokens: Sequence[Token], lines_before: int) -> Iterator[str]:
    for token in tokens:
        if token.type == "html_block" and token.map and any(map(str.isalpha, _TAG.sub("", token.content))):
            first, after = token.map
            yield f"lines {lines_before + first + 1} to {lines_before + after} are HTML, and stay as they are"


def _slots(source: str, begin: int, tokens: Sequence[Token], env: Env) -> Iterator[Slot]:
    starts = _line_starts(source, begin)
    position, cells = begin, False
    for token in tokens:
        if token.type in ("tr_open", "tr_close"):
            cells = token.type == "tr_open"
        if token.type != "inline" or not token.map:
            continue
        content = token.content.replace("|", "\\|") if cells else token.content
        rows = _rows(source, starts[token.map[0] :], content, position)
        position = rows[-1].end
        for piece in _pieces(source, rows):
            slot = _slot(source, piece, env, is_cell=cells)
            if slot:
                yield slot


def _line_starts(source: str, begin: int) -> list[int]:
    starts = [begin]
    for line in source[begin:].split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _rows(source: str, starts: Sequence[int], content: str, position: int) -> list[_Row]:
    """Where each line of a paragraph stands in the source: after the marks of quotations and lists."""
    rows = []
    for start, line in zip(starts, content.split("\n"), strict=False):
        text = line.strip()
        found = source.find(text, max(start, position))
        if found < 0 or "\n" in source[max(start, position) : found]:
            number = source.count("\n", 0, start) + 1
            raise Fault(
                f"the text of line {number} cannot be told from its marks: give it as text, or write it plainly"
            )
        position = found + len(text)
        rows.append(_Row(found, position))
    return rows


def _pieces(source: str, rows: Sequence[_Row]) -> Iterator[list[_Row]]:
    """The rows between hard breaks, which two blanks or a backslash at the end of a row make."""
    piece: list[_Row] = []
    for row in rows:
        is_broken = source[row.end - 1 : row.end] == "\\" and row is not rows[-1]
        piece.append(_Row(row.start, row.end - is_broken))
        if is_broken or source.startswith("  ", row.end):
            yield piece
            piece = []
    if piece:
        yield piece


def _slot(source: str, rows: Sequence[_Row], env: Env, *, is_cell: bool) -> Slot | None:
    start, end = rows[0].start, rows[-1].end
    text = " ".join(source[row.start : row.end].strip() for row in rows)
    if lead := _LEAD.match(text):
        start, text = start + lead.end(), text[lead.end() :]
    while wrapped := _WRAPPED.fullmatch(text):
        inner = wrapped["inner"] or wrapped["label"]
        before, after = text.split(inner, 1)
        # A mark that is broken over two rows stands elsewhere in the source.
        if not (source.startswith(before, start) and source.endswith(after, start, end)):
            break
        start, end, text = start + len(before), end - len(after), inner
    if not has_words(text):
        return None
    text = text.replace("\\|", "|") if is_cell else _with_names(text, env)
    return Slot(start=start, end=end, text=text, place="cell" if is_cell else "block")


def _with_names(text: str, env: Env) -> str:
    """Links that are named by their own text, with the name after it, as the text will be English."""
    names = env.get("references", {})

    def named(link: re.Match[str]) -> str:
        return f"[{link[1]}][{link[1]}]" if " ".join(link[1].split()).upper() in names else link[0]

    pieces = _CODE.split(text)
    return "".join(piece if index % 2 else _SHORT_LINK.sub(named, piece) for index, piece in enumerate(pieces))
