"""Files with a sentence a line, as corpora come."""

from __future__ import annotations

from pathlib import Path


def read_sentences(path: Path, limit: int | None = None) -> list[str]:
    """The lines of a UTF-8 file, at most ``limit`` of them, empty ones too, as another file's lines belong to them."""
    # Not splitlines(): it also breaks at characters that may stand inside a sentence.
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")[:limit]
