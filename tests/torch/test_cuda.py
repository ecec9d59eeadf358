"""The standard profile on a CUDA device; skipped where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("ctranslate2")

import torch

from config.settings import Engine, load_settings
from depeche.article import ModelInfo
from tasks.normalise import for_model
from tests.checkpoints.articles import ARTICLES, PAIRS
from tests.fakes import texts
from worker.models import standard
from worker.models.engines.codec import Codec
from worker.models.engines.decoding import Generator, Role
from worker.models.engines.seq2seq import Seq2SeqSummariser, Seq2SeqTranslator
from worker.models.prepare import prepare

pytestmark = [
    pytest.mark.torch,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no CUDA device"),
]

CHECKPOINTS = Path(__file__).parents[1] / "checkpoints"
FORMATS: list[tuple[Engine, str, str]] = [
    ("ctranslate2", "auto", "float16"),
    ("ctranslate2", "float32", "float32"),
    ("ctranslate2", "int8_float16", "int8_float16"),
    ("transformers", "auto", "float16"),
    ("transformers", "float32", "float32"),
]


@pytest.mark.parametrize(("engine", "asked", "meant"), FORMATS)
def test_what_the_models_learnt_comes_back(engine: Engine, asked: str, meant: str, tmp_path: Path) -> None:
    """All 132 sentences, greedily and with beams, and the twelve summaries: as on a CPU."""
    settings = load_settings(profile="standard", device="cuda", model_dir=tmp_path, engine=engine, compute_type=asked)

    def load(name: str, role: Role) -> tuple[ModelInfo, Codec, Generator]:
        return standard.open_model(prepare(str(CHECKPOINTS / name), role, settings, trial=False), role, settings)

    info, codec, model = load("marian", "translation")
    assert model.compute_type == meant
    for beam_size in (1, 4):
        translator = Seq2SeqTranslator(info, codec, model, beam_size=beam_size)
        found = texts(translator.translate([for_model(pair.french) for pair in PAIRS]))
        assert found == [pair.english for pair in PAIRS]

    info, codec, model = load("bart", "summary")
    summariser = Seq2SeqSummariser(info, codec, model, beam_size=4)
    summaries = summariser.summarise([article.english for article in ARTICLES], min_tokens=20, max_tokens=120)
    assert summaries == [article.summary for article in ARTICLES]
