"""Minus signs before numbers, in all their spellings: ``-12``, ``−12``, ``moins 12``, ``12 degrees below zero``.

A dash that joins or parts has no sign: scores (3-1), ranges (10-12), numbers of articles (L. 121-3), lists.
"""

from __future__ import annotations

import re

from tasks.checks.units import Units

#: Hyphens and minus signs are one character here: see ``numbers``.
_DASH = re.compile(r"(?:^|[\s(\[\"«:=/,;])(?P<dash>[-–—] ?)[$£€]?$")
_LIST = re.compile(r"\s*[-–—] [$£€]?$")
_RANGE_BEFORE = re.compile(r"\d\s*[%€$£]?\s+[-–—] ?$")
_RANGE_AFTER = re.compile(r"\s?[-–—]\s?\d")
_MINUS = re.compile(
    r"(?<![^\W_])(?<!\bau )(?<!\bdu )(?<!\bou )(?<!\bplus )(?<!heures )(?<!heure )(?<!\bh )(?<!\d )"
    r"(?P<minus>moins|minus|negative) [$£€]?$",
    re.IGNORECASE,
)
_BELOW_ZERO = re.compile(
    r"\s?(?:°|degr[^\W\d_]+)?\s?[CF]?(?:elsius|ahrenheit)?,? "
    r"(?:below (?:zero|freezing)|sous (?:le )?(?:zéro|0)|(?:au-|en )dessous de (?:zéro|0))",
    re.IGNORECASE,
)
#: Beside what these count a dash may stand with a space, or be a long one.
_SIGNED = frozenset({"percent", "temperature-celsius", "temperature-fahrenheit", "point"})
#: Words of less: where one stands near, a fall of 3 % and -3 % are the same.
_LESS = re.compile(
    r"\b(?:moins|minus|negative|négati\w+|sous|below|under|baiss\w+|recul\w*|chut\w+|perd\w*|pert\w+|repli\w*|diminu\w+"
    r"|réduc\w+|rédui\w+|déficit\w*|inférieur\w*|décl\w+|régress\w+|contract\w+|rabais|remises?|retard\w*|dévaluat\w+|cédé"
    r"|cède|abandonn\w+|lâch\w+|fall\w*|fell|drop\w*|declin\w+|decreas\w+|los[ets]\w*|losing|loss\w*|down\w*|lower\w*|less"
    r"|cut\w*|reduc\w+|shr[aiu]nk\w*|deficit\w*|slump\w*|slid\w*|slip\w*|plung\w+|contraction|discount|minor|young\w*|deep"
    r"|depth|shed\w*|behind|off|subtract\w*)\b",
    re.IGNORECASE,
)
_NEAR = 60


def sign_before(text: str, start: int, before: str, units: Units, end: int) -> str:
    """The text of a minus sign before a number in digits, which has ``units``; empty where there is none."""
    dash = _DASH.search(before)
    if not dash:
        return sign_in_words(text, before, end)
    if _RANGE_BEFORE.search(before) or _RANGE_AFTER.match(text, end):
        return ""
    is_long = not dash["dash"].startswith("-")
    if len(dash["dash"]) > 1 and (start - len(dash[0]) <= 0 or not units & _SIGNED):
        return ""
    if is_long and not units & _SIGNED and re.search(r"[^\W\d_]", text[:start] + text[end:]):
        return ""
    return dash["dash"]


def sign_in_words(text: str, before: str, end: int) -> str:
    """The text of "moins" or "minus" before a number, or a space where it is so many degrees below zero."""
    if _BELOW_ZERO.match(text, end):
        return " "
    minus = _MINUS.search(before)
    return minus["minus"] + " " if minus else ""


def says_less(text: str, start: int) -> bool:
    """Whether a word near ``start`` says that something is less, so that a number there needs no sign."""
    return bool(_LESS.search(text[max(0, start - _NEAR) : start + _NEAR]))
