"""Finds out what a document is. Its content counts, and its name only where the content leaves it open."""

from __future__ import annotations

import codecs
import io
import re
import zipfile
from pathlib import PurePath

from depeche.documents.kinds import Kind
from depeche.errors import UnreadableDocument

#: How much of a document is looked at.
HEAD_BYTES = 8192
AS_TEXT = "if it is text all the same, give it as text (--as text)"

#: How files begin that nothing here reads, what they are, and what to do.
_OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document, or one with a password", "save it as .docx"),
    (b"{\\rtf", "a document in RTF", "save it as .docx or as plain text"),
    (b"\x89PNG", "a picture", "have its text recognised (OCR) first"),
    (b"\xff\xd8\xff", "a picture", "have its text recognised (OCR) first"),
    (b"GIF8", "a picture", "have its text recognised (OCR) first"),
    (b"\x1f\x8b", "a compressed file", "unpack it first"),
    (b"BZh", "a compressed file", "unpack it first"),
    (b"\xfd7zXZ\x00", "a compressed file", "unpack it first"),
    (b"7z\xbc\xaf", "an archive", "unpack it first"),
    (b"Rar!", "an archive", "unpack it first"),
    (b"%!PS", "a document in PostScript", "save it as PDF"),
)
#: What parts an archive has that is a document, what it is, and what to do.
_ARCHIVES: tuple[tuple[str, str, str], ...] = (
    ("xl/workbook.xml", "an Excel table", "save it as CSV"),
    ("ppt/presentation.xml", "a presentation", "save it as .docx or as plain text"),
    ("META-INF/container.xml", "an e-book", "save its chapters as HTML or plain text"),
    ("content.xml", "a document of LibreOffice", "save it as .docx"),
)
_ENDINGS = {
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".xhtml": Kind.HTML,
    ".eml": Kind.EMAIL,
    ".mbox": Kind.EMAIL,
    ".mht": Kind.EMAIL,
    ".mhtml": Kind.EMAIL,
    ".md": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
    ".csv": Kind.CSV,
    ".tsv": Kind.CSV,
    ".srt": Kind.SRT,
    ".vtt": Kind.VTT,
}

_TIMES = re.compile(r"^\s*(?:\d+\s*\n\s*)?\d{1,3}:\d{1,2}:\d{1,2}[,.]\d{1,3}\s*-->", re.MULTILINE)
_BEFORE_ROOT = re.compile(
    r"(?:\s+|<\?[^>]*\?>|<!--.*?-->|<!doctype[^>\[]*(?:\[.*?\]\s*)?>)*", re.DOTALL | re.IGNORECASE
)
_ROOT = re.compile(r"<([a-zA-Z][\w:.-]*)")
_DOCTYPE_HTML = re.compile(r"<!doctype\s+html", re.IGNORECASE)
_FEED_ROOTS = {"rss", "feed", "rdf:rdf", "atom:feed"}
_HTML_TAG = re.compile(
    r"</?(?:html|head|body|main|article|section|header|footer|nav|div|p|br|span|a|h[1-6]|ul|ol|li|table|tr|td|th|strong|"
    r"em|b|i|u|img|blockquote|figure|font|center|hr|script|style|meta|link|title)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
#: A sentence may have a tag or two in it, as an article on the web may.
_MANY_TAGS = 3

_MAIL_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9-]*):(?:[ \t]|$)")
_MAIL_NAMES = frozenset(
    """
    from to cc subject date message-id mime-version received return-path delivered-to content-type reply-to x-mailer
    content-transfer-encoding dkim-signature in-reply-to references sender
    """.split()
)
#: A message has one of these, and an article that only begins with a line such as "Date: mardi" has not.
_MAIL_CERTAIN = frozenset({"from", "mime-version", "received", "return-path", "message-id"})

_JSON = re.compile(r"\s*(?:\{\s*\"[^\"\n]*\"\s*:|\[\s*[{\"])")
_MARKDOWN = (
    re.compile(r"^#{1,6} \S", re.MULTILINE),
    re.compile(r"^(?:```|~~~)", re.MULTILINE),
    re.compile(r"!?\[[^\[\]\n]+\]\([^()\s]+\)"),
    re.compile(r"\*\*[^*\s](?:[^*\n]*[^*\s])?\*\*|(?<!\w)__[^_\s](?:[^_\n]*[^_\s])?__(?!\w)"),
    re.compile(r"^(?:[-*+] \S.*\n){2}", re.MULTILINE),
    re.compile(r"^> \S", re.MULTILINE),
    re.compile(r"^\|?[ :]*-{3,}[ :]*\|[ |:-]*$", re.MULTILINE),
)
#: The names by which a table's header is told from prose with commas.
_COLUMN_NAMES = frozenset(
    "text texte body corps content contenu article title titre headline url source_url link lien date auteur author id "
    "key language langue".split()
)


def detect(data: bytes, name: str = "") -> Kind:
    """What kind of document this is. Looks at the beginning only, and reads no part of it.

    Raises:
        UnreadableDocument: it is of a kind that is not read, such as a picture or a table of Excel.
    """
    head = data[:HEAD_BYTES]
    # A PDF may have some bytes of a printer before it.
    if b"%PDF-" in head[:1024]:
        return Kind.PDF
    if head.startswith(b"PK\x03\x04"):
        return _archive(data, name)
    for magic, what, remedy in _OTHERS:
        if head.startswith(magic):
            raise _refused(name, what, remedy)
    return _detect_text(_text(head), PurePath(name.lower()).suffix, name)


def _refused(name: str, what: str, remedy: str) -> UnreadableDocument:
    return UnreadableDocument(f"{name or 'this document'} is {what}, which is not read: {remedy}", {"source": name})


def _archive(data: bytes, name: str) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise _refused(name, "a damaged archive", "open it in its own program and save it anew") from None
    if "word/document.xml" in parts or any(part.startswith("word/") for part in parts):
        return Kind.DOCX
    for part, what, remedy in _ARCHIVES:
        if part in parts:
            raise _refused(name, what, remedy)
    raise _refused(name, "an archive", "unpack it first")


def _text(head: bytes) -> str:
    """The beginning as text, well enough to tell kinds: only ASCII counts."""
    encoding = "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "latin-1"
    text = head.removeprefix(codecs.BOM_UTF8).decode(encoding, errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _detect_text(text: str, ending: str, name: str) -> Kind:
    by_name = _ENDINGS.get(ending)
    if kind := _subtitles(text, by_name):
        return kind
    if text.lstrip().startswith("<") and (kind := _markup(text, name)):
        return kind
    if _is_mail(text, is_named=by_name is Kind.EMAIL):
        return Kind.EMAIL
    if _JSON.match(text):
        raise _refused(name, "JSON", f"give articles as JSON lines (--jsonl); {AS_TEXT}")
    return _prose_or_not(text, by_name)


def _subtitles(text: str, by_name: Kind | None) -> Kind | None:
    if text.startswith("WEBVTT"):
        return Kind.VTT
    times = _TIMES.search(text)
    is_first = times is not None and not text[: times.start()].strip()
    if times and (is_first or by_name in (Kind.SRT, Kind.VTT)):
        return Kind.VTT if by_name is Kind.VTT else Kind.SRT
    return None


def _prose_or_not(text: str, by_name: Kind | None) -> Kind:
    if by_name in (Kind.CSV, Kind.MARKDOWN):
        return by_name
    tags = len(_HTML_TAG.findall(text))
    if tags >= _MANY_TAGS or (tags and by_name is Kind.HTML):
        return Kind.HTML
    if _is_table(text):
        return Kind.CSV
    return Kind.MARKDOWN if _is_markdown(text) else Kind.TEXT


def _markup(text: str, name: str) -> Kind | None:
    begin = _BEFORE_ROOT.match(text)
    assert begin
    root = _ROOT.match(text, begin.end())
    root_name = root[1].lower() if root else ""
    if root_name in _FEED_ROOTS:
        return Kind.FEED
    if _DOCTYPE_HTML.search(begin[0]) or (root and _HTML_TAG.match(f"<{root_name}>")):
        return Kind.HTML
    if text.lstrip().startswith("<?xml"):
        raise _refused(name, f"XML ({root_name or 'without a root'})", f"give the text in it; {AS_TEXT}")
    return None


def _is_mail(text: str, *, is_named: bool) -> bool:
    lines = text.lstrip("\n").split("\n")
    if lines[0].startswith("From "):
        lines = lines[1:]
    names: set[str] = set()
    for line in lines:
        if line.startswith((" ", "\t")) and names and line.strip():
            continue
        header = _MAIL_HEADER.match(line)
        if not header:
            # Only an empty line ends the header. What ends otherwise is an article with a few such lines.
            if line.strip() and line is not lines[-1]:
                return False
            break
        names.add(header[1].lower())
    known = names & _MAIL_NAMES
    return bool(known) if is_named else len(known) >= 2 and bool(known & _MAIL_CERTAIN)


def _is_markdown(text: str) -> bool:
    return sum(1 for mark in _MARKDOWN if mark.search(text)) >= 2


def _is_table(text: str) -> bool:
    """Whether the first line names columns, and others have the same separators."""
    lines = [line for line in text.split("\n")[:20] if line.strip()]
    if len(lines) < 2:
        return False
    for separator in "\t;,":
        names = [cell.strip().strip('"').casefold() for cell in lines[0].split(separator)]
        if len(names) > 1 and len(_COLUMN_NAMES.intersection(names)) >= min(2, len(names)):
            return separator in lines[1]
    return False
