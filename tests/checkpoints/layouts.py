"""Folders laid out as the standard profile's checkpoints are on the model hub: tokenizers, configurations, weights.

``Helsinki-NLP/opus-mt-fr-en`` (Marian) and ``sshleifer/distilbart-cnn-12-6`` (BART), in any size. The tokenizers are
trained on the texts given; entries that no text uses fill them up to the size asked for.
"""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import sentencepiece
from tokenizers import ByteLevelBPETokenizer
from transformers import BartConfig, BartTokenizer, MarianConfig

BART_SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")

#: distilbart's way of writing. The hub's file keeps it in config.json, with the architecture.
BART_GENERATION = {
    "decoder_start_token_id": 2,
    "early_stopping": True,
    "forced_bos_token_id": 0,
    "forced_eos_token_id": 2,
    "length_penalty": 2.0,
    "no_repeat_ngram_size": 3,
    "num_beams": 4,
}


def sentencepiece_model(texts: Iterable[str], pieces: int, **options: Any) -> bytes:
    """A unigram model of about ``pieces`` pieces, the same for the same texts.

    Its normalisation is the identity: the usual rules would add 240 KB to the file, and the service normalises.
    """
    model = io.BytesIO()
    settings: dict[str, Any] = {
        "normalization_rule_name": "identity",
        "hard_vocab_limit": False,
        "num_threads": 1,
        "minloglevel": 2,
    }
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts),
        model_writer=model,
        vocab_size=pieces,
        character_coverage=1.0,
        **settings | options,
    )
    return model.getvalue()


def pieces_of(model: bytes) -> list[tuple[str, float]]:
    """The pieces of a sentencepiece model and their scores, without the control ones and ``<unk>``."""
    processor = sentencepiece.SentencePieceProcessor(model_proto=model)
    plain = [i for i in range(len(processor)) if not processor.is_control(i) and not processor.is_unknown(i)]
    return [(processor.id_to_piece(i), processor.get_score(i)) for i in plain]


def fillers(count: int) -> Iterator[str]:
    """Vocabulary entries that no text contains."""
    return (f"▁filler{number:06d}" for number in range(count))


def write_marian_tokenizer(
    folder: Path, french: Iterable[str], english: Iterable[str], *, pieces: int, size: int | None = None, **options: Any
) -> int:
    """Train a tokenizer of ``pieces`` for each language, over one joint vocabulary.

    Args:
        size: of the joint vocabulary.
        options: for sentencepiece's trainer.

    Returns:
        The size of the joint vocabulary: ``size``, or without it what the pieces need.
    """
    models = {
        f"{side}.spm": sentencepiece_model(texts, pieces, **options)
        for side, texts in (("source", french), ("target", english))
    }
    known = dict.fromkeys(piece for model in models.values() for piece, _ in pieces_of(model))
    tokens = ["</s>", "<unk>", *known]
    tokens += [*fillers((size or len(tokens) + 1) - len(tokens) - 1), "<pad>"]
    folder.mkdir(parents=True, exist_ok=True)
    for name, model in models.items():
        (folder / name).write_bytes(model)
    write_json(folder / "vocab.json", {token: number for number, token in enumerate(tokens)})
    settings = {"model_max_length": 512, "source_lang": "fr", "target_lang": "en"}
    write_json(folder / "tokenizer_config.json", settings)
    return len(tokens)


def write_bart_tokenizer(folder: Path, texts: Iterable[str], *, size: int, merged: int | None = None) -> None:
    """Train a byte-level tokenizer with the ids 0 to ``size - 1``, and ``<mask>`` after them.

    As with distilbart, whose own vocabulary is one smaller than its tokenizer's, the model knows no ``<mask>``.

    Args:
        merged: how many of the entries are trained; without it, all.
    """
    trained = ByteLevelBPETokenizer()
    trained.train_from_iterator(
        texts, vocab_size=merged or size, special_tokens=list(BART_SPECIAL), show_progress=False
    )
    folder.mkdir(parents=True, exist_ok=True)
    trained.save_model(str(folder))
    vocabulary = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
    if len(vocabulary) > size:
        raise ValueError(f"{len(vocabulary)} entries are more than {size}")
    for token in (*fillers(size - len(vocabulary)), "<mask>"):
        vocabulary[token] = len(vocabulary)
    lines = (folder / "merges.txt").read_text(encoding="utf-8").splitlines()[1:]
    merges = [tuple(line.split(" ")) for line in lines]
    BartTokenizer(vocab=vocabulary, merges=merges, model_max_length=1024).save_pretrained(folder)
    write_json(folder / "vocab.json", vocabulary)


def write_sentencepiece_summariser(folder: Path, kind: str, texts: Iterable[str], *, pieces: int) -> None:
    """Write the tokenizer and the configuration of a ``t5`` or ``pegasus`` that knows the characters of the texts."""
    folder.mkdir(parents=True, exist_ok=True)
    marks = {"pad_id": 0, "eos_id": 1, "unk_id": 2, "bos_id": -1}
    (folder / "spiece.model").write_bytes(sentencepiece_model(texts, pieces, **marks))
    name = {"t5": "T5Tokenizer", "pegasus": "PegasusTokenizer"}[kind]
    write_json(folder / "tokenizer_config.json", {"tokenizer_class": name, "model_max_length": 512})
    # More rows than any of these tokenizers has tokens, as the real ones have.
    config = {"model_type": kind, "vocab_size": pieces + 500, "pad_token_id": 0, "eos_token_id": 1}
    write_json(folder / "config.json", config)


def marian_config(vocabulary: int, *, d_model: int, layers: int, ffn: int, heads: int) -> Any:
    """opus-mt-fr-en's configuration in the given size; generation settings come in a file of their own."""
    return MarianConfig(
        vocab_size=vocabulary,
        **_both_sides(layers, layers, ffn, heads),
        d_model=d_model,
        activation_function="swish",
        scale_embedding=True,
        static_position_embeddings=True,
        normalize_before=False,
        normalize_embedding=False,
        max_position_embeddings=512,
        eos_token_id=0,
        pad_token_id=vocabulary - 1,
        decoder_start_token_id=vocabulary - 1,
    )


def marian_generation(vocabulary: int) -> dict[str, Any]:
    """opus-mt-fr-en's generation_config.json."""
    pad = vocabulary - 1
    return {
        "bad_words_ids": [[pad]],
        "bos_token_id": 0,
        "decoder_start_token_id": pad,
        "eos_token_id": 0,
        "forced_eos_token_id": 0,
        "max_length": 512,
        "num_beams": 4,
        "pad_token_id": pad,
        "renormalize_logits": True,
    }


def bart_config(vocabulary: int, *, d_model: int, layers: tuple[int, int], ffn: int, heads: int, positions: int) -> Any:
    """distilbart's configuration in the given size, with ``layers`` in encoder and decoder."""
    return BartConfig(
        vocab_size=vocabulary,
        **_both_sides(*layers, ffn, heads),
        d_model=d_model,
        activation_function="gelu",
        scale_embedding=False,
        normalize_before=False,
        normalize_embedding=True,
        max_position_embeddings=positions,
    )


def _both_sides(encoder_layers: int, decoder_layers: int, ffn: int, heads: int) -> dict[str, int]:
    return {
        "encoder_layers": encoder_layers,
        "decoder_layers": decoder_layers,
        "encoder_ffn_dim": ffn,
        "decoder_ffn_dim": ffn,
        "encoder_attention_heads": heads,
        "decoder_attention_heads": heads,
    }


def save_marian(model: Any, folder: Path) -> None:
    """Write weights in float16, configuration and generation settings of a Marian model."""
    copy.deepcopy(model).half().save_pretrained(folder)
    write_json(folder / "generation_config.json", marian_generation(model.config.vocab_size))


def save_bart(model: Any, folder: Path, *, lengths: tuple[int, int]) -> None:
    """Write weights in float16 and one config.json with the generation settings inside.

    Args:
        lengths: the fewest and the most tokens of a summary.
    """
    copy.deepcopy(model).half().save_pretrained(folder)
    # transformers would read this file in the place of what config.json says.
    (folder / "generation_config.json").unlink()
    written = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    limits = {"min_length": lengths[0], "max_length": lengths[1]}
    task = {"summarization": BART_GENERATION | limits}
    write_json(folder / "config.json", written | BART_GENERATION | limits | {"task_specific_params": task})


def write_json(path: Path, content: dict[str, Any] | Sequence[Any]) -> None:
    """Write ``content`` as it reads best in a commit: sorted as given, one entry a line."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
