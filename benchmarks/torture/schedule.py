"""The schedule: a plain list of what each client does and which faults there are, made from a seed."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args

from benchmarks.torture.articles import Kind, Way
from depeche.queue import PRIORITIES

#: ``cut``: the proxy resets all its connections, and takes none for a while. ``silence``: it passes nothing, as a cable
#: that was pulled. The others say what they are.
Fault = Literal[
    "kill_producer",
    "kill_worker",
    "kill_redis",
    "stop_worker",
    "pause_worker",
    "pause_redis",
    "cut_all",
    "client_pause",
    "debug_sleep",
    "full_memory",
    "script_flush",
    "delay",
    "cut",
    "silence",
    "lose_answers",
    "halve_answers",
    "swallow_answers",
    "step_clock",
]

#: All but those that need a program which is not everywhere.
FAULTS: tuple[Fault, ...] = tuple(kind for kind in get_args(Fault) if kind != "step_clock")

#: Who carries out the faults.
DRIVER = "driver"
#: The leases that schedules have, in seconds, by turns.
LEASES_S = (3, 5)
#: Nothing is broken before.
FIRST_FAULT_S = 1.0

#: The scripts whose answers may be spoilt, of producers and of workers: those that change what becomes of a job. Empty:
#: the answer to any of them, or to a message taken off a queue or put there.
QUESTIONS = (("", "submit", "cancel", "revive", "drop"), ("", "claim", "claim", "finish", "hold", "ack"))

#: How often each kind of job comes, by the way in which it is sent.
_SENT: dict[tuple[Way, Kind], float] = {
    ("submit", "plain"): 74,
    ("submit", "failing"): 2,
    ("submit", "overload"): 0.2,
    ("submit", "crash"): 0.1,
    ("push", "plain"): 10,
    ("push", "invalid"): 1,
    ("push", "odd"): 1,
    ("push", "foreign"): 1,
    ("push", "garbage"): 1,
    ("send", "plain"): 8,
    ("send", "foreign"): 1,
}


@dataclass(frozen=True)
class Step:
    """One thing that somebody does.

    Attributes:
        number: its place in the whole schedule, which it keeps when others are cut.
        at: seconds from the beginning; later where the one who does it is late.
        who: a producer (``producer1`` …), or the driver.
        do: submit, push, send, cancel, look, retry, drop; or the kind of a fault.
        name: the job that a submit, push or send is about, or an earlier job.
        more: arguments.
    """

    number: int
    at: float
    who: str
    do: str
    name: str = ""
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Schedule:
    """All steps, by time, and what the processes are started with."""

    seed: int
    steps: tuple[Step, ...]
    producers: int = 3
    workers: int = 3
    concurrency: int = 3
    lease_s: int = 3
    max_attempts: int = 3

    def of(self, who: str) -> list[Step]:
        """The steps of one."""
        return [step for step in self.steps if step.who == who]

    def faults(self) -> list[Step]:
        """The steps of the driver."""
        return self.of(DRIVER)

    def with_steps(self, steps: Iterable[Step]) -> Schedule:
        """The same with some steps alone."""
        return replace(self, steps=tuple(sorted(steps, key=lambda step: step.at)))

    def write(self, file: Path) -> None:
        """As JSON lines: what the processes are started with, then a line a step."""
        head = {name: value for name, value in asdict(self).items() if name != "steps"}
        lines = [json.dumps(line, ensure_ascii=False) for line in (head, *map(asdict, self.steps))]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read(file: Path) -> Schedule:
    """What :meth:`Schedule.write` has written.

    Raises:
        ValueError: the file holds something else.
    """
    head, *steps = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    try:
        return Schedule(**head, steps=tuple(Step(**step) for step in steps))
    except TypeError as error:
        raise ValueError(f"{file} is no schedule of this version: {error}") from error


def make(
    seed: int, *, jobs: int, faults: int, rate: float, kinds: tuple[Fault, ...] = FAULTS, lease_s: int | None = None
) -> Schedule:
    """The schedule of a seed.

    Args:
        seed: the same seed and the same other arguments make the same schedule.
        jobs: how many jobs are sent.
        faults: how many faults there are; each of ``kinds`` comes before any comes again.
        rate: jobs a second.
        kinds: which faults there may be.
        lease_s: the workers' lease; by default one of :data:`LEASES_S`, by the seed.
    """
    chance = random.Random(seed)
    plan = Schedule(seed, (), lease_s=lease_s or LEASES_S[seed % len(LEASES_S)])
    ends_at = jobs / rate
    steps = [*_jobs(plan, chance, jobs, ends_at), *_cares(plan, chance, jobs, ends_at)]
    steps += _faults(plan, chance, faults, ends_at, kinds)
    steps.sort(key=lambda step: step.at)
    return plan.with_steps(replace(step, number=number) for number, step in enumerate(steps))


def _producer(plan: Schedule, chance: random.Random) -> str:
    return f"producer{chance.randrange(plan.producers) + 1}"


def _jobs(plan: Schedule, chance: random.Random, jobs: int, ends_at: float) -> Iterable[Step]:
    sent, weights = list(_SENT), list(_SENT.values())
    for number in range(jobs):
        way, kind = chance.choices(sent, weights)[0]
        at, who, name = _time(chance, 0, ends_at), _producer(plan, chance), f"{plan.seed}-{number}"
        more: dict[str, Any] = {"kind": kind, "priority": chance.choice(PRIORITIES)}
        if kind == "plain":
            more |= {
                "sentences": chance.choice((1, 1, 1, 1, 2, 2, 12, 20)),
                "sleep_s": chance.choice((0, 0, 0, 0.02, 0.05)),
            }
        if way == "send":
            more["celery_priority"] = chance.choice((None, None, 3, 6, 9))
        if way == "submit" and kind == "plain" and chance.random() < 0.4:
            more["key"] = f"clé {name}"
            yield from _again(plan, chance, Step(0, at, who, way, name, more))
        yield Step(0, at, who, way, name, more)
        if kind == "plain" and chance.random() < 0.12:
            yield Step(0, _time(chance, at, at + 2), who, "cancel", name)
        if chance.random() < 0.15:
            yield Step(0, _time(chance, at, at + 4), who, "look", name)


def _again(plan: Schedule, chance: random.Random, first: Step) -> Iterable[Step]:
    """The same article under the same key from another producer, and another article."""
    if chance.random() < 0.3:
        later = _time(chance, first.at, first.at + chance.choice((0, 3)))
        yield replace(first, at=later, who=_producer(plan, chance))
    if chance.random() < 0.05:
        other = f"{first.name}-autre"
        later = _time(chance, first.at, first.at + 3)
        yield replace(first, at=later, who=_producer(plan, chance), name=other)


def _cares(plan: Schedule, chance: random.Random, jobs: int, ends_at: float) -> Iterable[Step]:
    """What an operator does with the dead letters: the n-th of the list is tried again, or dropped."""
    for _ in range(jobs // 30):
        what = chance.choice(("retry", "drop"))
        yield Step(0, _time(chance, 0, ends_at), _producer(plan, chance), what, more={"nth": chance.randrange(50)})


def _faults(
    plan: Schedule, chance: random.Random, faults: int, ends_at: float, kinds: tuple[Fault, ...]
) -> Iterable[Step]:
    order: list[Fault] = []
    while len(order) < faults:
        order += chance.sample(kinds, len(kinds))
    for kind in order[:faults]:
        at = _time(chance, FIRST_FAULT_S, max(ends_at, FIRST_FAULT_S))
        yield Step(0, at, DRIVER, kind, more=_details(plan, chance, kind))


def _details(plan: Schedule, chance: random.Random, kind: Fault) -> dict[str, Any]:
    match kind:
        case "kill_producer":
            return {"which": chance.randrange(plan.producers)}
        case "kill_worker":
            return {"which": chance.randrange(plan.workers)}
        case "stop_worker":
            return {"which": chance.randrange(plan.workers), "twice": chance.random() < 0.3}
        case "pause_worker":
            return {"which": chance.randrange(plan.workers), "for_s": _time(chance, 0.3, 2 * plan.lease_s)}
        case "delay":
            return {"side": chance.randrange(2), "for_s": _time(chance, 1, 3), "delay_s": _time(chance, 0.005, 0.1)}
        case "cut" | "silence":
            return {"side": chance.randrange(2), "for_s": _time(chance, 0.5, 4)}
        case "lose_answers" | "halve_answers" | "swallow_answers":
            side = chance.randrange(2)
            return {"side": side, "answers": chance.randint(1, 8), "to": chance.choice(QUESTIONS[side])}
        case "step_clock":
            return {"by_s": chance.choice((-3600, -60, -5, 5, 60, 3600))}
        case "kill_redis" | "pause_redis" | "client_pause" | "debug_sleep" | "full_memory":
            return {"for_s": _time(chance, 0.2, 2.5)}
        case "cut_all" | "script_flush":
            return {}


def _time(chance: random.Random, after: float, before: float) -> float:
    return round(chance.uniform(after, before), 2)
