"""The look for keys that live for ever, which every test with the shared Redis gets, finds them."""

from __future__ import annotations

import pytest
import redis

from config.settings import Settings
from tests.key_leaks import FOR_EVER, leaked

pytestmark = pytest.mark.integration


@pytest.mark.writes_keys("it is what this test is about")
def test_a_key_without_an_end_is_found(raw: redis.Redis, settings: Settings) -> None:
    """Ours, another type's or one whose name is not text; what ends, and what is the broker's, is none."""
    raw.set("depeche:job:x", "")
    raw.zadd("depeche:dead", {"x": 1})
    raw.set(b"\xff", "")
    raw.set("depeche:message:x", "", ex=60)
    for name in ("articles", "articles.low", "unacked", "_kombu.binding.articles", "_kombu.binding_permanent.articles"):
        raw.rpush(name, "x")
    raw.rpush("0f-1c.reply.celery.pidbox", "x")
    raw.set("articlesque", "")
    with redis.Redis.from_url(settings.redis_url.get_secret_value()) as plain:
        assert leaked(plain) == sorted(["depeche:job:x", "depeche:dead", "\\xff", "articlesque"])


def test_each_exception_has_a_reason() -> None:
    """So that nobody adds one without."""
    assert all(len(reason) > 10 for reason in FOR_EVER.values())
