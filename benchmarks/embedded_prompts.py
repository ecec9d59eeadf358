"""Compares prompts and decodings of the embedded translator: quality, numbers kept, and speed, as a markdown table.

    python -m benchmarks.embedded_prompts --model gemma.gguf --source dev.fr --reference dev.en --limit 100

Source and reference hold a sentence a line, in the same order. ``--only`` takes names of the table's first column.
Everything runs without the adapter, greedily. On a hundred sentences, differences under about two BLEU mean nothing.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.scores import HEADING, cells
from benchmarks.sentences import read_sentences
from depeche.article import ModelInfo
from worker.models.engines.llama_cpp import DECODINGS, LlamaCppTranslator
from worker.models.engines.prompt import BARE, EXAMPLES, FEW_SHOT, Prompt

EVERYDAY = (
    (
        "Le chat dort sur la table et les enfants jouent dans le jardin.",
        "The cat is sleeping on the table and the children are playing in the garden.",
    ),
    ("Je voudrais une tasse de café, s'il vous plaît.", "I would like a cup of coffee, please."),
    ("Elle a oublié ses clés à la maison ce matin.", "She forgot her keys at home this morning."),
    ("Où se trouve la gare la plus proche ?", "Where is the nearest train station?"),
    ("Nous avons acheté trois kilos de pommes au marché.", "We bought three kilos of apples at the market."),
    (
        "Il fait froid, alors mets ton manteau avant de sortir.",
        "It is cold, so put on your coat before you go out.",
    ),
    (
        "Mon frère travaille dans un hôpital depuis cinq ans.",
        "My brother has been working in a hospital for five years.",
    ),
    (
        "Ce livre raconte l'histoire d'un marin qui a perdu son bateau.",
        "This book tells the story of a sailor who lost his boat.",
    ),
)
HEADER = "Professional translations of French news articles into English.\n\n"
SAMPLING = {"temperature": 0.3, "min_p": 0.1}
#: DRY and the repetition penalty look back over the translation and its source, not over the examples.
DRY = {"temperature": 0.0, "dry_multiplier": 0.8, "dry_allowed_length": 3, "dry_penalty_last_n": 64}
REPEAT = {"temperature": 0.0, "repeat_penalty": 1.1, "repeat_last_n": 48}


@dataclass(frozen=True)
class Variant:
    """One row of the table: a prompt and how the translation is drawn.

    Attributes:
        decoding: request fields; the engine's own for a first attempt by default.
    """

    name: str
    prompt: Prompt
    decoding: Mapping[str, float] | None = None


VARIANTS = (
    Variant("no example", BARE),
    *(Variant(f"{n} news", Prompt(EXAMPLES[:n])) for n in (2, 4, 6)),
    Variant("8 news", FEW_SHOT),
    Variant("8 news, reversed", Prompt(EXAMPLES[::-1])),
    Variant("8 everyday", Prompt(EVERYDAY)),
    Variant("8 news, header", Prompt(header=HEADER)),
    Variant("8 news, FR:/EN:", Prompt(source_mark="FR:", target_mark="EN:")),
    Variant("8 news, temperature 0.3, min_p 0.1", FEW_SHOT, SAMPLING),
    Variant("8 news, DRY", FEW_SHOT, DRY),
    Variant("8 news, repetition penalty 1.1", FEW_SHOT, REPEAT),
)


def main() -> None:
    """Translate the sentences with every variant and print a row each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="the GGUF file")
    parser.add_argument("--source", type=Path, required=True, help="French sentences, one a line")
    parser.add_argument("--reference", type=Path, required=True, help="their English translations")
    parser.add_argument("--limit", type=int, default=100, help="how many of them")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--slots", type=int, default=4)
    parser.add_argument("--only", nargs="*", metavar="NAME", help="rows to make; all by default")
    options = parser.parse_args()
    sources = read_sentences(options.source, options.limit)
    references = read_sentences(options.reference, options.limit)
    print(f"| variant | {HEADING} | tokens/s | sentences/s |")
    print("| --- " * (HEADING.count("|") + 4) + "|")
    for variant in VARIANTS:
        if not options.only or variant.name in options.only:
            print(_row(variant, sources, references, options), flush=True)
    print(f"\nPeak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB.")


def _row(variant: Variant, sources: Sequence[str], references: Sequence[str], options: argparse.Namespace) -> str:
    translator = LlamaCppTranslator(
        options.model,
        model=ModelInfo(id=options.model.name, revision="local", engine="llama.cpp", compute_type="gguf"),
        threads=options.threads,
        slots=options.slots,
        prompt=variant.prompt,
        decodings=DECODINGS if variant.decoding is None else (variant.decoding,),
    )
    start_s = time.perf_counter()
    translations = [hypothesis.text for hypothesis in translator.translate(sources)]
    took_s = time.perf_counter() - start_s
    tokens = sum(translator.count_tokens(translations))
    translator.close()
    speeds = f"{tokens / took_s:.0f} | {len(sources) / took_s:.2f}"
    return f"| {variant.name} | {cells(sources, translations, references)} | {speeds} |"


if __name__ == "__main__":
    main()
