"""For a producer's own tests: a client without Redis and without workers, whose jobs end as the test says.

>>> from depeche.testing import InMemoryClient
>>> client = InMemoryClient(answer=lambda article, options: "The station has closed.")
>>> client.wait(client.submit("La gare a fermé.")).text_en
'The station has closed.'

It is a :class:`depeche.Client`, so it can be given wherever one is taken, and it refuses what a real one refuses, with
the same errors: a text without letters, a key that belongs to another article, a full queue. Time does not pass in it:
nothing expires, and :meth:`InMemoryClient.wait` never waits.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from depeche import messages
from depeche.article import (
    Article,
    ArticleResult,
    Cache,
    JobError,
    JobState,
    JobStatus,
    Models,
    Options,
    Progress,
    Quality,
    Segment,
    Source,
    Stats,
    Timings,
)
from depeche.batches import BatchStatus, Enrolment, read_batch
from depeche.client import Client
from depeche.errors import Cancelled, DepecheError, Poison, QueueFull
from depeche.intake import Item, Submitted
from depeche.jobs import Jobs, NewJob, Revival, Submission
from depeche.queue import PRIORITIES, Priority
from depeche.settings import ClientSettings, load_settings
from depeche.waiting import Ears

#: What comes of an article: its result, or its English alone, or the error that it fails with.
Answer = ArticleResult | str | DepecheError


def make_result(article: Article, english: str, *, task_id: str = "", title: str | None = None) -> ArticleResult:
    """A whole result with this English, as one segment, as if nobody had doubts about it."""
    segment = Segment(paragraph=0, sentence=0, fr=article.text, en=english)
    return ArticleResult(
        id=task_id,
        title_fr=article.title,
        title_en=title if title is not None else article.title,
        text_en=english,
        summary_en=None,
        segments=[segment],
        quality=Quality(flagged_segments=0, flags={}, summary="none"),
        models=Models(translation=None, summary=None),
        timings_ms=Timings(queued=0, segment=0, translate=0, summarise=0, total=0),
        attempts=1,
        cache=Cache(hits=0, misses=1),
        source=Source(language="fr", chars=len(article.text), metadata=article.metadata),
    )


class InMemoryClient(Client):
    """A client on a ledger in memory. Jobs stay queued until the test ends them, or end at once with ``answer``.

    Args:
        answer: called with each article and its options when they are submitted; its answer ends the job. An error of
            ``depeche`` is the job's end, and not raised to the producer. None: jobs wait for :meth:`start` and
            :meth:`finish`.
        settings: bounds, as a real client has them; by default read from the environment.

    Attributes:
        away: set it, and every call raises :class:`depeche.RedisUnavailable`, as with a Redis that cannot be reached.
    """

    def __init__(
        self, answer: Callable[[Article, Options], Answer] | None = None, settings: ClientSettings | None = None
    ) -> None:
        # Not the parent's, which would connect to Redis.
        self._settings = settings or load_settings()
        self._url = self._settings.redis_url.get_secret_value()
        self._jobs: _JobsInMemory = _JobsInMemory()
        self._answer = answer

    @property
    def away(self) -> bool:
        """Whether the ledger answers as a Redis that cannot be reached."""
        return self._jobs.away

    @away.setter
    def away(self, value: bool) -> None:
        self._jobs.away = value

    def close(self) -> None:
        """Nothing is open."""

    def _check_server(self) -> None:
        """There is none."""

    def submit(
        self,
        article: Article | str,
        *,
        options: Options | None = None,
        priority: Priority = "normal",
        key: str | None = None,
        batch: str | None = None,
    ) -> str:
        """As :meth:`depeche.Client.submit`; with ``answer`` given, the job has ended when this returns."""
        known = self._jobs.count
        task_id = super().submit(article, options=options, priority=priority, key=key, batch=batch)
        if self._jobs.count > known:
            self._finish_with_answer(task_id)
        return task_id

    def submit_many(
        self,
        items: Iterable[Article | str | Item],
        *,
        options: Options | None = None,
        priority: Priority = "normal",
        batch: str | None = None,
        on_full: Callable[[QueueFull], None] | None = None,
    ) -> Generator[Submitted]:
        """As :meth:`depeche.Client.submit_many`; with ``answer`` given, a job has ended when its answer comes."""
        for done in super().submit_many(items, options=options, priority=priority, batch=batch, on_full=on_full):
            if done.outcome == "queued" and done.task_id:
                self._finish_with_answer(done.task_id)
            yield done

    def _finish_with_answer(self, task_id: str) -> None:
        if self._answer is not None:
            self.finish(task_id, self._answer(self.article(task_id), self.options(task_id)))

    def wait(
        self, task_id: str, timeout_s: float | None = None, on_status: Callable[[JobStatus], None] | None = None
    ) -> ArticleResult:
        """As :meth:`depeche.Client.wait`, but an open job is ``NotReady`` at once: nobody would end it meanwhile."""
        del timeout_s
        return super().wait(task_id, timeout_s=0, on_status=on_status)

    def as_completed(self, task_ids: Iterable[str | None], timeout_s: float | None = None) -> Iterator[JobStatus]:
        """As :meth:`depeche.Client.as_completed`, but ``NotReady`` as soon as none of the jobs has ended."""
        del timeout_s
        return super().as_completed(task_ids, timeout_s=0)

    def wait_many(self, task_ids: Iterable[str], timeout_s: float | None = None) -> Iterator[JobStatus]:
        """As :meth:`depeche.Client.wait_many`, but ``NotReady`` as soon as the next job has not ended."""
        del timeout_s
        return super().wait_many(task_ids, timeout_s=0)

    def _ears(self) -> AbstractContextManager[Ears]:
        return nullcontext(_Silence())

    # What a test says and asks, in the place of workers.

    def task_ids(self) -> list[str]:
        """The ids of all jobs, in the order of their submission."""
        return list(self._jobs.records)

    def article(self, task_id: str) -> Article:
        """What was submitted under an id."""
        return Article.model_validate(self._jobs.records[task_id].args[0])

    def options(self, task_id: str) -> Options:
        """How it is to be processed."""
        return Options.model_validate(self._jobs.records[task_id].kwargs["options"])

    def start(self, task_id: str, progress: Progress | None = None) -> None:
        """A worker takes the job; or says how far it is, where it has it already."""
        self._jobs.start(task_id, progress)

    def finish(self, task_id: str, answer: Answer) -> None:
        """End a job: with its result, with its English, or with the error that it fails with.

        :class:`depeche.Poison` makes it dead, :class:`depeche.Cancelled` cancelled, every other error failed.
        """
        if isinstance(answer, DepecheError):
            states = {Poison: JobState.DEAD, Cancelled: JobState.CANCELLED}
            state = next((state for kind, state in states.items() if isinstance(answer, kind)), JobState.FAILED)
            self._jobs.end(task_id, state, error=JobError.model_validate(answer.as_json()))
            return
        result = make_result(self.article(task_id), answer, task_id=task_id) if isinstance(answer, str) else answer
        self._jobs.end(task_id, JobState.SUCCEEDED, result=result.model_dump(mode="json") | {"id": task_id})


class _Silence:
    """Nobody ends a job while its producer waits, so there is nothing to hear."""

    deaf = True

    def listen(self, task_ids: list[str]) -> None:
        """Nothing comes."""

    def forget(self, task_ids: list[str]) -> None:
        """Nothing came."""

    def renew(self) -> None:
        """There is no connection."""

    def hear(self, timeout_s: float) -> list[str]:
        """Nothing, at once."""
        del timeout_s
        return []


@dataclass
class _Record:
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


class _JobsInMemory(Jobs):
    """The steps of :class:`depeche.jobs.Jobs` on a dict. Each override is held against Redis by a test."""

    def __init__(self) -> None:
        self.away = False
        self._records: dict[str, _Record] = {}
        self._dead: deque[str] = deque()
        # Who submits to which batch.
        self._submitters: dict[str, set[str]] = {}

    @property
    def records(self) -> dict[str, _Record]:
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
        self.records[job.task_id] = _Record(priority, job.digest, args, kwargs, batch)
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

    def cancel(self, task_id: str) -> JobState:
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
