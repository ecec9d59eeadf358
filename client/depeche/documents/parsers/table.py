"""Tables as CSV or TSV: each row is an article, and the header says which column is what."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from depeche.article import Article
from depeche.documents.drafts import Draft, Fault, Found, Missing
from depeche.documents.parsers.plain import text_of

#: The names of columns, in small letters, for the fields of an article.
COLUMNS = {
    "text": ("text", "texte", "body", "corps", "content", "contenu", "article"),
    "title": ("title", "titre", "headline"),
    "source_url": ("source_url", "url", "link", "lien"),
    "language": ("language", "langue", "lang"),
}
MAX_ROWS = 100_000


def parse(data: bytes) -> Iterator[Found]:
    """An article for each row. Columns that are no field of an article become its metadata. Empty rows are skipped.

    Raises:
        Fault: there is no header with a column for the text, a quote is not closed, or there are too many rows.
    """
    text, warnings = text_of(data)
    # The parser process has the limit for itself. By default an article of 131 072 characters is too long for a field.
    csv.field_size_limit(len(text) + 1)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text), strict=True)
    header = _header(rows)
    fields = _fields(header)
    number = 0
    while (row := _row(rows)) is not None:
        if not any(cell.strip() for cell in row):
            continue
        number += 1
        if number > MAX_ROWS:
            raise Fault(f"it has more than {MAX_ROWS} rows: split it")
        place = f"row {number}, which ends in line {rows.line_num}"
        yield _article(header, fields, row, place, warnings if number == 1 else ())


def separator_of(text: str) -> str:
    """What separates the columns: tab, semicolon or comma, whichever the first line has most of outside quotes."""
    line = text.lstrip("\ufeff").split("\n", 1)[0]
    outside = "".join(line.split('"')[::2])
    return max("\t;,", key=outside.count)


def field_of(name: str) -> str | None:
    """The field of an article that a column of this name is for, if there is one."""
    return next((field for field, names in COLUMNS.items() if name.strip().casefold() in names), None)


def _row(rows: Iterator[list[str]]) -> list[str] | None:
    began = getattr(rows, "line_num", 0) + 1
    try:
        return next(rows, None)
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise Fault(f"a quote that is opened in the row at line {began} is never closed: close it") from None
        raise Fault(f"the row at line {began} is no CSV ({error}): correct its quotes") from None


def _header(rows: Iterator[list[str]]) -> list[str]:
    # A column without a name has cells all the same.
    header = [name.strip() or f"column {number}" for number, name in enumerate(_row(rows) or [], start=1)]
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise Fault(f"more than one column is named {', '.join(twice)}: rename them")
    return header


def _fields(header: Sequence[str]) -> dict[str, int]:
    """Which column has which field of the article."""
    found: dict[str, int] = {}
    for column, name in enumerate(header):
        field = field_of(name)
        if field in found:
            raise Fault(f"the columns {header[found[field]]} and {name} are both for the {field}: rename one of them")
        if field:
            found[field] = column
    if "text" not in found:
        shown = ", ".join(name[:40] for name in header[:10])
        raise Fault(f"no column is named {' or '.join(COLUMNS['text'][:2])} (there are: {shown}): name the column")
    return found


def _article(
    header: Sequence[str], fields: dict[str, int], row: Sequence[str], place: str, warnings: tuple[str, ...]
) -> Found:
    if len(row) != len(header):
        return Missing(f"it has {len(row)} columns, and the header has {len(header)}: correct it", place)
    own = {field: row[column].strip() for field, column in fields.items()}
    if not own["text"]:
        return Missing("its text is empty: fill it in, or remove the row", place)
    others = {
        name: cell for column, (name, cell) in enumerate(zip(header, row, strict=True)) if column not in fields.values()
    }
    assert set(own) <= set(Article.model_fields)
    return Draft(
        own["text"],
        title=own.get("title"),
        source_url=own.get("source_url"),
        language=own.get("language"),
        fields={name: cell for name, cell in others.items() if cell},
        warnings=warnings,
        place=place,
    )
