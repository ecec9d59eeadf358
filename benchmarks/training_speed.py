"""What makes a training step faster: tokens a second with and without the trainer's short cuts, as a markdown table.

    python -m benchmarks.training_speed --pairs pairs.tsv.gz [--steps 12]

Each row trains on the same batches; figures are of the median step. ``make train`` also sets how freed memory is kept;
run with its GLIBC_TUNABLES to see the effect of that.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import torch

from training.batches import Example, plan, to_batch
from training.fused import fuse
from training.model import TargetLoss, add_adapter, load_base, load_tokenizer
from training.pairs import read_pairs
from training.recipe import load_recipe
from training.train import trainable
from worker.models.embedded import base_weights

_WARM_UP_STEPS = 2
_PAIRS = 4_000


def main() -> None:
    """Print a row for peft's own layers and the whole softmax, and one for each short cut added."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=Path, required=True, help="table of fr, en, origin, tab-separated")
    parser.add_argument("--steps", type=int, default=12)
    options = parser.parse_args()
    with TemporaryDirectory() as folder, base_weights(Path(folder)) as weights:
        _print_table(options, weights)


def _print_table(options: argparse.Namespace, weights: Path) -> None:
    tokenizer = load_tokenizer(weights)
    recipe = load_recipe()
    # So many that the vocabulary of their translations is that of a real run.
    pairs = list(itertools.islice(read_pairs(options.pairs), _PAIRS))
    batches = plan(
        pairs, recipe, lambda text: tokenizer(text, add_special_tokens=False).input_ids, tokenizer.bos_token_id
    )
    used = sorted({token for batch in batches for example in batch for token in example.target})
    batches = batches[: options.steps + _WARM_UP_STEPS]
    whole = range(len(tokenizer))
    print("| softmax over | layers | tokens/s | pairs/s |\n| --- | --- | --- | --- |")
    for vocabulary, fused in ((whole, False), (used, False), (used, True)):
        tokens, sentences = _speed(batches, vocabulary, weights, fused=fused)
        layers = "fused" if fused else "peft's"
        print(f"| {len(vocabulary):,} tokens | {layers} | {tokens:.0f} | {sentences:.2f} |", flush=True)


def _speed(
    batches: list[list[Example]], vocabulary: range | list[int], weights: Path, *, fused: bool
) -> tuple[float, float]:
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    with patch("training.model.fuse", fuse if fused else lambda model: None):
        model = add_adapter(load_base(weights, device), load_recipe().lora)
    loss_of = TargetLoss(model, vocabulary)
    optimizer = torch.optim.AdamW(trainable(model))
    took_s = []
    for batch in batches:
        start_s = time.perf_counter()
        loss_of(to_batch(batch, device)).backward()
        optimizer.step()
        optimizer.zero_grad()
        # The item waits for the device.
        float(next(iter(trainable(model))).sum())
        took_s.append(time.perf_counter() - start_s)
    del model, loss_of, optimizer
    gc.collect()
    rest = list(zip(batches, took_s, strict=True))[_WARM_UP_STEPS:]
    tokens = statistics.median(sum(map(len, batch)) / seconds for batch, seconds in rest)
    sentences = statistics.median(len(batch) / seconds for batch, seconds in rest)
    return tokens, sentences


if __name__ == "__main__":
    main()
