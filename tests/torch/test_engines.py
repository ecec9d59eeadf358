"""CTranslate2 and transformers, held against each other on every architecture that the standard profile takes."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("ctranslate2")

from benchmarks.parity import halves
from config.settings import Engine, load_settings
from depeche.errors import ModelUnavailable
from tasks.normalise import for_model
from tests.checkpoints import random_models
from tests.checkpoints.articles import ARTICLES, PAIRS
from tests.fakes import texts
from worker.models import standard
from worker.models.engines.codec import Codec
from worker.models.engines.decoding import Decoding, Role
from worker.models.engines.seq2seq import Seq2SeqSummariser, Seq2SeqTranslator
from worker.models.prepare import prepare
from worker.models.prepared import read

pytestmark = pytest.mark.torch

CHECKPOINTS = Path(__file__).parents[1] / "checkpoints"
FRENCH = [for_model(pair.french) for pair in PAIRS]
ENGINES: tuple[Engine, ...] = ("ctranslate2", "transformers")


def load_translator(folder: Path, tmp_path: Path, engine: Engine, beam_size: int) -> Seq2SeqTranslator:
    """In float32."""
    settings = load_settings(
        profile="standard", device="cpu", model_dir=tmp_path, engine=engine, compute_type="float32"
    )
    prepared = prepare(str(folder), "translation", settings)
    codec = Codec(prepared / standard.CODEC, "translation")
    model = standard.generator(prepared, codec, settings)
    return Seq2SeqTranslator(read(prepared).info, codec, model, beam_size=beam_size)


@pytest.mark.parametrize("beam_size", [1, 4])
def test_both_engines_give_the_same_translations(beam_size: int, tmp_path: Path) -> None:
    """Of 132 sentences that the model knows, and nearly all of 132 on which it stammers, each token a near tie."""
    ours, theirs = (load_translator(CHECKPOINTS / "marian", tmp_path, engine, beam_size) for engine in ENGINES)
    assert texts(ours.translate(FRENCH)) == texts(theirs.translate(FRENCH)) == [pair.english for pair in PAIRS]
    unknown = halves(FRENCH)
    pairs = list(zip(ours.translate(unknown), theirs.translate(unknown), strict=True))
    equal = [(one, other) for one, other in pairs if one.text == other.text]
    assert len(equal) >= 0.95 * len(unknown)
    for one, other in equal:
        assert one.score
        assert other.score
        assert one.score.tokens == other.score.tokens
        assert one.score.log_probability == pytest.approx(other.score.log_probability, abs=0.05)
    assert (ours.info.engine, theirs.info.engine) == ENGINES
    assert ours.info.compute_type == theirs.info.compute_type == "float32"


def test_both_engines_give_the_same_summaries(tmp_path: Path) -> None:
    """The twelve articles' own, with the decoding that a worker uses."""
    found = []
    for engine in ENGINES:
        settings = load_settings(
            profile="standard", device="cpu", model_dir=tmp_path, engine=engine, compute_type="float32"
        )
        prepared = prepare(str(CHECKPOINTS / "bart"), "summary", settings)
        codec = Codec(prepared / standard.CODEC, "summary")
        model = standard.generator(prepared, codec, settings)
        summariser = Seq2SeqSummariser(read(prepared).info, codec, model, beam_size=4)
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
        settings = load_settings(
            profile="standard", device="cpu", model_dir=tmp_path / "models", engine=engine, compute_type="float32"
        )
        prepared = prepare(str(checkpoint), role, settings, trial=False)
        codec = Codec(prepared / standard.CODEC, role)
        inputs = codec.encode(FRENCH[:8])
        assert max(codec.count(FRENCH[:8])) <= codec.max_input_tokens
        model = standard.generator(prepared, codec, settings)
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
    translator = load_translator(CHECKPOINTS / "marian", tmp_path, "transformers", 1)
    with pytest.raises(ValueError, match=r"a text has \d+ tokens, over 511: split it first"):
        translator.translate(["maire " * 600])


def test_transformers_knows_no_int8(tmp_path: Path) -> None:
    """The message lists what it knows."""
    settings = load_settings(
        profile="standard", device="cpu", model_dir=tmp_path, engine="transformers", compute_type="int8"
    )
    with pytest.raises(ModelUnavailable, match=r"cannot compute in int8: .* float32"):
        prepare(str(CHECKPOINTS / "marian"), "translation", settings)
