"""One thing that a check found."""

from __future__ import annotations

from typing import NamedTuple

from depeche.article import Flag


class Finding(NamedTuple):
    """What is wrong, and the words that show it, as written; empty where a language has none."""

    flag: Flag
    fr: str = ""
    en: str = ""
