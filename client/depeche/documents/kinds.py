"""The kinds of documents: what they are called, how large they may be, and what reads them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MIB = 2**20

#: No document is larger, so that a file can be refused by its size before it is read.
MAX_BYTES = 64 * MIB


class Kind(StrEnum):
    """What a document is. The values are the names that ``--as`` takes."""

    TEXT = "text"
    HTML = "html"
    FEED = "feed"
    EMAIL = "email"
    MARKDOWN = "markdown"
    CSV = "csv"
    DOCX = "docx"
    PDF = "pdf"
    SRT = "srt"
    VTT = "vtt"


@dataclass(frozen=True)
class Traits:
    """What is the same for all documents of a kind.

    Attributes:
        title: what people call it, with an article.
        max_bytes: a larger one is refused before it is parsed.
        package: the module of the extra ``documents`` that reads it; None where nothing but this package is needed.
    """

    title: str
    max_bytes: int
    package: str | None = None


# The bounds are what one parser process reads with the memory and the processor time that it is given
# (depeche.documents.limits). A page needs the most for each byte.
TRAITS: dict[Kind, Traits] = {
    Kind.TEXT: Traits("a plain text", 20 * MIB),
    Kind.HTML: Traits("a web page", 5 * MIB, "trafilatura"),
    Kind.FEED: Traits("a feed", 20 * MIB, "feedparser"),
    Kind.EMAIL: Traits("an e-mail", MAX_BYTES),
    Kind.MARKDOWN: Traits("a Markdown text", 5 * MIB, "markdown_it"),
    Kind.CSV: Traits("a table", MAX_BYTES),
    Kind.DOCX: Traits("a Word document", MAX_BYTES, "mammoth"),
    Kind.PDF: Traits("a PDF", MAX_BYTES, "pypdf"),
    Kind.SRT: Traits("a file of subtitles (SRT)", 5 * MIB),
    Kind.VTT: Traits("a file of subtitles (WebVTT)", 5 * MIB),
}
