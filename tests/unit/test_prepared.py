"""A prepared model is used as it was made, or refused with the command that makes it anew."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import ctranslate2
import pytest
from click.testing import CliRunner, Result

from config.settings import Settings, load_settings
from depeche.errors import ModelUnavailable
from worker.cli import main
from worker.models import prepared
from worker.models.prepare import prepare
from worker.models.prepared import MANIFEST, Manifest
from worker.models.profiles import load_engines

NAME = "port-amel/tramway-fr-en"
no_cuda = pytest.mark.skipif(ctranslate2.get_cuda_device_count() > 0, reason="this machine has a CUDA device")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A translator alone, in a model directory with nothing in it."""
    return standard(tmp_path)


def standard(model_dir: Path, **overrides: object) -> Settings:
    """The standard profile, in a number format that every device knows."""
    own = {"profile": "standard", "model_dir": model_dir, "translation_model": NAME, "summary_model": "none"}
    return load_settings(**{**own, "compute_type": "int8", **overrides})


@pytest.fixture
def folder(settings: Settings) -> Path:
    """A prepared model, as far as its manifest goes."""
    return write(prepared.find(NAME, settings))


def write(folder: Path, **changes: object) -> Path:
    """A folder with three files and a manifest of them."""
    (folder / "codec").mkdir(parents=True)
    for name in ("model.bin", "config.json", "codec/vocab.json"):
        (folder / name).write_text(f"{name} of the tramway")
    manifest = Manifest(
        source=NAME,
        revision="a" * 40,
        architecture="marian",
        engine="ctranslate2",
        compute_type="int8",
        versions={"ctranslate2": prepared.installed("ctranslate2")},
        files=prepared.file_digests(folder),
    )
    (folder / MANIFEST).write_text(manifest.model_copy(update=changes).model_dump_json())
    return folder


def models(command: str, settings: Settings) -> Result:
    """Run ``depeche-worker models``."""
    environment = {f"DEPECHE_{name.upper()}": str(getattr(settings, name)) for name in settings.model_fields_set}
    return CliRunner().invoke(main, ["models", command], env=environment)


def test_a_whole_model_is_right(settings: Settings, folder: Path) -> None:
    """Verify names folder, source and revision, on standard output."""
    done = models("verify", settings)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == f"{folder}: {NAME} {'a' * 40}, 3 files: right\n"


def _truncate(folder: Path) -> None:
    (folder / "model.bin").write_bytes((folder / "model.bin").read_bytes()[:-1])


def _change_a_byte(folder: Path) -> None:
    (folder / "codec/vocab.json").write_text("codec/vocab.json of the Tramway")


def _newer(folder: Path) -> None:
    shutil.rmtree(folder)
    write(folder, versions={"ctranslate2": "4.999.0"})


def _other_engine(folder: Path) -> None:
    shutil.rmtree(folder)
    write(folder, engine="transformers")


@pytest.mark.parametrize(
    ("harm", "message", "way_out"),
    [
        (
            lambda folder: (folder / "config.json").unlink(),
            "config.json cannot be read (No such file",
            "prepare --force",
        ),
        (_truncate, "model.bin is truncated or damaged", "prepare --force"),
        (_change_a_byte, "vocab.json is truncated or damaged", "prepare --force"),
        (lambda folder: (folder / MANIFEST).write_text('{"source": '), "manifest.json is damaged", "prepare --force"),
        (lambda folder: (folder / MANIFEST).write_text("{}"), "manifest.json is damaged", "prepare --force"),
        (lambda folder: (folder / MANIFEST).unlink(), "no prepared model in", "models prepare, with the same settings"),
        (shutil.rmtree, "no prepared model in", "depeche-worker models prepare"),
        (_newer, "was prepared with CTranslate2 4.999.0", "prepare --force here, or install the newer version"),
        (_other_engine, "was prepared for transformers", "set DEPECHE_ENGINE=transformers"),
    ],
)
def test_what_is_not_as_it_was_made(
    settings: Settings, folder: Path, harm: Callable[[Path], object], message: str, way_out: str
) -> None:
    """A worker's start and verify refuse it alike, in one line, with the way out."""
    harm(folder)
    with pytest.raises(ModelUnavailable) as caught:
        load_engines(settings)
    assert message in str(caught.value)
    assert way_out in str(caught.value)
    done = models("verify", settings)
    assert (done.exit_code, done.stdout) == (5, "")
    assert done.stderr == f"depeche: model_unavailable: {caught.value}\n"


def test_an_older_ctranslate2_is_no_fault(settings: Settings) -> None:
    """It reads what older ones wrote, and a newer patch of its own version."""
    major, minor, *_ = prepared.installed("ctranslate2").split(".")
    for version in ("4.0.0", f"{major}.{minor}.999"):
        folder = write(settings.model_dir / version, versions={"ctranslate2": version})
        assert prepared.load(folder, "ctranslate2").versions["ctranslate2"] == version


def test_the_list_shows_all_and_survives_a_broken_one(settings: Settings, folder: Path) -> None:
    """One line a model; what a running or killed preparation has not finished is none."""
    write(folder.with_name("broken"))
    (folder.with_name("broken") / MANIFEST).write_text("{")
    write(folder.with_name(f".{folder.name}.part"))
    (settings.model_dir / "notes.txt").touch()
    done = models("list", settings)
    assert done.exit_code == 0
    broken, whole = done.stdout.splitlines()
    assert broken.startswith(f"{folder.with_name('broken')}  unreadable manifest  0.0 MB")
    assert whole == f"{folder}  {NAME}  {'a' * 40}  ctranslate2 int8  0.0 MB"


def test_a_setting_may_name_a_prepared_folder(tmp_path: Path) -> None:
    """It is used where it lies: neither copied nor locked, and its own number format does not matter."""
    folder = write(tmp_path / "elsewhere" / "tramway", compute_type="float32")
    settings = standard(tmp_path / "models", translation_model=str(folder))
    assert prepared.find(str(folder), settings) == folder
    assert models("verify", settings).exit_code == 0
    done = models("prepare", settings)
    assert (done.exit_code, done.stdout) == (0, f"{folder}\n")
    assert [path.name for path in folder.parent.iterdir()] == ["tramway"]
    assert not settings.model_dir.exists()


@pytest.mark.parametrize("force", [False, True])
def test_a_damaged_folder_is_not_made_of_itself(tmp_path: Path, force: bool) -> None:
    """Else its new manifest would bless the damage."""
    folder = write(tmp_path / "tramway")
    _change_a_byte(folder)
    before = (folder / MANIFEST).read_bytes()
    with pytest.raises(ModelUnavailable, match="set the hub id or folder that it was made of"):
        prepare(str(folder), "translation", standard(tmp_path, translation_model=str(folder)), force=force)
    assert (folder / MANIFEST).read_bytes() == before


def test_what_was_asked_for_names_the_folder(tmp_path: Path) -> None:
    """Engines, number formats, revisions and checkpoint folders of one name do not share a folder."""
    sources = [NAME, f"{NAME}@v1", str(tmp_path / "a" / "tramway"), str(tmp_path / "b" / "tramway")]
    ways = [{}, {"compute_type": "float32"}, {"engine": "transformers", "compute_type": "auto"}]
    found = [prepared.find(source, standard(tmp_path, **way)) for source in sources for way in ways]
    assert len(set(found)) == len(sources) * len(ways)
    assert {path.parent for path in found} == {tmp_path}


@no_cuda
@pytest.mark.parametrize("command", ["prepare", "verify"])
@pytest.mark.parametrize("compute_type", ["auto", "float16"])
def test_no_such_device(tmp_path: Path, command: str, compute_type: str) -> None:
    """The setting is named, by the worker as by the commands, and nothing is downloaded before."""
    settings = standard(tmp_path / "models", device="cuda", compute_type=compute_type)
    message = "DEPECHE_DEVICE=cuda, but no CUDA device is found here: set it to auto or cpu"
    with pytest.raises(ModelUnavailable, match=message):
        load_engines(settings)
    done = models(command, settings)
    assert (done.exit_code, done.stderr) == (5, f"depeche: model_unavailable: {message}\n")
    assert not settings.model_dir.exists()


@pytest.mark.skipif(find_spec("torch") is not None, reason="torch is installed here")
@pytest.mark.parametrize("engine", ["ctranslate2", "transformers"])
def test_torch_is_missing(tmp_path: Path, engine: str) -> None:
    """It is said before anything is downloaded."""
    done = models("prepare", standard(tmp_path, engine=engine))
    assert done.exit_code == 5
    assert "preparing a model needs torch: pip install '.[convert]' in Dépêche's folder" in done.stderr


def test_a_model_directory_that_is_none(settings: Settings, tmp_path: Path) -> None:
    """The message says what is in the way and which setting to change."""
    (tmp_path / "file").touch()
    done = models("prepare", standard(tmp_path / "file"))
    assert done.exit_code == 5
    assert f"{tmp_path / 'file'}: File exists; mend that, or set DEPECHE_MODEL_DIR" in done.stderr


def test_a_file_that_is_no_part_of_the_model(folder: Path) -> None:
    """A tokenizer that somebody put into the folder of the checked one would be read first; hidden files do no harm."""
    (folder / ".DS_Store").touch()
    prepared.load(folder, "ctranslate2")
    (folder / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelUnavailable, match=r"holds tokenizer\.json, which is not part of the model"):
        prepared.load(folder, "ctranslate2")
