"""Starts a real worker, ``python -m benchmarks.speed.forced run``, whose outputs have a length that was asked for.

Models of random weights write noise that never ends, so that every translation is cut at ``BENCH_TOKENS`` tokens. With
``BENCH_CHECKS=0`` nothing is checked and nothing repaired. Otherwise each output is replaced by the true English of
``BENCH_PAIRS``, a JSON file from French to English, as all checks would fail on noise: the model has then done the work
of a translation, and the checks look at one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from unittest.mock import patch

from tasks.engines import Hypothesis, Score
from tasks.translation import sentences
from worker.__main__ import main
from worker.models.engines.seq2seq import Seq2SeqTranslator

#: A probability that raises no doubt, as random weights are never sure.
_SURE = Score(-0.1, 1)


@contextmanager
def without_checks() -> Iterator[None]:
    """In the context, this process neither checks nor repairs."""
    unrepaired = partial(sentences.translate, repair=False)
    with (
        patch("tasks.translation.sentences.findings", lambda *_, **__: []),
        patch("tasks.pipeline.translate", unrepaired),
    ):
        yield


def force_lengths(tokens: int, english: Mapping[str, str]) -> None:
    """From now on, this process's translations have so many tokens each, and the text that ``english`` has for them."""

    def translate(self: Seq2SeqTranslator, asked: Sequence[str], *, attempt: int = 0) -> list[Hypothesis]:
        found = self._generate(asked, min_tokens=tokens, max_tokens=tokens, attempt=attempt)
        return [
            replace(one, text=english.get(french, one.text), score=_SURE)
            for french, one in zip(asked, found, strict=True)
        ]

    Seq2SeqTranslator.translate = translate  # type: ignore[method-assign, assignment]


if __name__ == "__main__":
    known = json.loads(Path(os.environ["BENCH_PAIRS"]).read_text(encoding="utf-8"))
    force_lengths(int(os.environ["BENCH_TOKENS"]), known)
    with without_checks() if os.environ["BENCH_CHECKS"] == "0" else nullcontext():
        main()
