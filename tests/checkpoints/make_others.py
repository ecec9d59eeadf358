"""Teach tiny checkpoints of the other architectures a few of our sentences, so that a whole worker can be seen on them.

    python -m tests.checkpoints.make_others OUT

OUT/nllb, OUT/m2m100 and OUT/t5-translation translate the first article, its title included; OUT/pegasus and
OUT/t5-summary summarise it. The layouts are those of ``random_models.py``. Needs torch; under a minute.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

from tasks.normalise import for_model
from tests.checkpoints import random_models
from tests.checkpoints.articles import ARTICLES
from tests.checkpoints.make import SEED, Batch, NotLearnt, batch_of, train

#: Looks that must find every token certain: the margin for the rounding of int8.
_LOOKS = 8
#: What the outputs of multilingual models begin with.
_FIRST = {"nllb": "eng_Latn", "m2m100": "__en__"}
_LANGUAGES = {"nllb": ("fra_Latn", "eng_Latn"), "m2m100": ("fr", "en")}
_PREFIXES = {"t5-translation": "translate French to English: ", "t5-summary": "summarize: "}
_LAYOUTS: dict[str, Callable[[Path], None]] = {
    "nllb": random_models.nllb,
    "m2m100": random_models.m2m100,
    "t5-translation": random_models.t5,
    "pegasus": random_models.pegasus,
    "t5-summary": random_models.t5,
}


def main() -> None:
    """Make all five."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    out = parser.parse_args().out
    for name in _LAYOUTS:
        teach(name, out / name)
        sys.stdout.write(f"{out / name}\n")


def teach(name: str, folder: Path) -> None:
    """Write one of them.

    Raises:
        NotLearnt: it did not learn its texts.
    """
    _LAYOUTS[name](folder)
    torch.manual_seed(SEED)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    config = AutoModelForSeq2SeqLM.from_pretrained(folder).config
    # From random weights as wide as in random_models.py nothing is learnt.
    config.init_std, config.initializer_factor = 0.05, 1.0
    model = AutoModelForSeq2SeqLM.from_config(config)
    batch = _lesson(name, tokenizer)
    rate = 1e-2 if name.startswith("t5") else 4e-3
    # M2M100 cannot be given mistakes, and comes out right without.
    mistakes = 0.06 if hasattr(model, "prepare_decoder_input_ids_from_labels") else 0.0
    forced = tokenizer.convert_tokens_to_ids(_FIRST[name]) if name in _FIRST else None
    looks = train(model, [batch], [batch], learning_rate=rate, most_steps=1500, mistakes=mistakes)
    for _ in islice(looks, _LOOKS - 1, None):
        if _comes_back(model, tokenizer, batch, forced):
            model.save_pretrained(folder)
            return
    raise NotLearnt(name)


def _comes_back(model: Any, tokenizer: Any, batch: Batch, forced: int | None) -> bool:
    """Whether the search of a worker finds every text: it stops at four ended outputs, however bad they are."""
    inputs = {name: batch[name] for name in ("input_ids", "attention_mask")}
    wanted = [[token for token in row if token >= 0] for row in batch["labels"].tolist()]
    with torch.inference_mode():
        found = model.generate(
            **inputs,
            num_beams=4,
            early_stopping=True,
            forced_bos_token_id=forced,
            max_new_tokens=max(map(len, wanted)) + 10,
        )
    first, second = (tokenizer.batch_decode(ids, skip_special_tokens=True) for ids in (found.tolist(), wanted))
    return bool(first == second)


def _lesson(name: str, tokenizer: Any) -> Batch:
    article = ARTICLES[0]
    if name in {"pegasus", "t5-summary"}:
        texts: Sequence[tuple[str, str]] = [(article.english, article.summary)]
    else:
        texts = [(for_model(pair.french), pair.english) for pair in article.pairs]
    if name in _LANGUAGES:
        tokenizer.src_lang, tokenizer.tgt_lang = _LANGUAGES[name]
    targets = [tokenizer(text_target=english)["input_ids"] for _, english in texts]
    return batch_of(tokenizer, [_PREFIXES.get(name, "") + source for source, _ in texts], targets)


if __name__ == "__main__":
    main()
