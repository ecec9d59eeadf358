"""Programs that are measured from outside: each is a process that does a piece of work for every line it is given."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from benchmarks.speed.measure import Sample, Usage


class Child:
    """A started program that has said that it is ready.

    It reads a JSON object from each line of its standard input, does the work, and answers with a line of JSON.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._answer()

    def run(self, work: Mapping[str, Any]) -> Sample:
        """Have a piece of work done; the answer's ``amount`` says how much it was.

        Raises:
            RuntimeError: the program has ended.
        """
        assert self._process.stdin
        usage = Usage(self._process.pid)
        self._process.stdin.write(json.dumps(work) + "\n")
        self._process.stdin.flush()
        return usage.sample(self._answer()["amount"])

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("a program that is measured has ended: its last words are above")
        found: dict[str, Any] = json.loads(line)
        return found


@contextmanager
def started(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Iterator[Child]:
    """Start a program, wait until it is ready, and end it with the context."""
    process = subprocess.Popen(
        command, env=os.environ | (environment or {}), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield Child(process)
    finally:
        process.kill()
        process.wait()


def serve(load: Callable[[], Callable[[dict[str, Any]], int]]) -> None:
    """The other side: load, say that we are ready, then do what each line asks for.

    Args:
        load: gives what does a piece of work, and returns how much it was.
    """
    answers = os.fdopen(os.dup(1), "w")
    # What libraries print must not stand among the answers.
    os.dup2(2, 1)
    work = load()
    print(json.dumps({}), file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps({"amount": work(json.loads(line))}), file=answers, flush=True)
