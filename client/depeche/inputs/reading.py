"""Reads the input as it is asked for: from sources to entries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Literal

from depeche.documents import Kind
from depeche.errors import InvalidArticle
from depeche.inputs.entries import Entry
from depeche.inputs.json_lines import read_json_lines
from depeche.inputs.sources import Source, Sources
from depeche.inputs.tables import Columns, read_table
from depeche.inputs.texts import read_document

#: How the files are read: as documents, or as JSON lines or the rows of a table, of which there may be millions.
Form = Literal["document", "jsonl", "csv"]


@dataclass(frozen=True)
class Reading:
    """How to read the files of the input.

    Attributes:
        max_chars: a longer article is a fault.
        form: what the files are.
        columns: of tables, which columns are what.
        kind: what documents are; None where their content says so.
        title, key: of an article that is a whole file.
    """

    max_chars: int
    form: Form = "document"
    columns: Columns = field(default_factory=Columns)
    kind: Kind | None = None
    title: str | None = None
    key: str | None = None


class Inputs:
    """The entries of the input, in order. Each iteration reads it anew, and holds one entry at a time.

    Args:
        sources: which files.
        reading: how to read them.
    """

    def __init__(self, sources: Sources, reading: Reading) -> None:
        self._sources, self._reading = sources, reading

    def __iter__(self) -> Iterator[Entry]:
        for source in self._sources:
            if source.error is not None:
                yield Entry(source.name, error=source.error)
                continue
            try:
                with source.open() as file:
                    yield from self._entries(file, source)
            except OSError as error:
                yield Entry(source.name, error=InvalidArticle(f"it cannot be read: {error.strerror or error}"))

    def _entries(self, file: BinaryIO, source: Source) -> Iterator[Entry]:
        reading = self._reading
        match reading.form:
            case "jsonl":
                yield from read_json_lines(file, source.name, reading.max_chars)
            case "csv":
                yield from read_table(file, source.name, reading.columns, reading.max_chars)
            case "document":
                yield from read_document(
                    file, source.name, reading.max_chars, title=reading.title, key=reading.key, kind=reading.kind
                )
