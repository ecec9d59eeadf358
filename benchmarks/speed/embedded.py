"""The embedded profile against llama.cpp itself on the same file."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial

from benchmarks.speed import loads
from benchmarks.speed.bench import Bench
from benchmarks.speed.children import started
from benchmarks.speed.measure import in_turns, table
from benchmarks.speed.workers import running
from config.settings import load_settings
from depeche.article import ArticleResult, Options
from worker.embedded_redis import EmbeddedRedis
from worker.models.embedded import load_translator
from worker.models.engines.echo import EchoTranslator

LIMIT = "the engine on the same sentences, without a worker"
#: Tokens that are read, which must leave room in a slot, and tokens that are written; texts at once.
READ, WRITTEN, SLOTS = 256, 128, 4


def lines(bench: Bench) -> list[str]:
    """What llama-bench would measure, then our engine without a worker and with one."""
    load = loads.own("medium", max(1, bench.sentences // 2), EchoTranslator())
    sentences = [sentence for article in load.inputs for sentence in article]
    counter = load_translator(load_settings(profile="embedded"))

    def tokens(results: Sequence[ArticleResult]) -> int:
        return sum(counter.count_tokens([segment.en for result in results for segment in result.segments]))

    with ExitStack() as stack:
        stack.callback(counter.close)
        server = stack.enter_context(EmbeddedRedis())
        environment = {"DEPECHE_PROFILE": "embedded"}
        worker = stack.enter_context(running(server.url, environment=environment))
        child = stack.enter_context(started([sys.executable, "-m", "benchmarks.speed.embedded_child"]))
        runs = {
            f"llama.cpp: {READ} tokens read (pp{READ})": partial(child.run, _raw(READ, 0, 1)),
            f"llama.cpp: {WRITTEN} tokens written (tg{WRITTEN})": partial(child.run, _raw(0, WRITTEN, 1)),
            f"llama.cpp: {WRITTEN} tokens written, {SLOTS} texts at once": partial(child.run, _raw(0, WRITTEN, SLOTS)),
            LIMIT: partial(child.run, {"sentences": sentences}),
            "worker, checks and summary on": partial(worker.run, load.articles, tokens, Options()),
        }
        samples = in_turns(runs, bench.rounds)
    return [
        "The package of llama.cpp that the profile uses has no llama-bench; the same figures are measured through its "
        "binding, with the worker's settings. The last two rows count tokens written alone, though each sentence is "
        f"read too; {len(load.articles)} articles, {len(sentences)} sentences of their own lengths.",
        "",
        *table("embedded profile", "tokens", samples, LIMIT),
    ]


def _raw(read: int, written: int, at_once: int) -> dict[str, int]:
    return {"read": read, "written": written, "at_once": at_once}
