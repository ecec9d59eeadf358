"""Cuts a sentence where it bears it best, for models that take only so much; ``seams`` puts the translations together.

A cut after a strong mark (semicolon, colon, dash) costs nothing, one after a comma or before a conjunction a little,
one between two words of a clause a lot. Every step works on all pieces at once, so that the model's tokenizer is asked
a few times a sentence, whatever its length, and the time grows with the length and no faster.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

#: Length of each text in the model's tokens, in order.
CountTokens = Callable[[Sequence[str]], list[int]]

#: White space is only looked at from its beginning, so that the time grows with its length and no faster.
_CLAUSE_END = re.compile(
    r"""
      (?P<strong> (?: [;:!?…–—] | (?<=\s)- | \.(?=["'’”»)\]]) ) ["'’”»)\]]* (?:\s[»!?])* ) \s+  # not the dot of "prof."
    | (?P<turn> , ["'’”»)\]]* (?:\s»)? \s+ (?=(?:et|mais|ou|car|donc|puis|or|tandis|alors|lorsque?|quand|parce)\b) )
    | (?P<comma> (?: ,["'’”»)\]]* | [»)\]] ) \s+ (?![;:!?»,]) | (?<!\s)\s+(?=[(«“]) )
    | (?P<conjunction> (?<!\s)\s+ (?=(?:et|mais|ou|car|donc|puis)\s
        | (?:tandis\ que|alors\ que|lorsque|lorsqu['’]|parce\ que|parce\ qu['’])) )
    | (?P<relative> (?<!\s)\s+ (?=(?:qui|que)\s | qu['’]) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
#: What a cut costs beside one more part, which costs 1.
_COSTS = {"strong": 0.0, "turn": 0.15, "comma": 0.3, "conjunction": 0.4, "relative": 0.5}
_COST_IN_CLAUSE = 1.5
#: A space that parts no number from its thousands and no mark from its word.
_SAFE_SPACE = re.compile(r"(?<![«“\d]) +(?![;:!?»”%€])|(?<=\d) +(?![\d;:!?»”%€])")
_ANY_SPACE = re.compile(" +")
#: Words of an over-long clause go together to this share of the limit: even enough, and few pieces to choose from.
_GRAIN = 1 / 16
_SHRINK = 0.9
#: A half of a sentence shorter than this says too little to be translated by itself.
_LEAST_HALF_CHARS = 25
_LEAST_HALF_SHARE = 0.25


@dataclass(frozen=True)
class _Piece:
    """A stretch between two places where the sentence may be cut.

    Attributes:
        text: with the space after it.
        tokens: its length.
        cost: of a cut at its end.
    """

    text: str
    tokens: float
    cost: float


def split_to_fit(sentence: str, limit: int, count_tokens: CountTokens) -> list[str]:
    """Cut a sentence into parts of at most ``limit`` tokens, as few and as even as its clauses allow.

    Args:
        sentence: on one line, with plain spaces.
        limit: tokens, at least 1.
        count_tokens: the model's count.

    Returns:
        The parts in order, each with the space after it, so that together they are the sentence exactly.
    """
    (total,) = count_tokens([sentence])
    if total <= limit:
        return [sentence]
    pieces = _pieces(sentence, limit, count_tokens)
    # Counted alone, pieces may have more tokens than in their sentence, as engines add marks of their own to each.
    surplus = total / max(sum(piece.tokens for piece in pieces), 1)
    room = float(limit)
    while True:
        parts = _fewest(pieces, room, min(surplus, 1.0))
        if len(parts) == len(pieces) or all(count <= limit for count in count_tokens(parts)):
            return parts
        room *= _SHRINK


def halves(sentence: str) -> tuple[str, str] | None:
    """Cut a sentence in two at the clause end nearest to its middle; None where both halves would not be long enough.

    The first half keeps the space after it.
    """
    least = max(_LEAST_HALF_CHARS, _LEAST_HALF_SHARE * len(sentence))
    cuts = [(at, cost) for at, cost in _clause_ends(sentence) if least <= at <= len(sentence) - least]
    if not cuts:
        return None
    at, _ = min(cuts, key=lambda cut: abs(2 * cut[0] / len(sentence) - 1) + cut[1])
    return sentence[:at], sentence[at:]


def _clause_ends(sentence: str) -> list[tuple[int, float]]:
    """Where each clause ends, the space after it included, and what a cut there costs."""
    found = ((match.end(), _COSTS[match.lastgroup or ""]) for match in _CLAUSE_END.finditer(sentence))
    return [(at, cost) for at, cost in found if 0 < at < len(sentence)]


def _pieces(sentence: str, limit: int, count_tokens: CountTokens) -> list[_Piece]:
    """The clauses, and of a clause over the limit its words, and of a word over the limit its characters."""
    ends = _clause_ends(sentence)
    places = [0, *(at for at, _ in ends), len(sentence)]
    costs = [*(cost for _, cost in ends), 0.0]
    clauses = [sentence[start:end] for start, end in pairwise(places)]
    pieces = _counted(clauses, costs, count_tokens)
    for cut in (_at(_SAFE_SPACE), _at(_ANY_SPACE)):
        pieces = _cut_long(pieces, limit, cut, count_tokens)
    while any(piece.tokens > limit and len(piece.text) > 1 for piece in pieces):
        pieces = _cut_long(pieces, limit, _in_chunks(limit), count_tokens)
    return pieces


def _counted(texts: Sequence[str], costs: Sequence[float], count_tokens: CountTokens) -> list[_Piece]:
    counts = count_tokens(texts) if texts else []
    return [_Piece(*piece) for piece in zip(texts, counts, costs, strict=True)]


def _cut_long(
    pieces: Sequence[_Piece], limit: int, cut: Callable[[_Piece], list[str]], count_tokens: CountTokens
) -> list[_Piece]:
    """The pieces, with those over the limit cut up; all their parts are counted in one call."""
    cuts = [cut(piece) if piece.tokens > limit else [] for piece in pieces]
    texts = [text for cut_up in cuts for text in cut_up]
    counted = iter(_counted(texts, [_COST_IN_CLAUSE] * len(texts), count_tokens))
    found: list[_Piece] = []
    for piece, cut_up in zip(pieces, cuts, strict=True):
        if not cut_up:
            found.append(piece)
            continue
        grains = _grains([next(counted) for _ in cut_up], limit * _GRAIN)
        found += [*grains[:-1], _Piece(grains[-1].text, grains[-1].tokens, piece.cost)]
    return found


def _grains(words: Sequence[_Piece], size: float) -> list[_Piece]:
    """Neighbours together up to ``size`` tokens."""
    grains: list[list[_Piece]] = []
    room = 0.0
    for word in words:
        if not grains or word.tokens > room:
            grains.append([])
            room = size
        grains[-1].append(word)
        room -= word.tokens
    return [_Piece("".join(w.text for w in g), sum(w.tokens for w in g), _COST_IN_CLAUSE) for g in grains]


def _at(space: re.Pattern[str]) -> Callable[[_Piece], list[str]]:
    def cut(piece: _Piece) -> list[str]:
        ends = [match.end() for match in space.finditer(piece.text)]
        places = [0, *(end for end in ends if end < len(piece.text)), len(piece.text)]
        return [piece.text[start:end] for start, end in pairwise(places)]

    return cut


def _in_chunks(limit: int) -> Callable[[_Piece], list[str]]:
    """Equal lengths in characters; half of what fits on average, as tokens are not spread evenly."""

    def cut(piece: _Piece) -> list[str]:
        length = max(1, int(len(piece.text) * limit / piece.tokens / 2))
        return [piece.text[start : start + length] for start in range(0, len(piece.text), length)]

    return cut


def _fewest(pieces: Sequence[_Piece], room: float, surplus: float) -> list[str]:
    """The cheapest way to put neighbouring pieces together in parts of at most ``room`` tokens.

    A part costs 1, the square of how full it is, and the cut after it: few parts first, then good cuts and even parts.
    """
    best = [0.0]
    starts = [0]
    for end in range(1, len(pieces) + 1):
        tokens, cheapest, cheapest_start = 0.0, float("inf"), end - 1
        for start in range(end - 1, -1, -1):
            tokens += pieces[start].tokens * surplus
            if tokens > room and start < end - 1:
                break
            cost = best[start] + 1 + (tokens / room) ** 2
            if cost < cheapest:
                cheapest, cheapest_start = cost, start
        best.append(cheapest + pieces[end - 1].cost)
        starts.append(cheapest_start)
    parts: list[str] = []
    end = len(pieces)
    while end:
        parts.append("".join(piece.text for piece in pieces[starts[end] : end]))
        end = starts[end]
    return parts[::-1]
