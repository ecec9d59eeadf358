"""Plain texts: each file is one article."""

from __future__ import annotations

import re
from typing import BinaryIO

from depeche.article import Article, parse
from depeche.errors import InvalidArticle, TooLong
from depeche.files import decode, read_bytes
from depeche.inputs.entries import Entry, entry_of
from depeche.inputs.sources import STANDARD_INPUT
from depeche.output import remark

#: No encoding that is read has more bytes for a character.
BYTES_A_CHAR = 4

#: How pages, feeds and other XML begin. In prose, an angle bracket is no beginning of an article.
_MARKUP = re.compile(r"\s*<(!doctype|!--|\?xml|html|head|body|rss|feed|rdf:rdf|article|div|p|h\d)\b", re.IGNORECASE)


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


def read_whole(
    file: BinaryIO, source: str, max_chars: int, *, title: str | None, key: str | None, as_text: bool
) -> Entry:
    """The article that a text file is.

    Args:
        file: the file, at its start.
        source: what to call it in messages.
        max_chars: a longer article is a fault. Of a file, no more is read than such an article can have.
        title, key: the article's.
        as_text: take it as text whatever it looks like.
    """
    warnings: list[str] = []

    def fields() -> tuple[dict[str, object], str | None]:
        most = BYTES_A_CHAR * max_chars + BYTES_A_CHAR
        data = file.read(most + 1)
        if len(data) > most:
            raise TooLong(
                f"it has more than {most} bytes, and articles may have {max_chars} characters: split it, or raise "
                "DEPECHE_MAX_ARTICLE_CHARS for the producer and the workers",
                {"max_chars": max_chars},
            )
        if not data:
            raise InvalidArticle("it is empty, and has no letter to translate")
        text, warning = decode(data, "it")
        warnings.extend([warning] if warning else [])
        if not as_text and _MARKUP.match(text):
            raise InvalidArticle(
                "it is HTML or XML, whose tags would be translated as text: give the article's text alone, or --as "
                "text if it is text all the same"
            )
        return {"text": text, "title": title}, key

    entry = entry_of(source, None, max_chars, fields)
    return Entry(source, None, entry.article, entry.key, entry.error, warnings[0] if warnings else None)
