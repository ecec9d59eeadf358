"""A Runner on fakes, with one job, for the tests of its endings and of its admission."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from config.settings import load_settings
from tests.fake_ledger import FakeLedger, FakeRecord
from tests.fakes import FakeDetector, FakeObserver, FakeTranslator, fake_engines
from worker.run.backoff import Backoff
from worker.run.delivery import NO_RECEIPT, Callbacks, Delivery, Receipt
from worker.run.observers import Treatment
from worker.run.runner import Runner

#: Three batches of the fake translator.
TEXT = "\n\n".join(f"La gare numéro {number} a fermé lundi." for number in range(12))

Act = Callable[[], object]


class Bench:
    """A Runner with three attempts a job, its ledger with one queued job, and what its observer has heard."""

    def __init__(self, article: Any = None, *, detector: FakeDetector | None = None, **settings: Any) -> None:
        self.ledger, self.observer = FakeLedger(), FakeObserver()
        self.article = {"text": TEXT} if article is None else article
        self.record: FakeRecord = self.ledger.submit("job", self.article)
        self.translator = FakeTranslator(self._translate)
        self.in_batch: dict[int, Act] = {}
        engines = fake_engines(self.translator, detector)
        own = load_settings(max_attempts=3).model_copy(update=settings)
        self.runner = Runner(
            self.ledger, own, "here", lambda: engines, None, (self.observer,), outage=Backoff(0.001, 0.001)
        )

    def run(self, callbacks: Callbacks | None = None, receipt: Receipt = NO_RECEIPT) -> Treatment | None:
        """Deliver the job's message."""
        return self.runner.run(Delivery("job", (self.article,), {}, callbacks=callbacks, receipt=receipt))

    def record_progress(self) -> None:
        """What the recording thread does while the work goes on."""
        self.runner.attempts["job"].record()

    def start_elsewhere(self) -> None:
        """The lease ends, and another worker starts the job."""
        self.ledger.end_lease("job")
        assert self.ledger.claim("job", "there", "another", lease_s=60, max_attempts=9, alone=True).outcome == "started"

    def _translate(self, sentence: str, attempt: int) -> str:
        # In the first sentence of each batch.
        if act := self.in_batch.pop(len(self.translator.calls), None):
            act()
        number = re.sub(r"\D", "", sentence)
        return f"Station number {number} closed on Monday."


def raising(error: BaseException) -> Act:
    """An engine that fails so."""

    def fail() -> None:
        raise error

    return fail


def after(*acts: Act) -> Act:
    """One after the other."""
    return lambda: [act() for act in acts]


def code(record: FakeRecord) -> str:
    """The code of the job's error."""
    assert record.error is not None
    return record.error.code
