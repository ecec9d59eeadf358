"""What tests share: a Redis of this test process's own, worker processes, and a way to wait for something."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import redis
from celery import Celery

from config.settings import Settings, load_settings
from depeche.client import Client
from depeche.queue import QUEUES
from depeche.redis_client import connect
from tests.key_leaks import leaked
from tests.servers import used
from worker.embedded_redis import EmbeddedRedis

# A busy machine is not a fault of the code; what takes for ever runs into the suite's own time limit.
hypothesis.settings.register_profile(
    "depeche", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], derandomize=True
)
hypothesis.settings.load_profile("depeche")

# A test run that a shell has put in the background ignores Ctrl-C, and its children, which tests interrupt, would too.
signal.signal(signal.SIGINT, signal.default_int_handler)

StartWorker = Callable[..., "WorkerProcess"]
Command = Callable[..., "subprocess.CompletedProcess[str]"]


def wait_until(predicate: Callable[[], Any], description: str, timeout_s: float = 40) -> Any:
    """Ask until the answer is true, and return it."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if answer := predicate():
            return answer
        time.sleep(0.02)
    raise AssertionError(f"gave up after {timeout_s} s: {description}")


def all_is_taken(raw: redis.Redis) -> bool:
    """Whether no message waits or is held, now and a second later: one that was just taken is on neither list yet."""

    def nothing_is_there() -> bool:
        return not any(raw.llen(queue) for queue in QUEUES.values()) and raw.hlen("unacked") == 0

    if not nothing_is_there():
        return False
    time.sleep(1)
    return nothing_is_there()


class WorkerProcess:
    """A real worker, and its log."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self._log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )

    @property
    def log(self) -> str:
        """All that it has said so far."""
        return self._log.read_text(errors="replace")

    def wait_ready(self) -> WorkerProcess:
        """Wait until Celery says that it takes articles."""
        wait_until(lambda: " ready." in self.log or self.process.poll() is not None, "worker ready")
        assert self.process.poll() is None, self.log
        return self

    def stop(self) -> int:
        """SIGTERM, and the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


def pytest_report_header() -> str:
    """Which server this run has."""
    return f"redis-server: {used()} ({used().binary})"


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own DEPECHE_ variables must neither help nor harm a test."""
    for name in os.environ:
        if name.startswith("DEPECHE_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def redis_server() -> Iterator[EmbeddedRedis]:
    """This test process's own Redis."""
    with EmbeddedRedis() as server:
        yield server


@pytest.fixture
def settings(redis_server: EmbeddedRedis) -> Iterator[Settings]:
    """Settings for the test's own Redis, empty before and after."""
    with redis.Redis.from_url(redis_server.url) as client:
        client.flushall()
        yield load_settings(redis_url=redis_server.url, profile="echo")
        client.flushall()


@pytest.fixture(autouse=True)
def _no_key_lives_for_ever(request: pytest.FixtureRequest) -> Iterator[None]:
    """After each test with the shared Redis: what would fill it in time is a fault of the code.

    A test that writes such keys by its own hand has the mark ``writes_keys``, with the reason.
    """
    if not {"settings", "redis_server"} <= set(request.fixturenames):
        yield
        return
    # Asked for here, so that it is emptied after this look and not before. The workers are dead by then.
    settings: Settings = request.getfixturevalue("settings")
    yield
    if request.node.get_closest_marker("writes_keys") is None:
        with redis.Redis.from_url(settings.redis_url.get_secret_value()) as server:
            assert leaked(server) == [], "these keys have no time to live"


@pytest.fixture
def client(settings: Settings) -> Iterator[Client]:
    """A producer."""
    with Client(settings) as producer:
        yield producer


@pytest.fixture
def raw(settings: Settings) -> Iterator[redis.Redis]:
    """The same Redis without us, as any program has it that can reach it."""
    with connect(settings.redis_url.get_secret_value()) as plain:
        yield plain


@pytest.fixture
def elsewhere(settings: Settings) -> Iterator[Celery]:
    """Another project's Celery client."""
    url = settings.redis_url.get_secret_value()
    app = Celery("elsewhere", broker=url, backend=url, set_as_current=False)
    yield app
    # AsyncResults talk to Redis once more when they are collected, so that must be while it is there.
    gc.collect()
    app.close()
    # A result that waits for others, as a chord's does, has a connection of its own.
    backend: Any = app.backend
    backend.result_consumer.stop()
    backend.client.connection_pool.disconnect()
    backend.client.close()
    gc.collect()


@pytest.fixture
def start_worker(settings: Settings, tmp_path: Path) -> Iterator[StartWorker]:
    """Starts real echo workers, and kills what is left of them."""
    workers: list[WorkerProcess] = []

    def start(*command: str, **environment: str) -> WorkerProcess:
        url = settings.redis_url.get_secret_value()
        own = {"DEPECHE_REDIS_URL": url, "DEPECHE_PROFILE": "echo", "DEPECHE_METRICS_ADDR": "none"}
        full = list(command) or [sys.executable, "-m", "worker", "run"]
        workers.append(WorkerProcess(full, os.environ | own | environment, tmp_path / f"worker{len(workers)}.log"))
        return workers[-1]

    yield start
    for worker in workers:
        worker.process.kill()
        worker.process.wait()


@pytest.fixture
def depeche(settings: Settings) -> Command:
    """Runs the real ``depeche`` command on the test's Redis."""

    def run(*arguments: str, stdin: str | bytes = "", **environment: str) -> subprocess.CompletedProcess[str]:
        own = {"DEPECHE_REDIS_URL": settings.redis_url.get_secret_value()}
        data = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            [str(Path(sys.executable).with_name("depeche")), *arguments],
            env=os.environ | own | environment,
            input=data,
            capture_output=True,
            timeout=60,
        )
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return run
