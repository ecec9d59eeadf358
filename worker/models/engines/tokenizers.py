"""Tokenizers of published checkpoints, on transformers: all text is text to them, and no code of a checkpoint runs."""

from __future__ import annotations

import logging
import os
import warnings
from pathlib import Path
from typing import Any

# Said at import where torch is not installed, which is how workers are meant to run.
os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")

from transformers import AutoTokenizer

from depeche.errors import ModelUnavailable, first_line

#: What sentencepiece writes for the space before a word.
_SPACE = "▁"


def load(folder: Path) -> Any:
    """The tokenizer in a checkpoint's folder.

    Raises:
        ModelUnavailable: a file is missing or damaged.
    """
    logging.getLogger("transformers").setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            # For a normalizer that the tokenizer offers and never uses.
            warnings.filterwarnings("ignore", "Recommended: pip install sacremoses")
            # An article may spell "</s>": it stays text, and does not end the sentence for the model.
            tokenizer = AutoTokenizer.from_pretrained(
                folder, local_files_only=True, trust_remote_code=False, split_special_tokens=True
            )
    except Exception as error:  # tokenizers raise whatever their files provoke
        raise ModelUnavailable(
            f"the tokenizer in {folder} cannot be loaded ({first_line(error)}): a file is missing or damaged",
            {"path": str(folder)},
        ) from error
    if tokenizer.__class__.__name__ == "MarianTokenizer":
        _take_all_for_text(tokenizer)
    return tokenizer


def unknown_characters(tokenizer: Any, text: str) -> set[str]:
    """The characters of a text, as the tokenizer normalises it, that come out as its unknown token."""
    if tokenizer.is_fast:
        found = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        spans = zip(found["input_ids"], found["offset_mapping"], strict=True)
        pieces = [text[start:end] for token, (start, end) in spans if token == tokenizer.unk_token_id]
    else:
        tokens = tokenizer.tokenize(text)
        ids = tokenizer.convert_tokens_to_ids(tokens)
        pieces = [piece for piece, token in zip(tokens, ids, strict=True) if token == tokenizer.unk_token_id]
    return set("".join(pieces)) - {_SPACE, " "}


def share_of_unknown_pieces(tokenizer: Any, text: str) -> float:
    """Of a plain text's pieces, how many the vocabulary lacks, from 0 to 1: most, where it is of another model."""
    if tokenizer.__class__.__name__ == "MarianTokenizer":
        pieces = tokenizer.spm_source.encode(text, out_type=str)
        return sum(piece not in tokenizer.encoder for piece in pieces) / len(pieces)
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    return ids.count(tokenizer.unk_token_id) / len(ids)  # type: ignore[no-any-return]


def _take_all_for_text(tokenizer: Any) -> None:
    """Mend what a Marian tokenizer takes for something else, or knows only a part of.

    It reads ``>>…<<`` at the beginning of a text as the code of a target language, though a model that writes English
    alone has none. And its vocabulary lacks some of the pieces that its sentencepiece model finds, whose characters it
    has.
    """
    tokenizer.remove_language_code = lambda text: ([], text)
    pieces_of, vocabulary = tokenizer._tokenize, tokenizer.encoder

    def known_pieces(text: str) -> list[str]:
        return [known for piece in pieces_of(text) for known in ([piece] if piece in vocabulary else list(piece))]

    tokenizer._tokenize = known_pieces
