"""Make two tiny checkpoints that translate and summarise our own articles, in the layout of the standard profile's.

    python -m tests.checkpoints.make OUT

OUT/marian is laid out as Helsinki-NLP/opus-mt-fr-en and translates every sentence of ``articles.tsv``; OUT/bart is laid
out as sshleifer/distilbart-cnn-12-6 and summarises every article. They learnt these by heart and know nothing else: the
tests need the true formats, tokenizers and search, with outputs that are known beforehand. Needs torch; under a minute.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional
from transformers import BartForConditionalGeneration, BartTokenizer, MarianMTModel, MarianTokenizer

from tasks.normalise import for_model
from tests.checkpoints import layouts
from tests.checkpoints.articles import ARTICLES, PAIRS
from tests.checkpoints.outputs import bart_options, by_ctranslate2, by_transformers, convert

SEED = 20
_IGNORED = -100
_WARM_UP_STEPS = 40
_LOOK_EVERY = 50
#: Of all steps, those before the first mistake that the decoder is shown: what to copy from where is learnt without.
_FAULTLESS_SHARE = 1 / 6
#: The least probability that any token of any wanted output may have. Above one half, greedy search is right; the rest
#: is the margin for beams, length penalties and the rounding of int8.
_CERTAINTY = 0.6

Batch = dict[str, torch.Tensor]


class NotLearnt(Exception):
    """A model does not write what it should; another seed or more steps may help."""


def main() -> None:
    """Make both checkpoints and say how long it took and how large they are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    out = parser.parse_args().out
    started = time.perf_counter()
    make(out)
    sys.stdout.write(f"{time.perf_counter() - started:.0f} s\n")
    for folder in (out / "marian", out / "bart"):
        sys.stdout.write(f"{folder}: {sum(file.stat().st_size for file in folder.iterdir()) // 1000} KB\n")


def make(out: Path) -> None:
    """Write OUT/marian and OUT/bart, each by a process of its own.

    Raises:
        NotLearnt: an output comes out wrong, by transformers or by CTranslate2.
    """
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        made = [pool.submit(make_marian, out / "marian"), pool.submit(make_bart, out / "bart")]
        for each in made:
            each.result()


def make_marian(folder: Path) -> None:
    """Train and write the translator.

    Raises:
        NotLearnt: a sentence comes out wrong, by transformers or by CTranslate2.
    """
    torch.manual_seed(SEED)
    french, english = [for_model(pair.french) for pair in PAIRS], [pair.english for pair in PAIRS]
    vocabulary = layouts.write_marian_tokenizer(folder, french, english, pieces=480)
    tokenizer = MarianTokenizer.from_pretrained(folder)
    model = MarianMTModel(layouts.marian_config(vocabulary, d_model=96, layers=1, ffn=192, heads=4))
    _keep_zero(model.get_input_embeddings().weight, row=vocabulary - 1)
    # opus-mt's is learnt too; transformers keeps it as a buffer.
    model.final_logits_bias.requires_grad_()
    by_length = sorted(zip(french, english, strict=True), key=lambda pair: len(pair[1]))
    batches = [_marian_batch(tokenizer, by_length[start : start + 44]) for start in range(0, len(by_length), 44)]
    wrong = ["no token is certain"]
    for _ in train(model, batches, batches, learning_rate=3e-3, most_steps=1500, mistakes=0.06):
        layouts.save_marian(model, folder)
        wrong = _wrong_translations(folder, french, english)
        if not wrong:
            return
    raise NotLearnt(f"marian: {wrong[0]}")


def make_bart(folder: Path) -> None:
    """Train and write the summariser.

    Raises:
        NotLearnt: a summary comes out wrong, by transformers or by CTranslate2.
    """
    torch.manual_seed(SEED)
    layouts.write_bart_tokenizer(
        folder, [each for article in ARTICLES for each in (article.english, article.summary)], size=800
    )
    tokenizer = BartTokenizer.from_pretrained(folder)
    targets = [tokenizer(article.summary)["input_ids"] for article in ARTICLES]
    model = BartForConditionalGeneration(
        layouts.bart_config(800, d_model=64, layers=(2, 1), ffn=128, heads=4, positions=512)
    )
    forms = [batch_of(tokenizer, [joined(article) for article in ARTICLES], targets) for joined in _forms()]
    lengths = [len(target) for target in targets]
    wrong = ["no token is certain"]
    for _ in train(model, forms, forms[:1], learning_rate=3e-3, most_steps=700, mistakes=0.2):
        layouts.save_bart(model, folder, lengths=(min(lengths) // 2, max(lengths) + 20))
        wrong = _wrong_summaries(folder)
        if not wrong:
            return
    raise NotLearnt(f"bart: {wrong[0]}")


def _wrong_translations(folder: Path, french: Sequence[str], english: Sequence[str]) -> list[str]:
    found = [by_transformers(folder, french, num_beams=beams) for beams in (1, 4)]
    with tempfile.TemporaryDirectory() as scratch:
        for precision in ("float32", "int8"):
            converted = convert(folder, Path(scratch, precision), precision)
            found += [
                by_ctranslate2(folder, converted, french, compute_type=precision, beam_size=beams) for beams in (1, 4)
            ]
    return _differences(english, found)


def _wrong_summaries(folder: Path) -> list[str]:
    found = []
    with tempfile.TemporaryDirectory() as scratch:
        converted = {each: convert(folder, Path(scratch, each), each) for each in ("float32", "int8")}
        for joined in _forms()[:3]:
            texts = [joined(article) for article in ARTICLES]
            found.append(by_transformers(folder, texts))
            for precision, weights in converted.items():
                found.append(by_ctranslate2(folder, weights, texts, compute_type=precision, **bart_options(folder)))
    return _differences([article.summary for article in ARTICLES], found)


def _differences(wanted: Sequence[str], found: Sequence[Sequence[str]]) -> list[str]:
    return [
        f"{want!r} came out as {got!r}"
        for outputs in found
        for want, got in zip(wanted, outputs, strict=True)
        if want != got
    ]


def _forms() -> list[Callable[[Any], str]]:
    """Ways to write an article's translation: the ones that must come out right, then ones with sentences missing."""

    def joined_by(separator: str) -> Callable[[Any], str]:
        return lambda article: separator.join(pair.english for pair in article.sentences)

    def thinned(seed: int) -> Callable[[Any], str]:
        chance = random.Random(seed)
        return lambda article: " ".join(pair.english for pair in article.sentences if chance.random() < 0.8)

    return [joined_by(" "), joined_by("\n"), joined_by("\n\n"), *(thinned(seed) for seed in range(3))]


def batch_of(tokenizer: Any, sources: Sequence[str], targets: Sequence[Sequence[int]]) -> Batch:
    inputs = tokenizer(list(sources), return_tensors="pt", padding=True)
    longest = max(map(len, targets))
    labels = [[*target, *[_IGNORED] * (longest - len(target))] for target in targets]
    return {**inputs, "labels": torch.tensor(labels)}


def _marian_batch(tokenizer: Any, pairs: Sequence[tuple[str, str]]) -> Batch:
    targets = [tokenizer(text_target=english)["input_ids"] for _, english in pairs]
    return batch_of(tokenizer, [french for french, _ in pairs], targets)


def _keep_zero(weight: torch.Tensor, row: int) -> None:
    """Marian's decoder starts from a zero embedding: in transformers it is this row, in CTranslate2 there is none."""
    assert not weight[row].any()

    def without_row(gradient: torch.Tensor) -> torch.Tensor:
        gradient = gradient.clone()
        gradient[row] = 0
        return gradient

    weight.register_hook(without_row)


def train(
    model: Any,
    batches: Sequence[Batch],
    wanted: Sequence[Batch],
    *,
    learning_rate: float,
    most_steps: int,
    mistakes: float,
) -> Iterator[int]:
    """Train, and stop for a look each time that every token of ``wanted`` is certain.

    Args:
        mistakes: of the tokens that the decoder is given, how many are wrong ones.
    """
    tensors = [tensor for tensor in (*model.parameters(), *model.buffers()) if tensor.requires_grad]
    optimizer = torch.optim.Adam(tensors, lr=learning_rate, betas=(0.9, 0.98))

    def rate(step: int) -> float:
        return min((step + 1) / _WARM_UP_STEPS, 0.5 + 0.5 * math.cos(math.pi * step / most_steps))

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    # Matrices this small take longer on two threads, many times so where other programs want the cores too.
    torch.set_num_threads(1)
    # No dropout: nothing is held out that they could learn too well.
    model.eval()
    for step in range(most_steps):
        batch = batches[step % len(batches)]
        if mistakes and step >= _FAULTLESS_SHARE * most_steps:
            batch = _with_mistakes(model, batch, mistakes)
        logits = model(**batch).logits
        loss = functional.cross_entropy(logits.flatten(0, 1), batch["labels"].flatten(), ignore_index=_IGNORED)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if (step + 1) % _LOOK_EVERY == 0 and min(_certainty(model, each) for each in wanted) > _CERTAINTY:
            yield step


def _with_mistakes(model: Any, batch: Batch, mistakes: float) -> Batch:
    """The batch with some random tokens where the decoder sees what it wrote before.

    A model that never saw a mistake ends soon after one, and CTranslate2's beam search stops at four ended outputs,
    however bad: it would never come to the end of the right one.
    """
    inputs = model.prepare_decoder_input_ids_from_labels(batch["labels"])
    wrong = torch.rand(inputs.shape) < mistakes
    # What every output begins with is always right.
    wrong[:, 0] = False
    # A token out of nowhere; the following one, as if this one had been left out; another output's.
    tokens = torch.randint(4, model.config.vocab_size - 1, inputs.shape)
    kinds = torch.stack([tokens, inputs.roll(-1, dims=1), inputs.roll(1, dims=0)])
    tokens = kinds.gather(0, torch.randint(3, (1, *inputs.shape))).squeeze(0)
    return {**batch, "decoder_input_ids": torch.where(wrong, tokens, inputs)}


def _certainty(model: Any, batch: Batch) -> float:
    """The least probability of any wanted token, given those before it."""
    labels = batch["labels"]
    with torch.no_grad():
        chances = model(**batch).logits.softmax(-1).gather(-1, labels.clamp(min=0).unsqueeze(-1)).squeeze(-1)
    return float(chances[labels != _IGNORED].min())


if __name__ == "__main__":
    main()
