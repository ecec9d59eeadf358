"""Checkpoints as others publish them: from the Hugging Face hub, a mirror of it, or a folder of the same layout."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from depeche.errors import ModelUnavailable, first_line
from worker.models.adapter import sha256
from worker.models.download import download
from worker.models.prepared import Say, folder_of, is_folder

#: All that a checkpoint's configuration and tokenizer may consist of. No code.
_SMALL_FILES = ["*.json", "*.txt", "*.spm", "*.model"]
#: Safetensors before a pickle.
_WEIGHTS = ["model*.safetensors", "pytorch_model*.bin"]
#: How a file begins that stands for one which git has not fetched.
_POINTER = b"version https://git-lfs"


@dataclass(frozen=True)
class Checkpoint:
    """A model in Hugging Face's layout on this disk.

    Attributes:
        revision: the hub's commit, or ``sha256:`` and the digest of the files below.
        small_files: configuration and tokenizer.
        weights: safetensors where there are any, else a pickle, with the index of their parts.
    """

    folder: Path
    source: str
    revision: str
    architecture: str
    small_files: tuple[Path, ...]
    weights: tuple[Path, ...]

    @property
    def pickled(self) -> bool:
        """Whether the weights are a pickle."""
        return self.weights[0].suffix == ".bin"


def fetch(source: str, say: Say = lambda line: None) -> Checkpoint:
    """Get a checkpoint: a folder as it is, a hub id (``owner/name`` or ``owner/name@revision``) by download.

    The download is huggingface_hub's: with a progress bar and kept in its cache. A broken connection is taken up again
    where it stopped, a few times; of a run that gave up, the files that came whole are kept for the next. It obeys
    ``HF_ENDPOINT`` (a mirror), ``HF_TOKEN``, ``HF_HOME``, ``HF_HUB_OFFLINE`` and ``HF_HUB_DISABLE_XET``. ``say`` is
    called with one line where it has to wait or to go another way.

    Raises:
        ModelUnavailable: says what is wrong and the way out.
    """
    folder = folder_of(source) if is_folder(source) else download(source, _SMALL_FILES, _WEIGHTS, say)
    architecture = _architecture(folder)
    weights = _weights(folder)
    small = sorted({path for pattern in _SMALL_FILES for path in folder.glob(pattern)} - set(weights))
    for path in small:
        _check_small(path)
    revision = _digest([*small, *weights]) if is_folder(source) else folder.name
    return Checkpoint(folder, source, revision, architecture, tuple(small), tuple(weights))


def is_within_reach(source: str, timeout_s: float) -> bool:
    """Whether the folder is there, or the hub knows the model and answers within so many seconds."""
    if is_folder(source):
        return folder_of(source).is_dir()
    from huggingface_hub import model_info

    name, _, revision = source.partition("@")
    try:
        model_info(name, revision=revision or None, timeout=timeout_s)
    except Exception:  # noqa: BLE001  # whatever a network provokes
        return False
    return True


def _architecture(folder: Path) -> str:
    path = folder / "config.json"
    try:
        config: dict[str, Any] = json.loads(path.read_bytes())
        return str(config["model_type"])
    except OSError as error:
        raise ModelUnavailable(
            f"{folder} is not a checkpoint: {path.name} cannot be read ({error.strerror}); give a folder in Hugging "
            "Face's layout, or a hub id"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise ModelUnavailable(f"{path} is damaged: get the checkpoint again") from error


def _weights(folder: Path) -> list[Path]:
    """The files of the weights, safetensors before a pickle, having made sure that they are all there."""
    if safe := _parts(folder, "model.safetensors"):
        for path in safe:
            _check_no_pointer(path)
            _check_safetensors(path)
        return safe
    if pickled := _parts(folder, "pytorch_model.bin"):
        for path in pickled:
            _check_no_pointer(path)
        return pickled
    raise ModelUnavailable(
        f"{folder} has no weights (model.safetensors or pytorch_model.bin): half a download? Get it again"
    )


def _parts(folder: Path, name: str) -> list[Path]:
    """The file of that name, or the files that its index names; those that are not all there are a fault."""
    index = folder / f"{name}.index.json"
    if not index.exists():
        return [folder / name] if (folder / name).exists() else []
    try:
        parts = [folder / part for part in sorted(set(json.loads(index.read_bytes())["weight_map"].values()))]
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise ModelUnavailable(f"{index} is damaged: get the checkpoint again") from error
    missing = [part.name for part in parts if not part.exists()]
    if missing or not parts:
        raise ModelUnavailable(f"{folder} lacks {', '.join(missing) or 'weights'}: half a download? Get it again")
    return [*parts, index]


def _check_safetensors(path: Path) -> None:
    if path.suffix != ".safetensors":  # the index
        return
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy"):
            pass
    except (SafetensorError, OSError) as error:
        raise ModelUnavailable(
            f"{path} is truncated or damaged ({first_line(error)}): half a download? Get it again", {"path": str(path)}
        ) from error


def _check_no_pointer(path: Path) -> None:
    with path.open("rb") as file:
        if file.read(len(_POINTER)) == _POINTER:
            raise ModelUnavailable(
                f"{path} is a pointer of Git LFS, and not the file itself: run git lfs pull in that folder, or give "
                "the model's hub id",
                {"path": str(path)},
            )


def _check_small(path: Path) -> None:
    _check_no_pointer(path)
    if path.suffix != ".json":
        return
    try:
        json.loads(path.read_bytes())
    except ValueError as error:
        raise ModelUnavailable(
            f"{path} is damaged, as it is no JSON: get the checkpoint again", {"path": str(path)}
        ) from error


def _digest(files: Sequence[Path]) -> str:
    lines = "".join(f"{path.name} {sha256(path)}\n" for path in files)
    return f"sha256:{hashlib.sha256(lines.encode()).hexdigest()}"
