"""What the commands write: safe for any terminal, in its own encoding, and complete or else an error.

Articles, names of fields and other programs' keys are anybody's text. A terminal obeys control characters in it, so
these are shown and not sent. JSON shows them by its own escapes and so stays what it was for programs.
"""

from __future__ import annotations

import errno
import json
import os
import re
import statistics
import sys
from contextlib import suppress
from typing import TextIO

import click

from depeche.article import ArticleResult
from depeche.errors import CannotWrite

#: Control characters but tab and newline, what changes the direction of writing, and halves of characters.
_SHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_NOT_ASCII = re.compile("[^\x00-\x7f]")


def say(text: object) -> None:
    """Write a line, or several, of text to standard output.

    Raises:
        CannotWrite: it is closed, or its disk is full.
    """
    _write(sys.stdout, _SHOWN.sub(_escape, str(text).replace("\r\n", "\n")))


def say_json(text: str) -> None:
    """Write JSON to standard output; it means the same whatever the encoding.

    Raises:
        CannotWrite: it is closed, or its disk is full.
    """
    text = _SHOWN.sub(_escape_json, text)
    try:
        text.encode(_encoding(sys.stdout))
    except UnicodeEncodeError:
        text = _NOT_ASCII.sub(_escape_json, text)
    _write(sys.stdout, text)


def remark(text: object) -> None:
    """Write a line to standard error. Where nobody hears it, nothing happens."""
    with suppress(CannotWrite):
        _write(sys.stderr, _SHOWN.sub(_escape, str(text)))


def as_text(found: ArticleResult) -> str:
    """A result for a person to read: title, translation, summary, and what to look at."""
    parts = [found.title_en, found.text_en.strip("\n")]
    if found.summary_en:
        parts.append(f"Summary ({found.quality.summary}): {found.summary_en}")
    if found.quality.flags:
        flags = ", ".join(f"{name} {count}" for name, count in found.quality.flags.items())
        parts.append(f"Flagged sentences: {found.quality.flagged_segments} of {len(found.segments)} ({flags})")
    confidences = [segment.confidence for segment in found.segments if segment.confidence is not None]
    if confidences:
        parts.append(f"Confidence: median {statistics.median(confidences):.2f}, lowest {min(confidences):.2f}")
    return "\n\n".join(part for part in parts if part)


def _write(stream: TextIO | None, text: str) -> None:
    # None stands for a stream that was closed before the command began, and click would write to it without a word.
    if stream is None:
        raise CannotWrite("standard output is closed: redirect it to a file or a program")
    encoding = _encoding(stream)
    try:
        click.echo(text.encode(encoding, errors="backslashreplace").decode(encoding), file=stream)
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise
        _discard(stream)
        raise CannotWrite(f"the output cannot be written: {error.strerror}; what it was to hold is lost") from None


def _encoding(stream: TextIO | None) -> str:
    return getattr(stream, "encoding", None) or "utf-8"


def _discard(stream: TextIO) -> None:
    """Let what the stream still holds go nowhere, as Python would try once more, and complain, when it exits."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _escape(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()


def _escape_json(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]
