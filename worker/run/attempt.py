"""One attempt at a job. It reports its progress to the ledger, and the ledger says whether it may go on."""

from __future__ import annotations

import time

from depeche.article import Progress
from depeche.errors import Cancelled, DeadlineExceeded
from worker.run.delivery import NO_RECEIPT, Receipt
from worker.run.ledger import Claim, Hold, Ledger


class LeaseLost(Exception):
    """The job was given to another worker, or back to the queue: this attempt's work is in vain."""


class Attempt:
    """One attempt at a job in this process, from its claim to its end.

    The thread that does the work calls :meth:`report`; another thread calls :meth:`record`.

    Args:
        task_id: the task id.
        caller: the token by which the ledger knows who asks.
        claim: the ledger's answer that began this attempt.
        ledger: the record of all jobs.
        deadline_s: the attempt fails when it takes longer than this many seconds.
        receipt: what the broker gave with the message, which is acknowledged together with the job's end.

    Attributes:
        task_id: the task id.
        caller: the token by which the ledger knows who asks.
        claim: the ledger's answer that began this attempt.
        receipt: see above.
        started: when it began, in seconds of the monotonic clock.
        last_sign: when its engine last gave a sign of life, in seconds of the monotonic clock; None while no engine
            works on it.
        handed_back: whether this worker has given the job back, because it stops.
    """

    def __init__(
        self,
        task_id: str,
        caller: str,
        claim: Claim,
        ledger: Ledger,
        deadline_s: int,
        receipt: Receipt = NO_RECEIPT,
    ) -> None:
        self.task_id = task_id
        self.caller = caller
        self.claim = claim
        self.receipt = receipt
        self.started = time.monotonic()
        self.last_sign: float | None = self.started
        self.handed_back = False
        self._ledger = ledger
        self._deadline_s = deadline_s
        self._progress: Progress | None = None
        self._hold: Hold = "held"

    def report(self, progress: Progress) -> None:
        """Note the progress between two batches, and stop the work if there is a reason to: see :meth:`check`."""
        self._progress = progress
        self.check()

    def check(self) -> None:
        """Note that the engine is alive, and stop the work if there is a reason to.

        Raises:
            LeaseLost: this worker no longer has the job.
            Cancelled: somebody has cancelled the job.
            DeadlineExceeded: the attempt has taken too long.
        """
        now = self.last_sign = time.monotonic()
        if self._hold == "lost":
            raise LeaseLost
        if self._hold == "cancelled":
            raise Cancelled("the job was cancelled")
        if now > self.started + self._deadline_s:
            raise DeadlineExceeded(
                f"the article was not done after {self._deadline_s} s: split it, or raise DEPECHE_JOB_DEADLINE_S",
                {"deadline_s": self._deadline_s},
            )

    def record(self) -> None:
        """Write the progress to the ledger, and note whether the work may go on.

        This is not done in :meth:`report`, because a batch may be much faster than Redis.

        Raises:
            redis.RedisError: Redis is away. The work goes on, since Redis may be back before the lease ends.
        """
        if self._progress and self.last_sign is not None:
            self._hold = self._ledger.checkpoint(self.task_id, self.claim.token, self._progress)
