"""Has documents parsed in a process of its own, which the kernel bounds in memory and time."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from typing import IO

from pydantic import TypeAdapter, ValidationError

from depeche.documents.drafts import Fault, Found
from depeche.documents.kinds import Kind
from depeche.documents.limits import MAX_CPU_S, MAX_WALL_S

_FOUND: TypeAdapter[list[Found]] = TypeAdapter(list[Found])

#: -P: a file of the working directory must not be taken for a module.
_COMMAND = ["-P", "-m", "depeche.documents.process"]


class _Ended(Exception):
    """The process ended before it answered."""


class _Process:
    """A process that parses one document after another."""

    def __init__(self) -> None:
        # It is imported here, as most programs that import the package parse no document.
        from depeche.settings import PREFIX

        self.owner = os.getpid()
        try:
            self._process = subprocess.Popen(
                [sys.executable, *_COMMAND],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                # Redis' password is none of its business, should a document ever take it over.
                env={name: value for name, value in os.environ.items() if not name.startswith(PREFIX)},
                # Ctrl-C is for the command. This process ends with its standard input.
                start_new_session=True,
            )
        except OSError as error:
            raise Fault(f"no process could be started to read it ({error.strerror}): give plain text") from None

    def ask(self, kind: Kind, data: bytes) -> list[Found]:
        """What is in a document.

        Raises:
            _Ended: the process ended without an answer.
        """
        timer = threading.Timer(MAX_WALL_S, self._process.kill)
        timer.daemon = True
        timer.start()
        try:
            assert self._process.stdin
            assert self._process.stdout
            self._process.stdin.write(json.dumps({"kind": kind, "size": len(data)}).encode() + b"\n")
            self._process.stdin.write(data)
            self._process.stdin.flush()
            return _answer(self._process.stdout)
        except OSError:
            raise _Ended from None
        finally:
            timer.cancel()

    def end(self) -> int:
        """End the process, and return its exit status."""
        if self.owner != os.getpid():
            return 0
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                if pipe:
                    pipe.close()
            except OSError:
                pass
        try:
            return self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


def _answer(stream: IO[bytes]) -> list[Found]:
    line = stream.readline()
    try:
        size = json.loads(line)["size"]
        return _FOUND.validate_python(json.loads(stream.read(size)))
    except (ValueError, KeyError, TypeError, ValidationError):
        raise _Ended from None


_lock = threading.Lock()
_kept: _Process | None = None


def parse_apart(kind: Kind, data: bytes) -> list[Found]:
    """What is in a document. The process is kept for the next one, as starting it takes longer than most documents.

    Raises:
        Fault: it takes too long or too much memory, or ends its parser.
    """
    with _lock:
        for is_last in (False, True):
            process = _process()
            try:
                return process.ask(kind, data)
            except _Ended:
                status = _forget()
                # Status 0: it was idle and ended just now. Another one will answer.
                if status != 0 or is_last:
                    raise Fault(_why(status)) from None
            except BaseException:
                # Such as Ctrl-C: an answer may be half read, and would be taken for the next document's.
                _forget()
                raise
    raise AssertionError


def _process() -> _Process:
    global _kept  # noqa: PLW0603  # there is one for all documents
    # After a fork, the parent's process answers to the parent.
    if _kept is None or _kept.owner != os.getpid():
        _kept = _Process()
    return _kept


@atexit.register
def _forget() -> int:
    global _kept
    process, _kept = _kept, None
    return process.end() if process else 0


def _why(status: int) -> str:
    if sys.platform != "win32":
        import signal

        if status == -signal.SIGXCPU:
            return f"reading it takes more than {MAX_CPU_S} s of processor time: split it, or give its text"
        if status == -signal.SIGKILL:
            return (
                f"reading it took more than {MAX_WALL_S} s, or the process that read it was killed, as happens when "
                "memory is short: split it, or give its text"
            )
    return f"the process that read it ended with status {status}: it may be damaged; give its text"
