"""Tiny checkpoints with random weights, one for each architecture that a service may be given besides the standard two.

They write nonsense, but the same nonsense by every engine: layouts, language codes, prefixes and position encodings are
what they test. Needs torch; a second or two each.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from transformers import (
    M2M100Config,
    M2M100ForConditionalGeneration,
    M2M100Tokenizer,
    NllbTokenizer,
    PegasusConfig,
    PegasusForConditionalGeneration,
    PegasusTokenizer,
    T5Config,
    T5ForConditionalGeneration,
    T5Tokenizer,
)
from transformers.models.m2m_100.tokenization_m2m_100 import FAIRSEQ_LANGUAGE_CODES

from tests.checkpoints.articles import PAIRS
from tests.checkpoints.layouts import pieces_of, sentencepiece_model, write_json

_PIECES = 400
#: Wide enough that random outputs differ from text to text and no two tokens are nearly equal.
_SPREAD = 0.3
_T5_FACTOR = 3.0
SMALL = {
    "d_model": 32,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_ffn_dim": 64,
    "decoder_ffn_dim": 64,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "init_std": _SPREAD,
    "max_position_embeddings": 512,
}
#: The language codes of NLLB that are used here, in its own order; the true list has 202.
_NLLB_CODES = ("deu_Latn", "eng_Latn", "fra_Latn", "spa_Latn")
_BART_LIKE = ["<s>", "<pad>", "</s>", "<unk>"]


def nllb(folder: Path) -> None:
    """NLLB's layout: M2M100's architecture, a language code before each source and each output."""
    pieces, merges = _bpe()
    vocabulary = {token: number for number, token in enumerate([*_BART_LIKE, *pieces])}
    tokenizer = NllbTokenizer(
        vocab=vocabulary, merges=merges, src_lang="fra_Latn", tgt_lang="eng_Latn", extra_special_tokens=[*_NLLB_CODES]
    )
    tokenizer.save_pretrained(folder)
    _save(M2M100ForConditionalGeneration, m2m100_config(len(tokenizer)), folder)


def m2m100(folder: Path) -> None:
    """M2M100's layout: codes such as ``__fr__``, a sentencepiece model and vocab.json."""
    folder.mkdir(parents=True, exist_ok=True)
    model = sentencepiece_model(_texts(), _PIECES, model_type="bpe")
    tokens = [*_BART_LIKE, *(piece for piece, _ in pieces_of(model))]
    write_json(folder / "vocab.json", {token: number for number, token in enumerate(tokens)})
    (folder / "sentencepiece.bpe.model").write_bytes(model)
    tokenizer = M2M100Tokenizer(
        vocab_file=str(folder / "vocab.json"),
        spm_file=str(folder / "sentencepiece.bpe.model"),
        src_lang="fr",
        tgt_lang="en",
        # transformers 5 takes its codes for special tokens only where the folder lists them, as the hub's do.
        additional_special_tokens=[f"__{code}__" for code in FAIRSEQ_LANGUAGE_CODES["m2m100"]],
    )
    tokenizer.save_pretrained(folder)
    # The codes come after the vocabulary, then the entries that fill it up to a round size.
    size = len(tokens) + len(tokenizer.lang_code_to_id) + tokenizer.num_madeup_words
    _save(M2M100ForConditionalGeneration, m2m100_config(size), folder)


def t5(folder: Path) -> None:
    """T5's layout: what to do is a prefix of the text, and config.json knows the prefixes."""
    scored = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), *pieces_of(sentencepiece_model(_texts(), _PIECES))]
    scored += [(f"<extra_id_{number}>", 0.0) for number in reversed(range(100))]
    T5Tokenizer(vocab=scored, extra_ids=100, model_max_length=512).save_pretrained(folder)
    config = T5Config(
        # The real ones' rows too are filled up to a round number.
        vocab_size=len(scored) + 28,
        d_model=32,
        d_kv=8,
        d_ff=64,
        num_layers=2,
        num_heads=4,
        decoder_start_token_id=0,
        initializer_factor=_T5_FACTOR,
    )
    _save(T5ForConditionalGeneration, config, folder)
    prefixes = {"summarization": "summarize: ", "translation_en_to_fr": "translate English to French: "}
    prefixes["translation_fr_to_en"] = "translate French to English: "
    tasks: dict[str, dict[str, Any]] = {
        name: {"early_stopping": True, "max_length": 100, "num_beams": 4, "prefix": prefix}
        for name, prefix in prefixes.items()
    }
    path = folder / "config.json"
    write_json(path, json.loads(path.read_text(encoding="utf-8")) | {"task_specific_params": tasks})


def pegasus(folder: Path) -> None:
    """PEGASUS's layout: computed positions, and outputs that begin with ``<pad>``."""
    reserved = ["<pad>", "</s>", "<mask_1>", "<mask_2>", *(f"<unk_{number}>" for number in range(2, 103)), "<unk>"]
    scored = [(token, 0.0) for token in reserved] + pieces_of(sentencepiece_model(_texts(), _PIECES))
    PegasusTokenizer(vocab=scored, model_max_length=512).save_pretrained(folder)
    _save(PegasusForConditionalGeneration, pegasus_config(len(scored)), folder)


def pegasus_config(vocabulary: int) -> Any:
    """PEGASUS's architecture, small."""
    return PegasusConfig(
        vocab_size=vocabulary,
        **SMALL,
        activation_function="relu",
        scale_embedding=True,
        normalize_before=True,
        add_final_layer_norm=True,
        normalize_embedding=False,
        static_position_embeddings=True,
        decoder_start_token_id=0,
    )


def _texts() -> list[str]:
    return [text for pair in PAIRS for text in (pair.french, pair.english)]


def _bpe() -> tuple[list[str], list[tuple[str, str]]]:
    """Pieces of a sentencepiece BPE model, and the merges that make them, the earliest first."""
    pieces = [piece for piece, _ in pieces_of(sentencepiece_model(_texts(), _PIECES, model_type="bpe"))]
    rank = {piece: number for number, piece in enumerate(pieces)}
    merges = []
    for piece in pieces:
        splits = [(piece[:at], piece[at:]) for at in range(1, len(piece))]
        known = [split for split in splits if split[0] in rank and split[1] in rank]
        merges += sorted(known, key=lambda split: (rank[split[0]], rank[split[1]]))
    return pieces, merges


def m2m100_config(vocabulary: int) -> Any:
    """M2M100's architecture, small."""
    return M2M100Config(
        vocab_size=vocabulary, **SMALL, activation_function="relu", scale_embedding=True, decoder_start_token_id=2
    )


def _save(model_class: Any, config: Any, folder: Path) -> None:
    torch.manual_seed(7)
    model = model_class(config).eval()
    model.save_pretrained(folder)
