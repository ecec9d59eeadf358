"""JSON lines: each line is an article with its key. They are read one by one, as there may be millions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import TextIOWrapper
from typing import BinaryIO

from depeche.errors import InvalidArticle
from depeche.inputs.entries import Entry, decoded, entry_of, with_metadata

#: JSON may write a character in twelve bytes, and an article has more than its text.
CHARS_A_CHAR, CHARS_BESIDES = 12, 100_000


def read_json_lines(file: BinaryIO, source: str, max_chars: int) -> Iterator[Entry]:
    """The articles of a file of JSON lines. Blank lines are skipped.

    Args:
        file: a file that can be read again from its beginning.
        source: what to call it in messages.
        max_chars: a longer article is a fault.
    """
    # Only \n ends a line, as a JSON text may hold the other characters that can.
    return decoded(file, source, lambda text: _entries(text, source, max_chars), newline="\n")


def _entries(text: TextIOWrapper, source: str, max_chars: int) -> Iterator[Entry]:
    most = CHARS_A_CHAR * max_chars + CHARS_BESIDES
    number, found = 0, False
    while line := text.readline(most):
        number += 1
        if len(line) == most and not line.endswith("\n"):
            _skip_line(text, most)
            found = True
            too_long = (
                f"the line has more than {most} characters, which no article has: is it one line for all of them?"
            )
            yield Entry(source, number, error=InvalidArticle(too_long))
        elif line.strip():
            found = True
            yield entry_of(source, number, max_chars, lambda line=line: _fields(line))  # type: ignore[misc]  # its own
    if not found:
        yield Entry(source, error=InvalidArticle("there is no article in it"))


def _skip_line(text: TextIOWrapper, most: int) -> None:
    while (rest := text.readline(most)) and not rest.endswith("\n"):
        pass


def _fields(line: str) -> tuple[dict[str, object], str | None]:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidArticle(f"not JSON: {error}") from None
    if not isinstance(fields, dict) or not isinstance(fields.get("metadata", {}), dict):
        raise InvalidArticle('this is not an object such as {"text": "…", "metadata": {}}')
    key = fields.pop("key", None)
    if not isinstance(key, str | None):
        raise InvalidArticle("key: must be a text, or left out")
    return with_metadata(fields, fields.get("metadata", {})), key
