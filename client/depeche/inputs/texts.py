"""Documents: a text file is one article, and so are a web page, a Word file and the like; a feed has several."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import BinaryIO

from depeche.article import Article, check_key, check_length, parse
from depeche.documents import Document, Kind, Unread, check_size, detect, origin_of, read_each
from depeche.documents.kinds import MAX_BYTES
from depeche.errors import DepecheError, InvalidArticle, TooLong, UnreadableDocument
from depeche.files import decode, read_bytes
from depeche.inputs.entries import Entry, entry_of
from depeche.inputs.sources import STANDARD_INPUT
from depeche.output import remark

#: No encoding that is read has more bytes for a character.
BYTES_A_CHAR = 4

#: The kinds of which a file may hold several articles.
_SEVERAL = frozenset({Kind.FEED, Kind.EMAIL, Kind.CSV})


def read_text(file: str) -> str:
    """The text of a file, or of standard input for ``-``.

    Where the encoding had to be guessed, a warning goes to standard error.

    Raises:
        InvalidArticle: the file cannot be read as text.
    """
    text, warning = decode(read_bytes(file), STANDARD_INPUT if file == "-" else file)
    if warning:
        remark(f"depeche: {warning}")
    return text


def read_article(file: str, title: str | None) -> Article:
    """The article in a text file.

    Raises:
        InvalidArticle: the file does not hold one.
    """
    return parse(Article, {"text": read_text(file), "title": title})


def read_document(
    file: BinaryIO, source: str, max_chars: int, *, title: str | None, key: str | None, kind: Kind | None
) -> Iterator[Entry]:
    """The articles that a file holds.

    Args:
        file: the file, at its start.
        source: what to call it in messages. Its ending counts where the content leaves the kind open.
        max_chars: a longer article is a fault.
        title, key: the article's, where the file is one.
        kind: what the file is; None where its content says so.
    """
    try:
        data = _load(file, source)
        kind = kind or detect(data, source)
        if kind is Kind.TEXT:
            yield _text(data, source, max_chars, title, key)
            return
        for one in read_each(data, source, kind):
            part = one.position + 1 if kind in _SEVERAL else None
            entry = _entry(one, source, max_chars, title, key)
            yield replace(entry, part=part, origin=origin_of(source, kind, data))
    except DepecheError as error:
        yield Entry(source, error=type(error)(_without_name(error.message, source), error.detail))


def _load(file: BinaryIO, source: str) -> bytes:
    with suppress(OSError, ValueError):
        check_size(os.fstat(file.fileno()).st_size, source)
    data = file.read(MAX_BYTES + 1)
    check_size(len(data), source)
    if not data:
        raise InvalidArticle("it is empty, and has no letter to translate")
    return data


def _text(data: bytes, source: str, max_chars: int, title: str | None, key: str | None) -> Entry:
    warnings: list[str] = []

    def fields() -> tuple[dict[str, object], str | None]:
        most = BYTES_A_CHAR * max_chars + BYTES_A_CHAR
        if len(data) > most:
            raise TooLong(
                f"it has {len(data)} bytes, and articles may have {max_chars} characters: split it, or raise "
                "DEPECHE_MAX_ARTICLE_CHARS for the producer and the workers",
                {"max_chars": max_chars},
            )
        text, warning = decode(data, "it")
        warnings.extend([warning] if warning else [])
        return {"text": text, "title": title}, key

    return replace(entry_of(source, None, max_chars, fields), warning="; ".join(warnings) or None)


def _entry(one: Document | Unread, source: str, max_chars: int, title: str | None, key: str | None) -> Entry:
    if isinstance(one, Unread):
        return Entry(source, error=UnreadableDocument(_without_name(one.message, source)))
    article = one.article if title is None else one.article.model_copy(update={"title": title})
    warning = "; ".join(_without_name(line, source) for line in one.warnings) or None
    try:
        check_length(article, max_chars)
        check_key(key)
    except DepecheError as error:
        return Entry(source, error=error, warning=warning)
    return Entry(source, article=article, key=key, warning=warning)


def _without_name(message: str, source: str) -> str:
    """A message without the name that it begins with, as whoever prints it says where it is."""
    if message.startswith(f"{source}: "):
        return message.removeprefix(f"{source}: ")
    return f"it{message.removeprefix(source)}" if message.startswith(f"{source} ") else message
