"""The base model, dequantised from its GGUF file, with a trainable low-rank adapter (peft) on all linear layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
from safetensors.torch import load_file, save_file
from torch.nn import functional
from transformers import AutoModelForCausalLM, AutoTokenizer, GemmaTokenizer, PreTrainedModel

from training.batches import Batch
from training.fused import fuse
from training.peft_folder import WEIGHTS, read_shape
from training.recipe import Lora

LAYERS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


def load_base(gguf: Path, device: torch.device, dtype: torch.dtype = torch.float32) -> PreTrainedModel:
    """The base model with the weights that llama.cpp computes with, so that the adapter fits these."""
    model: PreTrainedModel = AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, dtype=dtype)
    return model.to(device)


def load_tokenizer(gguf: Path) -> GemmaTokenizer:
    """The tokenizer of the same file."""
    tokenizer: GemmaTokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
    return tokenizer


def add_adapter(base: PreTrainedModel, shape: Lora, start: Path | None = None) -> PeftModel:
    """Freeze the base and put an adapter over its linear layers.

    Args:
        start: a peft folder to go on from, of the same scale (alpha by rank) and at most the same rank; what its rank
            lacks begins by changing nothing, as all does without it.

    Raises:
        ValueError: ``start`` is not such a folder.
    """
    config = LoraConfig(
        r=shape.rank, lora_alpha=shape.alpha, target_modules=list(LAYERS), lora_dropout=0.0, task_type="CAUSAL_LM"
    )
    # The adapter in float32 over a base in whatever format: small steps would be rounded away in a shorter one.
    model = get_peft_model(base, config, autocast_adapter_dtype=True)
    if start:
        _check_shape(start, shape)
        load_adapter_weights(model, _widened(load_file(start / WEIGHTS), adapter_weights(model)))
    fuse(model)
    return model


def adapter_weights(model: PeftModel) -> dict[str, torch.Tensor]:
    """The adapter's weights by peft's names."""
    # Without a look for embeddings: peft would ask the hub for the base model's configuration.
    weights: dict[str, torch.Tensor] = get_peft_model_state_dict(model, save_embedding_layers=False)
    return weights


def load_adapter_weights(model: PeftModel, weights: Mapping[str, torch.Tensor]) -> None:
    """Set the adapter's weights, all of them.

    Raises:
        ValueError: one is missing, or one has no place.
    """
    outcome: Any = set_peft_model_state_dict(model, {name: weight.float() for name, weight in weights.items()})
    wrong = [*outcome.unexpected_keys, *(name for name in outcome.missing_keys if "lora_" in name)]
    if wrong:
        raise ValueError(f"these weights are not this adapter's: {wrong[0]} and {len(wrong) - 1} more do not match")


def save_adapter(model: PeftModel, weights: Mapping[str, torch.Tensor], folder: Path) -> None:
    """Write an adapter of the model's shape in peft's format, in float16."""
    folder.mkdir(parents=True, exist_ok=True)
    model.peft_config["default"].save_pretrained(str(folder))
    new = folder / f"{WEIGHTS}.new"
    save_file({name: weight.detach().half().cpu().contiguous() for name, weight in weights.items()}, new)
    new.replace(folder / WEIGHTS)


def _check_shape(adapter: Path, shape: Lora) -> None:
    try:
        found = read_shape(adapter)
    except OSError as error:
        raise ValueError(f"{adapter} is not an adapter in peft's format ({error.strerror})") from error
    if found.rank > shape.rank or found.alpha / found.rank != shape.alpha / shape.rank:
        raise ValueError(
            f"{adapter} has rank {found.rank} and alpha {found.alpha}: the recipe's rank must be at least that, and "
            "its alpha in proportion"
        )


def _widened(start: Mapping[str, torch.Tensor], fresh: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The weights of a lower rank in the first places of fresh ones, whose other half is zero there (peft's B)."""
    wide = {}
    for name, weight in start.items():
        if name not in fresh:
            raise ValueError(f"these weights are not this adapter's: {name} has no place in it")
        whole = fresh[name].detach().clone().float()
        whole[tuple(slice(0, size) for size in weight.shape)] = weight.float()
        wide[name] = whole
    return wide


class TargetLoss(torch.nn.Module):
    """Cross-entropy of the translations alone, over the tokens that translations use.

    The output layer has 262 144 rows, most of a step's cost; the targets use about a tenth of them. The others' logits
    are not trained: the base model already keeps Chinese out of an English sentence.
    """

    def __init__(self, model: PeftModel, vocabulary: Sequence[int]) -> None:
        super().__init__()
        self._decoder = model.get_base_model().model
        rows = model.get_input_embeddings().weight.detach()  # tied to the output layer
        ids = torch.tensor(sorted(vocabulary), device=rows.device)
        self.register_buffer("_rows", rows[ids].clone(), persistent=False)
        index = torch.full((rows.shape[0],), -100, device=rows.device)
        index[ids] = torch.arange(len(ids), device=rows.device)
        self.register_buffer("_index", index, persistent=False)

    def forward(self, batch: Batch) -> torch.Tensor:
        """The mean over the batch's target tokens, in nats."""
        hidden = self._decoder(input_ids=batch.tokens, use_cache=False).last_hidden_state
        logits = hidden[batch.predicts].to(self._rows.dtype) @ self._rows.T
        return functional.cross_entropy(logits.float(), self._index[batch.targets])
