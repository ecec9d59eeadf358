"""What is found in the input: an article, or why there is none, and where."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from io import TextIOWrapper
from typing import BinaryIO

from depeche.article import Article, check_key, check_length, parse
from depeche.documents import Origin
from depeche.errors import DepecheError, InvalidArticle
from depeche.files import encoding_of


@dataclass(frozen=True, slots=True)
class Entry:
    """One article of the input, or one fault.

    Attributes:
        source: the file, as messages name it.
        line: where it begins in a file of lines or rows, from 1.
        part: its place in a document of several articles, such as a feed, from 1.
        article: the article; None where it cannot be taken.
        key: its idempotency key, if the input has one for it.
        error: why it cannot be taken.
        warning: what a person should know of it, such as a guessed encoding.
        origin: the document that it is, if its English can have the same structure.
    """

    source: str
    line: int | None = None
    article: Article | None = None
    key: str | None = None
    error: DepecheError | None = None
    warning: str | None = None
    part: int | None = None
    origin: Origin | None = None

    @property
    def place(self) -> str:
        """Where it is, for messages."""
        if self.line is not None:
            return f"{self.source}, line {self.line}"
        return self.source if self.part is None else f"{self.source}, article {self.part}"


def entry_of(
    source: str, line: int | None, max_chars: int, read: Callable[[], tuple[dict[str, object], str | None]]
) -> Entry:
    """The entry of an article's fields and key, which ``read`` gives; what it raises is the entry's error.

    Args:
        source, line: where it is.
        max_chars: a longer text is refused.
        read: gives the fields of the article, and its key or None.
    """
    try:
        fields, key = read()
        article = parse(Article, fields)
        check_length(article, max_chars)
        check_key(key)
    except DepecheError as error:
        return Entry(source, line, error=error)
    return Entry(source, line, article, key)


def with_metadata(fields: dict[str, object], metadata: dict[str, object]) -> dict[str, object]:
    """The fields of an article, of which those that an article does not have join its metadata.

    Raises:
        InvalidArticle: one of them is in the metadata already.
    """
    own = {name: value for name, value in fields.items() if name in Article.model_fields}
    extra = {name: value for name, value in fields.items() if name not in Article.model_fields}
    if clash := sorted(set(extra) & set(metadata)):
        raise InvalidArticle(f"both the line and its metadata have {', '.join(clash)}: rename one of the two")
    return own | {"metadata": extra | metadata}


def decoded(
    file: BinaryIO, source: str, entries: Callable[[TextIOWrapper], Iterator[Entry]], *, newline: str
) -> Iterator[Entry]:
    """The entries of a file of text in any known encoding. What is wrong with the encoding is an entry too.

    Args:
        file: a file that can be read again from its beginning.
        source: what to call it in messages.
        entries: makes entries of the text.
        newline: what ends a line, as :func:`open` takes it.
    """
    try:
        encoding, warning = encoding_of(file, source)
    except InvalidArticle as error:
        yield Entry(source, error=error)
        return
    text = TextIOWrapper(file, encoding=encoding, newline=newline)
    try:
        for entry in entries(text):
            yield entry if warning is None else replace(entry, warning=warning)
            warning = None
    except UnicodeDecodeError as error:
        yield Entry(source, error=InvalidArticle(f"it is not {encoding} to its end: {error.reason}"))
    finally:
        # The file belongs to the caller, and a wrapper would close it at its own end.
        text.detach()
