"""Finds keys that a test has left in Redis for ever."""

from __future__ import annotations

import re
from typing import Any

import redis

from depeche import keys
from depeche.queue import QUEUES
from depeche.strays import LISTS

#: Keys that may have no time to live, as patterns, and why.
FOR_EVER: dict[str, str] = {
    # Ours, as depeche/keys.py says: lists of accepted articles, and what workers hold of them.
    **dict.fromkeys((re.escape(queue) for queue in QUEUES.values()), keys.QUEUE.life),
    **{re.escape(key.name): key.life for key in (keys.UNACKED, keys.UNACKED_INDEX)},
    # The broker's own.
    **{
        re.escape(name): "articles that Celery sent with a priority of its own"
        for names in LISTS.values()
        for name in names
    },
    r"_kombu\.binding(_permanent)?\..+": "kombu declares a queue or an exchange once, and never again",
    r"_kombu\.binding_deadlines": "kombu keeps here when it may forget the bindings of queues that expire",
    r".+\.reply\.celery\.pidbox": "kombu's answers to remote control; their reader deletes the list",
}


def leaked(client: redis.Redis) -> list[str]:
    """The names of keys without a time to live that have no right to that."""
    names: list[Any] = list(client.scan_iter(count=1000))
    texts = [name if isinstance(name, str) else name.decode(errors="backslashreplace") for name in names]
    owned = re.compile("|".join(FOR_EVER))
    return sorted(
        text for name, text in zip(names, texts, strict=True) if not owned.fullmatch(text) and client.ttl(name) == -1
    )
