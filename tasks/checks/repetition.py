"""Does an English text go round in loops that its French does not have?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from tasks.checks.words import spans, words

_LONGEST_PERIOD_WORDS = 30
_LONGEST_PERIOD_CHARACTERS = 8
_LONGEST_STUTTER = 5
_LOOPED_CHARACTERS = 16
_SHARE_WORDS = 3
_LARGEST_SHARE = 0.2
_LEAST_COUNT = 4
_TWICE_WORDS = 8
#: "5,000,000" is one word.
_WORD_OR_MARK = re.compile(r"[0-9]+(?:[.,][0-9]+)+|[^\W_]+|[^\w\s'’-]")


def repeated(source: str, translation: str) -> str | None:
    """The words or letters that ``translation`` repeats and ``source`` does not; None where there are none."""
    english = words(translation)
    french: list[str] | None = None
    if looped := _looped_words(english):
        french = words(source)
        if not _looped_words(french):
            return looped
    if (stutter := _stutter(translation)) and not _stutter(source):
        return stutter
    share, phrase = _largest_share(english)
    if share > _LARGEST_SHARE and share > _largest_share(words(source) if french is None else french)[0]:
        return phrase
    if twice := _said_twice(english, _TWICE_WORDS):
        french = words(source) if french is None else french
        if not _said_twice(french, _TWICE_WORDS // 2):
            return twice
    looped = _looped_characters(translation)
    return looped if looped and not _looped_characters(source) else None


def _looped_words(items: Sequence[str]) -> str:
    """A word that stands 4 times in a row, or 2 to 4 words that do 3 times, or 5 and more words twice; or nothing."""
    for period in _periods(items, _LONGEST_PERIOD_WORDS):
        times = 4 if period == 1 else 3 if period < 5 else 2
        length, end = _longest_run(items, period)
        if length >= period * (times - 1):
            return " ".join(items[end - period : end])
    return ""


def _stutter(text: str) -> str:
    """2 to 4 words that stand twice in a row with no mark between that does not stand twice as well; or nothing."""
    items = _WORD_OR_MARK.findall(text.casefold())
    for period in _periods(items, _LONGEST_STUTTER):
        if period > 1:
            length, end = _longest_run(items, period)
            if length >= period:
                return " ".join(items[end - period : end])
    return ""


def _said_twice(items: Sequence[str], length: int) -> str:
    """``length`` words in a row that the text says twice, other words in between or not; or nothing."""
    seen = set()
    for span in spans(items, length):
        if span in seen:
            return " ".join(span)
        seen.add(span)
    return ""


def _looped_characters(text: str) -> str:
    for start in range(0, len(text) - _LONGEST_PERIOD_CHARACTERS, _LONGEST_PERIOD_CHARACTERS):
        block = text[start : start + _LONGEST_PERIOD_CHARACTERS]
        # A loop has a block of eight again at the distance of its period; searching for one is far quicker than
        # comparing every character, and nearly always finds nothing.
        again = text.find(block, start + 1, start + 2 * _LONGEST_PERIOD_CHARACTERS)
        if again >= 0:
            around = text[max(0, start - _LOOPED_CHARACTERS) : again + 2 * _LOOPED_CHARACTERS]
            length, end = _longest_run(around, again - start)
            if length >= _LOOPED_CHARACTERS:
                return around[end - length : end]
    return ""


def _periods(items: Sequence[str], longest: int) -> Iterable[int]:
    """The distances, in order, at which two items in a row come again: only at these can a loop go round."""
    last: dict[tuple[str, str], int] = {}
    distances = set()
    for place, pair in enumerate(pairwise(items)):
        if pair in last and place - last[pair] <= longest:
            distances.add(place - last[pair])
        last[pair] = place
    return sorted(distances)


def _longest_run(items: Sequence[str], period: int) -> tuple[int, int]:
    """The most consecutive items that equal the one ``period`` before them, and where they end."""
    longest = run = end = 0
    for place in range(period, len(items)):
        run = run + 1 if items[place] == items[place - period] else 0
        if run > longest:
            longest, end = run, place + 1
    return longest, end


def _largest_share(items: Sequence[str]) -> tuple[float, str]:
    """The share of the text that its most frequent three words in a row take, if they come often, and these."""
    found = Counter(spans(items, _SHARE_WORDS)).most_common(1)
    if not found or found[0][1] < _LEAST_COUNT:
        return 0.0, ""
    return found[0][1] * _SHARE_WORDS / len(items), " ".join(found[0][0])
