"""Reads articles from files. A file is text in a known encoding, or it is refused with the reason."""

from __future__ import annotations

import codecs
import sys
from pathlib import Path
from typing import BinaryIO

from depeche.errors import InvalidArticle

#: The encodings of French text files, other than UTF-8. With more of them, a wrong one would often fit by accident.
LEGACY_ENCODINGS = ["cp1252", "latin_1"]

#: Text has none of these bytes, and nearly every binary file has some of them.
BINARY_BYTES = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b"))

UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

#: How much of a long file is looked at in one step.
BLOCK_BYTES = 1 << 20


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
    if data.startswith(UTF16_MARKS):
        return _decode_utf16(data, name), None
    _check_is_text(data, name)
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        encoding, warning = _guess(data, name, error.start)
        return data.decode(encoding), warning


def encoding_of(file: BinaryIO, name: str) -> tuple[str, str | None]:
    """The encoding of a file of any size, as :func:`decode` finds it, and its warning. The file is at its start then.

    Raises:
        InvalidArticle: as for :func:`decode`.
    """
    file.seek(0)
    decoder, read = codecs.getincrementaldecoder("utf-8-sig")(), 0
    while block := file.read(BLOCK_BYTES):
        if read == 0 and block.startswith(UTF16_MARKS):
            file.seek(0)
            return "utf-16", None
        _check_is_text(block, name)
        try:
            decoder.decode(block)
        except UnicodeDecodeError as error:
            file.seek(0)
            # What came before this block was UTF-8, and this one has enough to tell what it is instead.
            return _guess(block, name, max(0, error.start), before=read)
        read += len(block)
    file.seek(0)
    return "utf-8-sig", None


def _check_is_text(data: bytes, name: str) -> None:
    if data.translate(None, delete=BINARY_BYTES) != data:
        raise InvalidArticle(f"{name} is a binary file and not text: give a plain text file")


def _guess(data: bytes, name: str, broken_at: int, before: int = 0) -> tuple[str, str]:
    # It is imported for a file that needs it, as its import takes as long as a command may.
    from charset_normalizer import from_bytes

    guess = from_bytes(data, cp_isolation=LEGACY_ENCODINGS).best()
    if guess is None or _mostly_utf8(data):
        raise InvalidArticle(
            f"{name} is neither valid UTF-8 (byte {before + broken_at} is {data[broken_at]:#04x}) nor Windows-1252 or "
            "Latin-1: convert it to UTF-8"
        )
    encoding = {"cp1252": "Windows-1252", "latin_1": "Latin-1"}[guess.encoding]
    return guess.encoding, f"{name} is not UTF-8, so it was read as {encoding}"


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
