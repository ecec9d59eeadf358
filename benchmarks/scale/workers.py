"""More and more workers on one Redis, and where Redis' limit is."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import redis

from benchmarks.scale.counted import Used, longest_pauses, measured_redis, used
from benchmarks.scale.fleet import Fleet, fleet
from config.settings import load_settings
from depeche import keys
from depeche.client import Client
from depeche.queue import QUEUES

#: How many articles each worker takes at once.
CONCURRENCY = 2
#: Each number of workers is measured for so long, in seconds.
MEASURED_S = 20.0
#: So many jobs for each of their threads come before that, as the first ones take longer.
WARM = 2
#: For jobs that take no time, so many workers keep Redis busy on a machine of few cores.
BUSY_WORKERS, BUSY_JOBS = 2, 3000


@dataclass(frozen=True)
class Load:
    """What was seen of some workers for some time.

    Attributes:
        workers: how many they were.
        job_s: how long each job takes them.
        seconds: how long it was looked.
        jobs: how many jobs ended.
        redis: what Redis used.
        workers_cpu_s: CPU seconds of all workers.
    """

    workers: int
    job_s: float
    seconds: float
    jobs: int
    redis: Used
    workers_cpu_s: float

    @property
    def rate(self) -> float:
        """Jobs a second."""
        return self.jobs / self.seconds

    @property
    def expected(self) -> float:
        """Jobs a second, if nothing but the jobs themselves took time."""
        return self.workers * CONCURRENCY / self.job_s


@dataclass(frozen=True)
class Costs:
    """What one Redis spends, in CPU seconds.

    Attributes:
        job: for a job.
        worker: a second, for a worker.
        running: a second, for a job in work: its progress is recorded.
        commands: how many commands a job is, those of scripts too.
    """

    job: float
    worker: float
    running: float
    commands: float

    def most(self, job_s: float) -> float:
        """Jobs of this length a second that keep one core of Redis' busy, with as many workers as they need."""
        return 1 / (self.job + job_s * (self.running + self.worker / CONCURRENCY))


@dataclass(frozen=True)
class Reach:
    """All that was measured.

    Attributes:
        loads: of each number of workers.
        idle: of the most workers, with nothing to do.
        busy: of few workers with jobs that take no time.
        worker_mb: the memory of a worker, in MB, without what it shares with others.
        pauses: the longest pauses of Redis, in milliseconds by the kind of event.
    """

    loads: Sequence[Load]
    idle: Load
    busy: Load
    worker_mb: float
    pauses: dict[str, int]

    @property
    def costs(self) -> Costs:
        """What Redis spends, from the three kinds of load."""
        full = max(self.loads, key=lambda load: load.jobs)
        worker = self.idle.redis.cpu_s / self.idle.seconds / self.idle.workers
        job = (self.busy.redis.cpu_s - self.busy.seconds * self.busy.workers * worker) / self.busy.jobs
        others = full.redis.cpu_s - full.jobs * job - full.seconds * full.workers * worker
        running = max(0.0, others / (full.jobs * full.job_s))
        return Costs(job, worker, running, self.busy.redis.commands / self.busy.jobs)


def measure(counts: Sequence[int], job_s: float, share: float) -> Reach:
    """Each number of workers in turn, from few to many, each with jobs of so many seconds, for a share of the time."""
    measured_s = share * MEASURED_S
    with measured_redis() as (url, raw), Client(load_settings(redis_url=url, max_queue_length=10**7)) as client:
        bench = _Bench(raw, client)
        with fleet(url, CONCURRENCY) as workers:
            loads = []
            for number in counts:
                workers.grow(number)
                threads = number * CONCURRENCY
                bench.submit(threads * (WARM + 1 + math.ceil(measured_s / job_s)), job_s)
                bench.wait_until_left(bench.left() - threads * WARM)
                loads.append(bench.watch(workers, number, job_s, measured_s))
            bench.wait_until_left(0)
            idle = bench.watch(workers, counts[-1], job_s, measured_s)
            memory = workers.private_mb
        with fleet(url, CONCURRENCY) as workers:
            workers.grow(BUSY_WORKERS)
            bench.submit(BUSY_JOBS, 0)
            busy = bench.watch(workers, BUSY_WORKERS, 0, measured_s, until_left=BUSY_JOBS // 10)
        return Reach(loads, idle, busy, memory, longest_pauses(raw))


class _Bench:
    """Gives jobs to workers, and looks at what they do."""

    def __init__(self, raw: redis.Redis, client: Client) -> None:
        self._raw = raw
        self._client = client
        self._numbers = count()

    def submit(self, jobs: int, job_s: float) -> None:
        """Queue articles of one sentence, each another one, so that the cache has none of them."""
        order = f" avec echo:sleep={job_s}" if job_s else ""
        texts = (f"Le train numéro {next(self._numbers)} part{order}." for _ in range(jobs))
        assert all(done.outcome == "queued" for done in self._client.submit_many(texts))

    def left(self) -> int:
        """How many jobs have not ended."""
        held: Any = self._raw.hlen(keys.UNACKED.name)
        lengths: list[Any] = [self._raw.llen(queue) for queue in QUEUES.values()]
        return int(held + sum(lengths))

    def wait_until_left(self, jobs: int) -> None:
        """Until no more than so many have not ended."""
        while self.left() > jobs:
            time.sleep(0.2)

    def watch(self, workers: Fleet, number: int, job_s: float, seconds: float, until_left: int = -1) -> Load:
        """Look for so long, or until so few are left."""
        left, before, cpu, began = self.left(), used(self._raw), workers.cpu_s, time.monotonic()
        while time.monotonic() < began + seconds and self.left() > until_left:
            time.sleep(0.1)
        wall, done = time.monotonic() - began, left - self.left()
        if seconds and not done and left:
            raise RuntimeError(f"no job ended in {seconds:.0f} s: the machine is too busy to measure anything")
        load = Load(number, job_s, wall, done, used(self._raw).since(before), workers.cpu_s - cpu)
        print(load, file=sys.stderr, flush=True)
        return load
