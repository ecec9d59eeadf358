"""A result as a translation memory, TMX 1.4b, for translators' tools: a unit for each sentence that was translated."""

from __future__ import annotations

import re
from collections import Counter
from importlib.metadata import version
from xml.etree import ElementTree as ET

from depeche.article import ArticleResult
from depeche.pages.outline import Pair, outline
from depeche.pages.words import count
from depeche.printable import UNPRINTABLE, printable

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

#: What XML 1.0 cannot hold, not even by number; and a carriage return, of which a reader would make a new line.
_FORBIDDEN = re.compile("([\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff])")


def as_tmx(result: ArticleResult) -> str:
    """The whole document.

    Where nothing was translated, as with a sentence that was English already, there is no unit: a memory would offer it
    as a translation. A note in the header says how many those are, and why.
    """
    pairs = list(outline(result).pairs)
    tmx = ET.Element("tmx", version="1.4")
    tmx.append(_header(result, pairs))
    body = ET.SubElement(tmx, "body")
    body.extend(_unit(pair) for pair in pairs if _is_translated(pair))
    text = ET.tostring(tmx, encoding="unicode")
    # What XML allows and a terminal would obey is written by its number, which means the same.
    text = UNPRINTABLE.sub(lambda found: f"&#{ord(found[0])};", text)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _is_translated(pair: Pair) -> bool:
    return bool(pair.fr) and (pair.fr_language, pair.en_language) == ("fr", "en")


def _header(result: ArticleResult, pairs: list[Pair]) -> ET.Element:
    header = ET.Element(
        "header",
        {
            "creationtool": "depeche",
            "creationtoolversion": version("depeche-client"),
            "segtype": "sentence",
            "o-tmf": "depeche",
            "adminlang": "en",
            "srclang": "fr",
            "datatype": "plaintext",
        },
    )
    header.tail = "\n"
    left_out = Counter(_why_left_out(pair) for pair in pairs if not _is_translated(pair))
    for why, number in left_out.items():
        _add(header, "note", f"{count(number, 'sentence is', 'sentences are')} not in this file. {why}")
    _add(header, "prop", result.id, type="x-task-id")
    if model := result.models.translation:
        _add(header, "prop", f"{model.id}, {model.revision}", type="x-model")
    return header


def _why_left_out(pair: Pair) -> str:
    return " ".join(pair.reasons) or "Its French is not known."


def _unit(pair: Pair) -> ET.Element:
    unit = ET.Element("tu", tuid=f"{pair.number}")
    unit.tail = "\n"
    for reason in pair.reasons:
        _add(unit, "note", reason)
    for flag in pair.flags:
        _add(unit, "prop", flag, type="x-flag")
    if pair.confidence is not None:
        _add(unit, "prop", f"{pair.confidence}", type="x-confidence")
    for language, text in (("fr", pair.fr), ("en", pair.en)):
        variant = ET.SubElement(unit, "tuv", {_LANG: language})
        _fill(ET.SubElement(variant, "seg"), text)
    return unit


def _add(parent: ET.Element, tag: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, tag, attributes).text = printable(text)


def _fill(segment: ET.Element, text: str) -> None:
    """The text, in which a placeholder stands for each character that XML cannot hold, and names it."""
    segment.text, *rest = _FORBIDDEN.split(text)
    for character, following in zip(rest[::2], rest[1::2], strict=True):
        placeholder = ET.SubElement(segment, "ph")
        placeholder.text, placeholder.tail = printable(character), following
