"""How a worker holds the messages that it has taken: leases of its own on kombu's record of the unacknowledged.

kombu 5.7 gives a message to another worker when the visibility timeout has passed since it was taken, however healthy
its worker is. Here the worker renews what it holds (:meth:`MessageLeases.renew`), so the timeout may be seconds. Beside
that, against kombu's own:

- Every delivery has a tag of its own. kombu restores a message under its old tag, and a worker that was only slow would
  then acknowledge another worker's delivery.
- Times are Redis' own, so clocks that differ between machines do no harm.
- Acknowledging needs no channel: an article that outlives its connection is acknowledged all the same.
- All writes are scripts that Redis takes even when it is full, so workers can empty it.
- What is no message is refused before Celery sees it.
- Nothing is given back for others in the first moments of a connection: after Redis was away, every worker must have
  had the time to renew.
"""

from __future__ import annotations

import json
import logging
import time
import uuid
from collections.abc import Iterable
from queue import Empty
from typing import Any

import redis
from celery.worker import state
from kombu.transport import redis as transport
from kombu.transport import virtual

from config.queue import QUEUES
from tasks.scripts import Scripts
from worker.broker.inspection import Refused, Screen

log = logging.getLogger("depeche.worker")

#: Messages given back in one sweep; the next comes a second later.
SWEEP = 100


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

    def hold(self, tag: str, entry: str) -> None:
        """Record a message as taken."""
        self._scripts.run("hold", tag, entry)
        self._tags[tag] = None

    def drop(self, tag: str) -> None:
        """A message is done with."""
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

    def entry(self, tag: str) -> Any:
        """kombu's record of a message: ``[message, exchange, routing key]``; None where it is done with."""
        text = self._client.hget("unacked", tag)
        return None if text is None else json.loads(str(text))

    def restore(self, tag: str, queue: str, message: Any, *, age_s: float) -> None:
        """Put a message back to the front of its queue, unless it was renewed less than ``age_s`` ago."""
        self._tags.pop(tag, None)
        self._scripts.run("restore", tag, age_s, queue, json.dumps(message, ensure_ascii=False))

    def forget(self, tags: Iterable[str]) -> None:
        """Let go of messages without Redis: they are free when their time is up."""
        for tag in tags:
            self._tags.pop(tag, None)


class LeasedQoS(transport.QoS):
    """kombu's record of unacknowledged messages, held by :class:`MessageLeases`."""

    #: Set by :func:`install`.
    leases: MessageLeases
    screen: Screen

    # Of kombu's own, which the stubs leave out.
    _on_collect: Any
    _flush: Any
    _delivered: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._settled_at = time.monotonic() + self.leases.settle_s

    def append(self, message: Any, delivery_tag: str) -> None:
        """A message was taken."""
        delivery = message.delivery_info
        entry = [message._raw, delivery["exchange"], delivery["routing_key"]]
        self.leases.hold(delivery_tag, json.dumps(entry, ensure_ascii=False))
        virtual.QoS.append(self, message, delivery_tag)

    def ack(self, delivery_tag: str) -> None:
        """A message is done with."""
        # First here: whatever Redis says, the worker has room for the next one.
        virtual.QoS.ack(self, delivery_tag)
        self.leases.drop(delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        """A message is done with, or goes back to the front of its queue."""
        virtual.QoS.ack(self, delivery_tag)
        if requeue:
            self._restore(delivery_tag, age_s=0)
        else:
            self.leases.drop(delivery_tag)

    def restore_visible(self, start: int = 0, num: int = 10, interval: int = 10) -> None:  # noqa: ARG002  # kombu's
        """Give back what other workers took and no longer renew."""
        if time.monotonic() < self._settled_at:
            return
        for tag in self.leases.overdue():
            log.info("message %s is given back: its worker does not renew it", tag)
            self._restore(tag, age_s=self.leases.timeout_s)

    def restore_unacked_once(self, stderr: Any = None) -> None:  # noqa: ARG002  # kombu's
        """The channel closes: what is not in work goes back; what is, stays held, and is acknowledged without it."""
        self._on_collect.cancel()
        self._flush()
        in_work = {request._message.delivery_tag for request in tuple(state.active_requests)}
        unstarted = [tag for tag in self._delivered if tag not in in_work]
        self._delivered.clear()
        try:
            for tag in unstarted:
                self._restore(tag, age_s=0)
        except redis.RedisError:
            self.leases.forget(unstarted)

    def _restore(self, tag: str, *, age_s: float) -> None:
        if entry := self.leases.entry(tag):
            message, _, routing_key = entry
            # The message says so itself: its sender's word must not lead the worker to any other key.
            queue = routing_key if routing_key in QUEUES.values() else QUEUES["normal"]
            self.leases.restore(tag, queue, message, age_s=age_s)


class FreshlyTagged(virtual.Message):
    """A message with a delivery tag of its own, whoever else has had it."""

    def __init__(self, payload: Any, channel: Any = None, **kwargs: Any) -> None:
        payload["properties"]["delivery_tag"] = str(uuid.uuid4())
        super().__init__(payload, channel=channel, **kwargs)


def install(leases: MessageLeases, screen: Screen) -> None:
    """Have every channel of this process use these leases, and this screen for what comes off our queues."""
    LeasedQoS.leases, LeasedQoS.screen = leases, screen
    kombus.Channel.QoS = LeasedQoS
    kombus.Channel.Message = FreshlyTagged
    kombus.Channel._brpop_read = _read_one
    kombus.Transport._deliver = _deliver
    kombus.loads = screen.read


#: As the stubs leave out what is replaced in it.
kombus: Any = transport
_kombus_read_one, _kombus_deliver = kombus.Channel._brpop_read, kombus.Transport._deliver


def _read_one(channel: Any, **options: Any) -> Any:
    try:
        return _kombus_read_one(channel, **options)
    except Refused as refused:
        channel.qos.screen.keep(refused)
        # As if there had been no message.
        raise Empty from None


def _deliver(self: Any, message: Any, queue: str) -> None:
    if queue in QUEUES.values():
        LeasedQoS.screen.check(message)
    _kombus_deliver(self, message, queue)
