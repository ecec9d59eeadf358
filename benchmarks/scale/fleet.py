"""Real worker processes, in any number, with the echo profile."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.scale.counted import private_mb
from benchmarks.speed.measure import cpu_s
from benchmarks.speed.workers import READY

#: A machine that starts many processes at once is busy.
READY_S = 300


class Fleet:
    """Workers on one Redis.

    Args:
        url: where Redis is.
        folder: for the workers' logs.
        concurrency: how many articles each takes at once.
        environment: more variables for each worker.
    """

    def __init__(self, url: str, folder: Path, concurrency: int, **environment: str) -> None:
        own = {"DEPECHE_REDIS_URL": url, "DEPECHE_PROFILE": "echo", "DEPECHE_METRICS_ADDR": "none"}
        self._environment = os.environ | own | {"DEPECHE_CONCURRENCY": str(concurrency)} | environment
        self._folder = folder
        self._workers: list[subprocess.Popen[bytes]] = []

    def grow(self, count: int) -> None:
        """Start more, until there are so many and all are ready.

        Raises:
            RuntimeError: one has ended, or is not ready in time.
        """
        began = time.monotonic()
        while len(self._workers) < count:
            self._start()
        for number, worker in enumerate(self._workers):
            while not self._is_ready(number):
                if worker.poll() is not None or time.monotonic() - began > READY_S:
                    raise RuntimeError(f"worker {number} did not start:\n{self._log(number).read_text()[-2000:]}")
                time.sleep(0.1)

    def stop(self) -> None:
        """End all of them."""
        for worker in self._workers:
            worker.terminate()
        for worker in self._workers:
            worker.wait()

    @property
    def cpu_s(self) -> float:
        """Their CPU seconds so far."""
        return sum(cpu_s(worker.pid) for worker in self._workers)

    @property
    def private_mb(self) -> float:
        """The memory of one of them, in MB, without what it shares with others."""
        return private_mb(self._workers[0].pid)

    def _start(self) -> None:
        with self._log(len(self._workers)).open("wb") as log:
            command = [sys.executable, "-m", "worker", "run"]
            self._workers.append(subprocess.Popen(command, env=self._environment, stdout=log, stderr=log))

    def _log(self, number: int) -> Path:
        return self._folder / f"worker{number}.log"

    def _is_ready(self, number: int) -> bool:
        return READY in self._log(number).read_text(errors="replace")


@contextmanager
def fleet(url: str, concurrency: int, **environment: str) -> Iterator[Fleet]:
    """Workers that are ended at last."""
    with tempfile.TemporaryDirectory() as folder:
        workers = Fleet(url, Path(folder), concurrency, **environment)
        try:
            yield workers
        finally:
            workers.stop()
