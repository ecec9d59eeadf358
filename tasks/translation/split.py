"""Cuts a sentence that is too long for the model, where this does the least harm; ``seams`` joins the translations.

A cut after a strong mark (semicolon, colon, dash) costs nothing. A cut after a comma or before a conjunction costs a
little, and one between two words of a clause costs a lot. Every step works on all pieces at once. So the model's
tokenizer is asked only a few times for each sentence, and the time grows in proportion to the length.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

#: Gives the length of each text in the model's tokens, in order.
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
#: What a cut costs, besides one more part, which costs 1.
_COSTS = {"strong": 0.0, "turn": 0.15, "comma": 0.3, "conjunction": 0.4, "relative": 0.5}
_COST_IN_CLAUSE = 1.5
#: A space where a cut divides neither a number from its thousands nor a mark from its word.
_SAFE_SPACE = re.compile(r"(?<![«“\d]) +(?![;:!?»”%€])|(?<=\d) +(?![\d;:!?»”%€])")
_ANY_SPACE = re.compile(" +")
#: The words of a clause that is too long are joined up to this share of the limit. The parts can then still be even,
#: and there are few pieces to choose from.
_GRAIN = 1 / 16
_SHRINK = 0.9
#: A shorter half of a sentence says too little to be translated alone.
_LEAST_HALF_CHARS = 25
_LEAST_HALF_SHARE = 0.25


@dataclass(frozen=True)
class _Piece:
    """What stands between two places where the sentence may be cut.

    Attributes:
        text: the piece, with the space after it.
        tokens: its length.
        cost: what a cut at its end costs.
    """

    text: str
    tokens: float
    cost: float


def split_to_fit(sentence: str, limit: int, count_tokens: CountTokens) -> list[str]:
    """Cut a sentence into parts of at most ``limit`` tokens, as few and as even as its clauses allow.

    Args:
        sentence: one line, with plain spaces.
        limit: the most tokens of a part, at least 1.
        count_tokens: counts the model's tokens.

    Returns:
        The parts in order, each with the space after it. Together they are exactly the sentence.
    """
    (total,) = count_tokens([sentence])
    if total <= limit:
        return [sentence]
    pieces = _pieces(sentence, limit, count_tokens)
    # Counted alone, pieces may have more tokens than within their sentence, as engines add marks of their own to each.
    surplus = total / max(sum(piece.tokens for piece in pieces), 1)
    room = float(limit)
    while True:
        parts = _fewest(pieces, room, min(surplus, 1.0))
        if len(parts) == len(pieces) or all(count <= limit for count in count_tokens(parts)):
            return parts
        room *= _SHRINK


def halves(sentence: str) -> tuple[str, str] | None:
    """Cut a sentence in two at the end of a clause near its middle; None if a half would be too short.

    The first half keeps the space after it.
    """
    least = max(_LEAST_HALF_CHARS, _LEAST_HALF_SHARE * len(sentence))
    cuts = [(at, cost) for at, cost in _clause_ends(sentence) if least <= at <= len(sentence) - least]
    if not cuts:
        return None
    at, _ = min(cuts, key=lambda cut: abs(2 * cut[0] / len(sentence) - 1) + cut[1])
    return sentence[:at], sentence[at:]


def _clause_ends(sentence: str) -> list[tuple[int, float]]:
    """Where each clause ends, with the space after it, and what a cut there costs."""
    found = ((match.end(), _COSTS[match.lastgroup or ""]) for match in _CLAUSE_END.finditer(sentence))
    return [(at, cost) for at, cost in found if 0 < at < len(sentence)]


def _pieces(sentence: str, limit: int, count_tokens: CountTokens) -> list[_Piece]:
    """The clauses. A clause over the limit is cut into words, and a word over the limit into characters."""
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
    """The pieces, of which those over the limit are cut up. All their parts are counted in one call."""
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
    """Join neighbouring words up to ``size`` tokens."""
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
    """Cut into chunks of equal length. They have half of what fits on average, as some characters take more tokens."""

    def cut(piece: _Piece) -> list[str]:
        length = max(1, int(len(piece.text) * limit / piece.tokens / 2))
        return [piece.text[start : start + length] for start in range(0, len(piece.text), length)]

    return cut


def _fewest(pieces: Sequence[_Piece], room: float, surplus: float) -> list[str]:
    """The cheapest way to join neighbouring pieces to parts of at most ``room`` tokens.

    The cost of a part is 1, plus the square of how full it is, plus that of the cut after it. So few parts come first,
    and then good cuts and even parts.
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
