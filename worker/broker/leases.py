"""The messages that this process holds, and how long nobody else may have them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import redis

from depeche import keys
from depeche.scripts import Scripts
from worker.run.delivery import Receipt

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
    """The messages that this process has taken off the queue and not let go.

    Args:
        client: a connected client that decodes responses.
        timeout_s: a message that nobody has renewed for so long is free.
        settle_s: how long after connecting nothing is given back that others hold.

    Attributes:
        claimants: how many threads of this process claim jobs. Whoever claims the job of a message also records that
            the message is held, so a message that comes while one of them is free needs no step of its own in Redis.
            0 where messages are taken in one process and claimed in others.
    """

    def __init__(self, client: redis.Redis, *, timeout_s: float, settle_s: float) -> None:
        self.timeout_s = timeout_s
        self.settle_s = settle_s
        self.claimants = 0
        self._client = client
        self._scripts = Scripts(client)
        # What this process holds, and the records that are not written yet, by their tags. A message may be let go
        # before its record was written, and then it is in the second alone. These are dicts, as the keys of a dict can
        # be listed while other threads change it.
        self._tags: dict[str, None] = {}
        self._not_recorded: dict[str, str] = {}
        self._settled: set[str] = set()

    def __len__(self) -> int:
        return len(self._tags)

    def take(self, tag: str, entry: str) -> None:
        """A message was taken: record it, unless a thread is free that claims its job, and so records it, at once.

        ``entry`` is kombu's record of it, see :func:`read_entry`.

        Raises:
            redis.RedisError: as :meth:`hold`.
        """
        if len(self._tags) < self.claimants:
            self._not_recorded[tag] = entry
            self._tags[tag] = None
        else:
            self.hold(tag, entry)

    def hold(self, tag: str, entry: str) -> None:
        """Record a message as taken.

        Raises:
            redis.RedisError: it could not be recorded. Then nobody but this process knows of it, so :meth:`renew`
                records it once Redis is back. It goes back to its queue some time later, as nobody renews it.
        """
        self._not_recorded[tag] = entry
        self.record(tag)
        self._tags[tag] = None

    def receipt(self, tag: str) -> Receipt:
        """What the Runner knows a message by."""
        return LeasedReceipt(self, tag)

    def unrecorded(self, tag: str) -> str:
        """The record of a message that is still to be written; empty where it was written."""
        return self._not_recorded.get(tag, "")

    def recorded(self, tag: str) -> None:
        """Somebody has written the record of a message."""
        self._not_recorded.pop(tag, None)

    def record(self, tag: str) -> None:
        """Write the record of a message now, if it is still to be written.

        Raises:
            redis.RedisError: it could not be written. :meth:`renew` does it once Redis is back.
        """
        if entry := self.unrecorded(tag):
            self._scripts.run("hold", tag, entry)
            self.recorded(tag)

    def settled(self, tag: str) -> None:
        """A script of the ledger has acknowledged a message, together with the end of its job."""
        if tag in self._tags:
            self._settled.add(tag)
        self._drop(tag)

    def ack(self, tag: str) -> None:
        """Acknowledge a message: it is done, and nobody gets it again."""
        if tag in self._settled:
            self._settled.discard(tag)
            return
        # Before Redis is asked: if it does not answer, the message must not be renewed for ever.
        self._drop(tag)
        self._scripts.run("ack", tag)

    def renew(self) -> None:
        """Say that this process still holds what it holds, and record what is not recorded yet.

        A message whose job is claimed meanwhile may be recorded once more just when it is done. Then it comes again
        when its lease has ended, and the ledger knows that its job has ended.
        """
        for tag in list(self._not_recorded):
            self.record(tag)
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
        """Let go of messages without Redis: they are free when their time is up.

        The time of one that is not recorded yet begins when :meth:`renew` has recorded it.
        """
        for tag in tags:
            self._tags.pop(tag, None)

    def _drop(self, tag: str) -> None:
        self._tags.pop(tag, None)
        self._not_recorded.pop(tag, None)


class LeasedReceipt:
    """The Protocol ``Receipt`` of ``worker/run/delivery.py`` for one message."""

    def __init__(self, leases: MessageLeases, tag: str) -> None:
        self.tag = tag
        self._leases = leases

    def unrecorded(self) -> str:
        """As :meth:`MessageLeases.unrecorded`."""
        return self._leases.unrecorded(self.tag)

    def recorded(self) -> None:
        """As :meth:`MessageLeases.recorded`."""
        self._leases.recorded(self.tag)

    def record(self) -> None:
        """As :meth:`MessageLeases.record`."""
        self._leases.record(self.tag)

    def settled(self) -> None:
        """As :meth:`MessageLeases.settled`."""
        self._leases.settled(self.tag)
