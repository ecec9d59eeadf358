"""The echo engines: no model, for wiring, load and crash tests. Never a default.

The translation is the French sentence between brackets, ``[fr→en] …``. A sentence may carry orders for the tests:

    echo:sleep=SECONDS    takes that long
    echo:fail             raises ModelUnavailable
    echo:crash            ends the whole process, as the kernel does when memory is short
"""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Sequence
from pathlib import Path

from depeche.article import ModelInfo
from depeche.errors import EngineOverloaded, ModelUnavailable
from tasks.engines import Detection, Hypothesis

INFO = ModelInfo(id="echo", revision="1", engine="echo", compute_type="none")

CRASH_WHILE = re.compile(r"echo:crash-while=(\S+)")
SLEEP = re.compile(r"echo:sleep=(\d+(?:\.\d+)?)")


class EchoTranslator:
    """Marks each sentence, and obeys the orders in it."""

    info = INFO
    settings = ""
    max_input_tokens = 512
    batch_size = 8
    prompt_texts: Sequence[str] = ()
    least_confidence = 0.0
    attempts = 3

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words, as there is no model."""
        return [len(text.split()) for text in texts]

    def unreadable(self, text: str) -> frozenset[str]:  # noqa: ARG002  # the Protocol's
        """Nothing: there is no vocabulary."""
        return frozenset()

    def translate(self, sentences: Sequence[str], *, attempt: int = 0) -> list[Hypothesis]:
        """``[fr→en]`` and the sentence. Orders are obeyed once: checks fail on an echo, and it is asked for again."""
        if attempt == 0:
            for sentence in sentences:
                self._obey(sentence)
        return [Hypothesis(f"[fr→en] {sentence}") for sentence in sentences]

    def _obey(self, sentence: str) -> None:
        if match := SLEEP.search(sentence):
            time.sleep(float(match[1]))
        if "echo:fail" in sentence:
            raise ModelUnavailable("the article told the echo engine to fail")
        if "echo:overload" in sentence:
            raise EngineOverloaded("the article told the echo engine to be out of memory")
        cause = CRASH_WHILE.search(sentence)
        if Path(cause[1]).exists() if cause else "echo:crash" in sentence:
            os.kill(os.getpid(), signal.SIGKILL)


class EchoSummariser:
    """The first sentences."""

    info = INFO

    def summarise(
        self,
        paragraphs: Sequence[Sequence[str]],
        *,
        max_sentences: int,
        title: str | None = None,  # noqa: ARG002
    ) -> list[str]:
        """The first ``max_sentences`` sentences."""
        return [sentence for paragraph in paragraphs for sentence in paragraph][:max_sentences]


class EchoDetector:
    """Takes everything for French."""

    def detect(self, text: str) -> Detection:  # noqa: ARG002  # the Protocol's
        """French, always."""
        return Detection("fr", 1.0)
