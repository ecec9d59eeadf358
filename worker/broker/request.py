"""How Celery's worker holds one message: acknowledged at once, odd ones refused, revoked ones cancelled."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import redis
from celery.exceptions import CeleryError
from celery.worker.request import Request
from kombu.asynchronous import get_event_loop

from tasks.process_article import ProcessArticle
from worker.broker.inspection import refused

log = logging.getLogger("depeche.worker")


class AckingRequest(Request):
    """Acknowledges in the thread that did the work.

    Celery leaves it to the event loop, which no longer turns when a worker stops: what was finished then would be
    delivered once more.
    """

    task: Any

    def acknowledge(self) -> None:
        """The message is done with."""
        if not self.acknowledged:
            self._settle(self.message.ack)

    def reject(self, requeue: bool = False) -> None:
        """The message is done with, or goes back."""
        if not self.acknowledged:
            self._settle(lambda: self.message.reject(requeue=requeue))

    def _settle(self, settle: Callable[[], Any]) -> None:
        self.acknowledged = True
        try:
            settle()
        except (redis.RedisError, OSError) as error:
            # It comes back when its lease has ended, and the ledger knows that the job is done.
            self.message.channel.leases.forget([self.message.delivery_tag])
            log.warning("a message could not be settled: %s", error)
        if (loop := get_event_loop()) is not None:
            # There is room for another message: the loop must look.
            loop.call_soon(lambda: None)

    def _announce_revoked(self, reason: str, terminated: bool, signum: Any, expired: bool) -> None:
        with suppress(redis.RedisError):
            self.task._jobs.cancel(self.id)
        super()._announce_revoked(reason, terminated, signum, expired)  # type: ignore[misc]  # not in the stubs


class Processing(ProcessArticle):
    """The task as a worker runs it."""

    Request = "worker.broker.request:AckingRequest"

    def start_strategy(self, app: Any, consumer: Any, **options: Any) -> Callable[..., None]:
        """How a message is taken. Celery's way ends the whole worker where its headers are odd; this one refuses it."""
        take = super().start_strategy(app, consumer, **options)

        def take_or_refuse(message: Any, *arguments: Any) -> None:
            try:
                take(message, *arguments)
            except (AttributeError, KeyError, IndexError, TypeError, ValueError, OverflowError, CeleryError):
                message.reject_log_error(log, consumer.connection_errors)
                message.channel.inspector.keep(refused("bad_headers", message.envelope))

        return take_or_refuse
