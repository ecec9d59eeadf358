"""A worker runs the profile that was set, or says what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.settings import load_settings
from tasks.errors import ModelUnavailable
from worker.demo import choose_profile, sample_article
from worker.models import embedded_weights, load_engines


def test_standard_is_refused_with_a_way_out() -> None:
    """Until it is there, the default profile stops the worker and names what runs."""
    with pytest.raises(ModelUnavailable, match="DEPECHE_PROFILE=embedded"):
        load_engines(load_settings(profile="standard"))


def test_damaged_weights_are_found(tmp_path: Path) -> None:
    """A file with other bytes than ours is never loaded."""
    path = tmp_path / "gemma-3-270m-q4_k_m.gguf"
    path.write_bytes(b"GGUF")
    with pytest.raises(ModelUnavailable, match="is damaged: delete it"):
        embedded_weights(tmp_path)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """The message says where it was tried and what to set."""
    (tmp_path / "file").touch()
    with pytest.raises(ModelUnavailable, match="set DEPECHE_MODEL_DIR"):
        embedded_weights(tmp_path / "file")


def test_the_demo_obeys_and_explains_itself() -> None:
    """A profile that was asked for is taken; else the reason is told."""
    assert choose_profile("echo") == ("echo", "as you asked")
    assert choose_profile(None)[0] == "embedded"


def test_the_sample_is_an_article_with_a_title() -> None:
    """The first line is the title, the rest the text."""
    sample = sample_article()
    assert sample.title
    assert sample.text.count("\n\n") >= 4
