"""How many articles an input has, more or less, before it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from depeche.inputs import Sources
from depeche.inputs.estimate import estimate


@pytest.mark.parametrize(
    ("content", "lines"),
    [(b"", 0), (b"\n", 1), (b"a\nb\n", 2), (b"a\nb", 2), (b"a" * (3 << 20) + b"\nb" + b"\n" * 7, 8), (b"a\r\nb", 2)],
    ids=["empty", "blank", "two", "no end", "long", "Windows"],
)
def test_json_lines_are_counted_as_lines(tmp_path: Path, content: bytes, lines: int) -> None:
    """With the last one, whether it has an end or not."""
    (tmp_path / "a.jsonl").write_bytes(content)
    with Sources([str(tmp_path / "a.jsonl")]) as sources:
        assert estimate(sources, "jsonl") == lines
        assert estimate(sources, "document") == 1
        assert estimate(sources, "csv") is None


def test_files_are_counted_where_each_is_an_article(tmp_path: Path) -> None:
    """A file that is not there is a fault, which counts too; what is written is no part of the input."""
    for name in ("a.txt", "b.txt", "sud/c.txt", "out/d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    with Sources([str(tmp_path), "nowhere.txt"], recursive=True, without=str(tmp_path / "out")) as sources:
        assert estimate(sources, "document") == 4
        assert [Path(source.name).name for source in sources] == ["a.txt", "b.txt", "c.txt", "nowhere.txt"]
