"""The way of one article: find its language, segment, translate and check, summarise."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby

from depeche.article import (
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
from tasks.checks import details
from tasks.engines import Engines, LanguageDetector, Translator
from tasks.language import identify, is_english
from tasks.normalise import has_letters
from tasks.segment import Segmentation, segment
from tasks.summary import Summary, summarise
from tasks.translation import CachingTranslator, SentenceCache, Translation, translate


@dataclass(frozen=True)
class Context:
    """What the pipeline is told of the job, besides the article.

    Attributes:
        id: the task id.
        attempt: which try this is, from 1.
        queued_ms: how long it waited; None where the submit time is not known.
        report: called with the progress after every step and every batch.
        cache: the sentences translated so far, in earlier jobs too; None where nothing is kept.
    """

    id: str
    attempt: int = 1
    queued_ms: int | None = None
    report: Callable[[Progress], None] = lambda progress: None
    cache: SentenceCache | None = None


def process(article: Article, options: Options, engines: Engines, context: Context) -> ArticleResult:
    """Translate and summarise one article.

    Raises:
        NotFrench: it is in another language, and ``options.force`` is off.
        ModelUnavailable: an engine failed.
    """
    clock = _Clock()
    with clock.stage("segment"):
        context.report(Progress(stage="segment", done=0, total=1))
        language = identify(article.text, article.language, options.force, engines.detector)
        segmentation = segment(article.text)
    with clock.stage("translate"):
        # The title travels as one more sentence, at the front.
        sources = [*([article.title] if article.title else []), *(s.text for s in segmentation.sentences)]
        already = _already_english(segmentation, language, options.force, engines.detector)
        passes = [*([language == "en"] if article.title else []), *already]
        caching = None if context.cache is None else CachingTranslator(engines.translator, context.cache)
        translations = _translate(sources, passes, caching or engines.translator, context)
        asked = sum(has_letters(source) and not is_en for source, is_en in zip(sources, passes, strict=True))
        title = translations.pop(0) if article.title else None
    segments = [
        Segment(
            paragraph=s.paragraph,
            sentence=s.sentence,
            fr=s.text,
            en=t.text,
            flags=list(t.flags),
            details=details(t.findings),
            confidence=round(t.score.confidence, 3) if t.score else None,
        )
        for s, t in zip(segmentation.sentences, translations, strict=True)
    ]
    with clock.stage("summarise"):
        context.report(Progress(stage="summarise", done=0, total=1))
        summary = summarise(segments, engines, options.summary_sentences) if options.summary else Summary()
    return ArticleResult(
        id=context.id,
        title_en=title.text if title else None,
        text_en=segmentation.join([t.text for t in translations]),
        summary_en=summary.text,
        segments=segments,
        quality=Quality(
            flagged_segments=sum(1 for s in segments if s.flags),
            flags=_count_flags([title, *translations] if title else translations),
            summary=summary.kind,
        ),
        models=Models(
            translation=engines.translator.info if asked else None,
            summary=summary.model,
        ),
        timings_ms=clock.timings(context.queued_ms),
        attempts=context.attempt,
        cache=Cache(hits=caching.hits, misses=caching.misses) if caching else Cache(hits=0, misses=asked),
        source=Source(language=language, chars=len(article.text), metadata=article.metadata),
    )


def _already_english(
    segmentation: Segmentation, language: str, force: bool, detector: LanguageDetector
) -> Iterator[bool]:
    """For each sentence, whether it passes through: all of an English article, English paragraphs of a French one."""
    for _, group in groupby(segmentation.sentences, key=lambda sentence: sentence.paragraph):
        texts = [sentence.text for sentence in group]
        passes = language == "en" or (not force and is_english(" ".join(texts), detector))
        yield from (passes for _ in texts)


def _translate(
    sources: Sequence[str], passes: Sequence[bool], translator: Translator, context: Context
) -> list[Translation]:
    translated = iter(
        translate(
            [source for source, is_en in zip(sources, passes, strict=True) if not is_en],
            translator,
            on_batch=lambda done, total: context.report(Progress(stage="translate", done=done, total=total)),
        )
        if not all(passes)
        else []
    )
    return [
        Translation(source, (Flag.ALREADY_ENGLISH,)) if is_en else next(translated)
        for source, is_en in zip(sources, passes, strict=True)
    ]


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
