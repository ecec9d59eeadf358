"""What the Runner needs from the record of all jobs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

from depeche.article import JobError, JobState, Progress
from depeche.queue import Priority
from worker.run.delivery import Callbacks

#: Whether a running job may go on: it holds its lease, has lost it to another worker, or was cancelled.
Hold = Literal["held", "lost", "cancelled"]


@dataclass(frozen=True)
class Claim:
    """The ledger's answer to a worker that wants to run a job.

    Attributes:
        outcome: ``started``: run it. ``suspect``: ask again when nothing else runs here. ``held``: another worker runs
            it; ``ended``: it has ended already. ``cancelled``, ``exhausted``: end it so. ``unknown``: it has no record.
            ``spoilt``: its record cannot be used; set it aside. ``double``: its id belongs to another article.
        token: the fencing token: how often the job was started, over all attempts. Its field in the record is ``run``.
        attempt: which attempt this is, from 1; of an exhausted job the last.
        queued_ms: how long it waited; None where that is not known.
        last_worker: of an exhausted job.
        fault: what is wrong with a spoilt record.
    """

    outcome: Literal["started", "suspect", "held", "ended", "cancelled", "exhausted", "unknown", "spoilt", "double"]
    token: int = 0
    attempt: int = 0
    queued_ms: int | None = None
    last_worker: str = ""
    fault: str = ""


class Ledger(Protocol):
    """Keeps the state of each job. Each step happens whole or not at all, and is safe to call from several threads.

    A step that takes a ``token`` is refused, with the answer false or ``lost``, when the job was started again since
    that token was given.

    A ``caller`` is a token that is new for each message delivered. An answer may be lost on its way; asked again by the
    same caller, the ledger gives the same answer, and nothing happens twice.

    Every method raises ``redis.RedisError`` when Redis is away, or answers with an error; nothing has changed then,
    unless only the answer was lost.
    """

    def claim(
        self,
        task_id: str,
        worker: str,
        caller: str,
        *,
        lease_s: float,
        max_attempts: int,
        alone: bool,
        digest: str = "",
        tag: str = "",
        entry: str = "",
    ) -> Claim:
        """Ask for leave to run a job for ``lease_s`` seconds; ``alone`` says that no other job runs in this process.

        ``digest`` is that of the message's article, options and callbacks: the first one under an id decides what the
        job is; where it is empty, they are not looked at. Whatever the answer is, the broker's record ``entry`` is kept
        under ``tag``, unless it is empty.
        """

    def refuse_double(
        self, task_id: str, priority: Priority, args: Any, kwargs: Any, callbacks: Callbacks | None = None
    ) -> str:
        """Make a dead letter of a message whose id belongs to another article. Returns the letter's own id."""

    def adopt(
        self, task_id: str, priority: Priority, args: Any, kwargs: Any, callbacks: Callbacks | None = None
    ) -> None:
        """Make the record of a job that another program has queued."""

    def checkpoint(self, task_id: str, token: int, progress: Progress) -> Hold:
        """Store how far the attempt is, and answer whether it may go on."""

    def succeed(self, task_id: str, token: int, caller: str, result: dict[str, Any], tag: str = "") -> bool:
        """End the job with its result, which is JSON; false where this is refused.

        Unless it is refused, the message that the broker knows by ``tag`` is acknowledged in the same step.
        """

    def end(
        self, task_id: str, token: int, caller: str, state: JobState, kind: str, error: JobError, tag: str = ""
    ) -> bool:
        """End the job without a result; ``kind`` is the name of the error's class. As :meth:`succeed` in all else."""

    def release(self, task_id: str, token: int, caller: str, *, counts: bool, delay_s: float = 0) -> bool:
        """Queue a running job again after ``delay_s`` seconds; ``counts`` is whether this attempt counts."""

    def hand_back(self, task_id: str, worker: str) -> bool:
        """Queue what ``worker`` runs again, at the front and without counting; false where it does not run the job."""

    def set_aside(self, task_id: str, caller: str, kind: str, error: JobError) -> bool:
        """Make a dead letter of a job whose record cannot be used, whoever has it; false where it can be used.

        ``kind`` is the name of the error's class.
        """

    def cancel(self, task_id: str) -> JobState:
        """Cancel a queued job at once and a running one at its next checkpoint; the answer is the job's state."""
