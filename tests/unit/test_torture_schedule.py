"""Schedules of torture runs are made from their seed alone, written and read, and cut to what it takes to fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import pytest

from benchmarks.torture.faults import Faults
from benchmarks.torture.producer import Producer
from benchmarks.torture.schedule import DRIVER, FAULTS, LEASES_S, Fault, make, read
from benchmarks.torture.shrink import shrink

ALL: tuple[Fault, ...] = get_args(Fault)


def test_a_seed_makes_one_schedule() -> None:
    """The same seed the same, and another seed another."""
    first, again, other = (make(seed, jobs=200, faults=30, rate=20) for seed in (1, 1, 2))
    assert first == again
    assert first.steps != other.steps


def test_all_that_may_happen_does() -> None:
    """Every kind of fault, every way to send, every kind of job and every step of a client; and both leases."""
    schedules = [make(seed, jobs=2000, faults=2 * len(ALL), rate=20, kinds=ALL) for seed in (1, 2)]
    for schedule in schedules:
        assert set(Counter(step.do for step in schedule.faults()).values()) == {2}
        assert {step.do for step in schedule.faults()} == set(ALL)
    steps = [step for schedule in schedules for step in schedule.steps if step.who != DRIVER]
    assert {step.do for step in steps} == {"submit", "push", "send", "cancel", "look", "retry", "drop"}
    kinds = {"plain", "failing", "overload", "crash", "invalid", "odd", "foreign", "garbage"}
    assert {step.more["kind"] for step in steps if "kind" in step.more} == kinds
    assert {step.more["priority"] for step in steps if "priority" in step.more} == {"high", "normal", "low"}
    assert {step.who for step in steps} == {"producer1", "producer2", "producer3"}
    keyed = Counter(step.more["key"] for step in steps if "key" in step.more)
    assert max(keyed.values()) > 1
    assert {schedule.lease_s for schedule in schedules} == set(LEASES_S)


def test_every_step_can_be_taken() -> None:
    """There is a method for each kind of step, which takes the arguments that the schedule has for it."""
    schedule = make(1, jobs=500, faults=len(ALL), rate=20, kinds=ALL)
    for step in schedule.steps:
        method = getattr(Faults if step.who == DRIVER else Producer, f"_{step.do}")
        if step.who == DRIVER:
            names = method.__code__.co_varnames[1 : method.__code__.co_argcount]
            assert set(names) == set(step.more), step


def test_the_usual_faults_need_nothing_else() -> None:
    """A clock that is put on and back needs a library that is not everywhere."""
    assert set(ALL) - set(FAULTS) == {"step_clock"}
    assert "step_clock" not in {step.do for step in make(1, jobs=10, faults=100, rate=1).steps}


def test_a_schedule_is_read_as_it_was_written(tmp_path: Path) -> None:
    """With all that it says."""
    schedule = make(3, jobs=100, faults=20, rate=20)
    schedule.write(tmp_path / "schedule.jsonl")
    assert read(tmp_path / "schedule.jsonl") == schedule


def test_a_schedule_of_another_version(tmp_path: Path) -> None:
    """What it has and this version does not know is an error that says so."""
    (tmp_path / "schedule.jsonl").write_text('{"seed": 1, "planets": 9}\n')
    with pytest.raises(ValueError, match=r"is no schedule of this version: .*planets"):
        read(tmp_path / "schedule.jsonl")


def test_steps_keep_their_numbers_when_others_are_cut() -> None:
    """By them the history is told apart."""
    schedule = make(1, jobs=50, faults=5, rate=20)
    cut = schedule.with_steps(schedule.steps[::2])
    assert [step.number for step in cut.steps] == [step.number for step in schedule.steps[::2]]


@pytest.mark.parametrize("cause", [set(), {3}, {0, 99}, {17, 18, 70}, set(range(0, 100, 9))])
def test_what_fails_is_cut_to_its_cause(cause: set[int]) -> None:
    """Whatever it takes, nothing else stays; and it does not take a run for every subset."""
    runs = []

    def fails(some: Sequence[int]) -> bool:
        runs.append(some)
        return cause <= set(some)

    assert set(shrink(range(100), fails)) == cause
    assert len(runs) < 300
