"""However long the queue is, a look at it and a round of the janitor cost as many commands."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import redis

from depeche import messages
from depeche.client import Client
from worker import janitor as janitors
from worker import lost
from worker.janitor import Janitor
from worker.ledger import RedisLedger
from worker.lost import LostMessages
from worker.metrics import Backlog

pytestmark = pytest.mark.integration

SHORT, LONG = 500, 2500

Step = Callable[[], object]


@pytest.fixture(autouse=True)
def _small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bounds are so small that even the shorter queue is far beyond them; all else is as it is."""
    monkeypatch.setattr(janitors, "MARGIN_S", 0.0)
    monkeypatch.setattr(janitors, "CENSUS_S", 0.000_001)
    monkeypatch.setattr(janitors, "MOST_NAMES", 400)
    monkeypatch.setattr(janitors, "NAMES", 100)
    monkeypatch.setattr(janitors, "ENTRIES", 100)
    monkeypatch.setattr(lost, "STEP_BYTES", 40_000)


def submit(client: Client, first: int, count: int) -> list[str]:
    """Short articles."""
    texts = (f"Le train numéro {number} part." for number in range(first, first + count))
    return [done.task_id or "" for done in client.submit_many(texts)]


def fill(client: Client, raw: redis.Redis, count: int) -> None:
    """An empty Redis, and then so many articles; the first has come before all others."""
    raw.flushdb()
    submit(client, 0, 1)
    submit(client, 1, count)


def cost(raw: redis.Redis, step: Step) -> tuple[int, int]:
    """How many commands a step is for Redis, those of scripts too, and how many bytes of answers."""
    raw.config_resetstat()
    step()
    calls: Any = raw.info("commandstats")
    sent: Any = raw.info("stats")
    return sum(command["calls"] for command in calls.values()), int(sent["total_net_output_bytes"])


def lose_one(raw: redis.Redis, janitor: Janitor) -> Step:
    """The message at the front is gone, and the janitor has begun to look for it."""
    raw.rpop("articles")
    for _ in range(3):
        janitor.clean()
    assert janitor._lost._search is not None
    return janitor.clean


def hide_all(raw: redis.Redis, janitor: Janitor) -> Step:
    """No job of the ledger is at the front, as in front of all are messages of another program."""
    foreign = messages.compose("foreign", "normal", [{"text": "La gare a fermé lundi."}], {})
    lose_one(raw, janitor)
    raw.rpush("articles", *[foreign] * int(raw.llen("articles")))
    return janitor.clean


LOOKS: dict[str, Callable[[Client, redis.Redis, Janitor], Step]] = {
    "a round of the janitor": lambda client, raw, janitor: janitor.clean,
    "a round while a message is lost": lambda client, raw, janitor: lose_one(raw, janitor),
    "a round while others are in front": lambda client, raw, janitor: hide_all(raw, janitor),
    "stats": lambda client, raw, janitor: client.stats,
    "list": lambda client, raw, janitor: lambda: client.jobs("queued", 50),
    "top": lambda client, raw, janitor: client.overview,
    "metrics": lambda client, raw, janitor: lambda: list(Backlog(raw, RedisLedger(raw, 60)).collect()),
    "submit": lambda client, raw, janitor: lambda: submit(client, 1_000_000, 50),
    "status": lambda client, raw, janitor: lambda: client.status(submit(client, 2_000_000, 1)[0]),
}


@pytest.mark.parametrize("look", LOOKS)
def test_a_long_queue_costs_no_more(look: str, client: Client, raw: redis.Redis) -> None:
    """Five times as many articles wait, and it is as many commands and answers."""
    found = []
    for count in (SHORT, LONG):
        fill(client, raw, count)
        janitor = Janitor(raw, RedisLedger(raw, 60), lease_s=30)
        step = LOOKS[look](client, raw, janitor)
        janitor.clean()
        found.append(cost(raw, step))
    few, many = found
    # How many of the names that Redis gives in one step are those of records is chance.
    assert many[0] <= 1.3 * few[0] + 20, (few, many)
    assert many[1] <= 1.3 * few[1] + 5000, (few, many)


def test_many_short_steps_find_what_is_lost(client: Client, raw: redis.Redis) -> None:
    """One message is lost; others were moved, are held, or are given back meanwhile, and none is written again."""
    janitor = Janitor(raw, RedisLedger(raw, 60), lease_s=30)
    ids = [task_id for number in range(5) for task_id in submit(client, 100 * number, 1)]
    submit(client, 1000, 1000)
    _, moved, held, restored, last = (str(raw.rpop("articles")) for _ in ids)
    raw.lpush("articles", moved)
    for tag, text in (("held", held), ("restored", restored)):
        raw.hset("unacked", tag, json.dumps([json.loads(text), "articles", "articles"]))
    raw.rpush("articles", last)
    published, rounds = 0, 0
    while not published:
        published, rounds = janitor.clean(), rounds + 1
        if rounds == 4:
            # New ones come, and a worker that stops gives back what it held.
            submit(client, 5000, 100)
            raw.hdel("unacked", "restored")
            raw.rpush("articles", restored)
    assert rounds > 10
    assert [messages.task_id_of(str(text)) for text in raw.lrange("articles", -1, -1)] == [ids[0]]
    assert published == 1


def test_a_search_that_redis_interrupts_is_begun_again(
    client: Client, raw: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was not read is not taken for what is not there."""
    (first,) = submit(client, 0, 1)
    submit(client, 1, 600)
    raw.lpush("articles.low", str(raw.rpop("articles")))
    finder, later = LostMessages(raw), 1e12
    for _ in range(4):
        assert finder.find(later) == []
    assert finder._search is not None
    assert first in finder._search.missing
    with monkeypatch.context() as away:
        away.setattr(raw, "lrange", lambda *range: (_ for _ in ()).throw(redis.ConnectionError("away")))
        with pytest.raises(redis.ConnectionError):
            finder.find(later)
    for _ in range(60):
        assert finder.find(later) == []


def test_a_job_that_has_ended_is_not_looked_for_any_more(client: Client, raw: redis.Redis) -> None:
    """A search ends as soon as nothing is missing."""
    (first,) = submit(client, 0, 1)
    submit(client, 1, 600)
    raw.rpop("articles")
    finder = LostMessages(raw)
    for _ in range(3):
        finder.find(1e12)
    assert finder._search is not None
    client.cancel(first)
    assert finder.find(1e12) == []
    assert finder._search is None
