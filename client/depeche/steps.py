"""Steps that both clients take in the same order, whether an answer is there at once or is awaited."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, TypeVar

Answer = TypeVar("Answer")

#: Gives what each step returns (an answer, or for asyncio something to await), gets its answer, and returns the last.
Steps = Generator[Any, Any, Answer]


def take(steps: Steps[Answer]) -> Answer:
    """Take steps whose answers are there at once."""
    answer = None
    while True:
        try:
            answer = steps.send(answer)
        except StopIteration as end:
            last: Answer = end.value
            return last


async def take_async(steps: Steps[Answer]) -> Answer:
    """Take steps whose answers are awaited. What goes wrong with a step is raised where the step is."""
    try:
        step = next(steps)
        while True:
            try:
                answer = await step
            except Exception as error:  # noqa: BLE001  # it is for whoever takes the steps
                step = steps.throw(error)
            else:
                step = steps.send(answer)
    except StopIteration as end:
        last: Answer = end.value
        return last
