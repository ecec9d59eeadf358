"""Converted checkpoints on CTranslate2: the standard profile's engine."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

# As for llama.cpp: waiting threads must not burn the cores that other processes need. Read when the library is loaded.
os.environ.setdefault("GOMP_SPINCOUNT", "1000")

import ctranslate2

from depeche.errors import ModelUnavailable
from tasks.engines import Score
from worker.models.engines.batcher import Batcher
from worker.models.engines.codec import Codec
from worker.models.engines.decoding import Decoding, Found, Output, choose_device, failure, runaway

#: Inputs computed together, if they are sentences: on a CPU few on each thread, on a GPU many. Measured with 2 threads
#: and 32 inputs: 8 together are 1.6 times as fast as all in one batch on both, and a limit in tokens makes batches of
#: unlike work.
_BATCH = {"cpu": 8, "cuda": 128}
#: Tokens of inputs and of all hypotheses that one batch may come to, for the memory: the decoder keeps each of them, in
#: opus-mt's size 25 KB, in distilbart's 49 KB. Sentences of usual length stay under it.
_BATCH_TOKENS = {"cpu": 4096, "cuda": 65_536}
#: Batches that one call should have for each thread.
_BATCHES = 2


class _Request(NamedTuple):
    """How to search; see ``Generator.generate``."""

    decoding: Decoding
    min_tokens: int
    max_tokens: int | None


class CTranslate2Generator:
    """A ``Generator`` on CTranslate2. A batcher joins the inputs of all calls."""

    def __init__(
        self,
        folder: Path,
        codec: Codec,
        *,
        device: str,
        compute_type: str,
        threads: int,
        batcher: Batcher | None = None,
    ) -> None:
        """Load a converted model.

        Args:
            folder: what ``depeche-worker models prepare`` made.
            codec: its tokenizer.
            device: auto, cpu or cuda.
            compute_type: auto, or one that the device supports.
            threads: batches computed at once on a CPU, one thread each; a GPU computes one.
            batcher: joins inputs to batches; by default one of its own.

        Raises:
            ModelUnavailable: there is no such device, it cannot compute so, or the model cannot be loaded.
        """
        self._codec = codec
        self._device = resolve_device(device)
        self._workers = threads if self._device == "cpu" else 1
        self._batcher = batcher or Batcher(self._workers)
        wanted = resolve_compute_type(compute_type, self._device)
        supported = sorted(ctranslate2.get_supported_compute_types(self._device))
        if wanted not in supported:
            raise ModelUnavailable(
                f"this {self._device} cannot compute in {wanted}: set DEPECHE_COMPUTE_TYPE to auto or one of "
                + ", ".join(supported)
            )
        try:
            self._model = ctranslate2.Translator(
                str(folder),
                device=self._device,
                compute_type=wanted,
                # Sentences of one article are many and short: a thread each beats all threads on one.
                inter_threads=self._workers,
                intra_threads=1,
            )
        except (RuntimeError, ValueError) as error:
            raise ModelUnavailable(
                f"CTranslate2 cannot load {folder} ({error}): run depeche-worker models prepare --force",
                {"path": str(folder)},
            ) from error

    @property
    def compute_type(self) -> str:
        """The number format that the model really runs in."""
        return str(self._model.compute_type)

    @property
    def batch_size(self) -> int:
        """Enough to give each thread batches of like lengths."""
        return _BATCHES * _BATCH[self._device] * self._workers

    def generate(
        self,
        inputs: Sequence[Sequence[int]],
        decoding: Decoding,
        *,
        min_tokens: int,
        max_tokens: int | None,
        found: Found = lambda outputs: None,
    ) -> list[Output]:
        """See ``Generator``."""
        return self._batcher.run(self, _Request(decoding, min_tokens, max_tokens), inputs, found)

    def most(self, longest: int, request: _Request) -> int:
        """How many inputs one batch may have; see ``Model`` of ``batcher.py``."""
        tokens = longest + request.decoding.beam_size * self._limit(longest, request)
        return max(1, min(_BATCH[self._device], _BATCH_TOKENS[self._device] // tokens))

    def compute(self, inputs: Sequence[Sequence[int]], request: _Request) -> list[Output]:
        """Generate for one batch, for equal inputs once: several articles may have the same sentence.

        Raises:
            EngineOverloaded: memory is short.
            ModelUnavailable: the device failed.
        """
        start = self._codec.forced_start
        prefix = self._codec.tokens([start]) if start is not None else None
        decoding = request.decoding
        limit = self._limit(max(map(len, inputs)), request)
        unique = list(dict.fromkeys(map(tuple, inputs)))
        try:
            results = self._model.translate_batch(
                [self._codec.tokens(ids) for ids in unique],
                [prefix] * len(unique) if prefix else None,
                beam_size=decoding.beam_size,
                length_penalty=decoding.length_penalty,
                no_repeat_ngram_size=decoding.no_repeat_ngram_size,
                repetition_penalty=decoding.repetition_penalty,
                disable_unk=True,
                return_scores=True,
                # Its default cuts at 1024 without a word; the caller has checked the length.
                max_input_length=0,
                min_decoding_length=request.min_tokens,
                max_decoding_length=limit,
            )
        except (RuntimeError, MemoryError) as error:
            raise failure("CTranslate2", error) from error
        outputs = [_output(self._codec, result, decoding, limit) for result in results]
        found = dict(zip(unique, outputs, strict=True))
        return [found[tuple(ids)] for ids in inputs]

    def _limit(self, longest: int, request: _Request) -> int:
        if request.max_tokens is not None:
            return request.max_tokens
        return runaway(longest, self._codec.max_output_tokens)


def _output(codec: Codec, result: ctranslate2.TranslationResult, decoding: Decoding, max_tokens: int) -> Output:
    # What it calls a score is the log-probability divided by a power of the length, the end counted in where there is
    # one.
    tokens = min(len(result.hypotheses[0]) + 1, max_tokens)
    return Output(codec.ids(result.hypotheses[0]), Score(result.scores[0] * tokens**decoding.length_penalty, tokens))


def resolve_device(device: str) -> str:
    """``cpu`` or ``cuda``.

    Raises:
        ModelUnavailable: CUDA is asked for, and CTranslate2 sees no such device.
    """
    return choose_device(device, has_cuda=ctranslate2.get_cuda_device_count() > 0)


def resolve_compute_type(compute_type: str, device: str) -> str:
    """The number format meant by ``auto``: int8 on a CPU, float16 on a GPU."""
    return compute_type if compute_type != "auto" else "float16" if device == "cuda" else "int8"
