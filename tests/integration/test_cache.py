"""The cache of sentences in a real Redis: bounded in number and time, and never in a job's way."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import redis

from config.settings import Settings
from depeche import keys
from depeche.article import Article, Options
from depeche.redis_client import connect
from tasks.pipeline import Context, process
from tests.fakes import FakeTranslator, fake_engines
from worker.cache import MOST_AT_ONCE, RedisSentenceCache

pytestmark = pytest.mark.integration

NEW, OLD = keys.CACHE_NEW.name, keys.CACHE_OLD.name

TTL_S = 1000


@pytest.fixture
def server(settings: Settings) -> Iterator[redis.Redis]:
    """A worker's client of the test's own Redis."""
    with connect(settings.redis_url.get_secret_value()) as client:
        yield client


@pytest.fixture
def cache(server: redis.Redis) -> RedisSentenceCache:
    """A cache of ten sentences, five a generation."""
    return RedisSentenceCache(server, max_sentences=10, ttl_s=TTL_S)


def entries(*numbers: int) -> dict[str, str]:
    """Keys with their English."""
    return {f"k{number}": f"Sentence {number} – “é”." for number in numbers}


def store(cache: RedisSentenceCache, found: dict[str, str]) -> None:
    """Put these, and have them stored."""
    cache.put(found)
    cache.flush()


def test_what_was_put_is_stored_with_the_next_look(cache: RedisSentenceCache, server: redis.Redis) -> None:
    """By any key, by none, or by itself where it is much; and whoever looks for it finds it."""
    cache.put(entries(1))
    assert not server.exists(NEW)
    assert cache.get(["k1", "k2"]) == [entries(1)["k1"], None]
    assert server.hgetall(NEW) == entries(1)
    cache.put(entries(2))
    assert cache.get([]) == []
    assert server.hgetall(NEW) == entries(1, 2)
    cache.put(entries(*range(10, 10 + MOST_AT_ONCE)))
    assert server.hexists(NEW, f"k{9 + MOST_AT_ONCE}")


def test_what_was_stored_is_recalled_in_order(cache: RedisSentenceCache) -> None:
    """With None for what is not there, and nothing for nothing."""
    assert cache.get(["k1"]) == [None]
    store(cache, {})
    store(cache, entries(1, 2))
    assert cache.get(["k2", "k3", "k1", "k2"]) == [entries(2)["k2"], None, entries(1)["k1"], entries(2)["k2"]]
    assert cache.get([]) == []


def test_a_full_generation_becomes_the_old_one(cache: RedisSentenceCache, server: redis.Redis) -> None:
    """The old one goes with the next turn; both have a time to live."""
    store(cache, entries(1, 2, 3, 4, 5))
    assert server.exists(NEW, OLD) == 1
    store(cache, entries(6))
    assert server.hgetall(OLD) == entries(1, 2, 3, 4, 5)
    assert server.hgetall(NEW) == entries(6)
    assert all(0 < server.ttl(name) <= TTL_S for name in (NEW, OLD))
    store(cache, entries(7, 8, 9, 10))
    store(cache, entries(11))
    assert server.hgetall(OLD) == entries(6, 7, 8, 9, 10)
    assert cache.get(["k1"]) == [None]


@pytest.mark.parametrize("at_once", [1, 4, 100])
def test_the_number_of_sentences_is_bounded(cache: RedisSentenceCache, server: redis.Redis, at_once: int) -> None:
    """However many are stored, at once or one by one, the last ones are there and never more than allowed."""
    for start in range(0, 100, at_once):
        store(cache, entries(*range(start, start + at_once)))
        assert server.hlen(NEW) + server.hlen(OLD) <= 10
        assert all(server.ttl(name) > 0 for name in server.keys("*"))
    assert cache.get(["k99", "k98", "k0"]) == [*entries(99, 98).values(), None]


def test_what_is_used_stays(cache: RedisSentenceCache, server: redis.Redis) -> None:
    """A sentence recalled in every generation outlives all others."""
    store(cache, entries(1, 2))
    for number in range(10, 50):
        store(cache, entries(number))
        assert cache.get(["k1"]) == [entries(1)["k1"]]
        assert server.hlen(NEW) + server.hlen(OLD) <= 10
    assert cache.get(["k2"]) == [None]


def test_a_generation_turns_at_half_time(cache: RedisSentenceCache, server: redis.Redis) -> None:
    """The old one expires when it would have; what is used before then is written to the new one, with its own time."""
    store(cache, entries(1, 2))
    server.expire(NEW, TTL_S // 2 - 10)
    store(cache, entries(3))
    assert server.hgetall(OLD) == entries(1, 2)
    assert server.ttl(OLD) <= TTL_S // 2 - 10 < server.ttl(NEW)
    cache.get(["k1"])
    cache.flush()
    assert server.hgetall(NEW) == entries(3, 1)
    server.delete(OLD)
    assert cache.get(["k1", "k2"]) == [entries(1)["k1"], None]


def test_storing_again_does_not_prolong_a_generation(cache: RedisSentenceCache, server: redis.Redis) -> None:
    """Else a busy generation would never turn; a time to live that was taken away comes back."""
    store(cache, entries(1))
    server.expire(NEW, TTL_S - 100)
    store(cache, entries(2))
    assert 0 < server.ttl(NEW) <= TTL_S - 100
    server.persist(NEW)
    store(cache, entries(3))
    assert server.hgetall(NEW) == entries(1, 2, 3)
    assert 0 < server.ttl(NEW) <= TTL_S


def test_without_redis_nothing_is_known_and_nothing_fails(caplog: pytest.LogCaptureFixture) -> None:
    """One warning tells it, however many sentences follow."""
    # No server has port 1.
    with connect("redis://127.0.0.1:1/0") as client, caplog.at_level(logging.WARNING):
        cache = RedisSentenceCache(client, max_sentences=10, ttl_s=TTL_S)
        for _ in range(3):
            assert cache.get(["k1", "k2"]) == [None, None]
            store(cache, entries(1))
    assert [record.name for record in caplog.records] == ["worker.cache"]
    assert "without the cache" in caplog.text


def test_a_full_redis_keeps_few(server: redis.Redis, caplog: pytest.LogCaptureFixture) -> None:
    """Those of the articles in work, so that nothing is done twice; and what there was before makes room for them."""
    cache = RedisSentenceCache(server, max_sentences=1_000_000, ttl_s=TTL_S)
    store(cache, entries(*range(3000)))
    server.config_set("maxmemory", 1)
    try:
        assert cache.get(["k1"]) == [entries(1)["k1"]]
        for start in range(3000, 6000, 100):
            store(cache, entries(*range(start, start + 100)))
            assert server.hlen(NEW) <= 1000
            assert cache.get([f"k{start}"]) == [entries(start)[f"k{start}"]]
    finally:
        server.config_set("maxmemory", 0)
    assert (server.hlen(NEW), server.hlen(OLD)) == (1000, 1000)
    assert all(0 < server.ttl(name) <= TTL_S for name in (NEW, OLD))
    assert caplog.records == []


@pytest.mark.writes_keys("another type in place of the cache")
def test_another_type_under_its_names_fails_nothing(cache: RedisSentenceCache, server: redis.Redis) -> None:
    """A Redis shared with another program costs the cache, not the article."""
    server.set(NEW, "not a hash")
    store(cache, entries(1))
    assert cache.get(["k1"]) == [None]


@pytest.mark.parametrize("away", [False, True])
def test_an_article_comes_out_the_same(cache: RedisSentenceCache, away: bool) -> None:
    """Translated anew, from the cache, or without a Redis; from the cache without the model."""
    with connect("redis://127.0.0.1:1/0") as nowhere:
        used = RedisSentenceCache(nowhere, max_sentences=10, ttl_s=TTL_S) if away else cache
        article = Article(text="La gare a fermé lundi.\n\nLe maire est content.")
        english = {"La gare a fermé lundi.": "The station closed on Monday.", "Le maire est content.": "He is happy."}
        engine = FakeTranslator(lambda sentence, attempt: english[sentence])
        first, second = (
            process(article, Options(), fake_engines(engine), Context(task_id, cache=used)) for task_id in ("1", "2")
        )
    assert second.text_en == first.text_en == "The station closed on Monday.\n\nHe is happy."
    assert (first.cache.hits, first.cache.misses) == (0, 2)
    assert (second.cache.hits, second.cache.misses) == ((0, 2) if away else (2, 0))
    assert len(engine.calls) == (2 if away else 1)
    assert second.models == first.models
