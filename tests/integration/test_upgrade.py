"""A queue that an older version filled is emptied by this one, and the records that it left are read."""

from __future__ import annotations

import base64
import json
import time
import uuid
from typing import Any

import pytest
import redis
from celery import Celery
from celery.result import AsyncResult

import depeche
from depeche.article import JobState
from depeche.client import Client
from tests.conftest import StartWorker, wait_until

pytestmark = pytest.mark.integration


def submit_as_first_version(raw: redis.Redis, text: str, queue: str = "articles") -> str:
    """A record of state and time alone, no ledger, no copy of the message; Celery's own message, fewer options."""
    task_id = str(uuid.uuid4())
    body: list[Any] = [[{"text": text}], {"options": {"summary": True}}, {"callbacks": None, "chain": None}]
    message = {
        "body": base64.b64encode(json.dumps(body).encode()).decode(),
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": {"lang": "py", "task": "depeche.process_article", "id": task_id, "retries": 0, "eta": None},
        "properties": {
            "correlation_id": task_id,
            "delivery_info": {"exchange": queue, "routing_key": queue},
            "delivery_tag": str(uuid.uuid4()),
            "body_encoding": "base64",
            "priority": 0,
        },
    }
    raw.hset(f"depeche:job:{task_id}", mapping={"state": "queued", "queued_at": time.time()})
    raw.set(f"celery-task-meta-{task_id}", json.dumps({"status": "QUEUED", "result": None, "task_id": task_id}))
    raw.lpush(queue, json.dumps(message))
    return task_id


def test_a_queue_of_the_first_version(client: Client, raw: redis.Redis, start_worker: StartWorker) -> None:
    """Each article is done once, as are those of this version, and nothing is left over."""
    ids = []
    for number in range(10):
        ids.append(
            submit_as_first_version(raw, f"Ancien article {number}.", "articles.high" if number % 2 else "articles")
        )
        ids.append(client.submit(f"Nouvel article {number}."))
    assert {client.status(task_id).state for task_id in ids} == {JobState.QUEUED}
    start_worker()
    for task_id in ids:
        assert client.wait(task_id, timeout_s=60).attempts == 1
    assert client.dead_letters() == []
    assert wait_until(lambda: raw.hlen("unacked") == 0, "nothing is held") is True


def test_an_older_job_survives_this_versions_workers(
    client: Client, raw: redis.Redis, start_worker: StartWorker
) -> None:
    """Killed, handed back or to be tried again later: it has all that this version's own jobs have."""
    lease = {"DEPECHE_LEASE_S": "3", "DEPECHE_GRACE_S": "0"}
    task_id = submit_as_first_version(raw, "\n\n".join(f"Phrase {n} echo:sleep=0.1" for n in range(60)), "articles.low")
    first = start_worker(**lease).wait_ready()
    wait_until(lambda: client.status(task_id).state is JobState.RUNNING, "running")
    first.process.kill()
    second = start_worker(**lease).wait_ready()
    wait_until(lambda: client.status(task_id).attempts == 2, "elsewhere")
    assert second.stop() == 0
    wait_until(lambda: client.status(task_id).state is JobState.QUEUED, "handed back")
    assert raw.llen("articles.low") == 1
    start_worker()
    assert client.wait(task_id, timeout_s=60).attempts == 2


def end_as_release_0_1(raw: redis.Redis, state: str, error: dict[str, Any]) -> str:
    """The record and the result of a job that ended without one; the error's class is named in Celery's form."""
    task_id = str(uuid.uuid4())
    raw.hset(f"depeche:job:{task_id}", mapping={"state": state, "queued_at": time.time(), "error": json.dumps(error)})
    stored = {"exc_type": "TooLong", "exc_message": [error["message"], error["detail"]], "exc_module": "tasks.errors"}
    meta: dict[str, Any] = {"status": "FAILURE", "result": stored, "traceback": None, "task_id": task_id}
    raw.set(f"celery-task-meta-{task_id}", json.dumps(meta))
    return task_id


@pytest.mark.writes_keys("a failure as release 0.1 stored it")
def test_failures_that_release_0_1_stored(client: Client, elsewhere: Celery, raw: redis.Redis) -> None:
    """Our client reads them; Celery's makes a class of that name, as the module tasks.errors is nowhere any more."""
    error = {"code": "too_long", "message": "split it", "detail": {"chars": 3}}
    task_id = end_as_release_0_1(raw, "failed", error)
    with pytest.raises(depeche.JobFailed, match="too_long: split it") as caught:
        client.result(task_id)
    assert caught.value.detail == error
    seen: AsyncResult[Any] = AsyncResult(task_id, app=elsewhere)
    with pytest.raises(Exception, match="split it") as raised:
        seen.get(timeout=5)
    assert (type(raised.value).__name__, raised.value.args) == ("TooLong", ("split it", {"chars": 3}))


def test_failures_of_this_version_in_celerys_form(
    client: Client, elsewhere: Celery, raw: redis.Redis, start_worker: StartWorker
) -> None:
    """Celery's client raises our own class where depeche is imported, with message and figures."""
    task_id = client.submit("Un article de quarante-deux caractères, oui.")
    start_worker(DEPECHE_MAX_ARTICLE_CHARS="10")
    wait_until(lambda: client.status(task_id).state is JobState.FAILED, "refused by the worker")
    stored = json.loads(str(raw.get(f"celery-task-meta-{task_id}")))["result"]
    assert stored["exc_module"] == "depeche.errors"
    seen: AsyncResult[Any] = AsyncResult(task_id, app=elsewhere)
    with pytest.raises(depeche.TooLong) as caught:
        seen.get(timeout=5)
    assert caught.value.detail == {"chars": 44, "max_chars": 10}
