"""Redis away, silent, full, read-only or with another password: nothing is lost, and somebody says what is wrong."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
import redis

from config.settings import load_settings
from depeche.article import Article, JobState
from depeche.client import Client
from depeche.errors import QueueFull, RedisUnavailable
from tests.conftest import Command, StartWorker, wait_until
from tests.pace import articles_done, assert_as_fast
from worker.embedded_redis import EmbeddedRedis

pytestmark = [pytest.mark.integration, pytest.mark.crash]

LEASE = {"DEPECHE_LEASE_S": "3"}


@pytest.fixture
def server() -> Iterator[EmbeddedRedis]:
    """A Redis that the test may treat badly."""
    with EmbeddedRedis() as own:
        yield own


class Proxy:
    """Stands between a worker and Redis; when ``silent``, it swallows all, as a cut cable does."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.silent = False
        self._sockets: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Reset every connection."""
        for end in [self._listener, *self._sockets]:
            with suppress(OSError):
                end.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
                self._sockets += [near, far]
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._copy, args=(source, sink), daemon=True).start()

    def _copy(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if not self.silent:
                    sink.sendall(data)
            sink.close()


def test_half_open_connections(server: EmbeddedRedis, start_worker: StartWorker) -> None:
    """A worker whose packets vanish loses its article to another; when they pass again, it works as before."""
    proxy = Proxy(server.port)
    through = server.url.replace(f":{server.port}/", f":{proxy.port}/")
    worker = start_worker(DEPECHE_REDIS_URL=through, **LEASE).wait_ready()
    with Client(load_settings(redis_url=server.url)) as client:
        before = articles_done(client)
        task_id = client.submit("Une phrase. echo:sleep=2")
        wait_until(lambda: client.status(task_id).state is JobState.RUNNING, "running")
        proxy.silent = True
        other = start_worker(DEPECHE_REDIS_URL=server.url, **LEASE).wait_ready()
        assert client.wait(task_id, timeout_s=60).attempts == 2
        assert other.stop() == 0
        proxy.silent = False
        assert client.wait(client.submit("Une autre phrase."), timeout_s=60).attempts == 1
        assert client.status(task_id).state is JobState.SUCCEEDED
        assert_as_fast(client, before)
    assert worker.process.poll() is None
    proxy.close()


def test_redis_is_away_longer_than_the_lease(server: EmbeddedRedis, start_worker: StartWorker) -> None:
    """Killed and started again: both workers go on, every article has one result, and those in work are not lost."""
    for _ in range(2):
        start_worker(DEPECHE_REDIS_URL=server.url, **LEASE).wait_ready()
    with Client(load_settings(redis_url=server.url)) as client:
        before = articles_done(client)
        task_ids = [client.submit(f"Phrase {number}. echo:sleep=1") for number in range(12)]
        wait_until(lambda: client.stats().running == 4, "at work")
        server.stop()
        with pytest.raises(RedisUnavailable):
            client.submit("Une phrase.")
        # Longer than the lease of three seconds.
        with pytest.raises(AssertionError):
            wait_until(lambda: False, "an outage", timeout_s=6)
        server.start()
        for task_id in task_ids:
            assert client.wait(task_id, timeout_s=60).id == task_id
        wait_until(lambda: client.stats().running == 0, "all done")
        assert_as_fast(client, before)


def test_a_full_redis(server: EmbeddedRedis, start_worker: StartWorker) -> None:
    """Submit says so; workers empty the queue all the same, and then there is room again."""
    with Client(load_settings(redis_url=server.url)) as client, redis.Redis.from_url(server.url) as raw:
        raw.config_set("maxmemory", "12mb")
        task_ids: list[str] = []

        def submit_for_ever() -> None:
            for number in range(100_000):
                task_ids.append(client.submit(Article(text=f"Phrase {number}.", metadata={"padding": "x" * 15_000})))

        with pytest.raises(QueueFull, match="out of memory"):
            submit_for_ever()
        assert len(task_ids) > 50
        worker = start_worker(DEPECHE_REDIS_URL=server.url, DEPECHE_CACHE_SENTENCES="0").wait_ready()
        for task_id in task_ids:
            assert client.wait(task_id, timeout_s=60).id == task_id
        assert worker.process.poll() is None


def test_a_read_only_replica(server: EmbeddedRedis) -> None:
    """After a fail-over that the client has not noticed, submit says what it is talking to."""
    with EmbeddedRedis() as replica, redis.Redis.from_url(replica.url) as raw:
        raw.config_set("masterauth", str(urlsplit(server.url).password))
        raw.replicaof("127.0.0.1", str(server.port))
        with (
            Client(load_settings(redis_url=replica.url)) as client,
            pytest.raises(RedisUnavailable, match=r"read only|replica"),
        ):
            wait_until(lambda: client.submit("Une phrase.") and False, "the replica refuses", timeout_s=20)


def test_a_wrong_password(server: EmbeddedRedis, start_worker: StartWorker, depeche: Command) -> None:
    """The worker says so and waits; when Redis takes the password, it works."""
    wrong = f"redis://:wrong-one@127.0.0.1:{server.port}/0"
    worker = start_worker(DEPECHE_REDIS_URL=wrong, **LEASE)
    wait_until(lambda: "invalid username-password" in worker.log or "WRONGPASS" in worker.log, "it says so")
    assert "wrong-one" not in worker.log
    done = depeche("submit", "-", stdin="Une phrase.", DEPECHE_REDIS_URL=wrong)
    assert (done.returncode, done.stdout) == (6, "")
    assert "password" in done.stderr
    with redis.Redis.from_url(server.url) as raw:
        raw.config_set("requirepass", "wrong-one")
        worker.wait_ready()
    worker.process.send_signal(signal.SIGTERM)
    assert worker.process.wait(30) == 0
