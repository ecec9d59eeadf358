"""Reads articles from files. A file is text in a known encoding, or it is refused with the reason."""

from __future__ import annotations

import sys
from pathlib import Path

from charset_normalizer import from_bytes

from depeche.errors import InvalidArticle

#: The encodings of French text files, other than UTF-8. With more of them, a wrong one would often fit by accident.
LEGACY_ENCODINGS = ["cp1252", "latin_1"]

#: Text has none of these bytes, and nearly every binary file has some of them.
BINARY_BYTES = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b"))


def read_bytes(path: str) -> bytes:
    """The contents of a file, or of standard input for ``-``.

    Raises:
        InvalidArticle: the file cannot be read.
    """
    if path == "-":
        # None stands for a standard input that was closed before the command began.
        if sys.stdin is None:
            raise InvalidArticle("standard input is closed: give a file, or what the article is read from")
        read, name = sys.stdin.buffer.read, "standard input"
    else:
        read, name = Path(path).read_bytes, path
    try:
        return read()
    except OSError as error:
        raise InvalidArticle(f"cannot read {name}: {error.strerror}") from None


def decode(data: bytes, name: str) -> tuple[str, str | None]:
    """Decode an article's bytes.

    Args:
        data: the whole file.
        name: what to call it in messages.

    Returns:
        The text, and a warning for the user if the encoding had to be guessed, else None.

    Raises:
        InvalidArticle: the file is binary, or in no encoding that French texts are written in.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decode_utf16(data, name), None
    if data.translate(None, delete=BINARY_BYTES) != data:
        raise InvalidArticle(f"{name} is a binary file and not text: give a plain text file")
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        broken = error
    guess = from_bytes(data, cp_isolation=LEGACY_ENCODINGS).best()
    if guess is None or _mostly_utf8(data):
        raise InvalidArticle(
            f"{name} is neither valid UTF-8 (byte {broken.start} is {data[broken.start]:#04x}) nor Windows-1252 or "
            "Latin-1: convert it to UTF-8"
        )
    encoding = {"cp1252": "Windows-1252", "latin_1": "Latin-1"}[guess.encoding]
    return data.decode(guess.encoding), f"{name} is not UTF-8, so it was read as {encoding}"


def _decode_utf16(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-16")
    except UnicodeDecodeError:
        raise InvalidArticle(f"{name} starts like UTF-16, but is not valid UTF-16: convert it to UTF-8") from None


def _mostly_utf8(data: bytes) -> bool:
    """Whether this is damaged UTF-8. In an older encoding, no accent at all could be read as UTF-8."""
    damaged = data.decode("utf-8", errors="replace")
    accents = sum(1 for character in damaged if ord(character) > 127 and character != "\ufffd")
    return accents > damaged.count("\ufffd")
