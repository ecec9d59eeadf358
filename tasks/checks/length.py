"""Is an English sentence as long as one can be that translates all of a French one, and nothing more?"""

from __future__ import annotations

import math
import re

# English characters for each French one, over 17,000 human translations: the median, and how the spread of its
# logarithm shrinks with the length of the French.
_EXPECTED_RATIO = 0.88
_SPREAD_OF_LONG = 0.10
_SPREAD_OF_ONE = 0.95
_MOST_SPREADS = 3.0
#: A translation that lost its closing mark was probably cut off, so less shortness is needed to tell.
_MOST_SPREADS_UNCLOSED = 1.5
#: From here on a translation is short enough to try another one, though many good ones are as short.
_DOUBTFUL_SPREADS = 2.2

_CLOSED = re.compile(r"[.!?…][\"'’”»)\]\s]*$")
#: Of a long text only the end is looked at.
_END = 80


def has_odd_length(source: str, translation: str) -> bool:
    """Whether the English is far too short or too long for its French."""
    if not source.strip():
        return bool(translation.strip())
    spreads = _spreads(source, translation)
    unclosed = bool(_CLOSED.search(source[-_END:])) and not _CLOSED.search(translation[-_END:])
    return spreads > _MOST_SPREADS or -spreads > (_MOST_SPREADS_UNCLOSED if unclosed else _MOST_SPREADS)


def is_doubtfully_short(source: str, translation: str) -> bool:
    """Whether the English is so short that a clause may be missing."""
    return bool(source.strip()) and -_spreads(source, translation) > _DOUBTFUL_SPREADS


def distance(source: str, translation: str) -> float:
    """How far the length is from the expected one, from 0 to 1, for choosing between translations."""
    return min(abs(math.log((len(translation) + 1) / (len(source) + 1) / _EXPECTED_RATIO)), 1.0)


def _spreads(source: str, translation: str) -> float:
    """By how many spreads of human translations the length differs from the expected one; below 0 for a short one."""
    french, english = len(source.strip()), len(translation.strip()) or 1
    return math.log(english / french / _EXPECTED_RATIO) / math.sqrt(_SPREAD_OF_LONG**2 + _SPREAD_OF_ONE / french)
