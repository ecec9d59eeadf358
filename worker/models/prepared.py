"""Prepared models: folders in DEPECHE_MODEL_DIR that hold a model ready to run, and a manifest of every file in it."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from config.settings import Engine, Settings
from depeche.article import ModelInfo
from depeche.errors import ModelUnavailable
from worker.models.adapter import sha256

MANIFEST = "manifest.json"
#: In place of a summariser: summaries are the article's own sentences.
NO_MODEL = "none"

Say = Callable[[str], None]


class Manifest(BaseModel):
    """What ``depeche-worker models prepare`` writes into a model's folder.

    Attributes:
        source: hub id, or the folder as it was given.
        revision: the hub's commit, or ``sha256:`` and the digest of a folder's files.
        architecture: the ``model_type`` of the checkpoint's configuration.
        compute_type: what the weights are stored in.
        versions: of the packages that made it.
        files: SHA-256 of each file but the manifest, in hexadecimal, by its path in the folder.
        inputs: what the embedded profile's model was made of; empty for others.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    revision: str
    architecture: str
    engine: Engine | Literal["llama.cpp"]
    compute_type: str
    versions: dict[str, str]
    files: dict[str, str]
    inputs: dict[str, str] = {}

    @property
    def info(self) -> ModelInfo:
        """What the results say about the model; the compute type may become another when it is loaded."""
        return ModelInfo(id=self.source, revision=self.revision, engine=self.engine, compute_type=self.compute_type)


def find(source: str, settings: Settings) -> Path:
    """Where the model of a setting lies or would lie: the folder itself, if it is a prepared one."""
    if is_folder(source) and (folder_of(source) / MANIFEST).exists():
        return folder_of(source)
    compute_type = stored_compute_type(settings)
    return settings.model_dir / f"{_slug(source)}--{settings.engine}-{compute_type}"


def stored_compute_type(settings: Settings) -> str:
    """The number format that a model is prepared in: the wanted one, or the device's best.

    Raises:
        ModelUnavailable: CTranslate2 is not installed, or the device is not there.
    """
    if settings.engine == "transformers":
        return "checkpoint"  # torch converts while it loads
    try:
        from worker.models.engines.ctranslate2 import resolve_compute_type, resolve_device
    except ImportError as error:
        raise ModelUnavailable(
            f"the package {error.name} is not installed: pip install '.[worker]' in Dépêche's folder"
        ) from error

    return resolve_compute_type(settings.compute_type, resolve_device(settings.device))


def load(folder: Path, engine: Engine | Literal["llama.cpp"]) -> Manifest:
    """The manifest of a prepared folder, every file held against it.

    Raises:
        ModelUnavailable: the folder is not there, is for another engine, a file is missing or other than it was, or
            the model was made with a newer CTranslate2 than is installed.
    """
    manifest = read(folder)
    if manifest.engine != engine:
        raise ModelUnavailable(
            f"{folder} was prepared for {manifest.engine}: set DEPECHE_ENGINE={manifest.engine}, or give the "
            "checkpoint that it was made of"
        )
    remedy = "run depeche-worker models prepare --force"
    for name, expected in manifest.files.items():
        try:
            digest = sha256(folder / name)
        except OSError as error:
            raise ModelUnavailable(f"{folder / name} cannot be read ({error.strerror}): {remedy}") from error
        if digest != expected:
            raise ModelUnavailable(f"{folder / name} is truncated or damaged: {remedy}", {"path": str(folder / name)})
    # A second tokenizer file, say, would be read before the one that was checked.
    if strange := sorted(set(_names(folder)) - set(manifest.files)):
        raise ModelUnavailable(f"{folder} holds {', '.join(strange)}, which is not part of the model: take it out")
    _check_version(manifest, folder)
    return manifest


def read(folder: Path) -> Manifest:
    """The manifest alone.

    Raises:
        ModelUnavailable: there is none, or it cannot be understood.
    """
    try:
        return Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except OSError as error:
        raise ModelUnavailable(
            f"no prepared model in {folder} ({error.strerror}): run depeche-worker models prepare, with the same "
            "settings as the worker; DEPECHE_PROFILE=embedded needs none",
            {"path": str(folder)},
        ) from error
    except ValueError as error:
        raise ModelUnavailable(
            f"{folder / MANIFEST} is damaged or of another version of Dépêche: run depeche-worker models prepare "
            "--force",
            {"path": str(folder)},
        ) from error


def write(manifest: Manifest, folder: Path) -> None:
    """Write the manifest into the folder of the files that it names. It is the last file to be written."""
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")


def make(target: Path, name: str, build: Callable[[Path], None], is_there: Callable[[], bool], say: Say) -> None:
    """Make a prepared folder. Several processes may try at once: one does it, and the others find it made.

    Args:
        target: the folder.
        name: what is made, for the person who waits.
        build: makes it in the folder that it is given, which is not there yet. What it raises goes through, and what
            was there before is still there.
        is_there: whether there is nothing to do; asked under the lock.
        say: called with one line for the person who waits.

    Raises:
        OSError: the disk refuses.
    """
    from filelock import FileLock, Timeout

    target.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(target.parent / f".{target.name}.lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        say(f"Another process prepares {name}: waiting for it.")
        lock.acquire()
    # Fixed names under the lock: what a killed process left is cleared by the next one.
    work, old = target.with_name(f".{target.name}.part"), target.with_name(f".{target.name}.old")
    try:
        if old.exists() and not target.exists():  # it was killed between the two renames of _replace
            old.rename(target)
        for left in (work, old):
            shutil.rmtree(left, ignore_errors=True)
        if is_there():
            say(f"{name} is prepared already: {target}")
            return
        say(f"Preparing {name} …")
        build(work)
        _replace(work, target, old)
        say(f"{name} is prepared: {target}")
    finally:
        shutil.rmtree(work, ignore_errors=True)
        lock.release()


def in_folder(model_dir: Path) -> Iterator[Path]:
    """All prepared folders of a model directory, by name."""
    return (manifest.parent for manifest in sorted(model_dir.glob(f"*/{MANIFEST}")) if manifest.parent.name[0] != ".")


def file_digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file in a folder but its manifest, by its path there."""
    return {name: sha256(folder / name) for name in _names(folder)}


def installed(package: str) -> str:
    """The installed version of a package, or ``none``."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"


def is_folder(source: str) -> bool:
    """Whether a setting names a folder rather than a hub id; what looks like a path is one, there or not."""
    return source.startswith((".", "/", "~")) or folder_of(source).is_dir()


def folder_of(source: str) -> Path:
    """The folder that a setting names."""
    try:
        return Path(source).expanduser()
    except RuntimeError:  # there is no home
        return Path(source)


def _replace(work: Path, target: Path, old: Path) -> None:
    """Put the new folder in the old one's place; in between a worker finds none, and says so, but never half a one."""
    if target.exists():
        target.rename(old)
    work.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _names(folder: Path) -> list[str]:
    """The paths in a folder of all files but its manifest and hidden ones."""
    files = (path for path in folder.rglob("[!.]*") if path.is_file() and path.name != MANIFEST)
    return sorted(str(path.relative_to(folder)) for path in files)


def _check_version(manifest: Manifest, folder: Path) -> None:
    made, here = manifest.versions.get("ctranslate2"), installed("ctranslate2")
    if manifest.engine == "ctranslate2" and made and _minor(made) > _minor(here):
        raise ModelUnavailable(
            f"{folder} was prepared with CTranslate2 {made}, and {here} is installed, which may not read it: run "
            "depeche-worker models prepare --force here, or install the newer version"
        )


def _minor(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:2])


def _slug(source: str) -> str:
    if not is_folder(source):
        return source.replace("/", "--")
    path = folder_of(source).resolve()
    return f"{path.name}-{hashlib.sha256(str(path).encode()).hexdigest()[:8]}"
