"""Files are read in the encoding they are in, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from depeche.errors import InvalidArticle
from depeche.files import decode, read_bytes

TEXT = "L'été dernier, le maire a dit « oui » à la fête des Hêtres.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_without_a_warning(encoding: str) -> None:
    """A byte order mark is not part of the text."""
    assert decode(TEXT.encode(encoding), "a.txt") == (TEXT, None)


@pytest.mark.parametrize(
    ("text", "encoding"), [(TEXT, "cp1252"), (TEXT + "L’œuvre coûte 5 €.", "cp1252"), (TEXT, "latin-1")]
)
def test_legacy_encodings_are_read_with_a_warning(text: str, encoding: str) -> None:
    """The warning names the file and the encoding that was used."""
    found, warning = decode(text.encode(encoding), "a.txt")
    assert found == text
    assert warning in {f"a.txt is not UTF-8, so it was read as {name}" for name in ("Windows-1252", "Latin-1")}


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"texte\0texte", bytes(range(256)), b"\xff\xfe\x41"], ids=repr
)
def test_binary_is_refused(data: bytes) -> None:
    """Bytes that no text has are not guessed at."""
    with pytest.raises(InvalidArticle):
        decode(data, "a.bin")


def test_damaged_utf8_is_refused() -> None:
    """UTF-8 with a broken character is not read as Windows-1252, which would garble every accent."""
    data = TEXT.encode() + b"\xc3" + TEXT.encode()
    with pytest.raises(InvalidArticle, match="neither valid UTF-8"):
        decode(data, "a.txt")


def test_missing_file() -> None:
    """The message names the file and the reason."""
    with pytest.raises(InvalidArticle, match=r"cannot read absent\.txt: No such file"):
        read_bytes("absent.txt")


def test_folder_instead_of_file(tmp_path: Path) -> None:
    """A folder is not an article."""
    with pytest.raises(InvalidArticle, match="Is a directory"):
        read_bytes(str(tmp_path))
