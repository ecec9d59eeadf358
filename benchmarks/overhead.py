"""What ledger, leases and fencing cost: jobs a second and latency, against a bare Celery task in the same run.

    python -m benchmarks.overhead --jobs 2000 --rounds 3
    python -m benchmarks.overhead --janitor 10000

The bare task returns a result of the same size, acknowledges late and stores its result with Celery; both run on one
worker process with as many threads, and take articles of one sentence with the echo profile, queued beforehand.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import redis
from celery import Celery

from config.settings import load_settings
from depeche.article import Article, Options
from depeche.client import Client
from depeche.queue import QUEUES
from depeche.redis_client import connect
from tasks.pipeline import Context, process
from worker.embedded_redis import EmbeddedRedis
from worker.janitor import Janitor
from worker.ledger import RedisLedger
from worker.models.profiles import load_engines

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


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--latencies", type=int, default=200)
    parser.add_argument("--concurrency", type=int, default=2)
    parser.add_argument("--janitor", type=int, metavar="N", help="measure the janitor alone, with N articles waiting")
    options = parser.parse_args()
    with EmbeddedRedis() as server, tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "bare.py").write_text(BARE, encoding="utf-8")
        if options.janitor:
            _janitor(server, options.janitor)
        else:
            _compare(server, folder, options)


def _compare(server: EmbeddedRedis, folder: str, options: argparse.Namespace) -> None:
    kinds: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
        "bare": (lambda: _bare_worker(server, folder, options.concurrency), lambda: _bare_submit(server)),
        "depeche": (lambda: _worker(server, options.concurrency), lambda: _submit(server)),
    }
    rates: dict[str, list[float]] = {kind: [] for kind in kinds}
    waits: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(options.rounds):
        for kind, (start_worker, open_submit) in kinds.items():
            with redis.Redis.from_url(server.url) as raw, open_submit() as submit:
                raw.flushall()
                ids = [submit(number) for number in range(options.jobs)]
                with start_worker():
                    rates[kind].append(_rate(raw, ids))
                    waits[kind] += [_latency(raw, submit, number) for number in range(options.latencies)]
    for kind in kinds:
        p50, p99 = statistics.median(waits[kind]), statistics.quantiles(waits[kind], n=100)[98]
        print(f"{kind:<8} {statistics.median(rates[kind]):6.0f} jobs/s  p50 {p50:5.1f} ms  p99 {p99:5.1f} ms")
    ratios = [ours / bare for ours, bare in zip(rates["depeche"], rates["bare"], strict=True)]
    print(f"ratio by round: {', '.join(f'{ratio:.2f}' for ratio in ratios)}; median {statistics.median(ratios):.2f}")
    print(f"the pipeline alone, without queue or Redis: {_pipeline_rate(options.jobs):.0f} jobs/s")


def _rate(raw: redis.Redis, ids: list[str]) -> float:
    """Jobs a second between the first quarter and the last job, so that starting does not count."""
    quarter = len(ids) // 4
    _wait_done(raw, ids[quarter - 1])
    started = time.perf_counter()
    for task_id in ids[quarter:]:
        _wait_done(raw, task_id)
    return (len(ids) - quarter) / (time.perf_counter() - started)


def _latency(raw: redis.Redis, submit: Submit, number: int) -> float:
    """Milliseconds from submit to the result, on an idle worker."""
    started = time.perf_counter()
    _wait_done(raw, submit(1_000_000 + number), pause_s=0.001)
    return (time.perf_counter() - started) * 1000


def _wait_done(raw: redis.Redis, task_id: str, pause_s: float = 0.02) -> None:
    while b"SUCCESS" not in (raw.get(f"celery-task-meta-{task_id}") or b"")[:200]:
        time.sleep(pause_s)


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
def _process(command: list[str], environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(
        command, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
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


def _pipeline_rate(jobs: int) -> float:
    engines = load_engines(load_settings(profile="echo"))
    started = time.perf_counter()
    for number in range(jobs):
        process(Article(text=_text(number)), Options(), engines, Context("x")).model_dump(mode="json")
    return jobs / (time.perf_counter() - started)


def _janitor(server: EmbeddedRedis, jobs: int) -> None:
    """CPU and Redis' pauses of twenty rounds, with nothing lost; then with ten messages lost."""
    with Client(load_settings(redis_url=server.url)) as client, connect(server.url) as raw:
        for number in range(jobs):
            client.submit(_text(number) + " Encore une phrase pour le janitor." * 140)
        janitor = Janitor(raw, RedisLedger(raw, 60), lease_s=30)
        _rounds("nothing lost", janitor, server, 20)
        for _ in range(10):
            raw.rpop(QUEUES["normal"])
        _rounds("ten lost", janitor, server, 3)


def _rounds(name: str, janitor: Janitor, server: EmbeddedRedis, rounds: int) -> None:
    longest, stop = [0.0], threading.Event()

    def ping() -> None:
        with redis.Redis.from_url(server.url) as raw:
            while not stop.wait(0.0005):
                started = time.perf_counter()
                raw.ping()
                longest[0] = max(longest[0], time.perf_counter() - started)

    with redis.Redis.from_url(server.url) as raw:
        raw.config_set("slowlog-log-slower-than", 0)
        raw.slowlog_reset()
        thread = threading.Thread(target=ping)
        thread.start()
        cpu, published = time.thread_time(), 0
        for _ in range(rounds):
            published += janitor.clean()
        cpu_ms = (time.thread_time() - cpu) * 1000 / rounds
        stop.set()
        thread.join()
        slowest_us = max(entry["duration"] for entry in raw.slowlog_get(128))
    print(
        f"{name}: {cpu_ms:.1f} ms CPU a round, {cpu_ms / 50:.2f}% of a core at one round in 5 s; {published} written "
        f"again; slowest command {slowest_us / 1000:.2f} ms, longest wait of another client {longest[0] * 1000:.1f} ms"
    )


if __name__ == "__main__":
    main()
