"""What a worker does before its first article and after its last."""

from __future__ import annotations

import logging
import time
from typing import Any

from celery import bootsteps

from config.queue import TASK_NAME
from tasks.engines import Engines
from tasks.errors import DepecheError

log = logging.getLogger("depeche.worker")

#: Every stage of an engine runs once on this before the worker says that it is ready.
WARM_UP_SENTENCE = "Le conseil municipal se réunit mardi soir."


class LoadEngines(bootsteps.StartStopStep):
    """Loads and warms up the engines before the consumer connects, so "ready" is true when Celery logs it."""

    # After the pool; Celery starts the consumer last of all.
    requires = ("celery.worker.components:Pool",)

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self._engines: Engines | None = None
        pool = worker.pool_cls.__module__.rpartition(".")[2]
        if pool not in {"thread", "solo"}:
            # Now, as a pool of processes that has been started would have to be stopped again.
            log.critical("the %s pool would load one engine a process: use --pool=threads, and more workers", pool)
            raise SystemExit(2)

    def start(self, worker: Any) -> None:
        """Load, or stop the worker with one line that says what to do.

        Raises:
            SystemExit: the engines cannot be loaded.
        """
        started = time.perf_counter()
        try:
            self._engines = worker.app.tasks[TASK_NAME].load()
            warm_up(self._engines)
        except DepecheError as error:
            log.critical("%s: %s", error.code, error)
            raise SystemExit(1) from None
        models = [engine.info for engine in (self._engines.translator, self._engines.abstractive) if engine]
        names = " and ".join(f"{info.id} on {info.engine} ({info.compute_type})" for info in models)
        log.info("%s loaded in %.1f s", names, time.perf_counter() - started)

    def stop(self, worker: Any) -> None:  # noqa: ARG002  # Celery's signature
        """Free the engines, after the pool has finished its articles."""
        if self._engines is not None:
            self._engines.close()


def warm_up(engines: Engines) -> None:
    """Run each engine once, so that the first article does not pay for lazy loading."""
    engines.detector.detect(WARM_UP_SENTENCE)
    english = engines.translator.translate([WARM_UP_SENTENCE])
    engines.summariser.summarise([english * 6], max_sentences=1)
    if engines.abstractive:
        engines.abstractive.summarise([WARM_UP_SENTENCE], min_tokens=1, max_tokens=8)
