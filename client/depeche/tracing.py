"""Traces by OpenTelemetry, if the extra ``telemetry`` is installed. A submit and the worker's run are one trace.

The context travels in the headers of the message, as W3C's ``traceparent``. OpenTelemetry's own variables say where the
spans go, above all ``OTEL_EXPORTER_OTLP_ENDPOINT``. Without this variable, or without the extra, nothing is recorded.
No span holds the text of an article.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import Any

from depeche.queue import QUEUES, TASK_NAME, Priority

log = logging.getLogger(__name__)

#: The name under which OpenTelemetry knows the spans of this project.
TRACER = "depeche"

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


@cache
def api() -> tuple[ModuleType, ModuleType] | None:
    """OpenTelemetry's modules ``trace`` and ``propagate``, or None if they are not installed."""
    # They are imported for the first span, so that programs without spans do not pay for them.
    try:
        from opentelemetry import propagate, trace
    except ImportError:
        return None
    return trace, propagate


def set_up(service: str) -> bool:
    """Have the spans of this process sent to where the environment says.

    A process that has a tracer provider of its own keeps it.

    Returns:
        False if the environment says nothing, or the extra is not installed.
    """
    if not any(os.environ.get(name) for name in _ENDPOINTS):
        return False
    try:
        from opentelemetry import trace
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        log.warning(
            "no traces are sent, as %s is not installed: run pip install './client[telemetry]' in Dépêche's folder",
            error.name,
        )
        return False
    # OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES are preferred to this.
    provider = TracerProvider(resource=Resource.create({"service.name": os.environ.get("OTEL_SERVICE_NAME", service)}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return True


@contextmanager
def submitting(task_id: str, priority: Priority) -> Iterator[dict[str, str]]:
    """The producer's span around a submit. The block gets the headers that carry it to the worker."""
    headers: dict[str, str] = {}
    if (found := api()) is None:
        yield headers
        return
    trace, propagate = found
    attributes = {"messaging.destination.name": QUEUES[priority], "messaging.message.id": task_id}
    with trace.get_tracer(TRACER).start_as_current_span(
        f"submit {TASK_NAME}", kind=trace.SpanKind.PRODUCER, attributes=attributes
    ):
        propagate.inject(headers)
        yield headers


class ChunkSpan:
    """The producer's span around many submits that go to Redis together. They are all in its trace.

    It is not the current span, as the producer's own code runs while it is open.

    Attributes:
        headers: carry it to the workers.
    """

    def __init__(self, priority: Priority) -> None:
        self.headers: dict[str, str] = {}
        self._span: Any = None
        if (found := api()) is None:
            return
        trace, propagate = found
        self._span = trace.get_tracer(TRACER).start_span(
            f"submit {TASK_NAME}",
            kind=trace.SpanKind.PRODUCER,
            attributes={"messaging.destination.name": QUEUES[priority]},
        )
        propagate.inject(self.headers, trace.set_span_in_context(self._span))

    def end(self, count: int) -> None:
        """So many articles were sent."""
        if self._span is not None:
            self._span.set_attribute("messaging.batch.message_count", count)
            self._span.end()
