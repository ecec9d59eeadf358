"""Messages that anybody with access to Redis may have written: kept as dead letters, and no harm done."""

from __future__ import annotations

import base64
import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
import redis

from benchmarks.torture.aof import Record, files_of, transactions
from config.settings import load_settings
from depeche import messages
from depeche.article import Article, JobState, Options
from depeche.client import Client
from depeche.errors import JobFailed
from depeche.redis_client import connect
from tests.conftest import Command, StartWorker, wait_until
from worker.embedded_redis import EmbeddedRedis

pytestmark = pytest.mark.integration

TEXT = "La gare est fermée."
DEEP = 100_000

#: Just over our own bound, around the one of Python's JSON (which differs between reading and writing), and far beyond.
DEPTHS = (33, 250, *range(900, 1000, 10), 5000)


def envelope(body: Any = None, *, headers: dict[str, Any] | None = None, **changes: Any) -> str:
    """A message as kombu lays it on the queue, with something changed."""
    body = [[{"text": TEXT}], {}, {}] if body is None else body
    task_id = str(uuid.uuid4())
    message = {
        "body": body if isinstance(body, str) else base64.b64encode(json.dumps(body).encode()).decode(),
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": {"lang": "py", "task": "depeche.process_article", "id": task_id} | (headers or {}),
        "properties": {
            "delivery_tag": str(uuid.uuid4()),
            "delivery_info": {"exchange": "", "routing_key": "articles"},
            "body_encoding": "base64",
            "correlation_id": task_id,
        },
    }
    return json.dumps({key: value for key, value in (message | changes).items() if value is not ...})


def plain(body: str) -> str:
    """The same with a body that is not in base64."""
    properties = {"delivery_tag": "x", "delivery_info": {"exchange": "", "routing_key": "articles"}}
    return envelope(body, properties=properties)


def nestings(depth: int) -> dict[str, str]:
    """One message for each place that may be nested so deeply, written as text, as Python would not write them all."""
    places = {
        "in a header": envelope(headers={"a": "HERE"}),
        "in a field at the top": envelope(a="HERE"),
        "in the properties": envelope(properties=json.loads(envelope())["properties"] | {"a": "HERE"}),
    }
    body = json.dumps([[{"text": TEXT, "metadata": {"a": "HERE"}}], {}, {}])
    shapes = {"lists": "[" * depth + "]" * depth, "objects": '{"a":' * depth + "1" + "}" * depth}
    return {
        **{
            f"{shape} {place}": text.replace('"HERE"', new)
            for place, text in places.items()
            for shape, new in shapes.items()
        },
        **{f"{shape} in the body": plain(body.replace('"HERE"', new)) for shape, new in shapes.items()},
    }


REFUSED: dict[str, tuple[str, str | bytes]] = {
    "nothing": ("not_json", ""),
    "garbage": ("not_json", "garbage"),
    "not UTF-8": ("not_json", b"\xff\xfe{"),
    "nested": ("too_deep", "[" * DEEP + "]" * DEEP),
    "endless number": ("not_json", "1" * 100_000),
    "null": ("not_a_message", "null"),
    "list": ("not_a_message", "[]"),
    "string": ("not_a_message", '"a"'),
    "empty object": ("not_a_message", "{}"),
    "no properties": ("not_a_message", envelope(properties=...)),
    "null properties": ("not_a_message", envelope(properties=None)),
    "no delivery info": ("not_a_message", envelope(properties={"delivery_tag": "x"})),
    "list of headers": ("not_a_message", json.dumps(json.loads(envelope()) | {"headers": []})),
    "no body": ("not_a_message", json.dumps({"headers": {}, "properties": {}})),
    "no id": ("not_a_message", envelope(headers={"id": None})),
    "id is a list": ("not_a_message", envelope(headers={"id": ["a"]})),
    "endless id": ("not_a_message", envelope(headers={"id": "a" * 100_000})),
    "id of several lines": ("not_a_message", envelope(headers={"id": "a\nb"})),
    "body is a string": ("bad_body", envelope(base64.b64encode(b'"text"').decode())),
    "body is an object": ("bad_body", envelope({"text": TEXT})),
    "body too short": ("bad_body", envelope([[{"text": TEXT}]])),
    "keywords are a list": ("bad_body", envelope([[], [], {}])),
    "body is no base64": ("bad_body", envelope("é" * 10)),
    "body is nested": ("too_deep", plain("[" * DEEP + "]" * DEEP)),
    "body is pickled": (
        "bad_body",
        json.dumps(json.loads(envelope()) | {"content-type": "application/x-python-serialize"}),
    ),
    "body is compressed": ("bad_body", envelope(headers={"compression": "application/x-gzip"})),
    "half a character": ("bad_body", envelope([[{"text": TEXT + "\ud800"}], {}, {}])),
    "unknown task": ("unknown_task", envelope(headers={"task": "os.system"})),
    "task is an object": ("unknown_task", envelope(headers={"task": {"a": 1}})),
    "odd time": ("bad_headers", envelope(headers={"eta": "tomorrow"})),
    "in a hundred years": ("bad_headers", envelope(headers={"eta": "2126-01-01T00:00:00+00:00"})),
    "odd expiry": ("bad_headers", envelope(headers={"expires": {"a": 1}})),
}


def test_hostile_messages_become_dead_letters(
    client: Client, raw: redis.Redis, start_worker: StartWorker, depeche: Command
) -> None:
    """Each with its reason; the worker and its connection live on, and the articles among them are done."""
    ids = []
    for _, message in REFUSED.values():
        raw.lpush("articles", message)
        ids.append(client.submit(TEXT))
    worker = start_worker().wait_ready()
    for task_id in ids:
        assert client.wait(task_id, timeout_s=60).attempts == 1
    letters = [json.loads(line) for line in depeche("dead", "list").stdout.splitlines()]
    found = sorted(letter["error"]["detail"]["reason"] for letter in letters)
    assert found == sorted(reason for reason, _ in REFUSED.values())
    assert {letter["error"]["code"] for letter in letters} == {"invalid_article"}
    assert wait_until(lambda: raw.hlen("unacked") == 0, "nothing is held") is True
    assert "Connection to broker lost" not in worker.log
    assert "La gare" not in worker.log
    assert worker.stop() == 0


def test_what_is_nested_too_deeply_is_a_dead_letter(
    client: Client, raw: redis.Redis, start_worker: StartWorker
) -> None:
    """Wherever it is nested; the sender finds the error under its own id, and the worker and its connection live on."""
    ids = set()
    for text in [text for depth in DEPTHS for text in nestings(depth).values()]:
        task_id = str(uuid.uuid4())
        ids.add(task_id)
        raw.lpush("articles", re.sub(r'"(id|correlation_id)": "[^"]*"', rf'"\1": "{task_id}"', text))
    worker = start_worker().wait_ready()
    assert client.wait(client.submit(TEXT), timeout_s=60).attempts == 1
    letters = {letter.id: letter.error for letter in client.dead_letters(1000)}
    assert set(letters) == ids
    assert {error.detail["reason"] for error in letters.values() if error} == {"too_deep"}
    assert "Connection to broker lost" not in worker.log
    assert worker.stop() == 0


def test_brackets_in_an_article_are_no_nesting(client: Client, start_worker: StartWorker) -> None:
    """Text may hold as many as it likes, escaped quotation marks between them."""
    text = 'Le maire a dit : "[[[" \\' * 40 + "."
    start_worker()
    assert client.wait(client.submit(text), timeout_s=60).attempts == 1


def test_a_message_of_fifty_megabytes(client: Client, raw: redis.Redis, start_worker: StartWorker) -> None:
    """It is not even parsed; its size is kept, and not its content."""
    raw.lpush("articles", plain(json.dumps([[{"text": "a" * 50_000_000}], {}, {}]))[:50_000_000])
    start_worker()
    assert client.wait(client.submit(TEXT), timeout_s=60).attempts == 1
    (letter,) = client.dead_letters()
    assert letter.error is not None
    assert letter.error.detail == {"reason": "too_large", "bytes": 50_000_000, "kept": False}
    assert client.dead_letter(letter.id)["message"] is None


def test_a_refused_message_is_shown_retried_and_dropped(
    client: Client, raw: redis.Redis, start_worker: StartWorker, depeche: Command
) -> None:
    """As any dead letter; one that is retried without a better worker is dead once more, and stays one."""
    raw.lpush("articles", "garbage")
    worker = start_worker(DEPECHE_LEASE_S="3").wait_ready()
    (letter,) = wait_until(client.dead_letters, "refused")
    assert json.loads(depeche("dead", "show", letter.id).stdout)["message"] == "garbage"
    assert depeche("dead", "retry", letter.id).returncode == 0
    wait_until(lambda: worker.log.count("refused a message") >= 2, "refused again")
    assert [found.id for found in wait_until(client.dead_letters, "dead again")] == [letter.id]
    assert raw.zcard("depeche:waiting:normal") == 0
    assert depeche("dead", "drop", letter.id).returncode == 0
    assert client.dead_letters() == []


def test_a_refused_message_is_one_letter_however_often_it_is_retried(
    client: Client, raw: redis.Redis, start_worker: StartWorker
) -> None:
    """Each that was kept is dead again under the id that it had, and no other letter is made of it."""
    raw.lpush("articles", *(message for _, message in REFUSED.values()))
    worker = start_worker(DEPECHE_LEASE_S="3").wait_ready()
    letters = wait_until(lambda: len(found := client.dead_letters()) == len(REFUSED) and found, "all are refused")
    kept = [letter.id for letter in letters if letter.error and letter.error.detail["kept"]]
    assert len(kept) == len(REFUSED) - 1, "all but the one without a text"
    before = worker.log.count("refused a message")
    for task_id in kept:
        client.retry_dead(task_id)
    wait_until(lambda: worker.log.count("refused a message") >= before + len(kept), "all are refused again")
    wait_until(lambda: raw.hlen("unacked") == 0, "nothing is held")
    assert {letter.id for letter in client.dead_letters()} == {letter.id for letter in letters}
    assert worker.log.count("refused a message") == before + len(kept)


def test_a_refused_message_is_kept_before_it_is_let_go(start_worker: StartWorker, tmp_path: Path) -> None:
    """Whenever the worker dies, there is its message or its letter: none is acknowledged of which nothing is known.

    Redis' own history says so: its append-only file has every change in order.
    """
    with EmbeddedRedis("always", extra=[f"dir {tmp_path}"]) as server, connect(server.url) as raw:
        raw.lpush("articles", *(message for _, message in REFUSED.values()))
        start_worker(DEPECHE_REDIS_URL=server.url)
        with Client(load_settings(redis_url=server.url)) as client:
            wait_until(lambda: len(client.dead_letters()) == len(REFUSED), "all are refused")
        wait_until(lambda: raw.hlen("unacked") == 0, "nothing is held")
        found = Record(transactions(files_of(tmp_path))).settled
    assert len(found) == len(REFUSED)
    # The history finds a letter by its text, or by the id that its sender gave it. It cannot find the letter of a
    # message without a text, or with an id that no letter can have; that each has one was seen above.
    unfound = {"", "a" * 100_000, "a\nb"}
    assert {one.task_id for one in found if not one.known} == unfound


def test_the_sender_of_a_refused_message_hears_of_it(
    client: Client, raw: redis.Redis, start_worker: StartWorker
) -> None:
    """Under the id that it gave, where that is free."""
    raw.lpush("articles", envelope([[], [], {}], headers={"id": "mine"}))
    start_worker()
    wait_until(lambda: client.status("mine").state is JobState.DEAD, "dead")
    with pytest.raises(JobFailed, match="its body must be"):
        client.result("mine")


def test_a_refused_message_does_not_end_anothers_job(
    client: Client, raw: redis.Redis, start_worker: StartWorker
) -> None:
    """Whoever knows an id cannot end its job by a malformed message."""
    task_id = client.submit(TEXT)
    raw.rpush("articles", envelope([[], [], {}], headers={"id": task_id}))
    start_worker()
    assert client.wait(task_id, timeout_s=40).attempts == 1
    (letter,) = client.dead_letters()
    assert letter.id != task_id


def test_replays_are_run_once(client: Client, raw: redis.Redis, start_worker: StartWorker) -> None:
    """The same message, and the same again after its end, give one start and one result."""
    task_id = str(uuid.uuid4())
    args, kwargs = messages.arguments(Article(text=TEXT), Options())
    message = messages.compose(task_id, "normal", args, kwargs)
    raw.lpush("articles", *[message] * 5)
    worker = start_worker().wait_ready()
    wait_until(lambda: client.status(task_id).state.terminal, "done")
    first = client.wait(task_id, timeout_s=40)
    raw.lpush("articles", *[message] * 5)
    wait_until(lambda: len(re.findall(r"is not run: (ended|held)", worker.log)) == 9, "all are seen")
    assert raw.hget(f"depeche:job:{task_id}", "run") == "1"
    assert client.result(task_id) == first


@pytest.mark.writes_keys("dead letters that nobody has refused")
def test_what_is_kept_is_bounded(client: Client, raw: redis.Redis, start_worker: StartWorker) -> None:
    """Over the most dead letters, refused messages are only counted and logged."""
    start_worker()
    raw.zadd("depeche:dead", {f"old-{n}": 2e9 for n in range(10_000)})
    raw.lpush("articles", "garbage")
    assert client.wait(client.submit(TEXT), timeout_s=40).attempts == 1
    assert raw.zcard("depeche:dead") == 10_000
