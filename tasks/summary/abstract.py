"""Have a model write the summary of a text of any length: map and reduce.

A text that the model takes whole is summarised at once. A longer one is packed into chunks, each of them is summarised,
and their summaries are the next text, until one chunk holds it: every sentence has been read, and none cut off.
"""

from __future__ import annotations

from collections.abc import Sequence

from tasks.engines import AbstractiveSummariser
from tasks.normalise import for_model, has_letters
from tasks.summary.check import Original
from tasks.summary.chunk import Chunk, Piece, pack
from tasks.summary.english import is_closed, split_sentences, tidy
from tasks.summary.readable_input import ReadableInput

#: A summary, of either kind, has at most one sentence for this many of the text's.
SHARE = 3
#: Shorter ones are labels, cells and headings: they say too little by themselves.
MIN_WORDS = 5
#: Tokens of a summary's sentence: the lengths that distilbart-cnn was tuned for are 56 to 142 for its 3 or 4 sentences.
LEAST_SENTENCE_TOKENS, MOST_SENTENCE_TOKENS = 15, 40
#: A model that is forced to write on when all is said invents: the minimum asks for no more than this part of the text,
#: a third of what a summary may have, as sentences that were put together of two are long.
_MIN_SHARE, _MAX_SHARE = 6, 2
#: A round of summaries must leave less than this part of the text, or there is no end in sight.
_SHRINKING = 0.75


def abstract(
    pieces: Sequence[Piece], engine: AbstractiveSummariser, original: Original, max_sentences: int, attempt: int
) -> list[str]:
    """The finished sentences of a summary, its facts unchecked.

    Args:
        pieces: the English sentences by paragraph.
        engine: the model.
        original: the same text; what stands against it in the summary of a chunk is not carried on.
        max_sentences: the most sentences wanted, at least 1.
        attempt: which decoding.

    Returns:
        At most ``max_sentences``, at most a third as many as the text has, and at most half as long; nothing where
        the text is too short, or the model came to no end.
    """
    plain = [Piece(piece.paragraph, _closed(for_model(piece.text))) for piece in pieces if has_letters(piece.text)]
    prose = [piece.text for piece in plain if len(piece.text.split()) >= MIN_WORDS]
    wanted = min(max_sentences, len(prose) // SHARE)
    if not wanted:
        return []
    raw = _condensed(plain, ReadableInput(engine), original, wanted, attempt)
    return _first(_finished(raw), wanted, sum(map(len, prose)) // _MAX_SHARE)


def _condensed(
    pieces: Sequence[Piece], engine: AbstractiveSummariser, original: Original, wanted: int, attempt: int
) -> str:
    """The model's last word: the raw summary of the text, or of the summaries of its chunks."""
    chunks = pack(pieces, engine)
    while len(chunks) > 1:
        raw = _summaries(chunks, engine, wanted, attempt)
        shorter = [
            Piece(number, sentence)
            for number, summary in enumerate(raw)
            for sentence in _finished(summary)
            if not original.sentence_faults(sentence)
        ]
        size = sum(chunk.tokens for chunk in chunks)
        chunks = pack(shorter, engine)
        if sum(chunk.tokens for chunk in chunks) > _SHRINKING * size:
            return ""
    return _summaries(chunks, engine, wanted, attempt)[0] if chunks else ""


def _summaries(chunks: Sequence[Chunk], engine: AbstractiveSummariser, wanted: int, attempt: int) -> list[str]:
    # One call for all, so that the engine can batch them; they are of about one size.
    tokens = min(chunk.tokens for chunk in chunks)
    sentences = max(len(chunk.pieces) for chunk in chunks)
    wanted = max(1, min(wanted, sentences // (SHARE if len(chunks) > 1 else 1)))
    least = max(1, min(LEAST_SENTENCE_TOKENS * wanted, tokens // _MIN_SHARE))
    most = max(MOST_SENTENCE_TOKENS, min(MOST_SENTENCE_TOKENS * wanted, tokens // _MAX_SHARE))
    return engine.summarise([chunk.text for chunk in chunks], min_tokens=least, max_tokens=most, attempt=attempt)


def _closed(text: str) -> str:
    """With a full stop where there is no mark: a heading would run into the sentence after it."""
    return text if text.rstrip("\"')")[-1:] in tuple(".!?…:;,") else f"{text}."


def _finished(raw: str) -> list[str]:
    """The sentences of a raw summary, without a last one that broke off."""
    sentences = split_sentences(tidy(raw))
    return sentences if not sentences or is_closed(sentences[-1]) else sentences[:-1]


def _first(sentences: Sequence[str], most: int, budget_chars: int) -> list[str]:
    """As many sentences from the front as the bounds allow."""
    kept = list(sentences[:most])
    while sum(map(len, kept)) > budget_chars:
        kept.pop()
    return kept
