"""What is known about a result besides its text: models, times, licences and the article's own fields."""

from __future__ import annotations

import json

from depeche.article import ArticleResult, ModelInfo
from depeche.pages.words import count, duration, heading, summary_in_words

MACHINE_MADE = "Translated from French by a machine. Nobody has edited it."

#: The checks find only a part of the faults, which a page must not hide.
LIMITS = (
    "The checks look for lost or changed numbers, names, dates, denials and addresses, for loops, gaps and French that "
    "is left. They cannot see a wrong word or who did what, so a sentence without a mark can be wrong too."
)

_GEMMA = (
    "is made of Google's Gemma 3. The Gemma Terms of Use (ai.google.dev/gemma/terms) and their prohibited uses bind "
    "whoever runs it or passes it on."
)
_OTHER_MODEL = "is under the licence that stands where its weights were published."
_RIGHTS = (
    "A translation does not change whose the article is: before you publish it, ask whoever has the rights of the "
    "original."
)


def facts(result: ArticleResult) -> list[tuple[str, str]]:
    """Names and values, in the order in which they are shown."""
    return [*_models(result), *_counts(result), *_times(result), ("Task id", result.id)]


def metadata(result: ArticleResult) -> list[tuple[str, str]]:
    """The fields that the producer gave the article; what is no text is shown as JSON."""
    fields = result.source.metadata.items()
    return [
        (name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)) for name, value in fields
    ]


def licences(result: ArticleResult) -> list[str]:
    """What there is to know about rights, a paragraph each."""
    models = [model for model in (result.models.translation, result.models.summary) if model and _has_weights(model)]
    names = dict.fromkeys(model.id for model in models)
    return [f"The model {name} {_GEMMA if 'gemma' in name.lower() else _OTHER_MODEL}" for name in names] + [_RIGHTS]


def _has_weights(model: ModelInfo) -> bool:
    """Whether this is a model at all: the echo engine and the choice of sentences are only code."""
    return model.engine not in {"echo", "extractive"}


def _models(result: ArticleResult) -> list[tuple[str, str]]:
    translation, summary = result.models.translation, result.models.summary
    how = summary_in_words(result.quality.summary)
    return [
        ("Translation", _model(translation) if translation else "No model was needed."),
        ("Summary", f"{how}: {_model(summary)}" if summary else f"{how}."),
    ]


def _model(model: ModelInfo) -> str:
    if not _has_weights(model):
        return f"{model.id}, version {model.revision}"
    return f"{model.id} ({model.revision}), run by {model.engine} in {model.compute_type}"


def _counts(result: ArticleResult) -> list[tuple[str, str]]:
    flags = [f"{heading(flag)} ({number})" for flag, number in result.quality.flags.items()]
    source = f"{count(result.source.chars, 'character')}, {count(len(result.segments), 'sentence')}"
    work = f"{count(result.cache.misses, 'sentence')}, each new try counted; {result.cache.hits:,} came from the cache"
    return [
        ("Flags", "; ".join(flags) or "none"),
        ("Article", f"{source}, processed as {_LANGUAGES.get(result.source.language, result.source.language)}"),
        ("Given to the model", work),
    ]


_LANGUAGES = {"fr": "French", "en": "English"}


def _times(result: ArticleResult) -> list[tuple[str, str]]:
    times = result.timings_ms
    queued = "" if times.queued is None else f"{duration(times.queued)} in the queue, "
    stages = f"cut into sentences {duration(times.segment)}, translated {duration(times.translate)}"
    work = f"{stages}, summarised {duration(times.summarise)}; {duration(times.total)} in all"
    return [("Time", f"{queued}{work}"), ("Attempts", f"{result.attempts}")]
