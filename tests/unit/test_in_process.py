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
from depeche.cli import main
from depeche.errors import ModelUnavailable
from tasks.engines import Engines
from worker import in_process
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
    run = CliRunner().invoke(main, ["translate", str(tmp_path / "a.txt"), "--title", "Le phare", "--no-summary"])
    assert (run.exit_code, "[fr→en] Le gardien rentre" in run.output) == (0, True), run.output
    run = CliRunner().invoke(main, ["translate", "-", "--format", "json"], input=TEXT)
    assert '"text_en"' in run.output


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.md", "# Le phare\n\n```sh\nls\n```\n\n> Le gardien rentre.\n", ["# ", "```sh\nls\n```", "> "]),
        ("a.srt", "1\n00:00:01,000 --> 00:00:03,000\nLe gardien rentre.\n", ["1\n00:00:01,000 --> 00:00:03,000\n"]),
    ],
    ids=["markdown", "subtitles"],
)
def test_the_command_keeps_the_structure(tmp_path: Path, name: str, content: str, expected: list[str]) -> None:
    """Headings, code, quotations and times stay; the words between are English."""
    (tmp_path / name).write_text(content)
    run = CliRunner().invoke(main, ["translate", str(tmp_path / name), "--same-structure"])
    assert run.exit_code == 0, run.output
    assert all(part in run.stdout for part in expected), run.stdout
    assert "fr→en" in run.stdout


def test_the_command_takes_one_article(tmp_path: Path) -> None:
    """What has no structure, or several articles, is refused with what to do."""
    (tmp_path / "a.txt").write_text(TEXT)
    run = CliRunner().invoke(main, ["translate", str(tmp_path / "a.txt"), "--same-structure"])
    assert (run.exit_code, "--same-structure is for Markdown and subtitles" in run.output) == (2, True)
    (tmp_path / "a.csv").write_text("texte;titre\nLe pont rouvre.;Le pont\nLa gare ferme.;La gare\n")
    run = CliRunner().invoke(main, ["translate", str(tmp_path / "a.csv")])
    assert (run.exit_code, "2 articles: give one, or have them queued by depeche run" in run.output) == (2, True)
