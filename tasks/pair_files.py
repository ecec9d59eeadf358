"""Files of French sentences and their English translations: tab-separated, JSON lines and TMX."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Literal, get_args

# Expat fetches nothing by itself, and what makes a small file huge, the declaration of an entity, is refused below.
from xml.parsers import expat

from depeche.errors import InvalidPairs

PairFormat = Literal["tsv", "jsonl", "tmx"]
FORMATS: tuple[PairFormat, ...] = get_args(PairFormat)

#: A French sentence and its translation.
Pair = tuple[str, str]

_ENDINGS: dict[str, PairFormat] = {
    ".tsv": "tsv", ".txt": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".tmx": "tmx", ".xml": "tmx"
}  # fmt: skip
_SHOWN_FAULTS = 20
#: Of TMX, what stands in these is codes of the document, and no text.
_CODES = frozenset({"bpt", "ept", "ph", "it", "ut"})


def read_pairs(data: bytes, name: str, layout: PairFormat | None = None) -> list[Pair]:
    """The pairs of a file, in order.

    Args:
        data: the whole file.
        name: what to call it in messages; its ending tells the format where ``layout`` does not.
        layout: the format; found from the name or else from the first character, if None.

    Raises:
        InvalidPairs: names each faulty line, up to twenty, and what is wrong with it.
    """
    layout = layout or _format_by_name(name) or _format_by_text(data)
    pairs = _read_tmx(data, name) if layout == "tmx" else _read_lines(data, name, layout)
    if not pairs:
        raise InvalidPairs(f"{name} has no pair of sentences; is it {layout}? --format says what it is")
    return pairs


def _format_by_name(name: str) -> PairFormat | None:
    return next((layout for ending, layout in _ENDINGS.items() if name.lower().endswith(ending)), None)


def _format_by_text(data: bytes) -> PairFormat:
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return "jsonl" if start == b"{" else "tmx" if start == b"<" else "tsv"


def _read_lines(data: bytes, name: str, layout: PairFormat) -> list[Pair]:
    """Every line is tried, so that all faults are reported at once; blank ones are passed over."""
    read = _read_tsv_line if layout == "tsv" else _read_json_line
    pairs, faults = [], []
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if line.strip():
            try:
                pairs.append(_read_line(line.removesuffix(b"\r"), read))
            except InvalidPairs as error:
                faults.append(f"line {number}: {error}")
    if faults:
        more = f"\nand {len(faults) - _SHOWN_FAULTS} more" if len(faults) > _SHOWN_FAULTS else ""
        count = f"{len(faults)} faulty line{'s' if len(faults) > 1 else ''}"
        raise InvalidPairs(f"{name} has {count}:\n" + "\n".join(faults[:_SHOWN_FAULTS]) + more)
    return pairs


def _read_line(line: bytes, read: Callable[[str], Pair]) -> Pair:
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        byte = line[error.start]
        raise InvalidPairs(f"not UTF-8: byte {error.start + 1} is {byte:#04x}; convert the file to UTF-8") from None
    return read(text)


def _read_tsv_line(line: str) -> Pair:
    columns = line.split("\t")
    if len(columns) != 2:
        found = "1 column" if len(columns) == 1 else f"{len(columns)} columns"
        raise InvalidPairs(f"{found} instead of 2: the French sentence, a tab, and its translation")
    return columns[0], columns[1]


def _read_json_line(line: str) -> Pair:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidPairs(f"not JSON: {error}") from None
    if not isinstance(fields, dict):
        raise InvalidPairs('not an object such as {"fr": "…", "en": "…"}')
    for name in ("fr", "en"):
        if not isinstance(fields.get(name), str):
            raise InvalidPairs(f"{name}: must be a text")
    return _encodable(fields["fr"]), _encodable(fields["en"])


def _encodable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvalidPairs(f"a lone surrogate at position {error.start} of a text") from None
    return text


def _read_tmx(data: bytes, name: str) -> list[Pair]:
    reader = _Tmx(name)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.EntityDeclHandler = reader.entity
    parser.SkippedEntityHandler = reader.unknown
    reader.line = lambda: parser.CurrentLineNumber
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise InvalidPairs(f"{name} line {error.lineno}: not XML: {expat.ErrorString(error.code)}") from None
    return reader.pairs


class _Tmx:
    """Collects the units of a TMX file: each has one ``tuv`` a language, and that a ``seg`` with the text."""

    def __init__(self, name: str) -> None:
        self.pairs: list[Pair] = []
        self.line: Callable[[], int] = lambda: 0
        self._name = name
        self._unit: dict[str, str] | None = None
        self._unit_line = 0
        self._language = ""
        self._segment: list[str] | None = None
        self._codes = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if tag == "tu":
            self._unit, self._unit_line = {}, self.line()
        elif tag == "tuv":
            self._language = (attributes.get("xml:lang") or attributes.get("lang") or "").lower()[:2]
        elif tag == "seg":
            self._segment = []
        elif tag in _CODES:
            self._codes += 1

    def text(self, text: str) -> None:
        """Text of a segment, the document's codes apart."""
        if self._segment is not None and not self._codes:
            self._segment.append(text)

    def end(self, tag: str) -> None:
        """An element ends: a unit is a pair when it has both languages."""
        if tag in _CODES:
            self._codes -= 1
        elif tag == "seg" and self._segment is not None:
            if self._unit is not None:
                self._unit.setdefault(self._language, "".join(self._segment))
            self._segment = None
        elif tag == "tu" and self._unit is not None:
            self.pairs.append(self._pair(self._unit))
            self._unit = None

    def entity(self, *_: object) -> None:
        """Refuse: entities of entities are how a small file becomes a huge one."""
        raise InvalidPairs(f"{self._name} line {self.line()}: declares an entity, which no TMX file needs: remove it")

    def unknown(self, entity: str, is_parameter: bool) -> None:
        """Refuse, as the text that it stands for would be lost."""
        if not is_parameter:
            raise InvalidPairs(f"{self._name} line {self.line()}: nothing says what &{entity}; is: write the character")

    def _pair(self, unit: dict[str, str]) -> Pair:
        if missing := [language for language in ("fr", "en") if language not in unit]:
            has = ", ".join(sorted(unit)) or "none"
            raise InvalidPairs(
                f"{self._name} line {self._unit_line}: the unit has no text in {' and '.join(missing)} (it has {has})"
            )
        return unit["fr"], unit["en"]
