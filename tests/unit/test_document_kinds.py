"""What a document is, is seen from its content; nothing that is not prose is taken for prose without a word."""

from __future__ import annotations

import pytest

from depeche.documents import Kind, detect
from depeche.documents.detection import HEAD_BYTES
from depeche.errors import InvalidArticle, UnreadableDocument
from tests.document_files import archive, docx, pdf, word_paragraph

PROSE = "Le pont de Mareuil rouvre lundi, dit le maire.\n\nLes cars scolaires y passeront de nouveau.\n"
RSS = '<rss version="2.0"><channel><title>Le Val</title><item><title>Le pont</title></item></channel></rss>'

#: A document, its name, and its kind.
KINDS: list[tuple[str | bytes, str, Kind]] = [
    (PROSE, "", Kind.TEXT),
    (PROSE, "pont.html", Kind.TEXT),
    (PROSE, "pont.pdf", Kind.TEXT),
    (PROSE.encode("utf-16"), "pont.txt", Kind.TEXT),
    ("", "", Kind.TEXT),
    ("Date : mardi\nLieu : Rennes\n\n" + PROSE, "", Kind.TEXT),
    ("Date: mardi\nFrom: Rennes, notre envoyée\nLe pont rouvre.\n", "", Kind.TEXT),
    ("Le maire, la préfète, le député\nont dit oui, non, peut-être\n", "", Kind.TEXT),
    ("- Le pont rouvre\n- La gare ferme\n- Le marché déménage\n", "", Kind.TEXT),
    ("Il a dit <strong>oui</strong> au projet.\n", "", Kind.TEXT),
    ("<Silence dans la salle.>\nPuis le maire a parlé.\n", "", Kind.TEXT),
    ("À 00:01:02 --> 00:01:05, on entend le maire.\n", "", Kind.TEXT),
    ("[Le maire] a dit oui.\n", "", Kind.TEXT),
    ("[[Accueil]] Le pont rouvre.\n", "", Kind.TEXT),
    ("<!DOCTYPE html>\n<html><body><p>Le pont</p></body></html>", "", Kind.HTML),
    ("\ufeff  \n<!-- vu -->\n<HTML><body>Le pont", "", Kind.HTML),
    ('<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML">\n<html>', "", Kind.HTML),
    ("<p>Le pont rouvre.</p>", "article.txt", Kind.HTML),
    ("Le pont<br>rouvre <b>lundi</b><br>\n", "article.txt", Kind.HTML),
    ("Le <b>pont</b> rouvre.", "article.html", Kind.HTML),
    ("<html><p>Le pont".encode("utf-16"), "", Kind.HTML),
    (RSS, "", Kind.FEED),
    (f'<?xml version="1.0"?>\n<?xml-stylesheet href="a.xsl"?>\n<!-- vu -->\n{RSS}', "flux.xml", Kind.FEED),
    ('<feed xmlns="http://www.w3.org/2005/Atom"><entry/></feed>', "page.html", Kind.FEED),
    ('<rdf:RDF xmlns="http://purl.org/rss/1.0/">', "", Kind.FEED),
    ('<!DOCTYPE rss [<!ENTITY nbsp "&#160;">]>\n' + RSS, "", Kind.FEED),
    ("From: a@b.example\nSubject: Le pont\n\nLe pont rouvre.", "", Kind.EMAIL),
    ("Received: by b\n\tfrom a\nMIME-Version: 1.0\r\n\r\nLe pont", "", Kind.EMAIL),
    ("From a@b.example Tue Mar 12\nFrom: a@b.example\nTo: b\n\nLe pont", "", Kind.EMAIL),
    ("Subject: Le pont\n\nLe pont rouvre.", "pont.eml", Kind.EMAIL),
    ("titre;texte\nLe pont;Il rouvre.\n", "", Kind.CSV),
    ('"Texte"\t"Date"\nIl rouvre.\tlundi\n', "", Kind.CSV),
    ("id,text,author\n1,Il rouvre.,Anne\n", "a.txt", Kind.CSV),
    (PROSE, "pont.csv", Kind.CSV),
    ("# Le pont\n\nIl **rouvre** lundi.\n", "", Kind.MARKDOWN),
    ("Voir [le plan](a.html).\n\n```\nls\n```\n", "", Kind.MARKDOWN),
    (PROSE, "pont.md", Kind.MARKDOWN),
    ("Un <br> saut, un <br> autre, un <br> dernier.", "pont.md", Kind.MARKDOWN),
    ("1\n00:00:01,000 --> 00:00:02,000\nBonjour.\n", "", Kind.SRT),
    ("\n\n1\r\n00:00:01,000 --> 00:00:02,000\r\nBonjour.\r\n", "a.txt", Kind.SRT),
    ("\ufeffWEBVTT\n\n00:01.000 --> 00:02.000\nBonjour.\n", "a.srt", Kind.VTT),
    (pdf([["Le pont"]]), "pont.txt", Kind.PDF),
    (b"\x1b%-12345X@PJL\n" + pdf([["Le pont"]]), "", Kind.PDF),
    (docx(word_paragraph("Le pont")), "pont.zip", Kind.DOCX),
]

#: What is not read, its name, and a word of what the user is told.
REFUSED: list[tuple[bytes, str, str]] = [
    (b"\x89PNG\r\n\x1a\n", "pont.txt", "a picture"),
    (b"\xff\xd8\xff\xe0", "", "a picture"),
    (b"GIF89a", "", "a picture"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "pont.doc", "old Office document, or one with a password"),
    (b"{\\rtf1\\ansi Le pont}", "pont.rtf", "RTF"),
    (b"\x1f\x8b\x08", "pont.txt.gz", "unpack it"),
    (b"%!PS-Adobe-3.0", "", "save it as PDF"),
    (archive({"xl/workbook.xml": ""}), "", "save it as CSV"),
    (archive({"ppt/presentation.xml": ""}), "", "a presentation"),
    (archive({"META-INF/container.xml": "", "a.xhtml": ""}), "", "an e-book"),
    (archive({"content.xml": ""}), "", "LibreOffice"),
    (archive({"pont.txt": "Le pont"}), "", "unpack it"),
    (docx(word_paragraph("Le pont"))[:200], "pont.docx", "damaged archive"),
    (b'{"text": "Le pont"}\n', "pont.jsonl", "--jsonl"),
    (b'[\n {"text": "Le pont"}]', "", "--jsonl"),
    (b'<?xml version="1.0"?><office:document/>', "pont.xml", "XML (office:document)"),
]


@pytest.mark.parametrize(("data", "name", "kind"), KINDS, ids=[f"{kind}-{n}" for n, (_, _, kind) in enumerate(KINDS)])
def test_the_kind_is_seen_from_the_content(data: str | bytes, name: str, kind: Kind) -> None:
    """And from the name only where the content leaves it open."""
    assert detect(data.encode() if isinstance(data, str) else data, name) is kind


@pytest.mark.parametrize(("data", "name", "told"), REFUSED, ids=[told for _, _, told in REFUSED])
def test_what_is_not_read_is_refused_with_a_remedy(data: bytes, name: str, told: str) -> None:
    """The message names the document and what it is; callers that know only InvalidArticle catch it too."""
    with pytest.raises(UnreadableDocument) as caught:
        detect(data, name)
    assert told in caught.value.message
    assert caught.value.message.startswith(name or "this document")
    assert isinstance(caught.value, InvalidArticle)


@pytest.mark.parametrize(
    "text", ["<" * 60_000, "<!--" * 20_000, "#" * 60_000, "a:" * 40_000, "[" * 60_000, "\n" * 60_000]
)
def test_only_the_beginning_counts(text: str) -> None:
    """Whatever comes later, and however much of it, the kind is that of the first kilobytes."""
    data = (PROSE * 400).encode()
    assert len(data) > HEAD_BYTES
    assert detect(data + text.encode()) is Kind.TEXT
    detect(text.encode())
