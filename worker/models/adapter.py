"""The low-rank adapter that teaches the embedded profile's base model to translate: ours, a file of yours, or none."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from depeche.errors import ModelUnavailable

PACKAGED = Path(__file__).with_name("adapters") / "fr-en.json"


class Manifest(BaseModel):
    """What ``worker/models/adapters/*.json`` says about an adapter; written by ``python -m training.export``.

    Attributes:
        file: the GGUF file in the manifest's folder.
        base_sha256: of the only base model that the adapter was trained on.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    version: str
    file: str
    sha256: str
    base_sha256: str


@dataclass(frozen=True)
class Adapter:
    """A GGUF file of low-rank weights.

    Attributes:
        revision: tells this file from all others, for results.
        digest: the file's SHA-256, in hexadecimal.
    """

    path: Path
    name: str
    revision: str
    digest: str


def find_adapter(wanted: Path | Literal["packaged", "none"], base_sha256: str) -> Adapter | None:
    """The adapter of the setting ``DEPECHE_ADAPTER``, its bytes checked where we know them; None for ``none``.

    Raises:
        ModelUnavailable: the file is missing or damaged, or the packaged adapter was made for another base model.
    """
    match wanted:
        case "none":
            return None
        case "packaged":
            return _packaged(PACKAGED, base_sha256)
        case path:
            return _own(path)


def sha256(path: Path) -> str:
    """The file's SHA-256, in hexadecimal.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _packaged(manifest_path: Path, base_sha256: str) -> Adapter:
    way_out = "install Dépêche again, or set DEPECHE_ADAPTER=none"
    try:
        manifest = Manifest.model_validate_json(manifest_path.read_bytes())
        path = manifest_path.with_name(manifest.file)
        digest = sha256(path)
    except OSError as error:
        raise ModelUnavailable(f"the packaged adapter cannot be read ({error.strerror}): {way_out}") from error
    except ValueError as error:
        raise ModelUnavailable(f"{manifest_path} is damaged: {way_out}", {"path": str(manifest_path)}) from error
    if digest != manifest.sha256:
        raise ModelUnavailable(f"{path} is damaged: {way_out}", {"path": str(path)})
    if base_sha256 != manifest.base_sha256:
        raise ModelUnavailable(f"{path} was trained on another base model: {way_out}", {"path": str(path)})
    return Adapter(path, manifest.name, f"{manifest.version} ({digest[:12]})", digest)


def _own(path: Path) -> Adapter:
    try:
        digest = sha256(path)
    except OSError as error:
        raise ModelUnavailable(
            f"the adapter {path} cannot be read ({error.strerror}): "
            "set DEPECHE_ADAPTER to a GGUF file, packaged or none"
        ) from error
    return Adapter(path, path.stem, f"({digest[:12]})", digest)
