"""Was French left standing in an English sentence?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tasks.checks.words import spans, words

#: French function words that English text does not have; those in names and loan words are left out.
_FRENCH = """
à avec avait avoir cet cette ces dans dont elle elles entre est été être il ils je leur leurs lorsque mais même ne nous
où par pas pendant plusieurs pour qu que qui sa sans selon ses soit sont très un une vers vous ainsi après aussi
avant celle celui ceux chez comme depuis deux encore était étaient fait lui moins nos ont peut puis quand quelques sera
seront tous tout toute toutes votre vos siècle siècles
"""
#: Function words that also stand in names ("Tour du Mont", "Val-sur-Mer"): a text that is only copied may have them.
_FRENCH_OF_NAMES = "au aux des du et notre sous sur"
#: Those that are words or names in English too: they count only together with other French ones.
_FRENCH_ANYWHERE = "de la le les l d en ce se s n j"
#: A sentence with one of these was English already, and is right when it is copied.
_ENGLISH = "and are for from have his its not our that the their they this was were will with you"
_NAME_WORDS = frozenset(_FRENCH_OF_NAMES.split() + _FRENCH_ANYWHERE.split())
_FRENCH_WORDS = frozenset(_FRENCH.split() + _FRENCH_OF_NAMES.split())
_WEAK_FRENCH_WORDS = frozenset(_FRENCH_ANYWHERE.split())
_ENGLISH_WORDS = frozenset(_ENGLISH.split())
_COPIED_WORDS = 4
_COPIED_SMALL_WORDS = 3
_LONG_WORD = 4
_FRENCH_SHARE = 0.2
_WORD_OR_MARK = re.compile(r"[^\W_]+|[^\w\s'’-]")
_ACCENT = re.compile("[àâçèéêëîïôùûœ]")
#: Quotations, and phrases that English took over.
_FRENCH_IN_ENGLISH = re.compile(
    r"[\"“«][^\"”»]{1,80}[\"”»]|\b(?:crème de la crème|charg\w+ d.affaires|vis-à-vis|t[êe]te-à-t[êe]te|à la \w+"
    r"|coups? d.[ée]tat|raison d.être|joie de vivre|cause célèbre|déjà vu|fait accompli|(?:savoir|laissez).faire"
    r"|mise en \w+|hors d.œuvres?)\b",
    re.IGNORECASE,
)
#: Ordinals as only French writes them: "XVᵉ", "XIXe siècle", "2ème", "5ᵉ".
_ORDINAL = re.compile(
    r"(?<![^\W_])(?:(?:[IVX]{1,6}|[0-9]{1,3})(?:ᵉʳ?|[èe]mes?|ères?)|[IVX]{2,6}es?|[IVX]{1,6}e siècles?"
    r"|[0-9]{1,3}(?:er?|ers|es)(?= (?:siècle|rang|jour|étage|édition|fois|place)))(?![^\W_])"
)


def french_left(source: str, translation: str) -> str | None:
    """The French that stands in ``translation``; None where there is none that is not right there."""
    english, french = words(translation), words(source)
    if english == french:
        return translation if _is_plain_french(translation) else None
    strong = [word for word in english if word in _FRENCH_WORDS]
    if len(strong) > 1:
        weak = sum(word in _WEAK_FRENCH_WORDS for word in english)
        if len(strong) + weak > _FRENCH_SHARE * len(english):
            return " ".join(strong)
    if strong and (copied := _copied_french(french, english)):
        return copied
    if ordinal := next((o for o in _ORDINAL.findall(translation) if o in source), None):
        return str(ordinal)
    return _copied_words(source, translation, set(french).intersection(english))


def _is_plain_french(copied: str) -> bool:
    """Whether a text that is the same in both languages is more than names and figures, and not English."""
    folded = words(copied)
    french = sum(word in _FRENCH_WORDS or word in _WEAK_FRENCH_WORDS for word in folded)
    if sum(word in _ENGLISH_WORDS for word in folded) > french:
        return False
    if any(word in _FRENCH_WORDS - _NAME_WORDS for word in folded):
        return True
    # Whole words between spaces, so that an address such as "site.fr" is none.
    plain = [word for word in copied.split() if word.islower() and word.isalpha()]
    common = [word for word in plain if len(word) > 2 and word not in _NAME_WORDS]
    return len(common) > 1 or 0 < len(common) < len(plain)


def _copied_french(french: Sequence[str], english: Sequence[str]) -> str:
    """Several French words in a row, function words among them, that stand in the English; or nothing."""
    known = set(spans(french, _COPIED_WORDS))
    for span in spans(english, _COPIED_WORDS):
        if span in known:
            strong = sum(word in _FRENCH_WORDS for word in span)
            if strong and strong + sum(word in _WEAK_FRENCH_WORDS for word in span) > 1:
                return " ".join(span)
    return ""


def _copied_words(source: str, translation: str, common: set[str]) -> str | None:
    """Three small words in a row that stand in both texts and cannot be English; None where there are none.

    One of them is a French function word, or has an accent, or all are long. Titles, names and what stands in quotation
    marks in English may be French: and what begins with a capital is not a small word.
    """
    if not _has_run(translation.casefold(), common):
        return None
    known = set(_small_spans(source))
    for span in _small_spans(_FRENCH_IN_ENGLISH.sub(" | ", translation)):
        if span in known and _cannot_be_english(span):
            return " ".join(span)
    return None


def _has_run(text: str, common: set[str]) -> bool:
    """Whether three words of ``common`` stand in a row: a quick look, as nearly no sentence has such."""
    run = 0
    for word in _WORD_OR_MARK.findall(text):
        if word != ",":
            run = run + 1 if word in common else 0
            if run == _COPIED_SMALL_WORDS:
                return True
    return False


def _small_spans(text: str) -> Iterator[tuple[str, ...]]:
    for span in spans(_WORD_OR_MARK.findall(text.replace(",", "")), _COPIED_SMALL_WORDS):
        if all(word.islower() for word in span):
            yield span


def _cannot_be_english(span: Sequence[str]) -> bool:
    if any(word in _ENGLISH_WORDS for word in span):
        return False
    return any(word in _FRENCH_WORDS - _NAME_WORDS or _ACCENT.search(word) for word in span) or all(
        len(word) >= _LONG_WORD for word in span
    )
