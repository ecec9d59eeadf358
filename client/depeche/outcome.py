"""What a producer gets of a job: its result, or the error that says why there is none. Nothing here talks to Redis."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from depeche.article import ArticleResult, JobState, JobStatus
from depeche.batches import BatchStatus
from depeche.errors import JobFailed, NotReady, UnknownJob
from depeche.search import Found


def unknown(status: JobStatus, found: Found = "none") -> UnknownJob:
    """The error for an id that no job has, or a job that nobody can read.

    ``found`` is what came of the search for its message.
    """
    if status.error:
        return UnknownJob(f"job {status.id}: {status.error.message}")
    if found == "forbidden":
        return UnknownJob(
            f"job {status.id} has no record, and this user of Redis may not look for its message in the queues: if "
            "another program has queued it, it ends as cancelled when a worker takes it"
        )
    return UnknownJob(f"no job has the id {status.id}: it was never submitted, or has expired")


def check_succeeded(status: JobStatus) -> None:
    """Hold a status against what a result needs.

    Raises:
        NotReady: the job is queued or running.
        JobFailed: the job ended without a result. ``detail`` is its error.
        UnknownJob: no job has this id, or it has expired.
    """
    if status.state is JobState.UNKNOWN:
        raise unknown(status)
    if not status.state.terminal:
        raise NotReady(f"job {status.id} is {status.state}", {"state": status.state})
    if status.state is not JobState.SUCCEEDED:
        error = status.error
        reason = f"{error.code}: {error.message}" if error else str(status.state)
        raise JobFailed(f"job {status.id} failed: {reason}", error.model_dump() if error else {})


def known_batch(name: str, found: BatchStatus | None) -> BatchStatus:
    """The status of a batch, from what Redis has; None where Redis has nothing.

    Raises:
        UnknownJob: no batch has this name, or it has expired.
    """
    if found is None:
        raise UnknownJob(f"no batch has the name {name!r}: nothing was submitted to it, or it has expired")
    return found


def reading_batch(name: str) -> AbstractContextManager[None]:
    """Within it, a ValueError says that what is in Redis is no batch, and becomes an UnknownJob."""
    return _reading(f"the batch {name!r} cannot be read, as another program has written to its key: delete the key")


def reading_result(task_id: str) -> AbstractContextManager[None]:
    """Within it, a ValueError says that what is in Redis is no result, and becomes an UnknownJob."""
    return _reading(
        f"the result of job {task_id} cannot be read, as another program has written over it: submit the article again"
    )


@contextmanager
def _reading(message: str) -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise UnknownJob(message) from error


def as_result(task_id: str, payload: dict[str, Any] | None) -> ArticleResult:
    """The result of a job that has succeeded, from what Redis has; None where Redis has nothing.

    Raises:
        UnknownJob: it has expired.
        ValueError: it is none.
    """
    if payload is None:
        raise UnknownJob(f"the result of job {task_id} has expired")
    return ArticleResult.model_validate(payload)
