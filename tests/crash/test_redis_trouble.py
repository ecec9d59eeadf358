"""Redis away, silent, full, read-only or with another password: nothing is lost, and somebody says what is wrong."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import redis

from config.settings import load_settings
from depeche.article import Article, JobState
from depeche.client import Client
from depeche.errors import QueueFull, RedisUnavailable
from tests.conftest import Command, StartWorker, wait_until
from tests.pace import articles_done, assert_as_fast
from tests.proxy import Proxy
from worker.doctor import examine
from worker.embedded_redis import EmbeddedRedis

pytestmark = [pytest.mark.integration, pytest.mark.crash]

LEASE = {"DEPECHE_LEASE_S": "3"}


@pytest.fixture
def server() -> Iterator[EmbeddedRedis]:
    """A Redis that the test may treat badly."""
    with EmbeddedRedis() as own:
        yield own


def test_half_open_connections(server: EmbeddedRedis, start_worker: StartWorker) -> None:
    """A worker whose packets vanish loses its article to another; when they pass again, it works as before."""
    proxy = Proxy(server)
    worker = start_worker(DEPECHE_REDIS_URL=proxy.url, **LEASE).wait_ready()
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


@pytest.mark.parametrize(
    ("login", "words"),
    [
        ("", "wants a password, and DEPECHE_REDIS_URL has none: put user:password@ before the host"),
        (":wrong-one@", "refuses user or password"),
        ("nobody:wrong-one@", "refuses user or password"),
    ],
)
def test_a_login_that_redis_does_not_take(
    server: EmbeddedRedis, start_worker: StartWorker, depeche: Command, login: str, words: str
) -> None:
    """Worker, submit and doctor say so at once, in one line, without the password; nobody tries again."""
    url = f"redis://{login}127.0.0.1:{server.port}/0"
    with redis.Redis.from_url(server.url) as raw:
        before = int(raw.info("stats")["total_connections_received"])
        worker = start_worker(DEPECHE_REDIS_URL=url)
        assert worker.process.wait(30) == 6
        assert worker.log.count(words) == 1
        assert "Traceback" not in worker.log
        done = depeche("submit", "-", stdin="Une phrase.", DEPECHE_REDIS_URL=url)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (6, "", 1)
        assert words in done.stderr
        # Each asks once. redis-py may say its hello twice, in the server's older protocol too.
        assert int(raw.info("stats")["total_connections_received"]) - before <= 4
    found = next(examine(load_settings(redis_url=url, profile="echo")))
    assert (found.level, words in f"{found.text}: {found.remedy}") == ("fault", True)
    assert "wrong-one" not in worker.log + done.stderr + found.text


def test_a_password_that_changes(server: EmbeddedRedis, start_worker: StartWorker) -> None:
    """A worker that is at work when Redis refuses it waits, and works again when its password is taken again."""
    with redis.Redis.from_url(server.url) as raw, Client(load_settings(redis_url=server.url)) as client:
        worker = start_worker(DEPECHE_REDIS_URL=server.url, **LEASE).wait_ready()
        raw.config_set("requirepass", "another-one")
        raw.client_kill_filter(_type="normal", skipme=True)
        wait_until(lambda: "invalid username-password" in worker.log or "WRONGPASS" in worker.log, "it says so")
        raw.config_set("requirepass", str(urlsplit(server.url).password))
        assert client.wait(client.submit("Une phrase."), timeout_s=60).attempts == 1
    assert worker.stop() == 0


def test_a_cluster(start_worker: StartWorker, depeche: Command) -> None:
    """Worker, submit and doctor refuse a Redis Cluster in one line, and leave nothing in it."""
    # A cluster listens on a second port, which is higher by ten thousand.
    servers = iter(lambda: EmbeddedRedis(extra=["cluster-enabled yes"]), None)
    clustered = next(server for server in servers if server.port <= 55535)
    with clustered as server, redis.Redis.from_url(server.url) as raw:
        raw.execute_command("CLUSTER ADDSLOTS", *range(16384))
        wait_until(lambda: raw.info("cluster")["cluster_enabled"] == 1, "a cluster of one")
        worker = start_worker(DEPECHE_REDIS_URL=server.url)
        assert worker.process.wait(30) == 6
        done = depeche("submit", "-", stdin="Une phrase.", DEPECHE_REDIS_URL=server.url)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (6, "", 1)
        found = next(examine(load_settings(redis_url=server.url, profile="echo")))
        for told in (worker.log, done.stderr, found.text):
            assert told.count("is a Redis Cluster, which is not supported") == 1
        assert raw.dbsize() == 0


@pytest.mark.parametrize("state", ["silent at the start", "silent", "away", "away with an article in work"])
def test_sigterm_in_every_state_of_the_connection(server: EmbeddedRedis, start_worker: StartWorker, state: str) -> None:
    """The worker ends with status 0 within its grace time and the margin for its last batch, whatever Redis does."""
    proxy = Proxy(server)
    proxy.silent = state == "silent at the start"
    url = proxy.url if "silent" in state else server.url
    worker = start_worker(DEPECHE_REDIS_URL=url, DEPECHE_GRACE_S="2", **LEASE)
    if state == "silent at the start":
        wait_until(lambda: proxy.connections, "it has connected")
    else:
        worker.wait_ready()
    if state == "silent":
        proxy.silent = True
    if state == "away with an article in work":
        with Client(load_settings(redis_url=server.url)) as client:
            task_id = client.submit("Une phrase. echo:sleep=60")
            wait_until(lambda: client.status(task_id).state is JobState.RUNNING, "running")
    if state.startswith("away"):
        server.kill()
        wait_until(
            lambda: "Connection to broker lost" in worker.log or "renewing leases" in worker.log, "it has seen it"
        )
    worker.process.send_signal(signal.SIGTERM)
    # Two seconds of grace, five for the last batch, three for the farewell, and some for a busy machine.
    assert worker.process.wait(2 + 5 + 3 + 5) == 0, worker.log
    proxy.close()


@pytest.mark.parametrize("state", ["full and cut off", "full and cut off again and again"])
def test_sigterm_when_redis_is_full_and_its_connections_are_cut(
    server: EmbeddedRedis, start_worker: StartWorker, state: str
) -> None:
    """The worker ends in time with status 0; what it had in work, and what it had only taken, is done by another."""
    proxy, over = Proxy(server), threading.Event()
    worker = start_worker(DEPECHE_REDIS_URL=proxy.url, DEPECHE_GRACE_S="2", DEPECHE_CONCURRENCY="1", **LEASE)
    with Client(load_settings(redis_url=server.url)) as client, redis.Redis.from_url(server.url) as raw:
        worker.wait_ready()
        task_ids = [client.submit(f"Une phrase. echo:sleep={seconds}") for seconds in (6, 0, 0)]
        wait_until(lambda: client.status(task_ids[0]).state is JobState.RUNNING, "running")
        raw.config_set("maxmemory", "1mb")

        def cut() -> None:
            proxy.cut()
            while state.endswith("again") and not over.wait(0.2):
                proxy.cut()

        cutting = threading.Thread(target=cut)
        cutting.start()
        try:
            worker.process.send_signal(signal.SIGTERM)
            # As in the test before this one.
            assert worker.process.wait(2 + 5 + 3 + 5) == 0, worker.log
        finally:
            over.set()
            cutting.join()
        start_worker(DEPECHE_REDIS_URL=server.url, **LEASE).wait_ready()
        for task_id in task_ids:
            assert client.wait(task_id, timeout_s=60).id == task_id
    proxy.close()
