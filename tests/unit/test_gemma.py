"""The embedded profile's model: made of a base, a list of tokens and an adapter, here tiny ones of the same form."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

gguf = pytest.importorskip("gguf")
np = pytest.importorskip("numpy")

from worker.models.gemma import make_model, read_vocabulary  # noqa: E402
from worker.models.gguf_file import GGUFFile, Unusable  # noqa: E402

TOKENS = ["<pad>", "<eos>", "<bos>", "<unk>", "a", "b", "ab", "я", "<0x41>"]
KEPT = [0, 1, 2, 3, 5, 6, 8]
WIDTH, ROWS = 64, 32
Q8_0 = gguf.GGMLQuantizationType.Q8_0


def random(*shape: int, seed: int) -> Any:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


WEIGHT, NORM, TABLE = random(ROWS, WIDTH, seed=1), random(WIDTH, seed=2), random(len(TOKENS), WIDTH, seed=3)
A, B = random(4, WIDTH, seed=4), random(ROWS, 4, seed=5)


def write_base(path: Path, *, architecture: str = "gemma3") -> Path:
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_type("model")
    writer.add_float32("gemma3.rope.freq_base", 1e6)
    writer.add_token_list(TOKENS)
    writer.add_token_scores([-float(place) for place in range(len(TOKENS))])
    writer.add_token_types([3, 3, 3, 3, 1, 1, 1, 1, 6])
    for name, place in (("pad", 0), ("eos", 1), ("bos", 2), ("unk", 3)):
        getattr(writer, f"add_{name}_token_id")(place)
    writer.add_add_bos_token(True)
    writer.add_tensor("token_embd.weight", gguf.quantize(TABLE, Q8_0), raw_dtype=Q8_0)
    writer.add_tensor("output_norm.weight", NORM)
    writer.add_tensor("blk.0.ffn_up.weight", gguf.quantize(WEIGHT, Q8_0), raw_dtype=Q8_0)
    writer.add_tensor("blk.0.ffn_gate.weight", gguf.quantize(WEIGHT, Q8_0), raw_dtype=Q8_0)
    return finish(writer, path)


def write_adapter(
    path: Path,
    *,
    name: str = "blk.0.ffn_up.weight",
    halves: Sequence[str] = ("a", "b"),
    a: Any = A,
    kind: str = "adapter",
) -> Path:
    writer = gguf.GGUFWriter(path, "gemma3")
    writer.add_type(kind)
    writer.add_float32("adapter.lora.alpha", 8.0)
    for half in halves:
        writer.add_tensor(f"{name}.lora_{half}", a if half == "a" else B)
    return finish(writer, path)


def finish(writer: Any, path: Path) -> Path:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def test_the_model_has_the_kept_tokens_and_the_adapter_in_its_weights(tmp_path: Path) -> None:
    """Rows of the table are copied as they are, tokens are numbered anew, and the adapter's product is added once."""
    base, adapter, made = write_base(tmp_path / "base"), write_adapter(tmp_path / "adapter"), tmp_path / "made"
    make_model(base, KEPT, adapter, made)
    before, after = GGUFFile(base), GGUFFile(made)
    assert after.field("tokenizer.ggml.tokens") == [TOKENS[token] for token in KEPT]
    assert after.field("tokenizer.ggml.scores") == [-float(token) for token in KEPT]
    assert after.field("tokenizer.ggml.token_type") == [3, 3, 3, 3, 1, 1, 6]
    assert [after.field(f"tokenizer.ggml.{n}_token_id") for n in ("padding", "eos", "bos", "unknown")] == [0, 1, 2, 3]
    assert (after.field("tokenizer.ggml.add_bos_token"), after.field("gemma3.rope.freq_base")) == (True, 1e6)
    table = before.tensors["token_embd.weight"].data[KEPT]
    assert np.array_equal(after.tensors["token_embd.weight"].data, table)
    assert np.array_equal(after.tensors["output_norm.weight"].floats(), NORM)
    assert np.array_equal(after.tensors["blk.0.ffn_gate.weight"].data, before.tensors["blk.0.ffn_gate.weight"].data)
    expected = before.tensors["blk.0.ffn_up.weight"].floats() + 8.0 / 4 * (B @ A)
    # 8 bits for the largest of 32 weights.
    assert np.allclose(after.tensors["blk.0.ffn_up.weight"].floats(), expected, atol=np.abs(expected).max() / 127)


def test_without_an_adapter_all_weights_stay(tmp_path: Path) -> None:
    """Only the table is shorter."""
    base, made = write_base(tmp_path / "base"), tmp_path / "made"
    make_model(base, KEPT, None, made)
    before, after = GGUFFile(base), GGUFFile(made)
    for name in ("blk.0.ffn_up.weight", "blk.0.ffn_gate.weight"):
        assert np.array_equal(after.tensors[name].data, before.tensors[name].data)


def test_the_reader_agrees_with_gguf_s_own(tmp_path: Path) -> None:
    """Fields and weights are those that the package finds in the same file."""
    path = write_base(tmp_path / "base")
    theirs, ours = gguf.GGUFReader(path), GGUFFile(path)
    fields = {name: field.contents() for name, field in theirs.fields.items() if not name.startswith("GGUF.")}
    assert ours.fields == fields
    assert list(ours.tensors) == [tensor.name for tensor in theirs.tensors]
    for tensor in theirs.tensors:
        assert np.array_equal(ours.tensors[tensor.name].floats(), gguf.dequantize(tensor.data, tensor.tensor_type))


@pytest.mark.parametrize(
    ("adapter", "fault"),
    [
        ({"name": "blk.7.ffn_up.weight"}, "made for another model: it has weights for blk.7.ffn_up.weight"),
        ({"a": random(4, 96, seed=6)}, "made for another model: its weights for blk.0.ffn_up.weight have other sizes"),
        ({"halves": ("a",)}, "half of a pair of weights is missing"),
        ({"kind": "model"}, "is a whole model, and no adapter"),
    ],
    ids=["layer", "size", "half", "model"],
)
def test_an_adapter_that_does_not_fit_is_refused(adapter: dict[str, Any], fault: str, tmp_path: Path) -> None:
    """Each says what is wrong with it."""
    base, path = write_base(tmp_path / "base"), write_adapter(tmp_path / "adapter", **adapter)
    with pytest.raises(Unusable, match=fault):
        make_model(base, KEPT, path, tmp_path / "made")


def test_another_kind_of_model_is_refused(tmp_path: Path) -> None:
    """By the architecture that its file names."""
    with pytest.raises(Unusable, match="for a model of the kind llama, and not gemma3"):
        make_model(write_base(tmp_path / "base", architecture="llama"), KEPT, None, tmp_path / "made")


@pytest.mark.parametrize("vocabulary", [[0, 1, 2, 3, 99], [0, 1, 2, 4]], ids=["too far", "a special token is missing"])
def test_a_list_of_another_model_is_refused(vocabulary: list[int], tmp_path: Path) -> None:
    """It must name tokens that are there, the special ones among them."""
    with pytest.raises(Unusable, match="not one for this model"):
        make_model(write_base(tmp_path / "base"), vocabulary, None, tmp_path / "made")


def test_no_cut_file_is_taken(tmp_path: Path) -> None:
    """Wherever the file ends, it is damaged, and nothing but that is said."""
    whole = write_base(tmp_path / "base").read_bytes()
    path = tmp_path / "cut"
    for length in [*range(0, len(whole) - 64, 61), 4, 8, 23, 24]:
        path.write_bytes(whole[:length])
        with pytest.raises(Unusable, match="truncated, damaged or no GGUF file"):
            GGUFFile(path)


@pytest.mark.parametrize(
    "content",
    [b"no model at all\n" * 9, b"GGUF" + b"\xff" * 200, b"GGUF\x03\0\0\0" + b"\0" * 8 + b"\xff" * 8 + b"\0" * 64],
    ids=["text", "numbers", "a count without end"],
)
def test_no_foreign_file_is_taken(content: bytes, tmp_path: Path) -> None:
    """Nor do figures in it make the reader take memory that is not there."""
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(Unusable, match="truncated, damaged or no GGUF file"):
        GGUFFile(tmp_path / "file")


@pytest.mark.parametrize(
    "content",
    [b"", b"1\n2\n", gzip.compress(b""), gzip.compress(b"2\n1"), gzip.compress(b"1\nx"), b"\x1f\x8b\x08cut"],
    ids=["empty", "not packed", "no numbers", "falling", "letters", "cut"],
)
def test_a_damaged_list_of_tokens_is_refused(content: bytes, tmp_path: Path) -> None:
    """Numbers that rise, packed, and nothing else."""
    (tmp_path / "list.gz").write_bytes(content)
    with pytest.raises(Unusable, match="is damaged"):
        read_vocabulary(tmp_path / "list.gz")


def test_a_full_disk_goes_through(tmp_path: Path) -> None:
    """It is not a fault of the files, and the caller says so."""
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    shutil.copy(write_base(tmp_path / "base"), tmp_path / "copy")
    with pytest.raises(OSError, match="No space left"):
        make_model(tmp_path / "copy", KEPT, None, Path("/dev/full"))
