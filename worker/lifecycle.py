"""What a worker does before its first article, next to its articles, and after its last."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import redis
from celery import bootsteps, signals
from celery.apps import worker as celerys
from celery.utils.nodenames import default_nodename
from celery.worker import state

from config.settings import Settings
from depeche.errors import DepecheError
from depeche.scripts import Scripts
from tasks.engines import Engines
from worker import spans
from worker.about import SelfReport
from worker.broker.in_work import requests_in_work
from worker.broker.leases import MessageLeases
from worker.health import Health, StatusServer, serve
from worker.janitor import Janitor
from worker.ledger import RedisLedger
from worker.metrics import Metrics
from worker.models.host import resident_bytes
from worker.models.profiles import verify_models
from worker.readiness import check_redis, warm_up
from worker.run.runner import Runner
from worker.signals import end_at_latest, handle_stop
from worker.threads import Periodically, janitor_thread, lease_keeper, recorder, stray_gatherer, watchdog

log = logging.getLogger("depeche.worker")

#: How long a batch in work may still take after its article was handed back. Then the process ends without it.
LAST_BATCH_S = 5.0

#: How long leases, election and connections may be given up at the end. Where Redis is away they end by themselves.
FAREWELL_S = 3.0


@dataclass(frozen=True)
class Parts:
    """The parts that the bootsteps find at ``app.parts``.

    Attributes:
        settings: this worker's settings.
        client: the connection to Redis that everything except Celery uses.
        ledger: the record of all jobs.
        messages: the messages that this process has taken off the queue.
        worker: this worker's name.
        metrics: what this worker counts.
        health: what this worker knows about itself.
        runner: runs the jobs of this process.
        about: what this worker tells operators of itself.
        flush_cache: stores what the cache of sentences has not stored yet.
    """

    settings: Settings
    client: redis.Redis
    ledger: RedisLedger
    messages: MessageLeases
    worker: str
    metrics: Metrics
    health: Health
    runner: Runner
    about: SelfReport
    flush_cache: Callable[[], object]


class Worker(celerys.Worker):
    """Celery's worker, except that SIGTERM and SIGINT end it at once, with exit status 0, while it starts.

    With Celery's own handlers it would load the engines first, a second SIGTERM would do nothing, and the exit status
    after SIGINT would be 1.

    Args:
        app: the worker's app.
        hostname: its name for Celery's events and remote control. By default a unique one, as all workers of a host
            would share Celery's own, celery@HOST.
    """

    def __init__(self, app: Any = None, hostname: str | None = None, **options: Any) -> None:
        # Celery's command fills in its own default by itself.
        if hostname in {None, default_nodename("")}:
            host, process, token = (app or self.app).parts.worker.rsplit(":", 2)
            hostname = f"{process}-{token}@{host}"
        super().__init__(app, hostname, **options)

    def install_platform_tweaks(self, worker: Any) -> None:
        """Install Celery's signal handlers, and then our own for SIGTERM and SIGINT in place of Celery's."""
        super().install_platform_tweaks(worker)
        handle_stop(_leave)
        if state.should_stop is not None:
            # A signal came to Celery's handlers just before ours were installed.
            raise SystemExit(os.EX_OK)


class ServeStatus(bootsteps.StartStopStep):
    """Serves metrics and health over HTTP, from before the models are loaded until the end."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self._server: StatusServer | None = None

    def start(self, worker: Any) -> None:
        """Begin to serve."""
        parts: Parts = worker.app.parts
        self._server = serve(parts.settings, parts.metrics.registry, parts.health)

    def stop(self, worker: Any) -> None:  # noqa: ARG002  # Celery's signature
        """Stop serving."""
        if self._server is not None:
            self._server.close()


class LoadEngines(bootsteps.StartStopStep):
    """Loads and warms up the engines before the consumer connects. So it is true when Celery logs "ready"."""

    # ServeStatus comes after the pool. Celery starts the consumer after all other steps.
    requires = (ServeStatus,)

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self._engines: Engines | None = None
        self._forks = worker.pool_cls.__module__.rpartition(".")[2] == "prefork"
        if self._forks:
            # Engines and threads do not survive a fork, so each child process loads its own.
            signals.worker_process_init.connect(lambda **_: _begin_child(worker.app.parts), weak=False)

    def start(self, worker: Any) -> None:
        """Load the engines, or stop the worker with one line of log that says what to do.

        Raises:
            SystemExit: the engines cannot be loaded, or Redis can never be used.
        """
        started = time.perf_counter()
        parts: Parts = worker.app.parts
        check_redis(parts.client, parts.settings.redis_url.get_secret_value())
        try:
            if self._forks:
                for line in verify_models(parts.settings):
                    log.info(line)
                log.warning("the metrics show only what is in Redis, as each process of the pool counts for itself")
                parts.health.loaded.set()
                return
            before = resident_bytes()
            self._engines = parts.runner.load()
            warm_up(self._engines)
            parts.about.loaded(self._engines)
            parts.metrics.engine_memory.set(resident_bytes() - before)
            parts.health.loaded.set()
        except DepecheError as error:
            log.critical("%s: %s", error.code, error)
            raise SystemExit(1) from None
        models = [engine.info for engine in (self._engines.translator, self._engines.abstractive) if engine]
        names = " and ".join(f"{info.id} on {info.engine} ({info.compute_type})" for info in models)
        log.info("%s loaded in %.1f s", names, time.perf_counter() - started)

    def stop(self, worker: Any) -> None:  # noqa: ARG002  # Celery's signature
        """Free the engines. The pool has finished its articles before."""
        if self._engines is not None:
            self._engines.close()


class KeepLeases(bootsteps.StartStopStep):
    """Renews this worker's leases, does the janitor's work if this worker is elected, and watches the engines."""

    requires = (LoadEngines,)

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        parts: Parts = worker.app.parts
        lease_s, runner = parts.settings.lease_s, parts.runner
        self._janitor = Janitor(
            parts.client,
            parts.ledger,
            lease_s=lease_s,
            tell=lambda reason, count: parts.metrics.janitor.labels(reason).inc(count),
            tell_aside=lambda what, count: parts.metrics.set_aside.labels(what).inc(count),
        )
        self._threads: list[Periodically] = [
            lease_keeper(
                parts.ledger,
                parts.messages,
                parts.worker,
                lease_s,
                lambda: running(runner),
                lambda: parts.about.text,
                lambda outcome: parts.metrics.renewals.labels(outcome).inc(),
            ),
            janitor_thread(self._janitor, lease_s),
            stray_gatherer(Scripts(parts.client), lease_s),
            recorder(runner.attempts, parts.flush_cache),
            watchdog(runner.attempts, parts.settings.batch_timeout_s),
        ]

    def start(self, worker: Any) -> None:
        """Announce this worker in Redis, and start the threads."""
        parts: Parts = worker.app.parts
        try:
            parts.ledger.renew(parts.worker, parts.settings.lease_s, [], parts.about.text)
        except redis.RedisError as error:
            log.warning("Redis does not answer yet: %s", error)
        for thread in self._threads:
            thread.start()
        parts.health.threads += self._threads

    def stop(self, worker: Any) -> None:
        """End the threads after the last article, and let another worker be the janitor."""
        for thread in self._threads:
            thread.ask_to_stop()
        for thread in self._threads:
            thread.stop()
        try:
            # Messages that were taken when Redis went away are recorded now, if that has not been done yet.
            worker.app.parts.messages.renew()
            self._janitor.resign()
            worker.app.parts.ledger.retire(worker.app.parts.worker)
            # Last, as it waits long where Redis is away, and the others have said so by then.
            worker.app.parts.flush_cache()
        except redis.RedisError as error:
            log.warning("Redis is away at the end: %s", error)


class Drain(bootsteps.StartStopStep):
    """Lets the articles in work finish when a signal stops the worker, and hands back those that take too long.

    SIGTERM and SIGINT mean the same. A second one hands everything back at once. The exit status is 0.
    """

    # This step stops after the consumer, which then takes no more messages, and before the leases end.
    requires = (KeepLeases,)

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        parts: Parts = worker.app.parts
        self._runner = parts.runner
        self._health = parts.health
        self._hurry = False
        self._grace_ends_at: float | None = None
        # What is asked of Redis at the end may find one that does not answer, and each question takes its time then.
        self._grace_s = parts.settings.grace_s
        self._ends_within_s = self._grace_s + LAST_BATCH_S + FAREWELL_S

    def start(self, worker: Any) -> None:  # noqa: ARG002  # Celery's signature
        """Take over the signals. There may be articles in work now, so a signal must not end the worker at once."""
        handle_stop(self._on_signal)

    def stop(self, worker: Any) -> None:
        """Wait for the articles in work, but no longer than the grace time."""
        self._runner.stop()
        if jobs := running(self._runner):
            log.info("stopping: %d articles in work may finish", len(jobs))
        # Counted from the signal on, as Celery may have needed some of the time to close a connection that was lost.
        ends_at = self._grace_ends_at or time.monotonic() + worker.app.parts.settings.grace_s
        while running(self._runner) and time.monotonic() < ends_at and not self._hurry:
            time.sleep(0.02)
        if not running(self._runner):
            return
        given_back = self._hand_back()
        ends_at = time.monotonic() + LAST_BATCH_S
        while running(self._runner) and time.monotonic() < ends_at:
            time.sleep(0.02)
        if self._runner.attempts:
            # A thread in a long batch cannot be stopped, and the process would wait for it. Its job was handed back, so
            # another worker has it now.
            log.warning("%d batches are still in work, and the process ends without them", len(self._runner.attempts))
            for request in requests_in_work():
                # Of what was handed back there is a new message. All other messages still stand for their jobs.
                request.acknowledge() if request.id in given_back else request.let_go()
            worker.consumer.shutdown()
            try:
                # What was let go before anybody recorded it comes again only if it is recorded now.
                worker.app.parts.messages.renew()
            except redis.RedisError as error:
                log.warning("Redis is away at the end: %s", error)
            spans.flush()
            logging.shutdown()
            os._exit(0)

    def _on_signal(self, number: int, frame: object) -> None:  # noqa: ARG002  # the signal module's signature
        if state.should_stop is not None:
            self._hurry = True
        self._health.stopping.set()
        if self._grace_ends_at is None:
            self._grace_ends_at = time.monotonic() + self._grace_s
        end_at_latest(self._ends_within_s, self._say_what_is_left)
        state.should_stop = os.EX_OK  # type: ignore[assignment]  # the stubs know its first value alone

    def _say_what_is_left(self) -> None:
        log.warning("the time to stop is over, and Redis does not answer: the process ends")
        for task_id in running(self._runner):
            log.warning("job %s could not be handed back, but its lease ends by itself", task_id)

    def _hand_back(self) -> set[str]:
        """Hand back what is in work. Returns the ids of the jobs of which there is a new message now."""
        self._runner.abandon()
        given_back = set[str]()
        for task_id in running(self._runner):
            try:
                if self._runner.hand_back(task_id):
                    given_back.add(task_id)
            except redis.RedisError as error:
                log.warning("job %s could not be handed back, but its lease ends by itself: %s", task_id, error)
        return given_back


def running(runner: Runner) -> list[str]:
    """The ids of the jobs in work: in this process and, with a pool of processes, in its children."""
    children = [request.id for request in requests_in_work()]
    return list({*runner.attempts, *children})


def _leave(number: int, frame: object) -> None:  # noqa: ARG001  # the signal module's signature
    # Whoever is writing files removes them when it gets this exception. If a library catches the exception, the flag
    # ends the worker as soon as it has loaded its engines.
    state.should_stop = os.EX_OK  # type: ignore[assignment]  # the stubs know its first value alone
    end_at_latest(FAREWELL_S)
    raise SystemExit(os.EX_OK)


def _begin_child(parts: Parts) -> None:
    runner = parts.runner
    warm_up(runner.load())
    recorder(runner.attempts, parts.flush_cache).start()
    watchdog(runner.attempts, parts.settings.batch_timeout_s).start()
