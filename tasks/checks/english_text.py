"""An English text, ready to be asked whether it has a word, the beginning of one, or some words in a row."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property

from tasks.normalise import fold

_WORD = re.compile(r"[^\W_]+")
_CAPITALISED = re.compile(r"(?<![^\W_])[A-ZÀ-Þ][^\W_]*(?:\.[^\W_])*")
_POSSESSIVE = re.compile(r"['’]s\b")


class EnglishText:
    """Words are compared without case and accents."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._plain = _POSSESSIVE.sub(" ", fold(text))
        in_order = _WORD.findall(self._plain)
        #: "U.S." is to be found as "us".
        self.words = {*in_order, *_WORD.findall(self._plain.replace(".", ""))} if "." in self._plain else set(in_order)
        self._in_order = in_order

    @cached_property
    def capitalised(self) -> frozenset[str]:
        """The words that begin with a capital, in small letters; "u.s" as "us"."""
        return frozenset(fold(word.replace(".", "")) for word in _CAPITALISED.findall(self.text))

    @cached_property
    def spaced(self) -> str:
        """All words with one space on each side."""
        return f" {' '.join(self._in_order)} "

    def has_beginning(self, form: str) -> bool:
        """Whether a word begins with ``form``."""
        if form in self.words:
            return True
        place = bisect_left(self._sorted, form)
        return place < len(self._sorted) and self._sorted[place].startswith(form)

    def has_phrase(self, phrase: str, *, whole: bool = False) -> bool:
        """Whether the words of ``phrase`` stand in a row; the last may go on, unless it is to be ``whole``."""
        return (f" {phrase} " if whole else f" {phrase}") in self.spaced

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self.words)
