"""E-mails, and files of several: the text of each message, decoded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from depeche.documents.drafts import Draft, Fault, Found, Missing, paragraphs_of
from depeche.documents.parsers.fragments import blocks_of
from depeche.documents.parsers.page import article_of_page, decoded
from depeche.documents.parsers.plain import text_of

#: The line between the messages of a mailbox file.
_FROM_LINE = re.compile(rb"(?:\A|(?<=\n)\r?\n)From [^\r\n]*\r?\n(?=[A-Za-z-]+:)")
#: Of a web page that a browser saved as a message: its address.
_PAGE_ADDRESS = "Snapshot-Content-Location"


def parse(data: bytes) -> Iterator[Found]:
    """An article for each message.

    Raises:
        Fault: a page that was saved as a message has no text.
    """
    messages = [part for part in _FROM_LINE.split(data) if part.strip()]
    for number, message in enumerate(messages, start=1):
        yield _article(message, f"message {number}" if len(messages) > 1 else "")


def _article(data: bytes, place: str) -> Found:
    message = BytesParser(policy=policy.default).parsebytes(data)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain", "html"))
    try:
        if message[_PAGE_ADDRESS] and (page := message.get_body(("html",))):
            return article_of_page(decoded(_payload(page))[0], url=str(message[_PAGE_ADDRESS]))
        if body is None:
            raise Fault("the message has no text, only attachments: give the attachments themselves")
        text, warnings = _text(body)
    except Fault as fault:
        return Missing(str(fault), place)
    attachments = [part.get_filename() or part.get_content_type() for part in message.iter_attachments()]
    facts = {
        "date": _date(message),
        "author": _header(message, "From"),
        "message_id": _header(message, "Message-ID"),
    }
    if attachments:
        warnings = (*warnings, f"attachments are not read: {', '.join(attachments)}")
    return Draft(text, title=_header(message, "Subject"), facts=facts, warnings=warnings, place=place)


def _text(body: MIMEPart) -> tuple[str, tuple[str, ...]]:
    data = _payload(body)
    text, warnings = _decoded(data, body)
    if body.get_content_subtype() == "html":
        return paragraphs_of(block.text for block in blocks_of(text)), warnings
    if body.get_param("format") == "flowed":
        text = _unflowed(text, delete_space=body.get_param("delsp") == "yes")
    return text, warnings


def _payload(body: MIMEPart) -> bytes:
    data = body.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _decoded(data: bytes, body: MIMEPart) -> tuple[str, tuple[str, ...]]:
    charset = body.get_content_charset()
    if not charset:
        return decoded(data) if body.get_content_subtype() == "html" else text_of(data)
    try:
        return data.decode(charset), ()
    except (UnicodeDecodeError, LookupError):
        text, warnings = text_of(data)
        return text, warnings or (f"the text is not in {charset}, as the message says; it was read as UTF-8",)


def _unflowed(text: str, *, delete_space: bool) -> str:
    """Lines of format=flowed put together: one that ends with a space goes on in the next."""
    lines: list[str] = []
    goes_on = False
    for line in text.splitlines():
        if goes_on:
            lines[-1] += line
        else:
            # A blank before a line only protects it from being taken for a mark of quotation.
            lines.append(line.removeprefix(" "))
        # The line before a signature ends with a space, and goes on all the same nowhere.
        goes_on = line.endswith(" ") and line != "-- "
        if goes_on and delete_space:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)


def _header(message: EmailMessage, name: str) -> str | None:
    value = message[name]
    return str(value) if value else None


def _date(message: EmailMessage) -> str | None:
    try:
        return parsedate_to_datetime(str(message["Date"])).isoformat()
    except (TypeError, ValueError):
        return None
