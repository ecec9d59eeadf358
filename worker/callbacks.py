"""Sends the tasks of other projects that a message names to come after its article, as Celery would send them.

This happens once the job's end is in the ledger, and before the message is acknowledged. So if the worker dies in
between, the message comes back, another worker finds that the job has ended and that nothing was sent after it, and
sends it. A task may be sent twice, where a worker dies in the middle of sending, and none is forgotten.
"""

from __future__ import annotations

import copy
import inspect
import logging
from typing import Any

import kombu.exceptions
import redis
from celery import Celery, signature, states
from celery.app.task import Context

from depeche import errors
from depeche.article import JobError, JobState, JobStatus
from depeche.errors import DepecheError
from depeche.redis_client import is_forbidden, is_out_of_memory
from worker.ledger import RedisLedger
from worker.run.delivery import AFTERWARDS, RELATIONS, Callbacks, Delivery
from worker.run.outage import is_outage

log = logging.getLogger("depeche.worker")

#: Celery's words for how a job has ended, where that is not a failure.
_STATES = {JobState.SUCCEEDED: states.SUCCESS, JobState.CANCELLED: states.REVOKED}


def callbacks_of(request: Any) -> Callbacks | None:
    """What Celery's request names to come after it; None where that is nothing."""
    embedded = {name: found for name in AFTERWARDS if (found := getattr(request, name, None))}
    headers = {name: found for name in RELATIONS if (found := getattr(request, name, None)) is not None}
    # Celery changes these in place, and they must stay as they came.
    return Callbacks(copy.deepcopy(embedded), headers) if embedded else None


class CallbackSender:
    """Sends what is to come after a job, once it has ended. Safe to call from several threads.

    Args:
        app: a Celery app that knows no tasks, with a result backend.
        ledger: the record of all jobs.
        lease_s: after so many seconds the message of a dead worker comes back.
    """

    def __init__(self, app: Celery, ledger: RedisLedger, lease_s: float) -> None:
        self._app = app
        self._ledger = ledger
        # When the message comes back, the time of the dead worker must be over. It may have renewed its leases last a
        # third of this time before it began to send.
        self._alone_s = lease_s / 2

    def send_after(self, delivery: Delivery) -> None:
        """Send the callbacks of a delivery whose job has ended, unless they were sent before.

        What can never be sent is made a dead letter.

        Raises:
            redis.RedisError: Redis is away; take this step again.
        """
        callbacks = delivery.callbacks
        if callbacks is None or not self._ledger.begin_callbacks(delivery.task_id, delivery.caller, self._alone_s):
            return
        try:
            self._send(callbacks, self._ledger.status(delivery.task_id))
        except Exception as error:
            if _passes(error):
                raise redis.ConnectionError(str(error)) from error
            reason = type(error).__name__
            log.exception("job %s: the tasks after it cannot be sent", delivery.task_id)
            log.error("job %s: dead letter %s", delivery.task_id, self._ledger.refuse_callbacks(delivery, reason))
        self._ledger.end_callbacks(delivery.task_id, delivery.caller)

    def _send(self, callbacks: Callbacks, status: JobStatus) -> None:
        after = copy.deepcopy(callbacks.embedded)
        request = Context({**after, **callbacks.headers, "id": status.id, "delivery_info": {}})
        state: str = _STATES.get(status.state, states.FAILURE)
        outcome: Any
        if state == states.SUCCESS:
            if (outcome := self._ledger.result(status.id)) is None:
                raise LookupError("the result has expired")
            self._succeed(request, outcome)
        else:
            outcome = _exception(status.error)
            self._fail(request, state, outcome)
        if request.chord:
            self._app.backend.on_chord_part_return(request, state, outcome)

    def _succeed(self, request: Any, result: Any) -> None:
        for task in request.callbacks or ():
            self._apply(request, task, result)
        if rest := list(request.chain or ()):
            # Celery keeps a chain in reverse order.
            self._apply(request, rest.pop(), result, chain=rest)

    def _fail(self, request: Any, state: str, error: DepecheError) -> None:
        # A chain's later tasks never come, and whoever waits for the last of them would wait for ever.
        self._app.backend._fail_chain(request.chain, error, state=state)  # type: ignore[attr-defined]  # not in the stubs
        for task in (request.errbacks or ()) if state == states.FAILURE else ():
            # As Celery does with the task of another program: it gets the id of what failed.
            self._apply(request, task, request.id)

    def _apply(self, request: Any, task: Any, argument: Any, **options: Any) -> None:
        root_id = request.root_id or request.id
        signature(task, app=self._app).apply_async((argument,), parent_id=request.id, root_id=root_id, **options)


def _exception(error: JobError | None) -> DepecheError:
    """The exception of ``depeche.errors`` for what the ledger has of a job's end."""
    error = error or JobError(code=DepecheError.code, message="the job ended without a result")
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, DepecheError)]
    kind = next((kind for kind in kinds if kind.code == error.code), DepecheError)
    return kind(error.message, error.detail)


def _passes(error: Exception) -> bool:
    """Whether the same may succeed once Redis is back.

    A full Redis, or one that does not let this user send, is not waited for, as no other article would be worked on.
    """
    if isinstance(error, kombu.exceptions.OperationalError):
        error = error.__cause__ if isinstance(error.__cause__, Exception) else redis.ConnectionError()
    if is_out_of_memory(error) or is_forbidden(error):
        return False
    return isinstance(error, OSError) or (isinstance(error, redis.RedisError) and is_outage(error))
