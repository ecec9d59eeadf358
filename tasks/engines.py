"""What the pipeline asks of its engines. ``worker/models/engines/`` fulfils these Protocols; the tests have fakes.

All threads of a worker process share one engine, so it must be safe to call every method from several threads. An
engine never takes another model by itself, as the result names the model that ran.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Protocol

from depeche.article import ModelInfo
from depeche.queue import Priority


@dataclass(frozen=True)
class Turn:
    """For whom an engine works, where several jobs share it.

    Attributes:
        priority: the job's.
        waits: is called now and then while others are served. What it raises ends the job's call.
        found: is called with translations of a call that still goes on, by their place in it, so that they can be
            kept. The call returns them all the same. An engine need not call it.
    """

    priority: Priority = "normal"
    waits: Callable[[], None] = lambda: None
    found: Callable[[Mapping[int, Hypothesis]], None] = lambda found: None


#: That of the job which this thread works on.
TURN: ContextVar[Turn] = ContextVar("TURN", default=Turn())  # noqa: B039  # it cannot be changed


@contextmanager
def turn(priority: Priority, waits: Callable[[], None]) -> Iterator[None]:
    """What this thread asks of an engine is asked for this job."""
    with _taking(Turn(priority, waits)):
        yield


@contextmanager
def listening(found: Callable[[Mapping[int, Hypothesis]], None]) -> Iterator[None]:
    """Of the one call to a translator within it, translations are told as they come; see :class:`Turn`."""
    with _taking(replace(TURN.get(), found=found)):
        yield


@contextmanager
def _taking(own: Turn) -> Iterator[None]:
    token = TURN.set(own)
    try:
        yield
    finally:
        TURN.reset(token)


@dataclass(frozen=True)
class Score:
    """How probable the model found the text that it wrote.

    Attributes:
        log_probability: the natural logarithm of the probability of the whole text.
        tokens: the number of the model's tokens in this probability, at least 1. CTranslate2 and transformers also
            count the end of the text, llama.cpp does not.
    """

    log_probability: float
    tokens: int

    @property
    def confidence(self) -> float:
        """The geometric mean of the probabilities of the tokens, from 0 to 1."""
        return math.exp(min(0.0, self.log_probability / self.tokens))


def total_score(scores: Iterable[Score | None]) -> Score | None:
    """The score of a text that was written in parts, or None if no part has one."""
    known = [score for score in scores if score is not None]
    if not known:
        return None
    return Score(sum(score.log_probability for score in known), sum(score.tokens for score in known))


@dataclass(frozen=True)
class Hypothesis:
    """One translation that an engine gives for a sentence.

    Attributes:
        text: one line without spaces around it; empty if the model gave nothing.
        score: None if the engine has no model, or the model wrote nothing.
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
        """What else changes its output: beam size, prompt and so on. It is a part of the key of cached sentences."""

    @property
    def max_input_tokens(self) -> int:
        """The longest input that is translated whole, in the model's own tokens. The caller must split longer input."""

    @property
    def batch_size(self) -> int:
        """The best number of sentences for one call. The caller reports the progress after each batch."""

    @property
    def prompt_texts(self) -> Sequence[str]:
        """The English sentences of the engine's own prompt. If a translation has one of them, the prompt has leaked."""

    @property
    def least_confidence(self) -> float:
        """A translation with a lower confidence is flagged. It was measured to flag about one sentence in twenty."""

    @property
    def attempts(self) -> int:
        """How many decodings of a sentence are worth their time: the best one, and those after failed checks."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The length of each text in the model's own tokens, in the order given."""

    def unreadable(self, text: str) -> Set[str]:
        """The characters of a text that the model's vocabulary lacks where they stand; mostly none."""

    def translate(self, sentences: Sequence[str], *, attempt: int = 0) -> list[Hypothesis]:
        """Translate single-line sentences, each at most ``max_input_tokens`` long.

        Args:
            sentences: normalised sentences, each with at least one letter.
            attempt: 0 for the best decoding; 1, 2 and so on for other decodings after a failed check.

        Returns:
            One translation for each sentence, in order.

        Raises:
            ModelUnavailable: the engine cannot run (any more).
        """


class SentenceExtractor(Protocol):
    """Summarises by choosing sentences. It writes nothing itself, so it cannot invent a fact."""

    @property
    def info(self) -> ModelInfo:
        """Which model, revision, engine and compute type; goes into every result."""

    def summarise(
        self, paragraphs: Sequence[Sequence[str]], *, max_sentences: int, title: str | None = None
    ) -> list[str]:
        """Choose sentences of an English article.

        Args:
            paragraphs: the sentences of each paragraph. A heading is a paragraph of one sentence.
            max_sentences: the largest number of sentences wanted, at least 1.
            title: the English title of the article, if it has one.

        Returns:
            At most ``max_sentences`` sentences in reading order; an empty list if the text is too short for a summary.

        Raises:
            ModelUnavailable: the engine cannot run (any more).
        """


class AbstractiveSummariser(Protocol):
    """Writes a short English text about a long one. What it writes may be wrong, so the caller must check it."""

    @property
    def info(self) -> ModelInfo:
        """Which model, revision, engine and compute type; goes into every result."""

    @property
    def max_input_tokens(self) -> int:
        """The longest input that is taken whole, in the model's own tokens. The caller must split longer input."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The length of each text in the model's tokens, as ``max_input_tokens`` counts them, in the order given."""

    def unreadable(self, text: str) -> Set[str]:
        """The characters of a text that the model's vocabulary lacks where they stand; mostly none."""

    def summarise(self, texts: Sequence[str], *, min_tokens: int, max_tokens: int, attempt: int = 0) -> list[str]:
        """Summarise each of these English texts for itself. Each is one line of at most ``max_input_tokens`` tokens.

        Args:
            texts: whole sentences with plain spaces and straight quotes. All are given at once, so that the engine can
                make batches of them.
            min_tokens: the shortest length of a summary; the model may not end it before. At least 1.
            max_tokens: the length at which a summary is cut off, more than ``min_tokens``.
            attempt: 0 for the best decoding; 1, 2 and so on for other decodings after a failed check.

        Returns:
            One raw summary for each text, in order. It may end in the middle of a sentence if ``max_tokens`` was
            reached. It has the model's own spacing and marks, and is empty if the model gave nothing.

        Raises:
            ModelUnavailable: the engine cannot run (any more).
        """


class LanguageDetector(Protocol):
    """Finds out in which language a text is written."""

    def detect(self, text: str) -> Detection:
        """The most likely language of a text. The text has at least one letter."""


@dataclass(frozen=True)
class Detection:
    """A guess at the language of a text.

    Attributes:
        language: the ISO 639-1 code in lower case, such as ``fr``.
        confidence: the probability, from 0 to 1.
    """

    language: str
    confidence: float


@dataclass(frozen=True)
class Engines:
    """All engines of one worker process, which loads them once.

    Attributes:
        translator: writes the English.
        summariser: makes the summary if there is no abstractive one, or what it wrote did not pass its checks.
        detector: finds the language of the article.
        close: frees everything after the last article.
        abstractive: writes the summary; None in profiles without a model for this.
    """

    translator: Translator
    summariser: SentenceExtractor
    detector: LanguageDetector
    close: Callable[[], None] = lambda: None
    abstractive: AbstractiveSummariser | None = None
