"""How a producer looks at one job, whether it has a record or only a message that another program has queued."""

from __future__ import annotations

import time

from depeche.article import JobStatus
from depeche.jobs import Jobs
from depeche.search import is_without_record

#: How often the queues are searched for one job while somebody waits for it, in seconds.
SEARCH_AGAIN_S = 30.0


class Watch:
    """Looks at jobs again and again.

    The queues are searched for a job without a record too, but only every :data:`SEARCH_AGAIN_S`, to spare Redis.

    Args:
        jobs: the ledger.
    """

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._without_record: dict[str, tuple[float, JobStatus]] = {}

    def statuses(self, task_ids: list[str]) -> list[JobStatus]:
        """The status of each now."""
        return [
            self._search(task_id) if is_without_record(status) else status
            for task_id, status in zip(task_ids, self._jobs.statuses(task_ids), strict=True)
        ]

    def _search(self, task_id: str) -> JobStatus:
        at, status = self._without_record.get(task_id, (0.0, None))
        if status is None or time.monotonic() >= at:
            status = self._jobs.look_up(task_id)
            self._without_record[task_id] = time.monotonic() + SEARCH_AGAIN_S, status
        return status
