"""The processes of a torture run: one Redis, two proxies before it, workers and producers."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import redis

from benchmarks.torture.history import Life
from benchmarks.torture.schedule import Schedule
from tests.conftest import wait_until
from tests.proxy import Proxy
from worker.embedded_redis import EmbeddedRedis, server_binary

#: How long articles in work may go on after SIGTERM.
GRACE_S = 4
#: In a worker's log, a job whose attempt counts, as Redis did not answer to the claim in time, or to giving it back.
_LATE = re.compile(r"job (\S+)(?:: its claim was answered after| could not be handed back)")
#: Numbers of a Redis in which commands for debugging must be allowed.
DEBUG_SINCE = 7


class Worker:
    """One worker's place. When its process ends, another takes it.

    Args:
        url: its Redis, or a proxy before it.
        settings: its environment variables.
        folder: where its logs are.

    Attributes:
        lock: held by whoever does something to the process.
        lives: the processes that have ended.
    """

    def __init__(self, place: int, url: str, settings: Mapping[str, str], folder: Path) -> None:
        self.lock = threading.Lock()
        self.lives: list[Life] = []
        self._place = place
        self._environment = os.environ | settings | {"DEPECHE_REDIS_URL": url}
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._over = False

    def start(self) -> None:
        """Start a process, unless the run is over."""
        if self._over:
            return
        self._log = self._folder / f"worker{self._place}-{len(self.lives)}.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "worker", "run"],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def is_ready(self) -> bool:
        """Whether it takes articles."""
        return " ready." in self._log.read_text(errors="replace")

    def signal(self, number: int) -> None:
        """Send it a signal."""
        assert self._process
        self._process.send_signal(number)

    def kill(self) -> None:
        """SIGKILL, and wait for the end."""
        assert self._process
        ended = self._process.poll() is not None
        self._process.kill()
        self._process.wait()
        self._note("itself" if ended else "killed")

    def stop(self, timeout_s: float, *, twice: bool) -> None:
        """SIGTERM, or two of them, and wait for the end; after ``timeout_s`` seconds it is killed."""
        assert self._process
        # Nobody can help it that a process ends by the signal that has no handler yet.
        process = self._process
        wait_until(lambda: heeds_sigterm(process), "the worker has begun", timeout_s)
        ended = self._process.poll() is not None
        self._process.terminate()
        if twice:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(0.5)
            self._process.terminate()
        end = "itself" if ended else "stopped"
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            end = "overdue"
            self._process.kill()
            self._process.wait()
        self._note(end)

    def revive(self) -> None:
        """Start another process where it has ended by itself."""
        assert self._process
        if self.lock.acquire(blocking=False):
            try:
                if self._process.poll() is not None:
                    self._note("itself")
                    self.start()
            finally:
                self.lock.release()

    def end(self) -> None:
        """Kill what is left, after the run."""
        self._over = True
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
            self._note("running")

    def _note(self, end: str) -> None:
        assert self._process
        status = None if end == "running" else self._process.returncode
        log = self._log.read_text(encoding="utf-8", errors="replace")
        self.lives.append(Life(self._process.pid, end, status, tuple(attempts_in(log)), tuple(_LATE.findall(log))))


class Producer:
    """A producer's process, which can be killed and goes on."""

    def __init__(self, command: list[str], environment: Mapping[str, str], log: Path) -> None:
        self._command, self._environment, self._log = command, environment, log
        self._lock = threading.Lock()
        self._over = False
        self._start()

    def _start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def kill_and_restart(self) -> None:
        """SIGKILL, and the next process; none where all its steps are taken."""
        with self._lock:
            if self._process.poll() is None and not self._over:
                self._process.kill()
                self._process.wait()
                self._start()

    def status(self) -> int | None:
        """Its exit status; None while it works."""
        with self._lock:
            return self._process.poll()

    def end(self) -> None:
        """Kill what is left."""
        with self._lock:
            self._over = True
            self._process.kill()
            self._process.wait()


class World:
    """All processes of a run. It is a context manager.

    Args:
        schedule: says how many there are.
        folder: where logs and histories are.
        binary: another redis-server than the packaged one.
        environment: the server's.

    Attributes:
        server: Redis.
        proxies: that of some producers, and that of some workers; the others reach Redis without one.
        workers: the workers' places.
        producers: the producers, once they are started.
    """

    def __init__(
        self,
        schedule: Schedule,
        folder: Path,
        *,
        binary: str | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.data = folder / "redis"
        self.data.mkdir()
        self._schedule, self._folder = schedule, folder
        extra = [f"dir {self.data}", "auto-aof-rewrite-percentage 0"]
        if version(binary) >= DEBUG_SINCE:
            extra.append("enable-debug-command local")
        self.server = EmbeddedRedis("always", binary=binary, extra=extra, environment=environment)
        self.proxies: list[Proxy] = []
        self.workers: list[Worker] = []
        self.producers: list[Producer] = []

    def __enter__(self) -> World:
        self.server.__enter__()
        self.proxies = [Proxy(self.server), Proxy(self.server)]
        settings = {
            "DEPECHE_PROFILE": "echo",
            "DEPECHE_METRICS_ADDR": "none",
            "DEPECHE_LOG_FORMAT": "json",
            "DEPECHE_LEASE_S": str(self._schedule.lease_s),
            "DEPECHE_MAX_ATTEMPTS": str(self._schedule.max_attempts),
            "DEPECHE_CONCURRENCY": str(self._schedule.concurrency),
            "DEPECHE_GRACE_S": str(GRACE_S),
        }
        for place in range(self._schedule.workers):
            self.workers.append(Worker(place, self._url(1, place), settings, self._folder))
            self.workers[-1].start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for worker in self.workers:
            worker.end()
        for producer in self.producers:
            producer.end()
        for proxy in self.proxies:
            proxy.close()
        # It may be stopped, where this comes in the middle of a fault.
        self.server.signal(signal.SIGCONT)
        self.server.__exit__()

    def start_producers(self, schedule_file: Path, started: float) -> None:
        """Start the producers; the run has begun at ``started`` by the monotonic clock."""
        for place in range(self._schedule.producers):
            who = f"producer{place + 1}"
            command = [sys.executable, "-m", "benchmarks.torture.producer", str(schedule_file), who]
            command += [str(self.journal(place)), str(started)]
            environment = os.environ | {"DEPECHE_REDIS_URL": self._url(0, place)}
            self.producers.append(Producer(command, environment, self._folder / f"{who}.log"))

    def journal(self, place: int) -> Path:
        """Where a producer writes down its steps."""
        return self._folder / f"producer{place + 1}.jsonl"

    def raw(self) -> redis.Redis:
        """Redis without us and without a proxy; it waits longer for an answer than any fault takes."""
        return redis.Redis.from_url(
            self.server.url, decode_responses=True, encoding_errors="surrogateescape", socket_timeout=60
        )

    def lives(self) -> list[Life]:
        """All worker processes; those that still run are not among them."""
        return [life for worker in self.workers for life in worker.lives]

    def _url(self, side: int, place: int) -> str:
        return self.proxies[side].url if place % 2 == 0 else self.server.url


def heeds_sigterm(process: subprocess.Popen[bytes]) -> bool:
    """Whether a process has a handler for SIGTERM, or has ended; always so where the system does not tell."""
    status = Path(f"/proc/{process.pid}/status")
    if process.poll() is not None or not status.exists():
        return True
    (caught,) = (line.split()[1] for line in status.read_text().splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)


def attempts_in(log: str) -> Iterable[tuple[str, int]]:
    """The attempts whose end a worker has logged, as (task id, run)."""
    for line in log.splitlines():
        with suppress(ValueError):
            fields = json.loads(line)
            if isinstance(fields, dict) and fields.get("logger") == "depeche.jobs":
                yield fields["id"], fields["run"]


def version(binary: str | None) -> int:
    """The first number of a redis-server's version."""
    told = subprocess.run([binary or server_binary(), "--version"], capture_output=True, text=True, check=True).stdout
    return int(told.partition("v=")[2].partition(".")[0])
