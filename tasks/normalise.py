"""One spelling for what translation models stumble over: spaces, quotation marks, apostrophes, letters of other kinds.

Models were trained on plain text. Guillemets with narrow no-break spaces, zero-width marks, the ligatures of a PDF, the
entities of a web page or full-width letters cost them words. What the reader sees of the source is not changed: this is
only what the model is given.
"""

from __future__ import annotations

import html
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
#: A page that was encoded twice has ``&amp;eacute;``: all layers go at once.
_AMPERSANDS = re.compile(r"&(?:amp;|AMP;|#0*38;|#[xX]0*26;)+")
#: With its semicolon alone: ``&copy`` without one may be a part of an address.
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")
#: A word that a typesetter parted at the end of a line.
_PARTED = re.compile("\u00ad\\s+")
#: Letters and digits that stand for plain ones: ligatures, full-width forms, mathematical alphabets, units in one
#: character. Superior figures, fractions and the signs of trade marks mean something by their form, and stay.
_LOOKALIKES = {
    code: unicodedata.normalize("NFKC", chr(code))
    for first, last in ((0xFB00, 0xFB06), (0xFF01, 0xFF5E), (0xFFE0, 0xFFE6), (0x1D400, 0x1D7FF), (0x3380, 0x33DF))
    for code in range(first, last + 1)
} | {ord("℃"): "°C", ord("℉"): "°F", ord("№"): "n°", ord("ℓ"): "l", ord("ŉ"): "'n"}
_JOINER = "\u200d"
_FIRST_TAG, _LAST_TAG = "\U000e0020", "\U000e007f"
#: Most sentences have nothing but these, which need no look at each character.
_PLAIN = re.compile(r"[ -~\u00a1-\u00ac\u00ae-\u02ff«»“”‘’„–—…€ \s]*")
#: Superior letters, as in "XIXᵉ" and "1ᵉʳ", and the plain ones.
SUPERIOR_LETTERS = str.maketrans("ᵉʳˢⁿᵈʰᵗᵐⁱᵃ", "ersndhtmia")
_SUPERIOR = re.compile("[ᵉʳˢⁿᵈʰᵗᵐⁱᵃ]")
#: Letters that Unicode does not take apart, though their accent or the second letter is as good as left out.
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})


def for_model(sentence: str) -> str:
    """``sentence`` on one line, NFC, with plain spaces, straight apostrophes and straight quotation marks.

    Invisible characters (controls, zero-width, bidirectional marks, byte order mark, soft hyphen) go, those that hold
    an emoji together apart. White space of any kind, line ends included, becomes one ordinary space, so the spaces
    inside numbers stay: ``12 000``. A word that was hyphenated at a line end keeps its hyphen, unless it is a soft one.
    HTML entities become what they stand for, and ligatures, full-width and mathematical letters plain ones. Doing it
    twice changes nothing more.
    """
    text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), _AMPERSANDS.sub("&", sentence))
    text = _SPACES.sub(" ", _PARTED.sub("", text))
    if not _PLAIN.fullmatch(text):
        text = "".join(c for place, c in enumerate(text) if not _is_invisible(c) or _holds_emoji(text, place))
        text = text.translate(_LOOKALIKES)
    text = unicodedata.normalize("NFC", text.translate(_APOSTROPHES))
    text = _CLOSING_QUOTE.sub('"', _OPENING_QUOTE.sub('"', text))
    text = _TYPED_QUOTES.sub(lambda quoted: f'"{quoted[1] or quoted[2]}"', text)
    text = _TYPED_CLOSING.sub('"', _TYPED_OPENING.sub('"', text))
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


def _holds_emoji(text: str, place: int) -> bool:
    """Whether an invisible character is a part of an emoji: the joiner of a family, or the letters of a flag."""
    if text[place] == _JOINER:
        before, after = text[place - 1 : place], text[place + 1 : place + 2]
        return bool(before and after) and (_is_pictorial(before) and _is_pictorial(after))
    return _FIRST_TAG <= text[place] <= _LAST_TAG


def _is_pictorial(character: str) -> bool:
    # A skin tone is a modifier symbol, and a variation selector a mark.
    return unicodedata.category(character) in ("So", "Sk", "Mn")
