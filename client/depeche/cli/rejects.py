"""The file of articles that were refused: JSON lines with the place of each, and the reason."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TextIO

import click

from depeche.errors import CannotWrite, DepecheError
from depeche.inputs import Entry
from depeche.records import shown


class Rejects:
    """Takes what is refused. Use it as a context manager.

    Args:
        path: the file, which is written anew; None where refused articles are only counted.
        inputs: the files that are read.

    Raises:
        click.UsageError: it is one of the files that are read.
    """

    def __init__(self, path: str | None, inputs: Iterable[str]) -> None:
        self._path = path
        self._file: TextIO | None = None
        for given in inputs:
            with suppress(OSError):
                if path is not None and Path(given).samefile(path):
                    raise click.UsageError(f"{path} is an input, and would be lost: give --rejects another file")

    def __enter__(self) -> Rejects:
        if self._path is not None:
            try:
                self._file = Path(self._path).open("w", encoding="utf-8")
            except OSError as error:
                raise CannotWrite(f"{self._path} cannot be written: {error.strerror}") from None
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._file is not None:
            try:
                self._file.close()
            except OSError as fault:
                raise self._broken(fault) from None

    def write(self, entry: Entry, error: DepecheError) -> None:
        """One more article that is refused.

        Raises:
            CannotWrite: the disk is full, for example.
        """
        if self._file is None:
            return
        place = {"source": shown(entry.source), "line": entry.line, "part": entry.part}
        reason = {"code": error.code, "message": shown(error.message)}
        try:
            self._file.write(json.dumps(place | reason, ensure_ascii=False) + "\n")
        except OSError as broken:
            raise self._broken(broken) from None

    def _broken(self, error: OSError) -> CannotWrite:
        return CannotWrite(f"{self._path} cannot be written: {error.strerror}")
