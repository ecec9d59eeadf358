"""The engine by itself, as a program for ``children.py``: ``python -m benchmarks.speed.engine_child FOLDER TYPE``.

FOLDER is a prepared model for CTranslate2, or a checkpoint where TYPE is ``transformers``; otherwise TYPE is a number
format of CTranslate2. Each line of work has ``articles``, the sentences of each, and how they are translated:

- ``tokens``: each output has so many, whatever the weights say
- ``beam``: the width of the search
- ``batch``: sentences of like length in one batch; 0 for each article by itself, as many at once as there are cores
- ``vmap``: whether only the words of the model's vocabulary map can be written
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.speed.children import serve
from worker.models import standard
from worker.models.engines.codec import Codec
from worker.models.host import cores, give_memory_back

Work = dict[str, Any]


def ctranslate2_model(folder: Path, compute_type: str) -> Callable[[Work], int]:
    """As the worker loads it: a thread for each core, one core for each thread."""
    # The engine's own module comes first, as it says how the library's threads shall wait.
    importlib.import_module("worker.models.engines.ctranslate2")
    ctranslate2 = importlib.import_module("ctranslate2")

    model = ctranslate2.Translator(str(folder), compute_type=compute_type, inter_threads=cores(), intra_threads=1)
    codec = Codec(folder / standard.CODEC, "translation")
    known: dict[str, list[str]] = {}

    def tokens(sentences: Sequence[str]) -> list[list[str]]:
        # The engine alone is measured: the round that is not counted fills this.
        new = [sentence for sentence in sentences if sentence not in known]
        known.update(zip(new, map(codec.tokens, codec.encode(new)), strict=True))
        return [known[sentence] for sentence in sentences]

    def translate(work: Work, sentences: Sequence[str]) -> int:
        found = model.translate_batch(
            tokens(sentences),
            beam_size=work["beam"],
            max_batch_size=work["batch"],
            min_decoding_length=work["tokens"],
            max_decoding_length=work["tokens"],
            use_vmap=work.get("vmap", False),
            max_input_length=0,
            disable_unk=True,
            return_scores=True,
        )
        return sum(len(one.hypotheses[0]) for one in found)

    def run(work: Work) -> int:
        if work["batch"]:
            return translate(work, [sentence for article in work["articles"] for sentence in article])
        with ThreadPoolExecutor(cores()) as threads:
            return sum(threads.map(lambda article: translate(work, article), work["articles"]))

    return run


def transformers_model(folder: Path) -> Callable[[Work], int]:
    """The checkpoint itself, in float32, with all cores."""
    from benchmarks.speed.ordinary_task import Translator

    translator = Translator(folder, threads=cores())

    def run(work: Work) -> int:
        sentences = sorted((sentence for article in work["articles"] for sentence in article), key=len)
        batches = [sentences[at : at + work["batch"]] for at in range(0, len(sentences), work["batch"])]
        return sum(translator.translate(batch, work["beam"], work["tokens"]) for batch in batches)

    return run


if __name__ == "__main__":
    give_memory_back()
    where, kind = Path(sys.argv[1]), sys.argv[2]
    serve(lambda: transformers_model(where) if kind == "transformers" else ctranslate2_model(where, kind))
