"""What goes wrong around a worker: Redis away, malformed messages, killed workers."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from celery import Celery
from celery.result import AsyncResult

from config.settings import Settings, load_settings
from tasks.article import JobState
from tasks.client import Client
from tasks.errors import JobFailed
from tests.conftest import StartWorker, wait_until
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
        task_id = client.submit("Une phrase. echo:sleep=4")
        wait_until(lambda: client.status(task_id).state is JobState.RUNNING, "running")
        own_redis.stop()
        wait_until(lambda: "Connection" in worker.log, "the worker has seen that Redis is away")
        own_redis.start()
        assert client.wait(task_id, timeout_s=60).text_en.startswith("[fr→en] Une phrase.")
        assert client.wait(client.submit(TEXT), timeout_s=60).text_en == ENGLISH
        assert worker.process.poll() is None, worker.log


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
    client: Client, settings: Settings, start_worker: StartWorker
) -> None:
    """The second delivery gives the stored result, with the first one's timings."""
    worker = start_worker()
    task_id = client.submit("Une phrase. echo:sleep=0.5")
    first = client.wait(task_id, timeout_s=40)
    url = settings.redis_url.get_secret_value()
    app = Celery("elsewhere", broker=url, set_as_current=False)
    app.send_task("depeche.process_article", args=[{"text": "Autre."}], task_id=task_id, queue="articles")
    wait_until(lambda: f"job {task_id} is not run: ended" in worker.log, "delivered again")
    assert client.status(task_id).attempts == 1
    assert client.result(task_id) == first
    app.close()


def _message(body: Any, headers: dict[str, Any]) -> str:
    """A message as kombu lays it on the queue, with any body and headers."""
    tag = str(uuid.uuid4())
    delivery = {"exchange": "", "routing_key": "articles"}
    properties = {"delivery_tag": tag, "delivery_info": delivery, "body_encoding": "base64", "delivery_mode": 2}
    return json.dumps(
        {
            "body": base64.b64encode(json.dumps(body).encode()).decode(),
            "content-encoding": "utf-8",
            "content-type": "application/json",
            "headers": headers,
            "properties": properties | {"correlation_id": headers.get("id"), "priority": 0},
        }
    )


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ("a string", {"task": "depeche.process_article", "id": "broken"}),
        ({"text": TEXT}, {"task": "depeche.process_article", "id": "broken"}),
        ([[{"text": TEXT}]], {"task": "depeche.process_article", "id": "broken"}),
        ([[], [], {}], {"task": "depeche.process_article", "id": "broken"}),
        ([[], {}, {}], {"task": "depeche.process_article"}),
        ([[], {}, {}], {"task": "depeche.process_articel", "id": "broken"}),
    ],
    ids=["string", "object", "short", "list of keywords", "no id", "unknown task"],
)
def test_a_malformed_message_does_not_stop_the_worker(
    client: Client, settings: Settings, start_worker: StartWorker, body: Any, headers: dict[str, Any]
) -> None:
    """It is refused, the article after it is processed, and the log does not show what it held."""
    with redis.Redis.from_url(settings.redis_url.get_secret_value()) as raw:
        raw.lpush("articles", _message(body, headers))
    worker = start_worker().wait_ready()
    assert client.wait(client.submit(TEXT), timeout_s=40).text_en == ENGLISH
    assert worker.process.poll() is None
    assert "La gare" not in worker.log
    if headers.get("id") and headers["task"] == "depeche.process_article":
        with pytest.raises(JobFailed):
            client.result("broken")


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
