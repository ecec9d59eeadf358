"""A real worker from submit to result, against the engine alone on the same sentences."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial

from benchmarks.speed.bench import Bench, file_of
from benchmarks.speed.loads import Load
from benchmarks.speed.measure import Sample, in_turns, middle, peak_mib, table
from benchmarks.speed.workers import Worker, running
from depeche.article import Options
from worker.embedded_redis import EmbeddedRedis

CONCURRENCIES = (1, 2, 4, 8, 16, 32)
#: How many at once, where not all of them are measured: the default, and what is advised for short articles.
USUAL = (2, 8)
LIMIT = "the engine alone"
#: Articles that are sent one after the other in a round.
ALONE = 5
_PLAIN = Options(summary=False)

Runs = dict[str, Callable[[], Sample]]


def end_to_end(bench: Bench) -> list[str]:
    """Every kind of articles."""
    lines = [
        "A worker without checks and summaries; Redis and the program that submits are not counted. Memory is that of "
        "the worker's process, and its cache is empty in each round.",
    ]
    concurrencies = USUAL if bench.quick else CONCURRENCIES
    with ExitStack() as stack:
        workers = {n: stack.enter_context(forced(bench, concurrency=n)) for n in concurrencies}
        limit = _limit(bench, stack)
        for name in ("short", "medium", "long", "mixed"):
            load = bench.load(name)
            runs: Runs = {LIMIT: partial(limit, load)} if limit else {}
            for n in concurrencies if name == "short" else USUAL:
                amount = load.sentences * bench.tokens
                runs[f"worker, {n} at once"] = partial(workers[n].run, load.articles, amount, _PLAIN)
            title = f"{name}: {len(load.articles)} articles, {load.sentences} sentences"
            samples = in_turns(runs, bench.rounds)
            lines += ["", *table(title, "tokens", samples, LIMIT if limit else "")]
    return lines


def alone(bench: Bench) -> list[str]:
    """One article of three sentences on an idle worker."""
    load = bench.load("short")
    with ExitStack() as stack:
        worker = stack.enter_context(forced(bench, checks=True, load=load))
        limit = _limit(bench, stack)

        def one_by_one(run: Callable[[int], Sample]) -> Sample:
            found = [run(number % len(load.articles)) for number in range(ALONE)]
            wall_s = statistics.median(sample.wall_s for sample in found)
            return Sample(1, wall_s, sum(sample.cpu_s for sample in found) / ALONE, found[-1].peak_mib)

        def of_engine(number: int) -> Sample:
            assert limit
            return limit(Load("one", (load.articles[number],), (load.inputs[number],), {}), 0)

        runs: Runs = {LIMIT: partial(one_by_one, of_engine)} if limit else {}
        runs["worker, from submit to result"] = partial(
            one_by_one, lambda number: worker.run([load.articles[number]], 1, _PLAIN)
        )
        samples = in_turns(runs, bench.rounds)
    rows = [f"| {name} | {_ms(found, 'wall_s')} | {_ms(found, 'cpu_s')} |" for name, found in samples.items()]
    return [
        "Three sentences, with checks, while nothing else is in work: the median of some articles in each round.",
        "",
        "| one article | ms | CPU ms |",
        "| --- | ---: | ---: |",
        *rows,
    ]


def stages(bench: Bench) -> list[str]:
    """What each part of the work adds."""
    load = bench.load("medium")
    amount, none = load.sentences * bench.tokens, {"DEPECHE_SUMMARY_MODEL": "none"}
    steps: list[tuple[str, Options, Mapping[str, str], bool]] = [
        ("queue, segmentation, language, translation", _PLAIN, none | {"DEPECHE_CACHE_SENTENCES": "0"}, False),
        ("and the cache", _PLAIN, none, False),
        ("and checks", _PLAIN, none, True),
        ("and a summary of the article's own sentences", Options(), none, True),
    ]
    if bench.profile == "standard":
        steps.append(("or a summary by the second model", Options(), {}, True))
    with ExitStack() as stack:
        limit = _limit(bench, stack)
        runs: Runs = {LIMIT: partial(limit, load)} if limit else {}
        for name, options, environment, checks in steps:
            worker = stack.enter_context(forced(bench, 8, checks=checks, load=load, environment=environment))
            runs[name] = partial(worker.run, load.articles, amount, options)
        samples = in_turns(runs, bench.rounds)
    count = len(load.articles)
    before, lines = None, ["| each row adds to the one before | CPU ms an article | more, ms | peak MiB |"]
    lines.append("| --- | ---: | ---: | ---: |")
    for name, found in samples.items():
        used = statistics.median(sample.cpu_s for sample in found) * 1000 / count
        more = "" if before is None else f"{used - before:+.0f}"
        peak = max(sample.peak_mib for sample in found)
        lines.append(f"| {name} | {_ms(found, 'cpu_s', count)} | {more} | {peak:.0f} |")
        # Both kinds of summaries come after the checks.
        before = used if "own sentences" not in name else before
    about = f"{count} articles of {load.sentences // count} sentences, 8 at once."
    if bench.profile == "standard":
        about += " The second model's noise fails its checks, so that it writes twice, each time as much as it may."
    return [about, "", *lines]


def start(bench: Bench) -> list[str]:
    """How soon a worker is ready, with its usual models."""
    ready_s, memory = [], 0.0
    for _ in range(bench.rounds):
        with forced(bench, environment={}) as worker:
            ready_s.append(worker.ready_s)
            memory = max(memory, peak_mib(worker.pid))
    return [
        "| profile | ready after s | peak MiB when ready |",
        "| --- | ---: | ---: |",
        f"| `{bench.profile}` | {middle(ready_s, 1)} | {memory:.0f} |",
    ]


@contextmanager
def forced(
    bench: Bench,
    concurrency: int = 2,
    *,
    checks: bool = False,
    load: Load | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Worker]:
    """A worker whose outputs have the bench's length, with a Redis of its own."""
    settings = bench.settings
    own = {
        "DEPECHE_PROFILE": bench.profile,
        "DEPECHE_MODEL_DIR": str(settings.model_dir),
        "DEPECHE_TRANSLATION_MODEL": settings.translation_model,
        # The second model's weights would count as memory of the translation.
        "DEPECHE_SUMMARY_MODEL": settings.summary_model if environment is not None else "none",
        "DEPECHE_BEAM_SIZE": str(bench.beam),
        "BENCH_TOKENS": str(bench.tokens),
        "BENCH_CHECKS": str(int(checks)),
    }
    with EmbeddedRedis() as server, file_of(load) as pairs:
        arguments = ["--concurrency", str(concurrency)]
        own |= {"BENCH_PAIRS": str(pairs), **(environment or {})}
        with running(server.url, "benchmarks.speed.forced", arguments, own) as worker:
            yield worker


def _limit(bench: Bench, stack: ExitStack) -> Callable[..., Sample] | None:
    """Runs a load through the engine alone; None where the profile has none."""
    if bench.profile == "echo":
        return None
    child = stack.enter_context(bench.engine())
    return lambda load, batch=32: child.run(bench.work(load, batch))


def _ms(samples: Sequence[Sample], field: str, parts: int = 1) -> str:
    return middle([getattr(sample, field) * 1000 / parts for sample in samples], 1)
