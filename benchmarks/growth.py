"""What one piece of work costs while something grows: articles, the queue, the number of workers, the cache.

    python -m benchmarks.speed growth [--quick]

Each cost is processor time for one unit, so that what grows no faster than linearly is a flat line or falls. The table
also has the exponent of the last step: 1 where twice as much costs twice as much in all, 2 where it costs four times.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import redis

from benchmarks.french import News, news
from benchmarks.speed.measure import cpu_s
from benchmarks.speed.workers import Worker, running
from benchmarks.submitting import redis_cpu_s
from config.settings import load_settings
from depeche.article import Article, Options
from depeche.client import Client
from depeche.queue import QUEUES
from tasks.checks import findings
from tasks.engines import Engines, Hypothesis
from tasks.language import identify
from tasks.pipeline import Context, process
from tasks.segment import segment
from tasks.summary import ExtractiveSummariser
from tasks.translation.glossary import NO_GLOSSARY
from tasks.translation.parts import parts_of
from worker.cache import RedisSentenceCache
from worker.embedded_redis import EmbeddedRedis
from worker.models.engines.echo import EchoDetector, EchoTranslator
from worker.models.engines.language import Detector

if TYPE_CHECKING:
    from benchmarks.speed.bench import Bench

#: Characters of a sentence of ours, about.
_SENTENCE = 110
#: Jobs that are counted.
_JOBS = 300


@dataclass
class Curve:
    """Costs of one unit by size.

    Attributes:
        title: what grows.
        axis: the unit of the sizes.
        unit: that of the costs.
        series: for each thing that is measured, its cost of one unit at each size.
        exact: whether a unit is a part of what grows, so that its total cost has an exponent.
    """

    title: str
    axis: str
    unit: str
    series: dict[str, dict[int, float]] = field(default_factory=dict)
    exact: bool = False

    def add(self, name: str, size: int, cost: float) -> None:
        """One more point."""
        self.series.setdefault(name, {})[size] = cost

    def lines(self) -> list[str]:
        """A Markdown table with a row for each size."""
        sizes = sorted({size for points in self.series.values() for size in points})
        rows = [
            f"| {size:,} | {' | '.join(_figure(points.get(size)) for points in self.series.values())} |"
            for size in sizes
        ]
        if self.exact and len(sizes) > 1:
            exponents = [f"{exponent(points):.2f}" for points in self.series.values()]
            rows.append(f"| exponent of the last step | {' | '.join(exponents)} |")
        head = f"| {self.axis} | {' | '.join(self.series)} |"
        return [f"**{self.title}**: {self.unit}", "", head, "| ---: |" + " ---: |" * len(self.series), *rows]


def exponent(points: Mapping[int, float]) -> float:
    """By which power of the size the whole cost grows in the last step: 1 is linear."""
    (before, cost_before), (size, cost) = sorted(points.items())[-2:]
    return 1 + math.log(cost / cost_before) / math.log(size / before)


def lines(bench: Bench) -> list[str]:
    """Tables of all, and the name of the picture."""
    curves = [
        article_length((1_000, 10_000) if bench.quick else (1_000, 10_000, 100_000, 1_000_000)),
        queue_length((0, 200) if bench.quick else (0, 1_000, 10_000, 100_000)),
        workers((1, 2) if bench.quick else (1, 2, 4, 8)),
        cache_size((1_000, 10_000) if bench.quick else (1_000, 10_000, 100_000, 1_000_000)),
    ]
    found = [line for curve in curves for line in [*curve.lines(), ""]]
    if draw(curves, bench.picture):
        return [*found, f"![The same figures as curves]({bench.picture.name})"]
    return [*found, "There is no picture, as matplotlib is not installed: `make bench` installs it."]


def article_length(sizes: Sequence[int]) -> Curve:
    """The text rules one by one, and the whole way of an article, with the English given and with an echo."""
    curve = Curve("Length of an article", "characters", "CPU µs for each character", exact=True)
    detector = Detector()
    detector.detect("Une phrase de plus, car le modèle se charge à la première.")
    for step in _steps(news(1, seed=1), detector).values():
        # Tables are read and patterns are made at the first time.
        step()
    for size in sizes:
        article = news(max(1, size // _SENTENCE), seed=1)
        for name, step in _steps(article, detector).items():
            began = time.process_time()
            step()
            curve.add(name, size, (time.process_time() - began) * 1e6 / len(article.text))
    return curve


def _steps(article: News, detector: Detector) -> dict[str, Callable[[], Any]]:
    english = [pair.english for pair in article.pairs]
    french = [pair.french for pair in article.pairs]
    paragraphs = [french[at : at + 4] for at in range(0, len(french), 4)]

    def whole(translator: EchoTranslator) -> str:
        engines = Engines(translator, ExtractiveSummariser(), EchoDetector())
        return process(Article(text=article.text), Options(), engines, Context("growth")).model_dump_json()

    return {
        "segmentation": lambda: segment(article.text),
        "language": lambda: identify(paragraphs, "fr", False, detector),
        "parts for the model": lambda: parts_of(french, EchoTranslator(), NO_GLOSSARY),
        "checks": lambda: [findings(pair.french, pair.english) for pair in article.pairs],
        "summary": lambda: ExtractiveSummariser().summarise([english], max_sentences=5),
        "all, with its true English": lambda: whole(_Given(article)),
        "all, with an echo that is repaired in vain": lambda: whole(EchoTranslator()),
    }


class _Given(EchoTranslator):
    """Has the English of an article."""

    def __init__(self, article: News) -> None:
        self._english = {pair.french: pair.english for pair in article.pairs}

    def translate(self, sentences: Sequence[str], *, attempt: int = 0) -> list[Hypothesis]:  # noqa: ARG002
        return [Hypothesis(self._english.get(sentence, sentence)) for sentence in sentences]


def queue_length(sizes: Sequence[int]) -> Curve:
    """A submit, a look at the counts, and a job's whole work, while so many articles wait besides."""
    curve = Curve("Articles that wait", "articles", "CPU ms for each, in Redis and in the other process")
    for size in sizes:
        with _redis() as (server, raw), Client(load_settings(redis_url=server.url, max_queue_length=10**7)) as client:
            list(client.submit_many(_text(number) for number in range(size)))
            with _counted(curve, "a submit", size, raw, _JOBS, time.process_time):
                for number in range(_JOBS):
                    client.submit(_text(size + number))
            with _counted(curve, "the counts", size, raw, 20, time.process_time):
                for _ in range(20):
                    client.stats()
            with _echo_worker(server) as worker:
                list(client.submit_many(_text(number) for number in range(3 * _JOBS)))
                _work_off(curve, size, raw, [worker])
    return curve


def workers(counts: Sequence[int]) -> Curve:
    """A job's work, while so many workers share the queue."""
    curve = Curve("Workers on one Redis", "workers", "CPU ms for each job, in Redis and in the workers")
    for count in counts:
        with _redis() as (server, raw), ExitStack() as stack:
            started = [stack.enter_context(_echo_worker(server)) for _ in range(count)]
            with Client(load_settings(redis_url=server.url)) as client:
                # Some more than are counted, so that no worker is without one at the end.
                list(client.submit_many(_text(number) for number in range(3 * _JOBS)))
            _work_off(curve, count, raw, started)
    return curve


def cache_size(sizes: Sequence[int]) -> Curve:
    """Looking sentences up, and keeping new ones, while so many are kept."""
    curve = Curve("Sentences in the cache", "sentences", "CPU ms for each of them, in Redis and in the worker")
    with _redis() as (server, _), redis.Redis.from_url(server.url, decode_responses=True) as raw:
        cache = RedisSentenceCache(raw, max_sentences=4 * max(sizes), ttl_s=3600)
        kept = 0
        for size in sizes:
            for start in range(kept, size, 1000):
                cache.put(_sentences(start, min(1000, size - start)))
            kept = size
            with _counted(curve, "a look", size, raw, 2000, time.process_time):
                for start in range(0, 2000, 20):
                    cache.get([_digest(start + index) for index in range(20)])
            with _counted(curve, "a new one", size, raw, 2000, time.process_time):
                for start in range(0, 2000, 20):
                    cache.put(_sentences(10**7 + size + start, 20))
    return curve


def _sentences(first: int, count: int) -> dict[str, str]:
    return {
        _digest(first + index): f"The town council has {first + index} ideas for the station." for index in range(count)
    }


def _digest(number: int) -> str:
    return f"{number:032x}"


def _text(number: int) -> str:
    return f"La commune a inauguré sa bibliothèque numéro {number} mardi. Elle ouvrira ses portes lundi."


@contextmanager
def _redis() -> Iterator[tuple[EmbeddedRedis, redis.Redis]]:
    with EmbeddedRedis() as server, redis.Redis.from_url(server.url) as raw:
        yield server, raw


@contextmanager
def _echo_worker(server: EmbeddedRedis) -> Iterator[Worker]:
    with running(server.url, environment={"DEPECHE_PROFILE": "echo"}, arguments=["--concurrency", "4"]) as worker:
        yield worker


@contextmanager
def _counted(
    curve: Curve, name: str, size: int, raw: redis.Redis, count: int, clock: Callable[[], float]
) -> Iterator[None]:
    """Adds what Redis and another process use in the context for each of ``count`` pieces of work."""
    of_redis, ours = redis_cpu_s(raw), clock()
    yield
    curve.add(f"{name}: Redis", size, (redis_cpu_s(raw) - of_redis) * 1000 / count)
    curve.add(f"{name}: the other", size, (clock() - ours) * 1000 / count)


def _work_off(curve: Curve, size: int, raw: redis.Redis, started: Sequence[Worker]) -> None:
    """Wait until the workers have taken the counted jobs, and see what that has cost.

    As many before do not count: with its first articles, a worker imports and prepares what it needs.
    """
    queue = QUEUES["normal"]
    waiting = int(raw.llen(queue))

    def taken(jobs: int) -> None:
        while int(raw.llen(queue)) > waiting - jobs:
            time.sleep(0.01)

    taken(_JOBS)
    with _counted(curve, "a job", size, raw, _JOBS, lambda: sum(cpu_s(worker.pid) for worker in started)):
        taken(2 * _JOBS)


def draw(curves: Sequence[Curve], path: Path) -> bool:
    """Write the picture, a PNG; False where matplotlib is not installed."""
    try:
        import matplotlib as mpl
    except ImportError:
        return False
    mpl.use("Agg")
    from matplotlib import pyplot

    figure, panels = pyplot.subplots(2, 2, figsize=(12, 8), layout="constrained")
    for curve, panel in zip(curves, panels.flat, strict=True):
        for name, points in curve.series.items():
            # A logarithm has no place for an empty queue.
            shown = {max(1, size): cost for size, cost in points.items()}
            panel.plot(list(shown), list(shown.values()), marker="o", label=name)
        panel.set(xscale="log", ylim=(0, None), title=curve.title, xlabel=curve.axis, ylabel=curve.unit)
        panel.legend(fontsize="small")
    figure.savefig(path, dpi=100)
    pyplot.close(figure)
    return True


def _figure(cost: float | None) -> str:
    return "" if cost is None else f"{cost:.3g}"
