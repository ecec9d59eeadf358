"""The way of one article: find its language, cut it into sentences, translate and check them, and summarise."""

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
from depeche.queue import Priority
from tasks.checks import details
from tasks.engines import Engines, Translator, turn
from tasks.language import identify
from tasks.normalise import has_letters
from tasks.segment import Segmentation, segment
from tasks.summary import Summary, summarise
from tasks.translation import CachingTranslator, Glossary, SentenceCache, Translation, translate


@dataclass(frozen=True)
class Context:
    """What the pipeline knows about the job, besides the article.

    Attributes:
        id: the task id.
        attempt: which attempt this is, counted from 1.
        queued_ms: how many milliseconds the job waited; None if the time of its submit is not known.
        report: is called with the progress after every step and every batch.
        cache: the sentences that were translated before, also in other jobs; None if nothing is kept.
        priority: the queue that the job came from.
        check: is called while the engine serves other jobs, and raises if this one must not go on.
    """

    id: str
    attempt: int = 1
    queued_ms: int | None = None
    report: Callable[[Progress], None] = lambda progress: None
    cache: SentenceCache | None = None
    priority: Priority = "normal"
    check: Callable[[], None] = lambda: None


def process(article: Article, options: Options, engines: Engines, context: Context) -> ArticleResult:
    """Translate and summarise one article.

    Raises:
        NotFrench: the article is in another language, and ``options.force`` is off.
        ModelUnavailable: an engine failed.
    """
    with turn(context.priority, context.check):
        return _process(article, options, engines, context)


def _process(article: Article, options: Options, engines: Engines, context: Context) -> ArticleResult:
    clock = _Clock()
    with clock.stage("segment"):
        context.report(Progress(stage="segment", done=0, total=1))
        segmentation = segment(article.text)
        # The title is translated as one more sentence, in front of the others.
        paragraphs = [*([[article.title]] if article.title else []), *_paragraphs(segmentation)]
        languages = identify(paragraphs, article.language, options.force, engines.detector)
    with clock.stage("translate"):
        sources = [sentence for sentences in paragraphs for sentence in sentences]
        caching = None if context.cache is None else CachingTranslator(engines.translator, context.cache)
        translations = _translate(
            sources, languages.sentences, caching or engines.translator, Glossary(options.glossary), context
        )
        asked = sum(
            has_letters(s) and language == "fr" for s, language in zip(sources, languages.sentences, strict=True)
        )
        title = translations.pop(0) if article.title else None
    segments = [
        Segment(
            paragraph=s.paragraph,
            sentence=s.sentence,
            fr=s.text,
            en=t.text,
            flags=list(t.flags),
            details=details(t.findings),
            confidence=_confidence(t),
        )
        for s, t in zip(segmentation.sentences, translations, strict=True)
    ]
    with clock.stage("summarise"):
        context.report(Progress(stage="summarise", done=0, total=1))
        title_en = title.text if title else None
        summary = Summary()
        if options.summary:
            summary = summarise(segments, engines, options.summary_sentences, title_en)
    return ArticleResult(
        id=context.id,
        title_en=title_en,
        title_fr=article.title if title else None,
        title_flags=list(title.flags) if title else [],
        title_confidence=_confidence(title) if title else None,
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
        source=Source(language=languages.article, chars=len(article.text), metadata=article.metadata),
    )


def _paragraphs(segmentation: Segmentation) -> list[list[str]]:
    groups = groupby(segmentation.sentences, key=lambda sentence: sentence.paragraph)
    return [[sentence.text for sentence in group] for _, group in groups]


def _translate(
    sources: Sequence[str], languages: Sequence[str], translator: Translator, glossary: Glossary, context: Context
) -> list[Translation]:
    """Each French sentence in English; the others as they are, with a flag that says so."""
    french = [source for source, language in zip(sources, languages, strict=True) if language == "fr"]
    translated = iter(
        translate(
            french,
            translator,
            on_batch=lambda done, total: context.report(Progress(stage="translate", done=done, total=total)),
            glossary=glossary,
        )
        if french
        else []
    )
    flags = {"en": Flag.ALREADY_ENGLISH}
    return [
        next(translated) if language == "fr" else Translation(source, (flags.get(language, Flag.OTHER_LANGUAGE),))
        for source, language in zip(sources, languages, strict=True)
    ]


def _confidence(translation: Translation) -> float | None:
    return round(translation.score.confidence, 3) if translation.score else None


def _count_flags(translations: Sequence[Translation]) -> dict[Flag, int]:
    counts = Counter(flag for translation in translations for flag in translation.flags)
    return {flag: counts[flag] for flag in Flag if flag in counts}


@dataclass
class _Clock:
    """Measures how long each stage of one article takes."""

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
