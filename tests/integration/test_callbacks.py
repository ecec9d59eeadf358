"""What another project's Celery app wants to run after articles is sent where the operator allows it."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from celery import Celery

from config.settings import Settings
from depeche.article import JobState
from depeche.client import Client
from tests.conftest import StartWorker, all_is_taken, wait_until
from tests.elsewhere import ENGLISH, TEXT, raw_message
from worker.ledger import RedisLedger

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
ALLOWED = "presse.publish,presse.collect,presse.alarm,presse.note,depeche.process_article"
PUBLISHED = f"published {ENGLISH} 1"

#: What each case of callbacks_sender.py comes to.
OUTCOMES: dict[str, Any] = {
    "linked": [f"{ENGLISH} 1", PUBLISHED, PUBLISHED, "noted"],
    "link_error": [True, "PENDING"],
    "chained": f"published {PUBLISHED}",
    "chain_of_articles": f"published {ENGLISH} 2",
    "chain_that_fails": "ModelUnavailable: the article told the echo engine to fail",
    "group_after": [PUBLISHED, "noted"],
    "group_of": [PUBLISHED, f"published {ENGLISH} 2"],
    "chord_of": [f"{ENGLISH} {number}" for number in (1, 2, 3)],
    "chord_after": [PUBLISHED, f"published {ENGLISH} 2"],
    "chord_in_a_chain": [PUBLISHED, "noted"],
}


def presse(settings: Settings) -> dict[str, str]:
    """The environment of the other project's processes."""
    return {"PRESSE_URL": settings.redis_url.get_secret_value(), "PYTHONPATH": ":".join([str(ROOT), *sys.path[1:]])}


def start_presse(start_worker: StartWorker, settings: Settings) -> None:
    """Start the other project's own worker."""
    celery = str(Path(sys.executable).with_name("celery"))
    app = ("-A", "tests.integration.callbacks_app", "worker", "--without-mingle", "--without-gossip")
    start_worker(celery, *app, "--loglevel", "INFO", **presse(settings)).wait_ready()


def send(settings: Settings, *cases: str) -> dict[str, Any]:
    """What came of each case."""
    command = [sys.executable, "-m", "tests.integration.callbacks_sender", *cases]
    done = subprocess.run(command, env=presse(settings), cwd=ROOT, capture_output=True, text=True, timeout=170)
    found: dict[str, Any] = {}
    for line in done.stdout.splitlines():
        found |= json.loads(line)
    assert found, done.stderr
    return found


def test_what_comes_after_an_article(
    client: Client, settings: Settings, raw: redis.Redis, start_worker: StartWorker
) -> None:
    """Callbacks, chains, groups and chords come to what they come to with Celery's own workers."""
    worker = start_worker(DEPECHE_CALLBACK_TASKS=ALLOWED).wait_ready()
    start_presse(start_worker, settings)
    found = send(settings)
    assert {name: found.get(name) for name in OUTCOMES} == OUTCOMES
    # Celery's wait for a chord tells the first fault that it sees: that of the article, or of the chord.
    assert "the article told the echo engine to fail" in found["chord_that_fails"]
    assert "(link, link_error, chain or chord)" in found["not_allowed"]
    assert worker.stop() == 0
    assert "cannot be sent" not in worker.log


def message_with(embed: dict[str, Any], text: str = TEXT, task_id: str = "", **headers: Any) -> tuple[str, str]:
    """An id and a message with other tasks after its article."""
    task_id = task_id or str(uuid.uuid4())
    return task_id, raw_message(task_id, text, embed=embed, **headers)


def publish(task_id: str = "", **options: Any) -> dict[str, Any]:
    """The signature of a task of another project."""
    options |= {"queue": "presse", "task_id": task_id or str(uuid.uuid4())}
    return {
        **{"task": "presse.publish", "args": [], "kwargs": {}, "options": options},
        **{"subtask_type": None, "immutable": False},
    }


def sent(raw: redis.Redis) -> list[Any]:
    """The first argument of each task that was sent to the other project."""
    bodies = [json.loads(str(text))["body"] for text in raw.lrange("presse", 0, -1)]
    return [json.loads(base64.b64decode(body))[0][0] for body in bodies]


@pytest.fixture
def presses_queue(raw: redis.Redis) -> Iterator[None]:
    """No worker of the other project empties its queue in these tests."""
    yield
    raw.delete("presse")


@pytest.mark.usefixtures("presses_queue")
def test_what_a_dead_worker_has_not_sent_is_sent_once(
    client: Client, raw: redis.Redis, start_worker: StartWorker
) -> None:
    """The worker died after the article's end was recorded: whoever gets its message sends what comes after it."""
    ledger = RedisLedger(raw, 100)
    task_id, message = message_with({"callbacks": [publish()], "chain": [publish(), publish()]})
    ledger.adopt(task_id, "normal", [{"text": TEXT}], {})
    token = ledger.claim(task_id, "dead", "caller", lease_s=1, max_attempts=3, alone=True).token
    assert ledger.succeed(task_id, token, "caller", {"text_en": "It closed."})
    raw.lpush("articles", message, message)
    start_worker(DEPECHE_CALLBACK_TASKS=ALLOWED)
    wait_until(lambda: all_is_taken(raw), "both are taken")
    assert sent(raw) == [{"text_en": "It closed."}] * 2
    assert client.status(task_id).state is JobState.SUCCEEDED


@pytest.mark.usefixtures("presses_queue")
@pytest.mark.parametrize("stop", ["killed", "stopped"])
def test_what_comes_after_is_not_lost_with_a_worker(
    client: Client, raw: redis.Redis, start_worker: StartWorker, stop: str
) -> None:
    """An article that begins again elsewhere still has what comes after it."""
    settings = {"DEPECHE_CALLBACK_TASKS": ALLOWED, "DEPECHE_LEASE_S": "3", "DEPECHE_GRACE_S": "0"}
    task_id, message = message_with({"callbacks": [publish()]}, "Une phrase. echo:sleep=2")
    first = start_worker(**settings).wait_ready()
    raw.lpush("articles", message)
    wait_until(lambda: client.status(task_id).state is JobState.RUNNING, "running")
    if stop == "killed":
        first.process.kill()
    else:
        assert first.stop() == 0
    start_worker(**settings)
    wait_until(lambda: sent(raw), "sent")
    assert [each["id"] for each in sent(raw)] == [task_id]


@pytest.mark.usefixtures("presses_queue")
@pytest.mark.parametrize("how", ["cancel", "revoke"])
def test_what_comes_after_a_cancelled_article(
    client: Client, raw: redis.Redis, elsewhere: Celery, start_worker: StartWorker, how: str
) -> None:
    """It does not come, and whoever waits for the end of a chain or of a chord learns so."""
    last, body, group = str(uuid.uuid4()), str(uuid.uuid4()), str(uuid.uuid4())
    chained, first = message_with({"chain": [publish(last), publish()], "errbacks": [publish()]})
    in_chord, second = message_with({"chord": publish(body)}, group=group, group_index=0)
    raw.set(f"celery-taskset-meta-{group}.s", 1, ex=600)
    worker = start_worker(DEPECHE_CALLBACK_TASKS=ALLOWED)
    if how == "cancel":
        raw.lpush("articles", first, second)
        for task_id in (chained, in_chord):
            assert client.cancel(task_id).state is JobState.CANCELLED
        worker.wait_ready()
    else:
        worker.wait_ready()
        busy = [client.submit(f"Une phrase {number}. echo:sleep=2") for number in range(2)]
        wait_until(lambda: client.stats().running == len(busy), "both threads are busy")
        raw.lpush("articles", first, second)
        elsewhere.control.revoke([chained, in_chord])
    for task_id, state in ((last, "REVOKED"), (body, "FAILURE")):
        wait_until(lambda: elsewhere.AsyncResult(task_id).state == state, state)  # noqa: B023  # called here
    wait_until(lambda: all_is_taken(raw), "both are taken")
    assert sent(raw) == []


@pytest.mark.usefixtures("presses_queue")
def test_the_same_id_with_something_else_after_it(
    client: Client, raw: redis.Redis, elsewhere: Celery, start_worker: StartWorker
) -> None:
    """The first message under an id says what comes after it; the other is a dead letter, and its tasks are told."""
    late = str(uuid.uuid4())
    task_id, first = message_with({"callbacks": [publish()]})
    _, again = message_with({"callbacks": [publish(late)]}, task_id=task_id)
    raw.lpush("articles", first, again, first)
    start_worker(DEPECHE_CALLBACK_TASKS=ALLOWED, DEPECHE_CONCURRENCY="1")
    wait_until(lambda: elsewhere.AsyncResult(late).state == "FAILURE", "told")
    wait_until(lambda: all_is_taken(raw), "all are taken")
    assert [each["id"] for each in sent(raw)] == [task_id]
    letters = [letter for letter in client.dead_letters() if letter.id != late]
    assert [letter.error and letter.error.code for letter in letters] == ["key_conflict"]
    client.retry_dead(letters[0].id)
    wait_until(lambda: len(sent(raw)) == 2, "sent after it ran under its own id")
    assert sent(raw)[0]["id"] == letters[0].id


@pytest.mark.usefixtures("presses_queue")
def test_what_cannot_be_sent(client: Client, raw: redis.Redis, elsewhere: Celery, start_worker: StartWorker) -> None:
    """The article has its result, and a dead letter says why; retried, it is done once more with what comes after."""
    waiting = str(uuid.uuid4())
    task_id, message = message_with({"callbacks": [publish(waiting)]})
    raw.set("presse", "no list", ex=600)
    raw.lpush("articles", message)
    worker = start_worker(DEPECHE_CALLBACK_TASKS=ALLOWED)
    wait_until(lambda: elsewhere.AsyncResult(waiting).state == "FAILURE", "told")
    assert client.wait(task_id, timeout_s=40).text_en == ENGLISH
    (letter,) = [letter for letter in client.dead_letters() if letter.id != waiting]
    assert letter.error
    assert (letter.error.code, letter.error.detail) == ("internal", {"id": task_id})
    assert f"job {task_id} has ended, but the tasks after it could not be sent" in letter.error.message
    wait_until(lambda: raw.hlen("unacked") == 0, "its message is done with")
    assert "the tasks after it cannot be sent" in worker.log
    raw.delete("presse")
    client.retry_dead(letter.id)
    wait_until(lambda: sent(raw), "sent")
    assert client.wait(letter.id, timeout_s=40).text_en == sent(raw)[0]["text_en"] == ENGLISH


@pytest.mark.usefixtures("presses_queue")
def test_what_is_dead_and_retried(client: Client, raw: redis.Redis, start_worker: StartWorker) -> None:
    """A dead article has failed for whoever waits; retried, it is followed once more by what comes after it."""
    task_id, message = message_with({"callbacks": [publish()], "errbacks": [publish()]}, "Une phrase. echo:overload")
    start_worker(DEPECHE_CALLBACK_TASKS=ALLOWED, DEPECHE_MAX_ATTEMPTS="1")
    for times in (1, 2):
        if times == 1:
            raw.lpush("articles", message)
        else:
            client.retry_dead(task_id)
        wait_until(lambda: len(sent(raw)) == times, "its errback was sent")  # noqa: B023  # called here
    assert sent(raw) == [task_id] * 2


def test_one_sends_at_a_time(raw: redis.Redis) -> None:
    """Until it is done or its time is over, and never before the job has ended; nothing in the record hinders it."""
    ledger, task_id = RedisLedger(raw, 100), "a"
    assert not ledger.begin_callbacks(task_id, "first", 60)
    ledger.adopt(task_id, "normal", [{"text": TEXT}], {})
    assert not ledger.begin_callbacks(task_id, "first", 60)
    ledger.cancel(task_id)
    assert [ledger.begin_callbacks(task_id, caller, 60) for caller in ("first", "second", "first")] == [
        True,
        False,
        True,
    ]
    assert not ledger.begin_callbacks(task_id, "second", 60)
    for odd in ("second 1.5", "second 99999999999", "gone fishing", ""):
        raw.hset(f"depeche:job:{task_id}", "callbacks", odd)
        assert ledger.begin_callbacks(task_id, "third", 60)
    ledger.end_callbacks(task_id, "first")
    assert ledger.begin_callbacks(task_id, "third", 60), "it was not the first one's any more"
    ledger.end_callbacks(task_id, "third")
    assert not ledger.begin_callbacks(task_id, "third", 60)
    ledger.end_callbacks("never-seen", "third")
    assert not raw.exists("depeche:job:never-seen")
