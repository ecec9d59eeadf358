"""Which adapter a worker loads, and what it says when it cannot."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

from config.settings import load_settings
from depeche.errors import ModelUnavailable, SettingsError
from worker.models import adapter
from worker.models.adapter import PACKAGED, Manifest, find_adapter
from worker.models.embedded import BASE_SHA256

LARGEST_BYTES = 32_000_000


@pytest.fixture
def packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package's adapter folder, in use instead of it; its manifest."""
    shutil.copytree(PACKAGED.parent, tmp_path / "adapters")
    manifest = tmp_path / "adapters" / PACKAGED.name
    monkeypatch.setattr(adapter, "PACKAGED", manifest)
    return manifest


def test_the_packaged_adapter_is_the_default() -> None:
    """It is whole, small enough to ship, made for our base model, and named with its bytes."""
    found = find_adapter(load_settings().adapter, BASE_SHA256)
    assert found is not None
    assert found.path.stat().st_size <= LARGEST_BYTES
    manifest = Manifest.model_validate_json(PACKAGED.read_bytes())
    assert (found.name, found.revision) == (manifest.name, f"{manifest.version} ({manifest.sha256[:12]})")


def test_the_package_brings_it() -> None:
    """Wheel and sdist hold every file of the folder; an editable installation would hide that one is missing."""
    root = PACKAGED.parents[3]
    listed = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["worker.models"]
    assert {path.name for path in PACKAGED.parent.iterdir()} == {Path(name).name for name in listed if "/" in name}


def test_none_turns_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """With DEPECHE_ADAPTER=none the base model works alone."""
    monkeypatch.setenv("DEPECHE_ADAPTER", "none")
    assert find_adapter(load_settings().adapter, BASE_SHA256) is None


def test_a_file_of_ones_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Any other value is the path of a file, named by itself and its bytes."""
    path = tmp_path / "mine.gguf"
    path.write_bytes(b"weights")
    monkeypatch.setenv("DEPECHE_ADAPTER", str(path))
    found = find_adapter(load_settings().adapter, BASE_SHA256)
    assert found is not None
    assert (found.path, found.name, found.revision) == (path, "mine", "(9a129038d9a0)")


def test_a_missing_file_is_said_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A misspelt value is taken for a path, so the message names the allowed words."""
    monkeypatch.setenv("DEPECHE_ADAPTER", str(tmp_path / "pakcaged"))
    with pytest.raises(ModelUnavailable, match=r"pakcaged cannot be read .*a GGUF file, packaged or none"):
        find_adapter(load_settings().adapter, BASE_SHA256)


def test_an_empty_setting_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty variable is not the current folder."""
    monkeypatch.setenv("DEPECHE_ADAPTER", "")
    with pytest.raises(SettingsError, match="packaged, none or the path"):
        load_settings()


def test_a_changed_byte_is_found(packaged: Path) -> None:
    """A damaged installation is not loaded."""
    weights = packaged.with_name(Manifest.model_validate_json(packaged.read_bytes()).file)
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    with pytest.raises(ModelUnavailable, match="is damaged: install Dépêche again, or set DEPECHE_ADAPTER=none"):
        find_adapter("packaged", BASE_SHA256)


@pytest.mark.parametrize("content", ["", "{}", None], ids=["empty", "fields missing", "no file"])
def test_a_manifest_that_is_none(packaged: Path, content: str | None) -> None:
    """Without a readable manifest nothing is loaded."""
    packaged.unlink() if content is None else packaged.write_text(content)
    with pytest.raises(ModelUnavailable, match=r"packaged adapter cannot be read|fr-en\.json is damaged"):
        find_adapter("packaged", BASE_SHA256)


def test_another_base_is_refused() -> None:
    """Over other weights than those of its training the adapter would give noise."""
    with pytest.raises(ModelUnavailable, match="another base model"):
        find_adapter("packaged", "0" * 64)
