"""Sentence pairs: read, cleaned by rules that are counted, and held apart from the sets that judge the result."""

from __future__ import annotations

import gzip
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sacrebleu.metrics.chrf import CHRF

from tasks.checks import numbers_agree
from tasks.normalise import for_model, has_letters
from training.recipe import ORIGINS, Origin, PairRules

_WORD = re.compile(r"[^\W_]+")
#: UTF-8 read as Latin-1, and the mark of a byte that could not be read.
_BROKEN = re.compile("Ã[\u0080-\u00bf©¨ª´®]|â€|\ufffd")
_COPY_WORDS = 6
#: A held-out sentence shorter than this may stand anywhere by chance: "Il a raison."
_HELD_OUT_WORDS = 5
_SPAN_WORDS = 12


@dataclass(frozen=True)
class Pair:
    """A French sentence and its English translation, both on one line."""

    fr: str
    en: str
    origin: Origin


def read_pairs(path: Path) -> Iterator[Pair]:
    """The pairs of a table with the columns fr, en, origin, tab-separated: with a heading or none, gzipped or not.

    Raises:
        ValueError: a line has other columns; names the line.
    """
    with (
        gzip.open(path, "rt", encoding="utf-8", newline="\n")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8", newline="\n") as lines
    ):
        for number, line in enumerate(lines, start=1):
            match line.rstrip("\n").split("\t"):
                case ["fr", "en", "origin"] if number == 1:
                    continue
                case [fr, en, origin] if origin in ORIGINS:
                    yield Pair(fr, en, origin)
                case _:
                    raise ValueError(f"{path}, line {number}: expected fr, en and origin ({', '.join(ORIGINS)})")


def load_pairs(paths: Sequence[Path], held_out: Sequence[Path], rules: PairRules) -> list[Pair]:
    """Read and clean the pairs, print what each rule took, and make sure that the held-out sentences are not there."""
    keys = held_out_keys(held_out)
    pairs, counts = clean(itertools.chain.from_iterable(map(read_pairs, paths)), rules, keys)
    for reason, count in counts.most_common():
        print(f"{count:7,} {reason}")
    assert_apart(pairs, held_out)
    return pairs


def clean(pairs: Iterable[Pair], rules: PairRules, held_out: frozenset[str]) -> tuple[list[Pair], Counter[str]]:
    """The pairs worth learning from, spelt as the worker spells them, and how many each rule took away.

    Args:
        held_out: keys of sentences that must not be learnt from (see :func:`held_out_keys`).
    """
    kept: list[Pair] = []
    counts: Counter[str] = Counter()
    seen: set[tuple[str, Origin]] = set()
    for pair in map(_plain, pairs):
        reason = next(_faults(pair, rules, held_out), "")
        if not reason and (_key(pair.fr), pair.origin) in seen:
            reason = "duplicate"
        counts[reason or "kept"] += 1
        if not reason:
            seen.add((_key(pair.fr), pair.origin))
            kept.append(pair)
    agreed = _agreeing(kept, rules.least_agreement)
    counts["human translation far from the machine's"] = len(kept) - len(agreed)
    counts["kept"] = len(agreed)
    return agreed, counts


def held_out_keys(files: Iterable[Path]) -> frozenset[str]:
    """Keys of the sentences of plain text files, a sentence a line, that must stay out of the training."""
    return frozenset(_key(line) for line in _lines(files) if len(_WORD.findall(line)) >= _HELD_OUT_WORDS)


def assert_apart(pairs: Iterable[Pair], held_out: Iterable[Path]) -> None:
    """Refuse pairs that have twelve words in a row with a held-out file, which is more than chance gives.

    Raises:
        ValueError: with the sentence.
    """
    spans = {span for line in _lines(held_out) for span in _spans(line)}
    for pair in pairs:
        for side in (pair.fr, pair.en):
            if not spans.isdisjoint(_spans(side)):
                raise ValueError(f"a training pair has a held-out sentence, or most of it: {side!r}")


def _plain(pair: Pair) -> Pair:
    # Typographic marks would be learnt as noise: one source writes them and the other does not.
    return replace(pair, fr=for_model(pair.fr), en=for_model(pair.en))


def _faults(pair: Pair, rules: PairRules, held_out: frozenset[str]) -> Iterator[str]:
    """The rules that the pair breaks, each asked only after the ones before it."""
    french, english = _WORD.findall(pair.fr.lower()), _WORD.findall(pair.en.lower())
    if not (has_letters(pair.fr) and has_letters(pair.en)):
        yield "no letters"
    if _BROKEN.search(pair.fr + pair.en):
        yield "broken encoding"
    if _key(pair.fr) in held_out or _key(pair.en) in held_out:
        yield "held out"
    if min(len(french), len(english)) < rules.least_words:
        yield "too short"
    if max(len(french), len(english)) > rules.most_words:
        yield "too long"
    if not rules.least_ratio <= len(pair.en) / len(pair.fr) <= rules.most_ratio:
        yield "length ratio"
    if len(english) >= _COPY_WORDS and len(set(english) & set(french)) > rules.most_copied * len(set(english)):
        yield "copy"
    if not numbers_agree(pair.fr, pair.en):
        yield "numbers differ"


def _agreeing(pairs: Sequence[Pair], least: float) -> list[Pair]:
    """The pairs without the human translations that are far from the machine's of the same sentence."""
    machine = {pair.fr: pair.en for pair in pairs if pair.origin == "distilled"}
    chrf = CHRF()

    def far(pair: Pair) -> bool:
        other = machine.get(pair.fr) if pair.origin == "human" else None
        return other is not None and chrf.sentence_score(pair.en, [other]).score < least

    return [pair for pair in pairs if not far(pair)]


def _key(sentence: str) -> str:
    return " ".join(_WORD.findall(sentence.casefold()))


def _spans(sentence: str) -> set[tuple[str, ...]]:
    words = _key(sentence).split()
    return set(zip(*(words[start:] for start in range(_SPAN_WORDS)), strict=False))


def _lines(files: Iterable[Path]) -> Iterator[str]:
    for path in files:
        yield from map(for_model, path.read_text(encoding="utf-8").split("\n"))
