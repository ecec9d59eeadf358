"""What log, metrics and traces get when a job is claimed and when an attempt ends. None of it is text of an article."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Literal, Protocol, get_args

from depeche.article import STAGES, ArticleResult
from depeche.errors import DepecheError
from worker.run.ledger import Claim

log = logging.getLogger("depeche.jobs")

#: How an attempt ends in this worker. ``retried``: the job waits for another attempt, as a fault outside the article
#: ended this one. ``handed_back``: the worker stops, and another one goes on. ``lost``: another worker has the job.
Outcome = Literal["succeeded", "failed", "cancelled", "dead", "retried", "handed_back", "lost"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

#: What came of one message: how its attempt ended, or that there was none, as the job runs elsewhere or has ended.
Treatment = Outcome | Literal["not_run"]


@dataclass(frozen=True)
class Ending:
    """How one attempt at a job ended in this worker.

    Attributes:
        task_id: the task id.
        outcome: how it ended.
        claim: the ledger's answer that began the attempt.
        seconds: the time from the claim to the end.
        error: why it did not succeed, where that is known.
        result: the article's result, where it succeeded.
    """

    task_id: str
    outcome: Outcome
    claim: Claim
    seconds: float
    error: DepecheError | None = None
    result: ArticleResult | None = None

    def facts(self) -> dict[str, Any]:
        """Id, counts, times and flags by name, for one line of log; ``run`` is the fencing token."""
        known: dict[str, Any] = {
            "id": self.task_id,
            "attempt": self.claim.attempt,
            "run": self.claim.token,
            "queued_ms": self.claim.queued_ms,
            "total_ms": round(self.seconds * 1000),
        }
        if self.error:
            known |= {"code": self.error.code, "message": self.error.message}
        if result := self.result:
            timings, quality = result.timings_ms, result.quality
            known |= {f"{stage}_ms": getattr(timings, stage) for stage in STAGES}
            known |= {
                "chars": result.source.chars,
                "sentences": len(result.segments),
                "flagged": quality.flagged_segments,
                "flags": {str(flag): count for flag, count in quality.flags.items()},
                "summary": quality.summary,
                "cache_hits": result.cache.hits,
                "cache_misses": result.cache.misses,
            }
        return known


class Observer(Protocol):
    """Hears of every job that this worker claims.

    It is called from the threads that run the jobs, so it must be quick. What it raises is logged, and changes nothing.
    """

    def claimed(self, claim: Claim) -> None:
        """The ledger has answered a claim, whatever the answer is."""

    def ended(self, ending: Ending) -> None:
        """An attempt has ended in this worker."""


class JobLog:
    """An ``Observer`` that writes one line of log for each attempt."""

    def claimed(self, claim: Claim) -> None:
        """Do nothing: the line comes at the end."""

    def ended(self, ending: Ending) -> None:
        """Write the line; it is a warning unless the attempt succeeded or was handed back."""
        level = logging.INFO if ending.outcome in {"succeeded", "handed_back"} else logging.WARNING
        log.log(level, "job %s", ending.outcome.replace("_", " "), extra={"job": ending.facts()})
