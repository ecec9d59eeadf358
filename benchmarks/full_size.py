"""Write checkpoints of the standard profile's true sizes with random weights, to measure time and memory without a hub.

    python -m benchmarks.full_size OUT

OUT/opus-mt-fr-en, OUT/opus-mt-tc-big-fr-en and OUT/distilbart-cnn-12-6 have the shapes, the vocabulary sizes and the
layout of the hub's, in float16 (150, 460 and 610 MB). What they write is noise, up to the longest output allowed: steps
and tokens can be timed, not sentences, and models prepare takes them with --no-trial alone. Their tokenizers split text
finer than the true ones, as they learnt from little. Needs torch.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

import torch
from transformers import BartForConditionalGeneration, MarianMTModel

from tasks.normalise import for_model
from tests.checkpoints import layouts
from tests.checkpoints.articles import ARTICLES, PAIRS

_MARIAN_VOCABULARY = 59_514
_TC_BIG_VOCABULARY = 53_017
_BART_VOCABULARY = 50_264


def main() -> None:
    """Write the folders and say how large each is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    out = parser.parse_args().out
    torch.manual_seed(0)
    writers = {"opus-mt-fr-en": write_marian, "opus-mt-tc-big-fr-en": write_tc_big, "distilbart-cnn-12-6": write_bart}
    for name, write in writers.items():
        started = time.perf_counter()
        write(out / name)
        size_mb = sum(file.stat().st_size for file in (out / name).iterdir()) / 1e6
        sys.stdout.write(f"{out / name}: {size_mb:.0f} MB, {time.perf_counter() - started:.0f} s\n")


def write_marian(folder: Path) -> None:
    """opus-mt-fr-en's shape."""
    _write_marian(folder, layouts.marian_config(_MARIAN_VOCABULARY, d_model=512, layers=6, ffn=2048, heads=8))


def write_tc_big(folder: Path) -> None:
    """opus-mt-tc-big-fr-en's shape."""
    config = layouts.marian_config(_TC_BIG_VOCABULARY, d_model=1024, layers=6, ffn=4096, heads=16)
    config.activation_function = "relu"
    config.max_position_embeddings = 1024
    _write_marian(folder, config)


def _write_marian(folder: Path, config: Any) -> None:
    french, english = [for_model(pair.french) for pair in PAIRS], [pair.english for pair in PAIRS]
    layouts.write_marian_tokenizer(folder, french, english, pieces=1000, size=config.vocab_size)
    layouts.save_marian(MarianMTModel(config), folder)


def write_bart(folder: Path) -> None:
    """distilbart-cnn-12-6's shape."""
    texts = [text for article in ARTICLES for text in (article.english, article.summary)]
    layouts.write_bart_tokenizer(folder, texts, size=_BART_VOCABULARY, merged=2000)
    config = layouts.bart_config(_BART_VOCABULARY, d_model=1024, layers=(12, 6), ffn=4096, heads=16, positions=1024)
    layouts.save_bart(BartForConditionalGeneration(config), folder, lengths=(56, 142))


if __name__ == "__main__":
    main()
