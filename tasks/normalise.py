"""One spelling for what translation models stumble over: spaces, quotation marks, apostrophes, invisible characters.

Models were trained on plain text; guillemets with narrow no-break spaces, zero-width marks and bidirectional controls
cost them words. What the reader sees of the source is not changed: this is only what the model is given.
"""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_OPENING_QUOTE = re.compile(r"[«“„]\s*")
_CLOSING_QUOTE = re.compile(r"\s*[»”]")
#: Quotation marks as they are typed in a hurry, in either direction; a lone ``>>`` before more text is an arrow.
_TYPED_QUOTES = re.compile(r"<<\s*([^<>]*[^<>\s])\s*>>|>>\s*([^<>]*[^<>\s])\s*<<")
_TYPED_OPENING = re.compile(r"(?<!\S)<<\s*(?=\w)")
_TYPED_CLOSING = re.compile(r"(?<=[^\s<>])\s*>>(?=\s*(?:[.,;:!?]|$))")
_APOSTROPHES = str.maketrans("’‘‛ʼ", "''''")


def for_model(sentence: str) -> str:
    """``sentence`` on one line, NFC, with plain spaces, straight apostrophes and straight quotation marks.

    Invisible characters (controls, zero-width, bidirectional marks, byte order mark, soft hyphen) go. White space of
    any kind, line ends included, becomes one ordinary space, so the spaces inside numbers stay: ``12 000``. A word
    that was hyphenated at a line end keeps its hyphen. Doing it twice changes nothing more.
    """
    text = "".join(c for c in _SPACES.sub(" ", sentence) if not _is_invisible(c))
    text = unicodedata.normalize("NFC", text.translate(_APOSTROPHES))
    text = _CLOSING_QUOTE.sub('"', _OPENING_QUOTE.sub('"', text))
    text = _TYPED_QUOTES.sub(lambda quoted: f'"{quoted[1] or quoted[2]}"', text)
    text = _TYPED_CLOSING.sub('"', _TYPED_OPENING.sub('"', text))
    return _SPACES.sub(" ", text).strip()


def has_letters(text: str) -> bool:
    """Whether there is anything to translate: at least one letter of any alphabet."""
    return any(c.isalpha() for c in text)


def fold(text: str) -> str:
    """Without case and accents: ``Élysée`` becomes ``elysee``."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs")
