"""Redis watched by Sentinel: a dead master is replaced under load, and no article is lost."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import redis

from config.settings import Settings, load_settings
from depeche.article import JobState
from depeche.client import Client
from depeche.errors import RedisUnavailable
from depeche.redis_client import connect
from tests.conftest import StartWorker, wait_until
from tests.pace import articles_done, assert_as_fast
from worker.embedded_redis import EmbeddedRedis, free_port, server_binary

pytestmark = [pytest.mark.crash, pytest.mark.timeout(240)]

PASSWORD = "a-password-of-three-servers"
SENTINELS = 3


class Cluster:
    """Two servers, of which one is the master, and three Sentinels."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        login = [f"requirepass {PASSWORD}", f"masterauth {PASSWORD}"]
        self.master = stack.enter_context(EmbeddedRedis("always", password=PASSWORD, extra=login))
        follow = [*login, f"replicaof 127.0.0.1 {self.master.port}"]
        self.replica = stack.enter_context(EmbeddedRedis("always", password=PASSWORD, extra=follow))
        ports = [free_port() for _ in range(SENTINELS)]
        for port in ports:
            # Sentinel writes what it learns into its configuration.
            file = folder / f"sentinel-{port}.conf"
            file.write_text(
                f"port {port}\nbind 127.0.0.1\ndir {folder}\n"
                f"sentinel monitor main 127.0.0.1 {self.master.port} 2\n"
                f"sentinel auth-pass main {PASSWORD}\n"
                "sentinel down-after-milliseconds main 1000\nsentinel failover-timeout main 5000\n"
            )
            process = subprocess.Popen([server_binary(), file, "--sentinel"], stdout=subprocess.DEVNULL)
            stack.callback(process.wait)
            stack.callback(process.kill)
        hosts = ",".join(f"127.0.0.1:{port}" for port in ports)
        self.url = f"sentinel://:{PASSWORD}@{hosts}/0?master=main"
        wait_until(lambda: all(self._knows_all(port) for port in ports), "the Sentinels know the servers")

    def _knows_all(self, port: int) -> bool:
        with redis.Redis(port=port, decode_responses=True) as sentinel:
            try:
                state = sentinel.sentinel_master("main")
            except redis.RedisError:
                return False
            return bool(state["num-slaves"] == 1 and state["num-other-sentinels"] == SENTINELS - 1)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Started, and ready to replace the master."""
    with ExitStack() as stack:
        yield Cluster(tmp_path, stack)


def submit_until_taken(client: Client, number: int) -> str:
    """What a producer does whose submit fails: the same again, with the same key."""

    def submit() -> str | None:
        try:
            return client.submit(f"Article {number}. echo:sleep=0.1", key=f"article-{number}")
        except RedisUnavailable:
            return None

    return str(wait_until(submit, "submitted", timeout_s=60))


def test_fail_over_under_load(cluster: Cluster, start_worker: StartWorker) -> None:
    """Every id that was given out ends as succeeded, and later articles go through the new master."""
    settings = load_settings(redis_url=cluster.url, profile="echo", min_replicas=1)
    environment = {"DEPECHE_REDIS_URL": cluster.url, "DEPECHE_LEASE_S": "3"}
    workers = [start_worker(**environment).wait_ready() for _ in range(2)]
    with Client(settings) as client:
        before = articles_done(client)
        ids = [submit_until_taken(client, number) for number in range(100)]
        wait_until(lambda: client.stats().running, "the load runs")
        cluster.master.kill()
    # The only replica is the master now, and has none itself.
    with Client(load_settings(redis_url=cluster.url, profile="echo")) as client:
        ids += [submit_until_taken(client, number) for number in range(100, 200)]

        def states() -> set[JobState]:
            try:
                return {client.status(task_id).state for task_id in ids}
            except RedisUnavailable:
                return set()

        wait_until(lambda: states() == {JobState.SUCCEEDED}, "all are done", timeout_s=120)
        assert_as_fast(client, before)
    with connect(cluster.url) as raw:
        assert raw.connection_pool.get_master_address()[1] == cluster.replica.port
        assert wait_until(lambda: raw.hlen("unacked") == 0, "nothing is held") is True
    assert [worker.stop() for worker in workers] == [0, 0]


def test_submit_waits_for_replicas(settings: Settings) -> None:
    """A Redis without replicas cannot promise them, and submit says so and which job it is."""
    url = settings.redis_url.get_secret_value()
    with Client(load_settings(redis_url=url, min_replicas=1)) as client:
        with pytest.raises(RedisUnavailable, match="0 replicas have it") as caught:
            client.submit("Une phrase.", key="a")
        assert client.status(caught.value.detail["id"]).state is JobState.QUEUED
