"""The articles of a measurement, and what the translator is given of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.french import News, news
from benchmarks.speed.forced import without_checks
from config.settings import Settings
from depeche.article import Article, Options
from tasks.engines import Engines, Hypothesis, Translator
from tasks.pipeline import Context, process
from tasks.translation.passing import PassingTranslator
from tests.checkpoints.articles import Pair
from worker.models import prepared, standard
from worker.models.engines.codec import Codec
from worker.models.engines.echo import EchoDetector, EchoSummariser, EchoTranslator

#: Sentences of an article of our own, by its kind. Mixed ones have few, some or many, as those of a day of news have.
SENTENCES: Mapping[str, Sequence[int]] = {
    "short": (3,),
    "medium": (12,),
    "long": (60,),
    "mixed": (3, 12, 3, 6, 24, 3),
}
#: How many articles of a file there are at least: a single one is no mixture, however long.
LEAST_MIXED = 6


@dataclass(frozen=True)
class Load:
    """Articles that are given to each of those who are compared.

    Attributes:
        name: which kind of articles.
        articles: their texts.
        inputs: for each article, the sentences that the model is given, each once.
        english: from each sentence to its true English; empty where that is not known.
    """

    name: str
    articles: tuple[str, ...]
    inputs: tuple[tuple[str, ...], ...]
    english: Mapping[str, str]

    @property
    def sentences(self) -> int:
        """How many are translated."""
        return sum(map(len, self.inputs))


def own(name: str, sentences: int, translator: Translator) -> Load:
    """Articles of our own with about so many sentences in all, and at least one article."""
    lengths, written = SENTENCES[name], list[News]()
    while not written or sum(len(one.pairs) for one in written) < sentences:
        written.append(news(lengths[len(written) % len(lengths)], seed=len(written)))
    pairs = [pair for one in written for pair in one.pairs]
    return _load(name, [one.text for one in written], translator, pairs)


def of_file(path: Path, sentences: int, translator: Translator, articles: int = LEAST_MIXED) -> Load:
    """The first of a JSONL file, as for ``depeche submit --jsonl``: at least so many articles and sentences."""
    with path.open(encoding="utf-8") as lines:
        texts = (json.loads(line)["text"] for line in lines)
        chosen, found = list[str](), 0
        for text in texts:
            chosen.append(text)
            found += len(_inputs(text, translator))
            if found >= sentences and len(chosen) >= articles:
                break
    return _load("mixed", chosen, translator, [])


def translator_of(settings: Settings) -> Translator:
    """One that knows the model's tokens, and echoes: the weights are not loaded."""
    if settings.profile == "echo":
        return EchoTranslator()
    folder = prepared.find(settings.translation_model, settings)
    return _Tokens(Codec(folder / standard.CODEC, "translation"))


class _Tokens(EchoTranslator):
    def __init__(self, codec: Codec) -> None:
        self._codec = codec
        self.max_input_tokens = codec.max_input_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._codec.count(texts)

    def unreadable(self, text: str) -> frozenset[str]:
        return self._codec.unreadable(text)


class _Recorder(PassingTranslator):
    """Keeps what it is asked for."""

    def __init__(self, translator: Translator) -> None:
        super().__init__(translator)
        self.asked: dict[str, None] = {}

    def translate(self, sentences: Sequence[str], *, attempt: int = 0) -> list[Hypothesis]:
        self.asked |= dict.fromkeys(sentences)
        return super().translate(sentences, attempt=attempt)


def _inputs(text: str, translator: Translator) -> tuple[str, ...]:
    """What the pipeline itself asks the engine for."""
    recorder = _Recorder(translator)
    with without_checks():
        engines = Engines(recorder, EchoSummariser(), EchoDetector())
        process(Article(text=text), Options(summary=False), engines, Context("inputs"))
    return tuple(recorder.asked)


def _load(name: str, texts: Sequence[str], translator: Translator, pairs: Sequence[Pair]) -> Load:
    inputs = tuple(_inputs(text, translator) for text in texts)
    return Load(name, tuple(texts), inputs, {pair.french: pair.english for pair in pairs})


def cut(load: Load, sentences: int) -> Load:
    """The first articles of a load, for what is slow; at least one."""
    count, found = 1, len(load.inputs[0])
    while count < len(load.inputs) and found < sentences:
        found += len(load.inputs[count])
        count += 1
    return replace(load, articles=load.articles[:count], inputs=load.inputs[:count])
