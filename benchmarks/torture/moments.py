"""What must hold of a job at every moment, and from one moment to the next, by Redis' own history."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from benchmarks.torture.history import Life, Moment, Settled
from depeche import keys
from depeche.article import JobState

#: Celery's word for each state.
WORDS = {
    "queued": "QUEUED",
    "running": "STARTED",
    "succeeded": "SUCCESS",
    "failed": "FAILURE",
    "cancelled": "REVOKED",
    "dead": "FAILURE",
}

#: In which of the ledger's sets a job may be, by its state: in exactly one of them, if there are any.
PLACES = {
    "queued": {*keys.WAITING_SETS.values(), keys.DELAYED.name},
    "running": {keys.RUNNING.name},
    "dead": {keys.DEAD.name},
}


@dataclass(frozen=True)
class Violation:
    """A promise that was not kept.

    Attributes:
        rule: which.
        about: a task id or a job's name; empty where it is about all.
        what: what was found.
    """

    rule: str
    about: str
    what: str


def check_moments(moments: Iterable[Moment]) -> Iterator[Violation]:
    """Each moment by itself, and each with the one before it."""
    last: dict[str, Moment] = {}
    for moment in moments:
        yield from _alone(moment)
        yield from _after(last.get(moment.task_id, Moment(moment.task_id)), moment)
        last[moment.task_id] = moment


def _alone(moment: Moment) -> Iterator[Violation]:
    """What a crash at this very moment would leave must be a job that can go on."""
    state, task_id = moment.state, moment.task_id
    if state is None:
        if moment.places or moment.told:
            yield Violation("nothing left of no job", task_id, f"no record, but {moment}")
        return
    if state not in WORDS:
        yield Violation("a state that there is", task_id, repr(state))
        return
    adopted = _is_adopted(moment)
    if moment.told != WORDS[state] and not adopted:
        yield Violation("record and result agree", task_id, f"{state}, and Celery's clients are told {moment.told}")
    allowed = PLACES.get(state, set())
    fewest = bool(allowed) and not adopted
    if not fewest <= len(moment.places) <= bool(allowed) or not allowed.issuperset(moment.places):
        yield Violation("one place in the ledger", task_id, f"{state}, and in {moment.places}")
    if not JobState(state).terminal and not moment.has_message:
        yield Violation("a message while it may run", task_id, f"{state}, and its message is gone")
    if state in {"succeeded", "failed", "cancelled"} and moment.has_message:
        yield Violation("no message after the end", task_id, f"{state}, and its message is kept")


def _is_adopted(moment: Moment) -> bool:
    """Whether a worker has taken it up from a sender that is not our client, and it was never started.

    Its sender is told nothing before it starts, and it is in the ledger when it starts, or when the janitor finds it.
    """
    return moment.state == "queued" and moment.told is None and moment.run == 0


def _after(before: Moment, now: Moment) -> Iterator[Violation]:
    task_id, step = now.task_id, f"{before.state} → {now.state}"
    ended = before.state is not None and JobState(before.state).terminal
    if ended and now.state != before.state and (before.state, now.state) not in {("dead", "queued"), ("dead", None)}:
        yield Violation("ended once", task_id, step)
    revived = before.state == "dead" and now.state == "queued"
    if now.state is None or revived:
        # Forgotten, or all its attempts are new.
        return
    started = now.run > before.run
    if now.run < before.run or now.run > before.run + 1:
        yield Violation("runs count starts", task_id, f"{step}, run {before.run} → {now.run}")
    if started and now.state != "running":
        yield Violation("runs count starts", task_id, f"{step}, run {before.run} → {now.run}")
    change = now.attempts - before.attempts
    handed_back = before.state == "running" and now.state == "queued"
    if change != int(started) and not (change == -1 and handed_back):
        yield Violation("attempts are starts", task_id, f"{step}, attempts {before.attempts} → {now.attempts}")


def check_starts(moments: Iterable[Moment], lives: Iterable[Life], concurrency: int) -> Iterator[Violation]:
    """Each attempt that is charged is one in a worker, which has told how it ended, unless it was killed in it.

    Or Redis did not answer its worker to the claim before the lease had ended, or at all before the worker had to.
    """
    of_pid: dict[int, list[Life]] = defaultdict(list)
    for life in lives:
        of_pid[life.pid].append(life)
    untold: Counter[int] = Counter()
    for start in _charged(moments):
        task_id, run, worker, pid = start.task_id, start.run, start.worker, pid_of(start)
        if any((task_id, run) in life.attempts or task_id in life.late for life in of_pid[pid]):
            continue
        if not any(_was_killed(life) for life in of_pid[pid]):
            yield Violation("starts are charged alone", task_id, f"run {run}: {worker} was charged, and never began it")
        untold[pid] += 1
    for pid, count in untold.items():
        if count > concurrency:
            what = f"process {pid} was charged with {count} attempts when it was killed, and runs {concurrency} at most"
            yield Violation("starts are charged alone", "", what)


def _charged(moments: Iterable[Moment]) -> Iterable[Moment]:
    """All starts whose attempt counts. One that is handed back does not."""
    last: dict[str, Moment] = {}
    attempts: dict[tuple[str, int], Moment] = {}
    for moment in moments:
        before, start = last.get(moment.task_id, Moment(moment.task_id)), (moment.task_id, moment.run)
        if moment.state == "running" and moment.run > before.run:
            attempts[start] = moment
        elif before.state == "running" and moment.attempts < before.attempts:
            attempts.pop(start, None)
        last[moment.task_id] = moment
    return attempts.values()


def pid_of(moment: Moment) -> int:
    """The process id of the worker who started the job last."""
    return int(moment.worker.split(":")[1])


def _was_killed(life: Life) -> bool:
    return life.end in {"killed", "overdue"} or (life.status is not None and life.status < 0)


def check_settled(settled: Iterable[Settled]) -> Iterator[Violation]:
    """A message is acknowledged when its job has ended, or another message goes on for it, and not before."""
    for one in settled:
        rest = f"{one.state} in {one.places}, run {one.run}, {one.elsewhere} other messages"
        if not one.known:
            yield Violation("acknowledged at the end", one.task_id, f"nothing was recorded of it: {rest}")
        waits_for_a_message = one.state == "running" or (one.state == "queued" and keys.DELAYED.name not in one.places)
        if waits_for_a_message and not one.elsewhere and not one.restored:
            yield Violation("acknowledged at the end", one.task_id, rest)


def revivals(moments: Iterable[Moment]) -> Counter[str]:
    """How often each job was queued again when it was dead."""
    return _changes(moments, "dead", "queued")


def droppings(moments: Iterable[Moment]) -> Counter[str]:
    """How often each job was forgotten when it was dead."""
    return _changes(moments, "dead", None)


def births(moments: Iterable[Moment]) -> Counter[str]:
    """How often each job has come up."""
    counted: Counter[str] = Counter()
    before: dict[str, str | None] = {}
    for moment in moments:
        counted[moment.task_id] += before.get(moment.task_id) is None and moment.state is not None
        before[moment.task_id] = moment.state
    return counted


def _changes(moments: Iterable[Moment], old: str, new: str | None) -> Counter[str]:
    counted: Counter[str] = Counter()
    before: dict[str, str | None] = {}
    for moment in moments:
        counted[moment.task_id] += (before.get(moment.task_id), moment.state) == (old, new)
        before[moment.task_id] = moment.state
    return counted
