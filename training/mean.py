"""The mean of several adapters as one of the same shape: often better than each of them.

    python -m training.mean run1/adapter run2/adapter --out mean

What counts is the mean of what they add to the base's weights, which has up to the sum of their ranks. Its largest
directions are kept, as many as the first adapter's rank; the share of them is printed. Adapters that were trained on
from one another have most directions in common, so little is lost. (Wortsman et al., "Model soups", 2022.)
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from training.peft_folder import CONFIG, WEIGHTS, read_shape

_A, _B = ".lora_A.", ".lora_B."

Matrix = NDArray[np.floating[Any]]


def write_mean(adapters: Sequence[Path], out: Path) -> float:
    """Write the mean, of the first adapter's rank and alpha, to a folder in peft's format.

    Args:
        adapters: peft's folders.
        out: the folder; made if it is not there.

    Returns:
        How much of the mean is kept: the share of its squared length, from 0 to 1.

    Raises:
        ValueError: an adapter is no plain LoRA, or has weights for other layers than the first.
        OSError: a file cannot be read or written.
    """
    shape = read_shape(adapters[0])
    rank, scale = shape.rank, shape.alpha / shape.rank
    additions = [dict(_additions(adapter)) for adapter in adapters]
    for adapter, own in zip(adapters, additions, strict=True):
        if strange := own.keys() ^ additions[0].keys():
            raise ValueError(f"{adapter} has other layers than {adapters[0]}: {min(strange)}")
    weights, kept, whole = {}, 0.0, 0.0
    for name in additions[0]:
        pairs = [own[name] for own in additions]
        left, sizes, right = _factors(
            np.concatenate([a for a, _ in pairs]), np.concatenate([b for _, b in pairs], axis=1) / len(pairs)
        )
        kept, whole = kept + float(np.sum(sizes[:rank] ** 2)), whole + float(np.sum(sizes**2))
        half = np.sqrt(sizes[:rank] / scale)
        weights[name.replace(_B, _A)] = (half[:, None] * right[:rank]).astype(np.float16)
        weights[name] = (left[:, :rank] * half).astype(np.float16)
    out.mkdir(parents=True, exist_ok=True)
    save_file(weights, out / WEIGHTS)
    shutil.copyfile(adapters[0] / CONFIG, out / CONFIG)
    return kept / whole


def _additions(adapter: Path) -> Iterator[tuple[str, tuple[Matrix, Matrix]]]:
    """A and scaled B of each layer, with the shapes (rank, in) and (out, rank), by B's name: B @ A is what it adds."""
    shape = read_shape(adapter)
    weights: Mapping[str, NDArray[np.float16]] = load_file(adapter / WEIGHTS)
    for name, b in weights.items():
        if _B in name:
            a = weights[name.replace(_B, _A)]
            yield name, (a.astype(np.float32), b.astype(np.float32) * (shape.alpha / shape.rank))


def _factors(a: Matrix, b: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """The singular values of b @ a, falling, with its left and right vectors, without ever making the whole product."""
    left, small_b = np.linalg.qr(b)
    right, small_a = np.linalg.qr(a.T)
    u, sizes, vt = np.linalg.svd(small_b @ small_a.T)
    return left @ u, sizes, vt @ right.T


def main() -> None:
    """Write the mean and say how much of it is kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("adapters", type=Path, nargs="+", help="folders in peft's format")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write")
    options = parser.parse_args()
    print(f"{options.out}: {write_mean(options.adapters, options.out):.1%} of the mean")


if __name__ == "__main__":
    main()
