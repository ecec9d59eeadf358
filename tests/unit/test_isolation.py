"""Jobs run at the same time, and a suspect runs alone."""

from __future__ import annotations

import threading

import pytest

from depeche.errors import EngineOverloaded, ModelUnavailable
from tests.conftest import wait_until
from worker.models.engines.decoding import failure
from worker.run.isolation import Isolation


def test_a_suspect_works_alone() -> None:
    """It waits for those inside; those who come later wait for it, and a second suspect too."""
    isolation, log = Isolation(), list[str]()
    may_leave = {name: threading.Event() for name in ("first", "suspect", "later", "second suspect")}

    def enter(name: str) -> None:
        with isolation.alone() if "suspect" in name else isolation.together():
            log.append(name)
            may_leave[name].wait(10)

    threads = {name: threading.Thread(target=enter, args=[name], daemon=True) for name in may_leave}
    threads["first"].start()
    wait_until(lambda: log == ["first"], "inside")
    threads["suspect"].start()
    wait_until(lambda: isolation._suspects == 1, "the suspect waits")
    threads["later"].start()
    threads["second suspect"].start()
    wait_until(lambda: isolation._suspects == 2, "both suspects wait")
    assert log == ["first"]
    may_leave["first"].set()
    wait_until(lambda: len(log) == 2, "one suspect is inside")
    assert "suspect" in log[1]
    for event in may_leave.values():
        event.set()
    for thread in threads.values():
        thread.join(10)
    assert sorted(log) == sorted(may_leave)
    assert log[-1] == "later"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (RuntimeError("CUDA failed with error out of memory"), EngineOverloaded),
        (RuntimeError("std::bad_alloc"), EngineOverloaded),
        (MemoryError(), EngineOverloaded),
        (RuntimeError("CUDA failed with error unknown error"), ModelUnavailable),
    ],
)
def test_only_short_memory_may_pass(error: Exception, kind: type[Exception]) -> None:
    """It is tried again, with fewer jobs at the same time; other faults of an engine end the job."""
    assert isinstance(failure("torch", error), kind)
