"""Writes the list of the base's tokens that the embedded profile keeps.

    python -m training.vocabulary --words fr.txt en.txt --pairs pairs.tsv.gz --out vocabulary.gz

Kept are the special tokens, the bytes, every single character of any script, all tokens that the words of the lists are
made of (as they stand, capitalised and in capitals, at the beginning of a word and within one), those of the pairs, and
those by which the tokenizer comes to them. What text in other scripts has more becomes its single characters, and a
character without a token its bytes. ``--check`` counts the sentences that come out in other tokens than with all.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sentencepiece import SentencePieceProcessor, sentencepiece_model_pb2

from tasks.normalise import for_model
from training.pairs import read_pairs
from worker.models.embedded import base_weights
from worker.models.gemma import open_gemma

_NORMAL, _UNKNOWN, _CONTROL, _USER_DEFINED, _BYTE = 1, 2, 3, 4, 6
#: Places for later versions of Gemma, which no text comes to.
_UNUSED = "<unused"


class Table:
    """The base's table of tokens.

    Attributes:
        pieces: the tokens' spellings, by their ids.
    """

    def __init__(self, pieces: Sequence[str], scores: Sequence[float], kinds: Sequence[int]) -> None:
        self.pieces = pieces
        self._scores = scores
        self._kinds = kinds
        self._ids = {piece: token for token, piece in enumerate(pieces)}

    def always_kept(self) -> set[int]:
        """Special tokens, bytes and single characters."""
        return {
            token
            for token, (piece, kind) in enumerate(zip(self.pieces, self._kinds, strict=True))
            if kind in {_USER_DEFINED, _BYTE}
            or (kind == _CONTROL and not piece.startswith(_UNUSED))
            or (kind == _NORMAL and len(piece) == 1)
        }

    def closed(self, tokens: Iterable[int]) -> set[int]:
        """The tokens with all that the tokenizer joins on its way to them."""
        kept = set(tokens)
        for token in list(kept):
            if self._kinds[token] == _NORMAL:
                kept.update(self._ids[piece] for piece in self._joined(self.pieces[token]))
        return kept

    def _joined(self, piece: str) -> Iterator[str]:
        """What joining the two neighbours with the best score makes, again and again."""
        parts = list(piece)
        while len(parts) > 1:
            pairs = [
                (self._scores[self._ids[a + b]], -at)
                for at, (a, b) in enumerate(itertools.pairwise(parts))
                if a + b in self._ids
            ]
            if not pairs:
                return
            at = -max(pairs)[1]
            parts[at : at + 2] = [parts[at] + parts[at + 1]]
            yield parts[at]


def forms(word: str) -> Iterator[str]:
    """A word as it may stand in a text."""
    for form in (word, word.capitalize(), word.upper()):
        yield form
        yield f" {form}"


def main() -> None:
    """Collect, write and count."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder, base_weights(Path(folder)) as base:
        pieces, table = _whole(base)
    texts = itertools.chain(
        (form for path in options.words for word in path.read_text(encoding="utf-8").split() for form in forms(word)),
        (f" {for_model(text)}" for path in options.pairs for pair in read_pairs(path) for text in (pair.fr, pair.en)),
    )
    used = {token for text in texts for token in pieces.encode(text)}
    kept = sorted(table.closed(used | table.always_kept()))
    content = "\n".join(map(str, kept)).encode()
    # Without a time, so that the same list is the same file.
    options.out.write_bytes(gzip.compress(content, mtime=0))
    print(f"{len(kept):,} of {len(table.pieces):,} tokens, {options.out.stat().st_size:,} bytes")
    for path in options.check:
        lines = [pieces.encode(f" {for_model(line)}") for line in path.read_text(encoding="utf-8").splitlines()]
        # What is closed under the tokenizer's joins comes out the same if all that comes out is there.
        other = sum(not set(kept).issuperset(tokens) for tokens in lines)
        print(f"{path.name}: {other} of {len(lines)} sentences in other tokens ({other / len(lines):.2%})")


def _whole(path: Path) -> tuple[SentencePieceProcessor, Table]:
    """The tokenizer that the base's file describes, and its table."""
    field = open_gemma(path).field
    pieces, scores, kinds = (field(f"tokenizer.ggml.{name}") for name in ("tokens", "scores", "token_type"))
    return SentencePieceProcessor(model_proto=_sentencepiece(pieces, scores, kinds, field)), Table(
        pieces, scores, kinds
    )


def _sentencepiece(
    pieces: Sequence[str], scores: Sequence[float], kinds: Sequence[int], field: Callable[[str], Any]
) -> bytes:
    """The table as a sentencepiece model: byte-pair merges by the tokens' scores, no text changed before."""
    proto: Any = sentencepiece_model_pb2
    unknown = field("tokenizer.ggml.unknown_token_id")
    model = proto.ModelProto(
        trainer_spec=proto.TrainerSpec(
            model_type=proto.TrainerSpec.BPE,
            vocab_size=len(pieces),
            byte_fallback=True,
            unk_id=unknown,
            bos_id=field("tokenizer.ggml.bos_token_id"),
            eos_id=field("tokenizer.ggml.eos_token_id"),
            pad_id=field("tokenizer.ggml.padding_token_id"),
        ),
        normalizer_spec=proto.NormalizerSpec(
            name="identity", add_dummy_prefix=False, remove_extra_whitespaces=False, escape_whitespaces=True
        ),
    )
    for token, (piece, score, kind) in enumerate(zip(pieces, scores, kinds, strict=True)):
        # GGUF numbers the kinds as sentencepiece does, but this file calls the unknown token a control token.
        model.pieces.add(piece=piece, score=score, type=_UNKNOWN if token == unknown else kind)
    content: bytes = model.SerializeToString()
    return content


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--words", type=Path, nargs="+", required=True, help="lists of words, the frequent ones first")
    parser.add_argument("--pairs", type=Path, nargs="*", default=[], help="tables of fr, en, origin")
    parser.add_argument("--check", type=Path, nargs="*", default=[], help="sentences to count, one a line")
    parser.add_argument("--out", type=Path, required=True, help="the list to write")
    return parser.parse_args()


if __name__ == "__main__":
    main()
