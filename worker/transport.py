"""Lets a worker outlive its connection to Redis while articles are in work.

When the connection is lost, Celery closes its channel and takes the articles in work for unfinished; kombu 5.7 then
asks the closed channel to put them back and to acknowledge them, which ends the worker with an AttributeError. Here
both are left undone: the article's message stays with the unacknowledged ones, is delivered again after the visibility
timeout, and finds its result already there.
"""

from __future__ import annotations

from typing import Any

from kombu.transport import redis


class PatientQoS(redis.QoS):
    """kombu's record of unacknowledged messages, for a channel that may have been closed."""

    def restore_unacked_once(self, stderr: Any = None) -> None:
        """Put the messages back, while there is a connection to do it with."""
        if self._is_connected():
            super().restore_unacked_once(stderr)

    def ack(self, delivery_tag: str) -> None:
        """Acknowledge a message, while there is a connection to do it with."""
        if self._is_connected():
            super().ack(delivery_tag)

    def _is_connected(self) -> bool:
        connection = self.channel.connection
        return connection is not None and connection.client is not None


def install() -> None:
    """Have every channel of this process use it."""
    redis.Channel.QoS = PatientQoS
