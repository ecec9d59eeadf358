"""Who has a message, and that it is done with, is recorded in the steps of its job; see ``worker/run/delivery.py``."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from depeche.errors import ModelUnavailable
from tests.conftest import wait_until
from tests.unit.runner_bench import Act, Bench, raising
from worker.run.delivery import Callbacks

ENTRY = '["message", "", "articles"]'


class FakeReceipt:
    """A ``Receipt`` that notes what the Runner tells it."""

    tag = "tag"

    def __init__(self, entry: str = ENTRY) -> None:
        self.entry = entry
        self.heard: list[str] = []

    def unrecorded(self) -> str:
        """The record, until it was written."""
        return self.entry

    def recorded(self) -> None:
        """It was."""
        self.heard.append("recorded")
        self.entry = ""

    def record(self) -> None:
        """Write it."""
        self.heard.append("record")
        self.entry = ""

    def settled(self) -> None:
        """The message is acknowledged."""
        self.heard.append("settled")


def test_a_message_is_recorded_with_the_claim_and_acknowledged_with_the_end() -> None:
    """Two steps of the ledger do it all."""
    bench, receipt = Bench(), FakeReceipt()
    held: list[Any] = []
    bench.in_batch = {1: lambda: held.append(dict(bench.ledger.held))}
    assert bench.run(receipt=receipt) == "succeeded"
    assert held == [{"tag": ENTRY}]
    assert (bench.ledger.acknowledged, bench.ledger.held) == (["tag"], {})
    assert receipt.heard == ["recorded", "settled"]
    assert bench.ledger.steps == ["claim", "succeed"]


def test_what_was_recorded_before_is_not_recorded_again() -> None:
    """Where the broker has written its record, the claim leaves it alone."""
    bench = Bench()
    assert bench.run(receipt=FakeReceipt("")) == "succeeded"
    assert (bench.ledger.held, bench.ledger.acknowledged) == ({}, ["tag"])


@pytest.mark.parametrize(
    ("act", "treatment", "settled"),
    [
        (raising(ModelUnavailable("the weights are gone")), "failed", True),
        (raising(MemoryError()), "retried", False),
    ],
)
def test_a_message_whose_job_goes_on_is_not_acknowledged_with_it(act: Act, treatment: str, settled: bool) -> None:
    """Only the end of a job does that; in all else the broker acknowledges the message by itself."""
    bench, receipt = Bench(), FakeReceipt()
    bench.in_batch = {1: act}
    assert bench.run(receipt=receipt) == treatment
    assert ("settled" in receipt.heard, bool(bench.ledger.acknowledged)) == (settled, settled)


def test_an_end_that_is_refused_acknowledges_nothing() -> None:
    """The job has another attempt, so the broker settles this one's message by itself."""
    bench, receipt = Bench(), FakeReceipt()
    bench.in_batch = {3: bench.start_elsewhere}
    assert bench.run(receipt=receipt) == "lost"
    assert (receipt.heard, bench.ledger.acknowledged) == (["recorded"], [])


def test_what_comes_after_an_article_is_sent_before_the_acknowledgement() -> None:
    """A worker that dies in between has not acknowledged the message, so another one sends it."""
    bench, receipt = Bench(), FakeReceipt()
    callbacks = Callbacks({"callbacks": [{"task": "presse.publish"}]})
    # The same callbacks as the first message under this id had.
    bench.ledger.own.clear()
    assert bench.run(callbacks, receipt) == "succeeded"
    assert (receipt.heard, bench.ledger.acknowledged) == (["recorded"], [])


def test_who_waits_for_a_suspect_says_first_which_message_it_has() -> None:
    """The suspect may work for hours, and until the claim nobody else knows of the message."""
    bench, receipt, may_end = Bench(), FakeReceipt(), threading.Event()

    def suspect() -> None:
        with bench.runner._isolation.alone():
            may_end.wait(10)

    threads = [
        threading.Thread(target=suspect, daemon=True),
        threading.Thread(target=bench.run, kwargs={"receipt": receipt}, daemon=True),
    ]
    threads[0].start()
    wait_until(lambda: bench.runner._isolation._alone, "the suspect works")
    threads[1].start()
    wait_until(lambda: receipt.heard == ["record"], "the message is recorded")
    assert bench.ledger.steps == []
    may_end.set()
    for thread in threads:
        thread.join(10)
    assert (receipt.heard, bench.ledger.held) == (["record", "recorded", "settled"], {})
