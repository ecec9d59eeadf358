"""An adapter's folder in peft's format: its files, and the shape that is written there."""

from __future__ import annotations

import json
from pathlib import Path

from training.recipe import Lora

WEIGHTS = "adapter_model.safetensors"
CONFIG = "adapter_config.json"
#: Settings of peft by which an adapter adds something else than B @ A * alpha / rank.
_OTHER_KINDS = ("use_rslora", "use_dora", "alpha_pattern")


def read_shape(folder: Path) -> Lora:
    """Rank and alpha of the adapter in a folder.

    Raises:
        ValueError: the adapter is no plain LoRA.
        OSError: there is none, or it cannot be read.
    """
    config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    if any(config.get(kind) for kind in _OTHER_KINDS):
        raise ValueError(f"{folder} is no plain LoRA, scaled by alpha / rank, and nothing else is known here")
    return Lora(rank=config["r"], alpha=config["lora_alpha"])
