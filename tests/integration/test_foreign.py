"""What programs that are not our client send, by Celery's own features: it runs, or is refused visibly."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from celery import Celery, chain, signature
from celery.result import AsyncResult

from config.settings import Settings
from depeche.article import JobState
from depeche.client import Client
from depeche.errors import JobFailed
from tests.conftest import StartWorker, all_is_taken, wait_until
from tests.elsewhere import ENGLISH, TASK, TEXT, fault, raw_message, send
from worker.doctor import examine

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("steps", [None, list(range(10))])
def test_celerys_priorities_are_taken_in(
    client: Client, elsewhere: Celery, settings: Settings, start_worker: StartWorker, steps: list[int] | None
) -> None:
    """Every priority that Celery knows is counted where it lies, and runs; kombu puts most of them into other lists."""
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


def busy(client: Client) -> list[str]:
    """Keeps both threads of a worker occupied, so that what comes next waits."""
    ids = [client.submit(f"Une longue phrase {number}. echo:sleep=2") for number in range(2)]
    wait_until(lambda: client.stats().running == 2, "both threads are busy")
    return ids


def test_what_has_expired_is_revoked(
    client: Client, elsewhere: Celery, raw: redis.Redis, start_worker: StartWorker
) -> None:
    """Whoever waits for an article that came too late gets to know it, by Celery, by our client and by plain Redis."""
    late = datetime.now(UTC) - timedelta(seconds=10)
    sent, by_hand = send(elsewhere, expires=late), str(uuid.uuid4())
    raw.lpush("articles", raw_message(by_hand, expires=late.isoformat()))
    start_worker()
    assert fault(sent).startswith("cancelled:")
    for task_id in (sent.id, by_hand):
        wait_until(lambda: client.status(task_id).state is JobState.CANCELLED, "revoked")  # noqa: B023  # called here
        assert json.loads(str(raw.get(f"celery-task-meta-{task_id}")))["status"] == "REVOKED"
        assert raw.ttl(f"depeche:job:{task_id}") > 0


def test_revoking_what_our_client_did_not_send(
    client: Client, elsewhere: Celery, raw: redis.Redis, start_worker: StartWorker
) -> None:
    """Celery's revoke ends a job while it waits, whoever sent it."""
    start_worker().wait_ready()
    busy(client)
    sent, by_hand = send(elsewhere), str(uuid.uuid4())
    raw.lpush("articles", raw_message(by_hand))
    elsewhere.control.revoke([sent.id, by_hand])
    assert fault(sent).startswith("cancelled:")
    wait_until(lambda: client.status(by_hand).state is JobState.CANCELLED, "revoked")
    with pytest.raises(JobFailed, match="cancelled"):
        client.wait(by_hand, timeout_s=40)


def test_a_revoke_outlives_the_workers_that_heard_it(
    client: Client, elsewhere: Celery, raw: redis.Redis, start_worker: StartWorker
) -> None:
    """A worker that starts later ends the job too, wherever its message was; a queued job of ours ends at once."""
    first = start_worker().wait_ready()
    running, _ = busy(client)
    sent, by_hand, ours = send(elsewhere, priority=6), str(uuid.uuid4()), client.submit(TEXT)
    raw.lpush("articles.low", raw_message(by_hand))
    elsewhere.control.revoke([sent.id, by_hand, ours, running])
    wait_until(lambda: client.status(ours).state is JobState.CANCELLED, "ended while all workers are busy")
    wait_until(lambda: raw.exists(f"depeche:job:{by_hand}") and raw.exists(f"depeche:job:{sent.id}"), "kept")
    first.process.kill()
    start_worker(DEPECHE_LEASE_S="3")
    assert fault(sent).startswith("cancelled:")
    wait_until(lambda: client.status(by_hand).state is JobState.CANCELLED, "revoked")
    assert [client.status(task_id).attempts for task_id in (sent.id, by_hand, ours)] == [0, 0, 0]
    # It ran when it was revoked.
    assert client.wait(running, timeout_s=60).attempts == 2


Send = Callable[[Celery], AsyncResult[Any]]


def article(app: Celery, number: int = 0) -> Any:
    """One article of a larger piece of work."""
    return signature(TASK, args=[{"text": f"{TEXT} {number}"}], queue="articles", app=app, immutable=True)


def after(app: Celery) -> Any:
    """What another project wants to run after it."""
    return signature("elsewhere.publish", queue="elsewhere", app=app)


COMPOSED: dict[str, Send] = {
    "link": lambda app: article(app).apply_async(link=after(app)),
    "link_error": lambda app: article(app).apply_async(link_error=after(app)),
    "chain": lambda app: chain(article(app), after(app), after(app)).apply_async(),
}


#: A chord keeps connections of Celery's own until its process ends, so it has one of its own.
CHORD = f"""
import sys
from celery import Celery, chord, signature
app = Celery("elsewhere", broker=sys.argv[1], backend=sys.argv[1])
def article(number):
    return signature({TASK!r}, args=[{{"text": f"{TEXT} {{number}}"}}], queue="articles", app=app, immutable=True)
sent = chord([article(1), article(2)], signature("elsewhere.publish", queue="elsewhere", app=app)).apply_async()
try:
    sent.get(timeout=40)
except Exception as error:
    print(error)
"""


def test_a_chord_is_refused(client: Client, settings: Settings, raw: redis.Redis, start_worker: StartWorker) -> None:
    """Whoever waits for what should follow the articles is not left waiting."""
    worker = start_worker().wait_ready()
    url = settings.redis_url.get_secret_value()
    done = subprocess.run([sys.executable, "-c", CHORD, url], capture_output=True, text=True, timeout=90)
    assert "(link, link_error, chain or chord)" in done.stdout, done.stderr
    letters = client.dead_letters()
    assert {letter.error.detail["reason"] for letter in letters if letter.error} == {"callbacks"}
    assert raw.llen("elsewhere") == 0
    assert worker.stop() == 0


@pytest.mark.parametrize("kind", COMPOSED)
def test_what_asks_for_other_tasks_is_refused(
    client: Client, elsewhere: Celery, raw: redis.Redis, start_worker: StartWorker, kind: str
) -> None:
    """The caller's own wait ends with the reason, whichever of the tasks it waits for."""
    worker = start_worker().wait_ready()
    assert "(link, link_error, chain or chord)" in fault(COMPOSED[kind](elsewhere))
    wait_until(lambda: all_is_taken(raw), "all are seen")
    letters = client.dead_letters()
    assert {letter.error.detail["reason"] for letter in letters if letter.error} == {"callbacks"}
    assert raw.llen("elsewhere") == 0
    assert client.wait(client.submit(TEXT), timeout_s=40).attempts == 1
    assert worker.stop() == 0


def test_two_articles_under_one_id(client: Client, raw: redis.Redis, start_worker: StartWorker) -> None:
    """The first one has the id; the later one is a dead letter, which runs under its own id when it is retried."""
    other = "Une autre gare a ouvert mardi."
    task_id, ours = str(uuid.uuid4()), client.submit(TEXT, key="a")
    raw.lpush(
        "articles", raw_message(task_id), raw_message(task_id), raw_message(task_id, other), raw_message(ours, other)
    )
    # In front of our own message, which came first to the ledger.
    raw.rpush("articles", raw_message(ours, other))
    start_worker()
    for first in (task_id, ours):
        wait_until(lambda: client.status(first).state.terminal, "done")  # noqa: B023  # called here
        assert client.wait(first, timeout_s=40).text_en == ENGLISH
    letters = wait_until(lambda: len(found := client.dead_letters()) == 2 and found, "set aside")
    wait_until(lambda: all_is_taken(raw), "all are seen")
    assert len(client.dead_letters()) == 2
    assert {letter.error.detail["id"] for letter in letters} == {task_id, ours}
    assert {letter.error.code for letter in letters} == {"key_conflict"}
    for letter in letters:
        assert client.dead_letter(letter.id)["args"] == [{"text": other}]
        client.retry_dead(letter.id)
        assert client.wait(letter.id, timeout_s=40).text_en == f"[fr→en] {other}"


def test_celerys_events_tell_how_a_job_ended(client: Client, raw: redis.Redis, start_worker: StartWorker) -> None:
    """Flower and other listeners get failures and cancellations as such, and a success only where there is one."""
    celery = str(Path(sys.executable).with_name("celery"))
    worker = start_worker(celery, "-A", "worker", "worker", "--task-events")
    heard: dict[str, list[str]] = {}
    # Where kombu publishes events, in envelopes as those on the queue.
    with raw.pubsub(ignore_subscribe_messages=True) as events:  # type: ignore[no-untyped-call]
        events.psubscribe("/0.celeryev/*")

        def hear(task_id: str) -> list[str]:
            while came := events.get_message():
                told = json.loads(base64.b64decode(json.loads(came["data"])["body"]))
                for event in told if isinstance(told, list) else [told]:
                    heard.setdefault(event.get("uuid", ""), []).append(event["type"])
            return heard.get(task_id, [])

        worker.wait_ready()
        jobs = {
            "task-succeeded": client.submit(TEXT),
            "task-failed": client.submit("Une phrase. echo:fail"),
            "task-revoked": client.submit("Une phrase. echo:sleep=1\n\nUne autre. echo:sleep=1\n\n" * 9),
        }
        wait_until(lambda: client.status(jobs["task-revoked"]).state is JobState.RUNNING, "running")
        client.cancel(jobs["task-revoked"])
        for event, task_id in jobs.items():
            wait_until(lambda: event in hear(task_id), event)  # noqa: B023  # called here
    ends = {event: [each for each in heard[task_id] if each in jobs] for event, task_id in jobs.items()}
    assert ends == {event: [event] for event in jobs}
    assert worker.stop() == 0


def test_two_workers_of_a_host_have_names_of_their_own(start_worker: StartWorker) -> None:
    """Celery's tools can tell them apart, however they are started; -n gives a name."""
    celerys = (str(Path(sys.executable).with_name("celery")), "-A", "worker", "worker")
    ours = (sys.executable, "-m", "worker", "run")
    workers = [start_worker(*command).wait_ready() for command in (ours, ours, celerys, (*ours, "-n", "presse@ici"))]
    names = [str(re.findall(r"(\S+@\S+) ready\.", worker.log)[0]) for worker in workers]
    assert len(set(names)) == 4
    assert names[-1] == "presse@ici"
