"""Reads articles from the documents that people have, and writes their English back into the same structure.

>>> from depeche.documents import read, rebuild
>>> [document] = read("# Le pont\\n\\nLe pont *rouvre*.".encode(), "pont.md")
>>> document.article.title, document.article.text
('Le pont', 'Le pont *rouvre*.')

Kinds other than plain text, e-mail, tables and subtitles need the extra: ``pip install 'depeche-client[documents]'``.
"""

from depeche.documents.detection import detect
from depeche.documents.kinds import Kind
from depeche.documents.model import SKELETON, Document, MarkdownSkeleton, SubtitleSkeleton, Unread
from depeche.documents.origin import ENDINGS, Origin, origin_of
from depeche.documents.reading import check_size, load, read, read_each, read_path
from depeche.documents.rebuilding import rebuild

__all__ = [
    "ENDINGS",
    "SKELETON",
    "Document",
    "Kind",
    "MarkdownSkeleton",
    "Origin",
    "SubtitleSkeleton",
    "Unread",
    "check_size",
    "detect",
    "load",
    "origin_of",
    "read",
    "read_each",
    "read_path",
    "rebuild",
]
