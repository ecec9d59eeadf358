"""Reads GGUF files: what they say about themselves, and their weights.

Own code for the reading, as the package ``gguf`` takes 10 seconds and 700 MB for a table of 262 144 tokens; the number
formats of the weights are the package's.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from numpy.typing import NDArray

_MAGIC, _VERSIONS = b"GGUF", (2, 3)
#: Formats of numbers, by GGUF's number of the type; 8 is a text and 9 a list.
_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_TEXT, _LIST = 8, 9
_ALIGNMENT = 32


class Unusable(Exception):
    """A file is not what it should be; the message says what is wrong with it, and not what to do."""


@dataclass(frozen=True)
class Tensor:
    """Weights as they lie in the file.

    Attributes:
        shape: rows and columns, or the length of a vector.
        kind: number format.
        data: the file's own bytes, read when they are used; shape (rows, bytes of a row).
    """

    shape: tuple[int, ...]
    kind: gguf.GGMLQuantizationType
    data: NDArray[np.uint8]

    def floats(self, rows: slice | NDArray[np.int64] = slice(None)) -> NDArray[np.float32]:
        """Some rows as numbers; shape (rows, columns), or (length,) of a vector."""
        found: NDArray[np.float32] = gguf.dequantize(self.data[rows], self.kind)
        return found.reshape(-1) if len(self.shape) == 1 else found


class GGUFFile:
    """An open file.

    Attributes:
        fields: what the file says about itself, by key: numbers, texts, and lists of either.
        tensors: the weights by name.
    """

    def __init__(self, path: Path) -> None:
        """Read all but the weights.

        Raises:
            Unusable: it is no GGUF file, or damaged.
            OSError: it cannot be read.
        """
        self.path = path
        try:
            cursor = _Cursor(path)
            self.fields, self.tensors = _read(cursor)
        except (ValueError, OverflowError, struct.error, KeyError, MemoryError) as error:
            raise Unusable(f"{path} is truncated, damaged or no GGUF file") from error

    def field(self, name: str) -> Any:
        """What the file says under a key: a number, a text, or a list of either.

        Raises:
            Unusable: it says nothing.
        """
        try:
            return self.fields[name]
        except KeyError as error:
            raise Unusable(f"{self.path} does not say its {name}") from error


class _Cursor:
    """Walks through the bytes of a file."""

    def __init__(self, path: Path) -> None:
        self.bytes: NDArray[np.uint8] = np.memmap(path, mode="r")
        self._buffer = self.bytes.data
        self.at = 0

    def take(self, size: int) -> memoryview:
        if size > len(self._buffer) - self.at:
            raise ValueError("the file ends early")
        self.at += size
        return self._buffer[self.at - size : self.at]

    def number(self, letter: str) -> Any:
        return struct.unpack(f"<{letter}", self.take(struct.calcsize(f"<{letter}")))[0]

    def text(self) -> str:
        return str(self.take(self.number("Q")), "utf-8")

    def value(self, kind: int) -> Any:
        if kind == _TEXT:
            return self.text()
        if kind != _LIST:
            return self.number(_NUMBERS[kind])
        kind, count = self.number("I"), self.number("Q")
        if kind in _NUMBERS:
            letters = f"<{count}{_NUMBERS[kind]}"
            return list(struct.unpack(letters, self.take(struct.calcsize(letters))))
        if kind != _TEXT:
            raise ValueError("a list of lists, which no model has")
        return [self.text() for _ in range(count)]


def _read(cursor: _Cursor) -> tuple[dict[str, Any], dict[str, Tensor]]:
    if cursor.take(4) != _MAGIC or cursor.number("I") not in _VERSIONS:
        raise ValueError("no GGUF file")
    tensors, fields = cursor.number("Q"), cursor.number("Q")
    found = dict((cursor.text(), cursor.value(cursor.number("I"))) for _ in range(fields))  # noqa: C402  # in this order
    places = [_place(cursor) for _ in range(tensors)]
    alignment = int(found.get("general.alignment", _ALIGNMENT))
    start = math.ceil(cursor.at / alignment) * alignment
    return found, {name: _tensor(cursor.bytes, shape, kind, start + offset) for name, shape, kind, offset in places}


def _place(cursor: _Cursor) -> tuple[str, tuple[int, ...], gguf.GGMLQuantizationType, int]:
    name = cursor.text()
    # The file counts dimensions from the innermost.
    shape = tuple(reversed([cursor.number("Q") for _ in range(cursor.number("I"))]))
    return name, shape, gguf.GGMLQuantizationType(cursor.number("I")), cursor.number("Q")


def _tensor(content: NDArray[np.uint8], shape: tuple[int, ...], kind: gguf.GGMLQuantizationType, start: int) -> Tensor:
    block, size = gguf.GGML_QUANT_SIZES[kind]
    rows, columns = math.prod(shape[:-1]), shape[-1]
    row_bytes = columns // block * size
    end = start + rows * row_bytes
    if columns % block or end > len(content):
        raise ValueError("the file ends early")
    return Tensor(shape, kind, content[start:end].reshape(rows, row_bytes))
