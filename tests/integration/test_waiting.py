"""Waiting for real: ends are heard and not only polled, through a restart of Redis, and by users who may not listen."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import redis

from config.settings import load_settings
from depeche import waiting
from depeche.article import Article, JobError, JobState
from depeche.client import Client
from depeche.errors import DepecheError, JobFailed, NotReady, RedisUnavailable
from depeche.listener import RedisListener
from depeche.testing import make_result
from tests.conftest import wait_until
from worker.embedded_redis import EmbeddedRedis
from worker.ledger import RedisLedger

pytestmark = pytest.mark.integration

TEXT = "La halle rouvre samedi."
ENGLISH = "The hall opens again on Saturday."


@pytest.fixture
def no_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks at a job without a reason."""
    monkeypatch.setattr(waiting, "FIRST_POLL_S", 3600.0)


def finish(ledger: RedisLedger, task_id: str, state: JobState = JobState.SUCCEEDED) -> None:
    """As a worker does."""
    token = ledger.claim(task_id, "w", f"c {task_id}", lease_s=60, max_attempts=3, alone=True).token
    if state is JobState.SUCCEEDED:
        result = make_result(Article(text=TEXT), ENGLISH, task_id=task_id).model_dump(mode="json")
        assert ledger.succeed(task_id, token, "c", result)
    else:
        assert ledger.end(task_id, token, "c", state, "TooLong", JobError(code="too_long", message="It is too long."))


class Waiting:
    """Something that waits, in a thread of its own."""

    def __init__(self, wait: Any) -> None:
        self.answer: Any = None
        self._wait = wait
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.answer = self._wait()
        except DepecheError as error:
            self.answer = error

    @property
    def over(self) -> bool:
        """Whether it waits no more."""
        return not self._thread.is_alive()

    def result(self, timeout_s: float = 30) -> Any:
        """What it has waited for."""
        self._thread.join(timeout_s)
        assert self.over, "it waits still"
        return self.answer


def listeners(raw: redis.Redis, task_id: str) -> int:
    """How many connections listen to a job."""
    ((_, count),) = raw.pubsub_numsub(f"depeche:ended:{task_id}")
    return int(count)


@pytest.fixture
def ledger(raw: redis.Redis) -> RedisLedger:
    """As a worker has it."""
    return RedisLedger(raw, 60)


@pytest.mark.usefixtures("no_poll")
@pytest.mark.parametrize("state", [JobState.SUCCEEDED, JobState.FAILED, JobState.DEAD, JobState.CANCELLED])
def test_an_end_is_heard(client: Client, raw: redis.Redis, ledger: RedisLedger, state: JobState) -> None:
    """Without a poll, whichever end it is; and nothing is listened to any more afterwards."""
    task_id = client.submit(TEXT)
    waits = Waiting(lambda: client.wait(task_id))
    wait_until(lambda: listeners(raw, task_id), "it listens")
    finish(ledger, task_id, state)
    answer = waits.result()
    assert answer.text_en == ENGLISH if state is JobState.SUCCEEDED else isinstance(answer, JobFailed)
    wait_until(lambda: not listeners(raw, task_id), "it listens no more")


@pytest.mark.usefixtures("no_poll")
def test_an_end_just_before_it_is_listened_to(
    client: Client, ledger: RedisLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job ends after the look at it and before the subscription: it is looked at once more."""
    task_id = client.submit(TEXT)
    listen = RedisListener.listen

    def late(self: Any, task_ids: list[str]) -> None:
        if task_ids:
            finish(ledger, task_id)
        listen(self, task_ids)

    monkeypatch.setattr(RedisListener, "listen", late)
    assert Waiting(lambda: client.wait(task_id)).result().text_en == ENGLISH


@pytest.mark.usefixtures("no_poll")
def test_many_are_heard_on_one_connection(client: Client, raw: redis.Redis, ledger: RedisLedger) -> None:
    """More than a window of them: each is given back once, and one connection listens."""
    ids = [client.submit(TEXT) for _ in range(waiting.WINDOW + 200)]
    before = len(raw.client_list(_type="pubsub"))
    waits = Waiting(lambda: [status.id for status in client.as_completed(iter(ids))])
    wait_until(lambda: len(raw.pubsub_channels("depeche:ended:*")) == waiting.WINDOW, "all heard")
    assert len(raw.client_list(_type="pubsub")) == before + 1
    for task_id in [*reversed(ids[: waiting.WINDOW]), *ids[waiting.WINDOW :]]:
        finish(ledger, task_id)
    ended = waits.result(60)
    assert sorted(ended) == sorted(ids)


def test_in_the_order_of_the_ids(client: Client, ledger: RedisLedger) -> None:
    """The last to end comes first where its id does; one that nobody knows is unknown, and a text that is none too."""
    first, second = client.submit(TEXT), client.submit(TEXT)
    finish(ledger, second, JobState.FAILED)
    waits = Waiting(lambda: [(s.id, str(s.state)) for s in client.wait_many([first, "nobody", second, "\ud800"])])
    finish(ledger, first)
    assert waits.result() == [(first, "succeeded"), ("nobody", "unknown"), (second, "failed"), ("\\ud800", "unknown")]


def test_time_is_over(client: Client, ledger: RedisLedger) -> None:
    """What has ended is given back, and then the others are named."""
    ended, waits = client.submit(TEXT), client.submit(TEXT)
    finish(ledger, ended)
    found = client.as_completed([waits, ended], timeout_s=0.1)
    assert next(found).id == ended
    with pytest.raises(NotReady) as caught:
        next(found)
    assert caught.value.detail["ids"] == [waits]
    with pytest.raises(NotReady):
        list(client.wait_many([waits, ended], timeout_s=0))


def test_whoever_may_not_listen_polls(client: Client, raw: redis.Redis, ledger: RedisLedger) -> None:
    """A user of Redis that was made for release 0.1."""
    raw.acl_log_reset()
    raw.acl_setuser(
        "old",
        enabled=True,
        passwords=["+secret"],
        keys=["*"],
        categories=["+@all"],
        reset_channels=True,
        channels=["celery-task-meta-*"],
    )
    url = client._settings.redis_url.get_secret_value()
    try:
        with Client(load_settings(redis_url=f"redis://old:secret@{url.rpartition('@')[2]}")) as old:
            task_id = old.submit(TEXT)
            waits = Waiting(lambda: old.wait(task_id, timeout_s=30))
            wait_until(raw.acl_log, "it was refused")
            finish(ledger, task_id)
            assert waits.result().text_en == ENGLISH
            old.cancel(old.submit(TEXT))
            assert {entry["reason"] for entry in raw.acl_log()} == {"channel"}
    finally:
        raw.acl_deluser("old")
        raw.acl_log_reset()


@pytest.fixture
def server() -> Iterator[EmbeddedRedis]:
    """A Redis that the test may stop."""
    with EmbeddedRedis("always") as own:
        yield own


def test_redis_is_away_meanwhile(server: EmbeddedRedis, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is killed, and started again after longer than redis-py tries: all wait on, and hear again."""
    with Client(load_settings(redis_url=server.url)) as client, redis.Redis.from_url(server.url) as raw:
        ids = [client.submit(TEXT) for _ in range(3)]
        calls = {
            "wait": lambda: client.wait(ids[0]).text_en,
            "as_completed": lambda: len(list(client.as_completed(ids))),
            "wait_many": lambda: len(list(client.wait_many(ids))),
        }
        waits = {name: Waiting(call) for name, call in calls.items()}
        wait_until(lambda: listeners(raw, ids[0]) == 3, "all listen")
        server.kill()
        with pytest.raises(RedisUnavailable):
            client.status(ids[0])
        assert not any(one.over for one in waits.values())
        server.start()
        monkeypatch.setattr(waiting, "LAST_POLL_S", 3600.0)
        wait_until(lambda: listeners(raw, ids[0]) == 3, "all listen again")
        for task_id in ids:
            finish(RedisLedger(client._redis, 60), task_id)
        assert {name: one.result() for name, one in waits.items()} == {
            "wait": ENGLISH,
            "as_completed": 3,
            "wait_many": 3,
        }


def test_redis_that_was_never_there(server: EmbeddedRedis) -> None:
    """It is said at once, and not after a minute."""
    server.stop()
    with Client(load_settings(redis_url=server.url)) as client:
        for wait in (lambda: client.wait("x"), lambda: list(client.as_completed(["x"]))):
            with pytest.raises(RedisUnavailable):
                wait()
