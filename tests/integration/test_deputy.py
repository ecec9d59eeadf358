"""The worker is not a deputy: a message's sender cannot have it do in Redis what the sender itself may not."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

import pytest
import redis

from depeche.article import JobState
from depeche.client import Client
from depeche.queue import QUEUES
from tests.conftest import StartWorker, wait_until
from tests.elsewhere import raw_message

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("routing_key", ["depeche:dead", "articles.low"])
def test_a_message_goes_back_to_no_key_but_a_queue(
    client: Client, raw: redis.Redis, start_worker: StartWorker, routing_key: str
) -> None:
    """Given back for a dead worker, it goes to the queue that it names, or to ours where it names another key."""
    task_id = str(uuid.uuid4())
    raw.lpush("articles.low", raw_message(task_id, "Une phrase. echo:sleep=3", routing_key=routing_key))
    lease = {"DEPECHE_LEASE_S": "3"}
    worker = start_worker(**lease).wait_ready()
    wait_until(lambda: client.status(task_id).state is JobState.RUNNING, "running")
    worker.process.kill()
    start_worker(**lease)
    assert client.wait(task_id, timeout_s=60).attempts == 2
    assert raw.type("depeche:dead") == "none"


def test_nothing_is_sent_after_an_article(client: Client, raw: redis.Redis, start_worker: StartWorker) -> None:
    """A message with callbacks and chains is refused as a whole, whatever its article would have come to."""
    worker = start_worker().wait_ready()
    after: dict[str, Any] = {
        "task": "other.task",
        "args": ["x"],
        "kwargs": {},
        "options": {},
        "subtask_type": None,
        "immutable": True,
    }
    embed: dict[str, Any] = {name: [after] for name in ("callbacks", "errbacks", "chain")}
    embed["chord"] = after

    def done(task_id: str) -> bool:
        return client.status(task_id).state.terminal and raw.hlen("unacked") == 0

    for text in ("Une phrase.", "Une phrase. echo:fail"):
        task_id = str(uuid.uuid4())
        raw.lpush("articles", raw_message(task_id, text, embed=embed))
        wait_until(partial(done, task_id), "the message is done with")
        assert client.status(task_id).state is JobState.DEAD
    # What was sent after them would have come before this one, and been refused as a dead letter.
    client.wait(client.submit("La gare."), timeout_s=40)
    letters = client.dead_letters()
    assert {letter.error and letter.error.detail["reason"] for letter in letters} == {"callbacks"}
    assert [raw.llen(queue) for queue in QUEUES.values()] == [0, 0, 0]
    assert "other.task" not in worker.log
    assert worker.stop() == 0
