"""Whoever waits looks at each job as often as is needed, and never goes to sleep on an end that it could know of."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from depeche.article import JobState, JobStatus
from depeche.errors import NotReady, RedisUnavailable
from depeche.waiting import CHUNK, WINDOW, Waiter, Watch, in_order


class Ledger:
    """Jobs that end when they were looked at so often, and what was looked at and heard."""

    def __init__(self, **looks_left: int) -> None:
        self.looks_left = looks_left
        self.looked_at: list[list[str]] = []
        self.faults: list[RedisUnavailable] = []

    def look(self, task_ids: list[str]) -> list[JobStatus]:
        """As ``Jobs.statuses``."""
        self.looked_at.append(list(task_ids))
        if self.faults:
            raise self.faults.pop()
        return [self._status(task_id) for task_id in task_ids]

    def _status(self, task_id: str) -> JobStatus:
        left = self.looks_left.get(task_id, 0)
        self.looks_left[task_id] = left - 1
        return JobStatus(id=task_id, state=JobState.SUCCEEDED if left <= 0 else JobState.RUNNING)


class FakeEars:
    """Hears what the test says, in the order in which it says it."""

    def __init__(self, *heard: list[str], refused: bool = False) -> None:
        self.refused = refused
        self.listening: set[str] = set()
        self.pauses: list[float] = []
        self._heard = list(heard)

    def listen(self, task_ids: list[str]) -> None:
        """As Redis' own."""
        self.listening.update(task_ids)

    def forget(self, task_ids: list[str]) -> None:
        """As Redis' own."""
        self.listening.difference_update(task_ids)

    def renew(self) -> None:
        """As Redis' own."""
        self.listening.clear()

    def hear(self, timeout_s: float) -> list[str]:
        """The next of what the test says; without waiting."""
        self.pauses.append(timeout_s)
        return self._heard.pop(0) if self._heard else []


@pytest.fixture(autouse=True, name="clock")
def _clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Time passes by the pauses alone."""
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", clock)
    monkeypatch.setattr(time, "sleep", clock.sleep)
    hear = FakeEars.hear

    def hear_and_wait(self: FakeEars, timeout_s: float) -> list[str]:
        found = hear(self, timeout_s)
        if not found:
            clock.sleep(timeout_s)
        return found

    monkeypatch.setattr(FakeEars, "hear", hear_and_wait)
    return clock


class Clock:
    """Seconds that pass only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


def ids(found: Iterator[tuple[str, JobStatus]]) -> list[str]:
    """Which jobs ended, in which order."""
    return [task_id for task_id, _ in found]


def test_what_has_ended_is_not_listened_to() -> None:
    """A million ended jobs cost one look each, and no subscription."""
    ledger, listener = Ledger(), FakeEars()
    listener.listen = lambda task_ids: pytest.fail(f"listened to {task_ids}") if task_ids else None  # type: ignore[method-assign]
    many = [f"job {number}" for number in range(3 * WINDOW)]
    assert ids(Waiter(ledger.look, listener).ends(many)) == many
    assert [len(chunk) for chunk in ledger.looked_at] == [CHUNK] * (3 * WINDOW // CHUNK)
    assert listener.pauses == []


def test_what_is_heard_is_looked_at_at_once() -> None:
    """No poll comes between, and nothing else is looked at."""
    ledger, listener = Ledger(a=1, b=1, c=1), FakeEars(["c", "b"], ["a"])
    assert ids(Waiter(ledger.look, listener).ends(["a", "b", "c"])) == ["c", "b", "a"]
    assert ledger.looked_at == [["a", "b", "c"], ["c", "b"], ["a"]]
    assert listener.listening == set()


@pytest.mark.parametrize("refused", [True, False])
def test_what_is_not_heard_is_polled(clock: Clock, refused: bool) -> None:
    """The pauses grow up to two seconds, as workers of release 0.1 tell nothing."""
    listener = FakeEars(refused=refused)
    assert ids(Waiter(Ledger(a=30).look, listener).ends(["a"])) == ["a"]
    assert listener.pauses[:3] == pytest.approx([0.05, 0.075, 0.1125])
    assert listener.pauses == sorted(listener.pauses)
    assert listener.pauses[-1] == pytest.approx(2.0)


def test_many_are_polled_less_often_where_ends_are_heard() -> None:
    """A hundred looks a second at most; without listener every two seconds."""
    pauses = {}
    for refused in (True, False):
        watch = Watch(0.0)
        watch.add(map(str, range(WINDOW)))
        now = 0.0
        for _ in range(40):
            watch.due(now, refused)
            pauses[refused] = watch.pause_s(now)
            now += pauses[refused]
    assert pauses == {True: pytest.approx(2.0), False: pytest.approx(10.0)}


def test_ids_are_taken_as_jobs_end() -> None:
    """Of an endless iterator only a window is held, however slowly jobs end."""
    taken: list[str] = []

    def endless() -> Iterator[str]:
        while True:
            taken.append(f"job {len(taken)}")
            yield taken[-1]

    ledger = Ledger(**{f"job {number}": 3 for number in range(5 * WINDOW)})
    found = Waiter(ledger.look, FakeEars()).ends(endless())
    for number in range(2 * WINDOW):
        next(found)
        assert len(taken) <= number + 1 + WINDOW + CHUNK


@pytest.mark.parametrize("state", [JobState.UNKNOWN, JobState.FAILED, JobState.DEAD, JobState.CANCELLED])
def test_whatever_is_over_is_answered(state: JobState) -> None:
    """One that nobody knows too, as nothing would ever be heard of it."""
    waiter = Waiter(lambda task_ids: [JobStatus(id=task_ids[0], state=state)], FakeEars())
    assert [status.state for _, status in waiter.ends(["a"])] == [state]


def test_an_id_given_twice_is_answered_twice() -> None:
    """Counts agree with what was given, for whoever counts."""
    assert ids(Waiter(Ledger(a=2, b=1).look, FakeEars()).ends(["a", "b", "a"])) == ["b", "a", "a"]


@pytest.mark.parametrize("timeout_s", [0.0, 3.0])
def test_time_is_over(clock: Clock, timeout_s: float) -> None:
    """What has ended by then is still answered, however long the last pause; then the others are named."""
    ledger, found = Ledger(slow=10_000), list[str]()
    began = clock.now
    ends = Waiter(ledger.look, FakeEars()).ends(["done", "slow"], timeout_s)
    with pytest.raises(NotReady, match="slow") as caught:
        found.extend(task_id for task_id, _ in ends)
    assert found == ["done"]
    assert caught.value.detail == {"open": 1, "ids": ["slow"]}
    assert clock.now == pytest.approx(began + timeout_s)
    assert ledger.looked_at[-1] == ["slow"] or timeout_s == 0


def test_all_that_is_there_is_answered_without_time() -> None:
    """With no time at all, more than one chunk of ids is still looked at."""
    many = [f"job {number}" for number in range(WINDOW)]
    ends, found = Waiter(Ledger(**{"job 0": 9}).look, FakeEars()).ends(many, 0), list[str]()
    with pytest.raises(NotReady):
        found.extend(task_id for task_id, _ in ends)
    assert found == many[1:]


def test_redis_comes_back() -> None:
    """Once it has answered, it may be away for a while; then the same jobs are looked at again."""
    ledger, listener = Ledger(a=2), FakeEars()
    waiter = Waiter(ledger.look, listener, lambda status: ledger.faults.extend([RedisUnavailable("away")] * 3))
    ledger.looks_left["a"] = 1
    assert ids(waiter.ends(["a"])) == ["a"]
    assert len(ledger.looked_at) == 2 + 3


@pytest.mark.parametrize(("answered", "final", "tries"), [(False, False, 1), (True, True, 1), (True, False, 122)])
def test_redis_is_away_for_good(answered: bool, final: bool, tries: int) -> None:
    """Before the first answer, and where it refuses the login, that is said at once; else after a minute."""
    ledger = Ledger(a=1)
    error = RedisUnavailable("away")
    error.final = final

    def away(task_ids: list[str]) -> list[JobStatus]:
        if answered and not ledger.looked_at:
            return ledger.look(task_ids)
        ledger.looked_at.append(task_ids)
        raise error

    with pytest.raises(RedisUnavailable):
        ids(Waiter(away, FakeEars()).ends(["a"]))
    assert len(ledger.looked_at) == tries + answered


def in_turn(look: Callable[[list[str]], list[JobStatus]], task_ids: list[str]) -> list[str]:
    """Ids in the order in which they are given back."""
    return [status.id for status in in_order(Waiter(look, FakeEars()), task_ids)]


def test_in_order() -> None:
    """Whichever ends first: also where an id comes twice, and over several windows."""
    assert in_turn(Ledger(a=5, b=1, c=3).look, ["a", "b", "a", "c"]) == ["a", "b", "a", "c"]
    many = [f"job {number}" for number in range(2 * WINDOW + 5)]
    assert in_turn(Ledger(**dict.fromkeys(many[::7], 2)).look, many) == many


def test_in_order_each_comes_as_soon_as_it_may() -> None:
    """The first is given back while the second has not ended."""
    ledger = Ledger(a=1, b=10_000)
    assert next(in_order(Waiter(ledger.look, FakeEars()), ["a", "b"])).id == "a"
