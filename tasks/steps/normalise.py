"""One spelling for what translation models stumble over, and a typographic one for what they give.

Models were trained on plain text; guillemets with narrow no-break spaces, zero-width marks and bidirectional controls
cost them words. What the reader sees of the source is not changed: this is only what the model is given. What it gives
is plain as well, and gets the quotation marks, apostrophes and spaces of an English book.
"""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")
#: Thousands parted by spaces or full stops, and one or two decimals after a comma: three could be thousands in English.
_FRENCH_NUMBER = re.compile(
    r"(?<![\d.,])(?:(?P<whole>\d{1,3}(?:[ .]\d{3})+|\d+))(?:,(?P<decimals>\d{1,2}))?(?!\d|[.,]\d)"
)
#: The number after these names a company, a line or a file, and counts nothing.
_NAMES_BY_NUMBER = re.compile(r"\b(?:siren|siret|rcs|tél|téléphone|n°|numéro)(?!\w)[\s.:]*(?:\w+\s)?$", re.IGNORECASE)
_NUMBER_AFTER = re.compile(r" (?:et|ou) (\d+)(?![\d.,])")
_OPENING_QUOTE = re.compile(r"[«“„]\s*")
_CLOSING_QUOTE = re.compile(r"\s*[»”]")
_APOSTROPHES = str.maketrans("’‘‛ʼ", "''''")

#: Before a time of day; the same words may stand before a length of time.
_BEFORE = r"\b(?:à|vers|dès|jusqu'à|entre|avant|de(?=\s\d+\s?h\sà\s))\s"
_HOUR = r"(?<![\w.,:/])(?P<hour>[01]?\d|2[0-4])\s?h"
_MINUTES = r"(?:\s?(?:min(?:utes?)?|mn)\b)"
_HOURS = rf"(?<![\w.,:/])\d+(?:,\d+)?\s?h(?:\s?\d\d{_MINUTES}?)?(?![^\W_])"
_SPAN = rf"{_HOURS}(?:\s(?:à|et|ou)\s{_HOURS})?"
#: "2 h 30" is a length of time after the first of these and before the second; everywhere else a time of day.
_LASTS = (
    r"(?:\b(?:en|pendant|durant|environ|dur\w+(?:\s(?:de|entre|jusqu'à))?|soit|après|toutes les|moins de|plus de"
    r"|près de|bout de|de(?!\s\d+\s?h[\s\d]*\sà\s))\s|[(\[]\s?)"
)
_OF_DAY = r"(?:matin|soir|l'après-midi|la nuit|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche)\b"
_LASTED = rf"(?=\s(?:d(?:u|es?)\s(?!{_OF_DAY})|d'|(?:en|par|plus|avant|après|près)\b|à\s(?:pied|vélo|cheval)\b))"
_LENGTH = rf"(?P<length>{_LASTS}{_SPAN}|(?:{_BEFORE})?{_SPAN}{_LASTED})"
_CLOCK_TIME = re.compile(rf"{_LENGTH}|{_HOUR}\s?(?P<minute>[0-5]\d)(?!\d|[.,]\d){_MINUTES}?", re.IGNORECASE)
_FULL_HOUR = re.compile(rf"{_LENGTH}|(?P<before>{_BEFORE}){_HOUR}(?![^\W_]|/|\s?\d)", re.IGNORECASE)

#: The dot stays where it ends the sentence as well.
_HALF_OF_24_HOURS = re.compile(r"(?<=\b(?:1[3-9]|2[0-3]):\d\d)\s?[ap](?:m\b|\.m(?=\.[\"'”’]?$)|\.m\.)", re.IGNORECASE)

_GUILLEMETS = str.maketrans({"«": "“", "»": "”", "„": "“", "‹": "‘", "›": "’"})
_SPACE_AFTER_OPENING = re.compile(r"(?<=[“‘])\s+")
_SPACE_BEFORE_CLOSING = re.compile(r"(?<!\s)\s+(?=”)")
#: Three dots may begin what follows, and stay where they are.
_SPACE_BEFORE_MARK = re.compile(r"(?<=\S)\s+(?=(?!\.\.)[.,;:!?]+(?:[\s\"'”’)\]]|$))|(?<=\d)\s+(?=%)")
_BETWEEN_FIGURES = re.compile(r"\d\s+:\s+\d")
_QUOTE = re.compile("[\"'“”‘’]")
_OPENS_QUOTE = re.compile(r"(?:^|[\s(\[{“‘–—/-])$")
_OPENS_BEFORE_WORD = re.compile(r"[:=]$")
#: No apostrophe of "rock 'n' roll".
_CLOSING_SINGLE = re.compile(r"(?<=[\w.,;:!?])(?<!['’]n)['’](?![^\W_])", re.IGNORECASE)
#: A word with its beginning cut off, or a decade: the mark is an apostrophe.
_CUT_WORD = re.compile(r"(?:tis|twas|twere|em|til|n|\d\ds?|(?P<word>cause|till|bout|round))(?![^\W_])", re.IGNORECASE)
#: Feet and inches, or minutes and seconds: 6'2", 12". A year is neither.
_FEET_OR_INCHES = re.compile(r"(?<!\d)(?<!\d,)\d{1,3}\s?$")
_LONGEST_BEFORE = 8
#: Characters looked at for the closing mark, so that the time grows with the length and no faster.
_LONGEST_QUOTED = 200


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


def has_letters(text: str) -> bool:
    """Whether there is anything to translate: at least one letter of any alphabet."""
    return any(c.isalpha() for c in text)


def english_numbers(english: str, source: str) -> str:
    """Numbers that a model copied from the French in their French form, in their English one.

    ``8,4`` becomes ``8.4``, ``12 000`` and ``100.000`` get a comma. Only forms that stand in the French, normalised,
    are touched, so nothing that the model wrote by itself is read in a second way, and none that counts nothing, such
    as a telephone number or a network address. Of ``18:30 p.m.`` the ``p.m.`` goes.
    """
    french = {match[0] for match in _FRENCH_NUMBER.finditer(source) if _counts(match)}
    english = _HALF_OF_24_HOURS.sub("", english)
    return _FRENCH_NUMBER.sub(lambda match: _anglicise(match) if match[0] in french else match[0], english)


def clock_times(french: str) -> str:
    """A normalised sentence with its times of day as models know them.

    ``8 h 46`` becomes ``8:46``, ``18h30`` ``18:30`` and ``à 18 h`` ``à 18:00``. Lengths of time (``en 2 h 30``, ``à 3 h
    de route``) and what may be one (``35 h``, ``(2 h 10)``) stay.
    """
    text = _CLOCK_TIME.sub(lambda m: m["length"] or f"{m['hour']}:{m['minute']}", french)
    return _FULL_HOUR.sub(lambda m: m["length"] or f"{m['before']}{m['hour']}:00", text)


def typographic(english: str) -> str:
    """English with typographic quotation marks and apostrophes, and no space before its marks.

    Every mark is judged by its neighbours, so that a sentence may have the opening or the closing mark alone, as one of
    several in a quotation. Feet and inches keep their straight marks. Doing it twice changes nothing more.
    """
    text = english.translate(_GUILLEMETS)
    text = _SPACE_BEFORE_MARK.sub(
        lambda m: m[0] if _is_between_figures(text, m) or _ends_address(text, m) else "", text
    )
    text = _curled(text.replace("''", '"'))
    return _SPACE_BEFORE_CLOSING.sub("", _SPACE_AFTER_OPENING.sub("", text))


def _is_between_figures(text: str, space: re.Match[str]) -> bool:
    return bool(_BETWEEN_FIGURES.match(text, max(0, space.start() - 1)))


def _ends_address(text: str, space: re.Match[str]) -> bool:
    """Whether a mark without its space would be taken for the end of a web address."""
    return text.find("://", text.rfind(" ", 0, space.start()) + 1, space.start()) >= 0


def _curled(text: str) -> str:
    result: list[str] = []
    is_open = {'"': False, "'": False}
    end = 0
    for match in _QUOTE.finditer(text):
        result.append(text[end : match.start()])
        end = match.end()
        result.append(_curl(match[0], "".join(result[-2:])[-_LONGEST_BEFORE:], text[end:], is_open))
    return "".join([*result, text[end:]])


def _curl(mark: str, before: str, after: str, is_open: dict[str, bool]) -> str:
    """The typographic form of one mark; ``is_open`` remembers which quotations have begun."""
    starts = bool(_OPENS_QUOTE.search(before) or (_OPENS_BEFORE_WORD.search(before) and after[:1].isalnum()))
    is_apostrophe = mark in "'’" and starts and _is_apostrophe(after)
    if mark not in is_open:
        if not is_apostrophe:
            is_open["'" if mark in "‘’" else '"'] = mark in "“‘"
        return mark
    if not is_open[mark] and _FEET_OR_INCHES.search(before) and not (mark == "'" and after.startswith("s")):
        return mark
    if is_apostrophe:
        return "’"
    if starts and (not after or after[0].isspace()):
        # Between two spaces it shows no side: it opens where none is open and one follows that can close.
        starts = not is_open[mark] and mark in after
    is_open[mark] = starts
    return {'"': "”“", "'": "’‘"}[mark][starts]


def _is_apostrophe(after: str) -> bool:
    """Whether a mark before ``after`` stands for a cut beginning: ``'Tis``, but not ``'Cause and effect'``."""
    cut = _CUT_WORD.match(after)
    return cut is not None and not (cut["word"] and _CLOSING_SINGLE.search(after[:_LONGEST_QUOTED]))


def _counts(number: re.Match[str]) -> bool:
    """Whether a French number is a quantity, as far as its form and its neighbours show."""
    whole, decimals, before = number["whole"], number["decimals"], number.string[: number.start()]
    if not whole.isdigit():
        is_address = (" " in whole and "." in whole) or whole.count(".") > 2
        return not (is_address or whole.startswith("0") or _NAMES_BY_NUMBER.search(before))
    after = _NUMBER_AFTER.match(number.string, number.end())
    if not decimals or not after or before.endswith("entre "):
        return True
    # "1,2 et 3" lists three numbers.
    return [whole, after[1]] != [str(int(decimals) - 1), str(int(decimals) + 1)]


def _anglicise(number: re.Match[str]) -> str:
    whole = re.sub("[ .]", ",", number["whole"])
    return f"{whole}.{number['decimals']}" if number["decimals"] else whole


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs")
