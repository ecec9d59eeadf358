"""One job in work: what it tells the ledger of its progress, and what the ledger tells it."""

from __future__ import annotations

import time

from config.settings import Settings
from tasks.article import Progress
from tasks.errors import Cancelled, DeadlineExceeded
from tasks.jobs import Claim, Hold, Jobs


class LeaseLost(Exception):
    """Another worker has this job now, or it was handed back: what this one does for it is in vain."""


class Run:
    """One job in work here.

    Attributes:
        job_id: the job's.
        claim: Redis' leave to run it.
        started: when it was given, by the monotonic clock.
        last_sign: when its engine last gave a sign of life, by the monotonic clock; None while no engine is at work.
    """

    def __init__(self, job_id: str, claim: Claim, jobs: Jobs, settings: Settings) -> None:
        self.job_id = job_id
        self.claim = claim
        self.started = time.monotonic()
        self.last_sign: float | None = self.started
        self._jobs = jobs
        self._settings = settings
        self._ends_at = self.started + settings.job_deadline_s
        self._progress: Progress | None = None
        self._hold: Hold = "held"

    def report(self, progress: Progress) -> None:
        """Between two batches: note the progress, and stop where there is a reason to.

        Raises:
            LeaseLost, Cancelled, DeadlineExceeded: the reason.
        """
        now = self.last_sign = time.monotonic()
        self._progress = progress
        if self._hold == "lost":
            raise LeaseLost
        if self._hold == "cancelled":
            raise Cancelled("the job was cancelled")
        if now > self._ends_at:
            seconds = self._settings.job_deadline_s
            raise DeadlineExceeded(
                f"the article was not done after {seconds} s: split it, or raise DEPECHE_JOB_DEADLINE_S",
                {"deadline_s": seconds},
            )

    def record(self) -> None:
        """Beside the work, as a batch may be much faster than Redis: tell the ledger, and hear whether to go on.

        Raises:
            redis.RedisError: Redis is away; the work goes on, as Redis may be back before the lease has ended.
        """
        if self._progress and self.last_sign is not None:
            self._hold = self._jobs.checkpoint(self.job_id, self.claim.run, self._progress)
