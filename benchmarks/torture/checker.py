"""Whether every promise was kept, by the history of a run alone. Each rule is a function of its own."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.torture import articles
from benchmarks.torture.articles import ENDS, Kind
from benchmarks.torture.history import LOST, Call, History
from benchmarks.torture.moments import (
    WORDS,
    Violation,
    births,
    check_moments,
    check_settled,
    check_starts,
    droppings,
    pid_of,
    revivals,
)
from benchmarks.torture.producer import french
from benchmarks.torture.schedule import Step
from depeche.article import JobState

SENDS = ("submit", "push", "send")

#: The share of the pace before the first fault that there must be after the last one.
PACE = 0.8


def check(history: History) -> list[Violation]:
    """All promises that were not kept."""
    facts = Facts(history)
    return [violation for rule in RULES for violation in rule(facts)]


class Facts:
    """A history, looked up in the ways that the rules need.

    Attributes:
        history: all of it.
        jobs: the step that sends each job, by the job's name.
        by_id: the calls about each task id.
        names: the names of the jobs that each task id may have, by what its sender knows and by its article's digest.
    """

    def __init__(self, history: History) -> None:
        self.history = history
        self.jobs: dict[str, Step] = {step.name: step for step in history.schedule.steps if step.do in SENDS}
        self.by_id: dict[str, list[Call]] = defaultdict(list)
        for call in history.calls:
            if call.task_id and call.answer != "skipped":
                self.by_id[call.task_id].append(call)
        self._by_digest = {articles.digest(name, french(step)): name for name, step in self.jobs.items()}
        self._by_garbage = {
            articles.by_hand("", name, "garbage", "", "low"): name for name in self.jobs if self.kind(name) == "garbage"
        }
        self._by_own_id = {
            articles.own_id(history.schedule.seed, name): name
            for name, step in self.jobs.items()
            if step.do in {"push", "send"}
        }

    def name_of(self, task_id: str) -> str | None:
        """The job that a record is of; None where nobody has sent it."""
        if name := self._by_own_id.get(task_id):
            return name
        left = self.history.left
        if name := self._by_digest.get(left.records.get(task_id, {}).get("digest", "")):
            return name
        return self._by_garbage.get(left.messages.get(task_id, ""))

    def kind(self, name: str) -> Kind:
        """What a job is."""
        kind: Kind = self.jobs[name].more["kind"]
        return kind

    def kinds(self, task_id: str) -> set[Kind]:
        """What its job is, by its record and by who has sent it."""
        names = {self.name_of(task_id), *(call.name for call in self.calls(task_id, *SENDS))}
        return {self.kind(name) for name in names if name}

    def calls(self, task_id: str, *does: str) -> list[Call]:
        """What clients have done with a task id."""
        return [call for call in self.by_id[task_id] if call.do in does]

    def is_dropped(self, task_id: str) -> bool:
        """Whether somebody may have dropped it."""
        return any(call.answer in {"ok", LOST} for call in self.calls(task_id, "drop"))


def _accepted_jobs_end(facts: Facts) -> Iterator[Violation]:
    """Each id that was given out has ended."""
    records = facts.history.left.records
    for call in facts.history.calls:
        if call.do != "submit" or call.answer != "ok" or not call.task_id:
            continue
        state = records.get(call.task_id, {}).get("state")
        if state is None and not facts.is_dropped(call.task_id):
            yield Violation("accepted is not lost", call.task_id, f"job {call.name} was accepted and has no record")
    for task_id, record in records.items():
        state = record.get("state")
        if state is not None and not JobState(state).terminal:
            yield Violation("accepted ends", task_id, f"job {facts.name_of(task_id)} is {state}")


def _sent_by_hand_ends(facts: Facts) -> Iterator[Violation]:
    """What came without our client has ended too, save what vanished with a worker that was just taking it.

    Nothing but its message knows of such an article until a worker holds it: docs/guarantees.md says so.
    """
    left = facts.history.left
    known, letters, vanished = births(facts.history.moments), set(left.messages.values()), set(left.vanished)
    somebody_drops = any(call.do == "drop" and call.answer in {"ok", LOST} for call in facts.history.calls)
    for call in facts.history.calls:
        if call.do not in {"push", "send"} or call.answer != "ok" or not call.task_id:
            continue
        text = articles.by_hand("", call.name, "garbage", "", "low")
        if facts.kind(call.name) == "garbage":
            found = text in letters or text in vanished or somebody_drops
        else:
            found = known[call.task_id] > 0 or call.task_id in vanished
        if not found:
            yield Violation("sent by hand ends", call.task_id, f"nothing is known of {call.name}, which was sent")


def _jobs_end_as_they_must(facts: Facts) -> Iterator[Violation]:
    """Each in the way of its kind; cancelled where somebody cancelled it; dead where its workers have died so often."""
    most = facts.history.schedule.max_attempts
    for task_id, record in facts.history.left.records.items():
        state = record.get("state")
        if state is None:
            continue
        name = facts.name_of(task_id)
        if name is None:
            yield Violation("nothing is invented", task_id, f"nobody has sent it: {record}")
            continue
        error = json.loads(record["error"])["code"] if record.get("error") else None
        kind, attempts = facts.kind(name), int(record.get("attempts", 0))
        is_poison = state == "dead" and error == "poison" and attempts >= most
        is_cancelled = state == "cancelled" and bool(facts.calls(task_id, "cancel"))
        if state != ENDS[kind] and not is_poison and not is_cancelled:
            yield Violation("the right end", task_id, f"{kind} job {name} is {state} ({error}, {attempts} attempts)")


def _results_are_the_jobs_own(facts: Facts) -> Iterator[Violation]:
    """The article's English, under its id, with its metadata; and no result where there is none."""
    left = facts.history.left
    for task_id, record in left.records.items():
        if (state := record.get("state")) is None or (name := facts.name_of(task_id)) is None:
            continue
        meta = left.results.get(task_id, {})
        if meta.get("status") != WORDS[state]:
            yield Violation("record and result agree", task_id, f"{state}, and {meta.get('status')} in the result")
        elif state == "succeeded":
            found = _of_result(meta["result"])
            expected = (task_id, articles.english(french(facts.jobs[name])), name, int(record["attempts"]))
            if found != expected:
                yield Violation("its own result", task_id, f"job {name}: {found}, and not {expected}")
    for task_id in left.results.keys() - left.records.keys():
        yield Violation("nothing is invented", task_id, "a result without a record")


def _of_result(result: dict[str, Any]) -> tuple[str, str, str, int]:
    return result["id"], result["text_en"], result["source"]["metadata"].get("torture", ""), result["attempts"]


def _what_was_told_stays(facts: Facts) -> Iterator[Violation]:
    """A job that has ended has ended, and a result that was given out is the right one."""
    for call in facts.history.calls:
        if call.answer != "ok" or call.state is None or not call.task_id:
            continue
        state = facts.history.left.records.get(call.task_id, {}).get("state")
        # The dead may be queued again, or dropped.
        if JobState(call.state).terminal and call.state not in {"dead", state}:
            what = f"step {call.step} ({call.do}) was told {call.state}, and now it is {state}"
            yield Violation("told stays true", call.task_id, what)
        # Of two articles under one key, it is the first one's, whichever the step is about.
        name = facts.name_of(call.task_id) or call.name
        if call.english is not None and call.english != articles.english(french(facts.jobs[name])):
            yield Violation("its own result", call.task_id, f"step {call.step} was given {call.english!r}")


def _keys_are_kept(facts: Facts) -> Iterator[Violation]:
    """One key is one job, whoever sends it and however often; and one article is one job."""
    for call in facts.history.calls:
        key = facts.jobs[call.name].more.get("key") if call.do == "submit" else None
        if key and call.answer == "ok" and call.task_id != articles.key_id(key):
            yield Violation("one key, one job", str(call.task_id), f"step {call.step} has key {key!r}")
    records = facts.history.left.records
    names = Counter(facts.name_of(task_id) for task_id, record in records.items() if "state" in record)
    for name, count in names.items():
        if name and count > 1:
            yield Violation("one article, one job", name, f"{count} jobs")
    for call in facts.history.calls:
        if call.do == "submit" and call.answer == "ok" and call.task_id:
            name = facts.name_of(call.task_id)
            if name not in {call.name, None}:
                yield Violation("one key, one job", call.task_id, f"{call.name} was accepted under the id of {name}")


def _refused_leaves_nothing(facts: Facts) -> Iterator[Violation]:
    """An article that was refused is not queued all the same."""
    taken: dict[str, set[str]] = defaultdict(set)
    for call in facts.history.calls:
        if call.do in SENDS:
            taken[call.name].add(call.answer)
    for task_id, record in facts.history.left.records.items():
        name = facts.name_of(task_id) if "state" in record else None
        if name and not taken[name] & {"ok", LOST}:
            yield Violation("refused leaves nothing", task_id, f"job {name} was answered {taken[name]}")


def _dead_letters_obey(facts: Facts) -> Iterator[Violation]:
    """Each retry and each drop that was acknowledged has happened once, and what was dropped does not come back."""
    moments = facts.history.moments
    revived, dropped, born = revivals(moments), droppings(moments), births(moments)
    for task_id in {*facts.by_id, *revived, *dropped}:
        for do, happened in (("retry", revived[task_id]), ("drop", dropped[task_id])):
            answers = Counter(call.answer for call in facts.calls(task_id, do))
            if not answers["ok"] <= happened <= answers["ok"] + answers[LOST]:
                yield Violation(f"one {do} for each", task_id, f"{happened} happened, and the answers are {answers}")
        # Celery and kombu may send a message once more by themselves.
        copies = {"submit": 1, "push": 1, "send": 4}
        sent = sum(copies[call.do] for call in facts.calls(task_id, *SENDS))
        if dropped[task_id] and sent and born[task_id] > sent:
            yield Violation("dropped stays dropped", task_id, f"sent {sent} times, and came up {born[task_id]} times")


def _nothing_is_left_over(facts: Facts) -> Iterator[Violation]:
    """Neither messages, nor entries of the ledger, nor keys without a time to live."""
    left = facts.history.left
    for name, length in left.lengths.items():
        yield Violation("nothing left over", name, f"{length} are left")
    for name, task_ids in left.sets.items():
        for task_id in task_ids:
            state = left.records.get(task_id, {}).get("state")
            if not (name.endswith(":dead") and state == "dead"):
                yield Violation("nothing left over", task_id, f"it is in {name}, and {state}")
    for key in left.for_ever:
        yield Violation("nothing left over", key, "it has no time to live")


def _moments_are_sound(facts: Facts) -> Iterator[Violation]:
    """At every moment, by Redis' own history."""
    history = facts.history
    yield from check_moments(history.moments)
    yield from check_settled(history.settled)
    yield from check_starts(history.moments, history.lives, history.schedule.concurrency)


def _processes_end_in_order(facts: Facts) -> Iterator[Violation]:
    """A worker that is stopped exits with 0 and in time, and none ends by itself, save where an article ends it."""
    began = _crashes_begun(facts)
    for life in facts.history.lives:
        process, status = f"process {life.pid}", f"status {life.status}"
        if life.end == "overdue":
            yield Violation("stopped in time", process, "it had to be killed")
        if life.status == -9 and began[life.pid] - set(life.attempts):
            continue
        if life.end == "stopped" and life.status != 0:
            yield Violation("stopped exits with 0", process, status)
        if life.end == "itself":
            yield Violation("no worker ends by itself", process, status)


def _crashes_begun(facts: Facts) -> dict[int, set[tuple[str, int]]]:
    """By the worker's process id: what it has begun of articles that end their worker, as (task id, run)."""
    found: dict[int, set[tuple[str, int]]] = defaultdict(set)
    for moment in facts.history.moments:
        if moment.state == "running" and "crash" in facts.kinds(moment.task_id):
            found[pid_of(moment)].add((moment.task_id, moment.run))
    return found


def _as_fast_as_before(facts: Facts) -> Iterator[Violation]:
    """The workers do as many articles after all faults."""
    left = facts.history.left
    if left.after < PACE * left.before:
        yield Violation("as fast as before", "", f"{left.before:.0f} articles a second before, {left.after:.0f} after")


RULES: tuple[Callable[[Facts], Iterator[Violation]], ...] = (
    _accepted_jobs_end,
    _sent_by_hand_ends,
    _jobs_end_as_they_must,
    _results_are_the_jobs_own,
    _what_was_told_stays,
    _keys_are_kept,
    _refused_leaves_nothing,
    _dead_letters_obey,
    _nothing_is_left_over,
    _moments_are_sound,
    _processes_end_in_order,
    _as_fast_as_before,
)
