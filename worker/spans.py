"""The worker's spans for OpenTelemetry: one around each message, and one for each stage of its article.

Without the extra ``telemetry`` nothing is recorded. No span holds an article's text.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from depeche.article import STAGES
from depeche.queue import TASK_NAME
from depeche.tracing import TRACER, api
from worker.run.ledger import Claim
from worker.run.observers import Ending

#: How long a worker that does not wait for its threads may take to send its spans.
FLUSH_MS = 2000


@contextmanager
def running(task_id: str, headers: dict[str, Any]) -> Iterator[None]:
    """The worker's span around one message. Its parent is the producer's span, whose context the headers carry."""
    if (found := api()) is None:
        yield
        return
    trace, propagate = found
    carried = {key: value for key, value in headers.items() if isinstance(value, str)}
    with trace.get_tracer(TRACER).start_as_current_span(
        f"process {TASK_NAME}",
        context=propagate.extract(carried),
        kind=trace.SpanKind.CONSUMER,
        attributes={"messaging.message.id": task_id},
    ):
        yield


class Spans:
    """An ``Observer`` that writes into the span of :func:`running` how the attempt ended, and a span for each stage."""

    def claimed(self, claim: Claim) -> None:
        """Do nothing, as the span gets everything at the end."""

    def ended(self, ending: Ending) -> None:
        """Set the span's attributes, and add a span for each stage in its order."""
        if (found := api()) is None:
            return
        trace, _ = found
        span = trace.get_current_span()
        if not span.is_recording():
            # The interface of OpenTelemetry is there, and nothing that takes what is measured.
            return
        facts = {key: value for key, value in ending.facts().items() if isinstance(value, str | int | float)}
        span.set_attributes({f"depeche.{key}": value for key, value in facts.items()})
        span.set_attribute("depeche.outcome", ending.outcome)
        if ending.error:
            span.set_status(trace.StatusCode.ERROR, ending.error.code)
        if ending.result:
            timings = ending.result.timings_ms
            at = time.time_ns() - timings.total * 1_000_000
            for stage in STAGES:
                child = trace.get_tracer(TRACER).start_span(stage, start_time=at)
                at += getattr(timings, stage) * 1_000_000
                child.end(end_time=at)


def flush() -> None:
    """Send the spans that are still here. This is for a process that ends without running its exit handlers."""
    if found := api():
        trace, _ = found
        getattr(trace.get_tracer_provider(), "force_flush", lambda timeout: True)(FLUSH_MS)
