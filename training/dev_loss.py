"""The loss on sentences that are not learnt from: what tells one recipe from another."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from peft import PeftModel

from tasks.normalise import for_model
from training.batches import Example, Tokenize, to_batch, to_example
from training.model import TargetLoss, adapter_weights, load_adapter_weights
from training.pairs import Pair
from training.recipe import Recipe

_BATCH = 32


def dev_batches(files: Sequence[Path], recipe: Recipe, tokenize: Tokenize, bos: int) -> list[list[Example]]:
    """The sentences of a French and an English file, a sentence a line, in batches of like lengths."""
    french, english = (path.read_text(encoding="utf-8").removesuffix("\n").split("\n") for path in files)
    pairs = [Pair(for_model(fr), for_model(en), "human") for fr, en in zip(french, english, strict=True)]
    examples = sorted((to_example(pair, recipe, tokenize, bos) for pair in pairs), key=len)
    return [examples[start : start + _BATCH] for start in range(0, len(examples), _BATCH)]


def dev_loss(
    model: PeftModel,
    weights: Mapping[str, torch.Tensor],
    loss_of: TargetLoss,
    batches: Sequence[Sequence[Example]],
    device: torch.device,
) -> float:
    """The mean over all target tokens, in nats, with these weights in the adapter's place; its own come back."""
    own = {name: weight.detach().clone() for name, weight in adapter_weights(model).items()}
    load_adapter_weights(model, weights)
    with torch.inference_mode():
        losses = [loss_of(to_batch(batch, device)).item() for batch in batches]
    load_adapter_weights(model, own)
    tokens = [sum(len(example.target) for example in batch) for batch in batches]
    return sum(map(math.prod, zip(losses, tokens, strict=True))) / sum(tokens)
