"""One thing that a check found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from depeche.article import MAX_DETAIL_CHARS, MAX_DETAILS, Detail, Flag


class Finding(NamedTuple):
    """What is wrong, and the words that show it, as written; empty where a language has none."""

    flag: Flag
    fr: str = ""
    en: str = ""


def details(found: Iterable[Finding]) -> list[Detail]:
    """What crosses the queue of the findings: those with words, bounded, in order."""
    told = [finding for finding in found if finding.fr or finding.en][:MAX_DETAILS]
    return [Detail(flag=finding.flag, fr=_cut(finding.fr), en=_cut(finding.en)) for finding in told]


def _cut(text: str) -> str:
    return text if len(text) <= MAX_DETAIL_CHARS else f"{text[: MAX_DETAIL_CHARS - 1]}…"
