"""The only wiring: settings, job records, engines and the task become one Celery app."""

from __future__ import annotations

import os

from celery import Celery, signals

from config.logs import configure_logging
from config.queue import celery_options
from config.settings import Settings, load_settings, unknown_variables
from tasks.jobs import Jobs, connect
from tasks.process_article import ProcessArticle
from worker import transport
from worker.lifecycle import LoadEngines, log
from worker.models import load_engines


def create_app(settings: Settings | None = None) -> Celery:
    """The worker's Celery app.

    Args:
        settings: by default read from the environment.

    Raises:
        SettingsError: a ``DEPECHE_`` variable cannot be used.
    """
    settings = settings or load_settings()
    transport.install()
    # Connected, so that Celery does not put a configuration of its own in place of ours.
    signals.setup_logging.connect(_setup_logging, weak=False)
    app = Celery("depeche", config_source=celery_options(settings))
    jobs = Jobs(connect(settings.redis_url.get_secret_value()), settings.result_ttl_s)
    app.register_task(ProcessArticle(jobs, settings.max_article_chars, lambda: load_engines(settings)))
    app.steps["worker"].add(LoadEngines)
    return app


def _setup_logging(**_: object) -> None:
    configure_logging()
    for line in unknown_variables(os.environ):
        log.warning(line)
