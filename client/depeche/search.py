"""Looks for the message of a job that has no record, as another program has queued it and no worker has taken it yet.

Redis knows no message by the id in it, so all messages are read until one has it. Redis reads them itself, step by
step, and serves others between two steps. Only the answer crosses the network.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal, Protocol

from depeche.article import JobState, JobStatus
from depeche.queue import QUEUES
from depeche.redis_client import is_forbidden
from depeche.steps import Steps
from depeche.strays import LISTS

#: What came of it. ``found``: the message waits, or a worker has just taken it. ``none``: there is no such message.
#: ``forbidden``: this Redis user may not read the queues.
Found = Literal["found", "none", "forbidden"]

#: Bytes of messages that Redis reads in one step, as it serves nobody else meanwhile.
STEP_BYTES = 1_000_000

#: Messages that Redis reads at once at first, when it is not known how long they are.
AT_ONCE = 20

#: All lists where messages wait. Those next to the queues come first, as messages move from there to the queues.
WHERE = (*(name for names in LISTS.values() for name in names), *QUEUES.values())

#: What no program that writes JSON replaces by an escape.
_AS_IT_IS = re.compile("[A-Za-z0-9_-]+")


class Looking(Protocol):
    """A ledger that searches; under asyncio each method is a coroutine."""

    def cancel(self, task_id: str, mark_s: int = ...) -> Any:
        """Cancel a job that has a record, or mark it as cancelled: see :meth:`depeche.jobs.Jobs.cancel`."""

    def status(self, task_id: str) -> Any:
        """The record as callers see it."""

    def search(self, task_id: str) -> Any:
        """Look for its message, as :func:`searching` does."""


def searching(run: Callable[..., Any], task_id: str) -> Steps[Found]:
    """Look for a job's message on all lists where one may wait, and among those that workers hold.

    Args:
        run: runs a script, from its name and its arguments.
        task_id: the job's id.

    Raises:
        redis.RedisError: Redis is away.
    """
    import redis

    part = max(_AS_IT_IS.findall(task_id), key=len, default="")
    place: list[int | str] = [AT_ONCE, 1, "0"]
    while True:
        try:
            answer, *rest = yield run("search", task_id, part, STEP_BYTES, *place, *WHERE)
        except redis.ResponseError as error:
            if is_forbidden(error):
                return "forbidden"
            raise
        if answer == "go on":
            place = rest
        else:
            found: Found = answer
            return found


def cancelling(jobs: Looking, task_id: str, kept_s: int) -> Steps[Found]:
    """Cancel a job, also one whose message was queued by another program and that has no record yet.

    Args:
        jobs: the ledger.
        task_id: the job's id.
        kept_s: how long it is remembered that it is cancelled, where nobody may look whether there is such a job.

    Returns:
        Whether there is such a job. ``forbidden``: that is not known, and the job ends as cancelled if its message
        comes to a worker.
    """
    # The mark comes first, so that no worker starts the job while its message is looked for.
    state: JobState = yield jobs.cancel(task_id)
    if state is not JobState.UNKNOWN:
        return "found"
    status: JobStatus = yield jobs.status(task_id)
    if status.error:
        return "found"
    found: Found = yield jobs.search(task_id)
    if found == "none":
        # A worker may have taken the message just before it would have been found.
        state = yield jobs.cancel(task_id)
        return "none" if state is JobState.UNKNOWN else "found"
    yield jobs.cancel(task_id, mark_s=0 if found == "found" else kept_s)
    return found


def looking_up(jobs: Looking, task_id: str) -> Steps[JobStatus]:
    """The status; ``queued`` also where another program has queued the job and it has no record yet."""
    status: JobStatus = yield jobs.status(task_id)
    if not is_without_record(status):
        return status
    found: Found = yield jobs.search(task_id)
    if found == "found":
        return JobStatus(id=status.id, state=JobState.QUEUED)
    # A worker may have taken the message just before it would have been found.
    status = yield jobs.status(task_id)
    return status


def is_without_record(status: JobStatus) -> bool:
    """Whether a job has no record, so that its message is worth a search."""
    return status.state is JobState.UNKNOWN and not status.error
