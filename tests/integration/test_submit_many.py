"""Many articles at once: the same as submit in a loop, in the order of the input, and nothing that is not told."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.settings import Settings, load_settings
from depeche import intake, messages
from depeche.article import Article, JobState, Options
from depeche.client import Client
from depeche.errors import InvalidArticle, KeyConflict, QueueFull, RedisUnavailable, TooLong
from depeche.intake import Item, Submitted
from depeche.redis_client import connect
from depeche.testing import InMemoryClient
from tests.proxy import Proxy
from worker.embedded_redis import EmbeddedRedis

pytestmark = pytest.mark.integration

TEXT = "La gare a fermé lundi."


def texts(count: int) -> Iterator[str]:
    """So many articles, each another one."""
    return (f"Le bac numéro {number} part à midi." for number in range(count))


def queued_ids(raw: redis.Redis) -> list[str | None]:
    """The ids on the queue, in the order in which workers take them."""
    found: Any = raw.lrange("articles", 0, -1)
    return [messages.task_id_of(text) for text in reversed(found)]


def gather(answers: Iterable[Submitted], done: list[Submitted]) -> None:
    """Take one answer after the other, so that those before an error are there."""
    for answer in answers:
        done.append(answer)


def told(done: Submitted) -> str:
    """An answer without the id."""
    return type(done.error).__name__ if done.error else done.outcome


@pytest.fixture(params=["Redis", "memory"])
def either(request: pytest.FixtureRequest, settings: Settings, client: Client) -> Client:
    """The real client, and the double for producers' tests."""
    return client if request.param == "Redis" else InMemoryClient(settings=settings)


def test_one_answer_for_each_in_order(either: Client) -> None:
    """Texts, articles and items with keys; what cannot be taken is refused, and the others go on."""
    taken = either.submit("Le phare est rouge.", key="phare")
    items: list[Article | str | Item] = [
        TEXT,
        Article(text=TEXT, title="La gare"),
        "12 345",
        Item(TEXT, key="gare"),
        Item(TEXT, key="gare"),
        Item("Le port est fermé.", key="gare"),
        Item("Le phare est rouge.", key="phare"),
        Item(TEXT, key=""),
        "é" * 200_001,
        TEXT,
    ]
    done = list(either.submit_many(items, options=Options(summary=False)))
    assert [answer.position for answer in done] == list(range(10))
    assert [told(answer) for answer in done] == [
        "queued",
        "queued",
        "InvalidArticle",
        "queued",
        "exists",
        "KeyConflict",
        # The options are others than those of its first submit.
        "KeyConflict",
        "InvalidArticle",
        "TooLong",
        "queued",
    ]
    assert done[3].task_id == done[4].task_id
    assert (done[6].outcome, done[6].task_id) == ("refused", None)
    assert str(done[5].error) == (
        f"the key 'gare' belongs to job {done[3].task_id}, with another article or other options: use another"
    )
    ids = [answer.task_id for answer in done if answer.outcome == "queued" and answer.task_id]
    assert len(set(ids)) == 4
    assert {either.status(task_id).state for task_id in [*ids, taken]} == {JobState.QUEUED}
    assert either.stats().queued["normal"] == 5


def test_the_same_as_submit(client: Client, raw: redis.Redis) -> None:
    """Record, place in the ledger, message and Celery's meta are those that submit writes, with the same lives."""
    article = Article(text=TEXT, title="La gare", metadata={"desk": "local"})
    one = client.submit(article, priority="low")
    (answer,) = client.submit_many([article], priority="low")

    def written(task_id: str) -> Any:
        record: Any = raw.hgetall(f"depeche:job:{task_id}")
        names = [f"depeche:job:{task_id}", f"depeche:message:{task_id}", f"celery-task-meta-{task_id}"]
        message = str(raw.get(names[1])).replace(task_id, "ID")
        return (
            {name: value for name, value in record.items() if name not in {"queued_at", "submitted"}},
            raw.zscore("depeche:waiting:low", task_id) == float(record["queued_at"]),
            message.partition('"delivery_tag"')[0],
            str(raw.get(names[2])).replace(task_id, "ID"),
            [round(int(str(raw.ttl(name))) / 100) for name in names],
        )

    assert answer.task_id is not None
    assert written(answer.task_id) == written(one)
    assert queued_ids(raw) == []
    found: Any = raw.lrange("articles.low", 0, -1)
    assert [messages.task_id_of(text) for text in reversed(found)] == [one, answer.task_id]


def test_more_than_a_chunk(client: Client, raw: redis.Redis) -> None:
    """The chunks follow each other in order, and each id comes once."""
    count = 2 * intake.CHUNK_JOBS + 7
    done = list(client.submit_many(texts(count)))
    assert [answer.position for answer in done] == list(range(count))
    assert {answer.outcome for answer in done} == {"queued"}
    assert queued_ids(raw) == [answer.task_id for answer in done]


def test_a_chunk_is_bounded_by_its_text_too(client: Client, raw: redis.Redis) -> None:
    """Long articles go in smaller chunks, as Redis does nothing else while it takes one."""
    raw.config_resetstat()
    long = "La mer monte. " * 14_000
    assert len(list(client.submit_many([long] * 12))) == 12
    calls: Any = raw.info("commandstats")
    # Each of them has 196 000 characters, and a chunk is full when it has a million.
    assert calls["cmdstat_evalsha"]["calls"] == 2


def test_an_endless_input(either: Client) -> None:
    """It is read as far as it is needed, and no further than the chunk that comes next."""
    read = itertools.count()
    answers = either.submit_many(f"Le bac numéro {number} part." for number in read)
    for _ in range(3):
        next(answers)
    answers.close()
    assert next(read) == 2 * intake.CHUNK_JOBS
    # Only the first chunk is queued, and the caller could have heard of all of it.
    assert either.stats().queued["normal"] == intake.CHUNK_JOBS


def test_an_input_that_fails(either: Client) -> None:
    """What was queued before it failed is answered first, and then comes the input's own error."""

    def items() -> Iterator[str]:
        yield from texts(intake.CHUNK_JOBS + 5)
        raise OSError("the disk is gone")

    done: list[Submitted] = []
    with pytest.raises(OSError, match="the disk is gone"):
        gather(either.submit_many(items()), done)
    assert [answer.outcome for answer in done] == ["queued"] * intake.CHUNK_JOBS
    assert either.stats().queued["normal"] == intake.CHUNK_JOBS


@pytest.mark.parametrize("memory", [False, True])
def test_a_full_queue(settings: Settings, memory: bool) -> None:
    """All that has found a place is answered, and then comes the error. What the keys know is no longer in the way."""
    bounded = settings.model_copy(update={"max_queue_length": 5})
    items = [Item(text, key=f"k{number}") for number, text in enumerate(texts(8))]
    with InMemoryClient(settings=bounded) if memory else Client(bounded) as client:
        done: list[Submitted] = []
        with pytest.raises(QueueFull, match="5 articles are waiting and DEPECHE_MAX_QUEUE_LENGTH is 5"):
            gather(client.submit_many(items), done)
        with pytest.raises(QueueFull):
            gather(client.submit_many(items), done)
        assert [answer.outcome for answer in done] == ["queued"] * 5 + ["exists"] * 5
        assert client.stats().queued["normal"] == 5


def test_waiting_for_room(settings: Settings, raw: redis.Redis) -> None:
    """With on_full it goes on when workers have taken some, in order; the callback is told the reason."""
    reasons, taken = [], []

    def work(full: QueueFull) -> None:
        reasons.append(full.detail)
        if len(reasons) > 1:
            taken.append(messages.task_id_of(str(raw.rpop("articles"))))

    with Client(settings.model_copy(update={"max_queue_length": 3})) as client:
        done = list(client.submit_many(texts(6), on_full=work))
    assert [answer.outcome for answer in done] == ["queued"] * 6
    assert [answer.position for answer in done] == list(range(6))
    assert reasons == [{"length": 3, "limit": 3}] * 4
    assert taken + queued_ids(raw) == [answer.task_id for answer in done]


def test_a_callback_that_gives_up(settings: Settings) -> None:
    """What it raises ends the iteration, and all that was queued has been answered."""
    with Client(settings.model_copy(update={"max_queue_length": 3})) as client:

        def give_up(full: QueueFull) -> None:
            raise TimeoutError

        done: list[Submitted] = []
        with pytest.raises(TimeoutError):
            gather(client.submit_many(texts(6), on_full=give_up), done)
        assert len(done) == client.stats().queued["normal"] == 3


def test_a_lost_answer_comes_again(settings: Settings, redis_server: EmbeddedRedis, raw: redis.Redis) -> None:
    """The same answers as if it had come at once: with keys and without, and a key twice is once queued."""
    losses = 2

    def loses(request: bytes) -> bool:
        nonlocal losses
        lost = losses > 0 and b"EVALSHA" in request
        losses -= lost
        return lost

    items: list[str | Item] = [
        TEXT,
        Item(TEXT, "a"),
        Item(TEXT, "a"),
        Item("Le pont est ouvert.", "a"),
        Item("Le pont.", "b"),
    ]
    with Proxy(redis_server) as proxy, Client(settings) as plain:
        # The script must be known, or else the first answer to be lost is that it is not.
        plain.submit("La poste ouvre.", key="b")
        proxy.loses = loses
        with Client(load_settings(redis_url=proxy.url)) as client:
            done = list(client.submit_many(items))
    assert losses == 0
    assert [told(answer) for answer in done] == ["queued", "queued", "exists", "KeyConflict", "KeyConflict"]
    assert len(queued_ids(raw)) == 3


def test_a_redis_that_goes_away(settings: Settings, redis_server: EmbeddedRedis, raw: redis.Redis) -> None:
    """What was answered is queued, the error comes once, and the same keys again give the rest."""
    count = 3 * intake.CHUNK_JOBS
    items = [Item(text, key=text) for text in texts(count)]
    done: list[Submitted] = []
    with Proxy(redis_server) as proxy, Client(load_settings(redis_url=proxy.url)) as client:
        client._redis.set_retry(Retry(NoBackoff(), 0))
        answers = client.submit_many(items)
        gather(itertools.islice(answers, intake.CHUNK_JOBS), done)
        proxy.close()
        with pytest.raises(RedisUnavailable):
            gather(answers, done)
    assert [answer.outcome for answer in done] == ["queued"] * intake.CHUNK_JOBS
    with Client(settings) as client:
        again = list(client.submit_many(items))
    assert [answer.outcome for answer in again[: len(done)]] == ["exists"] * len(done)
    assert len(set(queued_ids(raw))) == raw.llen("articles") == count


def test_a_record_of_another_type(client: Client, raw: redis.Redis) -> None:
    """The one article whose key is spoilt is refused with the remedy, and the others are queued."""
    bad = intake.new_task_id("bad")
    raw.set(f"depeche:job:{bad}", "not a record", ex=60)
    done = list(client.submit_many([TEXT, Item(TEXT, "bad"), TEXT]))
    assert [told(answer) for answer in done] == ["queued", "RedisUnavailable", "queued"]
    assert "is of another type" in str(done[1].error)
    assert raw.get(f"depeche:job:{bad}") == "not a record"
    assert queued_ids(raw) == [done[0].task_id, done[2].task_id]


def test_a_set_of_another_type(client: Client, raw: redis.Redis) -> None:
    """Where the ledger itself is spoilt nothing is queued, and no record is left that looks like a job."""
    raw.set("depeche:waiting:normal", "not a set", ex=60)
    done = list(client.submit_many([TEXT, Item(TEXT, "a"), "", Item(TEXT, "a")]))
    assert [told(answer) for answer in done] == [
        "RedisUnavailable",
        "RedisUnavailable",
        "InvalidArticle",
        "RedisUnavailable",
    ]
    assert raw.llen("articles") == 0
    records = [str(key) for key in raw.scan_iter("depeche:job:*")]
    assert len(records) == 2
    for record in records:
        assert raw.hget(record, "state") is None
        assert 0 < int(str(raw.ttl(record))) <= 60


def test_a_redis_without_replicas(settings: Settings) -> None:
    """Each article is refused with its id, as it is queued and a fail-over could lose it."""
    with Client(settings.model_copy(update={"min_replicas": 1})) as client:
        done = list(client.submit_many([TEXT, "", TEXT]))
        assert [told(answer) for answer in done] == ["RedisUnavailable", "InvalidArticle", "RedisUnavailable"]
        for answer in (done[0], done[2]):
            assert answer.task_id is not None
            assert answer.task_id in str(answer.error)
            assert client.status(answer.task_id).state is JobState.QUEUED


def test_a_redis_that_is_full() -> None:
    """The last of its memory stays for the workers, within a chunk too, and all that was queued is answered."""
    with EmbeddedRedis(extra=["maxmemory 6mb"]) as server, connect(server.url) as raw:
        with Client(load_settings(redis_url=server.url)) as client:
            done: list[Submitted] = []
            with pytest.raises(QueueFull, match="Redis is out of memory"):
                gather(client.submit_many(f"{text} {'x' * 4_000}" for text in texts(100_000)), done)
            assert len(done) > 50
            assert queued_ids(raw) == [answer.task_id for answer in done]
        memory: Any = raw.info("memory")
        # The chunk itself is in Redis' memory while it is looked at, and gone after it.
        assert memory["used_memory"] < 0.97 * memory["maxmemory"]


def test_what_is_refused_is_an_error_of_ours(either: Client) -> None:
    """Each kind of article that cannot be taken has the error that submit raises."""
    cases: dict[str | Item, type[Exception]] = {
        "": InvalidArticle,
        "\0": InvalidArticle,
        "é" * 200_001: TooLong,
        Item(TEXT, "\ud800"): InvalidArticle,
    }
    done = either.submit_many(cases)
    for (item, kind), answer in zip(cases.items(), done, strict=True):
        text, key = (item.article, item.key) if isinstance(item, Item) else (item, None)
        with pytest.raises(kind) as raised:
            either.submit(text, key=key)
        assert (type(answer.error), str(answer.error)) == (kind, str(raised.value))
    either.submit(TEXT, key="a")
    with pytest.raises(KeyConflict):
        either.submit("Le pont.", key="a")
