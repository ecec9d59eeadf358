"""Many articles that wait: what each look at the queue costs then."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import redis

from benchmarks.scale.counted import longest_pauses, measured_redis, memory_mb, slowest_ms, used
from benchmarks.scale.fleet import fleet
from benchmarks.submitting import articles
from config.settings import load_settings
from depeche.client import Client
from depeche.queue import QUEUES
from depeche.redis_client import connect
from worker.embedded_redis import free_port
from worker.janitor import Janitor
from worker.ledger import RedisLedger
from worker.metrics import Backlog

#: The janitor's rounds are as far apart as in a worker, so that each looks at as many records as there.
ROUNDS, PAUSE_S = 6, 5.0
#: Names of looks.
SUBMIT, JOB = "`submit_many`, each article", "a job in a worker"
#: A worker works for so long, and its metrics are asked for so often.
WORK_S, SCRAPES = 10.0, 20
CONCURRENCY = 2
#: A round in which a lost message is looked for comes after two others.
BEFORE_SEARCH = 2


@dataclass(frozen=True)
class Cost:
    """What one look costs.

    Attributes:
        wall_s: seconds on the clock.
        cpu_s: CPU seconds of whoever looks.
        redis_cpu_s: those of Redis.
        commands: how many commands Redis has carried out for it.
        slowest_ms: the longest of them, on the clock; 0 where none took a millisecond.
    """

    wall_s: float
    cpu_s: float
    redis_cpu_s: float
    commands: float
    slowest_ms: float

    def by(self, parts: int) -> Cost:
        """What each of so many equal parts of it costs."""
        return Cost(
            self.wall_s / parts, self.cpu_s / parts, self.redis_cpu_s / parts, self.commands / parts, self.slowest_ms
        )


@dataclass
class Waiting:
    """What was measured while so many articles waited.

    Attributes:
        articles: how many.
        bytes_each: what each takes in Redis.
        scrape_s: seconds on the clock for ``/metrics`` of a worker that works.
        costs: by the name of a look.
        pauses: the longest pauses of Redis, in milliseconds by the kind of event.
    """

    articles: int
    bytes_each: float = 0.0
    scrape_s: float = 0.0
    costs: dict[str, Cost] = field(default_factory=dict)
    pauses: dict[str, int] = field(default_factory=dict)


def measure(articles_waiting: int, share: float) -> Waiting:
    """Queue so many short articles, and look, for a share of the time."""
    with measured_redis() as (url, raw), connect(url) as decoding:
        looks = _Looks(raw, Waiting(articles_waiting))
        _submit(looks, url, raw, articles_waiting)
        for words in ("stats", "list --state queued", "list --state running", "top"):
            looks.take(f"`depeche {words}`", partial(_depeche, url, *words.split()), cpu=_children_cpu_s)
        metrics = Backlog(decoding, RedisLedger(decoding, 60))
        looks.take("a scrape of `/metrics`, what it asks of Redis", lambda: list(metrics.collect()))
        _clean(looks, raw, Janitor(decoding, RedisLedger(decoding, 60), lease_s=20), share * PAUSE_S)
        _work(looks, url, raw, share * WORK_S)
        looks.found.pauses = longest_pauses(raw)
        return looks.found


class _Looks:
    """Takes looks, and notes what each costs."""

    def __init__(self, raw: redis.Redis, found: Waiting) -> None:
        self.found = found
        self._raw = raw

    def take(
        self, name: str, look: Callable[[], object], cpu: Callable[[], float] = time.process_time, parts: int = 1
    ) -> None:
        """Take one look, or something that has so many equal parts; ``cpu`` says what has been used for it so far."""
        slowest_ms(self._raw)
        before, cpu_before, began = used(self._raw), cpu(), time.perf_counter()
        look()
        wall, cpu_used = time.perf_counter() - began, cpu() - cpu_before
        redis_used = used(self._raw).since(before)
        whole = Cost(wall, cpu_used, redis_used.cpu_s, redis_used.commands, slowest_ms(self._raw))
        self.found.costs[name] = whole.by(parts)
        print(f"{self.found.articles} waiting: {name}: {self.found.costs[name]}", file=sys.stderr, flush=True)


def _submit(looks: _Looks, url: str, raw: redis.Redis, number: int) -> None:
    with Client(load_settings(redis_url=url, max_queue_length=10**8)) as client:
        # One that came before all others, so that it is the one that is missing when it is lost.
        client.submit("La gare a fermé lundi.")
        before = memory_mb(raw)

        def submit() -> None:
            assert sum(done.outcome == "queued" for done in client.submit_many(articles(number))) == number

        looks.take(SUBMIT, submit, parts=number)
        looks.found.bytes_each = (memory_mb(raw) - before) * 1e6 / number


def _depeche(url: str, *words: str) -> None:
    program = str(Path(sys.executable).with_name("depeche"))
    environment = os.environ | {"DEPECHE_REDIS_URL": url}
    subprocess.run([program, *words], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)


def _children_cpu_s() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _clean(looks: _Looks, raw: redis.Redis, janitor: Janitor, pause_s: float) -> None:
    """Rounds of the janitor, with nothing lost and with a message lost."""

    def rounds(number: int) -> None:
        for _ in range(number):
            time.sleep(pause_s)
            janitor.clean()

    rounds(1)
    looks.take("a round of the janitor", partial(rounds, ROUNDS), parts=ROUNDS)
    assert raw.rpop(QUEUES["normal"])
    rounds(BEFORE_SEARCH)
    looks.take("a round while a message is lost", partial(rounds, ROUNDS), parts=ROUNDS)


def _work(looks: _Looks, url: str, raw: redis.Redis, work_s: float) -> None:
    """A worker starts and works, while somebody asks for its metrics."""
    port = free_port()
    with fleet(url, CONCURRENCY, DEPECHE_METRICS_ADDR=f"127.0.0.1:{port}") as workers:
        looks.take("a worker's start until it is ready", partial(workers.grow, 1), cpu=lambda: workers.cpu_s)
        waiting = raw.llen(QUEUES["normal"])
        looks.take(JOB, lambda: time.sleep(work_s), cpu=lambda: workers.cpu_s)
        done = int(waiting) - int(raw.llen(QUEUES["normal"]))
        if not done:
            raise RuntimeError(f"no job ended in {work_s:.0f} s: the machine is too busy to measure anything")
        looks.found.costs[JOB] = looks.found.costs[JOB].by(done)
        began = time.perf_counter()
        for _ in range(SCRAPES):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=60) as page:
                page.read()
        looks.found.scrape_s = (time.perf_counter() - began) / SCRAPES
