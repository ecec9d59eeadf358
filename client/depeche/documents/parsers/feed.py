"""Feeds in RSS and Atom: each entry is an article."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from typing import Any

from depeche.documents.drafts import Draft, Fault, Found, Missing, paragraphs_of
from depeche.documents.parsers.fragments import blocks_of, text_of_html

MAX_ENTRIES = 20_000


def parse(data: bytes) -> Iterator[Found]:
    """An article for each entry, with its own link, date and author.

    Raises:
        Fault: there is no entry, or far too many.
    """
    import feedparser

    # Nothing is shown to a browser here: the text is taken out of the HTML.
    found = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    if not found.entries:
        raise Fault(f"there is no entry in this feed{_reason(found)}")
    if len(found.entries) > MAX_ENTRIES:
        raise Fault(f"it has {len(found.entries)} entries, and at most {MAX_ENTRIES} are read: split it")
    name = _text(found.feed.get("title_detail"))
    # feedparser then reads on with rules of its own. It says nothing of what it could not find.
    warnings = (f"the feed is not well-formed{_reason(found)}; entries may be missing",) if _is_broken(found) else ()
    for number, entry in enumerate(found.entries, start=1):
        yield _article(entry, f"entry {number}", name, warnings if number == 1 else ())


def _is_broken(found: Any) -> bool:
    import feedparser

    return bool(found.bozo) and not isinstance(found.get("bozo_exception"), feedparser.CharacterEncodingOverride)


def _reason(found: Any) -> str:
    return f" ({found.bozo_exception})" if _is_broken(found) else ""


def _article(entry: Any, place: str, feed: str, warnings: tuple[str, ...]) -> Found:
    title = _text(entry.get("title_detail"))
    text = _body(entry)
    if not text:
        if not title:
            return Missing("it has neither text nor title: remove it", place)
        title, text = "", title
    date = entry.get("published_parsed") or entry.get("updated_parsed")
    facts = {
        "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", date) if date else None,
        "author": entry.get("author"),
        "feed": feed,
        "entry_id": entry.get("id"),
    }
    return Draft(text, title=title, source_url=entry.get("link"), facts=facts, warnings=warnings, place=place)


def _body(entry: Any) -> str:
    """The whole text where the feed has it, else the summary."""
    details = [*entry.get("content", []), entry.get("summary_detail")]
    texts = [_paragraphs(detail) for detail in details if detail]
    return max(texts, key=len, default="")


def _paragraphs(detail: Any) -> str:
    value = detail.get("value") or ""
    if detail.get("type") == "text/plain":
        return str(value).strip()
    return paragraphs_of(block.text for block in blocks_of(value))


def _text(detail: Any) -> str:
    if not detail:
        return ""
    value = str(detail.get("value") or "")
    return value.strip() if detail.get("type") == "text/plain" else text_of_html(value)
