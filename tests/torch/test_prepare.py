"""Checkpoints become prepared models, whole and once, or an error says what to do, and nothing half-made stays."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

import sentencepiece  # noqa: E402
from safetensors.torch import load_file, save_file  # noqa: E402

from config.settings import Settings, load_settings  # noqa: E402
from depeche.errors import ModelUnavailable  # noqa: E402
from worker.models import prepared  # noqa: E402
from worker.models.prepare import prepare  # noqa: E402
from worker.models.profiles import load_engines, verify_models  # noqa: E402
from worker.models.trial import ENGLISH, FRENCH  # noqa: E402

pytestmark = pytest.mark.torch

CHECKPOINTS = Path(__file__).parent.parent / "checkpoints"


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    """A copy of the tiny translator, to be harmed."""
    return Path(shutil.copytree(CHECKPOINTS / "marian", tmp_path / "checkpoint"))


def standard(tmp_path: Path, source: Path | str, **overrides: object) -> Settings:
    """The standard profile with one model, on the CPU."""
    own = {"profile": "standard", "model_dir": tmp_path / "models", "translation_model": str(source)}
    return load_settings(**{**own, "summary_model": "none", "device": "cpu", **overrides})


def prepare_it(tmp_path: Path, source: Path, **overrides: object) -> tuple[Path, list[str]]:
    """Prepare one translator; the folder, and what was said."""
    said: list[str] = []
    force = bool(overrides.pop("force", False))
    settings = standard(tmp_path, source, **overrides)
    return prepare(str(source), "translation", settings, force=force, say=said.append), said


def left(tmp_path: Path) -> list[str]:
    """What is in the model directory but locks."""
    return sorted(path.name for path in (tmp_path / "models").iterdir() if path.suffix != ".lock")


# Harm to a checkpoint, by hand.


def _edit_json(path: Path, **changes: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def _edit_weights(folder: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    weights = load_file(folder / "model.safetensors")
    edit(weights)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


def _no_tensor(folder: Path) -> None:
    _edit_weights(folder, lambda weights: weights.pop("model.encoder.layers.0.fc1.weight"))


def _other_size(folder: Path) -> None:
    _edit_weights(folder, lambda weights: weights.update({"model.decoder.layers.0.fc1.bias": torch.zeros(3)}))


def _pickle_weights(folder: Path, **more: object) -> None:
    weights = load_file(folder / "model.safetensors")
    torch.save(weights | more, folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()


def _half_a_pickle(folder: Path) -> None:
    _pickle_weights(folder)
    content = (folder / "pytorch_model.bin").read_bytes()
    (folder / "pytorch_model.bin").write_bytes(content[: len(content) // 2])


def _llama(folder: Path) -> None:
    _edit_json(folder / "config.json", model_type="llama", architectures=["LlamaForCausalLM"])


def _no_tokenizer(folder: Path) -> None:
    for name in ("source.spm", "target.spm", "vocab.json", "tokenizer_config.json"):
        (folder / name).unlink()


def _half_a_tokenizer(folder: Path) -> None:
    content = (folder / "source.spm").read_bytes()
    (folder / "source.spm").write_bytes(content[: len(content) // 2])


def _larger_vocabulary(folder: Path) -> None:
    vocabulary = json.loads((folder / "vocab.json").read_text())
    _edit_json(folder / "vocab.json", **{f"▁more{number}": len(vocabulary) + number for number in range(50)})


def _foreign_pieces(folder: Path) -> None:
    with (folder / "source.spm").open("wb") as file:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(["Ο δήμαρχος μίλησε.", "Το τραμ έφτασε χθες."] * 20),
            model_writer=file,
            vocab_size=60,
            hard_vocab_limit=False,
            minloglevel=2,
        )


FAULTS = [
    (_no_tensor, r"lack 1 tensors or .* \(model.encoder.layers.0.fc1.weight"),
    (_other_size, r"in another size \(model.decoder.layers.0.fc1.bias"),
    (_half_a_pickle, r"cannot be (converted|loaded)"),
    (lambda folder: (folder / "source.spm").unlink(), "the tokenizer in"),
    (lambda folder: (folder / "vocab.json").unlink(), "the tokenizer in"),
    (_no_tokenizer, "the tokenizer in"),
    (_half_a_tokenizer, "the tokenizer in"),
    (_larger_vocabulary, "does not belong to its model"),
    (_foreign_pieces, "does not belong to its model"),
]


@pytest.mark.parametrize("engine", ["ctranslate2", "transformers"])
@pytest.mark.parametrize(("harm", "message"), FAULTS)
def test_a_faulty_checkpoint(
    tmp_path: Path, checkpoint: Path, engine: str, harm: Callable[[Path], object], message: str
) -> None:
    """It is refused in one line, nothing is invented in the place of what is missing, and nothing is left."""
    harm(checkpoint)
    with pytest.raises(ModelUnavailable, match=message) as caught:
        prepare_it(tmp_path, checkpoint, engine=engine)
    assert "\n" not in str(caught.value)
    assert left(tmp_path) == []


def _noise(folder: Path) -> None:
    """Whole weights of the right shapes, as of a model that a library reads in another way than it was written."""
    chance = torch.Generator().manual_seed(3)
    _edit_weights(
        folder,
        lambda weights: weights.update(
            {name: tensor[torch.randperm(len(tensor), generator=chance)] for name, tensor in weights.items()}
        ),
    )


@pytest.mark.parametrize("engine", ["ctranslate2", "transformers"])
def test_a_model_that_writes_nonsense(tmp_path: Path, checkpoint: Path, engine: str) -> None:
    """It loads without a fault and is refused by what it writes; only who asks for no trial gets it."""
    _noise(checkpoint)
    message = r"does not translate French into English: \d+ of 11 trial sentences came out wrong .* another version"
    with pytest.raises(ModelUnavailable, match=message):
        prepare_it(tmp_path, checkpoint, engine=engine)
    assert left(tmp_path) == []
    settings = standard(tmp_path, checkpoint, engine=engine)
    assert prepare(str(checkpoint), "translation", settings, trial=False).exists()


@pytest.mark.parametrize("engine", ["ctranslate2", "transformers"])
def test_another_version_of_transformers(tmp_path: Path, checkpoint: Path, engine: str) -> None:
    """Where it runs the model itself, a worker tries the model again: it may read the same weights in another way."""
    folder, _ = prepare_it(tmp_path, checkpoint, engine=engine)
    settings = standard(tmp_path, folder, engine=engine)
    # As if that version had read these weights rightly.
    _edit_json(folder / "manifest.json", versions={"transformers": "5.0.0"})
    load_engines(settings)
    if engine == "transformers":
        _noise(folder)
        digests = prepared.file_digests(folder)
        _edit_json(folder / "manifest.json", files=digests)
        with pytest.raises(ModelUnavailable, match=r"with transformers 5\.0\.0, and with .* it does not trans"):
            load_engines(settings)


def test_a_summariser_that_writes_nonsense(tmp_path: Path) -> None:
    """It is refused as well."""
    checkpoint = Path(shutil.copytree(CHECKPOINTS / "bart", tmp_path / "checkpoint"))
    _noise(checkpoint)
    with pytest.raises(ModelUnavailable, match="does not summarise English: no sentence of its summaries"):
        prepare(str(checkpoint), "summary", standard(tmp_path, checkpoint))


@pytest.mark.parametrize("engine", ["ctranslate2", "transformers"])
def test_a_stale_output_layer(tmp_path: Path, checkpoint: Path, engine: str) -> None:
    """One from before the training, where the configuration says that there is none, is left out, with a warning."""
    rows = json.loads((checkpoint / "config.json").read_text())["vocab_size"]
    chance = torch.Generator().manual_seed(3)
    stale = torch.randn(rows, 96, generator=chance).half()
    _edit_weights(checkpoint, lambda weights: weights.update({"lm_head.weight": stale}))
    folder, said = prepare_it(tmp_path, checkpoint, engine=engine)
    assert sum("but its file has another one. It writes nonsense, and is left out" in line for line in said) == 1
    engines = load_engines(standard(tmp_path, folder, engine=engine))
    assert engines.translator.translate([FRENCH[2].replace("’", "'")])[0].text == ENGLISH[1]


@pytest.mark.parametrize("engine", ["ctranslate2", "transformers"])
def test_an_output_layer_apart_that_is_right(tmp_path: Path, checkpoint: Path, engine: str) -> None:
    """The file may know better than the configuration: it is used, with a warning. An equal one is used without."""
    shared = load_file(checkpoint / "model.safetensors")["model.shared.weight"]
    _edit_weights(checkpoint, lambda weights: weights.update({"lm_head.weight": shared.clone()}))
    _, said = prepare_it(tmp_path, checkpoint, engine=engine)
    assert not any("output layer" in line for line in said)
    _edit_weights(checkpoint, lambda weights: weights.update({"lm_head.weight": shared * 1.01}))
    _, said = prepare_it(tmp_path, checkpoint, engine=engine)
    assert sum("but its file has another one, which is used" in line for line in said) == 1


def test_a_model_of_another_kind(tmp_path: Path, checkpoint: Path) -> None:
    """The message says which kinds run, before its tokenizer or weights are looked at."""
    _llama(checkpoint)
    with pytest.raises(ModelUnavailable, match=r"is a llama model, which CTranslate2 cannot run here: choose an enc"):
        prepare_it(tmp_path, checkpoint)
    with pytest.raises(ModelUnavailable) as caught:
        prepare_it(tmp_path, checkpoint, engine="transformers")
    assert "\n" not in str(caught.value)
    assert left(tmp_path) == []


@pytest.mark.parametrize("engine", ["ctranslate2", "transformers"])
def test_a_pickle_is_used_and_told(tmp_path: Path, checkpoint: Path, engine: str) -> None:
    """Where there are no safetensors, in one line."""
    _pickle_weights(checkpoint)
    folder, said = prepare_it(tmp_path, checkpoint, engine=engine)
    assert sum("its weights are a pickle" in line for line in said) == 1
    assert prepared.load(folder, engine)  # type: ignore[arg-type]


class Bomb:
    """Makes a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return os.mkdir, (str(self.folder),)


@pytest.mark.parametrize("engine", ["ctranslate2", "transformers"])
def test_a_pickle_with_code(tmp_path: Path, checkpoint: Path, engine: str) -> None:
    """It is refused, and the code does not run."""
    _pickle_weights(checkpoint, bomb=Bomb(tmp_path / "run"))
    with pytest.raises(ModelUnavailable, match="holds more than weights, and such a file may run code") as caught:
        prepare_it(tmp_path, checkpoint, engine=engine)
    assert "weights_only" not in str(caught.value)
    assert not (tmp_path / "run").exists()
    assert left(tmp_path) == []


@pytest.mark.parametrize("engine", ["ctranslate2", "transformers"])
def test_a_checkpoints_own_code_is_never_run(tmp_path: Path, checkpoint: Path, engine: str) -> None:
    """Of an architecture that is known, it is left out; of an unknown one, the model is refused."""
    (checkpoint / "tramway.py").write_text(f"import os\nos.mkdir({str(tmp_path / 'run')!r})\nclass Tramway: pass\n")
    classes = dict.fromkeys(("AutoConfig", "AutoModel", "AutoModelForSeq2SeqLM"), "tramway.Tramway")
    _edit_json(checkpoint / "config.json", auto_map=classes)
    _edit_json(checkpoint / "tokenizer_config.json", auto_map={"AutoTokenizer": ["tramway.Tramway", None]})
    folder, _ = prepare_it(tmp_path, checkpoint, engine=engine)
    assert list(folder.rglob("*.py")) == []
    _edit_json(checkpoint / "config.json", model_type="tramway")
    with pytest.raises(ModelUnavailable):
        prepare_it(tmp_path, checkpoint, engine=engine, force=True)
    assert not (tmp_path / "run").exists()


def test_a_folder_is_prepared_anew_when_it_has_changed(tmp_path: Path, checkpoint: Path) -> None:
    """An unchanged one is not, unless it is forced; what a killed process left is cleared either way."""
    folder, said = prepare_it(tmp_path, checkpoint)
    assert said[-1] == f"{checkpoint} is prepared: {folder}"
    made = (folder / "model.bin").stat().st_mtime_ns
    (folder.with_name(f".{folder.name}.part") / "codec").mkdir(parents=True)
    folder.with_name(f".{folder.name}.old").mkdir()
    assert prepare_it(tmp_path, checkpoint) == (folder, [f"{checkpoint} is prepared already: {folder}"])
    assert left(tmp_path) == [folder.name]
    assert (folder / "model.bin").stat().st_mtime_ns == made
    _edit_json(checkpoint / "tokenizer_config.json", note="changed")
    before = prepared.read(folder).revision
    prepare_it(tmp_path, checkpoint)
    assert prepared.read(folder).revision != before
    changed = (folder / "model.bin").stat().st_mtime_ns
    prepare_it(tmp_path, checkpoint, force=True)
    assert (folder / "model.bin").stat().st_mtime_ns > changed > made
    # The checkpoint has done its work, and is not needed any more.
    shutil.rmtree(checkpoint)
    assert prepare_it(tmp_path, checkpoint)[0] == folder


def test_a_damaged_one_is_prepared_anew(tmp_path: Path, checkpoint: Path) -> None:
    """What verify refuses, prepare mends, without --force."""
    folder, _ = prepare_it(tmp_path, checkpoint)
    (folder / "model.bin").write_bytes(b"half")
    prepare_it(tmp_path, checkpoint)
    assert prepared.load(folder, "ctranslate2")


@pytest.mark.parametrize("engine", ["ctranslate2", "transformers"])
def test_a_full_disk(tmp_path: Path, checkpoint: Path, monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    """The error says so, and what was there before is still there, whole."""
    folder, _ = prepare_it(tmp_path, checkpoint, engine=engine)

    def full(*paths: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(ModelUnavailable, match=r"the disk is full: .* set DEPECHE_MODEL_DIR"):
        prepare_it(tmp_path, checkpoint, engine=engine, force=True)
    assert left(tmp_path) == [folder.name]
    assert prepared.load(folder, engine)  # type: ignore[arg-type]


@pytest.mark.parametrize(("engine", "compute_type"), [("ctranslate2", "float16"), ("transformers", "int8")])
def test_a_number_format_that_the_engine_lacks(
    tmp_path: Path, checkpoint: Path, engine: str, compute_type: str
) -> None:
    """The setting is named, and what could be set."""
    with pytest.raises(ModelUnavailable, match=f"cannot compute in {compute_type}: set DEPECHE_COMPUTE_TYPE to auto"):
        prepare_it(tmp_path, checkpoint, engine=engine, compute_type=compute_type)
    assert left(tmp_path) == []


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a CUDA device")
def test_no_such_device_for_torch(tmp_path: Path, checkpoint: Path) -> None:
    """The setting is named."""
    with pytest.raises(ModelUnavailable, match="DEPECHE_DEVICE=cuda, but no CUDA device is found here"):
        prepare_it(tmp_path, checkpoint, engine="transformers", device="cuda")
    assert left(tmp_path) == []


def test_a_prepared_folder_runs_where_it_lies(tmp_path: Path, checkpoint: Path) -> None:
    """Moved elsewhere and named by the setting, it translates; its results say what it was made of."""
    folder, _ = prepare_it(tmp_path, checkpoint)
    moved = folder.rename(tmp_path / "moved")
    engines = load_engines(standard(tmp_path, moved))
    assert (engines.translator.info.id, engines.translator.info.engine) == (str(checkpoint), "ctranslate2")
    assert engines.translator.translate(["Bonjour."])[0]
    assert "right" in verify_models(standard(tmp_path, moved))[0]
