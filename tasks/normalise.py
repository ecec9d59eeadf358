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
_APOSTROPHES = str.maketrans("’‘‛ʼ", "''''")
#: Superior letters, as in "XIXᵉ" and "1ᵉʳ", and the plain ones.
SUPERIOR_LETTERS = str.maketrans("ᵉʳˢⁿᵈʰᵗᵐⁱᵃ", "ersndhtmia")
_SUPERIOR = re.compile("[ᵉʳˢⁿᵈʰᵗᵐⁱᵃ]")
#: Letters that Unicode does not take apart, though their accent or the second letter is as good as left out.
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})


def for_model(sentence: str) -> str:
    """``sentence`` on one line, NFC, with plain spaces, straight apostrophes and straight quotation marks.

    Invisible characters (controls, zero-width, bidirectional marks, byte order mark, soft hyphen) go. White space of
    any kind, line ends included, becomes one ordinary space, so the spaces inside numbers stay: ``12 000``. A word
    that was hyphenated at a line end keeps its hyphen. Doing it twice changes nothing more.
    """
    text = "".join(c for c in _SPACES.sub(" ", sentence) if not _is_invisible(c))
    text = unicodedata.normalize("NFC", text.translate(_APOSTROPHES))
    text = _CLOSING_QUOTE.sub('"', _OPENING_QUOTE.sub('"', text))
    return _SPACES.sub(" ", text).strip()


def plain_letters(text: str) -> str:
    """With ordinary letters for superior ones: ``XIXᵉ`` becomes ``XIXe``. Every character keeps its place."""
    return text.translate(SUPERIOR_LETTERS) if _SUPERIOR.search(text) else text


def has_letters(text: str) -> bool:
    """Whether there is anything to translate: at least one letter of any alphabet."""
    return any(c.isalpha() for c in text)


def fold(text: str) -> str:
    """Without case and accents: ``Élysée`` becomes ``elysee``, ``Cœur`` ``coeur``."""
    small = text.casefold()
    if small.isascii():
        return small
    plain = unicodedata.normalize("NFKD", small.translate(_LIGATURES))
    return "".join(c for c in plain if not unicodedata.combining(c))


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs")
