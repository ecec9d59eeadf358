"""Checkpoints come from a hub or a folder, whole, without code, and every fault says what to do."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from depeche.errors import ModelUnavailable
from tests import fake_hub
from tests.fake_hub import NOWHERE, FakeHub
from worker.cli import main
from worker.models import hub as checkpoints

NAME = "port-amel/tramway-fr-en"


def safetensors(numbers: int) -> bytes:
    """A file of one tensor of zeros."""
    header = json.dumps({"w": {"dtype": "F32", "shape": [numbers], "data_offsets": [0, 4 * numbers]}}).encode()
    return len(header).to_bytes(8, "little") + header + bytes(4 * numbers)


FILES = {
    "config.json": b'{"model_type": "marian"}',
    "vocab.json": b"{}",
    "source.spm": b"spm",
    "model.safetensors": safetensors(5000),
    "pytorch_model.bin": b"pickle",
    "modeling_tramway.py": b"raise SystemExit('run')",
    "README.md": b"A tramway.",
}


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    """A hub with one model, and a cache with nothing in it."""
    with fake_hub.running_hub() as server:
        server.add(NAME, FILES)
        fake_hub.use(server.url, tmp_path, monkeypatch)
        yield server


def write(folder: Path, files: dict[str, bytes]) -> str:
    """The files as a folder; returns its path, as settings name it."""
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return str(folder)


def without(*names: str) -> dict[str, bytes]:
    """The good checkpoint, but some files."""
    return {name: content for name, content in FILES.items() if name not in names}


@pytest.mark.parametrize("at", ["", "@v1", "@main"])
def test_a_model_by_its_id_or_a_revision(hub: FakeHub, at: str) -> None:
    """The commit is the revision, safetensors are preferred, and neither code nor a pickle is even downloaded."""
    found = checkpoints.fetch(NAME + at)
    assert (found.source, found.revision, found.architecture) == (NAME + at, hub.commit(NAME), "marian")
    assert not found.pickled
    assert [path.name for path in found.weights] == ["model.safetensors"]
    assert sorted(path.name for path in found.small_files) == ["config.json", "source.spm", "vocab.json"]
    assert sorted(hub.downloaded()) == ["config.json", "model.safetensors", "source.spm", "vocab.json"]


def test_what_is_in_the_cache_needs_no_network(hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a hub, or told to be offline, the copy that is there is taken."""
    revision = checkpoints.fetch(NAME).revision
    fake_hub.use(NOWHERE, tmp_path, monkeypatch)
    assert checkpoints.fetch(NAME).revision == revision
    fake_hub.use(hub.url, tmp_path, monkeypatch, offline=True)
    assert checkpoints.fetch(NAME).revision == revision


def test_a_model_with_a_pickle_only(hub: FakeHub) -> None:
    """The pickle is the second choice."""
    hub.add("old/pickled", without("model.safetensors"))
    assert checkpoints.fetch("old/pickled").pickled


def test_a_dropped_connection_is_taken_up_where_it_stopped(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within a run, the second request asks for the rest alone, to a chunk of the library, which is 10 MB."""
    monkeypatch.setattr("huggingface_hub.constants.DOWNLOAD_CHUNK_SIZE", 1000)
    hub.breaks = {"model.safetensors"}
    found = checkpoints.fetch(NAME)
    assert found.weights[0].read_bytes() == FILES["model.safetensors"]
    starts = [request.start for request in hub.requests if request.method == "GET" and "safetensors" in request.path]
    assert starts == [0, len(FILES["model.safetensors"]) // 2 // 1000 * 1000]


def test_a_download_that_gave_up_can_be_run_again(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second run fetches what is missing, and only that."""
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    hub.breaks, hub.dead = {"model.safetensors"}, {"model.safetensors"}
    with pytest.raises(ModelUnavailable, match=r"run it again later, .* files that came whole are kept"):
        checkpoints.fetch(NAME)
    hub.dead.clear()
    hub.requests.clear()
    assert checkpoints.fetch(NAME).weights[0].read_bytes() == FILES["model.safetensors"]
    assert hub.downloaded() == ["model.safetensors"]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("nobody/nothing", "the hub has no model nobody/nothing: check the name; a private one needs HF_TOKEN"),
        (f"{NAME}@v9", f"{NAME}@v9: no such revision: give a branch, tag or commit after the @, or none"),
        ("port-amel/gated", "port-amel/gated is gated: accept its terms on its page, and set HF_TOKEN to your token"),
        ("not a model!!", "'not a model!!' is neither a folder here nor a hub id such as owner/name"),
        ("a/b/c", "'a/b/c' is neither a folder here nor a hub id"),
        ("./gone", "gone is not a checkpoint: config.json cannot be read"),
    ],
)
def test_what_the_hub_cannot_give(
    hub: FakeHub, source: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line with the way out, exit status 5, and nothing in the model directory but the lock."""
    hub.add("port-amel/gated", FILES)
    hub.gated.add("port-amel/gated")
    assert_refused(source, message, tmp_path, monkeypatch)


def test_no_network(hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing listens, or the library was set to stay offline: the mirror and the folder are named."""
    message = "the hub is out of reach. Check the network (HF_HUB_OFFLINE must not be set), set HF_ENDPOINT to a mirror"
    fake_hub.use(NOWHERE, tmp_path, monkeypatch)
    assert_refused(NAME, message, tmp_path, monkeypatch)
    fake_hub.use(hub.url, tmp_path, monkeypatch, offline=True)
    assert_refused(NAME, message, tmp_path, monkeypatch)


def test_an_expired_token(hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named."""
    hub.refused_token = "hf_expired"
    monkeypatch.setenv("HF_TOKEN", "hf_expired")
    assert_refused(NAME, "check HF_TOKEN", tmp_path, monkeypatch)


def test_no_room_for_a_download(hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache is on a disk too."""

    def full(*args: object, **options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("huggingface_hub.file_download.http_get", full)
    message = (
        "the disk is full: port-amel/tramway-fr-en could not be prepared. Free some space, or set DEPECHE_MODEL_DIR"
    )
    assert_refused(NAME, message, tmp_path, monkeypatch)


def assert_refused(source: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command's whole answer, with torch or without."""
    monkeypatch.setattr("worker.models.prepare.find_spec", lambda name: True)
    settings = {"TRANSLATION_MODEL": source, "SUMMARY_MODEL": "none", "MODEL_DIR": str(tmp_path / "models")}
    done = CliRunner().invoke(
        main,
        ["models", "prepare", "--profile", "standard"],
        env={f"DEPECHE_{name}": value for name, value in settings.items()},
    )
    assert message in done.stderr
    lines = done.stderr.rstrip("\n").split("\n")
    assert lines[-1].startswith("depeche: model_unavailable: "), lines
    assert (done.exit_code, done.stdout) == (5, "")
    assert [path.suffix for path in (tmp_path / "models").iterdir()] == [".lock"]


POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 300817478\n"
INDEX = json.dumps({"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}}).encode()


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (without("config.json"), "is not a checkpoint: config.json cannot be read"),
        (FILES | {"config.json": b'{"model_type": '}, "config.json is damaged: get the checkpoint again"),
        (FILES | {"config.json": b"[]"}, "config.json is damaged"),
        (FILES | {"config.json": b"{}"}, "config.json is damaged"),
        (without("model.safetensors", "pytorch_model.bin"), "has no weights"),
        (FILES | {"model.safetensors": safetensors(5000)[:9000]}, "model.safetensors is truncated or damaged"),
        (FILES | {"model.safetensors": b""}, "model.safetensors is truncated or damaged"),
        (FILES | {"model.safetensors.index.json": INDEX, "model-1.safetensors": safetensors(1)}, "lacks model-2.saf"),
        (FILES | {"model.safetensors.index.json": b"{}"}, "model.safetensors.index.json is damaged"),
        (FILES | {"model.safetensors.index.json": b'{"weight_map": {"a": 1}}'}, "model.safetensors.index.json is dam"),
        (FILES | {"model.safetensors.index.json": b'{"weight_map": {}}'}, "lacks weights"),
        (FILES | {"vocab.json": b""}, "vocab.json is damaged, as it is no JSON: get the checkpoint again"),
        (FILES | {"vocab.json": b"<html><title>Not found</title>"}, "vocab.json is damaged, as it is no JSON"),
        (FILES | {"model.safetensors": POINTER}, "model.safetensors is a pointer of Git LFS, .* run git lfs pull"),
        (FILES | {"source.spm": POINTER}, "source.spm is a pointer of Git LFS, and not the file itself"),
        (without("model.safetensors") | {"pytorch_model.bin": POINTER}, "pytorch_model.bin is a pointer of Git LFS"),
    ],
)
def test_a_damaged_folder(tmp_path: Path, files: dict[str, bytes], message: str) -> None:
    """It is refused before anything is made of it, and a sound pickle does not stand in for damaged safetensors."""
    with pytest.raises(ModelUnavailable, match=message) as caught:
        checkpoints.fetch(write(tmp_path / "checkpoint", files))
    assert "\n" not in str(caught.value)


def test_the_parts_of_an_index(tmp_path: Path) -> None:
    """Weights in several files are all taken, with the index."""
    parts = {"model.safetensors.index.json": INDEX, **{f"model-{n}.safetensors": safetensors(n) for n in (1, 2)}}
    found = checkpoints.fetch(write(tmp_path / "checkpoint", without("model.safetensors") | parts))
    assert [path.name for path in found.weights] == [*sorted(parts)[:2], "model.safetensors.index.json"]


def test_a_folders_revision_is_that_of_its_bytes(tmp_path: Path) -> None:
    """Another byte of the weights or the tokenizer is another revision; a README is none of our business."""
    folder = tmp_path / "checkpoint"
    source = write(folder, FILES)
    before = checkpoints.fetch(source).revision
    (folder / "README.md").write_text("Two tramways.")
    assert checkpoints.fetch(source).revision == before
    (folder / "source.spm").write_bytes(b"SPM")
    assert checkpoints.fetch(source).revision != before


def test_within_reach(hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that the hub knows, or a folder that is there."""
    assert checkpoints.is_within_reach(NAME, 5)
    assert checkpoints.is_within_reach(str(tmp_path), 5)
    assert not checkpoints.is_within_reach("nobody/nothing", 5)
    assert not checkpoints.is_within_reach(str(tmp_path / "gone"), 5)
    fake_hub.use(NOWHERE, tmp_path, monkeypatch)
    assert not checkpoints.is_within_reach(NAME, 5)
