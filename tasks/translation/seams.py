"""Joins the translations of the parts of a sentence to one sentence.

A model takes each part for a whole sentence: it begins it with a capital and ends it with a full stop. Between two
parts the French decides instead. Its mark comes back, and a part that begins with a small letter in French does so in
English.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tasks.checks.names import is_exonym, is_form_of

_END = re.compile(r"(?<!\s)\s*+(?P<mark>\.\.\.|[;:,.!?…–—]|(?<=\s)-)?\s*+(?P<closing>[\"'’”»)\]]*+)\s*+$")
#: What follows belongs to this bracket or quotation. The model may have put its full stop behind it.
_OPENING = re.compile(r"(?:^|\s)[\"“«(\[]+\s*\.?\s*$")
#: Characters looked at for any of these: more than the marks of an end and an abbreviation need.
_LONGEST_END = 100
_ENDS_SENTENCE = (".", "...", "…", "!", "?")
_DASHES = ("-", "–", "—")
_QUOTES = ('"', "”", "’", "'")
#: Abbreviations. Their full stop stays, whatever follows.
_ABBREVIATION = re.compile(r"\b(?:(?:[A-Za-z]\.)+[A-Za-z]|Mr|Mrs|Ms|Dr|St|Inc|Co|Corp|Ltd|Jr|Sr|etc|vs|No)$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"[^\W_]+")
#: In how many French words an adjective is looked for that English writes with a capital: "français et allemands".
_FIRST_WORDS = 3
_ALWAYS_CAPITAL = frozenset(
    """
    I Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August
    September October November December God
    """.split()
)


def join(parts: Sequence[tuple[str, str]]) -> str:
    """One English sentence, made of its parts.

    Args:
        parts: the French of each part, with the space after it if there is one, and its English.
    """
    if len(parts) == 1:
        return parts[0][1]
    text = ""
    for number, (french, english) in enumerate(parts):
        piece = _small(english.strip(), french) if number else english.strip()
        if number < len(parts) - 1:
            piece = _before_next(french, piece)
        text += piece
    return text


def _before_next(french: str, english: str) -> str:
    """``english`` in a form that another part can follow: with the mark of ``french`` and the space after it."""
    opening = _at_end(_OPENING, french)
    if not opening:
        return _ended_like(french, english) + (" " if french[-1:].isspace() else "")
    if _at_end(_OPENING, english):
        return english.rstrip(" .")
    return _ended_like(french[: opening.start()], english) + " "


def _ended_like(french: str, english: str) -> str:
    """``english`` with the mark with which ``french`` ends, and without a mark if it has none."""
    ours, theirs = _at_end(_END, french), _at_end(_END, english)
    if not ours or not theirs or not theirs.start():
        return english
    mark, found, closing = ours["mark"] or "", theirs["mark"] or "", theirs["closing"]
    body = english[: theirs.start()]
    if found == mark or (found in _ENDS_SENTENCE and (mark in _ENDS_SENTENCE or (found != "." and closing))):
        return english
    if found == "." and _at_end(_ABBREVIATION, body):
        body += "."
    elif not mark and found in _ENDS_SENTENCE[1:]:
        return english
    if mark == "," and closing.startswith(_QUOTES):
        return f"{body},{closing}"
    return f"{body}{closing}{' ' if mark in _DASHES else ''}{mark}"


def _at_end(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """What a pattern that ends with the text finds there, in time that grows with the length and no faster."""
    return pattern.search(text, max(0, len(text.rstrip()) - _LONGEST_END))


def _small(english: str, french: str) -> str:
    """``english`` with a small first letter if ``french`` has one, unless it begins with a name or the like.

    In doubt the letter becomes small, as a part that begins small in French seldom begins with a name in English.
    """
    word, theirs = _FIRST_WORD.search(english), _FIRST_WORD.search(french)
    if not word or not theirs or not theirs[0][0].islower() or _keeps_capital(word[0], french):
        return english
    return english[: word.start()] + word[0][0].lower() + english[word.start() + 1 :]


def _keeps_capital(word: str, french: str) -> bool:
    if word in _ALWAYS_CAPITAL or (not word[1:].islower() and len(word) > 1):
        return True
    words = _WORD.findall(french)
    names = (name for name in words if name[0].isupper() and len(name) > 1)
    return any(is_form_of(name, word) for name in names) or any(is_exonym(w, word) for w in words[:_FIRST_WORDS])
