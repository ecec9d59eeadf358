"""One run of a schedule: real processes, real faults, and the history of all of it."""

from __future__ import annotations

import shutil
import sys
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import redis

from benchmarks.torture.aof import Record, files_of, transactions
from benchmarks.torture.articles import by_hand
from benchmarks.torture.checker import PACE, check
from benchmarks.torture.collect import calls, job_ids, leavings, unsettled
from benchmarks.torture.faults import STOP_S, Faults, in_threads
from benchmarks.torture.history import History
from benchmarks.torture.moments import Violation
from benchmarks.torture.schedule import Schedule
from benchmarks.torture.world import World
from depeche.queue import QUEUES
from tests.conftest import wait_until

#: How long workers may take to start, and producers to come to the end of their steps after the last one's time.
START_S, PRODUCERS_S = 60, 120
#: How long each article of a measurement takes at least, and how long the measurement lasts.
SLEEP_S, WINDOW_S = 0.1, 2.0
#: So many have been taken before it begins.
MEASURED_FROM = 10
#: A busy machine may be slow once, and a worker that stays slow is slow each time.
MEASUREMENTS = 3


@dataclass(frozen=True)
class Means:
    """What a run needs besides the schedule.

    Attributes:
        binary: another redis-server than the packaged one.
        faketime: libfaketime, for a server whose clock can be put forward and back; None where there is none.
        settle_s: after the last fault, all must come to its end, and never stand still for so long.
    """

    binary: str | None = None
    faketime: Path | None = None
    settle_s: float = 90


@dataclass(frozen=True)
class Outcome:
    """What came of a run.

    Attributes:
        history: all of it.
        violations: the promises that were not kept.
        folder: where logs and history are.
        took_s: seconds from the first worker's start to the end.
    """

    history: History
    violations: list[Violation]
    folder: Path
    took_s: float


def run(schedule: Schedule, folder: Path, means: Means) -> Outcome:
    """Carry out a schedule, and check what came of it. What was in the folder is deleted."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    # An absolute path, as Redis has a working folder of its own.
    folder = folder.resolve()
    schedule.write(folder / "schedule.jsonl")
    began = time.monotonic()
    clock = folder / "clock"
    clock.write_text("+0\n")
    environment = {
        "LD_PRELOAD": str(means.faketime),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_CACHE_DURATION": "1",
        # What Redis itself waits for goes by the other clock, as on a real host.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    with World(schedule, folder, binary=means.binary, environment=environment if means.faketime else None) as world:
        history = _Run(schedule, folder, world, Faults(world, clock if means.faketime else None), means).carry_out()
    history = replace(history, lives=world.lives())
    history.write(folder)
    violations = check(history)
    if not violations:
        shutil.rmtree(world.data)
    return Outcome(history, violations, folder, time.monotonic() - began)


class _Run:
    def __init__(self, schedule: Schedule, folder: Path, world: World, faults: Faults, means: Means) -> None:
        self._schedule, self._folder, self._world, self._faults = schedule, folder, world, faults
        self._settle_s = means.settle_s

    def carry_out(self) -> History:
        world, schedule = self._world, self._schedule
        for worker in world.workers:
            wait_until(worker.is_ready, "workers are ready", START_S)
        before = self._best_pace(self._schedule.workers * self._schedule.concurrency / SLEEP_S)
        with world.raw() as raw:
            strangers = job_ids(raw)
        started = time.monotonic()
        over = threading.Event()
        keeper = threading.Thread(target=self._keep_workers, args=[over])
        keeper.start()
        try:
            world.start_producers(self._folder / "schedule.jsonl", started)
            in_threads(schedule.faults(), started, self._faults.carry_out)
            self._settle()
        finally:
            over.set()
            keeper.join()
        with world.raw() as raw:
            left = leavings(raw, strangers)
        record = Record(transactions(files_of(world.data)))
        for worker in world.workers:
            wait_until(worker.is_ready, "workers are ready again", START_S)
        after = self._best_pace(before)
        if after < PACE * before:
            # The machine itself may have become slower: new workers show how fast it is now.
            before = min(before, self._pace_of_new_workers(before))
        journals = [world.journal(place) for place in range(schedule.producers)]
        return History(
            schedule,
            sorted(calls(journals), key=lambda call: call.step),
            [moment for moment in record.moments if moment.task_id not in strangers],
            [settled for settled in record.settled if settled.task_id not in strangers],
            faults=self._faults.befallen,
            left=replace(left, before=before, after=after, vanished=record.vanished),
        )

    def _best_pace(self, expected: float) -> float:
        best = 0.0
        for _ in range(MEASUREMENTS):
            best = max(best, self._pace())
            if best >= PACE * expected:
                break
        return best

    def _pace_of_new_workers(self, expected: float) -> float:
        for worker in self._world.workers:
            worker.stop(STOP_S, twice=False)
            worker.start()
        for worker in self._world.workers:
            wait_until(worker.is_ready, "workers are ready once more", START_S)
        return self._best_pace(expected)

    def _pace(self) -> float:
        """Articles a second, of which each sleeps, so that it is the workers' pace and not that of a busy machine."""
        queue, ids = QUEUES["normal"], [str(uuid.uuid4()) for _ in range(self._articles())]
        texts = [f"Une mesure, numéro {task_id}. echo:sleep={SLEEP_S}" for task_id in ids]
        messages = [by_hand(task_id, "", "plain", text, "normal") for task_id, text in zip(ids, texts, strict=True)]
        with self._world.raw() as raw:
            # All at once, as a worker that has to wait for articles is as slow as their sender.
            raw.lpush(queue, *messages)
            wait_until(lambda: raw.llen(queue) < len(messages) - MEASURED_FROM, "they are being taken", START_S)
            started, before = time.monotonic(), int(raw.llen(queue))
            time.sleep(WINDOW_S)
            rate = (before - int(raw.llen(queue))) / (time.monotonic() - started)
            raw.delete(queue)
            wait_until(lambda: not unsettled(raw), "the last ones have ended", START_S)
        return rate

    def _articles(self) -> int:
        """More than the workers can do in the window."""
        return round(2 * self._schedule.workers * self._schedule.concurrency * WINDOW_S / SLEEP_S)

    def _keep_workers(self, over: threading.Event) -> None:
        while not over.wait(0.2):
            for worker in self._world.workers:
                worker.revive()

    def _settle(self) -> None:
        """Until the producers have ended, and then until nothing waits any more, or it has not become less for long."""
        with suppress(AssertionError):
            wait_until(self._producers_have_ended, "producers end", PRODUCERS_S)
        quiet, least = 0, sys.maxsize
        ends_at = time.monotonic() + self._settle_s
        with self._world.raw() as raw:
            # Several times, as a message may be between its queue and its worker.
            while quiet < 3 and time.monotonic() < ends_at:
                with suppress(redis.RedisError):
                    left = unsettled(raw)
                    quiet = 0 if left else quiet + 1
                    if left < least:
                        least, ends_at = left, time.monotonic() + self._settle_s
                time.sleep(0.5)

    def _producers_have_ended(self) -> bool:
        return all(producer.status() is not None for producer in self._world.producers)
