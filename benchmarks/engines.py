"""How fast CTranslate2 and transformers run the same model, side by side in one run. Needs torch.

    python -m benchmarks.full_size OUT
    python -m benchmarks.engines OUT/opus-mt-fr-en [--rounds 3]

Each engine gets the same batches of 32 inputs with the lengths of sentences, in turn, round by round; the table has the
medians. Every output is as long as the longest allowed, so that models with random weights do the work of real ones.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from config.settings import Settings, load_settings
from worker.models import standard
from worker.models.engines.codec import Codec
from worker.models.engines.decoding import Decoding, Generator
from worker.models.host import cores
from worker.models.prepare import prepare

BATCH = 32
BATCHES = 4
#: Lengths of inputs in tokens, with a middle near that of news sentences.
SHORTEST, COMMONEST, LONGEST = 5, 25, 80
OUTPUT_TOKENS = 40


def main() -> None:
    """Measure, and print a markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", help="a translation model's folder in Hugging Face's layout")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        engines = {
            "ctranslate2 int8": _load(args.checkpoint, scratch, engine="ctranslate2", compute_type="int8"),
            "ctranslate2 float32": _load(args.checkpoint, scratch, engine="ctranslate2", compute_type="float32"),
            "transformers float32": _load(args.checkpoint, scratch, engine="transformers", compute_type="float32"),
        }
        _report(engines, args.rounds)


def _load(checkpoint: str, scratch: str, **options: str) -> tuple[Generator, list[list[list[int]]]]:
    settings: Settings = load_settings(profile="standard", device="cpu", model_dir=Path(scratch), **options)
    folder = prepare(checkpoint, "translation", settings, trial=False)
    codec = Codec(folder / standard.CODEC, "translation")
    return standard.generator(folder, codec, settings), _batches(codec)


def _batches(codec: Codec) -> list[list[list[int]]]:
    """The same random inputs for every engine, each batch of all lengths."""
    chance = random.Random(7)
    words, end = range(2, 400), codec.encode([""])[0]
    lengths = [round(chance.triangular(SHORTEST, LONGEST, COMMONEST)) for _ in range(BATCH * BATCHES)]
    inputs = [[*chance.choices(words, k=length), *end] for length in lengths]
    return [inputs[start : start + BATCH] for start in range(0, len(inputs), BATCH)]


def _report(engines: dict[str, tuple[Generator, list[list[list[int]]]]], rounds: int) -> None:
    print(f"{BATCHES} batches of {BATCH}, {OUTPUT_TOKENS} tokens each, {cores()} cores, median of {rounds} rounds\n")
    print("| engine | beam | tokens/s | against transformers |\n| --- | ---: | ---: | ---: |")
    for beam in (1, 4):
        speeds: dict[str, list[float]] = {name: [] for name in engines}
        for number in range(rounds + 1):
            for name, (model, batches) in engines.items():
                speed = _tokens_per_s(model, batches[:1] if number == 0 else batches, beam)
                if number:  # the first is the warm-up
                    speeds[name].append(speed)
        base = statistics.median(speeds["transformers float32"])
        for name, measured in speeds.items():
            middle = statistics.median(measured)
            print(f"| {name} | {beam} | {middle:.0f} | {middle / base:.1f} |", flush=True)


def _tokens_per_s(model: Generator, batches: Sequence[Sequence[Sequence[int]]], beam: int) -> float:
    started = time.perf_counter()
    for batch in batches:
        outputs = model.generate(batch, Decoding(beam), min_tokens=OUTPUT_TOKENS, max_tokens=OUTPUT_TOKENS)
        assert len(outputs) == len(batch)
    return len(batches) * BATCH * OUTPUT_TOKENS / (time.perf_counter() - started)


if __name__ == "__main__":
    main()
