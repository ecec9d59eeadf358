"""What is told about jobs as they are claimed and end: to the log, to the metrics, never with an article's text."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Literal, Protocol, get_args

from tasks.article import STAGES, ArticleResult
from tasks.errors import DepecheError
from tasks.jobs import Claim

log = logging.getLogger("depeche.jobs")

#: How a run ends here. ``retried``: later again, after a fault outside the article. ``handed_back``: the worker stops.
#: ``lost``: another worker has the job.
Outcome = Literal["succeeded", "failed", "cancelled", "dead", "retried", "handed_back", "lost"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


@dataclass(frozen=True)
class Ending:
    """How one run of a job ended in this worker.

    Attributes:
        job_id: the job's.
        outcome: how.
        claim: what this run began with.
        seconds: from the claim to the end.
        error: of a run that did not succeed, where there is one.
        result: of one that did.
    """

    job_id: str
    outcome: Outcome
    claim: Claim
    seconds: float
    error: DepecheError | None = None
    result: ArticleResult | None = None

    def facts(self) -> dict[str, Any]:
        """Id, counts, times and flags, by name, for one line of log."""
        known: dict[str, Any] = {
            "id": self.job_id,
            "attempt": self.claim.attempt,
            "run": self.claim.run,
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
    """Hears of every job that this worker claims. Called from the jobs' threads; must be quick and not fail."""

    def claimed(self, claim: Claim) -> None:
        """Redis has answered a claim, whatever the answer."""

    def ended(self, ending: Ending) -> None:
        """A run is over here."""


class JobLog:
    """An ``Observer`` that writes one line a run."""

    def claimed(self, claim: Claim) -> None:
        """Nothing: a job's line comes at its end."""

    def ended(self, ending: Ending) -> None:
        """The line: a warning unless all is as it should be."""
        level = logging.INFO if ending.outcome in {"succeeded", "handed_back"} else logging.WARNING
        log.log(level, "job %s", ending.outcome.replace("_", " "), extra={"job": ending.facts()})
