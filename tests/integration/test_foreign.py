"""What programs that are not our client send, by Celery's own features: it runs, or is refused visibly."""

from __future__ import annotations

from typing import Any

import pytest
import redis
from celery import Celery

from config.settings import Settings
from depeche.client import Client
from tests.conftest import StartWorker, wait_until
from worker.doctor import examine

pytestmark = pytest.mark.integration

TEXT = "La gare a fermé lundi."
ENGLISH = "[fr→en] La gare a fermé lundi."
TASK = "depeche.process_article"


def send(app: Celery, text: str = TEXT, *, queue: str = "articles", **options: Any) -> Any:
    """Celery's AsyncResult of an article that another project sends."""
    return app.send_task(TASK, args=[{"text": text}], queue=queue, **options)


@pytest.mark.parametrize("steps", [None, list(range(10))])
def test_celerys_priorities_are_taken_in(
    client: Client, elsewhere: Celery, settings: Settings, start_worker: StartWorker, steps: list[int] | None
) -> None:
    """Every priority that Celery knows is counted where it lies, and runs; kombu puts most of them beside the queue."""
    elsewhere.conf.broker_transport_options = {"priority_steps": steps} if steps else {}
    queues = ("articles", "articles.high", "articles.low")
    sent = [send(elsewhere, queue=queue, priority=priority) for queue in queues for priority in range(10)]
    assert client.stats().queued == {"high": 10, "normal": 10, "low": 10}
    beside = 27 if steps else 21
    assert f"{beside} messages with a Celery priority lie beside" in " ".join(found.text for found in examine(settings))
    worker = start_worker()
    assert [result.get(timeout=40)["text_en"] for result in sent] == [ENGLISH] * 30
    assert f"{beside} messages with a Celery priority were put on their queues" in worker.log
    assert client.stats().queued == {"high": 0, "normal": 0, "low": 0}


def test_a_list_that_is_none_is_told_once(
    client: Client, elsewhere: Celery, raw: redis.Redis, start_worker: StartWorker
) -> None:
    """Something else under such a list's name keeps no other list from being emptied."""
    raw.set("articles.high\x06\x163", "no list")
    worker = start_worker(DEPECHE_LEASE_S="3").wait_ready()
    assert send(elsewhere, priority=9).get(timeout=40)["text_en"] == ENGLISH
    wait_until(lambda: "WRONGTYPE" in worker.log, "told")
    assert send(elsewhere, priority=9).get(timeout=40)["text_en"] == ENGLISH
    assert worker.log.count("cannot be taken: WRONGTYPE") == 1
