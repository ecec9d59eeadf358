"""The ledger in memory behind :mod:`depeche.testing`: the steps of :class:`depeche.jobs.Jobs` on a dict."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from depeche import messages
from depeche.article import JobError, JobState, JobStatus, Progress, Stats
from depeche.batches import BatchStatus, Enrolment, read_batch
from depeche.errors import Cancelled
from depeche.jobs import Jobs, NewJob, Revival, Submission
from depeche.queue import PRIORITIES, Priority
from depeche.search import Found


@dataclass
class Record:
    """What is known of one job."""

    priority: Priority
    digest: str
    args: Any
    kwargs: Any
    batch: str | None = None
    state: JobState = JobState.QUEUED
    attempts: int = 0
    progress: Progress | None = None
    error: JobError | None = None
    result: dict[str, Any] | None = None
    queued_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="milliseconds"))


class JobsInMemory(Jobs):
    """The steps of :class:`depeche.jobs.Jobs` on a dict. Each override is held against Redis by a test."""

    def __init__(self) -> None:
        self.away = False
        self._records: dict[str, Record] = {}
        self._dead: deque[str] = deque()
        # Who submits to which batch.
        self._submitters: dict[str, set[str]] = {}

    @property
    def records(self) -> dict[str, Record]:
        """All jobs, by id, in the order of their submission."""
        if self.away:
            # The client makes of it what it makes of Redis' own.
            raise ConnectionError("the test says that Redis is away")
        return self._records

    @property
    def count(self) -> int:
        """How many jobs there are; it may be asked while the ledger is away."""
        return len(self._records)

    def submit(
        self,
        new: Sequence[NewJob],
        priority: Priority,
        max_queue_length: int,
        min_replicas: int = 0,
        batch: Enrolment | None = None,
    ) -> list[Submission]:
        del min_replicas
        if batch:
            self._submitters.setdefault(batch.name, set()).update({batch.submitter} - {""})
        return [self._submit(job, priority, max_queue_length, batch.name if batch else None) for job in new]

    def close_batch(self, batch: Enrolment) -> None:
        self._submitters.get(batch.name, set()).discard(batch.submitter)

    def batch(self, name: str) -> BatchStatus | None:
        records = {task_id: record for task_id, record in self.records.items() if record.batch == name}
        if name not in self._submitters:
            return None
        fields = {state: str(count) for state, count in Counter(r.state.value for r in records.values()).items()}
        for code in {record.error.code for record in records.values() if record.error}:
            ids = [task_id for task_id, record in records.items() if record.error and record.error.code == code]
            fields |= {f"code {code}": str(len(ids)), f"ids {code}": "\n".join(ids[:5])}
        if self._submitters[name]:
            fields["open submitter"] = "inf"
        elif all(record.state.terminal for record in records.values()):
            fields["ended_at"] = "0"
        return read_batch(name, fields, now=0.0)

    def _submit(self, job: NewJob, priority: Priority, max_queue_length: int, batch: str | None) -> Submission:
        waiting = sum(record.state is JobState.QUEUED for record in self.records.values())
        if found := self.records.get(job.task_id):
            return Submission("exists" if found.digest == job.digest else "conflict", waiting)
        if waiting >= max_queue_length:
            return Submission("full", waiting)
        args, kwargs = messages.content(job.message)[:2]
        self.records[job.task_id] = Record(priority, job.digest, args, kwargs, batch)
        return Submission("queued", waiting + 1)

    def start(self, task_id: str, progress: Progress | None) -> None:
        record = self.records[task_id]
        if record.state is JobState.QUEUED:
            record.state, record.attempts = JobState.RUNNING, record.attempts + 1
        record.progress = progress or Progress(stage="segment", done=0, total=1)

    def end(
        self, task_id: str, state: JobState, result: dict[str, Any] | None = None, error: JobError | None = None
    ) -> None:
        record = self.records[task_id]
        if record.state.terminal:
            raise ValueError(f"job {task_id} has ended already, as {record.state}")
        if record.state is JobState.QUEUED:
            record.attempts += 1
        record.state, record.result, record.error = state, result, error
        if state is JobState.DEAD:
            self._dead.appendleft(task_id)

    def look_up(self, task_id: str) -> JobStatus:
        return self.status(task_id)

    def search(self, task_id: str) -> Found:
        return "found" if task_id in self.records else "none"

    def cancel_anywhere(self, task_id: str) -> Found:
        return "none" if self.cancel(task_id) is JobState.UNKNOWN else "found"

    def cancel(self, task_id: str, mark_s: int = 0) -> JobState:  # noqa: ARG002  # no worker would come later
        record = self.records.get(task_id)
        if record is None:
            return JobState.UNKNOWN
        if record.state is JobState.QUEUED:
            fault = Cancelled("the job was cancelled").as_json()
            record.state, record.error = JobState.CANCELLED, JobError.model_validate(fault)
        return record.state

    def status(self, task_id: str) -> JobStatus:
        record = self.records.get(task_id)
        if record is None:
            return JobStatus(id=task_id, state=JobState.UNKNOWN)
        return JobStatus(
            id=task_id,
            state=record.state,
            progress=record.progress,
            attempts=record.attempts,
            queued_at=record.queued_at,
            error=record.error,
        )

    def statuses(self, task_ids: list[str]) -> list[JobStatus]:
        return list(map(self.status, task_ids))

    def result(self, task_id: str) -> dict[str, Any] | None:
        return self.records[task_id].result if task_id in self.records else None

    def stats(self) -> Stats:
        records = list(self.records.values())
        queued = {
            priority: sum(r.state is JobState.QUEUED and r.priority == priority for r in records)
            for priority in PRIORITIES
        }
        running = sum(record.state is JobState.RUNNING for record in records)
        return Stats(queued=queued, running=running, delayed=0, dead=len(self._dead), workers=0)

    def dead_ids(self, limit: int) -> list[str]:
        # Asked for first, as the ledger may be away.
        records = self.records
        return [task_id for task_id in self._dead if task_id in records][:limit]

    def dead_letter(self, task_id: str) -> dict[str, Any] | None:
        status = self.status(task_id)
        if status.state is not JobState.DEAD:
            return None
        record = self.records[task_id]
        letter = {"worker": None, "args": record.args, "kwargs": record.kwargs}
        return status.model_dump(mode="json") | letter

    def revive(self, task_id: str) -> Revival:
        if self.status(task_id).state is not JobState.DEAD:
            return "not dead"
        self._dead.remove(task_id)
        record = self.records[task_id]
        record.state, record.attempts, record.error, record.progress = JobState.QUEUED, 0, None, None
        return "revived"

    def drop(self, task_id: str) -> bool:
        if self.status(task_id).state is not JobState.DEAD:
            return False
        self._dead.remove(task_id)
        del self.records[task_id]
        return True
