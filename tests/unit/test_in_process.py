"""An article is translated in this process as a worker does it, and nothing of a queue is needed for that."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import worker
from config.settings import Settings, load_settings
from depeche import Article, InvalidArticle, Options, Progress, TooLong
from depeche.errors import ModelUnavailable
from tasks.engines import Engines
from worker import in_process
from worker.commands import translate_file
from worker.models import profiles

TEXT = "Le phare s'allume à dix-huit heures. Le gardien rentre chez lui."


@pytest.fixture(autouse=True)
def _echo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPECHE_PROFILE", "echo")
    # Whoever asked for Redis would be told that there is none.
    monkeypatch.setenv("DEPECHE_REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(in_process, "_loaded", {})


def test_an_article() -> None:
    """Text, title, summary and metadata, with an id of its own, and progress on the way."""
    seen: list[Progress] = []
    article = Article(text=TEXT, title="Le phare", metadata={"desk": "mer"})
    result = worker.translate(article, Options(summary_sentences=1), on_progress=seen.append)
    assert result.text_en.startswith("[fr→en] Le phare s’allume")
    assert (result.title_fr, result.source.metadata, result.attempts) == ("Le phare", {"desk": "mer"}, 1)
    assert len(result.segments) == 2
    assert result.timings_ms.queued is None
    assert [progress.stage for progress in seen][:1] == ["segment"]
    assert worker.translate(TEXT).id != result.id


def test_the_engines_are_loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """And again only for other settings."""
    loaded: list[str] = []
    load = profiles.load_engines

    def noted(settings: Settings) -> Engines:
        loaded.append(settings.profile)
        return load(settings)

    monkeypatch.setattr(profiles, "load_engines", noted)
    for _ in range(3):
        worker.translate(TEXT)
    worker.translate(TEXT, settings=load_settings(max_article_chars=1000))
    assert loaded == ["echo", "echo"]


@pytest.mark.parametrize(
    ("text", "error"),
    [("123", InvalidArticle), ("É" * 1001, TooLong)],
)
def test_what_cannot_be_taken(text: str, error: type[Exception]) -> None:
    """The errors of a submit, and of a job."""
    with pytest.raises(error):
        worker.translate(text, settings=load_settings(max_article_chars=1000))


def test_models_that_are_not_there(tmp_path: Path) -> None:
    """The message says how to get them."""
    with pytest.raises(ModelUnavailable, match=r"models prepare|pip install"):
        worker.translate(TEXT, settings=load_settings(profile="standard", model_dir=tmp_path))


def test_nothing_of_a_queue_is_imported() -> None:
    """Neither Celery nor redis-py."""
    loaded = "sorted({'celery', 'kombu', 'redis'} & set(sys.modules))"
    code = f"import sys, worker; worker.translate({TEXT!r}); print({loaded})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_command(tmp_path: Path) -> None:
    """From a file or standard input, in every format of a result."""
    (tmp_path / "a.txt").write_text(TEXT)
    run = CliRunner().invoke(translate_file, [str(tmp_path / "a.txt"), "--title", "Le phare", "--no-summary"])
    assert (run.exit_code, "[fr→en] Le gardien rentre" in run.output) == (0, True), run.output
    run = CliRunner().invoke(translate_file, ["-", "--format", "json"], input=TEXT)
    assert '"text_en"' in run.output
