"""Sentences of all jobs in work share batches: none waits in vain, none is lost, and each job gets its share."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from depeche.errors import Cancelled, ModelUnavailable
from depeche.queue import Priority
from tasks.engines import turn
from tests.conftest import wait_until
from worker.models.engines.batcher import Batcher


class FakeModel:
    """Gives each input back as text. ``closed`` holds every batch until it is set free.

    Attributes:
        batches: the inputs of each batch, in the order of its beginning.
        fails: whether an input fails its batch.
    """

    def __init__(self, most: int = 4, fails: Callable[[Sequence[int]], bool] = lambda tokens: False) -> None:
        self.batches: list[list[list[int]]] = []
        self.fails = fails
        self.open = threading.Event()
        self.open.set()
        self._most = most

    def most(self, longest: int, request: object) -> int:
        return self._most

    def compute(self, inputs: Sequence[Sequence[int]], request: object) -> list[str]:
        self.batches.append([list(tokens) for tokens in inputs])
        assert self.open.wait(10)
        if any(map(self.fails, inputs)):
            raise ModelUnavailable("this input")
        return [f"{request}: {list(tokens)}" for tokens in inputs]


@contextmanager
def held(model: FakeModel, batcher: Batcher) -> Iterator[Callable[..., Future[list[str]]]]:
    """Calls that are made while the model's first batch, of one input of its own, is not done."""
    with ThreadPoolExecutor(40) as threads:
        model.open.clear()
        first = threads.submit(batcher.run, model, "first", [[0]])
        wait_until(lambda: bool(model.batches), "the first batch is begun")

        def call(
            inputs: list[list[int]],
            request: str = "r",
            priority: Priority = "normal",
            waits: Callable[[], None] = lambda: None,
        ) -> Future[list[str]]:
            def run() -> list[str]:
                with turn(priority, waits):
                    return batcher.run(model, request, inputs)

            before = len(batcher._calls)
            future = threads.submit(run)
            wait_until(lambda: len(batcher._calls) > before, "the call is made")
            return future

        try:
            yield call
        finally:
            model.open.set()
            assert first.result(10) == ["first: [0]"]
            batcher.close()


def of(number: int, length: int = 3) -> list[int]:
    """An input of its own."""
    return [number] * length


def test_calls_share_batches_and_each_gets_its_own() -> None:
    """Four calls of two sentences are two batches of four."""
    model = FakeModel(most=4)
    with held(model, Batcher(1)) as call:
        calls = [call([of(10 * n), of(10 * n + 1)]) for n in range(1, 5)]
        model.open.set()
        for n, one in enumerate(calls, start=1):
            assert one.result(10) == [f"r: {of(10 * n)}", f"r: {of(10 * n + 1)}"]
    assert [len(batch) for batch in model.batches] == [1, 4, 4]


def test_alone_nothing_is_waited_for() -> None:
    """What does not fill a batch is computed at once, in order, though it is computed by length."""
    model, batcher = FakeModel(most=4), Batcher(2)
    assert batcher.run(model, "r", [of(1, 2), of(2, 9), of(3, 5)]) == [
        f"r: {of(n, k)}" for n, k in [(1, 2), (2, 9), (3, 5)]
    ]
    assert model.batches == [[of(2, 9), of(3, 5), of(1, 2)]]
    assert batcher.run(model, "r", []) == []
    batcher.close()


@pytest.mark.parametrize("requests", [("a", "b"), ("a", "a")], ids=["another decoding", "the same"])
def test_only_equal_requests_share(requests: tuple[str, str]) -> None:
    """A retry with another decoding is a batch of its own."""
    model = FakeModel()
    with held(model, Batcher(1)) as call:
        calls = [call([of(n)], request) for n, request in enumerate(requests, start=1)]
        model.open.set()
        assert [one.result(10) for one in calls] == [[f"{r}: {of(n)}"] for n, r in enumerate(requests, start=1)]
    assert len(model.batches) == 1 + len(set(requests))


def test_like_lengths_share() -> None:
    """All of a batch wait for its longest."""
    model = FakeModel(most=2)
    with held(model, Batcher(1)) as call:
        calls = [call([of(1, 30), of(2, 3)]), call([of(3, 4), of(4, 29)])]
        model.open.set()
        [one.result(10) for one in calls]
    assert model.batches[1:] == [[of(1, 30), of(4, 29)], [of(3, 4), of(2, 3)]]


def test_a_short_article_does_not_wait_for_long_ones() -> None:
    """Ten of 300 sentences are in work, and one of three comes: its batch is the next."""
    model = FakeModel(most=8)
    with held(model, Batcher(1)) as call:
        long = [call([of(n, 20)] * 300) for n in range(1, 11)]
        short = call([of(99, 20)] * 3)
        model.open.set()
        assert len(short.result(10)) == 3
        where = [number for number, batch in enumerate(model.batches) if of(99, 20) in batch]
        assert where == [1], "whatever was in work when it came is done, and then it is its turn"
        assert all(len(one.result(30)) == 300 for one in long)


def test_a_short_article_of_unlike_lengths_is_one_batch() -> None:
    """Its sentences do not wait for others of their length, and few of a long article make its batch longer."""
    model = FakeModel(most=8)
    with held(model, Batcher(1)) as call:
        long = call([of(1, 4), of(1, 9), of(1, 20)] * 100)
        short = call([of(97, 3), of(98, 12), of(99, 25)])
        model.open.set()
        assert len(short.result(10)) == 3
        assert len(long.result(30)) == 300
    assert sorted(map(tuple, model.batches[1])) == sorted(
        map(tuple, [of(97, 3), of(98, 12), of(99, 25)] + [of(1, 20)] * 2)
    )


def test_short_articles_fill_the_batches_of_each_other() -> None:
    """Beside a long one they share, and two such batches have one of the long article between them."""
    model = FakeModel(most=8)
    with held(model, Batcher(1)) as call:
        long = call([of(1, 20)] * 40)
        short = [call([of(number, 20)] * 3) for number in range(10, 20)]
        model.open.set()
        [one.result(10) for one in (*short, long)]
    is_long = [of(1, 20) in batch and len(set(map(tuple, batch))) == 1 for batch in model.batches[1:]]
    first = model.batches[1]
    assert (len(first), len([tokens for tokens in first if tokens == of(1, 20)])) == (8, 0)
    assert is_long[1], "the long one has its turn too"
    assert sum(map(len, model.batches[1:])) == 70


def test_ever_new_short_ones_do_not_stop_a_long_one() -> None:
    """While at least three short articles always wait, a long one has its share of the batches."""
    model, batcher = FakeModel(most=4), Batcher(1)
    compute, long_ended, over = model.compute, threading.Event(), threading.Event()

    def crowded() -> bool:
        return over.is_set() or sum(call.is_small and bool(call.waiting) for call in batcher._calls) >= 3

    def while_many_wait(inputs: Sequence[Sequence[int]], request: object) -> list[str]:
        wait_until(crowded, "short ones wait")
        return compute(inputs, request)

    def stream(number: int) -> None:
        while not over.is_set():
            batcher.run(model, "r", [of(number, 5)] * 2)

    def long() -> None:
        batcher.run(model, "r", [of(1, 20)] * 12)
        long_ended.set()

    model.compute = while_many_wait  # type: ignore[method-assign]
    with ThreadPoolExecutor(7) as threads:
        streams = [threads.submit(stream, number) for number in range(2, 8)]
        wait_until(lambda: len(model.batches) > 1, "short ones are computed")
        threads.submit(long)
        ended = long_ended.wait(10)
        over.set()
        [one.result(10) for one in streams]
    batcher.close()
    assert ended, f"it waits after {len(model.batches)} batches"


def test_a_low_priority_does_not_go_first_because_it_is_short() -> None:
    """A long article of the priority high comes before a short one of low."""
    model = FakeModel(most=2)
    with held(model, Batcher(1)) as call:
        short = call([of(9, 5)], priority="low")
        long = call([of(1, 20)] * 6, priority="high")
        model.open.set()
        [one.result(10) for one in (short, long)]
    assert model.batches[1] == [of(1, 20)] * 2


def test_priorities_get_their_shares() -> None:
    """Of what is computed while all three wait, high gets most, and low some."""
    model = FakeModel(most=1)
    priorities: tuple[Priority, ...] = ("low", "normal", "high")
    with held(model, Batcher(1)) as call:
        calls = [call([of(n)] * 110, priority=priority) for n, priority in enumerate(priorities)]
        model.open.set()
        [one.result(10) for one in calls]
    counted = [sum(of(n) in batch for batch in model.batches[1:111]) for n in range(3)]
    assert counted[0] in range(8, 13), counted
    assert counted[1] in range(17, 24), counted
    assert counted[2] in range(75, 85), counted


def test_an_input_that_fails_fails_alone() -> None:
    """Its own call has the error; the neighbours in its batch have their outputs."""
    model = FakeModel(fails=lambda tokens: tokens[0] == 13)
    with held(model, Batcher(1)) as call:
        bad, good = call([of(13), of(14)]), call([of(15), of(16)])
        model.open.set()
        with pytest.raises(ModelUnavailable, match="this input"):
            bad.result(10)
        assert good.result(10) == [f"r: {of(15)}", f"r: {of(16)}"]


def test_a_job_that_must_not_go_on_leaves() -> None:
    """It is asked while others are served, and what nobody has begun of it is not computed."""
    model, cancelled = FakeModel(most=1), threading.Event()

    def waits() -> None:
        if cancelled.is_set():
            raise Cancelled("the job was cancelled")

    with held(model, Batcher(1)) as call:
        other = call([of(1)] * 1000)
        leaves = call([of(2)] * 1000, waits=waits)
        cancelled.set()
        model.open.set()
        with pytest.raises(Cancelled):
            leaves.result(10)
        assert len(other.result(30)) == 1000
    assert sum(of(2) in batch for batch in model.batches) < 1000


def test_nothing_is_asked_while_nothing_moves() -> None:
    """So that the watchdog sees an engine that hangs."""
    model, asked = FakeModel(most=1), []
    with held(model, Batcher(1)) as call:
        one = call([of(1)], waits=lambda: asked.append(1))
        threading.Event().wait(0.5)
        assert asked == []
        model.open.set()
        one.result(10)


def test_models_share_the_threads() -> None:
    """Never more batches at once than there are threads, whichever models they are of."""
    models: list[FakeModel] = [FakeModel(most=1), FakeModel(most=1)]
    now, most, lock = [0], [0], threading.Lock()

    def counting(compute: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any) -> Any:
            with lock:
                now[0] += 1
                most[0] = max(most[0], now[0])
            threading.Event().wait(0.002)
            try:
                return compute(*arguments)
            finally:
                with lock:
                    now[0] -= 1

        return counted

    for model in models:
        model.compute = counting(model.compute)  # type: ignore[method-assign]
    batcher = Batcher(2)
    with ThreadPoolExecutor(8) as threads:
        calls = [threads.submit(batcher.run, models[n % 2], "r", [of(n)] * 10) for n in range(8)]
        assert [len(one.result(10)) for one in calls] == [10] * 8
    assert most == [2]
    batcher.close()


def test_outputs_are_told_as_they_come() -> None:
    """By their places, each once, while others of the same call still wait, in the thread that has called."""
    model, told, threads = FakeModel(most=2), list[dict[int, str]](), set[int]()
    second = threading.Event()
    compute = model.compute

    def one_by_one(inputs: Sequence[Sequence[int]], request: object) -> list[str]:
        if len(model.batches) == 1:
            assert second.wait(10)
        return compute(inputs, request)

    def found(outputs: Mapping[int, str]) -> None:
        told.append(dict(outputs))
        threads.add(threading.get_ident())
        second.set()

    model.compute = one_by_one  # type: ignore[method-assign]
    batcher = Batcher(1)
    outputs = batcher.run(model, "r", [of(1, 2), of(2, 9), of(3, 2), of(4, 8)], found)
    batcher.close()
    assert outputs == [f"r: {of(n, k)}" for n, k in [(1, 2), (2, 9), (3, 2), (4, 8)]]
    assert told[0] == {1: f"r: {of(2, 9)}", 3: f"r: {of(4, 8)}"}
    assert [place for some in told for place in some if place in {1, 3}] == [1, 3]
    assert threads == {threading.get_ident()}


def test_what_a_failed_call_had_was_told() -> None:
    """An input at fault ends the call, and what was computed before is not lost."""
    model, told = FakeModel(most=1, fails=lambda tokens: tokens[0] == 13 and bool(told)), dict[int, str]()
    compute, first = model.compute, threading.Event()

    def after_the_first(inputs: Sequence[Sequence[int]], request: object) -> list[str]:
        assert len(inputs[0]) > 2 or first.wait(10)
        return compute(inputs, request)

    def found(outputs: Mapping[int, str]) -> None:
        told.update(outputs)
        first.set()

    model.compute = after_the_first  # type: ignore[method-assign]
    batcher = Batcher(1)
    with pytest.raises(ModelUnavailable, match="this input"):
        batcher.run(model, "r", [of(1, 9), of(13, 2)], found)
    batcher.close()
    assert told == {0: f"r: {of(1, 9)}"}
