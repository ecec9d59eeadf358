"""How fast a translation checkpoint writes on a CPU and, where there is one, on a CUDA device. Needs torch.

    python -m benchmarks.full_size OUT
    python -m benchmarks.devices OUT/opus-mt-fr-en [--sentences 1024]

Every output is made 60 tokens long, so that a checkpoint of random weights does too, and beams are four, as a worker's.
Prints a markdown table.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import torch

from config.settings import Device, Engine, load_settings
from tasks.normalise import for_model
from tests.checkpoints.articles import PAIRS
from worker.models import standard
from worker.models.engines.decoding import Decoding
from worker.models.prepare import prepare

_TOKENS = 60
#: Translated before the clock starts: the first batch on a CUDA device also loads its kernels.
_WARM_UP = 64


def main() -> None:
    """Time each, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", help="a translation model's folder in Hugging Face's layout")
    parser.add_argument("--sentences", type=int, default=1024)
    args = parser.parse_args()
    sentences = list(itertools.islice(itertools.cycle(for_model(pair.french) for pair in PAIRS), args.sentences))
    devices: tuple[Device, ...] = ("cpu", "cuda") if torch.cuda.is_available() else ("cpu",)
    engines: tuple[Engine, ...] = ("ctranslate2", "transformers")
    print("| engine | device | number format | tokens/s |\n| --- | --- | --- | ---: |")
    for engine, device in itertools.product(engines, devices):
        compute_type, rate = _measure(args.checkpoint, sentences, engine, device)
        print(f"| {engine} | {device} | {compute_type} | {rate:,.0f} |", flush=True)


def _measure(checkpoint: str, sentences: Sequence[str], engine: Engine, device: Device) -> tuple[str, float]:
    """The number format, and tokens a second."""
    with tempfile.TemporaryDirectory() as scratch:
        settings = load_settings(profile="standard", device=device, model_dir=Path(scratch), engine=engine)
        folder = prepare(checkpoint, "translation", settings, trial=False)
        _, codec, model = standard.open_model(folder, "translation", settings)
        inputs = codec.encode(sentences)
        model.generate(inputs[:_WARM_UP], Decoding(4), min_tokens=_TOKENS, max_tokens=_TOKENS)
        started = time.perf_counter()
        outputs = model.generate(inputs, Decoding(4), min_tokens=_TOKENS, max_tokens=_TOKENS)
        elapsed = time.perf_counter() - started
    return model.compute_type, sum(len(output.ids) for output in outputs) / elapsed


if __name__ == "__main__":
    main()
