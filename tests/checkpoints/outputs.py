"""What a checkpoint writes for a text: by transformers, the reference, and by CTranslate2, which the service runs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ctranslate2
import torch
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer


def by_transformers(folder: Path, texts: Sequence[str], **options: Any) -> list[str]:
    """One output for each text, with the folder's own generation settings where ``options`` name no others."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    # CPUs compute in float32, whatever the weights are stored in.
    model = AutoModelForSeq2SeqLM.from_pretrained(folder, dtype=torch.float32).eval()
    batch = tokenizer(list(texts), return_tensors="pt", padding=True)
    with torch.inference_mode():
        found = model.generate(**batch, **options)
    return [text.strip() for text in tokenizer.batch_decode(found, skip_special_tokens=True)]


def convert(folder: Path, out: Path, quantization: str | None) -> Path:
    """A copy of the checkpoint in CTranslate2's format; None keeps the type of the weights."""
    ctranslate2.converters.TransformersConverter(str(folder)).convert(str(out), quantization=quantization)
    return out


def by_ctranslate2(
    folder: Path, converted: Path, texts: Sequence[str], *, compute_type: str, target: str | None = None, **options: Any
) -> list[str]:
    """One output for each text, with the tokenizer of ``folder`` and the weights of ``converted``.

    Args:
        target: the token that each output begins with, such as a language code; it is not part of the output.
    """
    tokenizer = AutoTokenizer.from_pretrained(folder)
    translator = ctranslate2.Translator(str(converted), compute_type=compute_type, intra_threads=2)
    sources = [tokenizer.convert_ids_to_tokens(ids) for ids in tokenizer(list(texts))["input_ids"]]
    prefix = None if target is None else [[target]] * len(sources)
    results = translator.translate_batch(sources, target_prefix=prefix, **options)
    ids = [tokenizer.convert_tokens_to_ids(result.hypotheses[0]) for result in results]
    return [text.strip() for text in tokenizer.batch_decode(ids, skip_special_tokens=True)]


def bart_options(folder: Path) -> dict[str, Any]:
    """The generation settings of a BART folder in CTranslate2's names, for ``by_ctranslate2``."""
    settings = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return {
        "target": "<s>",
        "beam_size": settings["num_beams"],
        "length_penalty": settings["length_penalty"],
        "no_repeat_ngram_size": settings["no_repeat_ngram_size"],
        "min_decoding_length": settings["min_length"],
        "max_decoding_length": settings["max_length"],
    }
