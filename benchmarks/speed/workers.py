"""A real worker for a measurement, with a Redis and a client of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import redis

from benchmarks.speed.measure import Sample, Usage
from config.settings import load_settings
from depeche.article import ArticleResult, Options
from depeche.client import Client
from depeche.keys import CACHE_NEW, CACHE_OLD

#: How much work some articles are, or what counts it in their results.
Amount = float | Callable[[Sequence[ArticleResult]], float]
#: What a worker writes into its log when it takes articles.
READY = " ready."
START_TIMEOUT_S = 300


class Worker:
    """A worker that is ready.

    Attributes:
        pid: its process.
        ready_s: how long it took to be ready.
    """

    def __init__(self, pid: int, ready_s: float, raw: redis.Redis, client: Client) -> None:
        self.pid = pid
        self.ready_s = ready_s
        self._raw = raw
        self._client = client

    def run(self, articles: Sequence[str], amount: Amount, options: Options | None = None) -> Sample:
        """Submit all articles at once, and wait for all results. No sentence is in the cache before.

        Args:
            articles: their texts.
            amount: how much work they are, or what counts it in their results.
            options: how to process them.
        """
        self._raw.delete(CACHE_NEW.name, CACHE_OLD.name)
        usage = Usage(self.pid)
        done = list(self._client.submit_many(articles, options=options))
        ids = [one.task_id for one in done if one.task_id]
        assert len(ids) == len(articles), done
        results = [self._client.wait(task_id) for task_id in ids]
        sample = usage.sample(1)
        return replace(sample, amount=amount(results) if callable(amount) else amount)


@contextmanager
def running(
    url: str, module: str = "worker", arguments: Sequence[str] = (), environment: Mapping[str, str] | None = None
) -> Iterator[Worker]:
    """Start ``python -m MODULE run ARGUMENTS`` and wait until it is ready.

    Raises:
        SystemExit: it ended before, with what it wrote.
    """
    own = {"DEPECHE_REDIS_URL": url, "DEPECHE_METRICS_ADDR": "none"} | dict(environment or {})
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        began = time.perf_counter()
        with log.open("wb") as output:
            command = [sys.executable, "-m", module, "run", *arguments]
            process = subprocess.Popen(command, env=os.environ | own, stdout=output, stderr=output)
        try:
            while READY not in (said := log.read_text(errors="replace")):
                if process.poll() is not None or time.perf_counter() - began > START_TIMEOUT_S:
                    sys.exit(f"the worker did not become ready:\n{said}")
                time.sleep(0.02)
            ready_s = time.perf_counter() - began
            # Both last as long as the worker: a program that submits keeps its connection, too.
            with redis.Redis.from_url(url) as raw, Client(load_settings(redis_url=url)) as client:
                yield Worker(process.pid, ready_s, raw, client)
        finally:
            process.terminate()
            process.wait()
