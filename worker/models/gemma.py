"""Makes the embedded profile's model of Gemma's published weights: fewer tokens, and the adapter added in.

Two thirds of Gemma 3 270M are its table of 262 144 tokens, and French and English text uses about half of them: with
those alone the model is smaller, loads faster and writes faster. The adapter is added into the weights once, here,
instead of at every token. Both files are GGUF, as llama.cpp wants them.
"""

from __future__ import annotations

import gzip
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from numpy.typing import NDArray

from worker.models.gguf_file import GGUFFile, Tensor, Unusable

ARCHITECTURE = "gemma3"

#: A weight with something added to it is on no coarse grid any more: it is kept in 8 bits, in which llama.cpp also
#: computes fastest.
_MERGED = gguf.GGMLQuantizationType.Q8_0
_EMBEDDINGS = "token_embd.weight"
#: What the file says of each token, in the order of the table.
_BY_TOKEN = ("tokenizer.ggml.tokens", "tokenizer.ggml.scores", "tokenizer.ggml.token_type")
_TOKEN_ID = "_token_id"  # noqa: S105  # the end of a key whose value is a token's place
#: Written from the model itself.
_OWN = ("general.architecture", "general.file_type")


def read_vocabulary(path: Path) -> list[int]:
    """The tokens to keep, as their places in the base's table, rising.

    Raises:
        Unusable: the file is damaged.
        OSError: it cannot be read.
    """
    try:
        kept = [int(line) for line in gzip.decompress(path.read_bytes()).split()]
    except (EOFError, ValueError, gzip.BadGzipFile) as error:
        raise Unusable(f"{path} is damaged") from error
    if not kept or kept != sorted(set(kept)):
        raise Unusable(f"{path} is damaged")
    return kept


def make_model(base: Path, vocabulary: Sequence[int], adapter: Path | None, target: Path) -> None:
    """Write the model.

    Args:
        base: the whole model.
        vocabulary: see :func:`read_vocabulary`; the special tokens among them.
        adapter: low-rank weights for the base's linear layers; None adds nothing.
        target: the file to write, anew.

    Raises:
        Unusable: a file is damaged, or the three do not belong together.
        OSError: a file cannot be read or written.
    """
    model, additions = open_gemma(base), _additions(adapter) if adapter else {}
    if strangers := additions.keys() - model.tensors.keys():
        raise Unusable(f"{adapter} was made for another model: it has weights for {min(strangers)}")
    # It tells of every step, in the worker's log.
    logging.getLogger("gguf").setLevel(logging.WARNING)
    writer = gguf.GGUFWriter(target, ARCHITECTURE)
    try:
        for key, value in _facts(model, vocabulary):
            _add_fact(writer, key, value)
        for name, data, kind in _weights(model, vocabulary, additions):
            writer.add_tensor(name, data, raw_dtype=kind)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
    finally:
        writer.close()


def open_gemma(path: Path) -> GGUFFile:
    """A GGUF file of Gemma's or for it.

    Raises:
        Unusable: it is damaged, or one for another model.
        OSError: it cannot be read.
    """
    file = GGUFFile(path)
    if (found := file.field("general.architecture")) != ARCHITECTURE:
        raise Unusable(f"{path} is for a model of the kind {found}, and not {ARCHITECTURE}")
    return file


@dataclass(frozen=True)
class _Addition:
    """What an adapter adds to a weight: ``scale * b @ a``, with the shapes (rank, in) and (out, rank)."""

    a: NDArray[np.float32]
    b: NDArray[np.float32]
    scale: float

    def to(self, weight: Tensor, name: str) -> NDArray[np.float32]:
        if weight.shape != (self.b.shape[0], self.a.shape[1]):
            raise Unusable(f"the adapter was made for another model: its weights for {name} have other sizes")
        return weight.floats() + self.scale * (self.b @ self.a)


def _additions(path: Path) -> dict[str, _Addition]:
    """What the adapter adds, by the name of the weight."""
    file = open_gemma(path)
    if file.field("general.type") != "adapter":
        raise Unusable(f"{path} is a whole model, and no adapter")
    alpha = float(file.field("adapter.lora.alpha"))
    names = {name.rpartition(".lora_")[0] for name in file.tensors}
    try:
        pairs = {n: (file.tensors[f"{n}.lora_a"].floats(), file.tensors[f"{n}.lora_b"].floats()) for n in names}
    except KeyError as error:
        raise Unusable(f"{path} is damaged: half of a pair of weights is missing") from error
    return {name: _Addition(a, b, alpha / len(a)) for name, (a, b) in pairs.items()}


def _facts(model: GGUFFile, vocabulary: Sequence[int]) -> Iterator[tuple[str, Any]]:
    """Key and value of all that the file says about itself, with the tokens in their new places."""
    places = {token: place for place, token in enumerate(vocabulary)}
    for key, value in model.fields.items():
        try:
            if key in _BY_TOKEN:
                yield key, [value[token] for token in vocabulary]
            elif key.endswith(_TOKEN_ID):
                yield key, places[value]
            elif key not in _OWN:
                yield key, value
        except LookupError as error:
            raise Unusable("the list of tokens is not one for this model") from error


def _add_fact(writer: gguf.GGUFWriter, key: str, value: Any) -> None:
    match value:
        case bool():
            writer.add_bool(key, value)
        case int():
            writer.add_uint32(key, value)
        case float():
            writer.add_float32(key, value)
        case str():
            writer.add_string(key, value)
        case _:
            writer.add_array(key, value)


def _weights(
    model: GGUFFile, vocabulary: Sequence[int], additions: Mapping[str, _Addition]
) -> Iterator[tuple[str, NDArray[Any], gguf.GGMLQuantizationType]]:
    """Name, data and number format of all weights."""
    for name, tensor in model.tensors.items():
        if name == _EMBEDDINGS:
            # Rows of a quantised table stand by themselves: they are copied as they are.
            yield name, tensor.data[np.asarray(vocabulary)], tensor.kind
        elif name in additions:
            yield name, gguf.quantize(additions[name].to(tensor, name), _MERGED), _MERGED
        elif tensor.kind == gguf.GGMLQuantizationType.F32:
            yield name, tensor.floats(), tensor.kind
        else:
            yield name, tensor.data, tensor.kind
