"""What the pipeline asks of its engines: the Protocols that ``worker/models/engines/`` fulfils and tests imitate.

An engine is shared by all job threads of a worker process, so every method must be safe to call from several threads.
An engine never falls back to another model by itself: the result names the model that ran.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Protocol

from depeche.article import ModelInfo


@dataclass(frozen=True)
class Score:
    """How probable a model found what it wrote.

    Attributes:
        log_probability: natural logarithm of the probability of the whole text.
        tokens: how many tokens of the model's own that is the probability of, at least 1. CTranslate2 and transformers
            count the end of the text in, llama.cpp does not.
    """

    log_probability: float
    tokens: int

    @property
    def confidence(self) -> float:
        """The geometric mean of the tokens' probabilities, from 0 to 1."""
        return math.exp(min(0.0, self.log_probability / self.tokens))


def total_score(scores: Iterable[Score | None]) -> Score | None:
    """The score of a text that was written in parts; None where no part has one."""
    known = [score for score in scores if score is not None]
    if not known:
        return None
    return Score(sum(score.log_probability for score in known), sum(score.tokens for score in known))


@dataclass(frozen=True)
class Hypothesis:
    """One translation that an engine gives for a sentence.

    Attributes:
        text: one stripped line; empty when the model gave nothing.
        score: None where the engine has no model, or the model wrote nothing.
    """

    text: str
    score: Score | None = None


class Translator(Protocol):
    """Turns French sentences into English ones."""

    @property
    def info(self) -> ModelInfo:
        """Which model, revision, engine and compute type; goes into every result."""

    @property
    def settings(self) -> str:
        """What changes its output beside ``info``: beam size, prompt, …; a part of the key of remembered sentences."""

    @property
    def max_input_tokens(self) -> int:
        """The longest input, in the model's own tokens, that is translated whole. Longer input must be split first."""

    @property
    def batch_size(self) -> int:
        """How many sentences one call takes best; the caller reports progress after each batch."""

    @property
    def prompt_texts(self) -> Sequence[str]:
        """English sentences of the engine's own prompt. One of them in a translation is a leak, not a translation."""

    @property
    def least_confidence(self) -> float:
        """A translation under this is flagged: measured so that about one sentence in twenty is."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Length of each text in the model's own tokens, in the order given."""

    def unreadable(self, text: str) -> Set[str]:
        """The characters of a text that the model's vocabulary lacks where they stand; mostly none."""

    def translate(self, sentences: Sequence[str], *, attempt: int = 0) -> list[Hypothesis]:
        """Translate single-line sentences, each at most ``max_input_tokens`` long.

        Args:
            sentences: non-empty, normalised, each with at least one letter.
            attempt: 0 for the best decoding; 1, 2 … for other decodings after a failed check.

        Returns:
            One translation a sentence, in order.

        Raises:
            ModelUnavailable: the engine cannot run (any more).
        """


class PassingTranslator:
    """A ``Translator`` around another, for those that add something to :meth:`translate`."""

    def __init__(self, translator: Translator) -> None:
        self._translator = translator

    @property
    def info(self) -> ModelInfo:
        """The other's."""
        return self._translator.info

    @property
    def settings(self) -> str:
        """The other's."""
        return self._translator.settings

    @property
    def max_input_tokens(self) -> int:
        """The other's."""
        return self._translator.max_input_tokens

    @property
    def batch_size(self) -> int:
        """The other's."""
        return self._translator.batch_size

    @property
    def prompt_texts(self) -> Sequence[str]:
        """The other's."""
        return self._translator.prompt_texts

    @property
    def least_confidence(self) -> float:
        """The other's."""
        return self._translator.least_confidence

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The other's."""
        return self._translator.count_tokens(texts)

    def unreadable(self, text: str) -> Set[str]:
        """The other's."""
        return self._translator.unreadable(text)

    def translate(self, sentences: Sequence[str], *, attempt: int = 0) -> list[Hypothesis]:
        """The other's."""
        return self._translator.translate(sentences, attempt=attempt)


class SentenceExtractor(Protocol):
    """Summarises by choosing sentences: nothing is written anew, so no fact can be invented."""

    @property
    def info(self) -> ModelInfo:
        """Which model, revision, engine and compute type; goes into every result."""

    def summarise(self, paragraphs: Sequence[Sequence[str]], *, max_sentences: int) -> list[str]:
        """Choose sentences of an English article.

        Args:
            paragraphs: the article's sentences by paragraph, headings included as one-sentence paragraphs.
            max_sentences: the most sentences wanted, at least 1.

        Returns:
            At most ``max_sentences`` sentences in reading order; an empty list where the text is too short for one.

        Raises:
            ModelUnavailable: the engine cannot run (any more).
        """


class AbstractiveSummariser(Protocol):
    """Writes a short English text about a long one. What it writes may be wrong: the caller checks it."""

    @property
    def info(self) -> ModelInfo:
        """Which model, revision, engine and compute type; goes into every result."""

    @property
    def max_input_tokens(self) -> int:
        """The longest input, in the model's own tokens, that is taken whole. Longer input must be split first."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Length of each text in the model's own tokens, as ``max_input_tokens`` counts them, in the order given."""

    def summarise(self, texts: Sequence[str], *, min_tokens: int, max_tokens: int, attempt: int = 0) -> list[str]:
        """Summarise single-line English texts, each at most ``max_input_tokens`` long and by itself.

        Args:
            texts: whole sentences with plain spaces and straight quotes; all are given at once, to be batched.
            min_tokens: the length of each summary below which the model may not end it, at least 1.
            max_tokens: the length at which it is cut off, more than ``min_tokens``.
            attempt: 0 for the best decoding; 1, 2 … for other decodings after a failed check.

        Returns:
            One raw summary a text, in order: it may end in mid-sentence where ``max_tokens`` was reached, hold the
            model's own spacing and marks, and be empty where the model gave nothing.

        Raises:
            ModelUnavailable: the engine cannot run (any more).
        """


class LanguageDetector(Protocol):
    """Tells what language a text is in."""

    def detect(self, text: str) -> Detection:
        """The most likely language of a text that has at least one letter."""


@dataclass(frozen=True)
class Detection:
    """A language guess.

    Attributes:
        language: ISO 639-1 code in lower case, such as ``fr``.
        confidence: probability from 0 to 1.
    """

    language: str
    confidence: float


@dataclass(frozen=True)
class Engines:
    """All that one worker process loads, once.

    Attributes:
        translator: writes the English.
        summariser: makes the summary where no abstractive one is there or none passed its checks.
        detector: tells the article's language.
        close: frees everything, after the last article.
        abstractive: writes the summary; None in profiles without such a model.
    """

    translator: Translator
    summariser: SentenceExtractor
    detector: LanguageDetector
    close: Callable[[], None] = lambda: None
    abstractive: AbstractiveSummariser | None = None
