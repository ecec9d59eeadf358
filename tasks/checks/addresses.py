"""Addresses, placeholders, code, hashtags and mentions, which no translation changes."""

from __future__ import annotations

from tasks.protected import spans


def changed_addresses(french: str, english: str) -> list[str]:
    """The protected spans of ``french`` that are not in ``english`` as they stand, each once; emoji may go."""
    found = dict.fromkeys(french[span.start : span.end] for span in spans(french) if span.kind != "emoji")
    return [address for address in found if address not in english]
