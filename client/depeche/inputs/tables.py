"""Tables as CSV or TSV: each row is an article, and its other columns are its metadata."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from typing import Any, BinaryIO

from depeche.article import Article
from depeche.errors import InvalidArticle
from depeche.inputs.entries import Entry, decoded, entry_of, with_metadata

SEPARATORS = "\t;,"


@dataclass(frozen=True)
class Columns:
    """Which columns of a table are what. A column that is named as a field of an article is that field.

    Attributes:
        text: has the articles' texts.
        title: has their titles; None where there are none, but for a column ``title``.
        key: has their idempotency keys; None where there are none.
    """

    text: str = "text"
    title: str | None = None
    key: str | None = None

    @property
    def named(self) -> list[str]:
        """Those that the table must have."""
        return [name for name in (self.text, self.title, self.key) if name is not None]


def read_table(file: BinaryIO, source: str, columns: Columns, max_chars: int) -> Iterator[Entry]:
    """The articles of a table, whose first line names its columns. Blank lines are skipped.

    Where a row cannot be told from the next one, as a quotation mark is not closed, the table ends with that fault.

    Args:
        file: a file that can be read again from its beginning.
        source: what to call it in messages.
        columns: which columns are what.
        max_chars: a longer article is a fault.
    """
    return decoded(file, source, lambda text: _Table(text, source, columns, max_chars).entries(), newline="")


class _Table:
    def __init__(self, text: TextIOWrapper, source: str, columns: Columns, max_chars: int) -> None:
        self._source, self._columns, self._max_chars = source, columns, max_chars
        # Without this limit, all that follows a quotation mark that nobody closes would be one cell.
        csv.field_size_limit(max(4 * max_chars, 1_000_000))
        first = text.readline()
        text.seek(0)
        self._rows = csv.reader(text, delimiter=_separator(first, columns.text), strict=True)

    def entries(self) -> Iterator[Entry]:
        line = 1
        try:
            header = next(self._rows, [])
            self._check(header)
            line = self._rows.line_num + 1
            for row in self._rows:
                if any(cell.strip() for cell in row):
                    yield self._entry(header, row, line)
                line = self._rows.line_num + 1
        except InvalidArticle as error:
            yield Entry(self._source, error=error)
        except csv.Error as error:
            yield Entry(self._source, line, error=InvalidArticle(_unreadable(error)))

    def _check(self, header: list[str]) -> None:
        if not header:
            raise InvalidArticle("it is empty: give a table with a line of column names")
        if twice := sorted({name for name in header if header.count(name) > 1}):
            raise InvalidArticle(f"more than one column is named {_listed(twice)}: rename one of them")
        if missing := [name for name in self._columns.named if name not in header]:
            raise InvalidArticle(
                f"it has no column {_listed(missing)}, but {_listed(header[:20])}: name them with --text-field, "
                "--title-field and --key-field"
            )

    def _entry(self, header: list[str], row: list[str], line: int) -> Entry:
        return entry_of(self._source, line, self._max_chars, lambda: self._fields(header, row))

    def _fields(self, header: list[str], row: list[str]) -> tuple[dict[str, object], str | None]:
        if len(row) != len(header):
            raise InvalidArticle(f"the row has {len(row)} cells, and the first line names {len(header)}")
        cells: dict[str, Any] = dict(zip(header, row, strict=True))
        key = None if self._columns.key is None else cells.pop(self._columns.key)
        fields = {"text": cells.pop(self._columns.text)}
        if self._columns.title is not None:
            fields["title"] = cells.pop(self._columns.title)
        # An empty cell is a value that there is not, except in what becomes metadata.
        fields |= {name: cells.pop(name) for name in list(cells) if name in Article.model_fields and name not in fields}
        given = {name: value for name, value in fields.items() if value or name == "text"}
        return with_metadata(given, cells), key


def _separator(header: str, text: str) -> str:
    """What separates the columns: what gives a column of this name, or else what there is most of."""
    for separator in SEPARATORS:
        if text in next(csv.reader([header], delimiter=separator)):
            return separator
    return max(SEPARATORS, key=header.count)


def _listed(names: list[str]) -> str:
    return ", ".join(repr(name) for name in names)


def _unreadable(error: csv.Error) -> str:
    if "field larger than" in str(error) or "unexpected end" in str(error):
        return "a quotation mark is not closed in the row that begins here; what follows it was not read"
    return f"the row that begins here cannot be read ({error}); what follows it was not read"
