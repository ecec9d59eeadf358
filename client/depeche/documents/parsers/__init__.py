"""Reads each kind of document. Run in a process of its own: see ``depeche.documents.limits``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module

from depeche.documents.drafts import Found
from depeche.documents.kinds import Kind

_MODULES = {
    Kind.TEXT: "plain",
    Kind.HTML: "page",
    Kind.FEED: "feed",
    Kind.EMAIL: "mail",
    Kind.MARKDOWN: "markdown",
    Kind.CSV: "table",
    Kind.DOCX: "word",
    Kind.PDF: "pdf",
    Kind.SRT: "subtitles",
    Kind.VTT: "subtitles",
}


def parser_of(kind: Kind) -> Callable[[bytes], Iterable[Found]]:
    """The function ``parse`` for documents of this kind. Only its own libraries are imported.

    It raises ``Fault`` where the whole document cannot be read.
    """
    parse: Callable[[bytes], Iterable[Found]] = import_module(f"{__name__}.{_MODULES[kind]}").parse
    return parse
