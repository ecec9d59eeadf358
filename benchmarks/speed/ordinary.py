"""The ordinary way: a Celery task that calls transformers, sentence by sentence or in batches."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

from celery import Celery

from benchmarks.speed import loads
from benchmarks.speed.bench import Bench
from benchmarks.speed.loads import Load
from benchmarks.speed.measure import Sample, Usage, in_turns, table
from benchmarks.speed.worker import LIMIT, forced
from depeche.article import Options
from worker.embedded_redis import EmbeddedRedis
from worker.models.host import cores

#: Longer than a round takes, also where the models are loaded first.
TIMEOUT_S = 1800


def lines(bench: Bench) -> list[str]:
    """Both ordinary ways against our worker and the engine, on short and on medium articles."""
    found = [
        "The same weights, beam and lengths; transformers in float32, as there is no int8 for it on a CPU. Its worker "
        f"has {cores()} processes with a thread each. Sentence by sentence it is given fewer articles, as it is slow.",
    ]
    with ExitStack() as stack:
        ours = stack.enter_context(forced(bench, 8))
        engine = stack.enter_context(bench.engine())
        ordinary = stack.enter_context(running(bench))
        for name in ("short", "medium"):
            load = bench.load(name)
            few = loads.cut(load, load.sentences // 4)
            amount = load.sentences * bench.tokens
            runs = {
                LIMIT: partial(engine.run, bench.work(load)),
                "our worker, 8 at once": partial(ours.run, load.articles, amount, Options(summary=False)),
                "Celery and transformers, batches of an article": partial(ordinary, load, True),
                "Celery and transformers, sentence by sentence": partial(ordinary, few, False),
            }
            title = f"{name}: {len(load.articles)} articles, {load.sentences} sentences"
            found += ["", *table(title, "tokens", in_turns(runs, bench.rounds), LIMIT)]
    return found


@contextmanager
def running(bench: Bench) -> Iterator[Any]:
    """A Celery worker of ``ordinary_task``, with a Redis of its own; gives what sends a load to it."""
    with EmbeddedRedis() as server:
        environment = {"BENCH_URL": server.url, "BENCH_MODEL": str(bench.checkpoint)}
        command = [bench.torch_python, "-m", "celery", "-A", "benchmarks.speed.ordinary_task", "worker"]
        command += ["--concurrency", str(cores()), "--loglevel", "ERROR", "--without-gossip", "--without-mingle"]
        # Its warnings would stand among our own lines.
        process = subprocess.Popen(command, env=os.environ | environment, stdout=sys.stderr)
        app = Celery("sender", broker=server.url, backend=server.url, set_as_current=False)
        try:
            yield partial(_send, app, process.pid, bench)
        finally:
            process.terminate()
            process.wait()
            app.close()


def _send(app: Celery, pid: int, bench: Bench, load: Load, batched: bool) -> Sample:
    usage = Usage(pid)
    sent = [
        app.send_task("ordinary.translate", args=[article, bench.beam, bench.tokens, batched], queue="ordinary")
        for article in load.inputs
    ]
    tokens = sum(one.get(timeout=TIMEOUT_S) for one in sent)
    return usage.sample(tokens)
