"""Documents of each kind, and what is in them. All texts are our own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from depeche.documents import Kind
from tests.document_files import docx, locked_pdf, pdf, word_paragraph

PAGE = """<!DOCTYPE html><html lang="fr"><head><meta charset="{charset}"><title>Le pont rouvre | Le Val</title>
<meta property="og:title" content="Le pont de Mareuil rouvre"><meta name="author" content="Anne Morin">
<meta property="article:published_time" content="2024-03-12T08:30:00+01:00">
<link rel="canonical" href="https://val.example/pont"></head><body>
<nav><ul><li><a href="/">Accueil</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<div class="cookies">Nous utilisons des cookies. <button>Accepter</button></div>
<article><h1>Le pont de Mareuil rouvre</h1>
<p>Fermé depuis janvier, le pont rouvre lundi&nbsp;: les cars scolaires pourront
de nouveau passer.</p>
<h2>Un détour de vingt minutes</h2>
<p>Les ingénieurs ont changé <b>douze câbles</b>, selon <a href="/dep">le département</a>.<br><br>Le chantier a duré
trois mois.</p><ul><li>Les voitures passeront dès six heures.</li><li>Les camions attendront avril.</li></ul>
<script>document.write("<p>faux</p>")</script></article>
<footer>© Le Val – Mentions légales</footer></body></html>"""
PAGE_TEXT = [
    "Fermé depuis janvier, le pont rouvre lundi : les cars scolaires pourront de nouveau passer.",
    "Un détour de vingt minutes",
    "Les ingénieurs ont changé douze câbles, selon le département.",
    "Le chantier a duré trois mois.",
    "- Les voitures passeront dès six heures.",
    "- Les camions attendront avril.",
]
PAGE_FIELDS = {
    "title": "Le pont de Mareuil rouvre",
    "source_url": "https://val.example/pont",
    "metadata": {"date": "2024-03-12", "author": "Anne Morin", "site": "val.example"},
}

RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Le Val</title>
<item><title>Le pont &amp;amp; la gare</title><link>https://val.example/1</link><guid>n1</guid>
<pubDate>Tue, 12 Mar 2024 08:00:00 +0100</pubDate><description>Le pont rouvre…</description>
<content:encoded><![CDATA[<p>Le pont <em>rouvre</em>&nbsp;lundi.</p><p>La gare ferme.</p><img src="a.png">]]>
</content:encoded></item><item><title>La piscine est pleine</title></item><item><link>https://val.example/3</link></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Le Val</title>
<entry><title type="html">L'&lt;i&gt;été&lt;/i&gt;</title>
<id>urn:x:1</id><updated>2024-07-01T10:00:00Z</updated><author><name>Anne Morin</name></author>
<link href="https://val.example/ete"/><content type="text">Il fait chaud &lt; 40 degrés.</content></entry></feed>"""

MAIL = """From: =?utf-8?q?Anne_Mor=C3=A9e?= <anne@val.example>
To: redaction@val.example
Subject: =?iso-8859-1?q?Le_march=E9_d=E9m=E9nage?=
Date: Tue, 12 Mar 2024 08:00:00 +0100
Message-ID: <1@val.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="M"

--M
Content-Type: multipart/alternative; boundary="A"

--A
Content-Type: text/plain; charset=iso-8859-1; format=flowed
Content-Transfer-Encoding: quoted-printable

Le march=E9 d=E9m=E9nage =
lundi, dit la=20
mairie.

Merci =E0 tous.
--=20
Anne
--A
Content-Type: text/html; charset=utf-8

<p>Autre chose</p>
--A--
--M
Content-Type: application/pdf; name="plan.pdf"
Content-Disposition: attachment; filename="plan.pdf"
Content-Transfer-Encoding: base64

JVBERg==
--M--
"""
HTML_MAIL = """From: a@val.example
Subject: Fermeture
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64

PHN0eWxlPnB7Y29sb3I6cmVkfTwvc3R5bGU+PGRpdj5MYSBnYXJlPGJyPmZlcm1lIGx1bmRpLjxicj48YnI+TWVyY2kgw6AgdG91cy48L2Rpdj4=
"""
MAILBOX = f"""From a@val.example Tue Mar 12 08:00:00 2024
{HTML_MAIL}
From b@val.example Tue Mar 12 09:00:00 2024
From: b@val.example
Subject: Vide
Content-Type: image/png

x
"""
SAVED_PAGE = (
    """From: <Saved by Blink>
Snapshot-Content-Location: https://val.example/pont?x=1
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary="B"

--B
Content-Type: text/html
Content-Location: https://val.example/pont?x=1

"""
    + PAGE.format(charset="utf-8").replace('<link rel="canonical" href="https://val.example/pont">', "")
    + "\n--B--\n"
)

WORD = docx(
    word_paragraph("Le pont de Mareuil", "Titre")
    + word_paragraph("Les travaux", "Titre1")
    + '<w:p><w:r><w:t>Le pont </w:t></w:r><w:ins w:id="1"><w:r><w:t>rouvre</w:t></w:r></w:ins>'
    '<w:del w:id="2"><w:r><w:delText>ferme</w:delText></w:r></w:del>'
    '<w:r><w:t xml:space="preserve"> lundi.</w:t><w:footnoteReference w:id="1"/></w:r></w:p>'
    "<w:sdt><w:sdtContent>" + word_paragraph("Les cars passeront.") + "</w:sdtContent></w:sdt>"
    f"<w:tbl><w:tr><w:tc>{word_paragraph('Lundi')}</w:tc><w:tc>{word_paragraph('Ouvert')}</w:tc></w:tr></w:tbl>"
)
PDF = pdf(
    [
        [
            "Le Val, mars 2024",
            "Le pont de Mareuil (bis)",
            "Le pont rouvre lundi, dit le maire, après trois mois de tra-",
            "vaux. Les cars scolaires y passeront de nouveau, et celui-",
            "ci s'en réjouit.",
            "Les camions attendront le mois d'avril, dit encore le maire",
        ],
        ["Le Val, mars 2024", "de la commune, qui remercie les habitants.", "- Lundi : ouvert", "- Mardi : fermé", "2"],
        ["Le Val, mars 2024", "Fin.", "3"],
        [],
    ],
    title="Le pont de Mareuil (bis)",
)

PDF_TEXT = [
    "Le pont rouvre lundi, dit le maire, après trois mois de travaux. Les cars scolaires y passeront de nouveau, et "
    "celui-ci s'en réjouit.",
    "Les camions attendront le mois d'avril, dit encore le maire de la commune, qui remercie les habitants.",
    "- Lundi : ouvert",
    "- Mardi : fermé",
    "Fin.",
]

SRT = """1
00:00:01,000 --> 00:00:03,500
<i>Le conseil a voté
le budget,</i>

2
00:00:03,600 --> 00:00:06,000
qui prévoit <b>trente</b> millions. Merci…

3
00:00:06,500 --> 00:00:09,000
- Vous partez ?
- <i>Non, je reste</i>

4
00:00:19,000 --> 00:00:20,000
{\\an8}Un silence

5
00:00:21,000 --> 00:00:22,000
♪ ♪
"""
VTT = """WEBVTT - Le Val

STYLE
::cue { color: red }

NOTE
Une remarque du monteur.

debut
00:01.000 --> 00:02.000 align:start position:10%
<v Anne Morin>Bonjour à tous,

00:02.000 --> 00:03.000
dit-elle.
"""

MARKDOWN = """---
title: 'Le pont'
date: 2024-03-12
tags: [val]
---

# Le pont *rouvre*

Il **rouvre** lundi, dit [la mairie](https://val.example/a).
Voir [l'avis] aussi.

- [ ] **Appeler la mairie**
- [Lire la suite](https://val.example/b)

> On dit
> merci.

| Jour | Heures |
|------|--------|
| Lundi | 8 h \\| 12 h |

`code` et <https://val.example>

    code en retrait

```sh
echo bonjour
```

[l'avis]: https://val.example/avis
"""


@dataclass(frozen=True)
class Case:
    """A document, and the articles in it: paragraphs and other fields, or a part of what is told of a fault."""

    name: str
    data: str | bytes
    articles: list[tuple[list[str], dict[str, Any]] | str]
    kind: Kind | None = None
    warnings: list[str] = field(default_factory=list)

    @property
    def bytes(self) -> bytes:
        return self.data.encode() if isinstance(self.data, str) else self.data


CASES = [
    Case("text.txt", "Le pont rouvre.\nEnfin.\n", [(["Le pont rouvre.\nEnfin.\n"], {})]),
    Case("as-text.html", "<p>Le pont</p>", [(["<p>Le pont</p>"], {})], Kind.TEXT),
    Case(
        "cp1252.txt",
        "L’œuvre a coûté 5 €, dit le maire de la cité.".encode("cp1252"),
        [(["L’œuvre a coûté 5 €, dit le maire de la cité."], {})],
        warnings=["read as Windows-1252"],
    ),
    Case("page.html", PAGE.format(charset="utf-8"), [(PAGE_TEXT, PAGE_FIELDS)]),
    Case(
        "latin.html",
        PAGE.format(charset="iso-8859-15").replace("©", "").replace("–", "").encode("iso-8859-15"),
        [(PAGE_TEXT, PAGE_FIELDS)],
    ),
    Case("utf16.html", PAGE.format(charset="utf-16").encode("utf-16"), [(PAGE_TEXT, PAGE_FIELDS)]),
    Case("links.html", "<html><body><script>rien</script></body></html>", ["no main text was found"]),
    Case(
        "feed.xml",
        RSS,
        [
            (
                ["Le pont rouvre\u00a0lundi.", "La gare ferme."],
                {
                    "title": "Le pont & la gare",
                    "source_url": "https://val.example/1",
                    "metadata": {"date": "2024-03-12T07:00:00Z", "feed": "Le Val", "entry_id": "n1"},
                },
            ),
            (["La piscine est pleine"], {"metadata": {"feed": "Le Val"}}),
            "feed.xml: entry 3: it has neither text nor title",
        ],
    ),
    Case(
        "atom.xml",
        ATOM,
        [
            (
                ["Il fait chaud < 40 degrés."],
                {
                    "title": "L'été",
                    "source_url": "https://val.example/ete",
                    "metadata": {
                        "date": "2024-07-01T10:00:00Z",
                        "author": "Anne Morin",
                        "feed": "Le Val",
                        "entry_id": "urn:x:1",
                    },
                },
            )
        ],
    ),
    Case(
        "empty.xml",
        "<rss version='2.0'><channel><title>Le Val</title></channel></rss>",
        ["there is no entry in this feed"],
    ),
    Case(
        "cut.xml",
        RSS[: RSS.index("<item><title>La piscine")],
        [
            (
                ["Le pont rouvre\u00a0lundi.", "La gare ferme."],
                {
                    "title": "Le pont & la gare",
                    "source_url": "https://val.example/1",
                    "metadata": {"date": "2024-03-12T07:00:00Z", "feed": "Le Val", "entry_id": "n1"},
                },
            )
        ],
        warnings=["not well-formed"],
    ),
    Case(
        "mail.eml",
        MAIL,
        [
            (
                ["Le marché déménage lundi, dit la mairie.", "Merci à tous.\n-- \nAnne"],
                {
                    "title": "Le marché déménage",
                    "metadata": {
                        "date": "2024-03-12T08:00:00+01:00",
                        "author": "Anne Morée <anne@val.example>",
                        "message_id": "<1@val.example>",
                    },
                },
            )
        ],
        warnings=["attachments are not read: plan.pdf"],
    ),
    Case(
        "box.mbox",
        MAILBOX,
        [
            (
                ["La gare ferme lundi.", "Merci à tous."],
                {"title": "Fermeture", "metadata": {"author": "a@val.example"}},
            ),
            "box.mbox: message 2: the message has no text, only attachments",
        ],
    ),
    Case("saved.mht", SAVED_PAGE, [(PAGE_TEXT, PAGE_FIELDS | {"source_url": "https://val.example/pont?x=1"})]),
    Case(
        "table.csv",
        'titre;texte;rubrique;\n"Le pont";"Le pont ""rouvre"".\n\nEnfin.";ville;x\n;;;\nGare;;ville;\nA;B\n',
        [
            (['Le pont "rouvre".', "Enfin."], {"title": "Le pont", "metadata": {"rubrique": "ville", "column 4": "x"}}),
            "row 2, which ends in line 6: its text is empty",
            "row 3, which ends in line 7: it has 2 columns, and the header has 4",
        ],
    ),
    Case(
        "table.tsv",
        "url\tlangue\tText\nhttps://val.example/1\tfr\tLe pont, enfin; il rouvre.\n",
        [(["Le pont, enfin; il rouvre."], {"source_url": "https://val.example/1"})],
    ),
    Case(
        "quote.csv",
        'texte,titre\nLe pont,A\n"Le pont,B\nLa gare,C\n',
        ["a quote that is opened in the row at line 3 is never closed"],
    ),
    Case("after-quote.csv", 'texte,titre\n"Le pont"x,A\n', ["the row at line 2 is no CSV"]),
    Case("nameless.csv", "a,b\nLe pont,c\n", ["no column is named text or texte (there are: a, b)"]),
    Case("twice.csv", "texte,texte\nLe pont,c\n", ["more than one column is named texte"]),
    Case("both.csv", "texte,body\nLe pont,c\n", ["the columns texte and body are both for the text"]),
    Case(
        "long.csv",
        "texte,titre\n" + "Le pont. " * 30_000 + ",A\n",
        [(["Le pont. " * 29_999 + "Le pont."], {"title": "A"})],
    ),
    Case("header.csv", "texte,titre\n", ["there is no article in it"]),
    Case(
        "word.docx",
        WORD,
        [
            (
                [
                    "Les travaux",
                    "Le pont rouvre lundi.[1]",
                    "Les cars passeront.",
                    "Lundi",
                    "Ouvert",
                    "- Source : mairie.",
                ],
                {"title": "Le pont de Mareuil"},
            )
        ],
    ),
    Case("empty.docx", docx(""), ["it has no text"]),
    Case(
        "paper.pdf",
        PDF,
        [
            (
                PDF_TEXT,
                {"title": "Le pont de Mareuil (bis)", "metadata": {"date": "2024-03-12T08:30:00+01:00"}},
            )
        ],
        warnings=["there is no text on page 4", "repeated from page to page: Le Val, mars 2024"],
    ),
    Case("scan.pdf", pdf([[], []]), ["only pictures, as scanners make them: have it recognised (OCR) first"]),
    Case("locked.pdf", locked_pdf(), ["it has a password: save it without one"]),
    Case("cut.pdf", PDF[:300], ["it is damaged"]),
    Case(
        "talk.srt",
        SRT,
        [
            (
                [
                    "Le conseil a voté le budget, qui prévoit trente millions. Merci…",
                    "Vous partez ?",
                    "Non, je reste",
                    "Un silence",
                ],
                {},
            )
        ],
        warnings=["inside a line are not kept: cue 2"],
    ),
    Case("talk.vtt", VTT, [(["Bonjour à tous, dit-elle."], {})]),
    Case("none.srt", "Le pont rouvre.", ["no line of times such as"], Kind.SRT),
    Case("music.srt", "1\n00:00:01,000 --> 00:00:02,000\n♪\n", ["its cues have no text"]),
    Case(
        "page.md",
        MARKDOWN,
        [
            (
                [
                    "Le pont *rouvre*",
                    "Il **rouvre** lundi, dit [la mairie](https://val.example/a). Voir [l'avis][l'avis] aussi.",
                    "Appeler la mairie",
                    "Lire la suite",
                    "On dit merci.",
                    "Jour",
                    "Heures",
                    "Lundi",
                    "8 h | 12 h",
                    "`code` et <https://val.example>",
                ],
                {"title": "Le pont", "metadata": {"date": "2024-03-12"}},
            )
        ],
    ),
    Case("heading.md", "# Le pont\n\nIl rouvre.\n", [(["Il rouvre."], {"title": "Le pont"})]),
    Case("only.md", "# Le pont\n", [(["Le pont"], {})]),
    Case(
        "html.md",
        "Le pont.\n\n<div>\nBonjour\n</div>\n",
        [(["Le pont."], {})],
        warnings=["lines 3 to 5 are HTML, and stay as they are"],
    ),
    Case("code.md", "```\nls\n```\n", ["nothing to translate"]),
    Case("deep.md", "".join(f"{' ' * 2 * depth}- a\n" for depth in range(100)), ["nested deeper than 60"]),
    Case("nothing.txt", "", ["nothing.txt is empty"]),
    Case("figures.txt", "12 345", ["text: has no letter"]),
    Case("binary.txt", bytes(range(256)), ["binary file"]),
    Case("broken.md", "# Le pont rouvre à l'été\n".encode() + b"\xc3", ["neither valid UTF-8"]),
    Case(
        "nul.html",
        "<html><body><article><p>Le pont\0 rouvre lundi, dit le maire.</p></article></body></html>",
        [(["Le pont rouvre lundi, dit le maire."], {})],
    ),
]
