"""A Redis at or over its maxmemory takes nothing from producers, and all that workers need, restarted ones too."""

from __future__ import annotations

import json
import sys
import threading
import uuid
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import redis
from celery import Celery

from config.settings import load_settings
from depeche.article import Article, JobState
from depeche.client import Client
from depeche.errors import QueueFull
from tests.conftest import StartWorker, wait_until
from tests.key_leaks import leaked
from worker.embedded_redis import EmbeddedRedis

pytestmark = [pytest.mark.integration, pytest.mark.crash]

LEASE = {"DEPECHE_LEASE_S": "3"}


def article(number: int) -> Article:
    """Short to translate, and with what takes as much room as 4 400 characters."""
    return Article(text=f"La gare numéro {number} a fermé lundi.", metadata={"padding": "x" * 4_400})


@pytest.fixture
def server() -> Iterator[EmbeddedRedis]:
    """A Redis of this test's own, which leaves no key that lives for ever."""
    with EmbeddedRedis() as own:
        yield own
        with redis.Redis.from_url(own.url) as raw:
            assert leaked(raw) == []


@pytest.fixture
def client(server: EmbeddedRedis) -> Iterator[Client]:
    """A producer."""
    with Client(load_settings(redis_url=server.url)) as producer:
        yield producer


@pytest.fixture
def raw(server: EmbeddedRedis) -> Iterator[redis.Redis]:
    """The same Redis without us."""
    with redis.Redis.from_url(server.url, decode_responses=True) as plain:
        yield plain


def fill(client: Client, ids: list[str]) -> None:
    """Submit until there is no room."""
    try:
        while True:
            ids.append(client.submit(article(len(ids))))
    except QueueFull:
        return


def fewer_than(client: Client, number: int) -> bool:
    """Whether so few wait."""
    return client.stats().queued["normal"] < number


@pytest.mark.parametrize("keeps_submitting", [False, True])
def test_a_filled_redis_is_emptied_through_three_restarts(
    server: EmbeddedRedis, client: Client, raw: redis.Redis, start_worker: StartWorker, keeps_submitting: bool
) -> None:
    """Each new worker is ready and goes on, and in the end every article that was accepted is done once."""
    raw.config_set("maxmemory", "24mb")
    ids: list[str] = []
    fill(client, ids)
    assert len(ids) > 1000
    # Real articles' results are larger than the articles, so that what is in use grows beyond what may be.
    raw.config_set("maxmemory", "16mb")
    stopped = threading.Event()

    def submit_for_ever() -> None:
        with Client(load_settings(redis_url=server.url)) as other:
            while not stopped.wait(0.01):
                try:
                    ids.append(other.submit(article(len(ids))))
                except QueueFull:
                    continue

    producer = threading.Thread(target=submit_for_ever)
    if keeps_submitting:
        producer.start()
    try:
        for _ in range(3):
            waiting = client.stats().queued["normal"]
            worker = start_worker(DEPECHE_REDIS_URL=server.url, **LEASE).wait_ready()
            wait_until(partial(fewer_than, client, waiting - 150), "it works")
            assert worker.stop() == 0, worker.log
    finally:
        stopped.set()
    if keeps_submitting:
        producer.join()
    worker = start_worker(DEPECHE_REDIS_URL=server.url, **LEASE).wait_ready()
    for task_id in ids:
        assert client.wait(task_id, timeout_s=60).attempts == 1
    assert "Connection to broker lost" not in worker.log


def test_firmly_over_its_memory(
    server: EmbeddedRedis, client: Client, raw: redis.Redis, start_worker: StartWorker
) -> None:
    """Leases are renewed, plain messages adopted, a janitor elected, lost messages found, killed workers' jobs started
    elsewhere, and retries and dead letters kept, all while Redis denies whatever it can.
    """
    worker = start_worker(DEPECHE_REDIS_URL=server.url, DEPECHE_MAX_ATTEMPTS="2", **LEASE).wait_ready()
    long = client.submit("\n\n".join(f"Phrase {number}. echo:sleep=0.25" for number in range(32)))
    lost, overload = client.submit("Une phrase."), client.submit("Une phrase. echo:overload")
    wait_until(lambda: client.status(long).state is JobState.RUNNING, "running")
    by_hand = str(uuid.uuid4())
    message = {
        "headers": {"task": "depeche.process_article", "id": by_hand},
        "body": json.dumps([[{"text": "Une phrase par la main."}], {}, {}]),
        **{"content-type": "application/json", "content-encoding": "utf-8"},
        "properties": {"delivery_tag": by_hand, "delivery_info": {"exchange": "", "routing_key": "articles"}},
    }
    raw.lpush("articles", json.dumps(message), "garbage")
    missing = client.submit("Une autre phrase.", priority="low")
    raw.delete("articles.low")
    raw.config_set("maxmemory", "200kb")
    with pytest.raises(QueueFull):
        client.submit("Une phrase.")
    with pytest.raises(redis.OutOfMemoryError):
        raw.set("x", "y")
    wait_until(lambda: client.status(by_hand).state.terminal, "adopted and done")
    for task_id in (lost, by_hand, missing, long):
        assert client.wait(task_id, timeout_s=60).attempts == 1
    wait_until(lambda: client.status(overload).state is JobState.DEAD, "tried twice, in vain")
    assert wait_until(lambda: {letter.id for letter in client.dead_letters()} > {overload}, "the garbage is kept")
    assert raw.exists("depeche:janitor") == 1
    client.retry_dead(overload)
    wait_until(lambda: client.status(overload).state is JobState.DEAD, "dead once more")
    client.drop_dead(overload)
    assert "Connection to broker lost" not in worker.log
    worker.process.kill()
    by_celery = [str(Path(sys.executable).with_name("celery")), "-A", "worker", "worker", "-n", "by-celery"]
    for command in ([], by_celery):
        other = start_worker(*command, DEPECHE_REDIS_URL=server.url, **LEASE).wait_ready()
        assert other.stop() == 0, other.log
        assert "Connection to broker lost" not in other.log


def test_a_killed_worker_in_a_full_redis(
    server: EmbeddedRedis, client: Client, raw: redis.Redis, start_worker: StartWorker
) -> None:
    """Its article goes on elsewhere, and its sentences come from the cache, which is small then."""
    raw.config_set("maxmemory", "200kb")
    raw.config_set("maxmemory", "0")
    first = start_worker(DEPECHE_REDIS_URL=server.url, **LEASE).wait_ready()
    task_id = client.submit("\n\n".join(f"Phrase {number}. echo:sleep=0.25" for number in range(40)))
    raw.config_set("maxmemory", "200kb")
    wait_until(lambda: raw.hlen("depeche:cache:new") >= 16, "some sentences are kept")
    first.process.kill()
    start_worker(DEPECHE_REDIS_URL=server.url, **LEASE).wait_ready()
    result = client.wait(task_id, timeout_s=60)
    assert (result.attempts, result.cache.hits >= 16) == (2, True)


def test_remote_control_of_a_worker_in_a_full_redis(
    server: EmbeddedRedis, client: Client, raw: redis.Redis, start_worker: StartWorker
) -> None:
    """The answer cannot be had there, and asking for it harms nobody."""
    worker = start_worker(DEPECHE_REDIS_URL=server.url, **LEASE).wait_ready()
    with Celery("tool", broker=server.url, set_as_current=False) as app:
        assert wait_until(lambda: app.control.ping(timeout=1), "the worker answers")
        task_id = client.submit("Une phrase. echo:sleep=2")
        wait_until(lambda: client.status(task_id).state is JobState.RUNNING, "running")
        raw.config_set("maxmemory", "200kb")
        with pytest.raises(redis.OutOfMemoryError):
            app.control.ping(timeout=1)
        assert client.wait(task_id, timeout_s=60).attempts == 1
    assert "Connection to broker lost" not in worker.log
    assert worker.stop() == 0
