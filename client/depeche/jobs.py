"""Jobs in Redis, as producers and operators see them: submit, follow, cancel, and look after the dead.

A record is a hash with a time to live; the ledger is four sorted sets: waiting (one a priority), delayed, running (by
the end of the lease) and dead; ``depeche/keys.py`` names them. Every step from one to another is a Lua script of
``depeche/lua/``, so that none is ever half done. The message on the queue is only what wakes a worker: lost, the
janitor writes it again from the ledger; doubled, the ledger lets one run. What workers do is in ``worker/ledger.py``.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from depeche import keys, messages, task_meta
from depeche.article import JobState, JobStatus, Stats
from depeche.batches import SUBMITTER_S, BatchStatus, Enrolment, read_batch
from depeche.errors import Cancelled
from depeche.queue import MAX_EVENTS, QUEUES, Priority
from depeche.records import as_unreadable, is_sendable, read_status, shown
from depeche.redis_client import timestamp
from depeche.scripts import Scripts
from depeche.search import Found, cancelling, looking_up, searching
from depeche.steps import take
from depeche.strays import count_strays

if TYPE_CHECKING:
    import redis

#: How long submit waits for replicas; they are milliseconds behind.
REPLICATION_MS = 2000

#: How long a job that is not there is marked as cancelled, in seconds. It is much longer than a worker needs to make a
#: job of a message that it has taken.
MARK_S = 60

#: What came of an operator's wish to queue a dead job again. ``expired``: its article is gone.
Revival = Literal["revived", "not dead", "expired"]


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job that is to be queued.

    Attributes:
        task_id: its id.
        message: what a worker gets.
        digest: of its article and options, see :func:`depeche.messages.digest`.
    """

    task_id: str
    message: str
    digest: str


@dataclass(frozen=True, slots=True)
class Submission:
    """What Redis did with a job that was submitted. Only ``queued`` and ``not replicated`` have changed anything.

    Attributes:
        outcome: ``queued``: recorded and queued. ``exists``: the same article has this id already. ``conflict``:
            another article has it. ``full``: too many wait. ``out of memory``: Redis has little room left. ``spoilt``:
            a key that it needs is of another type. ``no batch``: that of the batch is. ``not replicated``: as queued or
            exists, but too few replicas have it.
        length: how many messages wait in all queues.
        replicas: how many replicas have the job, where these are too few.
    """

    outcome: Literal["queued", "exists", "conflict", "full", "out of memory", "spoilt", "no batch", "not replicated"]
    length: int = 0
    replicas: int = 0


class Jobs:
    """Reads and changes jobs. Each method that changes one is one script, which happens whole or not at all.

    Args:
        client: a connected client that decodes responses.
        ttl_s: how long record, result and dead letter are kept after a job's end.
        max_events: so many ends of jobs the stream of events keeps.
    """

    def __init__(self, client: redis.Redis, ttl_s: int, max_events: int = MAX_EVENTS) -> None:
        self._client = client
        self._ttl_s = ttl_s
        self._max_events = max_events
        self._scripts = Scripts(client)
        self._may_search = True

    def submit(
        self,
        new: Sequence[NewJob],
        priority: Priority,
        max_queue_length: int,
        min_replicas: int = 0,
        batch: Enrolment | None = None,
    ) -> list[Submission]:
        """Record and queue jobs, in order, but those whose id is taken or for which there is no room.

        They are one step for Redis, which does nothing else meanwhile, so they should be some hundreds at most.
        """
        arguments = submit_arguments(new, priority, max_queue_length, batch)
        if not min_replicas:
            return submissions(self._scripts.run("submit", *arguments))
        answer, reached = self._scripts.run_replicated(
            "submit", *arguments, replicas=min_replicas, wait_ms=REPLICATION_MS
        )
        return submissions(answer, reached, min_replicas)

    def close_batch(self, batch: Enrolment) -> None:
        """Say that its submitter submits no more to a batch, which may end it."""
        self._scripts.run("close_batch", *batch, self._ttl_s, self._max_events)

    def batch(self, name: str) -> BatchStatus | None:
        """A batch as callers see it; None where there is none.

        Raises:
            ValueError: its key is of another type.
        """
        import redis

        try:
            found: Any = self._client.hgetall(keys.BATCH.of(name))
        except redis.ResponseError as error:
            raise as_unreadable(error) from error
        return read_batch(name, found, timestamp(self._client.time())) if found else None

    def cancel(self, task_id: str, mark_s: int = MARK_S) -> JobState:
        """Cancel a queued job now, and a running one at its next batch. Returns the state found or made.

        A job without a record gets a mark for ``mark_s`` seconds, with which no worker starts it; with 0, it ends now.
        """
        arguments = cancel_arguments(task_id, self._ttl_s, self._max_events, mark_s)
        return JobState(self._scripts.run("cancel", *arguments))

    def cancel_anywhere(self, task_id: str) -> Found:
        """Cancel a job, also one whose message was queued by another program and that has no record yet.

        Returns:
            Whether there is such a job. ``forbidden``: that is not known, and the job ends as cancelled if its message
            comes to a worker.
        """
        return take(cancelling(self, task_id, self._ttl_s))

    def look_up(self, task_id: str) -> JobStatus:
        """The status; ``queued`` also where another program has queued the job and it has no record yet."""
        return take(looking_up(self, task_id))

    def status(self, task_id: str) -> JobStatus:
        """The record as callers see it; state ``unknown`` where there is none.

        A record that cannot be read, as another program has written to it, is ``unknown`` with an error that says so.
        """
        import redis

        try:
            found: Any = self._client.hgetall(keys.JOB.of(task_id))
        except redis.ResponseError as error:
            found = error
        return read_status(task_id, found)

    def statuses(self, task_ids: list[str]) -> list[JobStatus]:
        """As :meth:`status`, for each of these in their order. An id that is not valid Unicode is ``unknown``."""
        sent = [task_id for task_id in task_ids if is_sendable(task_id)]
        with self._client.pipeline(transaction=False) as pipe:
            for task_id in sent:
                pipe.hgetall(keys.JOB.of(task_id))
            records = dict(zip(sent, pipe.execute(raise_on_error=False), strict=True))
        return [read_status(task_id, records.get(task_id, {})) for task_id in task_ids]

    def search(self, task_id: str) -> Found:
        """Whether a message of this job waits somewhere, or was just taken by a worker."""
        # A refusal is asked for once, as Redis keeps a log of them for its administrator.
        found = take(searching(self._scripts.run, task_id)) if self._may_search else "forbidden"
        self._may_search = found != "forbidden"
        return found

    def _record(self, task_id: str) -> dict[str, str]:
        import redis

        try:
            return self._client.hgetall(keys.JOB.of(task_id))  # type: ignore[return-value]  # a sync client
        except redis.ResponseError as error:
            raise as_unreadable(error) from error

    def result(self, task_id: str) -> dict[str, Any] | None:
        """What the worker wrote for a job that succeeded; None where there is no such result.

        Raises:
            ValueError: another program has written something else in its place.
        """
        text = self._text(keys.RESULT.of(task_id))
        return None if text is None else task_meta.result(text)

    def _text(self, key: str) -> str | None:
        import redis

        try:
            text = self._client.get(key)
        except redis.ResponseError as error:
            raise as_unreadable(error) from error
        return None if text is None else str(text)

    def stats(self) -> Stats:
        """How much waits, runs and is dead, and how many workers are alive."""
        now = timestamp(self._client.time())
        with self._client.pipeline(transaction=False) as pipe:
            for queue in QUEUES.values():
                pipe.llen(queue)
            pipe.zcount(keys.RUNNING.name, now, "+inf")
            pipe.zcard(keys.DELAYED.name)
            pipe.zcount(keys.DEAD.name, now - self._ttl_s, "+inf")
            pipe.zcount(keys.WORKERS.name, now, "+inf")
            *lengths, running, delayed, dead, workers = pipe.execute()
        strays = count_strays(self._client)
        queued = {priority: length + strays[priority] for priority, length in zip(QUEUES, lengths, strict=True)}
        return Stats(queued=queued, running=running, delayed=delayed, dead=dead, workers=workers)

    # Dead letters.

    def dead_ids(self, limit: int) -> list[str]:
        """The ids of the dead, latest first."""
        return list(map(str, self._client.zrange(keys.DEAD.name, 0, limit - 1, desc=True)))

    def dead_letter(self, task_id: str) -> dict[str, Any] | None:
        """Status, last worker and message of a dead job; None where it is not dead.

        A message that was refused, or is none that can be read, is there as it was, as ``message``.
        """
        status = self.status(task_id)
        if status.state is not JobState.DEAD:
            return None
        letter = status.model_dump(mode="json") | {"worker": shown(self._record(task_id).get("worker", "")) or None}
        message = self._text(keys.MESSAGE.of(task_id))
        as_it_was = letter | {"message": None if message is None else shown(message)}
        if status.error and "reason" in status.error.detail:
            return as_it_was
        try:
            args, kwargs = messages.content(message)[:2] if message else (None, None)
        except (ValueError, LookupError, TypeError):
            return as_it_was
        return letter | {"args": args, "kwargs": kwargs}

    def revive(self, task_id: str) -> Revival:
        """Queue a dead job again, with all its attempts."""
        answer: Revival = self._scripts.run("revive", task_id, new_caller(), task_meta.write(task_id, JobState.QUEUED))
        return answer

    def drop(self, task_id: str) -> bool:
        """Forget a dead job and its article; false where it is not dead."""
        return bool(self._scripts.run("drop", task_id, new_caller()) == "dropped")


def submit_arguments(
    new: Sequence[NewJob], priority: Priority, max_queue_length: int, batch: Enrolment | None = None
) -> list[str | float]:
    """What the script ``submit`` is given."""
    arguments: list[str | float] = [max_queue_length, priority, new_caller(), *(batch or ("", "")), SUBMITTER_S]
    for job in new:
        arguments += (job.task_id, job.message, job.digest, task_meta.write(job.task_id, JobState.QUEUED))
    return arguments


def submissions(answer: Any, reached: int = 0, min_replicas: int = 0) -> list[Submission]:
    """What the script ``submit`` has done, and how many replicas it has reached."""
    length, outcomes = answer
    accepted = {"queued", "exists"} if reached < min_replicas else set()
    return [Submission("not replicated" if outcome in accepted else outcome, length, reached) for outcome in outcomes]


def cancel_arguments(task_id: str, ttl_s: int, max_events: int, mark_s: int = MARK_S) -> list[str | float]:
    """What the script ``cancel`` is given."""
    fault = Cancelled("the job was cancelled").as_json()
    meta = task_meta.write(task_id, JobState.CANCELLED, task_meta.error(Cancelled.__name__, fault))
    return [task_id, meta, json.dumps(fault), ttl_s, max_events, mark_s]


def new_caller() -> str:
    """A token for one call of a script, by which the script knows a repeated call whose answer was lost."""
    return secrets.token_hex(8)
