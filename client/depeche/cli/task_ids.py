"""Where commands take task ids from: their arguments, standard input, and files with an id on each line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import click

from depeche.jobs import shown

#: What is longer is no id, and could not be shown in a line.
MOST_BYTES = 1000


class TaskIds:
    """The ids that a command is given. They are read as they are needed, as there may be millions.

    Args:
        arguments: ids; ``-`` stands for those of standard input.
        file: a file of ids; ``-`` is standard input too. None where there is none.

    Raises:
        click.UsageError: there are no ids, or the file cannot be read.
    """

    def __init__(self, arguments: tuple[str, ...], file: str | None) -> None:
        if not arguments and file is None:
            raise click.UsageError("give task ids, - for those of standard input, or --ids FILE")
        if (*arguments, file).count("-") > 1:
            raise click.UsageError("standard input can be read once: give - once")
        self._arguments, self._file = arguments, file
        #: Whether the ids are of a file or of standard input.
        self.listed = file is not None or "-" in arguments
        #: How many there are, where that is known before they are read.
        self.count = self._count()

    def __iter__(self) -> Iterator[str]:
        for argument in self._arguments:
            if argument == "-":
                yield from _read("-")
            else:
                yield shown(argument)
        if self._file is not None:
            yield from _read(self._file)

    def _count(self) -> int | None:
        if self._file is None:
            return None if "-" in self._arguments else len(self._arguments)
        if self._file != "-" and Path(self._file).is_file() and "-" not in self._arguments:
            return len(self._arguments) + sum(1 for _ in _read(self._file))
        if self._file != "-" and not Path(self._file).exists():
            raise click.UsageError(f"cannot read {self._file}: there is no such file")
        return None


def _read(file: str) -> Iterator[str]:
    name = "standard input" if file == "-" else file
    number = 0
    with ExitStack() as stack:
        try:
            stream = _open(file, stack)
            while line := stream.readline(MOST_BYTES + 1):
                number += 1
                if len(line) > MOST_BYTES:
                    raise click.UsageError(f"line {number} of {name} is too long for a task id: give one id a line")
                if text := line.strip():
                    yield _task_id(text)
        except OSError as error:
            raise click.UsageError(f"cannot read {name}: {error.strerror}") from None


def _open(file: str, stack: ExitStack) -> BinaryIO:
    if file != "-":
        return stack.enter_context(Path(file).open("rb"))
    # None stands for a standard input that was closed before the command began.
    if sys.stdin is None:
        raise click.UsageError("standard input is closed: give --ids FILE, or what the ids are read from")
    return sys.stdin.buffer


def _task_id(line: bytes) -> str:
    """The id in a line: the line itself, or the field of an object such as ``depeche submit --json`` prints."""
    text = line.decode(errors="backslashreplace")
    if text.startswith("{"):
        try:
            return shown(str(json.loads(text)["id"]))
        except (ValueError, LookupError, RecursionError):
            # Whoever looks for a job of this name says that there is none.
            return text
    return text
