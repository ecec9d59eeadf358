"""Hostile documents: each ends in an article or in one line, within the bounds that every document has.

The kernel holds the bounds (tests/unit/test_document_isolation.py shows that it does). What is counted here is that the
process was still alive afterwards, so that these were ended by what reads them and not by the bounds; one, which no
library refuses, is ended by the bound.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

import pytest

from depeche.documents import Document, Kind, Unread, isolation, limits, read_each
from depeche.documents.parsers import feed
from tests.document_files import docx, pdf, pdf_of_objects, stream, word_paragraph

LAUGHS = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 12))


def _laughing(root: str, body: str) -> str:
    return f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY a0 "ha">{LAUGHS}]>{body}'


def _feed(entries: int) -> bytes:
    entry = "<item><title>Le pont {}</title><description>&lt;p&gt;Il rouvre.&lt;/p&gt;</description></item>"
    items = "".join(entry.format(number) for number in range(entries))
    return f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()


_CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
_PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
_PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
    b"/Resources << /Font << /F1 5 0 R >> /XObject << /X 6 0 R >> >> >>"
)
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
_FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> /Font << /F1 5 0 R >> >>"


def _pdf(content: bytes, entries: bytes = b"", form: bytes = b"") -> bytes:
    return pdf_of_objects([_CATALOGUE, _PAGES, _PAGE, stream(content, entries), _FONT, stream(form, _FORM)])


#: A document, its name, and a part of what is told; an empty text where it is read.
BOMBS: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "page of nested tags": (lambda: b"<html><body>" + b"<div>" * 100_000 + b"Le pont", "a.html", "no main text"),
    "page of open paragraphs": (lambda: b"<html><body>" + b"<p><span><b>" * 50_000, "a.html", "no main text"),
    "page of nested tables": (lambda: b"<html><body>" + b"<table><tr><td>a" * 20_000, "a.html", ""),
    "page of comments": (lambda: b"<html><body>" + b"<!-- " * 200_000, "a.html", "no main text"),
    "page of entities": (lambda: _laughing("html", "<html><p>Le pont &a11;</p></html>").encode(), "a.html", ""),
    "feed of nested entries": (lambda: b"<rss><channel>" + b"<item><x>" * 10_000, "a.xml", "entry 1: it has neither"),
    "feed of entities": (
        lambda: _laughing("rss", "<rss><channel><item><title>a</title><description>Le pont &a11;</description></item>"
                          "</channel></rss>").encode(),
        "a.xml",
        "",
    ),
    "feed that names a file": (
        lambda: b'<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/passwd">]><rss><channel><item><title>a</title>'
        b"<description>Le pont &f; rouvre</description></item></channel></rss>",
        "a.xml",
        "",
    ),
    "Word that unpacks to much": (
        lambda: docx(word_paragraph("a"), {"word/comments.xml": " " * 2**27}),
        "a.docx",
        "it unpacks to 128 MiB of text",
    ),
    "Word with a picture that does": (
        lambda: docx(word_paragraph("Le pont"), {"word/media/a.png": bytes(2**27)}), "a.docx", ""
    ),
    "Word of many parts": (
        lambda: docx(word_paragraph("a"), {f"word/media/{n}": b"" for n in range(11_000)}), "a.docx", "in 11006 parts"
    ),
    "Word of entities": (
        lambda: docx(word_paragraph("&a11;"), prologue=_laughing("w:document", "")), "a.docx", "it is damaged"
    ),
    "Word of nested tables": (
        lambda: docx("<w:tbl><w:tr><w:tc>" * 20_000 + word_paragraph("a") + "</w:tc></w:tr></w:tbl>" * 20_000),
        "a.docx",
        "nested too deeply",
    ),
    "PDF whose pages are themselves": (
        lambda: pdf_of_objects([_CATALOGUE, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"]), "a.pdf", "damaged"
    ),
    "PDF whose picture is itself": (lambda: _pdf(b"/X Do", form=b"/X Do BT /F1 9 Tf (Le pont) Tj ET"), "a.pdf", ""),
    "PDF that unpacks to much": (
        lambda: _pdf(zlib.compress(b" " * 2**27), b"/Filter /FlateDecode"), "a.pdf", "unpacks to far more"
    ),
    "PDF that is packed twice": (
        lambda: _pdf(zlib.compress(zlib.compress(b" " * 2**27)), b"/Filter [/FlateDecode /FlateDecode]"),
        "a.pdf",
        "unpacks to far more",
    ),
    "PDF of many pages": (lambda: pdf([["a"]] * 2001), "a.pdf", "it has 2001 pages, and at most 2000 are read"),
    "e-mail of nested parts": (
        lambda: b"From: a@b.example\nMIME-Version: 1.0\n"
        + b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(3000)),
        "a.eml",
        "nested too deeply",
    ),
    "table of open quotes": (lambda: b'texte\n"' + b"Le pont,\n" * 500_000, "a.csv", "never closed"),
    "table of many rows": (lambda: b"texte\n" + b"Le pont\n" * 100_001, "a.csv", "more than 100000 rows"),
    "Markdown of brackets": (lambda: b"# Le pont\n\n" + b"[" * 20_000 + b"a", "a.md", ""),
    "Markdown of stars": (lambda: b"# Le pont\n\n" + b"*a _b " * 20_000, "a.md", ""),
    "Markdown of quotations": (lambda: b">" * 50_000 + b" a", "a.md", "nested deeper than 60"),
    "subtitles of blanks": (
        lambda: b"1\n00:00:01,000 --> 00:00:02,000\nLe" + b" " * 2_000_000 + b"pont", "a.srt", ""
    ),
    "subtitles of marks": (
        lambda: b"1\n00:00:01,000 --> 00:00:02,000\nLe pont" + b"</i> " * 400_000, "a.srt", ""
    ),
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def fresh_process() -> Iterator[None]:
    """One process for all of them, with the memory of none before."""
    isolation._forget()
    yield
    isolation._forget()


@pytest.mark.parametrize(("make", "name", "told"), BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_one_line(make: Callable[[], bytes], name: str, told: str) -> None:
    """It is read, or its fault is one line, and the process that read it is there for the next."""
    isolation.parse_apart(*_harmless())
    before = isolation._kept
    first = next(read_each(make(), name))
    assert before is isolation._kept is not None
    if told:
        assert isinstance(first, Unread)
        assert told in first.message
        assert len(first.message.splitlines()) == 1
    else:
        assert isinstance(first, Document), first
        assert "root:" not in first.article.text


def _harmless() -> tuple[Kind, bytes]:
    return Kind.EMAIL, b"From: a@b.example\n\nLe pont"


def test_a_feed_of_ten_thousand_entries_is_ten_thousand_articles() -> None:
    """And one that has more than the bound is refused."""
    found = list(read_each(_feed(10_000), "a.xml"))
    assert len(found) == 10_000
    assert all(isinstance(one, Document) for one in found)
    assert found[-1].position == 9_999
    (refused,) = read_each(_feed(feed.MAX_ENTRIES + 1), "a.xml")
    assert isinstance(refused, Unread)
    assert "at most 20000 are read" in refused.message


def test_what_no_library_bounds_is_ended_by_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of a hundred thousand links takes longer than the time that it is given here, and the next one is read."""
    page = b"<html><body>" + b"".join(b"<p><a href='/%d'>Le pont %d</a></p>" % (n, n) for n in range(100_000))
    code = "from depeche.documents import limits, process\nlimits.MAX_CPU_S = 0\nprocess.main()"
    isolation._forget()
    with monkeypatch.context() as patched:
        patched.setattr(isolation, "_COMMAND", ["-P", "-c", code])
        (refused,) = read_each(page, "a.html")
    assert isinstance(refused, Unread)
    assert f"more than {limits.MAX_CPU_S} s of processor time" in refused.message
    assert isinstance(next(read_each(_harmless()[1], "a.eml")), Document)
