"""What is recorded of a torture run: the histories of the clients, of Redis and of the workers, and what is left."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from benchmarks.torture.schedule import Schedule, read

#: What a client was told where it was told nothing: the answer was lost, and the step may have been taken or not.
LOST = "lost"


@dataclass(frozen=True)
class Call:
    """One step of a client.

    Attributes:
        step: the number of the step in the schedule.
        do: submit, push, send, cancel, look, retry or drop.
        name: the job that the step is about; empty for retry and drop.
        task_id: the id that was asked about or given out, if it is known.
        answer: ok, an error's code, or :data:`LOST`.
        state: the state that the client was told.
        english: the result that the client was told.
        lost_text: of a lost answer, why.
    """

    step: int
    do: str
    name: str = ""
    task_id: str | None = None
    answer: str = LOST
    state: str | None = None
    english: str | None = None
    lost_text: str = ""


@dataclass(frozen=True)
class Moment:
    """What Redis had of one job after a change. Nothing is ever half changed, so a crash can leave nothing else.

    Attributes:
        task_id: the task id.
        state: of its record; None where it has none.
        run: how many starts and revivals its record counts.
        attempts: how many attempts are charged.
        worker: who started it last.
        told: Celery's word for its state under ``celery-task-meta-ID``; None where there is none.
        places: the sets of the ledger that it is in.
        has_message: whether its message is kept.
    """

    task_id: str
    state: str | None = None
    run: int = 0
    attempts: int = 0
    worker: str = ""
    told: str | None = None
    places: tuple[str, ...] = ()
    has_message: bool = False


@dataclass(frozen=True)
class Settled:
    """A message that a worker has acknowledged.

    Attributes:
        task_id: what its sender calls its job.
        state: of the job's record at that moment; None where it has none.
        known: whether there has been a record of it until then.
        run: how many starts and revivals its record counts.
        places: the sets of the ledger that it is in.
        elsewhere: how many other messages of the same job there are.
        restored: whether one has gone back to the queue before. Who had taken it may go on with the job all the same,
            as it may have begun in the same moment; then the other one is in vain.
    """

    task_id: str
    state: str | None
    known: bool = True
    run: int = 0
    places: tuple[str, ...] = ()
    elsewhere: int = 0
    restored: bool = False


@dataclass(frozen=True)
class Life:
    """One worker process.

    Attributes:
        pid: its process id.
        end: how it ended. ``killed``: by the driver. ``stopped``: after the driver's SIGTERM, and without its help.
            ``overdue``: the driver killed it, as it had not ended in time after SIGTERM. ``running``: not until the end
            of the run. ``itself``: otherwise.
        status: its exit status; negative where a signal ended it.
        attempts: the attempts whose end it has logged, as (task id, run).
        late: the jobs that it claimed or gave back, and Redis did not answer in time, as the worker has logged.
    """

    pid: int
    end: str
    status: int | None = None
    attempts: tuple[tuple[str, int], ...] = ()
    late: tuple[str, ...] = ()


@dataclass(frozen=True)
class Befallen:
    """A fault that was carried out.

    Attributes:
        step: the number of the step in the schedule.
        kind: which.
        failed: why it could not be carried out; empty where it was.
    """

    step: int
    kind: str
    failed: str = ""


@dataclass(frozen=True)
class Left:
    """What is there at the end, when nothing happens any more.

    Attributes:
        records: the fields of each job's record.
        results: what Celery's clients find, by the task id.
        messages: the messages that are kept, by the task id.
        sets: the task ids in each set of the ledger.
        lengths: how much lies on the queues and is held by workers, where that is not nothing.
        vanished: what the messages are of that were taken off a queue and that no worker ever held, as it was killed or
            cut off between the two: a task id, or the text of what is no JSON.
        for_ever: keys without a time to live that have no right to that.
        before: articles a second that the workers did before the first fault, or that new ones did after the last
            one, where the machine had become slower.
        after: articles a second that they did after the last fault.
    """

    records: dict[str, dict[str, str]] = field(default_factory=dict)
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    sets: dict[str, list[str]] = field(default_factory=dict)
    lengths: dict[str, int] = field(default_factory=dict)
    vanished: list[str] = field(default_factory=list)
    for_ever: list[str] = field(default_factory=list)
    before: float = 0
    after: float = 0


@dataclass(frozen=True)
class History:
    """All of one run."""

    schedule: Schedule
    calls: list[Call] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)
    lives: list[Life] = field(default_factory=list)
    faults: list[Befallen] = field(default_factory=list)
    left: Left = field(default_factory=Left)

    def write(self, folder: Path) -> None:
        """Into ``schedule.jsonl`` and ``history.jsonl``, a line for each thing that is recorded."""
        self.schedule.write(folder / "schedule.jsonl")
        things: Iterable[Any] = (*self.calls, *self.faults, *self.lives, *self.moments, *self.settled, self.left)
        lines = [json.dumps({"what": type(thing).__name__, **asdict(thing)}, ensure_ascii=False) for thing in things]
        (folder / "history.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8", errors="surrogateescape")


_KINDS: dict[str, TypeAdapter[Any]] = {
    kind.__name__: TypeAdapter(kind) for kind in (Call, Befallen, Life, Moment, Settled, Left)
}


def read_history(folder: Path) -> History:
    """What :meth:`History.write` has written."""
    found: dict[str, list[Any]] = {name: [] for name in _KINDS}
    text = (folder / "history.jsonl").read_text(encoding="utf-8", errors="surrogateescape")
    # Not splitlines(), which takes other marks for the end of a line too.
    for line in text.split("\n")[:-1]:
        fields = json.loads(line)
        what = fields.pop("what")
        found[what].append(_KINDS[what].validate_python(fields))
    (left,) = found["Left"]
    schedule = read(folder / "schedule.jsonl")
    return History(schedule, found["Call"], found["Moment"], found["Settled"], found["Life"], found["Befallen"], left)
