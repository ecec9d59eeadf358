"""What a job's record says, and text of any bytes as text that can be shown or sent."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from depeche.article import JobError, JobState, JobStatus, Progress, ReportType

if TYPE_CHECKING:
    import redis

#: The error of a job whose record, or whose own error, cannot be read.
UNREADABLE = JobError(
    code="internal",
    message="its record cannot be read, as another program has written to it: a running worker sets it aside within "
    "some minutes",
)


def shown(text: str) -> str:
    """A text with any bytes in it, as a text that can be written anywhere: bytes that are not UTF-8 are escaped."""
    if not is_sendable(text):
        return text.encode(errors="backslashreplace").decode()
    return text.encode(errors="surrogateescape").decode(errors="backslashreplace")


def is_sendable(text: str) -> bool:
    """Whether Redis can be asked for it; not where it has halves of characters."""
    try:
        text.encode(errors="surrogateescape")
    except UnicodeEncodeError:
        return False
    return True


def as_unreadable(error: redis.ResponseError) -> Exception:
    """What to raise for Redis' answer: a ValueError where the key is of another type."""
    return ValueError(str(error)) if "WRONGTYPE" in str(error) else error


def read_status(task_id: str, record: dict[str, str] | Exception) -> JobStatus:
    """The status in a record, or in Redis' answer that there is something else in its place.

    Raises:
        redis.RedisError: Redis refuses to give the record.
    """
    if isinstance(record, Exception):
        if "WRONGTYPE" not in str(record):
            raise record
        return JobStatus(id=shown(task_id), state=JobState.UNKNOWN, error=UNREADABLE)
    if "state" not in record:
        return JobStatus(id=shown(task_id), state=JobState.UNKNOWN)
    try:
        return _status(task_id, record)
    # The last two are raised for a number that is not a time, and for one that is too large for a system call.
    except (ValueError, OverflowError, OSError):
        return JobStatus(id=shown(task_id), state=JobState.UNKNOWN, error=UNREADABLE)


def _status(task_id: str, record: dict[str, str]) -> JobStatus:
    queued_at = record.get("queued_at")
    return JobStatus(
        id=task_id,
        state=JobState(record["state"]),
        progress=_load(Progress, record.get("progress")),
        attempts=int(record.get("attempts", 0)),
        queued_at=queued_at and datetime.fromtimestamp(float(queued_at), UTC).isoformat(timespec="milliseconds"),
        error=_load(JobError, record.get("error"), instead=UNREADABLE),
    )


def _load(model: type[ReportType], text: str | None, instead: ReportType | None = None) -> ReportType | None:
    try:
        return None if text is None else model.model_validate_json(text)
    except ValueError:
        return instead
