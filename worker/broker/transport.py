"""kombu's transport for Redis, with leases on the messages that a worker has taken.

kombu 5.7 gives a message to another worker when the visibility timeout has passed since it was taken, however healthy
its worker is. Here the worker renews what it holds (:meth:`MessageLeases.renew`), so the timeout may be seconds. The
other differences from kombu's transport are these:

- Every delivery has a tag of its own. kombu restores a message under its old tag, and a worker that was only slow would
  then acknowledge another worker's delivery.
- Times are Redis' own, so clocks that differ between machines do no harm.
- Acknowledging needs no connection of kombu's: an article that outlives its connection is acknowledged all the same.
- All writes that an article needs are scripts that Redis takes even when it is full, and the others are left out then,
  so workers can start in a full Redis and empty it.
- Messages are inspected before Celery sees them, and refused if they are not jobs.
- Nothing is given back for others in the first moments of a connection: after Redis was away, every worker must have
  had the time to renew.

``tests/contract/`` holds every private part of kombu that this uses.
"""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty
from typing import Any

import redis
from kombu.transport import redis as kombus
from kombu.transport import virtual

from depeche.queue import QUEUES
from depeche.redis_client import is_out_of_memory
from worker.broker.in_work import requests_in_work
from worker.broker.inspection import Envelope, Inspector, Refused
from worker.broker.leases import MessageLeases, read_entry

log = logging.getLogger("depeche.worker")

#: What each channel gets from the connection's transport options, besides kombu's own options.
OPTIONS = ("leases", "inspector")


class LeasedQoS(kombus.QoS):
    """kombu's record of a channel's unacknowledged messages, held by :class:`MessageLeases`."""

    # Closing gives back less than kombu would: see restore_unacked_once.
    restore_at_shutdown = False

    channel: LeasedChannel

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._leases = self.channel.leases
        self._settled_at = time.monotonic() + self._leases.settle_s
        # A dict, as its keys can be listed while other threads change it.
        self._unacknowledged: dict[str, None] = {}

    def can_consume(self) -> bool:
        """Whether there is room for one more message.

        Articles that an earlier connection brought count too, as they occupy the worker's threads until they have
        ended. Without them, a worker would keep messages waiting that others could begin at once.
        """
        return not self.prefetch_count or len(self._leases) < self.prefetch_count

    def append(self, message: Any, delivery_tag: str) -> None:
        """A message was taken."""
        delivery = message.delivery_info
        source = json.dumps([delivery["exchange"], delivery["routing_key"]])
        # kombu's record is the list [message, exchange, routing key]. The message is in it as it lay on the queue, as
        # it takes long to write a long article once more.
        self._leases.take(delivery_tag, f"[{message.envelope.text}, {source[1:]}")
        self._unacknowledged[delivery_tag] = None
        # Not kombu's for Redis, which would record the message in its own way too.
        virtual.QoS.append(self, message, delivery_tag)

    def ack(self, delivery_tag: str) -> None:
        """A message is done."""
        self._make_room(delivery_tag)
        self._leases.ack(delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        """A message is done, or goes back to the front of its queue."""
        self._make_room(delivery_tag)
        if requeue:
            self._restore(delivery_tag, age_s=0)
        else:
            self._leases.ack(delivery_tag)

    def let_go(self, delivery_tag: str) -> None:
        """A message is not done, and no longer held: it goes back when its lease has ended."""
        self._make_room(delivery_tag)
        self._leases.forget([delivery_tag])

    def restore_visible(self, start: int = 0, num: int = 10, interval: int = 10) -> None:  # noqa: ARG002  # kombu's
        """Give back what other workers took and no longer renew."""
        if time.monotonic() < self._settled_at:
            return
        for tag in self._leases.overdue():
            log.info("message %s is given back: its worker does not renew it", tag)
            self._restore(tag, age_s=self._leases.timeout_s)

    def restore_unacked_once(self, stderr: Any = None) -> None:
        """The channel closes: what is not in work goes back; what is, stays held, and is acknowledged without it."""
        super().restore_unacked_once(stderr)
        in_work = {request.message.delivery_tag for request in requests_in_work()}
        unstarted = [tag for tag in list(self._unacknowledged) if tag not in in_work]
        self._unacknowledged.clear()
        try:
            for tag in unstarted:
                self._restore(tag, age_s=0)
        except redis.RedisError:
            self._leases.forget(unstarted)

    def _make_room(self, tag: str) -> None:
        # Before Redis is asked: whatever it says, the worker has room for the next message.
        self._unacknowledged.pop(tag, None)
        virtual.QoS.ack(self, tag)

    def _restore(self, tag: str, *, age_s: float) -> None:
        self._leases.record(tag)
        if (entry := self._leases.entry(tag)) is None:
            # Nothing is held under this tag, so there is nothing to be looked for again and again either.
            self._leases.ack(tag)
            return
        try:
            message, routing_key = read_entry(entry)
        except ValueError:
            if self.channel.inspector.keep(Refused("not_json", entry)):
                self._leases.ack(tag)
        else:
            # The message says so itself: its sender's word must not lead the worker to any other key.
            queue = routing_key if routing_key in QUEUES.values() else QUEUES["normal"]
            self._leases.restore(tag, queue, message, age_s=age_s)


class FreshlyTagged(virtual.Message):
    """A message with a delivery tag of its own, whoever else has had it.

    Attributes:
        envelope: all that lay on the queue, with the delivery tag that its sender gave it.
    """

    def __init__(self, payload: Envelope, channel: Any = None, **kwargs: Any) -> None:
        self.envelope = payload
        # In a copy: a message that goes back, or becomes a dead letter, is the same as before. By that it is known
        # again when it comes once more.
        properties = payload["properties"] | {"delivery_tag": secrets.token_hex(16)}
        super().__init__(payload | {"properties": properties}, channel=channel, **kwargs)
        # The inspector has read the body, and Celery asks for it in the event loop and once more in the thread.
        self._decoded_cache = payload.content


@contextmanager
def _spared(what: str) -> Iterator[None]:
    """Leave out in a full Redis what a worker can do without.

    These are all that kombu does there but by scripts of ours. Its declarations are for those who send to a queue,
    and they make them themselves; who takes from a queue needs none.
    """
    try:
        yield
    except redis.ResponseError as error:
        if not is_out_of_memory(error):
            raise
        log.warning("Redis is full, so this worker does not %s", what)


class LeasedChannel(kombus.Channel):
    """kombu's channel, whose messages are held by leases; what the inspector refuses seems never to have come.

    Attributes:
        leases: the messages that this process holds.
        inspector: looks at messages.
    """

    QoS = LeasedQoS
    Message = FreshlyTagged
    from_transport_options = kombus.Channel.from_transport_options + OPTIONS

    leases: MessageLeases
    inspector: Inspector

    def _queue_bind(self, exchange: str, *declaration: Any) -> None:
        with _spared("declare a queue"):
            super()._queue_bind(exchange, *declaration)  # type: ignore[misc]  # not in the stubs

    def _refresh_bindings(self, queues: Any) -> None:
        with _spared("declare a queue again"):
            super()._refresh_bindings(queues)  # type: ignore[misc]  # not in the stubs

    def _size(self, queue: str) -> int:
        # kombu asks in a transaction, and a full Redis denies every command in one, reading too.
        with self.conn_or_acquire() as client:
            lengths: list[int] = [client.llen(self._q_for_pri(queue, step)) for step in self.priority_steps]  # type: ignore[attr-defined]
            return sum(lengths)

    def _delete(self, *arguments: Any, **options: Any) -> None:
        with _spared("delete a queue of remote control"):
            super()._delete(*arguments, **options)

    def _put(self, queue: str, message: Any, **options: Any) -> None:
        with _spared("answer to remote control"):
            super()._put(queue, message, **options)

    def _brpop_read(self, **options: Any) -> Any:
        try:
            return super()._brpop_read(**options)  # type: ignore[misc]  # not in the stubs
        except Refused as refused:
            self._keep(refused)
            # As if there had been no message.
            raise Empty from None

    def _keep(self, message: Refused) -> None:
        """Make a dead letter of a message that is off its queue. If Redis goes away meanwhile, it comes again."""
        tag = secrets.token_hex(16)
        # As kombu's record has it, but for the text in place of a message: not even its JSON can be relied on.
        self.leases.hold(tag, json.dumps([message.text, "", ""], ensure_ascii=False))
        if self.inspector.keep(message):
            self.leases.ack(tag)
        else:
            self.leases.forget([tag])


class LeasedSentinelChannel(LeasedChannel, kombus.SentinelChannel):
    """The same where Sentinel says which server is the master."""

    from_transport_options = kombus.SentinelChannel.from_transport_options + OPTIONS


class LeasedTransport(kombus.Transport):
    """kombu's transport, whose channels hold messages by leases."""

    Channel = LeasedChannel

    def __init__(self, client: Any, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)
        self._inspector: Inspector = client.transport_options["inspector"]

    def _deliver(self, message: Any, queue: str | None) -> None:
        # Celery's own messages, as those of its remote control, come through other queues.
        if queue in QUEUES.values():
            self._inspector.check(message)
        super()._deliver(message, queue)


class LeasedSentinelTransport(LeasedTransport, kombus.SentinelTransport):
    """The same where Sentinel says which server is the master."""

    Channel = LeasedSentinelChannel


def parse_with(inspector: Inspector) -> None:
    """Have the inspector parse all that kombu takes from Redis in this process, so that its size counts first."""
    # The one thing that is replaced in kombu itself. kombu calls this function in the middle of two methods, and a
    # subclass could not come between without a copy of both.
    kombus.loads = inspector.read  # type: ignore[attr-defined]  # not in the stubs
