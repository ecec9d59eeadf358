"""Word documents (.docx): paragraphs, lists, tables and notes, with tracked changes as if they were accepted."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from depeche.documents.drafts import Draft, Fault, paragraphs_of
from depeche.documents.limits import MIB
from depeche.documents.parsers.fragments import Block, blocks_of

#: Of all parts of the file that are text. Pictures do not count: they are never unpacked.
MAX_UNPACKED = 64 * MIB
MAX_PARTS = 10_000

_TITLE = "p[style-name='Title'] => h1.title:fresh\np[style-name='Subtitle'] => p:fresh"
#: Word's mark of a footnote leads back to the text.
_BACK = "↑"


def parse(data: bytes) -> Iterator[Draft]:
    """One article.

    Raises:
        Fault: it is no Word document, or unpacks to too much.
    """
    import mammoth

    _check_archive(data)
    found = mammoth.convert_to_html(io.BytesIO(data), style_map=_TITLE, convert_image=_no_image)
    blocks = [Block(block.text.removesuffix(_BACK).rstrip(), block.level) for block in blocks_of(found.value)]
    title = blocks[0].text if blocks and blocks[0].level == 1 else None
    text = paragraphs_of(block.text for block in (blocks[1:] if title else blocks))
    if not text and title:
        text, title = title, None
    if not text:
        raise Fault("it has no text: where it is a scanned picture, have it recognised (OCR) first")
    yield Draft(text, title=title)


def _no_image(image: Any) -> list[Any]:  # noqa: ARG001  # what mammoth calls
    return []


def _check_archive(data: bytes) -> None:
    """Look at what the archive says of its sizes. No more than that is unpacked of a part, whatever is in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise Fault("it is a damaged archive: open it in Word and save it anew") from None
    size = sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
    if len(parts) > MAX_PARTS or size > MAX_UNPACKED:
        raise Fault(
            f"it unpacks to {size // MIB} MiB of text in {len(parts)} parts, and at most {MAX_UNPACKED // MIB} MiB in "
            f"{MAX_PARTS} parts are read: give its text"
        )
    if any(part.flag_bits & 1 for part in parts):
        raise Fault("it has a password: save it without one")
