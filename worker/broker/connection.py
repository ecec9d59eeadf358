"""How Celery comes to our transport: by the class of its connections, and by nothing that is changed in kombu.

kombu takes the transport from the URL's scheme, and takes it anew when it switches to the next server. Two other ways
do not hold through that:

- A transport that is named next to the URL (``broker_transport``) is lost with the first switch.
- With a scheme of our own, kombu would know a single Sentinel: of the URLs it counts those that begin with
  ``sentinel://``.

The class of a connection stays the same through every switch, and so do the URLs.
"""

from __future__ import annotations

from typing import Any

from celery.app.amqp import AMQP
from kombu import Connection
from kombu.transport import redis as kombus

from worker.broker.transport import LeasedSentinelTransport, LeasedTransport

#: kombu's transports, and what we have in their place.
TRANSPORTS: dict[Any, Any] = {
    kombus.Transport: LeasedTransport,
    kombus.SentinelTransport: LeasedSentinelTransport,
}


class LeasedConnection(Connection):
    """A connection whose messages are held by leases. Its transport options name ``leases`` and ``inspector``."""

    def get_transport_cls(self) -> Any:
        """Our transport in place of kombu's, for ``redis://``, ``rediss://`` and ``sentinel://``.

        Raises:
            KeyError: it is another transport, which knows no leases.
        """
        return TRANSPORTS[super().get_transport_cls()]


class LeasedAMQP(AMQP):
    """What a Celery app takes its connections from."""

    Connection = LeasedConnection
