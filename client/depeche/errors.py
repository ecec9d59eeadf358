"""All errors of Dépêche. The class says what the caller can do next: correct the input, or try again later.

    DepecheError
    ├── SettingsError          a DEPECHE_ variable cannot be used; also a ValueError
    ├── RejectedError          this input will never be taken
    │   ├── InvalidArticle
    │   │   └── UnreadableDocument
    │   ├── TooLong
    │   ├── NotFrench
    │   ├── InvalidPairs
    │   └── KeyConflict
    ├── RetryableError         something outside the article failed; the same may succeed later
    │   ├── RedisUnavailable
    │   ├── QueueFull
    │   └── EngineOverloaded
    ├── NotReady               Client.result and Client.wait: the job has not ended
    ├── UnknownJob             Client: there is no such job
    ├── StructureLost          depeche.documents: a result does not fit the document's structure
    ├── CannotWrite            the commands: their output is closed, or its disk full
    ├── JobFailed              Client.result and Client.wait: the job ended without a result
    └── ends of a job: Cancelled, DeadlineExceeded, Poison, ModelUnavailable

An error's message is for the person who reads it, and says what to do. Its ``detail`` holds figures for programs. Both
travel through Redis as JSON, in the form ``{"code", "message", "detail"}``.
"""

from __future__ import annotations

from typing import Any, ClassVar


class DepecheError(Exception):
    """Base of every error that Dépêche raises on purpose."""

    code: ClassVar[str] = "internal"
    #: Exit status of the commands, see ``depeche --help``.
    exit_status: ClassVar[int] = 5

    def __init__(self, message: str, detail: dict[str, Any] | None = None) -> None:
        # Both go to args, because Celery stores an exception as its class name and its args.
        super().__init__(message, detail or {})
        self.message = message
        self.detail = detail or {}

    def __str__(self) -> str:
        return self.message

    def as_json(self) -> dict[str, Any]:
        """``{"code", "message", "detail"}``, as in a job's status."""
        return {"code": self.code, "message": self.message, "detail": self.detail}


class SettingsError(DepecheError, ValueError):
    """One or more variables cannot be used. The message has one line for each, which says what is allowed."""

    code = "invalid_settings"
    exit_status = 2


class RejectedError(DepecheError):
    """The input is refused. It can never be processed, so trying again does not help."""

    exit_status = 2


class InvalidArticle(RejectedError):
    """The article is empty or malformed, or a part of it is too large."""

    code = "invalid_article"


class UnreadableDocument(InvalidArticle):
    """A document is damaged, too large, of a kind that is not read, or an article in it cannot be read."""

    code = "unreadable_document"


class TooLong(RejectedError):
    """The article has more characters than DEPECHE_MAX_ARTICLE_CHARS."""

    code = "too_long"


class NotFrench(RejectedError):
    """The article is neither in French nor in English."""

    code = "not_french"


class InvalidPairs(RejectedError):
    """A file of sentences and their translations cannot be read."""

    code = "invalid_pairs"


class RetryableError(DepecheError):
    """Something outside the article failed. The same job may succeed later."""


class RedisUnavailable(RetryableError):
    """Redis does not answer, or refuses the connection.

    Attributes:
        final: whether it is of no use to try again, as Redis refuses the login.
    """

    code = "redis_unavailable"
    exit_status = 6
    final = False


class QueueFull(RetryableError):
    """As many articles wait as DEPECHE_MAX_QUEUE_LENGTH allows."""

    code = "queue_full"
    exit_status = 7


class EngineOverloaded(RetryableError):
    """An engine or its worker is out of memory. The same article may succeed later, when it runs alone."""

    code = "engine_overloaded"


class KeyConflict(RejectedError):
    """Another article, or other options, were submitted under the same idempotency key."""

    code = "key_conflict"


class Cancelled(DepecheError):
    """The job was cancelled."""

    code = "cancelled"


class DeadlineExceeded(DepecheError):
    """An attempt took longer than DEPECHE_JOB_DEADLINE_S."""

    code = "deadline_exceeded"


class Poison(DepecheError):
    """The job's worker died in the middle of it DEPECHE_MAX_ATTEMPTS times."""

    code = "poison"


class ModelUnavailable(DepecheError):
    """An engine or its weights cannot be loaded or run."""

    code = "model_unavailable"


class JobFailed(DepecheError):
    """The job ended without a result. ``detail`` is the job's own error."""

    code = "job_failed"


class NotReady(DepecheError):
    """The job has not ended yet, or not in the time given."""

    code = "not_ready"
    exit_status = 3


class UnknownJob(DepecheError):
    """No job has this id: it was never submitted, or its record has expired."""

    code = "unknown_job"
    exit_status = 4


class StructureLost(DepecheError):
    """A result does not fit the structure of its document. ``detail["text"]`` has the English without structure."""

    code = "structure_lost"


class CannotWrite(DepecheError):
    """A command's output is closed, or its disk is full."""

    code = "cannot_write"
    exit_status = 1


def first_line(error: Exception) -> str:
    """The first line of another library's exception, or the name of its class if it says nothing."""
    lines = str(error).strip().splitlines()
    return lines[0][:300] if lines else type(error).__name__
