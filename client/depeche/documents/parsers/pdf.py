"""PDFs that have text: pages to lines, and lines to paragraphs."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from depeche.documents.drafts import Draft, Fault, one_line
from depeche.documents.parsers.lines import paragraphs_of_pages

MAX_PAGES = 2000


def parse(data: bytes) -> Iterator[Draft]:
    """One article.

    Raises:
        Fault: it has a password, no text, or too many pages.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError

    try:
        reader = PdfReader(io.BytesIO(data))
        # Many PDFs only forbid printing: those open without a password.
        if reader.is_encrypted and not reader.decrypt(""):
            raise FileNotDecryptedError
        pages = _pages(reader)
    except FileNotDecryptedError:
        raise Fault("it has a password: save it without one") from None
    except LimitReachedError:
        raise Fault("it unpacks to far more than a text has: give its text") from None
    except DependencyError:
        raise Fault("it is encrypted in a way that is not read here: save it without encryption") from None
    empty = [number for number, page in enumerate(pages, start=1) if not any(c.isalpha() for c in page)]
    if len(empty) == len(pages):
        raise Fault("it has no text, only pictures, as scanners make them: have it recognised (OCR) first")
    paragraphs, left_out = paragraphs_of_pages(pages)
    title = _title(reader.metadata, paragraphs)
    yield Draft(
        "\n\n".join(paragraph for paragraph in paragraphs if paragraph != title) or title or "",
        title=title if len(paragraphs) > 1 else None,
        facts={"author": _fact(reader.metadata, "author"), "date": _date(reader.metadata)},
        warnings=tuple(_warnings(empty, left_out)),
    )


def _pages(reader: Any) -> list[str]:
    count = len(reader.pages)
    if count > MAX_PAGES:
        raise Fault(f"it has {count} pages, and at most {MAX_PAGES} are read: split it")
    return [page.extract_text() for page in reader.pages]


def _warnings(empty: list[int], left_out: list[str]) -> Iterator[str]:
    if empty:
        shown = ", ".join(map(str, empty[:20])) + (" …" if len(empty) > 20 else "")
        yield f"there is no text on page {shown}"
    if left_out:
        yield f"left out, as it is repeated from page to page: {'; '.join(left_out)}"


def _title(metadata: Any, paragraphs: list[str]) -> str | None:
    """The title that the PDF names, where it is printed at the beginning. Many PDFs name a file or a template."""
    named = one_line(_fact(metadata, "title") or "").casefold()
    return next((paragraph for paragraph in paragraphs[:5] if paragraph.casefold() == named), None)


def _fact(metadata: Any, name: str) -> str | None:
    value = getattr(metadata, name, None)
    return value if isinstance(value, str) else None


def _date(metadata: Any) -> str | None:
    try:
        date = metadata.creation_date if metadata else None
    except ValueError:
        return None
    return date.isoformat() if isinstance(date, datetime) else None
