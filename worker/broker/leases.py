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
        claims_record: whether whoever claims a message's job records in the same step that the message is held. It must
            do so in this process and soon, as until then nobody else knows who has the message.
    """

    def __init__(self, client: redis.Redis, *, timeout_s: float, settle_s: float) -> None:
        self.timeout_s = timeout_s
        self.settle_s = settle_s
        self._client = client
        self._scripts = Scripts(client)
        self.claims_record = False
        # By their tags; with the record that is still to be written, and without one where it was written. A dict, as
        # its keys can be listed while other threads change it.
        self._tags: dict[str, str] = {}
        self._settled: set[str] = set()

    def __len__(self) -> int:
        return len(self._tags)

    def take(self, tag: str, entry: str) -> None:
        """A message was taken: record it, unless whoever claims its job will do so.

        ``entry`` is kombu's record of it, see :func:`read_entry`.
        """
        if self.claims_record:
            self._tags[tag] = entry
        else:
            self.hold(tag, entry)

    def hold(self, tag: str, entry: str) -> None:
        """Record a message as taken."""
        self._scripts.run("hold", tag, entry)
        self._tags[tag] = ""

    def receipt(self, tag: str) -> Receipt:
        """What the Runner knows a message by."""
        return LeasedReceipt(self, tag)

    def unrecorded(self, tag: str) -> str:
        """The record of a message that is still to be written; empty where it was written."""
        return self._tags.get(tag, "")

    def recorded(self, tag: str) -> None:
        """Somebody has written the record of a message."""
        if tag in self._tags:
            self._tags[tag] = ""

    def record(self, tag: str) -> None:
        """Write the record of a message now, if it is still to be written."""
        if entry := self.unrecorded(tag):
            self.hold(tag, entry)

    def settled(self, tag: str) -> None:
        """A script of the ledger has acknowledged a message, together with the end of its job."""
        if tag in self._tags:
            self._settled.add(tag)
            del self._tags[tag]

    def ack(self, tag: str) -> None:
        """Acknowledge a message: it is done, and nobody gets it again."""
        if tag in self._settled:
            self._settled.discard(tag)
            return
        self._tags.pop(tag, None)
        self._scripts.run("ack", tag)

    def renew(self) -> None:
        """Say that this process still holds what it holds."""
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
        self._scripts.run("restore", tag, age_s, queue, json.dumps(message, ensure_ascii=False))

    def forget(self, tags: Iterable[str]) -> None:
        """Let go of messages without Redis: they are free when their time is up."""
        for tag in tags:
            self._tags.pop(tag, None)


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
