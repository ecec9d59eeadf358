"""Each kind of document becomes the articles that a person would see in it, and each fault is told in one line."""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path

import pytest

from depeche.article import Article
from depeche.documents import Document, Kind, Unread, extra, load, read, read_each, read_path, reading
from depeche.documents.kinds import MAX_BYTES, TRAITS
from depeche.errors import UnreadableDocument
from tests.unit.document_cases import CASES, Case


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_each_kind_becomes_articles(case: Case) -> None:
    """Paragraphs, title, address, date and author; in the places of what cannot be read, why."""
    found = list(read_each(case.bytes, case.name, case.kind))
    assert len(found) == len(case.articles)
    for position, (one, expected) in enumerate(zip(found, case.articles, strict=True)):
        assert (one.source, one.position) == (case.name, position)
        if isinstance(expected, str):
            assert isinstance(one, Unread)
            assert one.message.startswith(case.name)
            assert expected in one.message
        else:
            paragraphs, fields = expected
            assert isinstance(one, Document), one
            assert one.article == Article(text="\n\n".join(paragraphs), **fields)
    told = [warning for one in found if isinstance(one, Document) for warning in one.warnings]
    assert len(told) == len(case.warnings)
    assert all(expected in warning for expected, warning in zip(case.warnings, told, strict=True))


def test_read_refuses_a_document_of_which_anything_cannot_be_read() -> None:
    """All faults are told at once, so that nothing is queued of a document that is half read."""
    with pytest.raises(UnreadableDocument) as caught:
        read(b"texte,titre\nLe pont,A\n,B\n,C\n", "a.csv")
    lines = caught.value.message.splitlines()
    assert lines[0] == "a.csv: 2 of 3 articles cannot be read:"
    assert lines[1:] == caught.value.detail["faults"]
    assert caught.value.code == "unreadable_document"


def test_read_names_the_first_of_many_faults() -> None:
    """A thousand lines would hide the first."""
    with pytest.raises(UnreadableDocument) as caught:
        read(b"texte,titre\n" + b",B\n" * 1000, "a.csv")
    assert caught.value.message.splitlines()[-1] == "and 980 more"
    assert caught.value.detail["unread"] == 1000


def test_a_title_and_an_address_that_no_article_may_have() -> None:
    """The long title is text, and the address is left out; both are told."""
    url = "https://val.example/" + "a" * 2100
    mail = f"From: {'a' * 600}@b.example\nSubject: {'pont ' * 300}\nMIME-Version: 1.0\n\nLe pont rouvre.\n"
    [long_title] = read(mail.encode(), "a.eml")
    assert long_title.article.title is None
    assert long_title.article.text.startswith("pont pont")
    assert len(long_title.warnings) == 2
    [long_url] = read(f"texte,url\nLe pont,{url}\n".encode(), "a.csv")
    assert long_url.article.source_url is None
    assert "more than 2048 characters" in long_url.warnings[0]


@pytest.mark.parametrize("kind", [kind for kind in Kind if TRAITS[kind].package])
def test_without_the_extra_the_kind_and_the_remedy_are_named(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is read as text instead."""
    monkeypatch.setattr(extra, "find_spec", lambda name: None)
    with pytest.raises(UnreadableDocument) as caught:
        read(b"x", "article", kind)
    assert caught.value.message.startswith(f"article is {TRAITS[kind].title}, which is read with ")
    assert "pip install 'depeche-client[documents]'" in caught.value.message


def test_the_packages_of_the_extra_are_installed_here() -> None:
    """Otherwise the tests above would prove nothing."""
    assert all(importlib.util.find_spec(traits.package) for traits in TRAITS.values() if traits.package)


@pytest.mark.parametrize("kind", Kind)
def test_what_is_too_large_is_refused_before_it_is_parsed(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    """One byte more than the bound, and the message has both."""
    monkeypatch.setattr(reading, "parse_apart", None)
    most = TRAITS[kind].max_bytes
    with pytest.raises(UnreadableDocument, match=f"may have at most {most // 2**20}: split it"):
        read(bytes(most + 1), "a", kind)


def test_a_file_is_refused_by_its_size_before_it_is_read(tmp_path: Path) -> None:
    """A sparse file of a terabyte would not fit anywhere."""
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(UnreadableDocument, match=r"1048576\.0 MiB, and a document may have at most 64"):
        load(str(tmp_path / "a.txt"))


def test_no_more_of_standard_input_is_read_than_the_largest_document_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may never end."""
    taken = []

    class Endless(io.RawIOBase):
        def read(self, size: int | None = -1) -> bytes:
            taken.append(size)
            return bytes(size or 0)

    monkeypatch.setattr("sys.stdin", type("Stdin", (), {"buffer": Endless()}))
    with pytest.raises(UnreadableDocument, match="standard input has"):
        load("-")
    assert taken == [MAX_BYTES + 1]


def test_files_are_read_by_their_path(tmp_path: Path) -> None:
    """And a missing one, and a folder, are told as such."""
    path = tmp_path / "pont.md"
    path.write_text("# Le pont\n\nIl rouvre.\n", encoding="utf-8")
    [document] = read_path(str(path))
    assert (document.article.title, document.source) == ("Le pont", str(path))
    for wrong in (tmp_path / "absent", tmp_path):
        with pytest.raises(UnreadableDocument, match="cannot read"):
            read_path(str(wrong))
