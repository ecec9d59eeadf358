"""Reads documents: from bytes and a name to articles."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from depeche.documents import detection
from depeche.documents.drafts import Draft, Fault, Found, article_of
from depeche.documents.extra import check_package
from depeche.documents.isolation import parse_apart
from depeche.documents.kinds import MAX_BYTES, MIB, TRAITS, Kind
from depeche.documents.model import Document, Unread
from depeche.documents.parsers import plain
from depeche.errors import InvalidArticle, UnreadableDocument

#: How many faults of a document an error names.
SHOWN_FAULTS = 20


def read(data: bytes, name: str = "", kind: Kind | None = None) -> list[Document]:
    """All articles of a document.

    Args:
        data: the whole document, at most 64 MiB.
        name: what to call it in messages. Its ending counts where the content leaves the kind open.
        kind: what it is; by default what :func:`detect` finds.

    Raises:
        UnreadableDocument: it cannot be read, or an article in it cannot. The message says which, why and what to do.
    """
    found = list(read_each(data, name, kind))
    faults = [one for one in found if isinstance(one, Unread)]
    if len(faults) == 1:
        raise UnreadableDocument(faults[0].message, {"source": name, "position": faults[0].position})
    if faults:
        lines = [fault.message for fault in faults[:SHOWN_FAULTS]]
        more = [f"and {len(faults) - SHOWN_FAULTS} more"] if len(faults) > SHOWN_FAULTS else []
        raise UnreadableDocument(
            "\n".join([f"{_called(name)}: {len(faults)} of {len(found)} articles cannot be read:", *lines, *more]),
            {"source": name, "faults": lines, "unread": len(faults)},
        )
    return [one for one in found if isinstance(one, Document)]


def read_each(data: bytes, name: str = "", kind: Kind | None = None) -> Iterator[Document | Unread]:
    """The articles of a document in order, and in their places those that cannot be read.

    Nothing is raised: a document of which nothing can be read is one :class:`Unread`.

    Args: as for :func:`read`.
    """
    try:
        kind, found = _found(data, name, kind)
    except UnreadableDocument as error:
        yield Unread(name, 0, error.message)
        return
    for position, one in enumerate(found):
        place = f"{_called(name)}: {one.place}" if one.place else _called(name)
        try:
            if isinstance(one, Draft):
                article, warnings = article_of(one)
                yield Document(article, kind, name, position, one.skeleton, warnings)
                continue
            message = one.message
        except InvalidArticle as error:
            message = error.message
        yield Unread(name, position, f"{place}: {message}")


def _found(data: bytes, name: str, kind: Kind | None) -> tuple[Kind, list[Found]]:
    if not data:
        raise UnreadableDocument(f"{_called(name)} is empty: give a document with text")
    check_size(len(data), name)
    kind = kind or detection.detect(data, name)
    check_size(len(data), name, kind)
    check_package(kind, _called(name))
    try:
        found: list[Found] = [*plain.parse(data)] if kind is Kind.TEXT else parse_apart(kind, data)
    except Fault as fault:
        raise UnreadableDocument(f"{_called(name)}: {fault}") from None
    if not found:
        raise UnreadableDocument(f"{_called(name)}: there is no article in it")
    return kind, found


def read_path(path: str, kind: Kind | None = None) -> list[Document]:
    """All articles of the document in a file, or of standard input for ``-``. Looks at the size before it reads.

    Raises:
        UnreadableDocument: as for :func:`read`, and where the file cannot be opened.
    """
    name = "standard input" if path == "-" else path
    return read(load(path), name, kind)


def load(path: str) -> bytes:
    """The bytes of a file, or of standard input for ``-``, of which no more than the largest document's are read.

    Raises:
        UnreadableDocument: it is too large, or cannot be opened.
    """
    name = "standard input" if path == "-" else path
    try:
        if path == "-":
            # None stands for a standard input that was closed before the command began.
            if sys.stdin is None:
                raise UnreadableDocument("standard input is closed: give a file", {"source": name})
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with Path(path).open("rb") as file:
                check_size(os.fstat(file.fileno()).st_size, name)
                data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnreadableDocument(f"cannot read {name}: {error.strerror}", {"source": name}) from None
    check_size(len(data), name)
    return data


def check_size(size: int, name: str, kind: Kind | None = None) -> None:
    """Check how many bytes a document has, before it is read (without ``kind``) or before it is parsed.

    Raises:
        UnreadableDocument: it has too many.
    """
    most = TRAITS[kind].max_bytes if kind else MAX_BYTES
    if size > most:
        what = TRAITS[kind].title if kind else "a document"
        raise UnreadableDocument(
            f"{_called(name)} has {size / MIB:.1f} MiB, and {what} may have at most {most // MIB}: split it, or give "
            "the article's text alone",
            {"source": name, "bytes": size, "max_bytes": most},
        )


def _called(name: str) -> str:
    return name or "the document"
