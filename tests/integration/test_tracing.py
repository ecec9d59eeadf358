"""Submit and run of an article are one trace, in memory and over the wire, and nothing is lost at a worker's end."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from celery import Celery
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from config.settings import Settings
from depeche import messages
from depeche.client import Client
from depeche.redis_client import connect
from tests.conftest import Command, StartWorker, wait_until
from worker.ledger import RedisLedger
from worker.models.profiles import load_engines
from worker.run.runner import Runner
from worker.spans import Spans
from worker.task import ProcessArticle

pytestmark = pytest.mark.integration

_exporter = InMemorySpanExporter()


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    """Where this process's spans go. OpenTelemetry takes one provider a process."""
    provider = trace.get_tracer_provider()
    if not isinstance(provider, TracerProvider):
        provider = TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(_exporter))
        trace.set_tracer_provider(provider)
    yield _exporter
    _exporter.clear()


def by_name(exporter: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    """The finished spans, by the first word of their names."""
    return {span.name.split()[0]: span for span in exporter.get_finished_spans()}


def run_message(settings: Settings) -> None:
    """Do in this process what a worker does with a message."""
    with connect(settings.redis_url.get_secret_value()) as raw:
        message = json.loads(str(raw.rpop("articles")))
        runner = Runner(RedisLedger(raw, 60), settings, "here", lambda: load_engines(settings), observers=(Spans(),))
        sender: Any = None
        task = ProcessArticle(runner, sender)
        args, kwargs, _ = messages.content(json.dumps(message))
        with Celery("here", set_as_current=False) as app:
            app.register_task(task)
        task.push_request(**message["headers"])
        task.run(*args, **kwargs)
        task.pop_request()


def test_one_trace(settings: Settings, client: Client, spans: InMemorySpanExporter) -> None:
    """The worker's span is a child of the producer's, and has one for each stage; none holds the text."""
    task_id = client.submit("Le secret est gardé.")
    run_message(settings)
    found = by_name(spans)
    assert set(found) == {"submit", "process", "segment", "translate", "summarise"}
    submit, process = found["submit"], found["process"]
    assert submit.context is not None
    assert process.context is not None
    assert process.parent is not None
    assert process.parent.span_id == submit.context.span_id
    assert {span.context.trace_id for span in found.values() if span.context} == {submit.context.trace_id}
    for stage in ("segment", "translate", "summarise"):
        parent = found[stage].parent
        assert parent is not None
        assert parent.span_id == process.context.span_id
    assert process.attributes is not None
    assert process.attributes["messaging.message.id"] == task_id
    assert process.attributes["depeche.outcome"] == "succeeded"
    assert process.attributes["depeche.sentences"] == 1
    assert "secret" not in "".join(span.to_json() for span in found.values())


def test_a_failed_run(settings: Settings, client: Client, spans: InMemorySpanExporter) -> None:
    """Its span is an error, with the code."""
    client.submit("Le secret est gardé. echo:fail")
    run_message(settings)
    process = by_name(spans)["process"]
    assert process.status.status_code is trace.StatusCode.ERROR
    assert process.attributes is not None
    assert process.attributes["depeche.code"] == "model_unavailable"


@pytest.fixture
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """Takes spans over HTTP, as OpenTelemetry's collector does: its address, and what came."""
    came: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", came
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("grace_s", ["25", "0"], ids=["drained", "handed back"])
def test_spans_are_sent_before_the_worker_ends(
    client: Client, start_worker: StartWorker, depeche: Command, collector: tuple[str, list[bytes]], grace_s: str
) -> None:
    """Of the command and of a worker, also of one that ends without waiting for its threads."""
    address, came = collector
    environment = {"OTEL_EXPORTER_OTLP_ENDPOINT": address, "OTEL_BSP_SCHEDULE_DELAY": "600000"}
    worker = start_worker(DEPECHE_GRACE_S=grace_s, **environment).wait_ready()
    done = depeche("submit", "-", stdin="Le secret est gardé.", **environment)
    client.wait(done.stdout.strip(), timeout_s=40)
    client.submit("Une phrase. echo:sleep=20" if grace_s == "0" else "Une phrase. echo:sleep=1")
    wait_until(lambda: client.stats().running == 1, "in work")
    assert worker.stop() == 0
    sent = b"".join(came)
    assert b"submit depeche.process_article" in sent
    assert b"process depeche.process_article" in sent
    assert b"depeche-worker" in sent
    assert b"secret" not in sent
