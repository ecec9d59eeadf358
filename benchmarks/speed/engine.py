"""The engine by itself: what is the limit, what batches and narrower searches bring, and a vocabulary map."""

from __future__ import annotations

import json
import random
import shutil
import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from benchmarks.speed.bench import Bench
from benchmarks.speed.measure import in_turns, table
from config.settings import BEAM_SIZES

BATCHES = (1, 3, 8, 32)
LIMIT = "batches of 32"
#: Words that a vocabulary map allows for each word of the French, as those of alignments do.
CANDIDATES = 20
#: Words that it allows for every sentence.
ALWAYS = 100


def batches(bench: Bench) -> list[str]:
    """By the number of sentences in a batch, and in other number formats and libraries."""
    load = bench.load("short")
    with ExitStack() as stack:
        int8, float32, torch = (stack.enter_context(bench.engine(kind)) for kind in ("int8", "float32", "transformers"))
        runs = {f"batches of {size}": partial(int8.run, bench.work(load, size)) for size in BATCHES}
        runs["each article of 3 by itself"] = partial(int8.run, bench.work(load, 0))
        runs["float32, batches of 32"] = partial(float32.run, bench.work(load))
        runs["transformers, float32, batches of 32"] = partial(torch.run, bench.work(load))
        return [
            f"CTranslate2 in int8 unless the row says otherwise, {load.sentences} sentences of {bench.tokens} tokens, "
            f"beam {bench.beam}. The limit for all that follows is the row of batches of 32.",
            "",
            *table("the engine alone", "tokens", in_turns(runs, bench.rounds), LIMIT),
        ]


def presets(bench: Bench) -> list[str]:
    """By the width of the search."""
    load = bench.load("short")
    names = {beam: f" (preset `{name}`)" for name, beam in BEAM_SIZES.items()}
    with bench.engine() as int8:
        runs = {
            f"beam {beam}{names.get(beam, '')}": partial(int8.run, bench.work(load) | {"beam": beam})
            for beam in (1, 2, 4, 8)
        }
        return [
            "What a narrower search costs in quality cannot be measured here: random weights translate nothing, and "
            "those that the tests have know their sentences by heart with every width.",
            "",
            *table(
                "CTranslate2, int8, batches of 32", "tokens", in_turns(runs, bench.rounds), "beam 4 (preset `quality`)"
            ),
        ]


def vocabulary_map(bench: Bench) -> list[str]:
    """What CTranslate2 would save if it need not look at the whole vocabulary for each word."""
    load = bench.load("short")
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        mapped = Path(scratch) / "mapped"
        shutil.copytree(bench.prepared, mapped)
        (mapped / "vmap.txt").write_text(_random_map(mapped), encoding="utf-8")
        whole, part = stack.enter_context(bench.engine()), stack.enter_context(bench.engine(folder=mapped))
        runs = {
            "the whole vocabulary": partial(whole.run, bench.work(load)),
            "a vocabulary map": partial(part.run, bench.work(load, vmap=True)),
        }
        return [
            f"A map of {CANDIDATES} random words for each token of the French and {ALWAYS} for every sentence. It "
            "shows the time alone: a true map comes from aligned translations in the model's own tokens, which "
            "opus-mt's files, as far as they were at hand, do not have, and what it lacks cannot be written.",
            "",
            *table("CTranslate2, int8, batches of 32", "tokens", in_turns(runs, bench.rounds), "the whole vocabulary"),
        ]


def _random_map(folder: Path) -> str:
    """In CTranslate2's form: a line for each token of the source, with those that may be written for it."""
    words: list[str] = json.loads((folder / "shared_vocabulary.json").read_text(encoding="utf-8"))
    usable = [word for word in words if word.split() == [word]]
    chance = random.Random(1)
    lines = ["\t" + " ".join(usable[:ALWAYS])]
    lines += [f"{word}\t{' '.join(chance.sample(usable, CANDIDATES))}" for word in usable]
    return "\n".join(lines) + "\n"
