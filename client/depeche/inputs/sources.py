"""Where articles come from: files, folders and standard input. All can be read a second time."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from depeche.errors import InvalidArticle

STANDARD_INPUT = "standard input"


@dataclass(frozen=True)
class Source:
    """One file of the input.

    Attributes:
        name: what to call it in messages.
        path: where it is; None for what can be read only once, and is kept as ``copy``.
        copy: what was read of it.
        error: why it cannot be read.
    """

    name: str
    path: Path | None = None
    copy: BinaryIO | None = None
    error: InvalidArticle | None = None

    def open(self) -> AbstractContextManager[BinaryIO]:
        """The file, at its beginning.

        Raises:
            OSError: it cannot be opened.
        """
        if self.copy is not None:
            self.copy.seek(0)
            return nullcontext(self.copy)
        assert self.path is not None
        return self.path.open("rb")


def is_folder(path: str) -> bool:
    """Whether there is a folder of this name. There is none of a name that no file can have."""
    try:
        return Path(path).is_dir()
    except (OSError, ValueError):
        return False


class Sources:
    """The files of the input, in order: of a folder, its files by name. Iterate as often as you like, in its context.

    Args:
        paths: files, folders, and ``-`` for standard input, once.
        recursive: take the files in folders of folders too.
        pattern: take only files of such names from folders, such as ``*.txt``.
        without: a file or a folder that is no part of the input, as it is being written.

    Attributes:
        passed_over: how many files and folders the last iteration has passed over, by the reason.
    """

    def __init__(
        self, paths: Sequence[str], *, recursive: bool = False, pattern: str | None = None, without: str | None = None
    ) -> None:
        self._paths, self._recursive, self._pattern = paths, recursive, pattern
        self._without = without
        self._copies: dict[str, BinaryIO] = {}
        self._open_files = ExitStack()
        self.passed_over: Counter[str] = Counter()

    def __enter__(self) -> Sources:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._open_files.close()

    def __iter__(self) -> Iterator[Source]:
        self.passed_over.clear()
        for path in self._paths:
            if path == "-":
                yield self._copied(path, STANDARD_INPUT)
            elif is_folder(path):
                yield from self._folder(path)
            else:
                yield self._named(path)

    def _named(self, path: str) -> Source:
        try:
            mode = Path(path).stat().st_mode
        except (OSError, ValueError) as error:
            return _unreadable(path, error)
        # What a shell makes of <(…) can be read once.
        return Source(path, Path(path)) if stat.S_ISREG(mode) else self._copied(path, path)

    def _copied(self, path: str, name: str) -> Source:
        if path not in self._copies:
            try:
                self._copies[path] = self._copy(path)
            except OSError as error:
                return _unreadable(name, error)
        return Source(name, copy=self._copies[path])

    def _copy(self, path: str) -> BinaryIO:
        copy = self._open_files.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  # it is closed with the others
        if path != "-":
            with Path(path).open("rb") as file:
                shutil.copyfileobj(file, copy)
        elif sys.stdin is None:
            # A standard input that was closed before the command began.
            raise OSError(0, "it is closed; give a file")
        else:
            shutil.copyfileobj(sys.stdin.buffer, copy)
        return copy

    def _folder(self, top: str) -> Iterator[Source]:
        found = False
        seen: set[tuple[int, int]] = set()
        for source in self._walk(Path(top), seen):
            found = True
            yield source
        if not found:
            of_names = f" with a name like {self._pattern}" if self._pattern else ""
            deeper = "" if self._recursive else "; --recursive looks into its folders too"
            yield Source(top, error=InvalidArticle(f"there is no file{of_names} in this folder{deeper}"))

    def _walk(self, folder: Path, seen: set[tuple[int, int]]) -> Iterator[Source]:
        try:
            status = folder.stat()
            # A link may lead back to where it is.
            if (status.st_dev, status.st_ino) in seen:
                return
            seen.add((status.st_dev, status.st_ino))
            names = sorted(os.listdir(folder))  # noqa: PTH208  # names are sorted faster than paths
        except OSError as error:
            yield _unreadable(str(folder), error)
            return
        for name in names:
            yield from self._member(folder / name, seen)

    def _member(self, path: Path, seen: set[tuple[int, int]]) -> Iterator[Source]:
        try:
            mode = path.stat().st_mode
        except OSError as error:
            if self._matches(path):
                yield _unreadable(str(path), error)
            return
        if path.name.startswith("."):
            self.passed_over["hidden"] += 1
        elif stat.S_ISDIR(mode):
            if self._is_excluded(path):
                return
            if self._recursive:
                yield from self._walk(path, seen)
            else:
                self.passed_over["folders"] += 1
        elif not self._matches(path) or self._is_excluded(path):
            self.passed_over["names"] += 1
        elif stat.S_ISREG(mode):
            yield Source(str(path), path)
        else:
            # A pipe without a writer would never end.
            yield Source(str(path), error=InvalidArticle("it is neither a file nor a folder"))

    def _matches(self, path: Path) -> bool:
        return self._pattern is None or fnmatchcase(path.name, self._pattern)

    def _is_excluded(self, path: Path) -> bool:
        return self._without is not None and Path(self._without).exists() and path.samefile(self._without)


def _unreadable(name: str, error: OSError | ValueError) -> Source:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Source(name, error=InvalidArticle(f"it cannot be read: {reason}"))
