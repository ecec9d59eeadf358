"""The helper threads: they renew leases, find lost and stray messages, record progress, and end a hung process."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping

import redis

from depeche.scripts import Scripts
from depeche.strays import gather_strays
from worker.broker.leases import MessageLeases
from worker.janitor import Janitor
from worker.ledger import RedisLedger
from worker.run.attempt import Attempt

log = logging.getLogger("depeche.worker")

#: The largest share of a core that the janitor may take.
JANITOR_SHARE = 0.01
#: The pause between two looks at the jobs in work. It is short enough for somebody who watches or cancels one, and long
#: enough to spare Redis.
RECORD_S = 0.25
#: The exit status of a process whose engine hangs. In sysexits.h it means an internal software error.
HUNG = 70


class Periodically(threading.Thread):
    """Calls a function again and again until it is stopped. An error of the function does not end it.

    Args:
        name: the name of the thread, for the log.
        call: the function.
        pause_s: gets the CPU seconds of the last call, and returns the seconds to wait before the next one.
    """

    def __init__(self, name: str, call: Callable[[], object], pause_s: Callable[[float], float]) -> None:
        super().__init__(name=name, daemon=True)
        self._call = call
        self._pause_s = pause_s
        self._stopped = threading.Event()

    def run(self) -> None:
        """Call the function until :meth:`stop` is called."""
        took_s = 0.0
        while not self._stopped.wait(self._pause_s(took_s)):
            started = time.thread_time()
            try:
                self._call()
            except redis.RedisError as error:
                log.warning("%s: %s", self.name, error)
            except Exception:
                # If this thread ended, every job of the worker would lose its lease. So it goes on.
                log.exception("%s", self.name)
            took_s = time.thread_time() - started

    def ask_to_stop(self) -> None:
        """Have it end after a call in progress."""
        self._stopped.set()

    def stop(self) -> None:
        """End the thread, and wait for a call in progress."""
        self.ask_to_stop()
        if self.is_alive():
            self.join(5)


def lease_keeper(
    ledger: RedisLedger,
    messages: MessageLeases,
    worker: str,
    lease_s: float,
    running: Callable[[], Iterable[str]],
    about: Callable[[], str],
    count: Callable[[str], None],
) -> Periodically:
    """Renews what this worker holds, three times in a lease so that two may fail. It counts ``ok`` or ``failed``.

    With each renewal it says that the worker is alive, and what ``about`` gives.
    """

    def renew() -> None:
        try:
            messages.renew()
            ledger.renew(worker, lease_s, running(), about())
        except redis.RedisError:
            count("failed")
            raise
        count("ok")

    return Periodically("renewing leases", renew, lambda took_s: lease_s / 3)


def janitor_thread(janitor: Janitor, lease_s: float) -> Periodically:
    """Looks for lost jobs, as often as their cost allows."""
    period_s = min(5.0, lease_s / 4)
    return Periodically("looking for lost jobs", janitor.clean, lambda took_s: max(period_s, took_s / JANITOR_SHARE))


def stray_gatherer(scripts: Scripts, lease_s: float) -> Periodically:
    """Puts messages with Celery's own priorities on the queues; says once what keeps it from doing so."""
    told: set[str] = set()

    def gather() -> None:
        try:
            moved, fault = gather_strays(scripts)
        except redis.ResponseError as error:
            moved, fault = 0, str(error)
        if moved:
            log.info("%d messages with a Celery priority were put on their queues", moved)
        if fault and fault not in told:
            told.add(fault)
            log.warning("messages with a Celery priority cannot be taken: %s", fault)

    return Periodically("taking in messages with a Celery priority", gather, lambda took_s: min(5.0, lease_s / 4))


def recorder(attempts: Mapping[str, Attempt], flush: Callable[[], object] = lambda: None) -> Periodically:
    """Records the progress of the jobs, and lets each of them know if it was cancelled or lost.

    ``flush`` stores what the cache of sentences has not stored yet; it never fails.
    """

    def record() -> None:
        flush()
        for attempt in list(attempts.values()):
            attempt.record()

    return Periodically("recording progress", record, lambda took_s: RECORD_S)


def watchdog(attempts: Mapping[str, Attempt], timeout_s: float) -> Periodically:
    """Ends the process when an engine gives no sign of life for too long, as nothing else ends a thread that hangs."""

    def watch() -> None:
        now = time.monotonic()
        for attempt in list(attempts.values()):
            sign = attempt.last_sign
            if sign is not None and now - sign > timeout_s:
                log.critical(
                    "job %s: its engine has given no sign of life for %.0f s (DEPECHE_BATCH_TIMEOUT_S); this process "
                    "ends, and its jobs start elsewhere",
                    *(attempt.task_id, now - sign),
                )
                logging.shutdown()
                os._exit(HUNG)

    return Periodically("watching the engines", watch, lambda took_s: min(1.0, timeout_s / 4))
