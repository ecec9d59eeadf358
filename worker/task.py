"""The Celery task: it hands each message to the Runner."""

from __future__ import annotations

from typing import Any

from celery import Task
from celery.exceptions import Reject

from depeche.queue import QUEUES, TASK_NAME, Priority
from worker import spans
from worker.callbacks import CallbackSender, callbacks_of
from worker.run.delivery import NO_RECEIPT, Delivery, Receipt
from worker.run.observers import Treatment
from worker.run.outage import Undecided
from worker.run.runner import Runner

#: When a message goes back that is rejected with ``requeue=AT_LEASE_END``. It truly is requeued, so it counts as true.
AT_LEASE_END = "when its lease has ended"

_PRIORITIES: dict[str, Priority] = {queue: priority for priority, queue in QUEUES.items()}


class ProcessArticle(Task):  # type: ignore[type-arg]  # generic in the stubs alone, not at run time
    """``depeche.process_article``. Its one argument is the article, and its keyword ``options`` may be left out.

    Attributes:
        runner: does the work.
        sender: sends other tasks that are to come after an article.
    """

    name = TASK_NAME
    # Celery must not check the arguments. Wrong ones must reach run(), which refuses them with a clear error and
    # records how the job ended.
    typing = False
    # The ledger stores how a job ends, and refuses a worker that has lost the job. Celery's own way could not do that.
    ignore_result = True

    def __init__(self, runner: Runner, sender: CallbackSender) -> None:
        self.runner, self.sender = runner, sender

    def receipt(self) -> Receipt:
        """What the broker gives with the message of the task that this thread runs: nothing."""
        return NO_RECEIPT

    def run(self, *args: Any, **kwargs: Any) -> Treatment:
        """Process one message. When this returns, the ledger has what came of it, and the message is done with.

        Returns:
            What came of it, for Celery's events alone.

        Raises:
            Reject: the worker stops before the job has begun, and the message goes back to the front of its queue; or
                it stops while Redis is away, and the message goes back :data:`AT_LEASE_END`.
        """
        callbacks = callbacks_of(self.request)
        # Celery would send them when this returns, which is not when the article's job has ended.
        self.request.update(callbacks=None, errbacks=None, chain=None, chord=None)
        queue = (self.request.delivery_info or {}).get("routing_key")
        delivery = Delivery(
            str(self.request.id),
            args,
            kwargs,
            _PRIORITIES.get(str(queue), "normal"),
            callbacks=callbacks,
            receipt=self.receipt(),
        )
        try:
            with spans.running(delivery.task_id, vars(self.request)):
                treatment = self.runner.run(delivery)
            if treatment is None:
                raise Reject("the worker is stopping", requeue=True)
            if callbacks is not None:
                self.runner.insist(lambda: self.sender.send_after(delivery))
        except Undecided:
            raise Reject("Redis is away, and the worker is stopping", requeue=AT_LEASE_END) from None  # type: ignore[arg-type]
        return treatment
