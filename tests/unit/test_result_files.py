"""Results in files: each once, whole or absent, whatever ended the run before."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from depeche import file_names
from depeche.errors import CannotWrite
from depeche.file_names import digest
from depeche.result_files import ResultFiles, ResultFolder, ResultLines, open_results


def line(task_id: str, text: str = "Texte.") -> str:
    """A result as far as it matters here."""
    return json.dumps({"id": task_id, "text_en": text}, ensure_ascii=False)


def names(folder: Path) -> list[str]:
    """All that is in a folder, hidden files too."""
    return sorted(file.name for file in folder.iterdir())


def test_a_folder_has_a_file_for_each_result(tmp_path: Path) -> None:
    """It is made with its parents; another object for the same folder knows what is there, with any label."""
    folder = ResultFolder(tmp_path / "a" / "b", "html")
    for identity, label in (("une", None), ("AFP 4711", None), ("deux", "La gare a fermé")):
        assert not folder.has(identity)
        folder.write(identity, f"<p>{identity}", label)
        assert folder.has(identity)
    expected = [f"afp-4711--{digest('AFP 4711')}.html", f"la-gare-a-ferme--{digest('deux')}.html", "une.html"]
    assert names(tmp_path / "a" / "b") == sorted(expected)
    assert (tmp_path / "a" / "b" / "une.html").read_text() == "<p>une"
    again = ResultFolder(tmp_path / "a" / "b", "html")
    assert [again.has(identity) for identity in ("une", "AFP 4711", "deux", "trois")] == [True, True, True, False]
    assert not ResultFolder(tmp_path / "a" / "b", "json").has("deux"), "a page is no JSON"


def test_a_folder_remembers_very_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also those that were moved into the compact list."""
    monkeypatch.setattr(file_names.Digests, "_MOST_NEW", 10)
    folder = ResultFolder(tmp_path, "txt")
    for number in range(100):
        folder.write(f"N {number}", "x")
    assert all(folder.has(f"N {number}") for number in range(100))
    assert not any(folder.has(f"N {number}") for number in range(100, 200))
    assert all(ResultFolder(tmp_path, "txt").has(f"N {number}") for number in range(100))


def test_a_file_is_whole_or_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk leaves neither half a file nor an unfinished one, and an older file stays as it was."""
    folder = ResultFolder(tmp_path, "txt")
    folder.write("vieux", "tout")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    for identity in ("vieux", "neuf"):
        with pytest.raises(CannotWrite, match=f"{identity}.txt cannot be written: No space left"):
            folder.write(identity, "rien")
    assert names(tmp_path) == ["vieux.txt"]
    assert (tmp_path / "vieux.txt").read_text() == "tout"


def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    """Once it is old, as another process may be writing; other files stay."""
    for name in (".depeche-1.part", ".depeche-2.part", ".other.part", "depeche.part"):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (0, 0))
    os.utime(tmp_path / ".depeche-2.part", (time.time() - 60, time.time() - 60))
    ResultFolder(tmp_path, "json")
    assert names(tmp_path) == [".depeche-2.part", ".other.part", "depeche.part"]


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    """A file is in its place."""
    (tmp_path / "une").touch()
    for path in (tmp_path / "une" / "deux", tmp_path / "une"):
        with pytest.raises(CannotWrite, match="results cannot be kept in"):
            ResultFolder(path, "json")


def test_lines_are_added_and_known(tmp_path: Path) -> None:
    """By another object too; the folder of the file is made."""
    path = tmp_path / "a" / "results.jsonl"
    lines = ResultLines(path)
    lines.write("une", line("une", "œuvre"))
    lines.close()
    lines = ResultLines(path)
    assert (lines.has("une"), lines.has("deux")) == (True, False)
    lines.write("deux", line("deux"))
    assert lines.has("deux")
    lines.close()
    assert [json.loads(text)["id"] for text in path.read_text().splitlines()] == ["une", "deux"]


#: Every length at which a crash can cut the last of two lines off, and some ends that an editor leaves.
WHOLE = f"{line('une')}\n{line('é' * 3, 'x' * 9000)}\n".encode()
FIRST = len(line("une")) + 1
LENGTHS = [*range(FIRST, FIRST + 40), FIRST + 4095, FIRST + 4096, FIRST + 4097, len(WHOLE) - 2]


@pytest.mark.parametrize("length", LENGTHS)
def test_a_line_that_was_cut_short_is_taken_away(tmp_path: Path, length: int) -> None:
    """The next run writes it again, and the file has each result once."""
    path = tmp_path / "results.jsonl"
    path.write_bytes(WHOLE[:length])
    lines = ResultLines(path)
    assert (lines.has("une"), lines.has("ééé")) == (True, False)
    lines.write("ééé", line("ééé", "x" * 9000))
    lines.close()
    assert path.read_bytes() == WHOLE


@pytest.mark.parametrize(("end", "added"), [(WHOLE[:-1], b""), (WHOLE, b""), (WHOLE + b"\r\n \n", b""), (b"", b"")])
def test_a_last_line_without_an_end_gets_one(tmp_path: Path, end: bytes, added: bytes) -> None:
    """Blank lines do no harm."""
    path = tmp_path / "results.jsonl"
    path.write_bytes(end)
    lines = ResultLines(path)
    assert lines.has("ééé") == bool(end)
    lines.write("trois", line("trois"))
    lines.close()
    last = path.read_bytes().splitlines(keepends=True)[-1]
    assert last == line("trois").encode() + b"\n"
    assert path.read_bytes().startswith(WHOLE[:-1] if end else b"")


@pytest.mark.parametrize(
    "content",
    [b"notes", b"notes\n", b'{"id', b'{ "id": "u', b'{"name": 1}\n', b"\x89PNG\r\n", b'{"id": 7}\n', b"[]\n", b"{"],
)
def test_another_file_is_left_alone(tmp_path: Path, content: bytes) -> None:
    """The line is named, and nothing of the file is touched, unless it can be what a crash left of a first line."""
    path = tmp_path / "notes.jsonl"
    path.write_bytes(line("une").encode() + b"\n" + content)
    if content in (b'{"id', b'{ "id": "u', b"{"):
        ResultLines(path).close()
        assert path.read_bytes() == line("une").encode() + b"\n"
        return
    with pytest.raises(CannotWrite, match=r"line 2 of .*notes\.jsonl is not a result"):
        ResultLines(path)
    assert path.read_bytes() == line("une").encode() + b"\n" + content


def test_a_full_disk_leaves_whole_lines(tmp_path: Path) -> None:
    """What did not fit is not there by half, and not known as there."""
    limited = (
        "import resource, sys; from pathlib import Path; from depeche.result_files import ResultLines\n"
        "from depeche.errors import CannotWrite\n"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "lines = ResultLines(Path(sys.argv[1]))\n"
        "for number in range(100):\n"
        '    try: lines.write(str(number), \'{"id":"%d","t":"%s"}\' % (number, \'x\' * 7777))\n'
        "    except CannotWrite as error: print(number, lines.has(str(number)), error); break\n"
        "lines.close()\n"
    )
    path = tmp_path / "results.jsonl"
    done = subprocess.run([sys.executable, "-c", limited, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout == f"12 False results cannot be written to {path}: File too large\n"
    assert [json.loads(text)["id"] for text in path.read_text().splitlines()] == [str(number) for number in range(12)]


def test_two_commands_do_not_write_to_one_file(tmp_path: Path) -> None:
    """The second is refused, until the first has closed it."""
    path = tmp_path / "results.jsonl"
    first = ResultLines(path)
    with pytest.raises(CannotWrite, match="another command is writing to"):
        ResultLines(path)
    first.close()
    ResultLines(path).close()


@pytest.mark.parametrize(
    ("name", "layout", "kind"),
    [
        ("out", "json", ResultFolder),
        ("out.v2", "html", ResultFolder),
        ("out.jsonl", "json", ResultLines),
        ("there.txt", "json", ResultLines),
        ("folder.jsonl", "tmx", ResultFolder),
    ],
)
def test_the_name_says_whether_it_is_a_folder(tmp_path: Path, name: str, layout: str, kind: type[ResultFiles]) -> None:
    """What is there counts more than the ending."""
    (tmp_path / "there.txt").touch()
    (tmp_path / "folder.jsonl").mkdir()
    found = open_results(tmp_path / name, layout, "x")
    assert type(found) is kind
    found.close()
    if kind is ResultLines:
        with pytest.raises(CannotWrite, match="with --format html, give a folder"):
            open_results(tmp_path / name, "html", "html")
