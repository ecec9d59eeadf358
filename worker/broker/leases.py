"""The messages that this process holds, and how long nobody else may have them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import redis

from depeche import keys
from depeche.scripts import Scripts

#: Messages given back in one sweep; the next sweep comes a second later.
SWEEP = 100


def read_entry(text: str) -> tuple[Any, str]:
    """A message and the routing key by which it came, from kombu's record, ``[message, exchange, routing key]``.

    Where this worker was about to refuse it, the message is its text as it lay on the queue.

    Raises:
        ValueError: it is none.
    """
    try:
        message, _, routing_key = json.loads(text)
    except (TypeError, RecursionError) as error:
        raise ValueError("a record of a message is a list of three") from error
    return message, str(routing_key)


class MessageLeases:
    """The messages that this process holds.

    Args:
        client: a connected client that decodes responses.
        timeout_s: a message that nobody has renewed for so long is free.
        settle_s: how long after connecting nothing is given back that others hold.
    """

    def __init__(self, client: redis.Redis, *, timeout_s: float, settle_s: float) -> None:
        self.timeout_s = timeout_s
        self.settle_s = settle_s
        self._client = client
        self._scripts = Scripts(client)
        # A dict, as its keys can be listed while other threads change it.
        self._tags: dict[str, None] = {}
        self._not_recorded: dict[str, str] = {}

    def hold(self, tag: str, entry: str) -> None:
        """Record a message as taken.

        Raises:
            redis.RedisError: it could not be recorded. Then nobody but this process knows of it, so :meth:`renew`
                records it once Redis is back. It goes back to its queue some time later, as nobody renews it.
        """
        try:
            self._scripts.run("hold", tag, entry)
        except redis.RedisError:
            self._not_recorded[tag] = entry
            raise
        self._tags[tag] = None

    def ack(self, tag: str) -> None:
        """Acknowledge a message: it is done, and nobody gets it again."""
        self._tags.pop(tag, None)
        self._scripts.run("ack", tag)

    def renew(self) -> None:
        """Say that this process still holds what it holds."""
        for tag, entry in list(self._not_recorded.items()):
            self._scripts.run("hold", tag, entry)
            del self._not_recorded[tag]
        if tags := list(self._tags):
            self._scripts.run("renew_messages", *tags)

    def overdue(self) -> list[str]:
        """Tags of messages that their workers no longer renew."""
        found: list[str] = self._scripts.run("overdue", self.timeout_s, SWEEP)
        return found

    def entry(self, tag: str) -> str | None:
        """kombu's record of a message, as :func:`read_entry` reads it; None where it was acknowledged."""
        text = self._client.hget(keys.UNACKED.name, tag)
        return None if text is None else str(text)

    def restore(self, tag: str, queue: str, message: Any, *, age_s: float) -> None:
        """Put a message back to the front of its queue, unless it was renewed less than ``age_s`` ago."""
        self._tags.pop(tag, None)
        text = message if isinstance(message, str) else json.dumps(message, ensure_ascii=False)
        self._scripts.run("restore", tag, age_s, queue, text)

    def forget(self, tags: Iterable[str]) -> None:
        """Let go of messages without Redis: they are free when their time is up."""
        for tag in tags:
            self._tags.pop(tag, None)
