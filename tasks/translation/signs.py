"""Signs that stand for words, written as those words: for a model whose vocabulary lacks the signs."""

from __future__ import annotations

import re
from collections.abc import Set

from tasks.readable import with_words, worded

#: What a sign of money is read as, in the singular and the plural, and how "of" is joined to it.
_MONEY = {
    "€": ("euro", "euros", "d'"),
    "$": ("dollar", "dollars", "de "),
    "£": ("livre sterling", "livres sterling", "de "),
    "¥": ("yen", "yens", "de "),
    "¢": ("cent", "cents", "de "),
}
_MULTIPLES = {"M": "millions", "Md": "milliards", "Mds": "milliards"}
_FIGURES = r"\d+(?:[ .]\d{3})*(?:,\d+)?"
_WORDS = {
    "%": "pour cent",
    "‰": "pour mille",
    "§": "paragraphe",
    "=": "égale",
    "≠": "différent de",
    "×": "x",
    "÷": "divisé par",
    "№": "numéro",
    "°": "degrés",
}
_WORDS_BEFORE_FIGURES = {
    "+": "plus",
    "±": "plus ou moins",
    "≈": "environ",
    "~": "environ",
    "≥": "au moins",
    "≤": "au plus",
    ">": "plus de",
    "<": "moins de",
}
_NUMERO = re.compile(r"\b[nN][°º]\s?")
_FRACTION_AFTER_FIGURE = re.compile("(?<=[0-9])(?=[¼½¾⅓⅔⅛])")
_LONE_AND = re.compile(r"(?<!\S)&(?!\S)")
#: Inclusive spelling: "étudiant·e·s" is read as "étudiants", as English does not tell the two apart.
_INCLUSIVE = re.compile(
    r"(?<=[^\W\d_]{2})·(?:e|ne|te|le|fe|ve|se|esse|euse|ère|rice|trice)?(?P<many>·?s)?(?![^\W_])", re.IGNORECASE
)


def spelt_out(french: str, lacking: Set[str]) -> str:
    """A normalised sentence with words for those of the signs in ``lacking`` that stand for words.

    ``12 M€`` becomes ``12 millions d'euros``, ``≥ 18 ans`` ``au moins 18 ans`` and ``n° 3`` ``numéro 3``.
    """
    # They look the same, and English has no use for the difference.
    french = french.translate({ord(hyphen): "-" for hyphen in lacking & set("‐‑")})
    for sign in sorted(lacking & _MONEY.keys()):
        french = _money(french, sign)
    if lacking & set("°º"):
        french = _NUMERO.sub("numéro ", french)
    if "·" in lacking:
        french = _INCLUSIVE.sub(_inclusive, french)
    if lacking & set("¼½¾⅓⅔⅛"):
        french = _FRACTION_AFTER_FIGURE.sub(" ", french)
    if "&" in lacking:
        french = _LONE_AND.sub("et", french)
    return with_words(french, lacking, _WORDS, _WORDS_BEFORE_FIGURES)


def _money(french: str, sign: str) -> str:
    one, many, of = _MONEY[sign]
    mark = re.escape(sign)
    # "€12" is written so too.
    french = re.sub(rf"(?<![\d ]){mark}\s?({_FIGURES})", rf"\1 {sign}", french)
    french = re.sub(rf"(?<!\d) {mark}\s?({_FIGURES})", rf" \1 {sign}", french)
    french = re.sub(rf"(?<![\d,])(\d+)\s?[kK]\s?{mark}", rf"\1 000 {many}", french)
    french = re.sub(rf"(?<=\d)\s?(Mds?|M)\s?{mark}", lambda m: f" {_MULTIPLES[m[1]]} {of}{many}", french)
    french = re.sub(rf"(?<![\d,.])(?<!\d )([01])\s?{mark}", rf"\1 {one}", french)
    return worded(worded(french, rf"(?<=\d)\s*{mark}", many), mark, one)


def _inclusive(ending: re.Match[str]) -> str:
    return "s" if ending["many"] and ending.string[ending.start() - 1] not in "sxz" else ""
