"""What operators can do, of the Python API: list and watch all jobs, and look after the dead ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from depeche.article import JobState, JobStatus
from depeche.errors import UnknownJob
from depeche.jobs import Jobs
from depeche.listing import JobList, ListedState, list_jobs, operators_only
from depeche.records import UNREADABLE
from depeche.redis_client import redis_faults

if TYPE_CHECKING:
    import redis

    from depeche.overview import Overview


class OperatorClient:
    """The part of :class:`depeche.Client` for operators, who may see the jobs of everybody. Make a client to use it."""

    _url: str
    _redis: redis.Redis
    _jobs: Jobs

    def jobs(self, state: ListedState, limit: int = 100) -> JobList:
        """At most ``limit`` jobs of one state, for operators: Redis' user must be one who may see all jobs.

        Open jobs come from the ledger, those that are first in line first; a message of another program is a job once a
        worker has taken it. Dead ones come from there too, the latest first. Those that have ended otherwise come from
        the stream of events, the latest first, so that those are not known that ended before its first entry.

        Args:
            state: ``queued``, ``delayed``, ``running``, ``dead``, ``failed``, ``succeeded`` or ``cancelled``.
            limit: the most jobs; 1 or more.

        Raises:
            RedisUnavailable: Redis does not answer, or its user may not see the jobs of others.
        """
        with redis_faults(self._url), operators_only(self._url):
            return list_jobs(self._redis, state, limit)

    def overview(self) -> Overview:
        """What waits, who works on what, and what has ended lately: what ``depeche top`` shows. It is for operators.

        Raises:
            RedisUnavailable: as :meth:`jobs`.
        """
        from depeche.overview import look

        with redis_faults(self._url), operators_only(self._url):
            return look(self._redis, self._jobs)

    def dead_letters(self, limit: int = 100) -> list[JobStatus]:
        """At most ``limit`` dead jobs. The latest comes first.

        Raises:
            RedisUnavailable: Redis does not answer.
        """
        with redis_faults(self._url):
            found = [self._jobs.status(task_id) for task_id in self._jobs.dead_ids(limit)]
        # Those that nobody can read are shown too, as unknown with the reason.
        return [status for status in found if status.state is JobState.DEAD or status.error is UNREADABLE]

    def dead_letter(self, task_id: str) -> dict[str, Any]:
        """The status, the last worker and the message (``args``, ``kwargs``) of a dead job, as JSON values.

        Raises:
            UnknownJob: no dead job has this id.
            RedisUnavailable: Redis does not answer.
        """
        with redis_faults(self._url):
            letter = self._jobs.dead_letter(task_id)
        if letter is None:
            raise _not_dead(task_id)
        return letter

    def retry_dead(self, task_id: str) -> None:
        """Queue a dead job again. It has all its attempts again.

        Raises:
            UnknownJob: no dead job has this id, or its article has expired.
            RedisUnavailable: Redis does not answer.
        """
        with redis_faults(self._url):
            found = self._jobs.revive(task_id)
        if found == "expired":
            raise UnknownJob(f"the article of job {task_id} has expired")
        if found == "not dead":
            raise _not_dead(task_id)

    def drop_dead(self, task_id: str) -> None:
        """Delete a dead job and its article.

        Raises:
            UnknownJob: no dead job has this id.
            RedisUnavailable: Redis does not answer.
        """
        with redis_faults(self._url):
            if not self._jobs.drop(task_id):
                raise _not_dead(task_id)


def _not_dead(task_id: str) -> UnknownJob:
    return UnknownJob(f"no dead job has the id {task_id}: run depeche dead list to see all of them")
