"""What goes wrong around a worker: Redis away, malformed messages, killed workers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import redis
from celery import Celery
from celery.result import AsyncResult

from config.settings import Settings, load_settings
from depeche.article import JobState
from depeche.client import Client
from depeche.errors import JobFailed
from tests.conftest import StartWorker, wait_until
from tests.pace import articles_done, assert_as_fast
from worker.embedded_redis import EmbeddedRedis

pytestmark = pytest.mark.integration

TEXT = "La gare a fermé lundi."
ENGLISH = "[fr→en] La gare a fermé lundi."


@pytest.fixture
def own_redis() -> Iterator[EmbeddedRedis]:
    """A Redis that the test may stop and start."""
    with EmbeddedRedis() as server:
        yield server


def test_redis_restarts_while_an_article_is_in_work(own_redis: EmbeddedRedis, start_worker: StartWorker) -> None:
    """The worker outlives it, stores the result when Redis is back, and takes what comes next."""
    worker = start_worker(DEPECHE_REDIS_URL=own_redis.url).wait_ready()
    with Client(load_settings(redis_url=own_redis.url)) as client:
        before = articles_done(client)
        task_id = client.submit("Une phrase. echo:sleep=4")
        wait_until(lambda: client.status(task_id).state is JobState.RUNNING, "running")
        own_redis.stop()
        wait_until(lambda: "Connection" in worker.log, "the worker has seen that Redis is away")
        own_redis.start()
        assert client.wait(task_id, timeout_s=60).text_en.startswith("[fr→en] Une phrase.")
        assert client.wait(client.submit(TEXT), timeout_s=60).text_en == ENGLISH
        assert worker.process.poll() is None, worker.log
        assert_as_fast(client, before)


def test_cut_connections_do_not_slow_a_worker(client: Client, raw: redis.Redis, start_worker: StartWorker) -> None:
    """All connections are cut at once, with articles in work and without: the worker is as fast as before."""
    worker = start_worker().wait_ready()
    before = articles_done(client)
    in_work = [client.submit(f"Une longue phrase {number}. echo:sleep=1") for number in range(2)]
    wait_until(lambda: client.stats().running == 2, "both in work")
    raw.client_kill_filter(_type="normal", skipme=True)
    assert [client.wait(task_id, timeout_s=40).attempts for task_id in in_work] == [1, 1]
    assert_as_fast(client, before)
    raw.client_kill_filter(_type="normal", skipme=True)
    wait_until(lambda: worker.log.count("Connected to") >= 2, "it has seen that the idle connection was cut")
    assert_as_fast(client, before)


def test_redis_is_away_when_the_article_is_done(own_redis: EmbeddedRedis, start_worker: StartWorker) -> None:
    """The result waits for Redis instead of being lost."""
    worker = start_worker(DEPECHE_REDIS_URL=own_redis.url).wait_ready()
    with Client(load_settings(redis_url=own_redis.url)) as client:
        task_id = client.submit("Une phrase. echo:sleep=1")
        wait_until(lambda: client.status(task_id).state is JobState.RUNNING, "running")
        own_redis.stop()
        wait_until(lambda: "the ledger cannot be written" in worker.log, "the article is done and Redis is not there")
        own_redis.start()
        assert client.wait(task_id, timeout_s=60).text_en.startswith("[fr→en] Une phrase.")


def test_a_job_delivered_again_after_its_end_is_not_worked_on_again(
    client: Client, raw: redis.Redis, start_worker: StartWorker
) -> None:
    """The second delivery gives the stored result, with the first one's timings."""
    task_id = client.submit("Une phrase. echo:sleep=0.5")
    (message,) = raw.lrange("articles", 0, 0)
    worker = start_worker()
    first = client.wait(task_id, timeout_s=40)
    raw.lpush("articles", message)
    wait_until(lambda: f"job {task_id} is not run: ended" in worker.log, "delivered again")
    assert client.status(task_id).attempts == 1
    assert client.result(task_id) == first


def test_a_revoked_job_is_cancelled(client: Client, settings: Settings, start_worker: StartWorker) -> None:
    """Celery's revoke ends a queued job for our clients too, so that nobody waits for it for ever."""
    worker = start_worker().wait_ready()
    url = settings.redis_url.get_secret_value()
    app = Celery("elsewhere", broker=url, backend=url, set_as_current=False)
    busy = [client.submit(f"Une phrase {number}. echo:sleep=2") for number in range(2)]
    wait_until(lambda: all(client.status(i).state is JobState.RUNNING for i in busy), "running")
    task_id = client.submit(TEXT)
    revoked: AsyncResult[Any] = AsyncResult(task_id, app=app)
    revoked.revoke()
    with pytest.raises(JobFailed, match="cancelled"):
        client.wait(task_id, timeout_s=40)
    assert client.status(task_id).state is JobState.CANCELLED
    assert worker.process.poll() is None
    del revoked
    app.close()


def test_a_record_that_the_ledger_cannot_read(client: Client, raw: redis.Redis, start_worker: StartWorker) -> None:
    """Its message occupies no thread: the job is set aside, what was there is kept, and the next article is done."""
    spoilt = client.submit(TEXT)
    raw.set(f"depeche:job:{spoilt}", "no record")
    after_it = client.submit(TEXT)
    worker = start_worker(DEPECHE_CONCURRENCY="1")
    assert client.wait(after_it, timeout_s=40).text_en == ENGLISH
    assert f"job {spoilt} is set aside: its record is a string" in worker.log
    (letter,) = client.dead_letters()
    assert letter.error is not None
    assert (letter.id, letter.error.detail) == (spoilt, {"fault": "its record is a string"})
    assert raw.get(f"depeche:aside:depeche:job:{spoilt}") == "no record"
    client.retry_dead(spoilt)
    assert client.wait(spoilt, timeout_s=40).text_en == ENGLISH
