"""Joins the sentences of all jobs in work: a batch that a model computes may hold sentences of several articles.

An article of three sentences fills a batch to a third only, and small batches are slow. So every call puts its inputs
here, and whichever thread is free computes a batch of what waits. No call waits for others to come: what is there when
a thread is free is begun at once.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from tasks.engines import TURN, Turn

Request = TypeVar("Request", bound=Hashable)
Output = TypeVar("Output")
Output_co = TypeVar("Output_co", covariant=True)
Request_contra = TypeVar("Request_contra", bound=Hashable, contravariant=True)

#: How much of the engine a job gets beside the others, by its priority.
SHARES = {"high": 8, "normal": 2, "low": 1}
#: The pause between two looks whether a job that waits shall go on.
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
        served: the tokens that were taken from it and from calls before it, by its job's share. Who has got least is
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
        self._closed = False

    def run(self, model: Model[Request, Output], request: Request, inputs: Sequence[Sequence[int]]) -> list[Output]:
        """Have inputs computed, and return the outputs in order.

        Inputs of other calls with the same model and an equal request may share a batch with them. While the call
        waits, the job's ``TURN`` says whether it shall go on. What that raises ends the call, and what no thread has
        begun is left out.

        Raises:
            Exception: that of ``model.compute``, for one of these inputs alone.
        """
        if not inputs:
            return []
        with self._changed:
            if self._closed:
                raise RuntimeError("the batcher is closed")
            self._start()
            served = min((call.served for call in self._calls), default=0.0)
            call = _Call(model, request, inputs, TURN.get(), served, set(range(len(inputs))))
            self._calls.append(call)
            self._changed.notify_all()
        try:
            self._wait(call)
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

    def _wait(self, call: _Call) -> None:
        seen = self._batches
        while not call.ended.wait(ASK_S):
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
        """The next batch: the longest input of who has got least, and those of all calls that are nearest in length."""
        ready = [call for call in self._calls if call.waiting]
        lead = min(ready, key=lambda call: (call.served, -SHARES[call.turn.priority]))
        target = max(len(lead.inputs[index]) for index in lead.waiting)
        alike = [
            (call, index)
            for call in ready
            if call.model is lead.model and call.request == lead.request
            for index in call.waiting
        ]

        def distance(item: tuple[_Call, int]) -> tuple[int, bool]:
            call, index = item
            # Of inputs of the same length, the leader's own come first.
            return abs(len(call.inputs[index]) - target), call is not lead

        batch: _Batch = []
        longest = 0
        for call, index in heapq.nsmallest(lead.model.most(target, lead.request), alike, key=distance):
            longest = max(longest, len(call.inputs[index]))
            if batch and len(batch) >= lead.model.most(longest, lead.request):
                break
            batch.append((call, index))
        for call, index in batch:
            call.takes(index)
        return batch

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
