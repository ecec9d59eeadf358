"""What the worker's Runner needs of the record of all jobs."""

from __future__ import annotations

from typing import Any, Protocol

from depeche.article import JobError, JobState, Progress
from depeche.jobs import Claim, Hold
from depeche.queue import Priority


class Ledger(Protocol):
    """Keeps the state of each job. Each step happens whole or not at all, and is safe to call from several threads.

    A step that takes a ``token`` is refused, with the answer false or ``lost``, when the job was started again since
    that token was given.

    Every method raises ``redis.RedisError`` when Redis is away, or answers with an error; nothing has changed then,
    unless only the answer was lost.
    """

    def claim(self, job_id: str, worker: str, *, lease_s: float, max_attempts: int, alone: bool) -> Claim:
        """Ask for leave to run a job for ``lease_s`` seconds; ``alone`` says that no other job runs in this process."""

    def is_own(self, job_id: str, args: Any, kwargs: Any) -> bool:
        """Whether this is the article, with the options, that the first message under this id had."""

    def set_aside(self, job_id: str, priority: Priority, args: Any, kwargs: Any) -> str:
        """Make a dead letter of a message that is not the job's own; the answer is the letter's id."""

    def adopt(self, job_id: str, priority: Priority, args: Any, kwargs: Any) -> None:
        """Make the record of a job that another program has queued."""

    def checkpoint(self, job_id: str, token: int, progress: Progress) -> Hold:
        """Store how far the attempt is, and answer whether it may go on."""

    def succeed(self, job_id: str, token: int, result: dict[str, Any]) -> bool:
        """End the job with its result, which is JSON; false where this is refused."""

    def end(self, job_id: str, token: int, state: JobState, kind: str, error: JobError) -> bool:
        """End the job without a result; ``kind`` is the name of the error's class. False where this is refused."""

    def release(self, job_id: str, token: int, *, counts: bool, delay_s: float = 0) -> bool:
        """Queue a running job again after ``delay_s`` seconds; ``counts`` is whether this attempt counts."""

    def hand_back(self, job_id: str, worker: str) -> bool:
        """Queue what ``worker`` runs again, at the front and without counting; false where it does not run the job."""

    def cancel(self, job_id: str) -> str:
        """Cancel a queued job at once and a running one at its next checkpoint; the answer is the job's state."""
