"""Traces by OpenTelemetry, where the extra ``telemetry`` is installed: submit and the worker's run are one trace.

The context travels in the message's headers, as W3C's ``traceparent``. Where spans go is set by OpenTelemetry's own
variables, ``OTEL_EXPORTER_OTLP_ENDPOINT`` first; without it, or without the extra, nothing is recorded. No span holds
an article's text.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from config.queue import QUEUES, TASK_NAME, Priority
from tasks.article import STAGES

if TYPE_CHECKING:
    from tasks.jobs import Claim
    from tasks.observe import Ending

try:
    from opentelemetry import propagate, trace
except ImportError:
    propagate = trace = None  # type: ignore[assignment]

log = logging.getLogger(__name__)

#: Of a worker that ends without waiting for its threads.
FLUSH_MS = 2000

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


def set_up(service: str) -> bool:
    """Send this process's spans where the environment says; false where it says nothing, or the extra is missing.

    A process that has a tracer provider of its own keeps it.
    """
    if not any(os.environ.get(name) for name in _ENDPOINTS):
        return False
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        log.warning("no traces: %s is not installed; pip install '.[telemetry]' in Dépêche's folder", error.name)
        return False
    # OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win over this.
    provider = TracerProvider(resource=Resource.create({"service.name": os.environ.get("OTEL_SERVICE_NAME", service)}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return True


def flush() -> None:
    """Send what is still here, before a process ends in a way that no exit handler sees."""
    if trace is not None:
        getattr(trace.get_tracer_provider(), "force_flush", lambda timeout: True)(FLUSH_MS)


@contextmanager
def submitting(job_id: str, priority: Priority) -> Iterator[dict[str, str]]:
    """The producer's span; yields the headers that carry it to the worker."""
    headers: dict[str, str] = {}
    if trace is None:
        yield headers
        return
    attributes = {"messaging.destination.name": QUEUES[priority], "messaging.message.id": job_id}
    with trace.get_tracer("depeche").start_as_current_span(
        f"submit {TASK_NAME}", kind=trace.SpanKind.PRODUCER, attributes=attributes
    ):
        propagate.inject(headers)
        yield headers


@contextmanager
def running(job_id: str, headers: dict[str, Any]) -> Iterator[None]:
    """The worker's span around one message; the parent is the producer's, whose context the headers carry."""
    if trace is None:
        yield
        return
    carried = {key: value for key, value in headers.items() if isinstance(value, str)}
    with trace.get_tracer("depeche").start_as_current_span(
        f"process {TASK_NAME}",
        context=propagate.extract(carried),
        kind=trace.SpanKind.CONSUMER,
        attributes={"messaging.message.id": job_id},
    ):
        yield


class Spans:
    """An ``Observer`` that writes into the span of :func:`running` how the run ended, and a span for each stage."""

    def claimed(self, claim: Claim) -> None:
        """Nothing."""

    def ended(self, ending: Ending) -> None:
        """Attributes, and the stages as they followed each other."""
        if trace is None:
            return
        span = trace.get_current_span()
        facts = {key: value for key, value in ending.facts().items() if isinstance(value, str | int | float)}
        span.set_attributes({f"depeche.{key}": value for key, value in facts.items()})
        span.set_attribute("depeche.outcome", ending.outcome)
        if ending.error:
            span.set_status(trace.StatusCode.ERROR, ending.error.code)
        if ending.result:
            timings = ending.result.timings_ms
            at = time.time_ns() - timings.total * 1_000_000
            for stage in STAGES:
                child = trace.get_tracer("depeche").start_span(stage, start_time=at)
                at += getattr(timings, stage) * 1_000_000
                child.end(end_time=at)
