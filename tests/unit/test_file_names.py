"""Names of result files: safe on every file system, unique, and the same each time."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depeche.file_names import DIGEST_CHARS, MAX_CHARS, digest, digest_in, file_name, is_plain

ID = "396431fc-ea11-4929-8ff5-160b96ca34b9"

#: Titles and keys that are some file system's trouble, and many that are nobody's.
HOSTILE = [
    "",
    ".",
    "..",
    "../../etc/passwd",
    "/etc/passwd",
    "C:\\Windows\\win.ini",
    "\\\\serveur\\partage",
    ".bashrc",
    "-rf",
    "--help",
    "a--b",
    "nul",
    "NUL",
    "con.txt",
    "Com1.html",
    "lpt9",
    "aux.fr.json",
    "index",
    "INDEX",
    "fin.",
    "fin ",
    "fin-",
    " début",
    "a\0b",
    "a\nb",
    "a:b",
    'a"b|c?d*e<f>',
    "\x1b]0;titre\x07",
    "\u202egpj.exe",
    "é" * 300,
    "x" * 300,
    "北京",
    "\ud800",
    "À Port-Amel, le tramway arrive",
    "AFP-4711",
    "ﬁn",
    "œuvre",
]

texts = st.one_of(
    st.sampled_from(HOSTILE), st.text(max_size=120), st.from_regex(r"[a-zA-Z0-9_.-]{1,90}", fullmatch=True)
)


@pytest.mark.parametrize(
    ("identity", "label", "name"),
    [
        (ID, None, ID),
        (ID, "", ID),
        ("afp-4711", None, "afp-4711"),
        ("2026.03.12_une", None, "2026.03.12_une"),
        ("AFP-4711", None, "afp-4711--" + digest("AFP-4711")),
        ("nul", None, "nul--" + digest("nul")),
        ("con.txt", None, "con-txt--" + digest("con.txt")),
        ("index", None, "index--" + digest("index")),
        ("a--b", None, "a-b--" + digest("a--b")),
        ("fin.", None, "fin--" + digest("fin.")),
        ("../../etc/passwd", None, "etc-passwd--" + digest("../../etc/passwd")),
        ("北京", None, "article--" + digest("北京")),
        (ID, "À Port-Amel, l’œuvre d’Aÿ arrive !", "a-port-amel-l-oeuvre-d-ay-arrive--" + digest(ID)),
        (ID, "?!", "article--" + digest(ID)),
        (ID, "Le maire " * 20, "le-maire-" * 8 + "le-maire--" + digest(ID)),
        (ID, "Le préfet " * 20, "le-prefet-" * 7 + "le-prefet--" + digest(ID)),
        (ID, "m" * 200, "m" * MAX_CHARS + "--" + digest(ID)),
    ],
)
def test_names(identity: str, label: str | None, name: str) -> None:
    """What is harmless stays, and everything else gets words and a digest."""
    assert file_name(identity, label) == name


def test_a_name_is_the_same_in_every_release() -> None:
    """Else a folder that an older release has filled would be filled once more."""
    assert file_name(ID, "La gare") == "la-gare--09c6fe57b066a3e9"
    assert file_name("AFP 4711") == "afp-4711--54c604e0a5f50402"


@given(texts, st.none() | texts)
def test_names_are_safe(identity: str, label: str | None) -> None:
    """No separators, no leading dot or hyphen, no device, bounded, and nothing that an ending could turn into one."""
    name = file_name(identity, label)
    assert re.fullmatch(r"[a-z0-9][a-z0-9_.-]*[a-z0-9_]|[a-z0-9]", name)
    assert len(name) <= MAX_CHARS + 2 + DIGEST_CHARS
    assert not re.match(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", name)
    assert name != "index"


@given(st.lists(texts, unique=True, min_size=2), st.none() | texts)
def test_names_are_unique(identities: list[str], label: str | None) -> None:
    """Also where case does not count, and where an identity looks like another's name."""
    everything = dict.fromkeys([*identities, *(file_name(identity, label) for identity in identities)])
    names = [file_name(identity, label) for identity in everything]
    assert len({name.casefold() for name in names}) == len(everything)


@given(texts, st.none() | texts)
def test_the_digest_can_be_read_from_the_name(identity: str, label: str | None) -> None:
    """A file is found by it, whatever its title was; a plain name has none."""
    name = file_name(identity, label)
    assert digest_in(name) == (None if name == identity else digest(identity))
    assert is_plain(identity) or name != identity
