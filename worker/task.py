"""The Celery task: it hands each message to the Runner."""

from __future__ import annotations

from typing import Any

from celery import Task
from celery.exceptions import Reject

from depeche.queue import QUEUES, TASK_NAME, Priority
from worker import spans
from worker.run.delivery import Delivery
from worker.run.observers import Treatment
from worker.run.runner import Runner

_PRIORITIES: dict[str, Priority] = {queue: priority for priority, queue in QUEUES.items()}


class ProcessArticle(Task):  # type: ignore[type-arg]  # generic in the stubs alone, not at run time
    """``depeche.process_article``. Its one argument is the article, and its keyword ``options`` may be left out.

    Attributes:
        runner: does the work.
    """

    name = TASK_NAME
    # Celery must not check the arguments. Wrong ones must reach run(), which refuses them with a clear error and
    # records how the job ended.
    typing = False
    # The ledger stores how a job ends, and refuses a worker that has lost the job. Celery's own way could not do that.
    ignore_result = True

    def __init__(self, runner: Runner) -> None:
        self.runner = runner

    def run(self, *args: Any, **kwargs: Any) -> Treatment:
        """Process one message. When this returns, the ledger has what came of it, and the message is done with.

        Returns:
            What came of it, for Celery's events alone.

        Raises:
            Reject: the worker stops before the job has begun; the message goes back to the front of its queue.
        """
        # Messages that ask for other tasks after them are refused. If one came through, its tasks would be sent in the
        # worker's name.
        self.request.update(callbacks=None, errbacks=None, chain=None, chord=None)
        queue = (self.request.delivery_info or {}).get("routing_key")
        delivery = Delivery(str(self.request.id), args, kwargs, _PRIORITIES.get(str(queue), "normal"))
        with spans.running(delivery.task_id, vars(self.request)):
            treatment = self.runner.run(delivery)
        if treatment is None:
            raise Reject("the worker is stopping", requeue=True)
        return treatment
