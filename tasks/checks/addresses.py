"""Web and mail addresses, and names of accounts, which no translation changes."""

from __future__ import annotations

import re

_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'«»()\[\]]{3,200}|(?<![\w.@])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}|(?<![\w@&])@\w{2,40}"
)
_MARK_BEHIND = ".,;:!?…"


def lost_addresses(french: str, english: str) -> list[str]:
    """The addresses of ``french`` that are not in ``english``, each once."""
    if "@" not in french and "www." not in french and "://" not in french:
        return []
    found = dict.fromkeys(match.rstrip(_MARK_BEHIND) for match in _ADDRESS.findall(french))
    small = english.lower()
    return [address for address in found if address.lower() not in small]
