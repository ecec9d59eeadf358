"""The fake behind the Runner's Protocol ``Ledger``, for unit tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from depeche import messages
from depeche.article import JobError, JobState, Progress
from depeche.queue import Priority
from worker.run.delivery import Callbacks
from worker.run.ledger import Claim, Hold


@dataclass
class FakeRecord:
    """What a :class:`FakeLedger` knows of one job.

    ``token`` counts its starts, ``delay_s`` is how long its next attempt must wait, and ``submitted`` is whether it
    came through our own client, which notes the time. ``claimed`` (with the token), ``released`` and ``ended`` are the
    callers that did so last. ``uncharged`` is the start that was handed back. ``fault`` is what makes the record
    useless.
    """

    state: JobState = JobState.QUEUED
    priority: Priority = "normal"
    message: tuple[Any, Any] | None = None
    submitted: bool = True
    attempts: int = 0
    token: int = 0
    worker: str = ""
    leased: bool = False
    cancel: bool = False
    claimed: tuple[str, int] | None = None
    released: str = ""
    uncharged: int | None = None
    ended: str = ""
    fault: str = ""
    queued_ms: int | None = None
    delay_s: float = 0
    progress: Progress | None = None
    result: dict[str, Any] | None = None
    error: JobError | None = None


class FakeLedger:
    """The ``Ledger`` in a dict: it keeps states, tokens and attempts, and refuses stale tokens, as the scripts do.

    A lease does not end by itself but by :meth:`end_lease`; one of 0 seconds has ended at once.

    Attributes:
        records: the jobs by id.
        steps: the names of the steps that were taken, in order.
        before: called with the name of each step before it is taken. What it raises, the step raises.
        own: the digest of article and options of each job, by id.
        held: the broker's records that were kept, by their tags.
        acknowledged: the tags of the messages that were acknowledged with the end of their job.
        doubles: id, article and options of each message that was refused as another job's.
        marked: the ids of jobs that somebody wanted to cancel before they were there.
    """

    def __init__(self) -> None:
        self.records: dict[str, FakeRecord] = {}
        self.steps: list[str] = []
        self.before: Callable[[str], object] = lambda step: None
        self.own: dict[str, str] = {}
        self.held: dict[str, str] = {}
        self.acknowledged: list[str] = []
        self.doubles: list[tuple[str, Any, Any]] = []
        self.marked: set[str] = set()

    def submit(self, task_id: str, *args: Any, **kwargs: Any) -> FakeRecord:
        """Queue a job with these arguments, as a producer does."""
        self.own.setdefault(task_id, messages.digest(args, kwargs))
        return self.records.setdefault(task_id, FakeRecord(message=(args, kwargs)))

    def end_lease(self, task_id: str) -> None:
        """Time passes, and the job's worker does not renew its lease."""
        self.records[task_id].leased = False

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
        """As ``claim.lua``."""
        self._step("claim")
        if entry:
            self.held[tag] = entry
        record = self.records.get(task_id, FakeRecord())
        if record.fault:
            return Claim("spoilt", fault=record.fault)
        if digest and self.own.setdefault(task_id, digest) != digest:
            return Claim("double")
        if record.state.terminal:
            return Claim("ended")
        if record.message is None:
            return Claim("unknown")
        if record.claimed != (caller, record.token):
            if record.state is JobState.RUNNING and record.leased:
                return Claim("held")
            if record.cancel:
                return Claim("cancelled", record.token)
            if record.attempts >= max_attempts:
                return Claim("exhausted", record.token, record.attempts, last_worker=record.worker)
            if record.attempts and not alone:
                return Claim("suspect")
            record.token += 1
            record.attempts += 1
            record.claimed, record.error = (caller, record.token), None
            record.queued_ms, record.submitted = 0 if record.submitted else None, True
        record.state, record.worker, record.leased = JobState.RUNNING, worker, lease_s > 0
        record.progress = Progress(stage="segment", done=0, total=1)
        return Claim("started", record.token, record.attempts, record.queued_ms)

    def refuse_double(
        self, task_id: str, priority: Priority, args: Any, kwargs: Any, callbacks: Callbacks | None = None
    ) -> str:
        """As the real one does."""
        self._step("refuse_double")
        self.doubles.append((task_id, args, kwargs))
        return f"other than {task_id}"

    def adopt(
        self, task_id: str, priority: Priority, args: Any, kwargs: Any, callbacks: Callbacks | None = None
    ) -> None:
        """As ``adopt.lua``."""
        self._step("adopt")
        marked = task_id in self.marked
        record = self.records.setdefault(task_id, FakeRecord(priority=priority, submitted=False, cancel=marked))
        if not record.state.terminal:
            record.message = record.message or (args, kwargs)

    def checkpoint(self, task_id: str, token: int, progress: Progress) -> Hold:
        """As ``checkpoint.lua``."""
        self._step("checkpoint")
        record = self.records.get(task_id, FakeRecord())
        if record.token != token or record.state is not JobState.RUNNING:
            return "lost"
        record.progress = progress
        return "cancelled" if record.cancel else "held"

    def succeed(self, task_id: str, token: int, caller: str, result: dict[str, Any], tag: str = "") -> bool:
        """As ``finish.lua``."""
        self._step("succeed")
        return self._finish(task_id, token, caller, JobState.SUCCEEDED, tag, result=result)

    def end(
        self, task_id: str, token: int, caller: str, state: JobState, kind: str, error: JobError, tag: str = ""
    ) -> bool:
        """As ``finish.lua``."""
        self._step("end")
        return self._finish(task_id, token, caller, state, tag, error=error)

    def release(self, task_id: str, token: int, caller: str, *, counts: bool, delay_s: float = 0) -> bool:
        """As ``release.lua``."""
        self._step("release")
        record = self.records.get(task_id, FakeRecord())
        if caller == record.released:
            return True
        if not self._release(task_id, token, counts=counts, delay_s=delay_s):
            return False
        record.released = caller
        return True

    def _release(self, task_id: str, token: int, *, counts: bool, delay_s: float = 0) -> bool:
        record = self.records.get(task_id, FakeRecord())
        if record.token != token or record.state is not JobState.RUNNING:
            return False
        record.state, record.leased, record.delay_s, record.progress = JobState.QUEUED, False, delay_s, None
        record.attempts -= not counts
        record.uncharged = record.uncharged if counts else token
        record.claimed, record.released = None, ""
        return True

    def hand_back(self, task_id: str, worker: str) -> bool:
        """As ``hand_back.lua``."""
        self._step("hand_back")
        record = self.records.get(task_id, FakeRecord())
        return record.worker == worker and self._release(task_id, record.token, counts=False)

    def set_aside(self, task_id: str, caller: str, kind: str, error: JobError) -> bool:
        """As ``set_aside.lua``, of a record whose ``fault`` a test has set."""
        self._step("set_aside")
        record = self.records[task_id]
        if not record.fault:
            return False
        record.state, record.error, record.ended, record.fault = JobState.DEAD, error, caller, ""
        return True

    def cancel(self, task_id: str) -> JobState:
        """As ``cancel.lua``."""
        self._step("cancel")
        record = self.records.get(task_id)
        if record is None:
            self.marked.add(task_id)
            return JobState.UNKNOWN
        if record.state is JobState.QUEUED:
            record.state, record.message, record.cancel = JobState.CANCELLED, None, False
            record.error = JobError(code="cancelled", message="the job was cancelled")
        record.cancel = record.cancel or record.state is JobState.RUNNING
        return record.state

    def _finish(self, task_id: str, token: int, caller: str, state: JobState, tag: str, **outcome: Any) -> bool:
        record = self.records.get(task_id)
        if record is not None and record.ended == caller:
            return True
        if record is None or record.token != token or record.state.terminal:
            return False
        record.ended = caller
        record.attempts += record.uncharged == token
        vars(record).update(outcome)
        record.state, record.leased, record.cancel = state, False, False
        if tag:
            self.acknowledged.append(tag)
            self.held.pop(tag, None)
        if state is not JobState.DEAD:
            record.message = None
        return True

    def _step(self, name: str) -> None:
        self.before(name)
        self.steps.append(name)
