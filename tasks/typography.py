"""What a model writes is plain; here it gets the quotation marks, apostrophes and spaces of an English book."""

from __future__ import annotations

import re

_GUILLEMETS = str.maketrans({"«": "“", "»": "”", "„": "“", "‹": "‘", "›": "’"})
_SPACE_AFTER_OPENING = re.compile(r"(?<=[“‘])\s+")
_SPACE_BEFORE_CLOSING = re.compile(r"(?<!\s)\s+(?=”)")
#: Three dots may begin what follows, and stay where they are.
_SPACE_BEFORE_MARK = re.compile(r"(?<=\S)\s+(?=(?!\.\.)[.,;:!?]+(?:[\s\"'”’)\]]|$))|(?<=\d)\s+(?=%)")
_BETWEEN_FIGURES = re.compile(r"\d\s+:\s+\d")
_QUOTE = re.compile("[\"'“”‘’]")
_OPENS_QUOTE = re.compile(r"(?:^|[\s(\[{“‘–—/-])$")
_OPENS_BEFORE_WORD = re.compile(r"[:=]$")
#: No apostrophe of "rock 'n' roll".
_CLOSING_SINGLE = re.compile(r"(?<=[\w.,;:!?])(?<!['’]n)['’](?![^\W_])", re.IGNORECASE)
#: A word with its beginning cut off, or a decade: the mark is an apostrophe.
_CUT_WORD = re.compile(r"(?:tis|twas|twere|em|til|n|\d\ds?|(?P<word>cause|till|bout|round))(?![^\W_])", re.IGNORECASE)
#: Feet and inches, or minutes and seconds: 6'2", 12". A year is neither.
_FEET_OR_INCHES = re.compile(r"(?<!\d)(?<!\d,)\d{1,3}\s?$")
_LONGEST_BEFORE = 8
#: Characters looked at for the closing mark, and for the beginning of an address, so that the time grows with the
#: length and no faster.
_LONGEST_QUOTED, _LONGEST_ADDRESS = 200, 2000


def typographic(english: str) -> str:
    """English with typographic quotation marks and apostrophes, and no space before its marks.

    Every mark is judged by its neighbours, so that a sentence may have the opening or the closing mark alone, as one of
    several in a quotation. Feet and inches keep their straight marks. Doing it twice changes nothing more.
    """
    text = english.translate(_GUILLEMETS)
    text = _SPACE_BEFORE_MARK.sub(
        lambda m: m[0] if _is_between_figures(text, m) or _ends_address(text, m) else "", text
    )
    text = _curled(text.replace("''", '"'))
    return _SPACE_BEFORE_CLOSING.sub("", _SPACE_AFTER_OPENING.sub("", text))


def _is_between_figures(text: str, space: re.Match[str]) -> bool:
    return bool(_BETWEEN_FIGURES.match(text, max(0, space.start() - 1)))


def _ends_address(text: str, space: re.Match[str]) -> bool:
    """Whether a mark without its space would be taken for the end of a web address."""
    least = max(0, space.start() - _LONGEST_ADDRESS)
    return text.find("://", text.rfind(" ", least, space.start()) + 1 or least, space.start()) >= 0


def _curled(text: str) -> str:
    result: list[str] = []
    is_open = {'"': False, "'": False}
    end = 0
    last = {mark: text.rfind(mark) for mark in is_open}
    for match in _QUOTE.finditer(text):
        result.append(text[end : match.start()])
        end = match.end()
        before, after = "".join(result[-2:])[-_LONGEST_BEFORE:], text[end : end + _LONGEST_QUOTED]
        result.append(_curl(match[0], before, after, is_open, comes_again=last.get(match[0], -1) >= end))
    return "".join([*result, text[end:]])


def _curl(mark: str, before: str, after: str, is_open: dict[str, bool], *, comes_again: bool) -> str:
    """The typographic form of one mark; ``is_open`` remembers which quotations have begun."""
    starts = bool(_OPENS_QUOTE.search(before) or (_OPENS_BEFORE_WORD.search(before) and after[:1].isalnum()))
    is_apostrophe = mark in "'’" and starts and _is_apostrophe(after)
    if mark not in is_open:
        if not is_apostrophe:
            is_open["'" if mark in "‘’" else '"'] = mark in "“‘"
        return mark
    if not is_open[mark] and _FEET_OR_INCHES.search(before) and not (mark == "'" and after.startswith("s")):
        return mark
    if is_apostrophe:
        return "’"
    if starts and (not after or after[0].isspace()):
        # Between two spaces it shows no side: it opens where none is open and one follows that can close.
        starts = not is_open[mark] and comes_again
    is_open[mark] = starts
    return {'"': "”“", "'": "’‘"}[mark][starts]


def _is_apostrophe(after: str) -> bool:
    """Whether a mark before ``after`` stands for a cut beginning: ``'Tis``, but not ``'Cause and effect'``."""
    cut = _CUT_WORD.match(after)
    return cut is not None and not (cut["word"] and _CLOSING_SINGLE.search(after))
