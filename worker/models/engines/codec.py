"""Text to the tokens of a sequence-to-sequence checkpoint and back, by its own tokenizer, without torch."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from depeche.errors import ModelUnavailable
from worker.models.engines import tokenizers
from worker.models.engines.decoding import Role

#: Codes of French and English in the multilingual models: NLLB, mBART, M2M100.
_LANGUAGES = (("fra_Latn", "eng_Latn"), ("fr_XX", "en_XX"), ("__fr__", "__en__"))
#: Architectures that translate between many languages, and must be given one.
_MULTILINGUAL = {"m2m_100", "mbart"}
#: T5's input says what to do; these are used where a checkpoint's own configuration says nothing.
_T5_PREFIXES: dict[Role, str] = {"translation": "translate French to English: ", "summary": "summarize: "}
_T5_TASKS: dict[Role, str] = {"translation": "translation_fr_to_en", "summary": "summarization"}
#: Share of unknown tokens in plain text from which a tokenizer cannot be the model's own.
_MOST_UNKNOWN = 0.3
_PROBE = "Le conseil municipal se réunit mardi soir. The town council meets on Tuesday evening."


class Codec:
    """A checkpoint's tokenizer, with what its configuration says about inputs and outputs."""

    def __init__(self, folder: Path, role: Role) -> None:
        """Load it.

        Args:
            folder: has ``config.json`` and the tokenizer's files, as Hugging Face lays them out.
            role: what the model is for.

        Raises:
            ModelUnavailable: a file is missing or damaged, or the tokenizer is not the model's.
        """
        self._config = _config(folder)
        #: What T5's configuration calls what the model is for, and whether it knows it; others are for one task alone.
        self.task, self.is_told_a_known_task = _T5_TASKS[role], True
        self._tokenizer = tokenizers.load(folder)
        self._prefix = self._task_prefix(role)
        self._target = self._set_languages(folder) if role == "translation" else None
        self._check(folder)
        self.added_tokens = len(self._encode([self._prefix + "a"])[0]) - len(self._plain(["a"])[0])

    @property
    def max_input_tokens(self) -> int:
        """The longest text in tokens that the model takes, its special tokens and its prefix already taken off."""
        limits = [self._tokenizer.model_max_length, self._config.get("max_position_embeddings")]
        # T5's positions are relative: n_positions is the length it was trained on.
        limits.append(self._config.get("n_positions"))
        known = [limit for limit in limits if isinstance(limit, int) and 0 < limit < 1_000_000]
        return min(known, default=512) - self.added_tokens

    @property
    def max_output_tokens(self) -> int:
        """The longest output in tokens for which the decoder has positions."""
        limit = self._config.get("max_position_embeddings") or self._config.get("n_positions") or 512
        return int(limit) - 1

    @property
    def forced_start(self) -> int | None:
        """The id of the token that every output starts with: the target language, or what the configuration forces."""
        if self._target is None and self._config.get("force_bos_token_to_be_generated"):  # what older files say
            return self._config.get("bos_token_id")
        return self._target if self._target is not None else self._config.get("forced_bos_token_id")

    @property
    def unknown(self) -> int | None:
        """The id of the token for what the vocabulary lacks."""
        return self._tokenizer.unk_token_id  # type: ignore[no-any-return]

    def count(self, texts: Sequence[str]) -> list[int]:
        """Length of each text in tokens, without special tokens and prefix."""
        return [len(ids) for ids in self._plain(texts)]

    def unreadable(self, text: str) -> frozenset[str]:
        """The characters of a text that the vocabulary lacks where they stand; mostly none."""
        if self.unknown is None or self.unknown not in self._plain([text])[0]:
            return frozenset()
        unknown = tokenizers.unknown_characters(self._tokenizer, text)
        # Some tokenizers take ligatures and fractions apart first.
        return frozenset(c for c in text if not unknown.isdisjoint(unicodedata.normalize("NFKC", c) + c))

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """Token ids of each text, with the special tokens that the model expects. Nothing is cut."""
        return self._encode([self._prefix + text for text in texts])

    def decode(self, outputs: Sequence[Sequence[int]]) -> list[str]:
        """The texts of token ids, special tokens left out, without white space at their ends."""
        texts = self._tokenizer.batch_decode(
            [list(ids) for ids in outputs], skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        return [text.strip() for text in texts]

    def tokens(self, ids: Sequence[int]) -> list[str]:
        """The tokens' own spelling."""
        return self._tokenizer.convert_ids_to_tokens(list(ids))  # type: ignore[no-any-return]

    def ids(self, tokens: Sequence[str]) -> list[int]:
        """What ``tokens`` undoes."""
        return self._tokenizer.convert_tokens_to_ids(list(tokens))  # type: ignore[no-any-return]

    def _encode(self, texts: Sequence[str], *, special: bool = True) -> list[list[int]]:
        if not texts:
            return []
        # verbose: without it a line in the log for each text that is split only afterwards.
        return self._tokenizer(list(texts), add_special_tokens=special, verbose=False)["input_ids"]  # type: ignore[no-any-return]

    def _plain(self, texts: Sequence[str]) -> list[list[int]]:
        return self._encode(texts, special=False)

    def _task_prefix(self, role: Role) -> str:
        if self._config["model_type"] not in {"t5", "mt5"}:
            # distilbart's has one space, before which it was trained.
            return str(self._config.get("prefix") or "")
        tasks = self._config.get("task_specific_params") or {}
        self.is_told_a_known_task = self.task in tasks
        return str((tasks.get(self.task) or {}).get("prefix") or _T5_PREFIXES[role])

    def _set_languages(self, folder: Path) -> int | None:
        """Tell a multilingual tokenizer that the input is French; the id of English, which its outputs start with."""
        for french, english in _LANGUAGES:
            source, target = self.ids([french, english])
            if self.unknown not in {source, target} and None not in {source, target}:
                self._check_language(target, folder)
                self._tokenizer.src_lang = french.strip("_")
                return target
        if self._config["model_type"] in _MULTILINGUAL:
            raise ModelUnavailable(
                f"the tokenizer in {folder} has no codes for French and English, without which its model does not know "
                "what to translate into: get all files of the checkpoint, tokenizer.json among them, or choose a model "
                "that knows both languages",
                {"path": str(folder)},
            )
        return None

    def _check_language(self, target: int, folder: Path) -> None:
        """NLLB's codes come after its words and before <mask>; made of the words alone, they are one off."""
        mask = self._tokenizer.mask_token_id
        is_made_here = not (folder / "tokenizer.json").exists() and type(self._tokenizer).__name__ == "NllbTokenizer"
        if is_made_here and mask is not None and mask < target:
            raise ModelUnavailable(
                f"{folder} has no tokenizer.json, and without it transformers gives NLLB's languages each other's "
                "numbers: get that file, of the same checkpoint",
                {"path": str(folder)},
            )

    def _check(self, folder: Path) -> None:
        words, rows = len(self._tokenizer), int(self._config["vocab_size"])
        # distilbart's tokenizer knows one token more than its model: <mask>, which no text has.
        words -= (self._tokenizer.mask_token_id or 0) >= rows
        special = [
            (name, getattr(self._tokenizer, name), self._config.get(name)) for name in ("eos_token_id", "pad_token_id")
        ]
        foreign = words > rows or any(theirs is not None and ours != theirs for _, ours, theirs in special)
        if foreign or tokenizers.share_of_unknown_pieces(self._tokenizer, _PROBE) > _MOST_UNKNOWN:
            raise ModelUnavailable(
                f"the tokenizer in {folder} does not belong to its model ({words} tokens, the model has {rows}): get "
                "all files from the same checkpoint",
                {"path": str(folder), "tokens": words, "vocab_size": rows},
            )


def _config(folder: Path) -> dict[str, Any]:
    path, generation = folder / "config.json", folder / "generation_config.json"
    try:
        config: dict[str, Any] = json.loads(path.read_bytes())
        _ = config["model_type"], int(config["vocab_size"])
        if generation.exists():
            # What an output begins with stands in either; newer checkpoints have it here.
            forced = json.loads(generation.read_bytes()).get("forced_bos_token_id")
            config["forced_bos_token_id"] = forced if forced is not None else config.get("forced_bos_token_id")
    except OSError as error:
        raise ModelUnavailable(f"{path} cannot be read ({error.strerror}): the checkpoint is incomplete") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ModelUnavailable(f"{path} is not a model's configuration: the checkpoint is damaged") from error
    return config
