"""Whoever may write to a key may write anything: no content of any key stops a worker, its janitor or a listing.

It is set aside, said in the log and counted; what it was about ends, and all the rest goes on.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import redis

from depeche import keys
from depeche.article import JobError, JobState
from depeche.client import Client
from depeche.errors import DepecheError, UnknownJob
from depeche.queue import QUEUES
from depeche.strays import gather_strays
from tests.conftest import Command, StartWorker, wait_until
from worker.embedded_redis import free_port
from worker.ledger import RedisLedger

pytestmark = [pytest.mark.integration, pytest.mark.writes_keys("keys of every kind, by hand")]

TEXT = "La gare a fermé lundi."
LEASE = {"DEPECHE_LEASE_S": "3"}
Spoil = Callable[[redis.Redis, str], object]


def in_record(field: str, value: str | bytes) -> Spoil:
    """Another value in a field of the record."""
    return lambda raw, task_id: raw.hset(f"depeche:job:{task_id}", field, value)


def instead(prefix: str, kind: str) -> Spoil:
    """A key of another type in place of one of the job's."""

    def replace(raw: redis.Redis, task_id: str) -> None:
        raw.delete(prefix + task_id)
        if kind == "string":
            raw.set(prefix + task_id, b"\xff")
        elif kind == "list":
            raw.rpush(prefix + task_id, b"\xff")
        elif kind == "hash":
            raw.hset(prefix + task_id, "a", "b")
        else:
            raw.zadd(prefix + task_id, {"a": 1})

    return replace


def set_to(prefix: str, text: str | bytes) -> Spoil:
    """Another text in place of one of the job's."""
    return lambda raw, task_id: raw.set(prefix + task_id, text)


VALUES: dict[str, tuple[str | bytes, ...]] = {
    "state": ("gone fishing", "", b"\xff", "QUEUED", "running", "dead"),
    "priority": ("urgent", "", b"\xff", "high"),
    "attempts": ("x", "", b"\xff", "1.5", "-7", "9" * 400, "9" * 11, "nan"),
    "run": ("x", "", b"\xff", "1.5", "9" * 400),
    "queued_at": ("x", "", b"\xff", "nan", "inf", "-1", "1e300", "99999999999", "0x10"),
    "started_at": ("x", b"\xff", "nan"),
    "worker": ("", b"\xff\xfe", "a\x1b[2Jb", "x" * 10_000),
    "progress": ("{", b"\xff", "null"),
    "error": ("{", b"\xff", "[]"),
    "cancel": ("x",),
    "claimed": ("x", b"\xff"),
    "released": (b"\xff",),
    "lease_s": ("x", b"\xff", "-1", "1e300"),
    "in_vain": ("x", b"\xff", "1e300"),
}
JOB, MESSAGE, RESULT = (key.prefix for key in (keys.JOB, keys.MESSAGE, keys.RESULT))
SPOILS: dict[str, Spoil] = {
    **{f"{field} {value[:20]!r}": in_record(field, value) for field, values in VALUES.items() for value in values},
    **{
        f"{prefix} is a {kind}": instead(prefix, kind)
        for prefix in (MESSAGE, RESULT)
        for kind in ("list", "hash", "zset")
    },
    **{f"record is a {kind}": instead(JOB, kind) for kind in ("string", "list", "zset")},
    **{f"record is another hash, {number}": instead(JOB, "hash") for number in (1, 2)},
    **{
        f"message {text[:9]!r}": set_to(MESSAGE, text)
        for text in ("", "garbage", b"\xff", "[" * 100_000, '{"body": 1}')
    },
    **{f"result {text[:9]!r}": set_to(RESULT, text) for text in ("", "garbage", b"\xff")},
}


def told(act: Callable[[], object]) -> str:
    """What a producer hears: an answer, or an error that says what to do."""
    try:
        return str(act())
    except DepecheError as error:
        return str(error)


def is_id(text: str) -> bool:
    """Whether it is what submit answers."""
    return len(text) == 36


def unknown(name: str) -> bool:
    """Whether there is no record any more by which its sender could learn of the end."""
    return name.startswith("record is another hash")


def test_spoilt_jobs_end_and_no_other_is_harmed(
    client: Client, raw: redis.Redis, start_worker: StartWorker, depeche: Command
) -> None:
    """Each kind, with its message on the queue and without; the articles among them are done at the first attempt."""
    spoilt: dict[str, str] = {}
    healthy = [client.submit(TEXT)]
    for name, spoil in SPOILS.items():
        for lost in (False, True):
            task_id = spoilt[f"{name}{', and no message' * lost}"] = client.submit(TEXT)
            if lost:
                raw.lpop("articles")
            spoil(raw, task_id)
        healthy.append(client.submit(TEXT))
    address = f"127.0.0.1:{free_port()}"
    worker = start_worker(DEPECHE_METRICS_ADDR=address, **LEASE)
    for task_id in healthy:
        assert client.wait(task_id, timeout_s=60).attempts == 1

    def unended() -> list[str]:
        states = {name: client.status(task_id).state for name, task_id in spoilt.items() if not unknown(name)}
        return [name for name, state in states.items() if not state.terminal]

    wait_until(lambda: not unended(), "all have ended", 120)
    assert "Traceback" not in worker.log
    assert worker.process.poll() is None
    done = depeche("dead", "list", "--limit", "1000")
    assert (done.returncode, done.stderr) == (0, "")
    letters = [json.loads(line) for line in done.stdout.splitlines()]
    details = [letter["error"]["detail"] for letter in letters if letter["error"]]
    faults = [detail["fault"] for detail in details if "fault" in detail]
    assert len(faults) > 50
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=30) as page:
        shown = page.read().decode()
    assert f'depeche_set_aside_total{{what="record"}} {len(faults)}.0' in shown
    assert depeche("stats").returncode == 0
    assert worker.stop() == 0, worker.log


@pytest.mark.parametrize("kind", ["string", "hash", "set"])
def test_keys_of_another_type(client: Client, raw: redis.Redis, start_worker: StartWorker, kind: str) -> None:
    """Each key of which there is one: kept aside, and then articles are taken and done; once more while it works."""
    before = start_worker(**LEASE).wait_ready()
    for _ in range(2):
        for name, right in keys.fixed().items():
            raw.delete(name)
            if kind == right:
                raw.rpush(name, "x")
            elif kind == "string":
                raw.set(name, "x")
            elif kind == "hash":
                raw.hset(name, "x", "y")
            else:
                raw.sadd(name, "x")

        refused = told(lambda: client.submit(TEXT))
        assert "of another type" in refused or before.log.count("was of another type")
        task_id = wait_until(lambda: found if is_id(found := told(lambda: client.submit(TEXT))) else None, "submitted")
        assert client.wait(task_id, timeout_s=60).id == task_id
        assert {name for name in keys.fixed() if raw.exists(f"depeche:aside:{name}")} == set(keys.fixed())
    assert before.process.poll() is None


def test_the_dead_can_be_listed_and_dropped(client: Client, raw: redis.Redis) -> None:
    """One that nobody can read is listed with the reason, until a worker has set it aside, and can be dropped."""
    ledger = RedisLedger(raw, 60)
    ids = [client.submit(TEXT) for _ in range(5)]
    for task_id in ids:
        ledger.claim(task_id, "a", "c", lease_s=60, max_attempts=3, alone=True)
        assert ledger.end(task_id, 1, "c", JobState.DEAD, "Poison", JobError(code="poison", message="It kills."))
    state, attempts, record, message, whole = ids
    in_record("state", "gone fishing")(raw, state)
    in_record("attempts", "x")(raw, attempts)
    instead(JOB, "string")(raw, record)
    set_to(MESSAGE, b"\xff")(raw, message)
    raw.zadd("depeche:dead", {b"\xff": 9e9})
    listed = {status.id: status for status in client.dead_letters()}
    assert set(listed) == set(ids)
    for task_id in (state, attempts, record):
        error = listed[task_id].error
        assert (listed[task_id].state, error and "cannot be read" in error.message) == (JobState.UNKNOWN, True)
    assert client.dead_letter(message)["message"] == "\\xff"
    for task_id in ids:
        client.drop_dead(task_id)
    assert client.dead_letters() == []
    with pytest.raises(UnknownJob):
        client.drop_dead(whole)


@pytest.mark.parametrize(
    "text", ["", "garbage", b"\xff", "5", "[]", '{"status": 1}', '{"status": "SUCCESS", "result": 5}', None]
)
def test_a_result_that_cannot_be_read(client: Client, raw: redis.Redis, text: str | bytes | None) -> None:
    """The producer hears that it was written over, and never a traceback."""
    task_id = client.submit(TEXT)
    ledger = RedisLedger(raw, 60)
    ledger.claim(task_id, "a", "c", lease_s=60, max_attempts=3, alone=True)
    ledger.succeed(task_id, 1, "c", {"text_en": "It closed."})
    if text is None:
        instead(RESULT, "list")(raw, task_id)
    else:
        raw.set(RESULT + task_id, text)
    with pytest.raises(UnknownJob, match="cannot be read"):
        client.result(task_id)


@pytest.mark.parametrize("name", SPOILS)
def test_what_producers_and_operators_do_with_a_spoilt_job(client: Client, raw: redis.Redis, name: str) -> None:
    """An answer, or an error that says what to do."""
    task_id = client.submit(TEXT, key="k")
    SPOILS[name](raw, task_id)
    for act in (client.status, client.cancel, client.result, client.dead_letter, client.retry_dead, client.drop_dead):
        assert told(partial(act, task_id))
    assert told(lambda: client.submit(TEXT, key="k"))


def test_what_workers_hold_is_no_message(client: Client, raw: redis.Redis, start_worker: StartWorker) -> None:
    """It is kept as a dead letter; an entry without a message is removed; and the worker and its connection live on."""
    entries: dict[str, str | bytes] = {
        "a": "garbage",
        "b": b"\xff",
        "c": "{}",
        "d": "[1, 2]",
        "e": "[" * 100_000,
        "f": "5",
        "g": '["x", "", 5]',
    }
    for tag, text in entries.items():
        raw.hset("unacked", tag, text)
        raw.zadd("unacked_index", {tag: 1})
    raw.zadd("unacked_index", {"nothing": 1})
    raw.zadd("unacked_index", {b"\xff": 1})
    worker = start_worker(**LEASE)
    assert client.wait(client.submit(TEXT), timeout_s=60).attempts == 1
    wait_until(lambda: not raw.exists("unacked", "unacked_index"), "nothing is held any more")
    wait_until(lambda: len(client.dead_letters()) == len(entries), "all are kept")
    assert "Connection to broker lost" not in worker.log
    assert worker.stop() == 0


def test_a_record_that_is_spoilt_in_work(client: Client, raw: redis.Redis, start_worker: StartWorker) -> None:
    """Its worker's other articles keep their leases, and it ends."""
    worker = start_worker(DEPECHE_CONCURRENCY="8", **LEASE).wait_ready()
    long = "\n\n".join(f"Phrase {number}. echo:sleep=0.25" for number in range(24))
    names = ("record is a string", "state 'gone fishing'", "run 'x'", "attempts 'x'", "worker b'\\xff\\xfe'")
    ids = [client.submit(long) for _ in range(len(names) + 1)]
    wait_until(lambda: all(client.status(task_id).state is JobState.RUNNING for task_id in ids), "all in work")
    for task_id, name in zip(ids, names, strict=False):
        SPOILS[name](raw, task_id)
    assert client.wait(ids[-1], timeout_s=60).attempts == 1
    wait_until(lambda: all(client.status(task_id).state.terminal for task_id in ids), "all have ended", 120)
    assert "Traceback" not in worker.log


def test_messages_beside_a_queue_of_another_type(raw: redis.Redis, client: Client) -> None:
    """They stay where they are until the queue is one again."""
    raw.set("articles", "x")
    raw.rpush("articles\x06\x163", "message")
    ledger = RedisLedger(raw, 60)
    assert gather_strays(ledger._scripts)[0] == 0
    assert raw.llen("articles\x06\x163") == 1
    ledger.heal()
    assert gather_strays(ledger._scripts) == (1, "")
    assert raw.lrange("articles", 0, -1) == ["message"]


def test_the_doctor_and_the_metrics(client: Client, raw: redis.Redis, start_worker: StartWorker) -> None:
    """Names that are not text, and times that are none, are shown or passed over."""
    no_text: dict[Any, float] = {b"\xff": 9e9, b"\xfe:1": float("inf")}
    for name in ("workers", "waiting:normal", "running", "delayed", "dead"):
        raw.zadd(f"depeche:{name}", no_text)
    raw.zadd("depeche:waiting:high", {"x": float("-inf")})
    raw.hset("unacked", "tag", b"\xff")
    raw.sadd(b"_kombu.binding.\xff", "x")
    address = f"127.0.0.1:{free_port()}"
    worker = start_worker(DEPECHE_METRICS_ADDR=address, **LEASE)
    url = client._settings.redis_url.get_secret_value()
    examined = subprocess.run(
        [sys.executable, "-m", "worker", "doctor"],
        env=os.environ | {"DEPECHE_REDIS_URL": url, "DEPECHE_PROFILE": "echo"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "another Celery app uses this database of Redis (\\xff)" in examined.stdout
    assert "Traceback" not in examined.stderr
    worker.wait_ready()
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=30) as page:
        assert "depeche_redis_up 1.0" in page.read().decode()


def test_bytes_that_are_no_text_go_back_as_they_came(raw: redis.Redis) -> None:
    """So an id that is none can be asked for, and removed, like any other."""
    raw.sadd("depeche:x", b"\xff\xc3(")
    (member,) = raw.smembers("depeche:x")
    assert raw.srem("depeche:x", str(member)) == 1


def test_queues_are_emptied_of_nothing(raw: redis.Redis, client: Client) -> None:
    """What heals leaves keys of the right type as they are."""
    task_id = client.submit(TEXT)
    raw.hset("unacked", "a", "b")
    before: Any = {name: raw.dump(name) for name in (*QUEUES.values(), "unacked", f"depeche:job:{task_id}")}
    assert RedisLedger(raw, 60).heal() == []
    assert {name: raw.dump(name) for name in before} == before
