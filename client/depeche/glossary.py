"""Reads a glossary from a file: a French term and its English on each line, as a spreadsheet writes them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from depeche.article import MAX_TERMS, SHOWN_FAULTS, Term, parse
from depeche.errors import InvalidArticle
from depeche.files import decode, read_bytes

#: A first line with these is a heading.
_HEADINGS = {("fr", "en"), ("french", "english"), ("français", "anglais")}


def read_glossary(path: str) -> list[Term]:
    """The terms of a CSV or TSV file: two columns, French and English; the English is empty where the term stays.

    The columns are parted by tabs, semicolons or commas, whichever stands first in the file.

    Raises:
        InvalidArticle: the file cannot be read or has faulty lines, each of which is named; or it has too many terms.
    """
    text, _ = decode(read_bytes(path), path)
    faults: list[str] = []
    terms: dict[str, tuple[int, Term]] = {}
    for number, row in _rows(text):
        try:
            term = _term(row)
        except InvalidArticle as error:
            faults.append(f"line {number}: {error.message}")
            continue
        first, known = terms.setdefault(term.fr, (number, term))
        if known.en != term.en:
            faults.append(f"line {number}: {term.fr!r} has another English on line {first}")
    if len(terms) > MAX_TERMS:
        faults.append(f"{len(terms)} terms, and at most {MAX_TERMS} are taken: keep those that this article needs")
    if not terms and not faults:
        faults.append("no terms: give a French term and its English on each line, parted by a tab, ; or ,")
    if faults:
        more = f"; and {len(faults) - SHOWN_FAULTS} more" if len(faults) > SHOWN_FAULTS else ""
        raise InvalidArticle(f"{path}: {'; '.join(faults[:SHOWN_FAULTS])}{more}", {"faults": faults[:SHOWN_FAULTS]})
    return [term for _, term in terms.values()]


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines that have anything, with their numbers; the heading left out."""
    separators = [character for character in text if character in "\t;,"]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separators[0] if separators else "\t")
    first = True
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells) and not (first and tuple(cell.lower() for cell in cells) in _HEADINGS):
                yield reader.line_num, cells
            first = first and not any(cells)
    except csv.Error as error:
        raise InvalidArticle(f"line {reader.line_num}: {error}") from None


def _term(cells: list[str]) -> Term:
    while len(cells) > 2 and not cells[-1]:
        cells = cells[:-1]
    if len(cells) > 2:
        raise InvalidArticle(
            f"{len(cells)} columns, and a term has two: put quotation marks around one with a separator"
        )
    return parse(Term, {"fr": cells[0], "en": (cells[1] if len(cells) > 1 else "") or None})
