"""Where commands take task ids from: their arguments, standard input, and files with an id on each line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import click

from depeche.documents import Kind, Origin
from depeche.records import shown

#: What is longer is neither an id nor a line of ``depeche submit --json``, in which the longest path may stand.
MOST_BYTES = 30_000


@dataclass(frozen=True, slots=True)
class Submitted:
    """A task id, and what ``depeche submit --json`` says of the article beside it.

    Attributes:
        task_id: the id.
        source: the file that the article is from; None where it is not said.
        origin: the document with a structure that it is; None where it is none, or that is not said.
    """

    task_id: str
    source: str | None = None
    origin: Origin | None = None


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
        return (job.task_id for job in self.submitted())

    def submitted(self) -> Iterator[Submitted]:
        """The ids, with what is said of their articles."""
        for argument in self._arguments:
            if argument == "-":
                yield from _read("-")
            else:
                yield Submitted(shown(argument))
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


def _read(file: str) -> Iterator[Submitted]:
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
                    yield _submitted(text)
        except OSError as error:
            raise click.UsageError(f"cannot read {name}: {error.strerror}") from None


def _open(file: str, stack: ExitStack) -> BinaryIO:
    if file != "-":
        return stack.enter_context(Path(file).open("rb"))
    # None stands for a standard input that was closed before the command began.
    if sys.stdin is None:
        raise click.UsageError("standard input is closed: give --ids FILE, or what the ids are read from")
    return sys.stdin.buffer


def _submitted(line: bytes) -> Submitted:
    """What is in a line: an id, or an object such as ``depeche submit --json`` prints."""
    text = line.decode(errors="backslashreplace")
    if text.startswith("{"):
        try:
            found = json.loads(text)
            task_id = shown(str(found["id"]))
        except (ValueError, LookupError, RecursionError):
            # Whoever looks for a job of this name says that there is none.
            return Submitted(text)
        source = found.get("source")
        return Submitted(task_id, source, _origin(found)) if isinstance(source, str) else Submitted(task_id)
    return Submitted(text)


def _origin(found: dict[str, object]) -> Origin | None:
    try:
        return Origin(str(found["source"]), Kind(str(found["kind"])), str(found["digest"]))
    except (ValueError, LookupError):
        return None
