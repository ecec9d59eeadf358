"""Every architecture of the standard profile, taught a few sentences, prepared, and run on a whole article."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("ctranslate2")

from config.settings import Engine, load_settings
from depeche.article import Article, Options
from tasks.pipeline import Context, process
from tasks.typography import typographic
from tests.checkpoints.articles import ARTICLES
from tests.checkpoints.make_others import teach
from worker.models import standard
from worker.models.profiles import prepare_models

# Each case teaches up to two models: half a minute of a processor, and many times that on a busy machine.
pytestmark = [pytest.mark.torch, pytest.mark.timeout(1200)]

ARTICLE = ARTICLES[0]
CHECKPOINTS = Path(__file__).parents[1] / "checkpoints"


@pytest.mark.parametrize(
    ("translator", "summariser"),
    [("marian", "pegasus"), ("nllb", "t5-summary"), ("m2m100", "bart"), ("t5-translation", "bart")],
)
def test_golden_sentences_come_back(translator: str, summariser: str, tmp_path: Path) -> None:
    """From the checkpoint's folder to the result, on both engines: translation, title and summary in our own words."""
    folders = {}
    for name in (translator, summariser):
        folders[name] = CHECKPOINTS / name
        if not folders[name].exists():
            folders[name] = tmp_path / name
            teach(name, folders[name])
    engines: tuple[Engine, ...] = ("ctranslate2", "transformers")
    for engine in engines:
        settings = load_settings(
            profile="standard",
            engine=engine,
            device="cpu",
            model_dir=tmp_path / "models",
            translation_model=str(folders[translator]),
            summary_model=str(folders[summariser]),
        )
        # The trial is of sentences that these models were not taught.
        prepare_models(settings, force=False, say=lambda line: None, trial=False)
        article = Article(text=ARTICLE.french, title=ARTICLE.title.french)
        result = process(article, Options(), standard.load(settings), Context("1"))
        assert result.title_en == typographic(ARTICLE.title.english)
        assert [segment.en for segment in result.segments] == [typographic(pair.english) for pair in ARTICLE.sentences]
        assert (result.summary_en, result.quality.summary) == (typographic(ARTICLE.summary), "abstractive")
