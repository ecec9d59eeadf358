"""The embedded translator with and without its adapter, by decoding, and other systems' output: a markdown table.

    python -m benchmarks.translation --source dev.fr --reference dev.en [--output tiny=dev.tiny.en] [--only NAME ...]

Source, reference and outputs hold a sentence a line, in the same order. ``checked`` is what a worker does: greedy, and
only what fails a check is tried again. ``best of 4`` draws all attempts for every sentence and lets the checks choose;
``consensus of 6`` chooses, among those with the fewest faults, the one nearest to the others (chrF). ``--keep FOLDER``
writes each row's translations. Rows share their draws. The translator's threads are the cores of this process.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sacrebleu.metrics.chrf import CHRF

from benchmarks.scores import HEADING, cells, signatures
from benchmarks.sentences import read_sentences
from config.settings import load_settings
from tasks.checks import check, penalty
from tasks.engines import Hypothesis, Translator
from tasks.normalise import for_model
from tasks.translation import translate
from tasks.translation.figures import english_numbers
from tasks.translation.passing import PassingTranslator
from worker.models.embedded import load_translator

Decoding = Callable[[Sequence[str], Translator], list[str]]


@dataclass(frozen=True)
class Variant:
    """One row: with or without the adapter, and how the translation is drawn."""

    name: str
    adapted: bool
    decoding: Decoding


class Remembering(PassingTranslator):
    """A Translator that draws each attempt at a sentence once, for all rows, and knows how long its draws took."""

    def __init__(self, translator: Translator) -> None:
        super().__init__(translator)
        self._drawn: dict[tuple[str, int], Hypothesis] = {}
        self.sentences, self.tokens, self.took_s = 0, 0, 0.0

    def translate(self, sentences: Sequence[str], *, attempt: int = 0) -> list[Hypothesis]:
        """The engine's, or what it gave before for the same sentence and attempt."""
        new = [sentence for sentence in dict.fromkeys(sentences) if (sentence, attempt) not in self._drawn]
        start_s = time.perf_counter()
        found = self._translator.translate(new, attempt=attempt)
        self.took_s += time.perf_counter() - start_s
        self.sentences += len(new)
        self.tokens += sum(self.count_tokens([hypothesis.text for hypothesis in found]))
        self._drawn |= {(sentence, attempt): text for sentence, text in zip(new, found, strict=True)}
        return [self._drawn[sentence, attempt] for sentence in sentences]


def greedy(sources: Sequence[str], translator: Translator) -> list[str]:
    """The first attempt, whatever it is."""
    return _draw(sources, translator, 0)


def checked(sources: Sequence[str], translator: Translator) -> list[str]:
    """What a worker gives, with plain marks, as the other rows and the references have them."""
    return [for_model(translation.text) for translation in translate(sources, translator)]


def best_of(draws: int) -> Decoding:
    """Several attempts for every sentence; the checks choose."""

    def decode(sources: Sequence[str], translator: Translator) -> list[str]:
        attempts = [_draw(sources, translator, attempt) for attempt in range(draws)]
        return [
            min(candidates, key=lambda candidate: penalty(check(source, candidate), source, candidate))
            for source, *candidates in zip(sources, *attempts, strict=True)
        ]

    return decode


def consensus(draws: int) -> Decoding:
    """Several attempts for every sentence; of those with the fewest faults the one nearest to the others."""
    chrf = CHRF()

    def nearness(candidate: str, others: Sequence[str]) -> float:
        return float(sum(chrf.sentence_score(candidate, [other]).score for other in others))

    def decode(sources: Sequence[str], translator: Translator) -> list[str]:
        attempts = [_draw(sources, translator, attempt) for attempt in range(draws)]
        chosen = []
        for source, *candidates in zip(sources, *attempts, strict=True):
            faults = [len(check(source, candidate)) for candidate in candidates]
            sound = [c for c, count in zip(candidates, faults, strict=True) if count == min(faults)]
            chosen.append(max(sound, key=lambda candidate: nearness(candidate, candidates)))
        return chosen

    return decode


VARIANTS = (
    Variant("examples, greedy", False, greedy),
    Variant("examples, checked", False, checked),
    Variant("adapter, greedy", True, greedy),
    Variant("adapter, checked", True, checked),
    Variant("adapter, best of 4", True, best_of(4)),
    Variant("adapter, consensus of 6", True, consensus(6)),
)


def main() -> None:
    """Translate the sentences with every variant and print a row each."""
    options = _options()
    sources = read_sentences(options.source, options.limit)
    references = read_sentences(options.reference, options.limit)
    outputs = {name: read_sentences(Path(path), options.limit) for name, path in options.output}
    if {len(sources)} != {len(lines) for lines in (references, *outputs.values())}:
        sys.exit("source, reference and outputs must have as many lines as each other")
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
    print(f"{len(sources)} sentences\n\n| variant | {HEADING} |")
    print("| --- " * (HEADING.count("|") + 2) + "|")
    speeds = [_rows(adapted, sources, references, options) for adapted in (False, True)]
    for name, lines in outputs.items():
        print(f"| {name} | {cells(sources, lines, references)} |")
    print(f"\n{signatures()}\n" + "\n".join(filter(None, speeds)))


def _rows(adapted: bool, sources: Sequence[str], references: Sequence[str], options: argparse.Namespace) -> str:
    """Print the rows with or without the adapter, and say how fast the engine was."""
    wanted = [v for v in VARIANTS if v.adapted is adapted and (not options.only or v.name in options.only)]
    if not wanted:
        return ""
    settings = load_settings(adapter=(options.adapter or "packaged") if adapted else "none")
    engine = load_translator(settings)
    translator = Remembering(engine)
    for variant in wanted:
        translations = variant.decoding(sources, translator)
        print(f"| {variant.name} | {cells(sources, translations, references)} |", flush=True)
        if options.keep:
            text = "\n".join(translations) + "\n"
            (options.keep / f"{variant.name.replace(', ', '.')}.en").write_text(text, encoding="utf-8")
    engine.close()
    return (
        f"{engine.info.id}: {translator.tokens / translator.took_s:.0f} tokens/s, "
        f"{translator.sentences / translator.took_s:.2f} sentences/s"
    )


def _draw(sources: Sequence[str], translator: Translator, attempt: int) -> list[str]:
    plain = [for_model(source) for source in sources]
    drawn = translator.translate(plain, attempt=attempt)
    return [english_numbers(hypothesis.text, source) for hypothesis, source in zip(drawn, plain, strict=True)]


def _named(argument: str) -> tuple[str, str]:
    name, equals, path = argument.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{argument!r} is not NAME=FILE")
    return name, path


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, required=True, help="French sentences, one a line")
    parser.add_argument("--reference", type=Path, required=True, help="their English translations")
    parser.add_argument(
        "--output", type=_named, nargs="*", default=[], metavar="NAME=FILE", help="other systems' translations"
    )
    parser.add_argument("--limit", type=int, help="how many sentences; all by default")
    parser.add_argument(
        "--only", nargs="*", choices=[variant.name for variant in VARIANTS], help="rows to make; all by default"
    )
    parser.add_argument("--adapter", type=Path, help="another adapter than the packaged one, a GGUF file")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where to write the translations")
    return parser.parse_args()


if __name__ == "__main__":
    main()
