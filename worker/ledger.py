"""The ``Ledger`` of ``worker/run/ledger.py`` in Redis: how workers claim, renew and end jobs.

Each step is a Lua script of ``depeche/lua/``, so that two workers cannot both end a job. What producers do with the
same records is in ``depeche/jobs.py``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Literal

from depeche import keys, messages, task_meta
from depeche.article import JobError, JobState, Progress
from depeche.jobs import Jobs, new_caller
from depeche.queue import Priority
from worker.run.ledger import Claim, Hold

#: What became of a message that is no job. ``taken``: its id is another message's. ``not kept``: there are as many dead
#: letters as may be.
Refusal = Literal["kept", "taken", "not kept"]

#: What the janitor saw of a job: it waits and has no message, its lease has ended, or its next attempt is due.
Seen = Literal["waiting", "expired", "due"]

#: What the janitor did: it put the job on its queue, found it changed, or is not the elected one any more.
Publication = Literal["published", "not as seen", "not elected"]


class RedisLedger(Jobs):
    """What workers do with jobs, besides all that producers do. Safe to call from several threads.

    Args:
        client: a connected client that decodes responses.
        ttl_s: how long record, result and dead letter are kept after a job's end.
    """

    def adopt(self, job_id: str, priority: Priority, args: Any, kwargs: Any) -> None:
        """Complete the record of a job that another program, or an older version of this one, queued."""
        self._scripts.run("adopt", job_id, priority, messages.compose(job_id, priority, args, kwargs))

    def claim(self, job_id: str, worker: str, caller: str, *, lease_s: float, max_attempts: int, alone: bool) -> Claim:
        """Ask for the right to run a job until the lease ends; the attempt is counted before the work."""
        meta = task_meta.write(job_id, JobState.RUNNING)
        answer = self._scripts.run("claim", job_id, worker, caller, lease_s, max_attempts, int(alone), meta)
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
        self._client.zrem(keys.WORKERS.name, worker)

    def succeed(self, job_id: str, token: int, caller: str, result: dict[str, Any]) -> bool:
        """Store the result; false where another attempt has ended the job, or may do so."""
        meta = task_meta.write(job_id, JobState.SUCCEEDED, result)
        return self._finish(job_id, token, caller, JobState.SUCCEEDED, meta)

    def end(self, job_id: str, token: int, caller: str, state: JobState, kind: str, error: JobError) -> bool:
        """Record that a job ended without a result, as failed, cancelled or dead; ``kind`` is the error's class."""
        fault = error.model_dump(mode="json")
        meta = task_meta.write(job_id, state, task_meta.error(kind, fault))
        return self._finish(job_id, token, caller, state, meta, json.dumps(fault))

    def _finish(self, job_id: str, token: int, caller: str, state: JobState, meta: str, fault: str = "") -> bool:
        return bool(self._scripts.run("finish", job_id, token, caller, state, meta, fault, self._ttl_s) == "ended")

    def release(self, job_id: str, token: int, caller: str, *, counts: bool, delay_s: float = 0) -> bool:
        """Give a job back, to run again at once or later; ``counts`` is whether this attempt was one."""
        meta = task_meta.write(job_id, JobState.QUEUED)
        return bool(self._scripts.run("release", job_id, token, caller, int(counts), delay_s, meta) == "released")

    def hand_back(self, job_id: str, worker: str) -> bool:
        """Give back what a stopping worker still runs, to the front of its queue; the attempt does not count."""
        meta = task_meta.write(job_id, JobState.QUEUED)
        return bool(self._scripts.run("hand_back", job_id, worker, new_caller(), meta) == "released")

    def refuse(self, job_id: str, message: str, kind: str, error: JobError, most: int) -> Refusal:
        """Make a dead letter of a message that is no job, unless there are ``most`` dead letters already.

        ``message`` is empty where it is too long to be kept; ``kind`` is the error's class.
        """
        fault = error.model_dump(mode="json")
        meta = task_meta.write(job_id, JobState.DEAD, task_meta.error(kind, fault))
        arguments = (job_id, new_caller(), message, json.dumps(fault), meta, self._ttl_s, most)
        answer: Refusal = self._scripts.run("refuse", *arguments)
        return answer

    # What the janitor does.

    def elect(self, held: str, new: str, term_ms: int) -> str:
        """Become the one janitor with the fencing token ``new``, or stay it with the one held; "" where none is held.

        Returns the token that is held from now on; empty where another is the janitor.
        """
        return str(self._scripts.run("elect", held, new, term_ms))

    def resign(self, fence: str) -> None:
        """Let another be elected at once."""
        self._scripts.run("resign", fence)

    def republish(self, fence: str, job_id: str, seen: Seen) -> Publication:
        """Put a job's message on its queue again, if the job is still as it was seen."""
        answer: Publication = self._scripts.run("republish", fence, job_id, new_caller(), seen)
        return answer
