"""Unconverted checkpoints on transformers and torch: the reference for CTranslate2, and for models that it lacks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import torch
from transformers import (
    AutoModelForSeq2SeqLM,
    GenerationConfig,
    LogitsProcessor,
    LogitsProcessorList,
    RepetitionPenaltyLogitsProcessor,
)

from depeche.errors import ModelUnavailable, first_line
from tasks.engines import Score
from worker.models.engines.codec import Codec
from worker.models.engines.decoding import Decoding, Found, Output, choose_device, failure, runaway

_TYPES = {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}
#: What lets :func:`check_complete` see every weight that is not as the model wants it, and say so in one line.
LOADING = {"output_loading_info": True, "ignore_mismatched_sizes": True}
#: Inputs computed together, and their tokens at most: the chunks of a long article would not fit into memory at once.
_BATCH = 32
_BATCH_TOKENS = 4096


class TransformersGenerator:
    """A ``Generator`` on transformers. One call at a time: torch's own threads use all cores."""

    def __init__(self, folder: Path, codec: Codec, *, device: str, compute_type: str, threads: int) -> None:
        """Load a checkpoint.

        Args:
            folder: in Hugging Face's layout, weights included.
            codec: its tokenizer.
            device: auto, cpu or cuda.
            compute_type: auto, float32, float16 or bfloat16.
            threads: CPU threads that compute.

        Raises:
            ModelUnavailable: there is no such device or format, or the weights cannot be loaded.
        """
        self._codec = codec
        self._device = choose_device(device, has_cuda=torch.cuda.is_available())
        self._compute_type = resolve_compute_type(compute_type, self._device)
        torch.set_num_threads(threads)
        self._lock = Lock()
        self._model = load_checkpoint(folder, self._compute_type).eval().to(self._device)
        self._repetition = _RepetitionPenalty.of(self._model)

    @property
    def compute_type(self) -> str:
        """The number format of the weights."""
        return self._compute_type

    @property
    def batch_size(self) -> int:
        """How many inputs are computed together."""
        return _BATCH

    def generate(
        self,
        inputs: Sequence[Sequence[int]],
        decoding: Decoding,
        *,
        min_tokens: int,
        max_tokens: int | None,
        found: Found = lambda outputs: None,
    ) -> list[Output]:
        """See ``Generator``."""
        by_length = sorted(range(len(inputs)), key=lambda index: len(inputs[index]))
        outputs: dict[int, Output] = {}
        longest = max(map(len, inputs), default=1)
        limit = runaway(longest, self._codec.max_output_tokens) if max_tokens is None else max_tokens
        size = max(1, min(_BATCH, _BATCH_TOKENS // longest))
        for start in range(0, len(inputs), size):
            batch = by_length[start : start + size]
            written = self._generate([inputs[index] for index in batch], decoding, min_tokens, limit)
            new = dict(zip(batch, written, strict=True))
            outputs |= new
            found(new)
        return [outputs[index] for index in range(len(inputs))]

    def _generate(
        self, inputs: Sequence[Sequence[int]], decoding: Decoding, min_tokens: int, max_tokens: int
    ) -> list[Output]:
        longest = max(map(len, inputs))
        pad = self._model.config.pad_token_id
        ids = torch.tensor([[*row, *[pad] * (longest - len(row))] for row in inputs], device=self._device)
        mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in inputs], device=self._device)
        try:
            with self._lock, torch.inference_mode():
                found = self._model.generate(
                    input_ids=ids,
                    attention_mask=mask,
                    num_beams=decoding.beam_size,
                    length_penalty=decoding.length_penalty,
                    no_repeat_ngram_size=decoding.no_repeat_ngram_size,
                    # CTranslate2 takes what is forbidden out before it shares the probability among the rest.
                    logits_processor=LogitsProcessorList([self._repetition(decoding.repetition_penalty)]),
                    renormalize_logits=True,
                    # CTranslate2 too is done when it has as many finished hypotheses as beams.
                    early_stopping=decoding.beam_size > 1,
                    do_sample=False,
                    forced_bos_token_id=self._codec.forced_start,
                    suppress_tokens=[token for token in (self._codec.unknown, pad) if token is not None],
                    min_new_tokens=min_tokens,
                    max_new_tokens=max_tokens,
                    return_dict_in_generate=True,
                    output_scores=True,
                )
                probabilities = self._model.compute_transition_scores(
                    found.sequences, found.scores, getattr(found, "beam_indices", None), normalize_logits=True
                )
        except (RuntimeError, MemoryError) as error:
            raise failure("torch", error) from error
        written = _lengths(found.sequences[:, 1:], self._model.generation_config.eos_token_id)
        return [
            Output(ids, Score(sum(row[:tokens]), max(1, tokens)))
            for ids, row, tokens in zip(found.sequences.tolist(), probabilities.tolist(), written.tolist(), strict=True)
        ]


def _lengths(sequences: torch.Tensor, ends: int | list[int]) -> torch.Tensor:
    """The tokens of each sequence, its end included.

    What follows the end is no mark of it: where the id of the padding is 0, as T5's is, transformers fills up the
    outputs of a beam search with ends.
    """
    is_end = torch.isin(sequences, torch.tensor(ends, device=sequences.device))
    return (is_end.cumsum(-1) - is_end.int() == 0).sum(-1)


class _RepetitionPenalty(LogitsProcessor):  # type: ignore[misc]  # its types are not seen here
    """The penalty on the model's raw output, as in CTranslate2 and in the paper that it is from.

    In a beam search transformers itself takes it off the logarithms of probabilities, in which it weighs many times as
    much.
    """

    def __init__(self, penalty: float, raw: list[torch.Tensor]) -> None:
        self._penalise = RepetitionPenaltyLogitsProcessor(penalty)
        self._raw = raw

    @classmethod
    def of(cls, model: Any) -> Callable[[float], _RepetitionPenalty]:
        """Makes penalties for a model, whose last output it keeps from now on."""
        raw: list[torch.Tensor] = []

        def keep(module: Any, inputs: Any, output: Any) -> None:  # noqa: ARG001
            raw[:] = [output.logits[:, -1, :].float()]

        model.register_forward_hook(keep)
        return lambda penalty: cls(penalty, raw)

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """The raw output with the penalty, but for what is forbidden already."""
        return self._penalise(input_ids, self._raw[0]).masked_fill(scores.isneginf(), -torch.inf)


def load_checkpoint(folder: Path, compute_type: str) -> Any:
    """The model in ``folder``.

    Raises:
        ModelUnavailable: weights are missing, damaged or of another architecture.
    """
    if compute_type not in _TYPES:
        raise ModelUnavailable(
            f"transformers cannot compute in {compute_type}: set DEPECHE_COMPUTE_TYPE to auto or one of "
            + ", ".join(_TYPES)
        )
    try:
        model, report = AutoModelForSeq2SeqLM.from_pretrained(
            folder,
            dtype=_TYPES[compute_type],
            local_files_only=True,
            trust_remote_code=False,
            **LOADING,
        )
    except Exception as error:  # from_pretrained raises whatever the files provoke
        raise ModelUnavailable(f"{folder} cannot be loaded ({reason(error)}): get the checkpoint again") from error
    check_complete(report, folder)
    # The decoding is our table's: a checkpoint's own settings, such as a length, would mix with it.
    marks = ("bos_token_id", "eos_token_id", "pad_token_id", "decoder_start_token_id")
    model.generation_config = GenerationConfig(**{mark: getattr(model.generation_config, mark) for mark in marks})
    return model


def reason(error: Exception) -> str:
    """Why a checkpoint could not be read, in one line."""
    # torch goes on to say how code in a file can be run all the same.
    if "weights only load failed" in str(error).lower():
        return "its pickle is damaged or holds more than weights, and such a file may run code"
    return first_line(error)


def check_complete(report: Any, folder: Path) -> None:
    """Refuse a model of which some weights are not in its files: transformers would invent them.

    Raises:
        ModelUnavailable: names some of the tensors.
    """
    missing = sorted([*report["missing_keys"], *(name for name, *_ in report["mismatched_keys"])])
    if missing:
        raise ModelUnavailable(
            f"the weights in {folder} lack {len(missing)} tensors or have them in another size ({missing[0]} …): get "
            "all files from the same checkpoint",
            {"path": str(folder)},
        )


def has_output_layer_apart(model: Any) -> bool:
    """Whether the configuration ties the output layer to the embeddings, and the checkpoint's file has another one.

    transformers then uses the file's. It may be right, and the configuration wrong; or it is a left-over, with values
    from before the training.
    """
    if not getattr(model.config, "tie_word_embeddings", True):
        return False
    output, embeddings = model.get_output_embeddings().weight, model.get_decoder().get_input_embeddings().weight
    return output is not embeddings and not torch.equal(output, embeddings)


def tie_output_layer(model: Any) -> None:
    """Put the embeddings in the output layer's place, as the configuration says."""
    model.get_output_embeddings().weight = model.get_decoder().get_input_embeddings().weight


def resolve_compute_type(compute_type: str, device: str) -> str:
    """The number format meant by ``auto``: float32 on a CPU, float16 on a GPU."""
    return compute_type if compute_type != "auto" else "float16" if device == "cuda" else "float32"
