"""The mean of adapters: of what they add, whatever their ranks and scales."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("numpy")
pytest.importorskip("safetensors")

import numpy as np
from safetensors.numpy import load_file, save_file

from training.mean import write_mean

LAYER = "base_model.model.model.layers.0.mlp.up_proj.lora_{}.weight"


def write(folder: Path, a: Any, b: Any, alpha: float, layer: str = LAYER) -> Path:
    """An adapter of one layer, in peft's format."""
    folder.mkdir()
    save_file(
        {layer.format("A"): a.astype("float16"), layer.format("B"): b.astype("float16")},
        folder / "adapter_model.safetensors",
    )
    (folder / "adapter_config.json").write_text(json.dumps({"r": len(a), "lora_alpha": alpha}), encoding="utf-8")
    return folder


def added(folder: Path) -> Any:
    """What it adds to the layer's weights."""
    shape = json.loads((folder / "adapter_config.json").read_text(encoding="utf-8"))
    weights = {
        name: weight.astype("float32") for name, weight in load_file(folder / "adapter_model.safetensors").items()
    }
    assert weights[LAYER.format("A")].shape[0] == weights[LAYER.format("B")].shape[1] == shape["r"]
    return weights[LAYER.format("B")] @ weights[LAYER.format("A")] * shape["lora_alpha"] / shape["r"]


def test_of_one_with_itself(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    one = write(tmp_path / "one", random.normal(size=(4, 16)), random.normal(size=(24, 4)), alpha=8)
    assert write_mean([one, one], tmp_path / "mean") == pytest.approx(1)
    np.testing.assert_allclose(added(tmp_path / "mean"), added(one), atol=0.02)


def test_of_other_ranks_and_scales(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    a = random.normal(size=(4, 16))
    one = write(tmp_path / "one", a, random.normal(size=(24, 4)), alpha=8)
    # The same directions, so that the mean has no more than the first one's rank.
    two = write(tmp_path / "two", a[:2], random.normal(size=(24, 2)), alpha=2)
    assert write_mean([one, two], tmp_path / "mean") == pytest.approx(1, abs=1e-4)
    np.testing.assert_allclose(added(tmp_path / "mean"), (added(one) + added(two)) / 2, atol=0.02)


def test_what_the_rank_cannot_hold_is_told(tmp_path: Path) -> None:
    adapters = [
        write(tmp_path / str(at), np.eye(4)[at : at + 1], np.eye(4)[:, at : at + 1] * size, alpha=1)
        for at, size in enumerate((2, 1))
    ]
    assert write_mean(adapters, tmp_path / "mean") == pytest.approx(4 / 5)
    expected = np.zeros((4, 4))
    expected[0, 0] = 1
    np.testing.assert_allclose(added(tmp_path / "mean"), expected, atol=1e-3)


def test_of_other_layers(tmp_path: Path) -> None:
    one = write(tmp_path / "one", np.eye(4), np.eye(4), alpha=4)
    two = write(tmp_path / "two", np.eye(4), np.eye(4), alpha=4, layer=LAYER.replace("up_proj", "down_proj"))
    with pytest.raises(ValueError, match=r"two has other layers than .*one: .*_proj"):
        write_mean([one, two], tmp_path / "mean")


def test_of_another_kind(tmp_path: Path) -> None:
    """What such an adapter adds is not B @ A times alpha by rank."""
    one = write(tmp_path / "one", np.eye(4), np.eye(4), alpha=4)
    two = write(tmp_path / "two", np.eye(4), np.eye(4), alpha=4)
    config = '{"r": 4, "lora_alpha": 4, "use_rslora": true}'
    (two / "adapter_config.json").write_text(config, encoding="utf-8")
    with pytest.raises(ValueError, match="two is no plain LoRA"):
        write_mean([one, two], tmp_path / "mean")
    assert not (tmp_path / "mean").exists()
