"""Where a document with a structure came from, so that its English can be written in the same structure later."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from depeche.article import ArticleResult
from depeche.documents.kinds import Kind
from depeche.documents.reading import load, read
from depeche.documents.rebuilding import rebuild
from depeche.errors import UnreadableDocument
from depeche.printable import printable

#: The kinds whose structure the English can have, and the endings of such files.
ENDINGS = {Kind.MARKDOWN: "md", Kind.SRT: "srt", Kind.VTT: "vtt"}

_DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class Origin:
    """The file of a document with a structure. The file is read again when its English is there.

    Attributes:
        path: the file.
        kind: what it was read as, one of :data:`ENDINGS`.
        digest: of its bytes, as 32 hexadecimal digits.
    """

    path: str
    kind: Kind
    digest: str

    @property
    def ending(self) -> str:
        """The ending of a file with its English."""
        return ENDINGS[self.kind]

    def identity(self, task_id: str) -> str:
        """By what its English is known: two documents with the same prose have one job, and each its own structure."""
        return f"{task_id} {self.digest}"

    def english(self, result: ArticleResult, tell: Callable[[str], None]) -> str:
        """The document in English, in its own structure. Control characters stand there by their escapes.

        Args:
            result: of the article that was read from it.
            tell: as for :func:`depeche.documents.rebuild`.

        Raises:
            UnreadableDocument: the file is gone, or is not what it was.
            StructureLost: as for :func:`depeche.documents.rebuild`.
        """
        data = load(self.path)
        if _digest(data) != self.digest:
            raise UnreadableDocument(
                f"{self.path} has changed since it was queued, so its English cannot be put back into it: run or "
                "submit it again, or get the English of what it was with --format text",
                {"source": self.path},
            )
        (document,) = read(data, self.path, self.kind)
        assert document.skeleton is not None, "these kinds have one"
        newline = document.skeleton.newline
        return newline.join(map(printable, rebuild(document.skeleton, result, tell).split(newline)))


def origin_of(path: str, kind: Kind, data: bytes) -> Origin | None:
    """Where a document came from; None for a kind without a structure that its English could have."""
    return Origin(path, kind, _digest(data)) if kind in ENDINGS else None


def _digest(data: bytes) -> str:
    return hashlib.blake2s(data, digest_size=_DIGEST_BYTES).hexdigest()
