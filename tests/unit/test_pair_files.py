"""Pairs of sentences come from three kinds of files, whole and in order, and every fault is reported with its line."""

from __future__ import annotations

import pytest

from depeche.errors import InvalidPairs
from tasks.pair_files import read_pairs

PAIRS = [("L'été arrive.", "Summer is coming."), ("Il pleut : 12 mm.", "It rains: 12 mm.")]

TSV = "L'été arrive.\tSummer is coming.\n\nIl pleut : 12 mm.\tIt rains: 12 mm.\n"
JSON_LINES = (
    '{"fr": "L\'été arrive.", "en": "Summer is coming.", "flags": []}\n'
    '{"en": "It rains: 12 mm.", "fr": "Il pleut : 12 mm."}'
)
TMX = """<?xml version="1.0"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header srclang="fr"/><body>
<tu><prop type="x">note</prop>
<tuv xml:lang="fr-FR"><seg>L'<bpt i="1">&lt;b></bpt>été<ept i="1">&lt;/b></ept> arrive.</seg></tuv>
<tuv xml:lang="EN"><seg>Summer is <hi>coming</hi>.</seg></tuv><tuv xml:lang="de"><seg>Der Sommer kommt.</seg></tuv></tu>
<tu><tuv lang="en"><seg>It rains: 12 mm.</seg></tuv><tuv lang="fr"><seg>Il pleut : 12 mm.</seg></tuv></tu>
</body></tmx>"""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (TSV, "pairs.tsv"),
        (TSV.replace("\n", "\r\n"), "-"),
        ("\ufeff" + TSV, "-"),
        (JSON_LINES, "pairs.jsonl"),
        (JSON_LINES, "-"),
        (TMX, "memory.tmx"),
        (TMX, "-"),
    ],
)
def test_each_format_gives_its_pairs(text: str, name: str) -> None:
    """The name tells the format, or the first character where the name does not."""
    assert read_pairs(text.encode(), name) == PAIRS


def test_tmx_may_be_utf_16() -> None:
    """Its XML says so; older programs write it."""
    assert read_pairs(TMX.replace('"1.0"', '"1.0" encoding="UTF-16"').encode("utf-16"), "memory.tmx") == PAIRS


def test_the_format_may_be_given() -> None:
    """It then wins over the name."""
    assert read_pairs(TSV.encode(), "pairs.xml", "tsv") == PAIRS


BOMB = """<?xml version="1.0"?>
<!DOCTYPE tmx [
<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
]>
<tmx><body><tu><tuv xml:lang="fr"><seg>&b;</seg></tuv><tuv xml:lang="en"><seg>b</seg></tuv></tu></body></tmx>"""


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"a\tb\nc\n", "p.tsv", "line 2: 1 column instead of 2"),
        (b"a\tb\tc\n", "p.tsv", "line 1: 3 columns instead of 2"),
        (b"a\tb\n\nc\td\xe9\n", "p.tsv", "line 3: not UTF-8: byte 4 is 0xe9"),
        (b'{"fr": "a"}\n', "p.jsonl", "line 1: en: must be a text"),
        (b'{"fr": "a", "en": 1}\n', "p.jsonl", "line 1: en: must be a text"),
        (b'{"fr": "a", "en": "b"}\n["a"]\n', "p.jsonl", "line 2: not an object"),
        (b'{"fr": "a", "en": \n', "p.jsonl", "line 1: not JSON"),
        (b"[" * 100_000, "p.jsonl", "line 1: not JSON"),
        (b'{"fr": "\\ud800", "en": "b"}', "p.jsonl", "line 1: a lone surrogate"),
        (BOMB.encode(), "p.tmx", "line 3: declares an entity"),
        (TMX.replace("Summer", "&summer;").encode(), "p.tmx", "line 6: nothing says what &summer; is"),
        (TMX.replace('"fr-FR"', '"it"').encode(), "p.tmx", "line 4: the unit has no text in fr"),
        (TMX[:300].encode(), "p.tmx", "not XML"),
        (b"<tmx><body></body></tmx>", "p.tmx", "no pair of sentences"),
        (b"", "p.tsv", "no pair of sentences"),
        (b"\x00\x01", "p.tsv", "line 1: 1 column"),
    ],
)
def test_a_fault_is_told_by_its_line(data: bytes, name: str, message: str) -> None:
    """Nothing is read in part, and no file can be made to grow when it is read."""
    with pytest.raises(InvalidPairs, match=message):
        read_pairs(data, name)


def test_all_faulty_lines_are_told_up_to_twenty() -> None:
    """And how many more there are."""
    with pytest.raises(InvalidPairs) as caught:
        read_pairs(b"a\n" * 30 + b"a\tb\n", "p.tsv")
    assert "30 faulty lines" in str(caught.value)
    assert str(caught.value).endswith("and 10 more")
    assert "line 20:" in str(caught.value)
    assert "line 21:" not in str(caught.value)
