"""The ``Ledger`` of ``worker/run/ledger.py`` in Redis: how workers claim, renew and end jobs.

Each step is a Lua script of ``depeche/lua/``, so that two workers cannot both end a job. What producers do with the
same records is in ``depeche/jobs.py``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import redis

from depeche import keys, messages, others, task_meta
from depeche.article import JobError, JobState, Progress
from depeche.errors import DepecheError, KeyConflict
from depeche.jobs import Jobs, new_caller
from depeche.queue import Priority
from worker.run.delivery import Callbacks, Delivery
from worker.run.ledger import Claim, Hold

#: What became of a message that is not a job. ``kept``: it is a dead letter. ``taken``: its id belongs to another
#: message. ``not kept``: there are as many dead letters as there may be.
Refusal = Literal["kept", "taken", "not kept"]

#: Of messages that are refused, only so many are kept: they are not articles that we accepted.
KEPT_MESSAGES = 10_000

#: What the janitor saw of a job: it waits and has no message, its lease has ended, or its next attempt is due.
Seen = Literal["waiting", "expired", "due"]


@dataclass(frozen=True)
class Publication:
    """What came of the janitor's wish to put a job's message on its queue again.

    Attributes:
        outcome: ``published``. ``not as seen``: the job has changed. ``not elected``: another is the janitor now.
            ``gone``: it has no record, or has ended. ``lost``: its message is gone for good. ``in vain``: nobody could
            use its message. ``spoilt``: its record cannot be used.
        token: of a job that is lost or in vain, its fencing token.
        fault: of a record that is spoilt, what is wrong with it.
    """

    outcome: Literal["published", "not as seen", "not elected", "gone", "lost", "in vain", "spoilt"]
    token: int = 0
    fault: str = ""


class Tidied(NamedTuple):
    """What was tidied up: how many times were brought back from the future, and how many entries had no job."""

    times: int
    entries: int


#: How often a job's message is put on the queue again without any worker taking it up: then it is one that none can
#: use.
MOST_IN_VAIN = 5


def new_fence(term_s: float) -> str:
    """A fencing token for one term as the janitor, which says how long the term is."""
    return f"{new_caller()} {round(term_s * 1000)}"


class RedisLedger(Jobs):
    """What workers do with jobs, besides all that producers do. Safe to call from several threads.

    Args:
        client: a connected client that decodes responses.
        ttl_s: how long record, result and dead letter are kept after a job's end.
        max_events: so many ends of jobs the stream of events keeps.
    """

    def adopt(
        self, task_id: str, priority: Priority, args: Any, kwargs: Any, callbacks: Callbacks | None = None
    ) -> None:
        """Complete the record of a job that another program, or an older version of this one, queued."""
        message = messages.compose(task_id, priority, args, kwargs, *_parts(callbacks))
        self._scripts.run("adopt", task_id, priority, message)

    def claim(
        self,
        task_id: str,
        worker: str,
        caller: str,
        *,
        lease_s: float,
        max_attempts: int,
        alone: bool,
        digest: str = "",
        tag: str = "",
        entry: str = "",
    ) -> Claim:
        """Ask for the right to run a job until the lease ends; the attempt is counted before the work."""
        meta = task_meta.write(task_id, JobState.RUNNING)
        arguments = (task_id, worker, caller, lease_s, max_attempts, int(alone), meta, digest, tag, entry)
        outcome, *rest = self._scripts.run("claim", *arguments)
        match outcome:
            case "started":
                token, attempt, waited = rest
                return Claim(outcome, int(token), int(attempt), round(float(waited) * 1000) if waited else None)
            case "exhausted":
                return Claim(outcome, int(rest[0]), int(rest[1]), last_worker=rest[2])
            case "cancelled":
                return Claim(outcome, int(rest[0]))
            case "spoilt":
                return Claim(outcome, fault=rest[0])
            case _:
                return Claim(outcome)

    def checkpoint(self, task_id: str, token: int, progress: Progress) -> Hold:
        """Record how far an attempt is, and hear whether it may go on."""
        answer: Hold = self._scripts.run("checkpoint", task_id, token, progress.model_dump_json())
        return answer

    def renew(self, worker: str, lease_s: float, task_ids: Iterable[str], about: str = "") -> list[str]:
        """Renew the leases of what a worker runs, and say that it is alive. Returns the ids that others run now.

        ``about`` is what it tells of itself, as the JSON of :class:`depeche.overview.About`.
        """
        lost: list[str] = self._scripts.run("renew", worker, lease_s, about, *task_ids)
        return lost

    def retire(self, worker: str) -> None:
        """A worker has ended in order."""
        self._client.zrem(keys.WORKERS.name, worker)
        # With an older aclfile a worker may not delete it, and it ends with the lease.
        with suppress(redis.exceptions.NoPermissionError):
            self._client.delete(keys.ABOUT.of(worker))

    def succeed(self, task_id: str, token: int, caller: str, result: dict[str, Any], tag: str = "") -> bool:
        """Store the result; false where another attempt has ended the job, or may do so."""
        meta = task_meta.write(task_id, JobState.SUCCEEDED, result)
        return self._finish(task_id, token, caller, JobState.SUCCEEDED, meta, "", tag)

    def end(
        self, task_id: str, token: int, caller: str, state: JobState, kind: str, error: JobError, tag: str = ""
    ) -> bool:
        """Record that a job ended without a result, as failed, cancelled or dead; ``kind`` is the error's class."""
        fault = error.model_dump(mode="json")
        meta = task_meta.write(task_id, state, task_meta.error(kind, fault))
        return self._finish(task_id, token, caller, state, meta, json.dumps(fault), tag)

    def _finish(self, task_id: str, token: int, caller: str, state: JobState, meta: str, fault: str, tag: str) -> bool:
        arguments = (task_id, token, caller, state, meta, fault, self._ttl_s, self._max_events, tag)
        return bool(self._scripts.run("finish", *arguments) == "ended")

    def release(self, task_id: str, token: int, caller: str, *, counts: bool, delay_s: float = 0) -> bool:
        """Give a job back, to run again at once or later; ``counts`` is whether this attempt was one."""
        meta = task_meta.write(task_id, JobState.QUEUED)
        return bool(self._scripts.run("release", task_id, token, caller, int(counts), delay_s, meta) == "released")

    def hand_back(self, task_id: str, worker: str) -> bool:
        """Give back what a stopping worker still runs, to the front of its queue; the attempt does not count."""
        meta = task_meta.write(task_id, JobState.QUEUED)
        return bool(self._scripts.run("hand_back", task_id, worker, new_caller(), meta) == "released")

    def set_aside(self, task_id: str, caller: str, kind: str, error: JobError) -> bool:
        """Make a dead letter of a job whose record cannot be used; false where it can.

        ``kind`` is the error's class.
        """
        fault = error.model_dump(mode="json")
        meta = task_meta.write(task_id, JobState.DEAD, task_meta.error(kind, fault))
        arguments = (task_id, caller, json.dumps(fault), meta, self._ttl_s, self._max_events)
        answer = self._scripts.run("set_aside", *arguments)
        return bool(answer == "set aside")

    def refuse(self, task_id: str, message: str, kind: str, error: JobError, most: int) -> Refusal:
        """Make a dead letter of a message that is not a job, unless there are ``most`` dead letters already.

        ``message`` is empty where it is too long to be kept; ``kind`` is the error's class.
        """
        fault = error.model_dump(mode="json")
        meta = task_meta.write(task_id, JobState.DEAD, task_meta.error(kind, fault))
        arguments = (task_id, new_caller(), message, json.dumps(fault), meta, self._ttl_s, most, self._max_events)
        answer: Refusal = self._scripts.run("refuse", *arguments)
        return answer

    def refuse_double(
        self, task_id: str, priority: Priority, args: Any, kwargs: Any, callbacks: Callbacks | None = None
    ) -> str:
        """Make a dead letter of a message whose id belongs to another article. Returns the letter's own id."""
        own, message, error = others.letter(task_id, priority, args, kwargs, *_parts(callbacks))
        self._refuse_with_callbacks(own, message, KeyConflict, error, callbacks)
        return own

    # Other tasks after an article.

    def begin_callbacks(self, task_id: str, caller: str, for_s: float) -> bool:
        """Whether this caller is to send the tasks that come after a job now; for so long nobody else is."""
        return bool(self._scripts.run("begin_callbacks", task_id, caller, for_s))

    def end_callbacks(self, task_id: str, caller: str) -> None:
        """Record that this caller has sent the tasks that come after a job, or that it has given up."""
        self._scripts.run("end_callbacks", task_id, caller)

    def refuse_callbacks(self, delivery: Delivery, reason: str) -> str:
        """Make a dead letter of a job that has ended, but whose callbacks cannot be sent. Returns the letter's own id.

        Retried, the article is processed under that id, and the callbacks are sent after it.
        """
        args, kwargs, callbacks = list(delivery.args), delivery.kwargs, delivery.callbacks
        own, message, _ = others.letter(delivery.task_id, delivery.priority, args, kwargs, *_parts(callbacks))
        error = JobError(
            code=DepecheError.code,
            message=f"job {delivery.task_id} has ended, but the tasks after it could not be sent ({reason}): see the "
            f"worker's log, then retry this one, and it is processed as {own}",
            detail={"id": delivery.task_id},
        )
        self._refuse_with_callbacks(own, message, DepecheError, error, callbacks)
        return own

    def _refuse_with_callbacks(
        self, own: str, message: str, kind: type[DepecheError], error: JobError, callbacks: Callbacks | None
    ) -> None:
        self.refuse(own, message, kind.__name__, error, KEPT_MESSAGES)
        for task_id in callbacks.waiting_ids() if callbacks else []:
            self.refuse(task_id, "", kind.__name__, error, KEPT_MESSAGES)

    # What the janitor does.

    def elect(self, held: str, new: str) -> str:
        """Become the one janitor with the fencing token ``new``, or stay it with the one held; "" where none is held.

        Returns the token that is held from now on; empty where another is the janitor. See :func:`new_fence`.
        """
        return str(self._scripts.run("elect", held, new))

    def resign(self, fence: str) -> None:
        """Let another be elected at once."""
        self._scripts.run("resign", fence)

    def republish(self, fence: str, task_id: str, seen: Seen) -> Publication:
        """Put a job's message on its queue again, if the job is still as it was seen."""
        meta = task_meta.write(task_id, JobState.QUEUED)
        outcome, *rest = self._scripts.run("republish", fence, task_id, new_caller(), seen, MOST_IN_VAIN, meta)
        match outcome:
            case "spoilt":
                return Publication(outcome, fault=rest[0])
            case "lost" | "in vain":
                return Publication(outcome, token=int(rest[0]))
            case _:
                return Publication(outcome)

    def tidy(self, fence: str, lease_s: float, limit: int) -> Tidied:
        """Bring back times that lie too far in the future, and remove entries of jobs that there are not.

        ``limit`` is how many entries of each set are looked at.
        """
        return Tidied(*self._scripts.run("tidy", fence, lease_s, limit))

    def census(self, fence: str, lease_s: float, task_ids: Iterable[str]) -> dict[str, str]:
        """Put into the ledger what has a record and is in none of its sets.

        Returns the ids of these jobs, with an empty text, and of those whose record cannot be used, with its fault.
        """
        found: list[str] = self._scripts.run("census", fence, lease_s, self._ttl_s, self._max_events, *task_ids)
        return dict(zip(found[::2], found[1::2], strict=True))

    def heal(self) -> list[str]:
        """Move keys aside that have one of our names and another type. Returns their names."""
        pairs = [text for pair in keys.fixed().items() for text in pair]
        moved: list[str] = self._scripts.run("heal", self._ttl_s, *pairs)
        return moved


def _parts(callbacks: Callbacks | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """The headers and the embedded part of a message with these callbacks."""
    return (callbacks.headers, callbacks.embedded) if callbacks else ({}, {})
