"""Checkpoints as others publish them: from the Hugging Face hub, a mirror of it, or a folder of the same layout."""

from __future__ import annotations

import errno
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from depeche.errors import ModelUnavailable, first_line
from worker.models.adapter import sha256
from worker.models.prepared import Say, folder_of, is_folder

#: All that a checkpoint's configuration and tokenizer may consist of. No code.
_SMALL_FILES = ["*.json", "*.txt", "*.spm", "*.model"]
_SAFE_WEIGHTS = ["model*.safetensors"]
_PICKLED_WEIGHTS = ["pytorch_model*.bin"]
#: Longest wait for the hub's first answer, in seconds.
_TIMEOUT_S = 15


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


def fetch(source: str, say: Say = lambda line: None) -> Checkpoint:  # noqa: ARG001
    """Get a checkpoint: a folder as it is, a hub id (``owner/name`` or ``owner/name@revision``) by download.

    The download is huggingface_hub's: with a progress bar and kept in its cache. A broken connection is taken up again
    where it stopped, a few times; of a run that gave up, the files that came whole are kept for the next. It obeys
    ``HF_ENDPOINT`` (a mirror), ``HF_TOKEN``, ``HF_HOME`` and ``HF_HUB_OFFLINE``.

    Raises:
        ModelUnavailable: says what is wrong and the way out.
    """
    folder, revision = (folder_of(source), None) if is_folder(source) else _download(source)
    architecture = _architecture(folder)
    weights = _weights(folder)
    small = sorted({path for pattern in _SMALL_FILES for path in folder.glob(pattern)} - set(weights))
    return Checkpoint(
        folder, source, revision or _digest([*small, *weights]), architecture, tuple(small), tuple(weights)
    )


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


def _download(source: str) -> tuple[Path, str]:
    try:
        from huggingface_hub import snapshot_download
    except ImportError as error:
        raise ModelUnavailable(
            f"the package {error.name} is not installed: pip install '.[convert]' in Dépêche's folder"
        ) from error

    name, _, revision = source.partition("@")

    def snapshot(patterns: list[str]) -> Path:
        return Path(
            snapshot_download(name, revision=revision or None, allow_patterns=patterns, etag_timeout=_TIMEOUT_S)
        )

    try:
        folder = snapshot(_SMALL_FILES + _SAFE_WEIGHTS)
        if not any(folder.glob("model*.safetensors")):
            folder = snapshot(_SMALL_FILES + _PICKLED_WEIGHTS)
    except Exception as error:  # whatever a network provokes
        raise ModelUnavailable(_hub_fault(error, source)) from error
    return folder, folder.name


def _hub_fault(error: Exception, source: str) -> str:
    """What happened, and the way out."""
    from huggingface_hub import errors

    out_of_reach = (
        f"{source} cannot be downloaded: the hub is out of reach. Check the network (HF_HUB_OFFLINE must not be set), "
        "set HF_ENDPOINT to a mirror, or give a local folder in DEPECHE_TRANSLATION_MODEL and DEPECHE_SUMMARY_MODEL"
    )
    # A special error is also an instance of the more general one after it.
    messages: list[tuple[type[Exception], str]] = [
        (errors.HFValidationError, f"{source!r} is neither a folder here nor a hub id such as owner/name"),
        (errors.GatedRepoError, f"{source} is gated: accept its terms on its page, and set HF_TOKEN to your token"),
        (
            errors.RepositoryNotFoundError,
            f"the hub has no model {source}: check the name; a private one needs HF_TOKEN",
        ),
        (
            errors.RevisionNotFoundError,
            f"{source}: no such revision: give a branch, tag or commit after the @, or none",
        ),
        (errors.LocalEntryNotFoundError, out_of_reach),
        (errors.OfflineModeIsEnabled, out_of_reach),
        (
            errors.HfHubHTTPError,
            f"{source} cannot be downloaded: {first_line(error)}; check HF_TOKEN, or run it again later: files that "
            "came whole are kept",
        ),
    ]
    return next((message for kind, message in messages if isinstance(error, kind)), broken_off(error, source))


def broken_off(error: Exception, source: str) -> str:
    """What to say where the disk or the connection gave up."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            f"the disk is full: {source} could not be prepared. Free some space, or set DEPECHE_MODEL_DIR and HF_HOME "
            "to a larger disk; nothing half-made is left behind"
        )
    if isinstance(error, OSError) and error.filename:
        return (
            f"{source} could not be prepared: {error.filename}: {error.strerror}; mend that, or set DEPECHE_MODEL_DIR "
            "(and HF_HOME, for downloads) to another folder"
        )
    return f"{source} could not be prepared: {first_line(error)}; run it again: files that came whole are kept"


def _architecture(folder: Path) -> str:
    path = folder / "config.json"
    try:
        config: dict[str, Any] = json.loads(path.read_bytes())
        return str(config["model_type"])
    except OSError as error:
        raise ModelUnavailable(
            f"{folder} is no checkpoint: {path.name} cannot be read ({error.strerror}); give a folder in Hugging "
            "Face's layout, or a hub id"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise ModelUnavailable(f"{path} is damaged: get the checkpoint again") from error


def _weights(folder: Path) -> list[Path]:
    """The files of the weights, safetensors before a pickle, having made sure that they are all there."""
    if safe := _parts(folder, "model.safetensors"):
        for path in safe:
            _check_safetensors(path)
        return safe
    if pickled := _parts(folder, "pytorch_model.bin"):
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


def _digest(files: Sequence[Path]) -> str:
    lines = "".join(f"{path.name} {sha256(path)}\n" for path in files)
    return f"sha256:{hashlib.sha256(lines.encode()).hexdigest()}"
