"""The only place where the parts are put together: settings, job records, engines and task become one Celery app."""

from __future__ import annotations

import os
import secrets
import socket
from functools import cached_property
from typing import Any

from celery import Celery, signals

from config.logs import configure_logging
from config.queue import MESSAGE_MARGIN_S, celery_options, sending_options
from config.settings import Settings, callback_tasks, load_settings, unknown_variables
from depeche.redis_client import connect
from depeche.tracing import set_up
from worker.about import SelfReport
from worker.broker.connection import LeasedAMQP
from worker.broker.control import keep_revokes
from worker.broker.inspection import Inspector
from worker.broker.leases import MessageLeases
from worker.broker.request import Processing
from worker.broker.transport import parse_with
from worker.cache import RedisSentenceCache
from worker.callbacks import CallbackSender
from worker.health import Health, Pulse
from worker.ledger import RedisLedger
from worker.lifecycle import Drain, KeepLeases, LoadEngines, Parts, ServeStatus, Worker, log, running
from worker.metrics import Backlog, Metrics
from worker.models.profiles import load_engines
from worker.run.observers import JobLog
from worker.run.runner import Runner
from worker.spans import Spans


class WorkerApp(Celery):
    """Celery's app with the parts that our bootsteps need. Celery makes the bootsteps, so they look for them here."""

    parts: Parts

    @cached_property
    def Worker(self) -> Any:  # noqa: N802  # Celery's name
        """The class of the worker. Celery's command and ours both start it."""
        return self.subclass_with_self(Worker)


def create_app(settings: Settings | None = None) -> Celery:
    """The worker's Celery app.

    Args:
        settings: the worker's settings. By default they are read from the environment.

    Raises:
        SettingsError: a ``DEPECHE_`` variable cannot be used.
    """
    settings = settings or load_settings()
    set_up("depeche-worker")
    client = connect(settings.redis_url.get_secret_value())
    messages = MessageLeases(
        client, timeout_s=settings.lease_s + MESSAGE_MARGIN_S, settle_s=settings.lease_s / 3 + MESSAGE_MARGIN_S
    )
    # When somebody listens to this signal, Celery does not replace our configuration of the log by its own.
    signals.setup_logging.connect(lambda **_: _setup_logging(settings), weak=False)
    ledger = RedisLedger(client, settings.result_ttl_s, settings.max_events)
    worker = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"
    cache = RedisSentenceCache(client, max_sentences=settings.cache_sentences, ttl_s=settings.cache_ttl_s)
    kept = cache if settings.cache_sentences else None
    metrics, health = Metrics(settings), Health(client)
    inspector = Inspector(
        ledger,
        settings.max_article_chars,
        lambda reason: metrics.refused.labels(reason).inc(),
        callback_tasks(settings),
    )
    parse_with(inspector)
    keep_revokes(ledger, settings.result_ttl_s)
    options = celery_options(settings)
    options["broker_transport_options"] |= {"leases": messages, "inspector": inspector}
    app = WorkerApp("depeche", amqp=LeasedAMQP, config_source=options)
    metrics.registry.register(Backlog(client, ledger))
    metrics.ready.set_function(lambda: float(not health.unready()))
    about = SelfReport()
    observers = (JobLog(), metrics, Spans(), about)
    runner = Runner(ledger, settings, worker, lambda: metrics.measured(load_engines(settings)), kept, observers)
    metrics.in_work.set_function(lambda: len(running(runner)))
    others = Celery("depeche-callbacks", config_source=sending_options(settings), set_as_current=False)
    sender = CallbackSender(others, ledger, settings.lease_s)
    app.register_task(Processing(runner, sender, messages))
    app.parts = Parts(settings, client, ledger, messages, worker, metrics, health, runner, about, cache.flush)
    app.steps["worker"].update([ServeStatus, LoadEngines, KeepLeases, Drain])
    app.steps["consumer"].add(Pulse)
    return app


def _setup_logging(settings: Settings) -> None:
    configure_logging(settings.log_format)
    for line in unknown_variables(os.environ):
        log.warning(line)
