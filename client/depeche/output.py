"""What the commands write: safe for any terminal, in its own encoding, and complete or else an error.

Articles, names of fields and other programs' keys are anybody's text. A terminal obeys control characters in it, so
these are shown and not sent. JSON shows them by its own escapes and so stays what it was for programs.
"""

from __future__ import annotations

import codecs
import errno
import json
import os
import re
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

import click

from depeche import status_line
from depeche.errors import CannotWrite
from depeche.pages.formats import FORMATS, ONE_A_FILE, render
from depeche.printable import printable, printable_json

if TYPE_CHECKING:
    from depeche.article import ArticleResult

__all__ = ["FORMATS", "ONE_A_FILE", "remark", "render", "say", "say_json", "say_result", "say_styled"]

_NOT_ASCII = re.compile("[^\x00-\x7f]")


def say(text: object) -> None:
    """Write a line, or several, of text to standard output.

    Raises:
        CannotWrite: it is closed, or its disk is full.
    """
    _write(sys.stdout, printable(str(text)))


def say_json(text: str) -> None:
    """Write JSON to standard output; it means the same whatever the encoding.

    Raises:
        CannotWrite: it is closed, or its disk is full.
    """
    text = printable_json(text)
    try:
        text.encode(_encoding(sys.stdout))
    except UnicodeEncodeError:
        text = _NOT_ASCII.sub(lambda found: json.dumps(found[0])[1:-1], text)
    _write(sys.stdout, text)


def say_result(result: ArticleResult, format: str) -> None:
    """Write a result to standard output in one of the :data:`FORMATS`.

    Raises:
        CannotWrite: it is closed, or its disk is full.
    """
    text = render(result, format)
    if format == "json":
        say_json(text)
        return
    # A page and a memory say of themselves that they are UTF-8; numbers for characters are right in any encoding.
    if format in ONE_A_FILE and codecs.lookup(_encoding(sys.stdout)).name != "utf-8":
        text = text.encode("ascii", errors="xmlcharrefreplace").decode()
    _write(sys.stdout, text.rstrip("\n"))


def say_styled(text: str) -> None:
    """Write text with colours, and no other control characters, to standard output. Only a terminal gets the colours.

    Raises:
        CannotWrite: it is closed, or its disk is full.
    """
    _write(sys.stdout, click.unstyle(text) if os.environ.get("NO_COLOR") else text)


def remark(text: object) -> None:
    """Write a line to standard error. Where nobody hears it, nothing happens."""
    with suppress(CannotWrite):
        _write(sys.stderr, printable(str(text)))


def _write(stream: TextIO | None, text: str) -> None:
    # None stands for a stream that was closed before the command began, and click would write to it without a word.
    if stream is None:
        raise CannotWrite("standard output is closed: redirect it to a file or a program")
    encoding = _encoding(stream)
    try:
        with status_line.hidden():
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
