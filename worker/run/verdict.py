"""What an attempt at a job came to."""

from __future__ import annotations

from dataclasses import dataclass

from depeche.article import ArticleResult
from depeche.errors import DepecheError, Poison
from worker.run.ledger import Claim
from worker.run.observers import Outcome


@dataclass(frozen=True)
class Verdict:
    """What an attempt came to, before the ledger has taken it.

    Attributes:
        outcome: how it ended.
        error: why there is no result; None if there is one.
        result: the article's result, where it succeeded.
    """

    outcome: Outcome
    error: DepecheError | None = None
    result: ArticleResult | None = None


LOST = Verdict("lost")


def poisoned(claim: Claim) -> Verdict:
    """The verdict on a job that has used up its attempts because its workers died."""
    error = Poison(
        f"{claim.attempt} workers died in the middle of it, the last was {claim.last_worker or 'unknown'}: "
        "see that worker's log, then depeche dead retry, or drop",
        {"attempts": claim.attempt, "worker": claim.last_worker},
    )
    return Verdict("dead", error)


def spoilt(fault: str) -> Verdict:
    """The verdict on a job whose record another program has changed, so that it cannot be used."""
    message = f"{fault}, as another program has changed it: depeche dead retry runs the job again, dead drop forgets it"
    return Verdict("dead", DepecheError(message, {"fault": fault}))


def unexpected(error: Exception) -> Verdict:
    """The verdict after an error that nobody has thought of.

    The error's message may hold text of the article, so only the worker's log has it.
    """
    message = f"an unexpected {type(error).__name__} ended the job; the worker's log has the traceback"
    return Verdict("failed", DepecheError(message))
