"""Batches: jobs that are counted together under a name. The scripts of ``depeche/lua/`` keep the counts."""

from __future__ import annotations

from typing import NamedTuple

from depeche.article import JobState, Report
from depeche.errors import InvalidArticle

#: A producer that submits to a batch, and has not been heard of for so many seconds, counts as gone.
SUBMITTER_S = 60

MAX_NAME_CHARS = 200

_COUNTED = [state.value for state in JobState if state is not JobState.UNKNOWN]


class BatchFailures(Report):
    """The jobs of a batch that ended with the same error code: how many, and the ids of the first five."""

    count: int
    first_ids: list[str]


class BatchStatus(Report):
    """What ``depeche batch`` prints. A job is counted in one state; those that have expired are still counted.

    ``seconds`` is the time from the first article to the batch's end, or until now. ``submitting``: a producer is still
    adding articles. ``failures`` is by error code.
    """

    name: str
    queued: int
    running: int
    succeeded: int
    failed: int
    cancelled: int
    dead: int
    submitting: bool
    ended: bool
    seconds: float | None
    failures: dict[str, BatchFailures]

    @property
    def total(self) -> int:
        """How many jobs it has."""
        return self.queued + self.running + self.done

    @property
    def done(self) -> int:
        """How many of them have ended."""
        return self.succeeded + self.failed + self.cancelled + self.dead

    @property
    def rate(self) -> float | None:
        """How many have ended in a second, from its beginning on; None where none has."""
        return self.done / self.seconds if self.done and self.seconds else None

    @property
    def seconds_left(self) -> float | None:
        """How long the others take at this rate; None where there is none, or where more are being added."""
        return (self.total - self.done) / self.rate if self.rate and not self.submitting else None


class Enrolment(NamedTuple):
    """A batch that jobs join, and who submits them.

    Attributes:
        name: the batch's name.
        submitter: a token of a call that submits many, during which the batch does not end; empty for one article.
    """

    name: str
    submitter: str = ""


def check_name(name: str | None) -> None:
    """Hold the name of a batch, if there is one, against what can be one.

    Raises:
        InvalidArticle: it is empty, too long, or has control characters.
    """
    if name is None:
        return
    if not name.strip() or len(name) > MAX_NAME_CHARS or not name.isprintable():
        raise InvalidArticle(
            f"batch: must be a name of 1 to {MAX_NAME_CHARS} printable characters, such as lundi-matin"
        )


def read_batch(name: str, found: dict[str, str], now: float) -> BatchStatus:
    """The status of a batch from its hash in Redis.

    Args:
        name: its name.
        found: the hash. What is no number in it counts as 0.
        now: the time by Redis' clock.
    """
    counts = {state: max(0, _whole(found.get(state, ""))) for state in _COUNTED}
    failures = {
        field.removeprefix("code "): BatchFailures(
            count=_whole(value), first_ids=found.get(f"ids {field.removeprefix('code ')}", "").split()
        )
        for field, value in found.items()
        if field.startswith("code ") and _whole(value) > 0
    }
    began_at, ended_at = _time(found.get("began_at")), _time(found.get("ended_at"))
    return BatchStatus(
        name=name,
        submitting=any(field.startswith("open ") and (_time(value) or 0) > now for field, value in found.items()),
        seconds=max(0.0, (ended_at or now) - began_at) if began_at else None,
        ended=ended_at is not None,
        failures=failures,
        **counts,
    )


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        return 0


def _time(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None
