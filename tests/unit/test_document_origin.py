"""The English of a document goes into a folder in the document's own structure, or it is said why not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
import pytest

from depeche.article import Article
from depeche.cli.delivery import SAME, Delivery
from depeche.documents import ENDINGS, Kind, Origin, origin_of, read_path
from depeche.errors import DepecheError, UnreadableDocument
from depeche.testing import make_result

#: By its file: a document of one paragraph, and what it is in English.
DOCUMENTS = {
    "notes.md": (
        "# Le phare\n\n> Le gardien *rentre*.\n\n```\nls\n```\n",
        "# Light\n\n> He *is* back.\n\n```\nls\n```\n",
    ),
    "windows.md": ("- Le gardien *rentre*.\r\n\r\n---\r\n", "- He *is* back.\r\n\r\n---\r\n"),
    "film.srt": (
        "1\n00:00:01,000 --> 00:00:03,000\nLe gardien rentre.\n",
        "1\n00:00:01,000 --> 00:00:03,000\nHe *is* back.\n",
    ),
    "film.vtt": (
        "WEBVTT\n\nNOTE salle 2\n\n00:01.000 --> 00:03.000\nLe gardien rentre.\n",
        "WEBVTT\n\nNOTE salle 2\n\n00:01.000 --> 00:03.000\nHe *is* back.\n",
    ),
}
ENGLISH, TITLE = "He *is* back.", "Light"


def stored(folder: Path, name: str, text: str | None = None) -> Origin:
    """Where a document comes from that was just written."""
    path = folder / name
    path.write_text(DOCUMENTS[name][0] if text is None else text, newline="")
    origin = origin_of(str(path), Kind(path.suffix[1:].replace("md", "markdown")), path.read_bytes())
    assert origin is not None
    return origin


def put(folder: Path, origin: Origin | None, article: Article, english: str = ENGLISH) -> None:
    """Have the English of an article delivered under the id ``un``."""
    result = make_result(article, english, task_id="un", title=TITLE if article.title else None)
    with Delivery(str(folder), SAME, many=True) as delivery:
        delivery.put(result, origin.identity("un") if origin else "un", "Les notes", origin)


def only(folder: Path) -> Path:
    """The one file in a folder."""
    (file,) = folder.iterdir()
    return file


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_kind_keeps_its_structure_and_its_ending(tmp_path: Path, name: str) -> None:
    """Code, notes, times and line ends stay as they are. The next run knows that it is there."""
    origin = stored(tmp_path, name)
    put(tmp_path / "out", origin, read_path(origin.path)[0].article)
    file = only(tmp_path / "out")
    assert (file.name.split("--")[0], file.suffix) == ("les-notes", Path(name).suffix)
    assert file.read_bytes().decode() == DOCUMENTS[name][1]
    again = Delivery(str(tmp_path / "out"), SAME, many=True)
    assert (again.has(origin.identity("un")), again.has("un")) == (True, False)


def test_every_kind_with_a_structure_is_in_the_table() -> None:
    """A new one needs its ending, and its line above."""
    assert {f".{ending}" for ending in ENDINGS.values()} == {Path(name).suffix for name in DOCUMENTS}


@pytest.mark.parametrize("kind", sorted(set(Kind) - set(ENDINGS)))
def test_all_other_kinds_become_text(tmp_path: Path, kind: Kind) -> None:
    """A file of text, known by the id alone."""
    assert origin_of("a", kind, b"Le gardien rentre.") is None
    put(tmp_path, None, Article(text="Le gardien rentre."))
    assert (only(tmp_path).suffix, only(tmp_path).read_text()) == (".txt", f"{ENGLISH}\n")


def _remove(path: Path) -> None:
    path.unlink()


def _change(path: Path) -> None:
    path.write_text(path.read_text() + "\n```\nrm\n```\n")


@pytest.mark.parametrize(("harm", "said"), [(_remove, "cannot read .*notes.md"), (_change, "has changed since")])
def test_a_document_that_is_not_what_it_was(tmp_path: Path, harm: Callable[[Path], None], said: str) -> None:
    """Nothing is written. The reason says what to do."""
    origin = stored(tmp_path, "notes.md")
    article = read_path(origin.path)[0].article
    harm(tmp_path / "notes.md")
    with pytest.raises(UnreadableDocument, match=said):
        put(tmp_path / "out", origin, article)
    assert list((tmp_path / "out").iterdir()) == []


def test_what_does_not_fit_is_kept_as_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The English is there all the same, and a line says why it has lost its structure."""
    origin = stored(tmp_path, "notes.md")
    put(tmp_path / "out", origin, Article(text="Autre chose."))
    assert (only(tmp_path / "out").suffix, only(tmp_path / "out").read_text()) == (".txt", f"{ENGLISH}\n")
    assert "notes.md: the result does not fit the document" in capsys.readouterr().err
    assert Delivery(str(tmp_path / "out"), SAME, many=True).has(origin.identity("un"))


def test_lost_emphasis_is_told_with_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As depeche translate does it."""
    origin = stored(tmp_path, "notes.md")
    put(tmp_path / "out", origin, read_path(origin.path)[0].article, "He is *not* back*.")
    assert f"depeche: {origin.path}: " in capsys.readouterr().err


def test_control_characters_do_nothing(tmp_path: Path) -> None:
    """A terminal that shows the file obeys none of those that the code of a document has."""
    origin = stored(tmp_path, "notes.md", "Le gardien *rentre*.\n\n    \x1b]0;titre\x1b[2J\n")
    put(tmp_path / "out", origin, read_path(origin.path)[0].article)
    assert only(tmp_path / "out").read_text() == "He *is* back.\n\n    \\x1b]0;titre\\x1b[2J\n"


@pytest.mark.parametrize(("out", "error"), [(None, click.UsageError), ("a.jsonl", DepecheError)])
def test_it_needs_a_folder(
    tmp_path: Path, out: str | None, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several documents do not fit into one output."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error, match=r"(?i)folder"):
        Delivery(out, SAME, many=False)
