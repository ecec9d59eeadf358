"""How a producer looks at one job, whether it has a record or only a message that another program has queued."""

from __future__ import annotations

import math
import time

from depeche.article import JobState, JobStatus
from depeche.errors import UnknownJob
from depeche.jobs import Jobs
from depeche.search import Found

#: How often the queues are searched for one job while somebody waits for it, in seconds.
SEARCH_AGAIN_S = 30.0


class Watch:
    """Looks at one job again and again.

    The queues are searched for a job without a record too, but only every :data:`SEARCH_AGAIN_S`, to spare Redis.

    Args:
        jobs: the ledger.
        task_id: the task id.
    """

    def __init__(self, jobs: Jobs, task_id: str) -> None:
        self._jobs, self._task_id = jobs, task_id
        self._search_at = -math.inf
        self._without_record: JobStatus | None = None

    def status(self) -> JobStatus:
        """The status now."""
        status = self._jobs.status(self._task_id)
        if status.state is not JobState.UNKNOWN:
            return status
        if self._without_record is None or time.monotonic() >= self._search_at:
            self._without_record = self._jobs.look_up(self._task_id)
            self._search_at = time.monotonic() + SEARCH_AGAIN_S
        return self._without_record


def unknown(status: JobStatus, found: Found = "none") -> UnknownJob:
    """The error for a job that is not known; ``found`` is what came of the search for its message."""
    if status.error:
        return UnknownJob(f"job {status.id}: {status.error.message}")
    if found == "forbidden":
        return UnknownJob(
            f"job {status.id} has no record, and this user of Redis may not look for its message in the queues: if "
            "another program has queued it, it ends as cancelled when a worker takes it"
        )
    return UnknownJob(f"no job has the id {status.id}: it was never submitted, or has expired")
