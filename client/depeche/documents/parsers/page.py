"""Web pages: the main text, as trafilatura finds it, without menus, notices and what else stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from depeche.documents.drafts import Draft, Fault, one_line, paragraphs_of
from depeche.documents.parsers.fragments import Block, blocks_of
from depeche.documents.parsers.plain import text_of

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
#: In how many bytes browsers look for the encoding.
_HEAD = 4096
NO_TEXT = (
    "no main text was found in this web page: it may be a list of links, or need a browser to be shown; give its text"
)


def parse(data: bytes) -> Iterator[Draft]:
    """One article.

    Raises:
        Fault: there is no text in it.
    """
    html, warnings = decoded(data)
    yield article_of_page(html, warnings)


def article_of_page(html: str, warnings: tuple[str, ...] = (), url: str | None = None) -> Draft:
    """The article of a web page, which was found at ``url`` where this is known.

    Raises:
        Fault: there is no text in it.
    """
    from lxml import etree
    from trafilatura import bare_extraction
    from trafilatura.settings import Document

    found = bare_extraction(html, url=url, with_metadata=True, include_comments=False)
    if not isinstance(found, Document) or found.body is None:
        raise Fault(NO_TEXT)
    blocks = blocks_of(etree.tostring(found.body, encoding="unicode"))
    title = one_line(found.title or "") or next((block.text for block in blocks if block.level == 1), None)
    text = paragraphs_of(block.text for block in _without_title(blocks, title))
    if not text:
        raise Fault(NO_TEXT)
    facts = {"date": found.date, "author": found.author, "site": found.sitename}
    return Draft(text, title=title, source_url=found.url or url, facts=facts, warnings=warnings)


def _without_title(blocks: list[Block], title: str | None) -> list[Block]:
    """The paragraphs without the heading that repeats the title, which is translated by itself."""
    for index, block in enumerate(blocks[:3]):
        if title and block.level and block.text.casefold() == title.casefold():
            return blocks[:index] + blocks[index + 1 :]
    return blocks


def decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text of a page in the encoding that it names, and warnings. UTF-8 that is valid is taken for UTF-8."""
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        named = _CHARSET.search(data[:_HEAD])
    try:
        if named and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode(named[1].decode()), ()
    except (UnicodeDecodeError, LookupError):
        pass
    return text_of(data)
