"""A summariser is given only what its vocabulary has, and its summaries get the article's own characters back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from depeche.article import ModelInfo
from tasks.engines import AbstractiveSummariser
from tasks.readable import Readable, readable
from tasks.summary.signs import spelt_out


class ReadableInput:
    """An ``AbstractiveSummariser`` around another one: any character may stand in the texts that it is given."""

    def __init__(self, summariser: AbstractiveSummariser) -> None:
        self._summariser = summariser

    @property
    def info(self) -> ModelInfo:
        """The other's."""
        return self._summariser.info

    @property
    def max_input_tokens(self) -> int:
        """The other's."""
        return self._summariser.max_input_tokens

    def unreadable(self, text: str) -> frozenset[str]:  # noqa: ARG002  # the Protocol's
        """Nothing: it is written otherwise."""
        return frozenset()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The length of what the other is given for each text."""
        return self._summariser.count_tokens([self._written_for(text).text for text in texts])

    def summarise(self, texts: Sequence[str], *, min_tokens: int, max_tokens: int, attempt: int = 0) -> list[str]:
        """The other's summaries, with names, words and dashes as in the texts.

        Raises:
            ModelUnavailable: the engine cannot run (any more).
        """
        given = [self._written_for(text) for text in texts]
        summaries = self._summariser.summarise(
            [each.text for each in given], min_tokens=min_tokens, max_tokens=max_tokens, attempt=attempt
        )
        return [each.restored(summary) for each, summary in zip(given, summaries, strict=True)]

    def _written_for(self, text: str) -> Readable:
        unreadable = self._summariser.unreadable
        given = readable(spelt_out(text, unreadable(text)), unreadable, keeps_language=True)
        # A summary has sentences of its own: what stood around the text does not belong around it, and which of several
        # kinds of dashes belongs where cannot be told.
        return replace(given, before="", after="", lone=_one_kind(given.lone), in_figures=_one_kind(given.in_figures))


def _one_kind(marks: tuple[str, ...]) -> tuple[str, ...]:
    return marks[:1] if len(set(marks)) == 1 else ()
