"""A worker runs the profile that was set, or says what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.settings import load_settings
from depeche.errors import ModelUnavailable
from tasks.translation import translate
from tasks.typography import typographic
from tests.checkpoints.articles import ARTICLES
from worker import demo
from worker.demo import choose_profile, sample_article
from worker.models.profiles import load_engines, standard_is_prepared


def test_standard_without_models_is_refused_with_a_way_out(tmp_path: Path) -> None:
    """The default profile stops the worker, and names the command that gets them and the profile that needs none."""
    with pytest.raises(ModelUnavailable, match=r"depeche-worker models prepare.*DEPECHE_PROFILE=embedded"):
        load_engines(load_settings(profile="standard", model_dir=tmp_path))


def test_the_demo_obeys() -> None:
    """A profile that was asked for is taken."""
    assert choose_profile("echo") == ("echo", "as you asked")


@pytest.mark.parametrize(
    ("installed", "prepared", "why_not", "profile", "why"),
    [
        (False, True, None, "embedded", "not installed"),
        (True, True, "no hub", "standard", "are prepared"),
        (True, False, None, "standard", "prepared now"),
        (True, False, "no hub", "embedded", "not prepared, and no hub"),
    ],
)
def test_the_demo_takes_the_best_that_runs_here(
    installed: bool, prepared: bool, why_not: str | None, profile: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And tells why."""
    monkeypatch.setattr(demo, "standard_is_installed", lambda: installed)
    monkeypatch.setattr(demo, "standard_is_prepared", lambda settings: prepared)
    monkeypatch.setattr(demo, "why_not_prepare_standard", lambda settings, timeout_s: why_not)
    chosen, reason = choose_profile(None)
    assert chosen == profile
    assert why in reason


def test_prepared_at_a_glance(tmp_path: Path) -> None:
    """The demo sees without loading anything whether both models are there."""
    tiny = Path(__file__).parents[1] / "checkpoints" / "prepared"
    models = {"translation_model": str(tiny / "marian"), "summary_model": str(tiny / "bart")}
    assert standard_is_prepared(load_settings(profile="standard", **models))
    assert not standard_is_prepared(load_settings(profile="standard", model_dir=tmp_path))
    assert standard_is_prepared(load_settings(profile="standard", **models | {"summary_model": "none"}))


def test_the_sample_is_an_article_with_a_title() -> None:
    """The first line is the title, the rest the text."""
    sample = sample_article()
    assert sample.title
    assert sample.text.count("\n\n") >= 4


def test_the_standard_translator_says_what_it_cannot_read() -> None:
    """And so a sentence with marks that its vocabulary lacks comes out as the one without them, and with them."""
    pytest.importorskip("ctranslate2")
    tiny = Path(__file__).parents[1] / "checkpoints" / "prepared" / "marian"
    engines = load_engines(load_settings(profile="standard", translation_model=str(tiny), summary_model="none"))
    assert engines.translator.unreadable("Le port, 12 €") == {"€"}
    for pair in ARTICLES[0].sentences:
        (found,) = translate([f"— {pair.french} 👏"], engines.translator)
        assert (found.text, found.flags) == (f"— {typographic(pair.english)} 👏", ())
