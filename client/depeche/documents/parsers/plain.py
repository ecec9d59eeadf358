"""Plain text: an article as it stands."""

from __future__ import annotations

from collections.abc import Iterator

from depeche.documents.drafts import Draft, Fault
from depeche.errors import InvalidArticle
from depeche.files import decode


def parse(data: bytes) -> Iterator[Draft]:
    """One article."""
    text, warnings = text_of(data)
    yield Draft(text, warnings=warnings)


def text_of(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text of a file in UTF-8, UTF-16 or an older encoding of French texts, and a warning where it was guessed.

    Raises:
        Fault: it is binary, or in no such encoding.
    """
    try:
        text, warning = decode(data, "it")
    except InvalidArticle as error:
        raise Fault(error.message) from None
    return text, (warning,) if warning else ()
