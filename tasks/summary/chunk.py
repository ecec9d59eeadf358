"""Pack the sentences of a text into chunks that a model takes whole: in order, of about one size, none left out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

from tasks.normalise import for_model


class TokenCounter(Protocol):
    """What packing asks of a model."""

    @property
    def max_input_tokens(self) -> int:
        """The longest input that is taken whole."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Length of each text as an input, in the order given."""


@dataclass(frozen=True)
class Piece:
    """A sentence, or a part of one too long for the model, and the number of its paragraph."""

    paragraph: int
    text: str


@dataclass(frozen=True)
class Chunk:
    """Neighbouring pieces as one input, its length counted exactly."""

    pieces: tuple[Piece, ...]
    text: str
    tokens: int


#: Chunks are planned this full, so that the nearest end of a sentence is still within the limit.
_FULLNESS = 0.9
#: How much further away, as a part of a chunk, an end of a paragraph may be to be preferred to one of a sentence.
_PARAGRAPH_REACH = 0.15


def pack(pieces: Sequence[Piece], counter: TokenCounter) -> list[Chunk]:
    """All pieces, in order, in as few chunks of even size as the limit allows; paragraphs are kept whole if they fit.

    A piece longer than the limit is cut at spaces; at a letter where a single word is longer than the limit.
    """
    fitting = [
        Piece(piece.paragraph, part)
        for piece, tokens in zip(pieces, _counts(pieces, counter), strict=True)
        for part in (_parts(piece.text, counter) if tokens > counter.max_input_tokens else [piece.text])
        if part
    ]
    return list(_packed(fitting, _counts(fitting, counter), counter))


def _counts(pieces: Sequence[Piece], counter: TokenCounter) -> list[int]:
    return counter.count_tokens([piece.text for piece in pieces]) if pieces else []


def _packed(pieces: Sequence[Piece], tokens: Sequence[int], counter: TokenCounter) -> Iterator[Chunk]:
    limit, total = counter.max_input_tokens, sum(tokens)
    if not pieces:
        return
    # Sums of counts are only near the truth: special tokens are in each of them, and a word may merge with the next.
    if total <= 2 * limit:
        text = for_model(" ".join(piece.text for piece in pieces))
        exact = counter.count_tokens([text])[0]
        if exact <= limit or len(pieces) == 1:
            yield Chunk(tuple(pieces), text, exact)
            return
    parts = max(2, math.ceil(total / (_FULLNESS * limit)))
    at = _border(pieces, tokens, goal=total * (parts // 2) / parts, reach=_PARAGRAPH_REACH * total / parts)
    yield from _packed(pieces[:at], tokens[:at], counter)
    yield from _packed(pieces[at:], tokens[at:], counter)


def _border(pieces: Sequence[Piece], tokens: Sequence[int], *, goal: float, reach: float) -> int:
    """After how many pieces to cut: as near as possible to ``goal`` tokens, a border of paragraphs within ``reach``."""
    sums = list(accumulate(tokens))

    def distance(at: int) -> float:
        inside = pieces[at - 1].paragraph == pieces[at].paragraph
        return abs(sums[at - 1] - goal) + (reach if inside else 0)

    return min(range(1, len(pieces)), key=distance)


def _parts(text: str, counter: TokenCounter) -> list[str]:
    if len(text) < 2 or counter.count_tokens([text])[0] <= counter.max_input_tokens:
        return [text]
    middle = len(text) // 2
    spaces = (text.rfind(" ", 1, middle), text.find(" ", middle, len(text) - 1))
    at = min((space for space in spaces if space > 0), key=lambda space: abs(space - middle), default=middle)
    return [part for half in (text[:at], text[at:]) for part in _parts(half.strip(), counter)]
