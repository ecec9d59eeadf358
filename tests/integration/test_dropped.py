"""What an operator has dropped stays dropped, whichever copy of its message still comes."""

from __future__ import annotations

import json
import uuid

import pytest
import redis

from depeche import messages
from depeche.article import Article, JobError, JobState, Options
from depeche.client import Client
from tests.conftest import StartWorker, all_is_taken, wait_until
from worker.ledger import RedisLedger

pytestmark = pytest.mark.integration

ERROR = JobError(code="internal", message="It failed.")
TEXT = "La gare a fermé lundi."


def message(task_id: str, text: str = TEXT) -> str:
    """Of a job."""
    return messages.compose(task_id, "normal", *messages.arguments(Article(text=text), Options()))


def dead(client: Client, raw: redis.Redis, key: str | None = None) -> str:
    """A dead letter: an article that its workers have died of."""
    task_id, ledger = client.submit(TEXT, key=key), RedisLedger(raw, 60)
    raw.delete("articles")
    ledger.claim(task_id, "worker", "caller", lease_s=60, max_attempts=3, alone=True)
    assert ledger.end(task_id, 1, "caller", JobState.DEAD, "Poison", ERROR)
    return task_id


def wait_empty(raw: redis.Redis) -> None:
    """Until no message waits and none is held."""
    wait_until(lambda: all_is_taken(raw), "all are taken")


def test_a_copy_of_its_message(client: Client, raw: redis.Redis, start_worker: StartWorker) -> None:
    """It does not run, and does not come back."""
    task_id = dead(client, raw)
    copy = str(raw.get(f"depeche:message:{task_id}"))
    client.drop_dead(task_id)
    raw.lpush("articles", copy, copy)
    worker = start_worker()
    assert client.wait(client.submit(TEXT), timeout_s=40).attempts == 1
    wait_empty(raw)
    assert worker.log.count(f"job {task_id} is not run: ended") == 2
    assert client.status(task_id).state is JobState.UNKNOWN
    assert (client.dead_letters(), raw.exists(f"depeche:message:{task_id}")) == ([], 0)


def test_a_copy_of_a_refused_message(client: Client, raw: redis.Redis, start_worker: StartWorker) -> None:
    """No letter is made of it again; another message under its id gets a letter of its own."""
    task_id = str(uuid.uuid4())
    first = json.dumps(json.loads(message(task_id)) | {"headers": {"task": "other", "id": task_id}})
    other = json.dumps(json.loads(message(task_id, "Autre chose.")) | {"headers": {"task": "another", "id": task_id}})
    start_worker()
    raw.lpush("articles", first)
    wait_until(lambda: client.status(task_id).state is JobState.DEAD, "refused")
    client.drop_dead(task_id)
    raw.lpush("articles", first, other)
    (letter,) = wait_until(client.dead_letters, "the other is refused")
    wait_empty(raw)
    assert letter.id != task_id
    assert client.status(task_id).state is JobState.UNKNOWN


def test_another_article_under_its_id(client: Client, raw: redis.Redis, start_worker: StartWorker) -> None:
    """It is refused as it would have been before, where its sender can see it."""
    task_id = dead(client, raw)
    client.drop_dead(task_id)
    raw.lpush("articles", message(task_id, "Autre chose."))
    start_worker()
    (letter,) = wait_until(client.dead_letters, "refused")
    assert (letter.id != task_id, letter.error and letter.error.code) == (True, "key_conflict")


@pytest.mark.parametrize("text", [TEXT, "Autre chose."])
def test_a_submit_with_its_key(client: Client, raw: redis.Redis, start_worker: StartWorker, text: str) -> None:
    """Whoever submits again wants it again: the key is free, for another article too."""
    task_id = dead(client, raw, key="afp-4711")
    client.drop_dead(task_id)
    assert client.submit(text, key="afp-4711") == task_id
    start_worker()
    assert client.wait(task_id, timeout_s=40).segments[0].fr == text


@pytest.mark.parametrize("end", ["succeeded", "dropped"])
def test_a_worker_that_asks_late(client: Client, raw: redis.Redis, end: str) -> None:
    """A worker's question from before the end of the job, which Redis gets once more after it, changes nothing."""
    ledger, args = RedisLedger(raw, 60), messages.arguments(Article(text=TEXT), Options())
    if end == "dropped":
        task_id = dead(client, raw)
        client.drop_dead(task_id)
    else:
        task_id = client.submit(TEXT)
        ledger.claim(task_id, "worker", "caller", lease_s=60, max_attempts=3, alone=True)
        assert ledger.succeed(task_id, 1, "caller", {"text_en": "It closed."})
    before = (raw.hgetall(f"depeche:job:{task_id}"), raw.ttl(f"depeche:job:{task_id}"))
    ledger.adopt(task_id, "normal", *args)
    assert raw.hgetall(f"depeche:job:{task_id}") == before[0]
    assert int(raw.ttl(f"depeche:job:{task_id}")) <= before[1]
    assert raw.exists(f"depeche:message:{task_id}") == 0
