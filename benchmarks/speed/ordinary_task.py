"""The ordinary way: a Celery task that calls transformers, started with ``celery -A benchmarks.speed.ordinary_task``.

``BENCH_URL`` is the Redis, ``BENCH_MODEL`` the checkpoint's folder. Each process of the worker loads the model once and
computes with one thread, so that two articles on two cores do not wait for each other.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

app = Celery("ordinary", broker=os.environ.get("BENCH_URL"), backend=os.environ.get("BENCH_URL"))
app.conf.update(broker_connection_retry_on_startup=True, task_default_queue="ordinary", worker_prefetch_multiplier=1)
# Celery gives a process four seconds to be up, and the model's take longer.
app.conf.update(worker_proc_alive_timeout=600)

#: Sentences of one batch, where they are sorted by length.
BATCH = 32
_loaded: list[Translator] = []


class Translator:
    """A Marian checkpoint on transformers and torch, in float32."""

    def __init__(self, folder: Path, threads: int) -> None:
        import torch
        from transformers import MarianMTModel

        from worker.models.engines import tokenizers

        torch.set_num_threads(threads)
        self._tokenizer: Any = tokenizers.load(folder)
        self._model: Any = MarianMTModel.from_pretrained(folder, dtype=torch.float32).eval()
        self._no_grad = torch.inference_mode

    def translate(self, sentences: Sequence[str], beam: int, tokens: int) -> int:
        """Translate one batch. Each output has so many tokens; returns how many were written."""
        inputs = self._tokenizer(list(sentences), return_tensors="pt", padding=True)
        with self._no_grad():
            found = self._model.generate(
                **inputs, num_beams=beam, min_new_tokens=tokens, max_new_tokens=tokens, max_length=None
            )
        self._tokenizer.batch_decode(found, skip_special_tokens=True)
        # The first token of each row is not written by the model.
        return int(found.shape[0] * (found.shape[1] - 1))


@worker_process_init.connect
def _load(**_: Any) -> None:
    _loaded.append(Translator(Path(os.environ["BENCH_MODEL"]), threads=1))


@app.task(name="ordinary.translate")
def translate(sentences: list[str], beam: int, tokens: int, batched: bool) -> int:
    """Translate one article, sentence by sentence or in batches of like lengths; returns how many tokens."""
    size = BATCH if batched else 1
    ordered = sorted(sentences, key=len)
    batches = [ordered[at : at + size] for at in range(0, len(ordered), size)]
    return sum(_loaded[0].translate(batch, beam, tokens) for batch in batches)
