"""Where a command puts many results: a file each in a folder, or a line each in one file.

Both can be filled in several runs, whatever ended the run before. What is there is known by the key or the task id, and
is never written a second time.
"""

from __future__ import annotations

import json
import os
import re
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Protocol

from depeche.errors import CannotWrite
from depeche.file_names import Digests, digest, digest_in, file_name, is_plain

#: An unfinished file of a process that is alive is younger than this.
UNFINISHED_S = 3600

#: The id comes first in a result's JSON, so the start of a line is enough.
_ID = re.compile(rb'\s*\{\s*"id"\s*:\s*("(?:[^"\\]|\\.)*")')
_START = b'{"id":"'
_START_BYTES = 4096

#: How often the lines that were written are sent to the disk.
_SYNC_S = 1.0


class ResultFiles(Protocol):
    """Takes results, of several threads too.

    An identity is the idempotency key or the task id that stands for one article.
    """

    def has(self, identity: str) -> bool:
        """Whether the result is there."""

    def write(self, identity: str, text: str, label: str | None = None, ending: str | None = None) -> None:
        """Add a result.

        Args:
            identity: as above.
            text: the result in its format.
            label: what people know the article by.
            ending: of its file, where files may have several.

        Raises:
            CannotWrite: the disk is full, for example. Nothing is half written.
        """

    def close(self) -> None:
        """Send everything to the disk."""


class ResultFolder:
    """A file for each result. A file is whole or absent, also after a crash of the machine.

    Args:
        path: the folder. It is made if it is not there.
        endings: of the files, such as ``json``; the first is the usual one. Files with other endings are not looked at.

    Attributes:
        path: the folder.

    Raises:
        CannotWrite: there can be no such folder.
    """

    def __init__(self, path: Path, *endings: str) -> None:
        self.path = path
        self._endings = tuple(f".{ending}" for ending in endings)
        self._digests = Digests()
        try:
            path.mkdir(parents=True, exist_ok=True)
            self._look_around()
        except OSError as error:
            raise CannotWrite(f"results cannot be kept in {path}: {error.strerror}") from None

    def has(self, identity: str) -> bool:
        """Whether there is a file for it, whatever label it was written with."""
        if digest(identity) in self._digests:
            return True
        return is_plain(identity) and any((self.path / (identity + ending)).exists() for ending in self._endings)

    def path_of(self, identity: str, label: str | None = None, ending: str | None = None) -> Path:
        """Where its file is, or will be."""
        return self.path / (file_name(identity, label) + (f".{ending}" if ending else self._endings[0]))

    def write(self, identity: str, text: str, label: str | None = None, ending: str | None = None) -> None:
        """Make the file."""
        path = self.path_of(identity, label, ending)
        self.replace(path.name, text)
        if found := digest_in(path.stem):
            self._digests.add(found)

    def replace(self, name: str, text: str) -> None:
        """Write a file of this name, whether it is there or not.

        Raises:
            CannotWrite: the disk is full, for example. The file is then as it was.
        """
        path, unfinished = self.path / name, self._unfinished
        try:
            with unfinished.open("wb") as file:
                file.write(text.encode(errors="backslashreplace"))
                file.flush()
                # Else a crash of the machine could leave the new name with nothing in it.
                os.fsync(file.fileno())
            unfinished.replace(path)
        except OSError as error:
            raise CannotWrite(f"{path} cannot be written: {error.strerror}") from None
        finally:
            # It is there only if something went wrong, such as Ctrl-C.
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)

    def close(self) -> None:
        """Each file is on the disk already."""

    @property
    def _unfinished(self) -> Path:
        """What a file is called until it is whole: a name of this thread's own."""
        return self.path / f".depeche-{os.getpid()}-{threading.get_ident()}.part"

    def _look_around(self) -> None:
        with os.scandir(self.path) as entries:
            for entry in entries:
                if entry.name.startswith(".depeche-") and entry.name.endswith(".part"):
                    _remove_if_old(entry)
                    continue
                stem, ending = os.path.splitext(entry.name)  # noqa: PTH122  # there may be a million names
                if ending in self._endings and (found := digest_in(stem)):
                    self._digests.add(found)


class ResultLines:
    """One file with a result as JSON on each line. A line that a crash has cut short is taken away.

    Args:
        path: the file. If it is there, it must hold such lines, and more are added.

    Raises:
        CannotWrite: it cannot be written, holds something else, or another command is writing to it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._digests = Digests()
        self._lock = threading.Lock()
        self._synced_at = time.monotonic()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Without a buffer, which would be written once more after a fault.
            self._file = path.open("ab", buffering=0)
        except OSError as error:
            raise self._fault(error) from None
        try:
            _lock(self._file, path)
            self._read()
        except BaseException:
            self._file.close()
            raise

    def has(self, identity: str) -> bool:
        """Whether it has a line. The identity must be a task id here, as a line has no other."""
        return digest(identity) in self._digests

    def write(self, identity: str, text: str, label: str | None = None, ending: str | None = None) -> None:
        """Add a line."""
        del label, ending
        with self._lock:
            self._append(text.encode() + b"\n")
        self._digests.add(digest(identity))

    def close(self) -> None:
        """Send the lines to the disk."""
        with suppress(OSError):
            os.fsync(self._file.fileno())
        self._file.close()

    def _append(self, data: bytes) -> None:
        end, whole = os.fstat(self._file.fileno()).st_size, False
        try:
            left = memoryview(data)
            while left:
                left = left[self._file.write(left) :]
            whole = True
            if time.monotonic() - self._synced_at > _SYNC_S:
                os.fsync(self._file.fileno())
                self._synced_at = time.monotonic()
        except OSError as error:
            raise self._fault(error) from None
        finally:
            if not whole:
                # Also after Ctrl-C, the file must not end in half a line.
                with suppress(OSError):
                    self._file.truncate(end)

    def _fault(self, error: OSError) -> CannotWrite:
        return CannotWrite(f"results cannot be written to {self._path}: {error.strerror}")

    def _read(self) -> None:
        with self._path.open("rb") as file:
            number, start = 1, 0
            while beginning := file.readline(_START_BYTES):
                whole = _skip_line(file, beginning)
                found = _ID.match(beginning)
                start_of_one = beginning.replace(b" ", b"")[: len(_START)]
                cut_short = not whole and _START.startswith(start_of_one)
                if not (found or cut_short or beginning.isspace()):
                    raise CannotWrite(
                        f"line {number} of {self._path} is not a result, so nothing is added there: give another file"
                    )
                if not whole:
                    file.seek(start)
                    self._mend_last_line(file.read(), start)
                elif found:
                    self._digests.add(digest(_text(found[1])))
                number, start = number + 1, file.tell()

    def _mend_last_line(self, line: bytes, start: int) -> None:
        """Take a line without an end away where it was cut short; where only its end is missing, add that."""
        try:
            self._digests.add(digest(json.loads(line)["id"]))
        except (ValueError, LookupError, TypeError):
            self._file.truncate(start)
        else:
            self._append(b"\n")


def open_results(path: Path, layout: str, *endings: str) -> ResultFiles:
    """What is at ``path``, or is to be: a folder of files, or a file of JSON lines if the name ends in ``.jsonl``.

    Args:
        path: where.
        layout: the format of the results, as in ``--format``.
        endings: of files in this format.

    Raises:
        CannotWrite: it cannot be used so.
    """
    if path.is_file() or (path.suffix == ".jsonl" and not path.is_dir()):
        if layout != "json":
            raise CannotWrite(f"{path} is a file of JSON lines: with --format {layout}, give a folder")
        return ResultLines(path)
    return ResultFolder(path, *endings)


def _remove_if_old(entry: os.DirEntry[str]) -> None:
    with suppress(OSError):
        if time.time() - entry.stat().st_mtime > UNFINISHED_S:
            Path(entry.path).unlink()


def _skip_line(file: BinaryIO, beginning: bytes) -> bool:
    """Read on to the end of a line, piece by piece as it may be long. Returns whether it has an end."""
    piece = beginning
    while piece and not piece.endswith(b"\n"):
        piece = file.readline(1 << 20)
    return bool(piece)


def _text(quoted: bytes) -> str:
    try:
        return str(json.loads(quoted))
    except ValueError:
        return quoted.decode(errors="surrogateescape")


def _lock(file: BinaryIO, path: Path) -> None:
    """Keep other commands out until the file is closed. Windows has no such locks."""
    with suppress(ImportError):
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotWrite(f"another command is writing to {path}: wait for its end, or give another file") from None
