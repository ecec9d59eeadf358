"""One message in Celery's worker: acknowledged at once, refused where its headers are odd, cancelled where revoked."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import redis
from celery.concurrency.thread import TaskPool
from celery.exceptions import CeleryError
from celery.worker.request import Request
from kombu.asynchronous import Hub

from worker.broker.inspection import refused
from worker.broker.leases import MessageLeases
from worker.callbacks import CallbackSender, callbacks_of
from worker.run.delivery import NO_RECEIPT, Delivery, Receipt
from worker.run.observers import Treatment
from worker.run.runner import Runner
from worker.task import AT_LEASE_END, ProcessArticle

log = logging.getLogger("depeche.worker")


#: Celery's events, which Flower shows, for what can come of a message besides success.
EVENTS: dict[Treatment, str] = {
    "failed": "task-failed",
    "dead": "task-failed",
    "cancelled": "task-revoked",
    "retried": "task-retried",
    "handed_back": "task-retried",
    "lost": "task-retried",
    "not_run": "task-rejected",
}
#: Celery hands on what the task has returned as its ``repr``.
_BY_REPR = {repr(treatment): (treatment, event) for treatment, event in EVENTS.items()}


class AckingRequest(Request):
    """A request that is acknowledged in the thread that did the work.

    Celery leaves that to its event loop, which no longer turns when a worker stops. What is finished then would be
    delivered once more.
    """

    task: Processing

    def __init__(self, message: Any, *, body: Any = None, decoded: bool = False, **options: Any) -> None:
        # Celery would read the body once more in the thread that does the work.
        super().__init__(message, body=body if decoded else message.payload, decoded=True, **options)

    def acknowledge(self) -> None:
        """Take the message off the queue for good, once."""
        if not self.acknowledged:
            self._settle(self.message.ack)

    def reject(self, requeue: bool | str = False) -> None:
        """Take the message off the queue for good, put it back to the front, or leave it to its lease, once.

        Args:
            requeue: whether it goes back; ``AT_LEASE_END`` is later.
        """
        if self.acknowledged:
            return
        if requeue == AT_LEASE_END:
            self.let_go()
        else:
            self._settle(lambda: self.message.reject(requeue=requeue))

    def let_go(self) -> None:
        """Neither acknowledge the message nor hold it any longer: it comes again when its lease has ended."""
        if not self.acknowledged:
            self._settle(lambda: self.message.channel.qos.let_go(self.message.delivery_tag))

    def send_event(self, type: str, **fields: Any) -> None:  # Celery's name
        """Send one of Celery's events: in place of a success, what the job has come to.

        For Celery a task succeeds that returns, and ours always does, as the ledger has how the job ended.
        """
        returned = fields.get("result")
        if type == "task-succeeded" and returned in _BY_REPR:
            treatment, type = _BY_REPR[returned]
            told = f"the article's job is {treatment}: its status has the reason"
            fields = {"exception": told, "traceback": "", "terminated": False, "signum": None, "expired": False}
        super().send_event(type, **fields)

    def _settle(self, settle: Callable[[], Any]) -> None:
        self.acknowledged = True
        try:
            settle()
        except (redis.RedisError, OSError) as error:
            # The message comes back when its lease has ended, and the ledger then knows that the job is done.
            self.message.channel.leases.forget([self.message.delivery_tag])
            log.warning("a message could not be settled: %s", error)
        if (loop := self.task.hub) is not None:
            # There is room for another message, and the loop must look for it at once. It is the consumer's own loop:
            # kombu's get_event_loop() knows none any more, once a connection was lost and the loop was reset.
            loop.call_soon(lambda: None)

    def _announce_revoked(self, reason: str, terminated: bool, signum: Any, expired: bool) -> None:
        try:
            self.task.runner.cancel(self.id)
            request = self._context  # type: ignore[attr-defined]  # not in the stubs
            callbacks = callbacks_of(request)
            self.task.sender.send_after(Delivery(self.id, tuple(request.args), request.kwargs, callbacks=callbacks))
        except redis.RedisError as error:
            log.warning("job %s is revoked, and Redis could not be told so: %s", self.id, error)
        super()._announce_revoked(reason, terminated, signum, expired)  # type: ignore[misc]  # not in the stubs


class Processing(ProcessArticle):
    """The task as a worker runs it.

    Args:
        runner: does the work.
        sender: sends other tasks that are to come after an article.
        leases: the messages that this process holds.

    Attributes:
        hub: the event loop of the worker's consumer, which lives through every connection; None before it starts.
    """

    Request = "worker.broker.request:AckingRequest"

    hub: Hub | None = None

    def __init__(self, runner: Runner, sender: CallbackSender, leases: MessageLeases) -> None:
        super().__init__(runner, sender)
        self._leases = leases

    def receipt(self) -> Receipt:
        """By which the ledger takes and acknowledges the message of the task that this thread runs."""
        properties = self.request.properties or {}
        return self._leases.receipt(properties["delivery_tag"]) if "delivery_tag" in properties else NO_RECEIPT

    def start_strategy(self, app: Any, consumer: Any, **options: Any) -> Callable[..., None]:
        """What takes each message: as Celery does, but a message with odd headers is refused.

        Celery would end the whole worker.
        """
        self.hub = consumer.hub
        # A process of a pool knows nothing of the messages that were taken in this one.
        self._leases.claimants = consumer.pool.limit if isinstance(consumer.pool, TaskPool) else 0
        take = super().start_strategy(app, consumer, **options)

        def take_or_refuse(message: Any, *arguments: Any) -> None:
            if consumer.task_buckets.get(self.name):
                # Remote control has set a rate limit, so the message may wait although a thread is free.
                self._leases.record(message.delivery_tag)
            try:
                take(message, *arguments)
            except (AttributeError, KeyError, IndexError, TypeError, ValueError, OverflowError, CeleryError):
                # Recorded and kept first: if this worker dies in between, the message comes once more, and is refused
                # once more.
                self._leases.record(message.delivery_tag)
                if message.channel.inspector.keep(refused("bad_headers", message.envelope)):
                    message.reject_log_error(log, consumer.connection_errors)
                else:
                    message.channel.qos.let_go(message.delivery_tag)

        return take_or_refuse
