"""Whether CTranslate2 gives what transformers gives, and what int8 changes. Needs torch.

    python -m benchmarks.parity CHECKPOINT [--source FR]

FR is a text file with one French sentence a line; without it, the sentences that the tests' tiny checkpoint has learnt,
and new ones put together of their halves, on which it is anything but sure. Prints a markdown table: the share of equal
outputs, and the chrF between them.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

import sacrebleu

from benchmarks.sentences import read_sentences
from config.settings import load_settings
from tasks.normalise import for_model
from tests.checkpoints.articles import PAIRS
from worker.models import standard
from worker.models.engines.seq2seq import Seq2SeqTranslator
from worker.models.prepare import prepare

BATCH = 32


def main() -> None:
    """Translate with each, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", help="a translation model's folder in Hugging Face's layout")
    parser.add_argument("--source", type=Path, help="French sentences, one a line")
    args = parser.parse_args()
    if args.source:
        texts = {args.source.name: read_sentences(args.source)}
    else:
        learnt = [pair.french for pair in PAIRS]
        texts = {"learnt": learnt, "halves": halves(learnt)}
    print("| sentences | beam | compared | equal | chrF |\n| --- | ---: | --- | ---: | ---: |")
    for name, sentences in texts.items():
        for beam in (1, 4):
            _compare(args.checkpoint, name, [for_model(sentence) for sentence in sentences], beam)


def halves(sentences: Sequence[str]) -> list[str]:
    """Each sentence's first half with the second half of the one after the next."""
    following = [*sentences[2:], *sentences[:2]]
    return [f"{_half(first, 0)} {_half(second, 1)}" for first, second in zip(sentences, following, strict=True)]


def _half(sentence: str, which: int) -> str:
    words = sentence.split()
    middle = len(words) // 2
    return " ".join(words[middle:] if which else words[:middle])


def _compare(checkpoint: str, name: str, sentences: Sequence[str], beam: int) -> None:
    reference = _translate(checkpoint, sentences, beam, "ctranslate2", "float32")
    for engine, compute_type in (("transformers", "float32"), ("ctranslate2", "int8")):
        found = _translate(checkpoint, sentences, beam, engine, compute_type)
        equal = sum(ours == theirs for ours, theirs in zip(found, reference, strict=True))
        chrf = sacrebleu.corpus_chrf(found, [reference]).score
        compared = f"{engine} {compute_type} with ctranslate2 float32"
        print(f"| {len(sentences)} {name} | {beam} | {compared} | {equal / len(sentences):.1%} | {chrf:.1f} |")


def _translate(checkpoint: str, sentences: Sequence[str], beam: int, engine: str, compute_type: str) -> list[str]:
    with tempfile.TemporaryDirectory() as scratch:
        settings = load_settings(
            profile="standard", device="cpu", model_dir=Path(scratch), engine=engine, compute_type=compute_type
        )
        folder = prepare(checkpoint, "translation", settings, trial=False)
        translator = Seq2SeqTranslator(*standard.open_model(folder, "translation", settings), beam_size=beam)
        batches = [sentences[start : start + BATCH] for start in range(0, len(sentences), BATCH)]
        return [hypothesis.text for batch in batches for hypothesis in translator.translate(batch)]


if __name__ == "__main__":
    main()
