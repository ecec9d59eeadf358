"""Kills workers and Redis under load, and counts what is lost, stuck, wrong or done twice.

    python -m benchmarks.chaos --jobs 5000 --kills 100 --redis-kills 5

Real workers with the echo profile and one real Redis, append-only. A seeded schedule of SIGKILL, SIGSTOP and SIGCONT,
and SIGTERM, while producers keep the queue full. At the end every accepted article must have one result, the right one.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import redis

from config.settings import load_settings
from depeche.article import JobState
from depeche.client import Client
from depeche.errors import DepecheError, RedisUnavailable
from worker.embedded_redis import EmbeddedRedis

#: Of the broker, and so without a time to live.
BROKERS_OWN = {"articles", "articles.high", "articles.low", "unacked", "unacked_index", "unacked_mutex"}


@dataclass(frozen=True)
class Plan:
    """What to do: counts of jobs and of events, the jobs' lengths in ms, seconds of a lease and between events."""

    jobs: int = 5000
    kills: int = 100
    redis_kills: int = 5
    pauses: int = 5
    stops: int = 10
    workers: int = 4
    lease_s: int = 3
    gap_s: float = 1.5
    sleeps_ms: tuple[int, ...] = (0, 50, 500)
    seed: int = 1
    settle_s: float = 180


@dataclass
class Report:
    """What came of it.

    Attributes:
        states: how many jobs are in each state.
        wrong: ids whose result is not theirs.
        runs: how many jobs were started how often.
        stop_s: seconds from each SIGTERM to the end; ``stop_statuses`` the exit statuses.
        forever: keys without a time to live; ``held``: messages that nobody will acknowledge.
    """

    states: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    runs: Counter[int] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    stop_s: list[float] = field(default_factory=list)
    stop_statuses: Counter[int] = field(default_factory=Counter)
    forever: list[str] = field(default_factory=list)
    held: int = 0
    took_s: float = 0
    logs: str = ""

    @property
    def is_clean(self) -> bool:
        """Whether every article succeeded, with the right result, and nothing is left over."""
        return set(self.states) == {"succeeded"} and not (self.wrong or self.forever or self.held)

    def lines(self) -> list[str]:
        """For a person."""
        jobs = sum(self.states.values())
        doubled = sum(count * (runs - 1) for runs, count in self.runs.items() if runs > 1)
        return [
            f"{jobs} jobs in {self.took_s:.0f} s ({jobs / self.took_s:.0f} a second), events: {dict(self.events)}",
            f"lost {self.states['unknown']}, stuck {self.states['queued'] + self.states['running']}, "
            f"wrong {len(self.wrong)}, states {dict(self.states)}",
            f"duplicate runs {doubled}; jobs by runs {dict(sorted(self.runs.items()))}",
            f"SIGTERM to exit: {max(self.stop_s, default=0):.1f} s at most, statuses {dict(self.stop_statuses)}",
            f"left over: {self.held} held messages, keys for ever {self.forever[:5]}; logs {self.logs}",
        ]


class Chaos:
    """One run; use :func:`run_chaos`."""

    def __init__(self, plan: Plan, server: EmbeddedRedis, folder: Path) -> None:
        self.plan = plan
        self.report = Report()
        self._server = server
        self._folder = folder
        self._random = random.Random(plan.seed)
        self._workers: list[subprocess.Popen[bytes]] = []
        self._started = 0
        self._ids: dict[str, int] = {}
        self._sent = threading.Event()

    def run(self) -> Report:
        """Submit and break, wait for the end, and count."""
        started = time.monotonic()
        try:
            for _ in range(self.plan.workers):
                self._start_worker()
            producers = [threading.Thread(target=self._produce, args=[part], daemon=True) for part in range(4)]
            for producer in producers:
                producer.start()
            for event in self._schedule():
                time.sleep(self.plan.gap_s * self._random.uniform(0.5, 1.5))
                self.report.events[event] += 1
                getattr(self, f"_{event}")()
            for producer in producers:
                producer.join()
            self._settle()
            self.report.took_s = time.monotonic() - started
            self._count()
        finally:
            for worker in self._workers:
                worker.kill()
                worker.wait()
        return self.report

    def _schedule(self) -> list[str]:
        plan = self.plan
        events = ["kill"] * plan.kills + ["redis_kill"] * plan.redis_kills
        events += ["pause"] * plan.pauses + ["stop"] * plan.stops
        self._random.shuffle(events)
        return events

    def _start_worker(self) -> None:
        environment = os.environ | {
            "DEPECHE_REDIS_URL": self._server.url,
            "DEPECHE_PROFILE": "echo",
            "DEPECHE_LEASE_S": str(self.plan.lease_s),
            # Kills come at random here, and would bury innocents.
            "DEPECHE_MAX_ATTEMPTS": "100",
            "DEPECHE_CONCURRENCY": "4",
            "DEPECHE_GRACE_S": "10",
        }
        self._started += 1
        with (self._folder / f"worker{self._started}.log").open("wb") as log:
            command = [sys.executable, "-m", "worker", "run"]
            self._workers.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log))

    def _take_worker(self) -> subprocess.Popen[bytes]:
        return self._workers.pop(self._random.randrange(len(self._workers)))

    def _kill(self) -> None:
        worker = self._take_worker()
        worker.kill()
        worker.wait()
        self._start_worker()

    def _stop(self) -> None:
        worker = self._take_worker()
        started = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        try:
            self.report.stop_statuses[worker.wait(60)] += 1
        except subprocess.TimeoutExpired:
            self.report.stop_statuses[-1] += 1
            worker.kill()
        self.report.stop_s.append(time.monotonic() - started)
        self._start_worker()

    def _pause(self) -> None:
        worker = self._workers[self._random.randrange(len(self._workers))]
        worker.send_signal(signal.SIGSTOP)
        time.sleep(self.plan.lease_s * self._random.uniform(1.2, 2))
        worker.send_signal(signal.SIGCONT)

    def _redis_kill(self) -> None:
        self._server.kill()
        time.sleep(self._random.uniform(0.2, 2))
        self._server.start()

    def _produce(self, part: int) -> None:
        with Client(load_settings(redis_url=self._server.url, max_queue_length=200)) as client:
            for number in range(part, self.plan.jobs, 4):
                self._submit(client, number)

    def _submit(self, client: Client, number: int) -> None:
        while True:
            try:
                # With a key, as a submit whose answer was lost must not queue the article twice.
                key = f"chaos-{self.plan.seed}-{number}"
                self._ids[client.submit(self._text(number), key=key)] = number
                return
            except DepecheError:
                # Full, as it should be, or away.
                time.sleep(0.05)

    def _text(self, number: int) -> str:
        sleep_ms = self.plan.sleeps_ms[number % len(self.plan.sleeps_ms)]
        return f"Article numéro {number} echo:sleep={sleep_ms / 1000}"

    def _settle(self) -> None:
        """Until all have ended and nothing is held, or the time is up."""
        ends_at = time.monotonic() + self.plan.settle_s
        with Client(load_settings(redis_url=self._server.url)) as client, self._raw() as raw:
            while time.monotonic() < ends_at:
                try:
                    stats = client.stats()
                    busy = sum(stats.queued.values()) + stats.running + stats.delayed + raw.hlen("unacked")
                    if not busy and all(client.status(task_id).state.terminal for task_id in self._ids):
                        return
                except RedisUnavailable:
                    pass
                time.sleep(0.2)

    def _count(self) -> None:
        report = self.report
        with Client(load_settings(redis_url=self._server.url)) as client, self._raw() as raw:
            for task_id, number in self._ids.items():
                state = client.status(task_id).state
                report.states[str(state)] += 1
                report.runs[int(str(raw.hget(f"depeche:job:{task_id}", "run") or 0))] += 1
                if state is JobState.SUCCEEDED:
                    result = client.result(task_id)
                    if (result.id, result.text_en) != (task_id, f"[fr→en] {self._text(number)}"):
                        report.wrong.append(task_id)
            report.held = int(raw.hlen("unacked"))
            keys = [str(key) for key in raw.scan_iter(count=1000)]
            others = [key for key in keys if key not in BROKERS_OWN and not key.startswith("_kombu.")]
            report.forever = [key for key in others if raw.ttl(key) == -1]

    def _raw(self) -> redis.Redis:
        return redis.Redis.from_url(self._server.url, decode_responses=True)


def run_chaos(plan: Plan) -> Report:
    """Run a plan. The workers' logs are kept where the report is not clean."""
    folder = Path(tempfile.mkdtemp(prefix="depeche-chaos-"))
    with EmbeddedRedis(fsync="always") as server:
        report = Chaos(plan, server, folder).run()
    if report.is_clean:
        shutil.rmtree(folder)
    else:
        report.logs = str(folder)
    return report


def main() -> None:
    """Run a plan given by options, print the report; exit status 1 where it is not clean."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("jobs", "kills", "redis-kills", "pauses", "stops", "workers", "lease-s", "seed"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Plan, name.replace("-", "_")))
    parser.add_argument("--gap-s", type=float, default=Plan.gap_s, help="mean seconds between two events")
    report = run_chaos(Plan(**vars(parser.parse_args())))
    print("\n".join(report.lines()))
    raise SystemExit(not report.is_clean)


if __name__ == "__main__":
    main()
