"""Joins the sentences of all jobs in work: a batch that a model computes may hold sentences of several articles.

An article of three sentences fills a batch to a third only, and small batches are slow. So every call puts its inputs
here, and whichever thread is free computes a batch of what waits. No call waits for others to come: what is there when
a thread is free is begun at once.
"""

from __future__ import annotations

import heapq
import math
import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from tasks.engines import TURN, Turn

Request = TypeVar("Request", bound=Hashable)
Output = TypeVar("Output")
Output_co = TypeVar("Output_co", covariant=True)
Request_contra = TypeVar("Request_contra", bound=Hashable, contravariant=True)

#: How much of the engine a job gets beside the others, by its priority.
SHARES = {"high": 8, "normal": 2, "low": 1}
#: How many inputs of large calls a batch of a small one has at most, for each of the small one's own.
LARGE_SHARE = 0.5
#: The pause between two looks whether a job that waits shall go on, and what has been computed for it.
ASK_S = 0.1


class Model(Protocol[Request_contra, Output_co]):
    """What computes batches. It must be safe to call from several threads."""

    def most(self, longest: int, request: Request_contra) -> int:
        """How many inputs one batch may have, the longest of which has so many tokens; at least 1."""

    def compute(self, inputs: Sequence[Sequence[int]], request: Request_contra) -> Sequence[Output_co]:
        """One output for each input, in order. Inputs are token ids."""


@dataclass(eq=False)
class _Call:
    """What one job waits for.

    Attributes:
        waiting: indices of the inputs that no thread has taken.
        outputs: by the index of their inputs.
        is_small: whether one batch can have all of its inputs.
        served: what was due when it came, and the tokens that were taken from it, by its share. Who has least is
            next.
        error: why it cannot have all its outputs.
    """

    model: Model[Any, Any]
    request: Hashable
    inputs: Sequence[Sequence[int]]
    turn: Turn
    served: float
    waiting: set[int]
    outputs: dict[int, Any] = field(default_factory=dict)
    error: Exception | None = None
    ended: threading.Event = field(default_factory=threading.Event)
    is_small: bool = field(init=False)

    def __post_init__(self) -> None:
        self.is_small = len(self.inputs) <= self.model.most(max(map(len, self.inputs)), self.request)

    def takes(self, index: int) -> None:
        self.waiting.discard(index)
        self.served += len(self.inputs[index]) / SHARES[self.turn.priority]

    def gets(self, index: int, output: Any) -> None:
        self.outputs[index] = output
        if len(self.outputs) == len(self.inputs):
            self.ended.set()

    def fails(self, error: Exception) -> None:
        self.waiting.clear()
        self.error = error
        self.ended.set()


_Batch = list[tuple[_Call, int]]


def _fitting(lead: _Call, calls: Sequence[_Call]) -> _Batch:
    """What a batch may have that is led by this call, out of the calls with the same model and request.

    A batch takes longer the more inputs it has. So one that a small call leads is filled up with those of other small
    calls, and with few of the large ones, which have many batches to come.
    """
    if not lead.is_small:
        return [(call, index) for call in calls for index in call.waiting]
    small = [(call, index) for call in calls if call.is_small for index in call.waiting]
    large = [(call, index) for call in calls if not call.is_small for index in call.waiting]
    longest = max(len(lead.inputs[index]) for index in lead.waiting)
    fill = heapq.nsmallest(
        math.ceil(LARGE_SHARE * len(lead.waiting)), large, key=lambda item: abs(len(item[0].inputs[item[1]]) - longest)
    )
    return small + fill


class Batcher:
    """Computes batches, several at once, for all calls of this process.

    Args:
        threads: how many batches are computed at once. Models that share a batcher share the cores.
    """

    def __init__(self, threads: int) -> None:
        self._count = threads
        self._threads: list[threading.Thread] = []
        self._calls: list[_Call] = []
        self._changed = threading.Condition()
        self._batches = 0
        #: What a call that was always there would have got, by its share. New ones begin with it: with less, ever new
        #: ones would keep those from their turn that have been there for long.
        self._due = 0.0
        self._went_first = False
        self._closed = False

    def run(
        self,
        model: Model[Request, Output],
        request: Request,
        inputs: Sequence[Sequence[int]],
        found: Callable[[Mapping[int, Output]], None] = lambda outputs: None,
    ) -> list[Output]:
        """Have inputs computed, and return the outputs in order.

        Inputs of other calls with the same model and an equal request may share a batch with them. While the call
        waits, the job's ``TURN`` says whether it shall go on. What that raises ends the call, and what no thread has
        begun is left out.

        Args:
            model: what computes them.
            request: how.
            inputs: token ids.
            found: is called in this thread, now and then, with the outputs that have come since the last time, by the
                index of their inputs.

        Raises:
            Exception: that of ``model.compute``, for one of these inputs alone.
        """
        if not inputs:
            return []
        with self._changed:
            if self._closed:
                raise RuntimeError("the batcher is closed")
            self._start()
            call = _Call(model, request, inputs, TURN.get(), self._due, set(range(len(inputs))))
            self._calls.append(call)
            self._changed.notify_all()
        try:
            self._wait(call, found)
        finally:
            with self._changed:
                self._calls.remove(call)
        if call.error:
            raise call.error
        return [call.outputs[index] for index in range(len(inputs))]

    def close(self) -> None:
        """End the threads after the batches that they compute. There must be no more calls."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _start(self) -> None:
        # With the first call, as a worker may fork its processes before. Daemons, as a hung engine must not keep a
        # process alive.
        while len(self._threads) < self._count:
            thread = threading.Thread(target=self._serve, name=f"batches-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _wait(self, call: _Call, found: Callable[[Mapping[int, Any]], None]) -> None:
        seen, told = self._batches, set[int]()
        while not call.ended.wait(ASK_S):
            # A copy, as the threads go on writing.
            if new := {index: output for index, output in dict(call.outputs).items() if index not in told}:
                told |= new.keys()
                found(new)
            # Where nothing moves the engine may hang, and that must show.
            if seen != self._batches:
                seen = self._batches
                call.turn.waits()

    def _serve(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or any(call.waiting for call in self._calls))
                if self._closed:
                    return
                batch = self._take()
            self._compute(batch)

    def _take(self) -> _Batch:
        """The next batch: the longest input of whose turn it is, and those of all calls that are nearest in length."""
        ready = [call for call in self._calls if call.waiting]
        lead = self._lead(ready)
        target = max(len(lead.inputs[index]) for index in lead.waiting)
        most = lead.model.most(target, lead.request)
        alike = _fitting(lead, [call for call in ready if call.model is lead.model and call.request == lead.request])
        # Beside large calls, a small one must not wait for its next turn because its inputs are of unlike lengths.
        at_once = lead.is_small and not all(call.is_small for call in ready)

        def distance(item: tuple[_Call, int]) -> tuple[bool, int, bool]:
            call, index = item
            # Of inputs of the same length, the leader's own come first.
            return not (at_once and call is lead), abs(len(call.inputs[index]) - target), call is not lead

        batch: _Batch = []
        longest = 0
        for call, index in heapq.nsmallest(most, alike, key=distance):
            longest = max(longest, len(call.inputs[index]))
            if batch and len(batch) >= lead.model.most(longest, lead.request):
                break
            batch.append((call, index))
        for call, index in batch:
            call.takes(index)
        tokens = sum(len(call.inputs[index]) for call, index in batch)
        self._due += tokens / sum(SHARES[call.turn.priority] for call in ready)
        return batch

    def _lead(self, ready: Sequence[_Call]) -> _Call:
        """Whose turn it is: who has got least. Beside large calls, it is every second time the shortest of the small.

        So an article of a few sentences does not wait until each long one has had its turn, and the long ones get on
        however many short ones come.
        """
        highest = max(SHARES[call.turn.priority] for call in ready)
        small = [call for call in ready if call.is_small and SHARES[call.turn.priority] == highest]
        beside_large = any(not call.is_small for call in ready)
        self._went_first = bool(small) and beside_large and not self._went_first
        if self._went_first:
            return min(small, key=lambda call: sum(map(len, call.inputs)))
        return min(ready, key=lambda call: (call.served, -SHARES[call.turn.priority]))

    def _compute(self, batch: _Batch) -> None:
        model, request = batch[0][0].model, batch[0][0].request
        try:
            outputs = model.compute([call.inputs[index] for call, index in batch], request)
            for (call, index), output in zip(batch, outputs, strict=True):
                call.gets(index, output)
        except Exception as error:  # noqa: BLE001  # whoever waits for it raises it
            if len(batch) == 1:
                batch[0][0].fails(error)
            else:
                # One input may be at fault, and its neighbours are other people's.
                for item in batch:
                    self._compute([item])
        self._batches += 1
