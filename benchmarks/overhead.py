"""What ledger, leases and fencing cost: our worker against a bare Celery task, in rounds that take turns.

    python -m benchmarks.overhead --jobs 2000 --rounds 5

The bare task returns a result of the same size, acknowledges late and stores its result with Celery. Both run on one
worker process with as many threads, and take articles of one sentence with the echo profile, queued beforehand and
each another one, so that the cache is asked and written for each.

The rate depends on what else the machine does. So the table also has what does not: the CPU time that the worker's
process and Redis need for a job, how often Redis reads a request from a client (a round trip), and how many commands it
runs, those of scripts included. All figures are medians of the rounds. Linux only, as CPU times are read from /proc.
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import redis
from celery import Celery

from benchmarks.pipeline import cpu_ms_of_a_job
from benchmarks.speed.measure import cpu_s
from benchmarks.submitting import redis_cpu_s
from config.settings import load_settings
from depeche.client import Client
from depeche.queue import QUEUES
from worker.embedded_redis import EmbeddedRedis

BARE = """
import os
from celery import Celery
url = os.environ["URL"]
app = Celery("bare", broker=url, backend=url)
app.conf.update(task_acks_late=True, worker_prefetch_multiplier=1, task_track_started=True, worker_pool="threads")
app.conf.update(broker_connection_retry_on_startup=True, task_default_queue="bare")
@app.task(name="bare.echo")
def echo(article):
    text = "[fr→en] " + article["text"]
    return {"text_en": text, "padding": "x" * 700}
"""

Submit = Callable[[int], str]


@dataclass(frozen=True)
class Kind:
    """One way to process articles.

    Attributes:
        name: in the table.
        queue: where its messages wait.
        worker: starts its worker, and gives its process id.
        submit: opens what queues one article and gives its id.
    """

    name: str
    queue: str
    worker: Callable[[], Any]
    submit: Callable[[], Any]


@dataclass(frozen=True)
class Cost:
    """What one round has measured; all but the first and the last two are for one job.

    Attributes:
        rate: jobs a second.
        worker_ms: CPU of the worker's process, in milliseconds.
        redis_ms: CPU of Redis, in milliseconds.
        trips: requests that Redis has read.
        commands: commands that Redis has run.
        p50_ms: milliseconds from submit to the result, on an idle worker.
        p99_ms: the same, of the slowest in a hundred.
    """

    rate: float
    worker_ms: float
    redis_ms: float
    trips: float
    commands: float
    p50_ms: float
    p99_ms: float


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--latencies", type=int, default=100, help="jobs of a round that are sent one after another")
    parser.add_argument("--concurrency", type=int, default=2)
    options = parser.parse_args()
    with EmbeddedRedis() as server, tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "bare.py").write_text(BARE, encoding="utf-8")
        kinds = [
            Kind(
                "bare",
                "bare",
                lambda: _bare_worker(server, folder, options.concurrency),
                lambda: _bare_submit(server),
            ),
            Kind("depeche", QUEUES["normal"], lambda: _worker(server, options.concurrency), lambda: _submit(server)),
        ]
        _compare(server, kinds, options)


def _compare(server: EmbeddedRedis, kinds: list[Kind], options: argparse.Namespace) -> None:
    costs: dict[str, list[Cost]] = {kind.name: [] for kind in kinds}
    for number in range(options.rounds):
        # Every other round begins with the other one, as a machine may become slower or faster in the course of a run.
        for kind in kinds if number % 2 == 0 else reversed(kinds):
            costs[kind.name].append(_round(server, kind, options.jobs, options.latencies))
    print(f"{'':<8} {'jobs/s':>7} {'worker ms':>10} {'Redis ms':>9} {'trips':>6} {'commands':>9} {'p50':>6} {'p99':>6}")
    for name, found in costs.items():
        median = Cost(**{name: statistics.median(values) for name, values in _by_field(found).items()})
        print(
            f"{name:<8} {median.rate:7.0f} {median.worker_ms:10.2f} {median.redis_ms:9.2f} {median.trips:6.1f} "
            f"{median.commands:9.1f} {median.p50_ms:6.1f} {median.p99_ms:6.1f}"
        )
    pairs = list(zip(costs["depeche"], costs["bare"], strict=True))
    _print_ratio("rate, ours to bare", [ours.rate / bare.rate for ours, bare in pairs])
    _print_ratio("CPU of the worker, bare to ours", [bare.worker_ms / ours.worker_ms for ours, bare in pairs])
    _print_ratio("CPU of Redis, bare to ours", [bare.redis_ms / ours.redis_ms for ours, bare in pairs])
    print(f"the pipeline alone, without queue or Redis: {cpu_ms_of_a_job(500):.2f} ms CPU")


def _by_field(costs: list[Cost]) -> dict[str, list[float]]:
    return {field.name: [getattr(cost, field.name) for cost in costs] for field in fields(Cost)}


def _print_ratio(name: str, ratios: list[float]) -> None:
    print(f"{name}: median {statistics.median(ratios):.2f}; rounds {', '.join(f'{ratio:.2f}' for ratio in ratios)}")


def _round(server: EmbeddedRedis, kind: Kind, jobs: int, latencies: int) -> Cost:
    with redis.Redis.from_url(server.url) as raw, kind.submit() as submit:
        raw.flushall()
        ids = [submit(number) for number in range(jobs)]
        with kind.worker() as pid:
            costs = _saturated(raw, kind, ids, pid)
            waits = [_latency(raw, submit, number) for number in range(latencies)]
    p99_ms = statistics.quantiles(waits, n=100)[98] if len(waits) > 1 else float("nan")
    return Cost(**costs, p50_ms=statistics.median(waits or [float("nan")]), p99_ms=p99_ms)


def _saturated(raw: redis.Redis, kind: Kind, ids: list[str], pid: int) -> dict[str, float]:
    """Rate and costs from when a quarter is done until all are, so that starting does not count."""
    while raw.llen(kind.queue) > len(ids) * 3 // 4:
        time.sleep(0.005)
    started, worker_s, before = time.perf_counter(), cpu_s(pid), _redis_usage(raw)
    left, asked = raw.llen(kind.queue), 1
    # The last to be taken are among the last that were queued, and the others end before them or soon after.
    for task_id in reversed(ids[-8:]):
        asked += _wait_done(raw, task_id, pause_s=0.02)
    wall_s, worker_s, after = time.perf_counter() - started, cpu_s(pid) - worker_s, _redis_usage(raw)
    redis_s, trips, commands = (end - start for start, end in zip(before, after, strict=True))
    # What this program has asked is not the worker's.
    return {
        "rate": left / wall_s,
        "worker_ms": worker_s * 1000 / left,
        "redis_ms": redis_s * 1000 / left,
        "trips": (trips - asked) / left,
        "commands": commands / left,
    }


def _redis_usage(raw: redis.Redis) -> tuple[float, float, float]:
    """CPU seconds, requests read and commands run, since the server has started."""
    stats: Any = raw.info("stats")
    calls: Any = raw.info("commandstats")
    return (
        redis_cpu_s(raw),
        stats["total_reads_processed"],
        sum(found["calls"] for found in calls.values()),
    )


def _latency(raw: redis.Redis, submit: Submit, number: int) -> float:
    """Milliseconds from submit to the result, on an idle worker."""
    started = time.perf_counter()
    _wait_done(raw, submit(1_000_000 + number), pause_s=0.001)
    return (time.perf_counter() - started) * 1000


def _wait_done(raw: redis.Redis, task_id: str, pause_s: float) -> int:
    """Wait for a result. Returns how often Redis was asked."""
    for asked in itertools.count(1):
        # Both kinds have the state at the beginning, and what follows may be long.
        beginning: Any = raw.getrange(f"celery-task-meta-{task_id}", 0, 50)
        if b"SUCCESS" in beginning:
            return asked
        time.sleep(pause_s)
    raise AssertionError


def _text(number: int) -> str:
    # An echo of it passes the checks: what repairs cost is the pipeline's matter.
    return f"Article numéro {number}."


@contextmanager
def _submit(server: EmbeddedRedis) -> Iterator[Submit]:
    with Client(load_settings(redis_url=server.url)) as client:
        yield lambda number: client.submit(_text(number))


@contextmanager
def _bare_submit(server: EmbeddedRedis) -> Iterator[Submit]:
    app = Celery("producer", broker=server.url, set_as_current=False)

    def submit(number: int) -> str:
        task_id = str(uuid.uuid4())
        app.send_task("bare.echo", args=[{"text": _text(number)}], task_id=task_id, queue="bare", ignore_result=False)
        return task_id

    yield submit
    app.close()


@contextmanager
def _process(command: list[str], environment: dict[str, str]) -> Iterator[int]:
    process = subprocess.Popen(
        command, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()


def _worker(server: EmbeddedRedis, concurrency: int) -> Any:
    command = [sys.executable, "-m", "worker", "run", "--concurrency", str(concurrency)]
    return _process(command, {"DEPECHE_REDIS_URL": server.url, "DEPECHE_PROFILE": "echo"})


def _bare_worker(server: EmbeddedRedis, folder: str, concurrency: int) -> Any:
    celery = str(Path(sys.executable).with_name("celery"))
    command = [celery, "--workdir", folder, "-A", "bare", "worker", "-c", str(concurrency), "-l", "INFO"]
    return _process([*command, "--without-gossip", "--without-mingle"], {"URL": server.url})


if __name__ == "__main__":
    main()
