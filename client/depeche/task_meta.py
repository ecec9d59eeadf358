"""What Celery's AsyncResult reads under ``celery-task-meta-ID``: a job's state and result in Celery's form."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from depeche.article import JobState

#: It is kept, as json.dumps would make a new one for every job.
_write = json.JSONEncoder(ensure_ascii=False).encode

#: Celery's words for the states in which AsyncResult.ready() is true.
_CELERY_STATES = {
    JobState.QUEUED: "QUEUED",
    JobState.RUNNING: "STARTED",
    JobState.SUCCEEDED: "SUCCESS",
    JobState.FAILED: "FAILURE",
    JobState.CANCELLED: "REVOKED",
    JobState.DEAD: "FAILURE",
}


def write(task_id: str, state: JobState, result: Any = None) -> str:
    """The JSON for a state; ``result`` is a JSON value: the result, or an error as :func:`error` makes it."""
    done = datetime.now(UTC).isoformat() if state.terminal else None
    meta = {"status": _CELERY_STATES[state], "result": result, "traceback": None, "children": [], "date_done": done}
    return _write(meta | {"task_id": task_id})


def error(kind: str, fault: dict[str, Any]) -> dict[str, Any]:
    """An error in Celery's form: the name of its class and its arguments, from which AsyncResult.get() raises it."""
    return {"exc_type": kind, "exc_message": [fault["message"], fault["detail"]], "exc_module": "depeche.errors"}


def result(text: str) -> dict[str, Any] | None:
    """The result of a job that succeeded; None where there is none.

    Raises:
        ValueError: :func:`write` has not made this text.
    """
    meta = json.loads(text)
    if not isinstance(meta, dict) or not {"status", "result"} <= set(meta):
        raise ValueError("a result has a status and a result")
    found: dict[str, Any] | None = meta["result"]
    return found if meta["status"] == _CELERY_STATES[JobState.SUCCEEDED] else None
