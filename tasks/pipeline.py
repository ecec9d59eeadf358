"""The way of one article: find its language, segment, translate and check, summarise."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from tasks.article import (
    Article,
    ArticleResult,
    Cache,
    Flag,
    Models,
    Options,
    Progress,
    Quality,
    Segment,
    Source,
    Timings,
)
from tasks.engines import Engines
from tasks.steps.language import identify
from tasks.steps.normalise import has_letters
from tasks.steps.segment import segment
from tasks.steps.summarise import summarise
from tasks.steps.translate import Translation, translate


@dataclass(frozen=True)
class Job:
    """What the pipeline is told of the job beside the article.

    Attributes:
        id: the task id.
        attempt: which try this is, from 1.
        queued_ms: how long it waited; None where the submit time is not known.
        report: called with the progress after every step and every batch.
    """

    id: str
    attempt: int = 1
    queued_ms: int | None = None
    report: Callable[[Progress], None] = lambda progress: None


def process(article: Article, options: Options, engines: Engines, job: Job) -> ArticleResult:
    """Translate and summarise one article.

    Raises:
        NotFrench: it is in another language, and ``options.force`` is off.
        ModelUnavailable: an engine failed.
    """
    clock = _Clock()
    with clock.stage("segment"):
        job.report(Progress(stage="segment", done=0, total=1))
        language = identify(article.text, article.language, options.force, engines.detector)
        segmentation = segment(article.text)
    with clock.stage("translate"):
        # The title travels as one more sentence, at the front.
        sources = [*([article.title] if article.title else []), *(s.text for s in segmentation.sentences)]
        translations = _translate(sources, language, engines, job)
        title = translations.pop(0) if article.title else None
    segments = [
        Segment(paragraph=s.paragraph, sentence=s.sentence, fr=s.text, en=t.text, flags=list(t.flags))
        for s, t in zip(segmentation.sentences, translations, strict=True)
    ]
    with clock.stage("summarise"):
        job.report(Progress(stage="summarise", done=0, total=1))
        summary = summarise(segments, engines.summariser, options.summary_sentences) if options.summary else None
    return ArticleResult(
        id=job.id,
        title_en=title.text if title else None,
        text_en=segmentation.join([t.text for t in translations]),
        summary_en=summary,
        segments=segments,
        quality=Quality(
            flagged_segments=sum(1 for s in segments if s.flags),
            flags=_count_flags([title, *translations] if title else translations),
            summary=engines.summariser.kind if summary else "none",
        ),
        models=Models(
            translation=engines.translator.info if language == "fr" else None,
            summary=engines.summariser.info if summary else None,
        ),
        timings_ms=clock.timings(job.queued_ms),
        attempts=job.attempt,
        cache=Cache(hits=0, misses=sum(1 for source in sources if has_letters(source)) if language == "fr" else 0),
        source=Source(language=language, chars=len(article.text), metadata=article.metadata),
    )


def _translate(sources: Sequence[str], language: str, engines: Engines, job: Job) -> list[Translation]:
    if language == "en":
        return [Translation(source, (Flag.ALREADY_ENGLISH,)) for source in sources]
    return translate(
        sources,
        engines.translator,
        on_batch=lambda done, total: job.report(Progress(stage="translate", done=done, total=total)),
    )


def _count_flags(translations: Sequence[Translation]) -> dict[Flag, int]:
    counts = Counter(flag for translation in translations for flag in translation.flags)
    return {flag: counts[flag] for flag in Flag if flag in counts}


@dataclass
class _Clock:
    """Measures the stages of one article."""

    started: float = field(default_factory=time.perf_counter)
    stages: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.stages[name] = _ms_since(started)

    def timings(self, queued_ms: int | None) -> Timings:
        return Timings(queued=queued_ms, total=_ms_since(self.started), **self.stages)


def _ms_since(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)
