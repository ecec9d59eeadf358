"""Files, folders and standard input become entries: one for each article, and one line for each fault."""

from __future__ import annotations

import io
import json
import os
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest

from depeche.documents import Kind
from depeche.inputs import Columns, Entry, Inputs, Reading, Sources
from depeche.inputs.duplicates import KeysSeen
from depeche.inputs.json_lines import read_json_lines
from depeche.inputs.reading import Form
from depeche.inputs.survey import Survey, checked, survey
from depeche.inputs.tables import read_table

TEXT = "Le phare de l'île a été rallumé."


def read(*paths: Path | str, form: Form = "document", max_chars: int = 1000, **options: Any) -> list[Entry]:
    """All entries of some files."""
    columns = options.pop("columns", Columns())
    with Sources([str(path) for path in paths], **options) as sources:
        return list(Inputs(sources, Reading(max_chars, form, columns)))


def told(entry: Entry, folder: Path | None = None) -> str:
    """An entry in one line, without the folder's name."""
    place = entry.place.removeprefix(f"{folder}/")
    return f"{place}: {entry.article.text if entry.article else entry.error}"


FILES: dict[str, tuple[bytes, str]] = {
    "utf-8": (TEXT.encode(), TEXT),
    "utf-8 with a mark": (b"\xef\xbb\xbf" + TEXT.encode(), TEXT),
    "utf-16": (TEXT.encode("utf-16"), TEXT),
    "windows-1252": (TEXT.encode("cp1252"), TEXT),
    "empty": (b"", "it is empty, and has no letter to translate"),
    "blank": (b" \n\t", "text: has no letter, so there is nothing to translate"),
    "binary": (b"\x89PNG\r\n\x1a\n\0", "it is a picture, which is not read: have its text recognised (OCR) first"),
    "damaged": (TEXT.encode() + b"\xff", "it is neither valid UTF-8 (byte"),
    "too long": ("é".encode() * 1001, "the article has 1001 characters, and at most 1000 are taken"),
    "huge": (b"a" * 10_000_000, "it has 10000000 bytes, and articles may have 1000 characters"),
    "JSON lines": (b'{"text": "Un."}', "it is JSON, which is not read: give articles as JSON lines (--jsonl)"),
    "an archive": (b"PK\x03\x04" + b"a" * 100, "it is a damaged archive"),
    "subtitles": (b"1\n00:00:01,000 --> 00:00:02,000\nLe phare est rouge.\n", "Le phare est rouge."),
    "prose with a bracket": (b"<< Le phare >> est rouge.", "<< Le phare >> est rouge."),
    "prose with a comparison": (b"Le prix < 10 euros <b>reste</b>.", "Le prix < 10 euros <b>reste</b>."),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_an_article_or_a_fault(tmp_path: Path, name: str) -> None:
    """What a file holds, whatever it is called."""
    data, expected = FILES[name]
    (tmp_path / "a.txt").write_bytes(data)
    (entry,) = read(tmp_path / "a.txt")
    assert told(entry, tmp_path).startswith(f"a.txt: {expected}")
    assert (entry.warning is not None) == (name == "windows-1252")


def test_text_is_text_where_that_is_said(tmp_path: Path) -> None:
    """With the kind text, a page is taken as it is."""
    (tmp_path / "a.html").write_text("<p>Le phare.</p>")
    with Sources([str(tmp_path / "a.html")]) as sources:
        (entry,) = Inputs(sources, Reading(1000, kind=Kind.TEXT))
    assert entry.article is not None
    assert entry.article.text == "<p>Le phare.</p>"


def test_a_document_of_several_articles(tmp_path: Path) -> None:
    """Each has its place, and what cannot be read of it is a line of its own."""
    (tmp_path / "a.csv").write_text("titre;texte\nA;Un.\nB;\nC;Trois.\n")
    found = read(tmp_path / "a.csv")
    assert [told(entry, tmp_path) for entry in found] == [
        "a.csv, article 1: Un.",
        "a.csv, article 2: row 2, which ends in line 3: its text is empty: fill it in, or remove the row",
        "a.csv, article 3: Trois.",
    ]
    assert [entry.article and entry.article.title for entry in found] == ["A", None, "C"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with all that a folder can have."""
    top = tmp_path / "top"
    (top / "b").mkdir(parents=True)
    for name in ("a.txt", "c.txt", "b/d.txt", "notes.md", ".hidden"):
        (top / name).write_text(f"Le fichier {name}.")
    (top / "broken").symlink_to(top / "nowhere")
    (top / "b" / "loop").symlink_to(top)
    os.mkfifo(top / "pipe")
    (top / "z\udcff.txt").write_text("Un nom étrange.")
    return top


def names(entries: list[Entry], folder: Path) -> list[str]:
    """Where they are from, with a star where there is a fault."""
    return [entry.source.removeprefix(f"{folder}/") + "*" * (entry.error is not None) for entry in entries]


def test_a_folder(folder: Path) -> None:
    """Its files by name; what cannot be read has a line each; what is passed over is counted."""
    with Sources([str(folder)]) as sources:
        entries = list(Inputs(sources, Reading(1000)))
        assert sources.passed_over == {"hidden": 1, "folders": 1}
    assert names(entries, folder) == ["a.txt", "broken*", "c.txt", "notes.md", "pipe*", "z\udcff.txt"]
    assert [str(entry.error) for entry in entries if entry.error] == [
        "it cannot be read: No such file or directory",
        "it is neither a file nor a folder",
    ]


def test_folders_in_folders(folder: Path) -> None:
    """Each once, also where a link leads back."""
    entries = read(folder, recursive=True)
    assert names(entries, folder) == ["a.txt", "b/d.txt", "broken*", "c.txt", "notes.md", "pipe*", "z\udcff.txt"]


def test_names_of_files(folder: Path) -> None:
    """A pattern holds for what is found in folders, and not for what is named; the file that is written is no input."""
    found = read(folder, folder / "notes.md", recursive=True, pattern="*.txt", without=str(folder / "c.txt"))
    assert names(found, folder) == ["a.txt", "b/d.txt", "z\udcff.txt", "notes.md"]
    (nothing,) = read(folder, pattern="*.doc")
    assert told(nothing) == (
        f"{folder}: there is no file with a name like *.doc in this folder; --recursive looks into its folders too"
    )


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    """It is a fault, and the others go on."""
    (tmp_path / "a.txt").write_text(TEXT)
    found = read(tmp_path / "absent.txt", tmp_path / "a.txt", tmp_path / ("x" * 300))
    assert [told(entry, tmp_path).partition(": ")[2] for entry in found] == [
        "it cannot be read: No such file or directory",
        TEXT,
        "it cannot be read: File name too long",
    ]


def test_what_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file and a folder without rights are a line each. The superuser may read everything, so this is played."""
    (tmp_path / "top" / "closed").mkdir(parents=True)
    (tmp_path / "top" / "secret.txt").write_text(TEXT)
    (tmp_path / "top" / "open.txt").write_text(TEXT)
    listed, opened = os.listdir, Path.open

    def listdir(path: Path) -> list[str]:
        if path.name == "closed":
            raise PermissionError(13, "Permission denied")
        return listed(path)

    def open_(path: Path, *arguments: Any) -> Any:
        if path.name == "secret.txt":
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments)

    monkeypatch.setattr("os.listdir", listdir)
    monkeypatch.setattr(Path, "open", open_)
    found = read(tmp_path / "top", recursive=True)
    assert [told(entry, tmp_path / "top") for entry in found] == [
        "closed: it cannot be read: Permission denied",
        f"open.txt: {TEXT}",
        "secret.txt: it cannot be read: Permission denied",
    ]


LINES: dict[str, tuple[str, str]] = {
    "an article": (json.dumps({"text": TEXT}), TEXT),
    "with a key": (json.dumps({"text": TEXT, "key": "a"}), TEXT),
    "no JSON": ("{", "not JSON: "),
    "no object": ("[]", 'this is not an object such as {"text": "…", "metadata": {}}'),
    "nested": ("[" * 100_000, "not JSON: "),
    "a number": ('{"text": 3}', "text: input should be a valid string"),
    "a bad key": ('{"text": "Un.", "key": 3}', "key: must be a text, or left out"),
    "an empty key": ('{"text": "Un.", "key": ""}', "key: must not be empty"),
    "a clash": ('{"text": "Un.", "ref": 1, "metadata": {"ref": 2}}', "both the line and its metadata have ref"),
    "a separator": (json.dumps({"text": "Un.\u2028Deux."}, ensure_ascii=False), "Un.\u2028Deux."),
    "too long": (json.dumps({"text": "é" * 1001}), "the article has 1001 characters"),
    "endless": ('{"text": "' + "a" * 200_000, "the line has more than 112000 characters, which no article has"),
}


def test_json_lines(tmp_path: Path) -> None:
    """A line each, with its number, and what is faulty in one line costs no other line anything."""
    lines = [line for line, _ in LINES.values()]
    (tmp_path / "a.jsonl").write_text("\r\n\n".join(lines))
    found = read(tmp_path / "a.jsonl", form="jsonl")
    assert [entry.line for entry in found] == [2 * number + 1 for number in range(len(lines))]
    for entry, (_, expected) in zip(found, LINES.values(), strict=True):
        assert told(entry).partition(": ")[2].startswith(expected)
    assert [entry.key for entry in found if entry.article] == [None, "a", None]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_json_lines_in_other_encodings(tmp_path: Path, encoding: str) -> None:
    """What is not UTF-8 has one warning."""
    lines = [json.dumps({"text": f"{TEXT} {number}"}, ensure_ascii=False) for number in range(3)]
    (tmp_path / "a.jsonl").write_bytes("\n".join(lines).encode(encoding))
    found = read(tmp_path / "a.jsonl", form="jsonl")
    assert [entry.article and entry.article.text for entry in found] == [f"{TEXT} {number}" for number in range(3)]
    assert [entry.warning is not None for entry in found] == [encoding == "cp1252", False, False]


@pytest.mark.parametrize("form", ["jsonl", "csv"])
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "no article|it is empty"),
        (b"\x89PNG\0", "is a binary file"),
        # It breaks far behind the beginning.
        ('text\n{"text": "é"}\n'.encode() * 100_000 + b"\xc3\x28", "neither valid UTF-8"),
    ],
)
def test_files_that_are_faulty_as_a_whole(tmp_path: Path, form: Form, data: bytes, expected: str) -> None:
    """One line for the file."""
    (tmp_path / "a").write_bytes(data)
    (entry,) = read(tmp_path / "a", form=form)
    assert any(part in str(entry.error) for part in expected.split("|")), entry.error


TABLES: dict[str, tuple[str, Columns, list[str]]] = {
    "comma": ("text,title\nUn.,A\nDeux.,\n", Columns(), ["2 Un. A", "3 Deux."]),
    "semicolon": ('ref;text\n1;"Un, deux; trois."\n', Columns(), ["2 Un, deux; trois. {'ref': '1'}"]),
    "tab, and names of one's own": (
        "corps\tchapeau\tid\nUn.\tA\tk\n",
        Columns("corps", "chapeau", "id"),
        ["2 Un. A [k]"],
    ),
    "a cell of several lines": (
        'text,n\n"Un.\n\nDeux.",1\n\nTrois.,2\n',
        Columns(),
        ["2 Un.\n\nDeux. {'n': '1'}", "6 Trois. {'n': '2'}"],
    ),
    "too few cells": (
        "text,n\nUn.\nDeux.,2\n",
        Columns(),
        ["2 !the row has 1 cells, and the first line names 2", "3 Deux. {'n': '2'}"],
    ),
    "an empty text": ("text,n\n,1\n", Columns(), ["2 !text: has no letter"]),
    "an empty key": ("text,n\nUn.,\n", Columns(key="n"), ["2 !key: must not be empty"]),
    "no such column": (
        "body,n\nUn.,1\n",
        Columns(),
        ["None !it has no column 'text', but 'body', 'n': name them with"],
    ),
    "a column twice": ("text,n,n\nUn.,1,2\n", Columns(), ["None !more than one column is named 'n'"]),
    "an open quotation mark": (
        'text,n\nUn.,1\n"Deux.,2\nTrois.,3\n',
        Columns(),
        ["2 Un. {'n': '1'}", "3 !a quotation mark is not closed in the row that begins here"],
    ),
    "a stray quotation mark": (
        'text,n\n"Un" deux,1\nTrois.,3\n',
        Columns(),
        ["2 !the row that begins here cannot be read"],
    ),
    "fields of an article": (
        "text,language,source_url\nUn.,fr-CA,https://a.example\nDeux.,,\n",
        Columns(),
        ["2 Un.", "3 Deux."],
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_tables(tmp_path: Path, name: str) -> None:
    """Rows with the line in which each begins; other columns are metadata."""
    text, columns, expected = TABLES[name]
    (tmp_path / "a.csv").write_text(text)
    found = read(tmp_path / "a.csv", form="csv", columns=columns)

    def shown(entry: Entry) -> str:
        if entry.article is None:
            return f"{entry.line} !{entry.error}"
        parts = [str(entry.line), entry.article.text, entry.article.title, entry.key and f"[{entry.key}]"]
        return " ".join(str(part) for part in [*parts, entry.article.metadata or None] if part is not None)

    assert [shown(entry)[: len(line)] for entry, line in zip(found, expected, strict=True)] == expected


def test_a_quotation_mark_that_is_never_closed_is_bounded() -> None:
    """A table of any length is read no further than a cell may be long."""
    read_bytes = 0

    class Endless(io.RawIOBase):
        def readinto(self, buffer: Any) -> int:
            nonlocal read_bytes
            part = (b'text,n\n"' if not read_bytes else b"a,b\n" * 10_000)[: len(buffer)]
            read_bytes += len(part)
            buffer[: len(part)] = part
            return len(part) if read_bytes < 100_000_000 else 0

        def readable(self) -> bool:
            return True

        def seekable(self) -> bool:
            return True

        def seek(self, offset: int, whence: int = 0) -> int:
            nonlocal read_bytes
            read_bytes = 0
            return 0

        def tell(self) -> int:
            return read_bytes

    class Known(io.BufferedReader):
        pass

    file = cast("BinaryIO", Known(Endless()))
    # The encoding is found by reading all of it; what is counted is what comes after.
    entries = read_table(file, "a.csv", Columns(), 1000)
    entry = next(entries)
    assert "a quotation mark is not closed" in str(entry.error)
    assert read_bytes < 10_000_000


def lines_file(path: Path, count: int) -> Path:
    """So many articles as JSON lines."""
    with path.open("w") as file:
        for number in range(count):
            file.write(json.dumps({"text": f"Le bac numéro {number} part.", "key": f"k{number}"}) + "\n")
    return path


def test_memory_does_not_grow_with_the_input(tmp_path: Path) -> None:
    """Fifty thousand lines are looked through with what one needs, and some for the reading itself."""
    path = lines_file(tmp_path / "a.jsonl", 50_000)
    with path.open("rb") as file:
        entries = read_json_lines(file, "a.jsonl", 1000)
        list(islice(entries, 100))
        tracemalloc.start()
        try:
            rest = sum(1 for _ in entries)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert rest == 49_900
    assert peak < 1_000_000


def looked_through(entries: Callable[[], Iterator[Entry]], seen: KeysSeen, count: bool = False) -> Survey:
    """The first pass."""
    counter = (lambda text: text.count(".")) if count else None
    return survey(checked(entries(), seen), on_entry=lambda entry: None, count_sentences=counter, shown_faults=2)


def test_keys_that_come_twice(tmp_path: Path) -> None:
    """The later is the fault, and names the first by file and line; a second reading finds the same."""
    articles = [("Un.", "a"), ("Deux.", "b"), ("Trois. Trois.", "a"), ("Quatre.", None), ("Un.", "b"), ("Un.", "b")]
    path = tmp_path / "a\udcff.jsonl"
    path.write_text(
        "\n".join(json.dumps({"text": text, "key": key} if key else {"text": text}) for text, key in articles)
    )
    with KeysSeen() as seen, Sources([str(path)]) as sources:
        inputs = Inputs(sources, Reading(1000, "jsonl"))
        for _ in range(2):
            found = looked_through(lambda: iter(inputs), seen, count=True)
            assert (found.articles, found.refused, found.all_keyed, found.codes) == (3, 3, False, {"invalid_article"})
            assert found.faults == [
                f"{path}, line 3: the key 'a' is that of {path}, line 1 already: give each article a key of its own",
                f"{path}, line 5: the key 'b' is that of {path}, line 2 already: give each article a key of its own",
            ]
            assert found.sentences == 3


def test_what_was_refused_does_not_own_its_key() -> None:
    """An article that cannot be taken leaves its key to the next one."""
    fault = Entry("a", 1, key="a", error=cast("Any", ValueError("it is faulty")))
    entries = [fault, *read_json_lines(io.BytesIO(b'\n{"text": "Un.", "key": "a"}'), "a", 1000)]
    with KeysSeen() as seen:
        assert [entry.error is None for entry in checked(entries, seen)] == [False, True]


def test_standard_input_and_pipes_are_read_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What can be read only once is kept in a temporary file."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b'{"text": "Un."}\n{"text": "Deux."}')))
    read_end, write_end = os.pipe()
    os.write(write_end, b'{"text": "Trois."}')
    os.close(write_end)
    with Sources(["-", f"/dev/fd/{read_end}"]) as sources:
        inputs = Inputs(sources, Reading(1000, "jsonl"))
        for _ in range(3):
            assert [entry.article and entry.article.text for entry in inputs] == ["Un.", "Deux.", "Trois."]
            assert next(entry.source for entry in inputs) == "standard input"
    os.close(read_end)
