"""Text that does nothing where it is shown: its control characters stand there by their escapes.

Articles, names of fields and other programs' keys are anybody's text. A terminal obeys the control characters in it,
and a page turns its words round.
"""

from __future__ import annotations

import json
import re

#: Control characters but tab and newline, what changes the direction of writing, halves of characters, and what is no
#: character.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """The text with each control character as its escape in Python, such as ``\\x1b``. Line ends become ``\\n``."""
    return UNPRINTABLE.sub(_escape, text.replace("\r\n", "\n"))


def printable_json(text: str) -> str:
    """The same for JSON, with the escapes of JSON, so that it means what it meant."""
    return UNPRINTABLE.sub(_escape_json, text)


def _escape(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()


def _escape_json(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]
