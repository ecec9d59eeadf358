"""CTranslate2 and transformers, held against each other on every architecture that the standard profile takes."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("ctranslate2")

from benchmarks.parity import halves
from config.settings import Engine, load_settings
from depeche.article import ModelInfo
from depeche.errors import ModelUnavailable
from tasks.normalise import for_model
from tests.checkpoints import random_models
from tests.checkpoints.articles import ARTICLES, PAIRS
from tests.fakes import texts
from worker.models import standard
from worker.models.engines.codec import Codec
from worker.models.engines.decoding import Decoding, Generator, Role
from worker.models.engines.seq2seq import Seq2SeqSummariser, Seq2SeqTranslator
from worker.models.prepare import prepare

pytestmark = pytest.mark.torch

CHECKPOINTS = Path(__file__).parents[1] / "checkpoints"
FRENCH = [for_model(pair.french) for pair in PAIRS]
ENGINES: tuple[Engine, ...] = ("ctranslate2", "transformers")


def load(folder: Path, role: Role, engine: Engine, models: Path) -> tuple[ModelInfo, Codec, Generator]:
    """What is known of a checkpoint, its tokenizer, and its model in float32."""
    settings = load_settings(profile="standard", device="cpu", model_dir=models, engine=engine, compute_type="float32")
    # Trials have tests of their own, and these models stammer through the trial's sentences.
    return standard.open_model(prepare(str(folder), role, settings, trial=False), role, settings)


def load_translator(tmp_path: Path, engine: Engine, beam_size: int) -> Seq2SeqTranslator:
    """The tiny one."""
    info, codec, model = load(CHECKPOINTS / "marian", "translation", engine, tmp_path)
    return Seq2SeqTranslator(info, codec, model, beam_size=beam_size)


@pytest.mark.parametrize("beam_size", [1, 4])
def test_both_engines_give_the_same_translations(beam_size: int, tmp_path: Path) -> None:
    """Of all 132 sentences that the model knows."""
    ours, theirs = (load_translator(tmp_path, engine, beam_size) for engine in ENGINES)
    assert texts(ours.translate(FRENCH)) == texts(theirs.translate(FRENCH)) == [pair.english for pair in PAIRS]
    assert (ours.info.engine, theirs.info.engine) == ENGINES
    assert ours.info.compute_type == theirs.info.compute_type == "float32"


@pytest.mark.parametrize("beam_size", [1, 4])
def test_both_engines_stammer_alike(beam_size: int, tmp_path: Path) -> None:
    """On nearly all of 40 sentences that the model does not know, each token a near tie, down to the scores."""
    found = []
    for engine in ENGINES:
        _, codec, model = load(CHECKPOINTS / "marian", "translation", engine, tmp_path)
        # With a limit of our own: that of an endless repetition hangs on the batch, and each engine makes its own.
        inputs = codec.encode(halves(FRENCH)[:40])
        outputs = model.generate(inputs, Decoding(beam_size), min_tokens=1, max_tokens=50)
        found.append([(codec.decode([output.ids])[0], output.score) for output in outputs])
    equal = [(ours[1], theirs[1]) for ours, theirs in zip(*found, strict=True) if ours[0] == theirs[0]]
    assert len(equal) >= 38
    for ours, theirs in equal:
        assert ours.tokens == theirs.tokens
        assert ours.log_probability == pytest.approx(theirs.log_probability, abs=0.05)


def test_both_engines_give_the_same_summaries(tmp_path: Path) -> None:
    """The twelve articles' own, with the decoding that a worker uses."""
    found = []
    for engine in ENGINES:
        info, codec, model = load(CHECKPOINTS / "bart", "summary", engine, tmp_path)
        summariser = Seq2SeqSummariser(info, codec, model, beam_size=4)
        texts = [article.english for article in ARTICLES]
        found.append(summariser.summarise(texts, min_tokens=20, max_tokens=120))
    assert found[0] == found[1] == [article.summary for article in ARTICLES]


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("nllb", "translation"),
        ("m2m100", "translation"),
        ("t5", "translation"),
        ("t5", "summary"),
        ("pegasus", "summary"),
    ],
)
def test_every_architecture_runs_on_both_engines_alike(name: str, role: Role, tmp_path: Path) -> None:
    """Language codes, task prefixes and start tokens included: random weights would show any difference."""
    checkpoint = tmp_path / "checkpoint"
    getattr(random_models, name)(checkpoint)
    found = []
    for engine in ENGINES:
        _, codec, model = load(checkpoint, role, engine, tmp_path / "models")
        inputs = codec.encode(FRENCH[:8])
        assert max(codec.count(FRENCH[:8])) <= codec.max_input_tokens
        # Greedy: random weights leave a beam search little but ties.
        outputs = model.generate(inputs, Decoding(1), min_tokens=1, max_tokens=20)
        found.append(codec.decode([output.ids for output in outputs]))
    assert found[0] == found[1]
    assert any(found[0])


def test_a_multilingual_model_is_told_both_languages(tmp_path: Path) -> None:
    """French stands before the input, and English is what every output must begin with."""
    for name, french, english in (("nllb", "fra_Latn", "eng_Latn"), ("m2m100", "__fr__", "__en__")):
        getattr(random_models, name)(tmp_path / name)
        codec = Codec(tmp_path / name, "translation")
        assert codec.tokens(codec.encode(["Le maire a parlé."])[0])[0] == french
        assert codec.forced_start is not None
        assert codec.tokens([codec.forced_start]) == [english]


def test_too_long_an_input_is_refused(tmp_path: Path) -> None:
    """CTranslate2 would cut it without a word."""
    translator = load_translator(tmp_path, "transformers", 1)
    with pytest.raises(ValueError, match=r"a text has \d+ tokens, over 511: split it first"):
        translator.translate(["maire " * 600])


def test_transformers_knows_no_int8(tmp_path: Path) -> None:
    """The message lists what it knows."""
    settings = load_settings(
        profile="standard", device="cpu", model_dir=tmp_path, engine="transformers", compute_type="int8"
    )
    with pytest.raises(ModelUnavailable, match=r"cannot compute in int8: .* float32"):
        prepare(str(CHECKPOINTS / "marian"), "translation", settings)
