"""Jobs in Redis: the record of each, the ledger of those that have not ended, and the steps from state to state.

A record is a hash with a time to live; the ledger is four sorted sets: waiting (one a priority), delayed, running (by
the end of the lease) and dead. Every step from one to another is a Lua script of ``depeche/lua/``, so that none is ever
half done and two workers cannot both end a job. The message on the queue is only what wakes a worker: lost, the janitor
writes it again from the ledger; doubled, the ledger lets one run.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from depeche import messages, others
from depeche.article import JobError, JobState, JobStatus, Progress, ReportType, Stats
from depeche.errors import Cancelled, KeyConflict
from depeche.queue import QUEUES, Priority
from depeche.redis_client import timestamp
from depeche.scripts import Scripts
from depeche.strays import count_strays

if TYPE_CHECKING:
    import redis

#: How long submit waits for replicas; they are milliseconds behind.
REPLICATION_MS = 2000

#: Of messages that are refused, only so many are kept: they are no articles that we accepted.
KEPT_MESSAGES = 10_000

#: Celery's words for the states in which AsyncResult.ready() is true.
_CELERY_STATES = {
    JobState.QUEUED: "QUEUED",
    JobState.RUNNING: "STARTED",
    JobState.SUCCEEDED: "SUCCESS",
    JobState.FAILED: "FAILURE",
    JobState.CANCELLED: "REVOKED",
    JobState.DEAD: "FAILURE",
}

#: Whether a running job may go on: it holds its lease, has lost it to another worker, or was cancelled.
Hold = Literal["held", "lost", "cancelled"]


@dataclass(frozen=True)
class Claim:
    """Redis' answer to a worker that wants to run a job.

    Attributes:
        outcome: ``started``: run it. ``suspect``: ask again when nothing else runs here. ``held``: another worker runs
            it; ``ended``: it has ended already. ``cancelled``, ``exhausted``: end it so. ``unknown``: it has no record.
        token: the fencing token: how often the job was started, over all attempts. Its field in the record is ``run``.
        attempt: which attempt this is, from 1; of an exhausted job the last.
        queued_ms: how long it waited; None where that is not known.
        last_worker: of an exhausted job.
    """

    outcome: Literal["started", "suspect", "held", "ended", "cancelled", "exhausted", "unknown"]
    token: int = 0
    attempt: int = 0
    queued_ms: int | None = None
    last_worker: str = ""


class Jobs:
    """Reads and changes jobs.

    Args:
        client: a connected client that decodes responses.
        ttl_s: how long record, result and dead letter are kept after a job's end.
    """

    def __init__(self, client: redis.Redis, ttl_s: int) -> None:
        self._client = client
        self._ttl_s = ttl_s
        self._scripts = Scripts(client)

    # What producers do.

    def submit(
        self, job_id: str, priority: Priority, message: str, digest: str, max_queue_length: int, min_replicas: int = 0
    ) -> list[str]:
        """Record and queue a job in one step.

        Returns:
            ``["queued", id]``; ``["exists", digest]`` where the id is taken, with the digest of what was submitted
            under it; ``["full", length]`` where the queue is, ``["out of memory", ""]`` where Redis has little room
            left. Nothing has changed in these three cases. ``["not replicated", number]``: it is recorded and queued,
            and only so many replicas have it.
        """
        arguments = (job_id, priority, message, digest, max_queue_length, _meta(job_id, JobState.QUEUED))
        if not min_replicas:
            answer: list[str] = self._scripts.run("submit", *arguments)
            return answer
        answer, reached = self._scripts.run_replicated(
            "submit", *arguments, replicas=min_replicas, wait_ms=REPLICATION_MS
        )
        has_it = answer[0] in {"queued", "exists"}
        return ["not replicated", str(reached)] if has_it and reached < min_replicas else answer

    def cancel(self, job_id: str) -> str:
        """Cancel a queued job now, and a running one at its next batch. Returns the state found or made."""
        fault = Cancelled("the job was cancelled").as_json()
        meta = _meta(job_id, JobState.CANCELLED, _celery_error(Cancelled.__name__, fault))
        return str(self._scripts.run("cancel", job_id, meta, json.dumps(fault), self._ttl_s))

    def status(self, job_id: str) -> JobStatus:
        """The record as callers see it; state ``unknown`` where there is none."""
        record: dict[str, str] = self._client.hgetall(_key(job_id))  # type: ignore[assignment]  # a sync client
        if "state" not in record:
            return JobStatus(id=job_id, state=JobState.UNKNOWN)
        queued_at = record.get("queued_at")
        return JobStatus(
            id=job_id,
            state=JobState(record["state"]),
            progress=_load(Progress, record.get("progress")),
            attempts=int(record.get("attempts", 0)),
            queued_at=queued_at and datetime.fromtimestamp(float(queued_at), UTC).isoformat(timespec="milliseconds"),
            error=_load(JobError, record.get("error")),
        )

    def result(self, job_id: str) -> dict[str, Any] | None:
        """What the worker wrote for a job that succeeded; None where there is no such result."""
        text = self._client.get(_result_key(job_id))
        meta: dict[str, Any] = {"status": None} if text is None else json.loads(str(text))
        return meta["result"] if meta["status"] == "SUCCESS" else None

    def stats(self) -> Stats:
        """How much waits, runs and is dead, and how many workers are alive."""
        now = self._now()
        with self._client.pipeline(transaction=False) as pipe:
            for queue in QUEUES.values():
                pipe.llen(queue)
            pipe.zcount("depeche:running", now, "+inf")
            pipe.zcard("depeche:delayed")
            pipe.zcount("depeche:dead", now - self._ttl_s, "+inf")
            pipe.zcount("depeche:workers", now, "+inf")
            *lengths, running, delayed, dead, workers = pipe.execute()
        strays = count_strays(self._client)
        queued = {priority: length + strays[priority] for priority, length in zip(QUEUES, lengths, strict=True)}
        return Stats(queued=queued, running=running, delayed=delayed, dead=dead, workers=workers)

    # What workers do.

    def adopt(self, job_id: str, priority: Priority, args: Any, kwargs: Any) -> None:
        """Complete the record of a job that another program, or an older version of this one, queued."""
        self._scripts.run("adopt", job_id, priority, messages.compose(job_id, priority, args, kwargs))

    def claim(self, job_id: str, worker: str, *, lease_s: float, max_attempts: int, alone: bool) -> Claim:
        """Ask for the right to run a job until the lease ends; the attempt is counted before the work."""
        meta = _meta(job_id, JobState.RUNNING)
        answer = self._scripts.run("claim", job_id, worker, lease_s, max_attempts, int(alone), meta)
        outcome, *rest = answer
        match outcome:
            case "started":
                token, attempt, waited = rest
                return Claim(outcome, int(token), int(attempt), round(float(waited) * 1000) if waited else None)
            case "exhausted":
                return Claim(outcome, int(rest[0]), int(rest[1]), last_worker=rest[2])
            case "cancelled":
                return Claim(outcome, int(rest[0]))
            case _:
                return Claim(outcome)

    def checkpoint(self, job_id: str, token: int, progress: Progress) -> Hold:
        """Record how far an attempt is, and hear whether it may go on."""
        answer: Hold = self._scripts.run("checkpoint", job_id, token, progress.model_dump_json())
        return answer

    def renew(self, worker: str, lease_s: float, job_ids: Iterable[str]) -> list[str]:
        """Renew the leases of what a worker runs, and say that it is alive. Returns the ids that others run now."""
        lost: list[str] = self._scripts.run("renew", worker, lease_s, *job_ids)
        return lost

    def retire(self, worker: str) -> None:
        """A worker has ended in order."""
        self._client.zrem("depeche:workers", worker)

    def succeed(self, job_id: str, token: int, result: dict[str, Any]) -> bool:
        """Store the result; false where another attempt has ended the job, or may do so."""
        return self._finish(job_id, token, JobState.SUCCEEDED, _meta(job_id, JobState.SUCCEEDED, result))

    def end(self, job_id: str, token: int, state: JobState, kind: str, error: JobError) -> bool:
        """Record that a job ended without a result, as failed, cancelled or dead; ``kind`` is the error's class."""
        fault = error.model_dump(mode="json")
        return self._finish(job_id, token, state, _meta(job_id, state, _celery_error(kind, fault)), json.dumps(fault))

    def release(self, job_id: str, token: int, *, counts: bool, delay_s: float = 0) -> bool:
        """Give a job back, to run again at once or later; ``counts`` is whether this attempt was one."""
        meta = _meta(job_id, JobState.QUEUED)
        return bool(self._scripts.run("release", job_id, token, int(counts), delay_s, meta))

    def hand_back(self, job_id: str, worker: str) -> bool:
        """Give back what a stopping worker still runs, to the front of its queue; the attempt does not count."""
        holder, token = self._client.hmget(_key(job_id), "worker", "run")
        return holder == worker and self.release(job_id, int(token or 0), counts=False)

    def refuse(self, job_id: str, message: str, kind: str, error: JobError, most: int) -> str:
        """Make a dead letter of a message that is no job; ``message`` is empty where it is too long to be kept.

        Returns:
            ``kept``; ``taken``: the id is another message's; ``not kept``: there are ``most`` dead letters already.
        """
        fault = error.model_dump(mode="json")
        meta = _meta(job_id, JobState.DEAD, _celery_error(kind, fault))
        return str(self._scripts.run("refuse", job_id, message, json.dumps(fault), meta, self._ttl_s, most))

    def is_own(self, job_id: str, args: Any, kwargs: Any) -> bool:
        """Whether a message is the job's own: the first one under an id decides which article and options it has."""
        return others.is_own(self._scripts, job_id, args, kwargs)

    def set_aside(self, job_id: str, priority: Priority, args: Any, kwargs: Any) -> str:
        """Make a dead letter of a message whose id belongs to another article; the letter's own id is returned."""
        own, message, error = others.letter(job_id, priority, args, kwargs)
        self.refuse(own, message, KeyConflict.__name__, error, KEPT_MESSAGES)
        return own

    # Dead letters.

    def dead_ids(self, limit: int) -> list[str]:
        """The ids of the dead, latest first."""
        return list(map(str, self._client.zrange("depeche:dead", 0, limit - 1, desc=True)))

    def dead_letter(self, job_id: str) -> dict[str, Any] | None:
        """Status, last worker and message of a dead job; None where it is not dead.

        A message that was refused is there as it was, as ``message``.
        """
        status = self.status(job_id)
        if status.state is not JobState.DEAD:
            return None
        message = self._client.get(_message_key(job_id))
        letter = status.model_dump(mode="json") | {"worker": self._client.hget(_key(job_id), "worker")}
        if status.error and "reason" in status.error.detail:
            return letter | {"message": message}
        args, kwargs = messages.content(str(message))[:2] if message else (None, None)
        return letter | {"args": args, "kwargs": kwargs}

    def revive(self, job_id: str) -> int:
        """A dead job back into its queue: 1 done, 0 it is not dead, -1 its message has expired."""
        return int(self._scripts.run("revive", job_id, _meta(job_id, JobState.QUEUED)))

    def drop(self, job_id: str) -> bool:
        """Forget a dead job and its article; false where it is not dead."""
        if self.status(job_id).state is not JobState.DEAD:
            return False
        with self._client.pipeline() as pipe:
            pipe.zrem("depeche:dead", job_id)
            pipe.delete(_key(job_id), _message_key(job_id), _result_key(job_id))
            pipe.execute()
        return True

    def _finish(self, job_id: str, token: int, state: JobState, meta: str, fault: str = "") -> bool:
        return bool(self._scripts.run("finish", job_id, token, state, meta, fault, self._ttl_s))

    def _now(self) -> float:
        return timestamp(self._client.time())


def _key(job_id: str) -> str:
    return f"depeche:job:{job_id}"


def _message_key(job_id: str) -> str:
    return f"depeche:message:{job_id}"


def _result_key(job_id: str) -> str:
    """Celery's name for it, a part of the contract: callers may read it with a plain GET."""
    return f"celery-task-meta-{job_id}"


def _meta(job_id: str, state: JobState, result: Any = None) -> str:
    """What Celery's AsyncResult reads."""
    done = datetime.now(UTC).isoformat() if state.terminal else None
    meta = {"status": _CELERY_STATES[state], "result": result, "traceback": None, "children": [], "date_done": done}
    return json.dumps(meta | {"task_id": job_id}, ensure_ascii=False)


def _celery_error(kind: str, fault: dict[str, Any]) -> dict[str, Any]:
    """An error in Celery's form: the name of its class and its arguments, from which AsyncResult.get() raises it."""
    return {"exc_type": kind, "exc_message": [fault["message"], fault["detail"]], "exc_module": "depeche.errors"}


def _load(model: type[ReportType], text: str | None) -> ReportType | None:
    return None if text is None else model.model_validate_json(text)
