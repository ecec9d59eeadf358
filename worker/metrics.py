"""What a worker counts for Prometheus. Names follow its conventions, and no label has an article's text or id.

What is in Redis (queues, running jobs) is read at each scrape, and every worker shows the same: take the maximum over
the workers, not the sum. With a pool of processes nothing else is shown, as each child counts for itself.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import Any, get_args

import redis
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from config.settings import Settings
from depeche import keys
from depeche.article import STAGES, Flag, Stats
from depeche.queue import QUEUES, Priority
from depeche.redis_client import timestamp
from tasks.engines import Engines, Hypothesis, Translator
from tasks.translation.passing import PassingTranslator
from worker.broker.inspection import Reason
from worker.janitor import Aside
from worker.ledger import RedisLedger, Seen
from worker.run.ledger import Claim
from worker.run.observers import OUTCOMES, Ending

#: An article takes some milliseconds if all of it is in the cache, and up to hours.
JOB_BUCKETS = (0.1, 0.3, 1, 3, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200)
STAGE_BUCKETS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 60, 120, 300, 600, 1800)
BATCH_BUCKETS = (1, 2, 4, 8, 16, 32, 64, 128)
CONFIDENCE_BUCKETS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1)


class Metrics:
    """All metrics of one worker process. It is an ``Observer`` of the process's jobs.

    Attributes:
        registry: all that ``/metrics`` shows.
    """

    def __init__(self, settings: Settings) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._profile = settings.profile
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)

        def counter(name: str, text: str, *labels: str) -> Counter:
            return Counter(f"depeche_{name}", text, labels, registry=registry)

        def gauge(name: str, text: str, *labels: str) -> Gauge:
            return Gauge(f"depeche_{name}", text, labels, registry=registry)

        def histogram(name: str, text: str, buckets: Sequence[float], *labels: str) -> Histogram:
            return Histogram(f"depeche_{name}", text, labels, buckets=buckets, registry=registry)

        self.jobs = counter(
            "jobs_total", "Attempts at jobs that ended in this worker, by outcome.", "outcome", "profile"
        )
        self.job_seconds = histogram(
            "job_seconds", "Seconds from the start of an attempt in this worker to its end.", JOB_BUCKETS, "profile"
        )
        self.queued_seconds = histogram(
            "job_queued_seconds", "Seconds from the submit of a job to its first start.", JOB_BUCKETS
        )
        self.stage_seconds = histogram(
            "stage_seconds", "Seconds of each stage, for jobs that succeeded.", STAGE_BUCKETS, "stage"
        )
        self.sentences = counter("sentences_total", "Sentences of articles that succeeded.")
        self.characters = counter("source_characters_total", "French characters of articles that succeeded.")
        self.tokens = counter(
            "tokens_total",
            "Tokens that went into and came out of the translator, as it counts them itself.",
            "direction",
        )
        self.batch_sentences = histogram("batch_sentences", "Sentences in one call of the translator.", BATCH_BUCKETS)
        self.batch_seconds = histogram("batch_seconds", "Seconds of one call of the translator.", STAGE_BUCKETS)
        self.cache = counter("cache_sentences_total", "Sentences looked for in the cache.", "result")
        self.flags = counter("flags_total", "Flags of sentences and titles, by kind.", "flag")
        self.confidence = histogram("confidence", "How sure the model was of a sentence.", CONFIDENCE_BUCKETS)
        self.attempts = counter("attempts_total", "Attempts that this worker started.")
        self.redeliveries = counter("redeliveries_total", "Messages of jobs that had already been started before.")
        self.refused = counter("refused_messages_total", "Messages that were refused, by their fault.", "reason")
        self.renewals = counter("lease_renewals_total", "Renewals of this worker's leases.", "result")
        self.janitor = counter(
            "janitor_published_total", "Jobs that the janitor put on their queue again, by reason.", "reason"
        )
        self.set_aside = counter("set_aside_total", "What another program has spoilt in Redis, by what it was.", "what")
        self.in_work = gauge("jobs_in_work", "Jobs in work in this worker.")
        self.engine_memory = gauge(
            "engine_memory_bytes", "By how many bytes the process grew when it loaded the engines."
        )
        self.model = gauge(
            "model_info", "The models that are loaded.", "stage", "id", "revision", "engine", "compute_type"
        )
        self.ready = gauge("worker_ready", "1 if the models are loaded, Redis answers and the worker takes articles.")
        gauge("build_info", "The version that runs.", "version").labels(version("depeche-worker")).set(1)
        # All series must be there from the start. A rate over a series that appears with its first event misses that
        # event.
        for outcome in OUTCOMES:
            self.jobs.labels(outcome, self._profile)
        for flag in Flag:
            self.flags.labels(flag)
        for counted, values in (
            (self.tokens, ("input", "output")),
            (self.cache, ("hit", "miss")),
            (self.renewals, ("ok", "failed")),
            (self.refused, get_args(Reason)),
            (self.janitor, get_args(Seen)),
            (self.set_aside, get_args(Aside)),
        ):
            for value in values:
                counted.labels(value)

    def claimed(self, claim: Claim) -> None:
        """Count the attempt or the redelivery."""
        if claim.outcome == "started":
            self.attempts.inc()
            if claim.token == 1 and claim.queued_ms is not None:
                self.queued_seconds.observe(claim.queued_ms / 1000)
        if claim.outcome == "spoilt":
            self.set_aside.labels("record").inc()
        if claim.token > 1 or claim.outcome in {"held", "ended"}:
            self.redeliveries.inc()

    def ended(self, ending: Ending) -> None:
        """Count one attempt, and what was in its article."""
        self.jobs.labels(ending.outcome, self._profile).inc()
        self.job_seconds.labels(self._profile).observe(ending.seconds)
        result = ending.result
        if result is None or ending.outcome != "succeeded":
            return
        for stage in STAGES:
            self.stage_seconds.labels(stage).observe(getattr(result.timings_ms, stage) / 1000)
        self.sentences.inc(len(result.segments))
        self.characters.inc(result.source.chars)
        self.cache.labels("hit").inc(result.cache.hits)
        self.cache.labels("miss").inc(result.cache.misses)
        for segment in result.segments:
            if segment.confidence is not None:
                self.confidence.observe(segment.confidence)
        for flag, count in result.quality.flags.items():
            self.flags.labels(flag).inc(count)

    def measured(self, engines: Engines) -> Engines:
        """The same engines, but their translator is measured. The metrics also name their models from now on."""
        models = {"translation": engines.translator, "summary": engines.abstractive or engines.summariser}
        for stage, engine in models.items():
            self.model.labels(stage=stage, **engine.info.model_dump()).set(1)
        return replace(engines, translator=_MeasuredTranslator(engines.translator, self))


class _MeasuredTranslator(PassingTranslator):
    """A translator that counts its batches, tokens and seconds."""

    def __init__(self, translator: Translator, metrics: Metrics) -> None:
        super().__init__(translator)
        self._metrics = metrics

    def translate(self, sentences: Sequence[str], *, attempt: int = 0) -> list[Hypothesis]:
        """Return what the translator returns."""
        started = time.perf_counter()
        found = super().translate(sentences, attempt=attempt)
        self._metrics.batch_seconds.observe(time.perf_counter() - started)
        self._metrics.batch_sentences.observe(len(sentences))
        self._metrics.tokens.labels("input").inc(sum(self.count_tokens(sentences)))
        texts = [hypothesis.text for hypothesis in found if hypothesis.text]
        self._metrics.tokens.labels("output").inc(sum(self.count_tokens(texts)))
        return found


class Backlog(Collector):
    """Reads at each scrape what is in Redis. If Redis is away, ``depeche_redis_up`` is 0 and the others are missing."""

    def __init__(self, client: redis.Redis, ledger: RedisLedger) -> None:
        self._client = client
        self._ledger = ledger

    def describe(self) -> list[Any]:
        """Return nothing, so that registering the collector does not ask Redis."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the gauges."""
        up = GaugeMetricFamily("depeche_redis_up", "1 if Redis answers this worker.")
        try:
            stats, oldest, unacknowledged, memory = self._read()
        except redis.RedisError:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        yield _by_priority("depeche_queue_length", "Messages on a queue.", stats.queued)
        yield _by_priority("depeche_oldest_waiting_seconds", "Seconds that the oldest waiting job has waited.", oldest)
        for name, text, value in (
            ("running_jobs", "Jobs in work in all workers.", stats.running),
            ("delayed_jobs", "Jobs that wait for another attempt.", stats.delayed),
            ("dead_letters", "Dead jobs and refused messages that are kept.", stats.dead),
            ("workers", "Workers that have given a sign of life.", stats.workers),
            ("unacknowledged_messages", "Messages that workers hold.", unacknowledged),
            ("redis_memory_used_bytes", "Memory that Redis uses.", memory["used_memory"]),
            ("redis_memory_max_bytes", "Memory that Redis may use; 0 means no limit.", memory["maxmemory"]),
        ):
            yield GaugeMetricFamily(f"depeche_{name}", text, value)

    def _read(self) -> tuple[Stats, dict[Priority, float], int, dict[str, Any]]:
        stats = self._ledger.stats()
        with self._client.pipeline(transaction=False) as pipe:
            pipe.time()
            for waiting in keys.WAITING_SETS.values():
                pipe.zrange(waiting, 0, 0, withscores=True)
            pipe.hlen(keys.UNACKED.name)
            pipe.info("memory")
            time, *firsts, unacknowledged, memory = pipe.execute()
        now = timestamp(time)
        oldest = {
            priority: max(0.0, now - first[0][1]) if first else 0.0
            for priority, first in zip(QUEUES, firsts, strict=True)
        }
        return stats, oldest, unacknowledged, memory


def _by_priority(name: str, text: str, values: dict[Any, Any]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=["priority"])
    for priority, value in values.items():
        family.add_metric([priority], value)
    return family
