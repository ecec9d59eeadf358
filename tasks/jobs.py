"""The job record: what Redis knows of a job beside the result, as one hash with a time to live.

Celery alone cannot tell a queued job from an id that was never submitted, and keeps no progress: the record does.
Celery's own key stays the truth of how a job ended and holds the result; the worker writes it first, the record after.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any

import redis

from tasks.article import JobError, JobState, JobStatus, Progress, ReportType
from tasks.errors import CODES, DepecheError

Redis = redis.Redis

#: How Celery says that a job has ended.
CELERY_ENDINGS = {"SUCCESS": JobState.SUCCEEDED, "FAILURE": JobState.FAILED, "REVOKED": JobState.CANCELLED}


def _key(job_id: str) -> str:
    return f"depeche:job:{job_id}"


def _result_key(job_id: str) -> str:
    """Celery's name for it, a part of the contract: callers may read it with a plain GET."""
    return f"celery-task-meta-{job_id}"


def connect(url: str) -> Redis:
    """A thread-safe client that gives up on a silent Redis within seconds."""
    return redis.Redis.from_url(url, decode_responses=True, socket_connect_timeout=5, socket_timeout=15)


class Jobs:
    """Reads and writes job records.

    Args:
        client: a connected client that decodes responses.
        ttl_s: how long a record is kept after its last change.
    """

    def __init__(self, client: Redis, ttl_s: int) -> None:
        self._client = client
        self._ttl_s = ttl_s

    def create(self, job_id: str, priority: str) -> None:
        """Record a job as queued, now, and say so to Celery's AsyncResult, which would call it PENDING."""
        meta: dict[str, Any] = {"status": "QUEUED", "result": None, "traceback": None, "children": []}
        with self._client.pipeline() as pipe:
            pipe.hset(_key(job_id), mapping={"state": "queued", "priority": priority, "queued_at": time.time()})
            pipe.expire(_key(job_id), self._ttl_s)
            pipe.set(_result_key(job_id), json.dumps(meta | {"task_id": job_id}), ex=self._ttl_s)
            pipe.execute()

    def delete(self, job_id: str) -> None:
        """Forget a job that could not be queued after all."""
        self._client.delete(_key(job_id), _result_key(job_id))

    def start(self, job_id: str) -> int:
        """Record that an attempt begins; makes the record of a job that another program queued.

        Returns:
            The number of this attempt, from 1.
        """
        with self._client.pipeline() as pipe:
            pipe.hincrby(_key(job_id), "attempts", 1)
            pipe.hset(_key(job_id), mapping={"state": JobState.RUNNING, "started_at": time.time()})
            pipe.hdel(_key(job_id), "error", "progress")
            pipe.expire(_key(job_id), self._ttl_s)
            return int(pipe.execute()[0])

    def progress(self, job_id: str, progress: Progress) -> None:
        """Record how far a running job is."""
        self._write(job_id, progress=progress.model_dump_json())

    def succeed(self, job_id: str) -> None:
        """Record that the result is there."""
        self._write(job_id, state=JobState.SUCCEEDED, finished_at=time.time())

    def fail(self, job_id: str, error: JobError) -> None:
        """Record why there will be no result."""
        self._write(job_id, state=JobState.FAILED, finished_at=time.time(), error=error.model_dump_json())

    def queued_at(self, job_id: str) -> float | None:
        """When the job was submitted, in seconds since 1970; None where another program queued it."""
        value = self._client.hget(_key(job_id), "queued_at")
        return None if value is None else float(str(value))

    def status(self, job_id: str) -> JobStatus:
        """The record as callers see it; state ``unknown`` where there is none."""
        record: dict[str, str] = self._client.hgetall(_key(job_id))  # type: ignore[assignment]  # a sync client
        if "state" not in record:
            return JobStatus(id=job_id, state=JobState.UNKNOWN)
        state, error = JobState(record["state"]), _load(JobError, record.get("error"))
        if not state.terminal:
            # Between the worker's two writes, or where Redis was lost then, the ending is in Celery's key alone.
            meta = self._meta(job_id)
            state = CELERY_ENDINGS.get(meta["status"], state)
            error = _celery_error(meta["result"]) if state is JobState.FAILED else None
        queued_at = record.get("queued_at")
        return JobStatus(
            id=job_id,
            state=state,
            progress=_load(Progress, record.get("progress")),
            attempts=int(record.get("attempts", 0)),
            queued_at=queued_at and datetime.fromtimestamp(float(queued_at), UTC).isoformat(timespec="milliseconds"),
            error=error,
        )

    def result(self, job_id: str) -> dict[str, Any] | None:
        """What the worker wrote for a job that succeeded; None where there is no such result."""
        meta = self._meta(job_id)
        return meta["result"] if meta["status"] == "SUCCESS" else None

    def _meta(self, job_id: str) -> dict[str, Any]:
        text = self._client.get(_result_key(job_id))
        meta: dict[str, Any] = {"status": None, "result": None} if text is None else json.loads(str(text))
        return meta

    def _write(self, job_id: str, **fields: str | float) -> None:
        # The time to live is set in the same transaction, so that no record can be left without one.
        with self._client.pipeline() as pipe:
            pipe.hset(_key(job_id), mapping=fields)  # type: ignore[arg-type]  # str is one of the key types
            pipe.expire(_key(job_id), self._ttl_s)
            pipe.execute()


def _celery_error(stored: dict[str, Any]) -> JobError:
    """The error in Celery's form: the name of its class and its arguments."""
    arguments = stored["exc_message"]
    code = CODES.get(stored["exc_type"])
    if code is None or not isinstance(arguments, list):
        return JobError(code=DepecheError.code, message=f"an unexpected {stored['exc_type']} ended the job")
    return JobError(code=code, message=arguments[0], detail=arguments[1])


def _load(model: type[ReportType], text: str | None) -> ReportType | None:
    return None if text is None else model.model_validate_json(text)
