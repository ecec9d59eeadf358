"""A model is tried before it is used: sentences of our own, with names and numbers that must come out right.

Weights may be whole and load without a fault, and still write nonsense: a library changed what it makes of them, a
file is of another training, the model was never taught this language or this task.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from depeche.article import Flag
from tasks.engines import AbstractiveSummariser, LanguageDetector, Translator
from tasks.summary.abstract import abstract
from tasks.summary.article import ATTEMPTS
from tasks.summary.check import Original
from tasks.summary.chunk import Piece
from tasks.translation import translate

#: A short article of ours, its title first.
FRENCH = (
    "À Vallombre, la bibliothèque rouvre après trois ans de travaux",
    "La bibliothèque de Vallombre a rouvert ses portes samedi 14 mars 2026.",
    "Le chantier, commencé en 2023, a coûté 8,4 millions d’euros.",
    "« Nous avons voulu garder les vieux planchers », explique l’architecte Odile Ferrand.",
    "Près de 12 000 livres neufs attendent les lecteurs.",
    "Une salle est réservée aux enfants ; une autre accueille des concerts.",
    "L’inscription reste gratuite pour tous les habitants.",
    "Le maire, Bastien Roumégas, a promis d’ouvrir aussi le dimanche.",
    "Qui paiera les heures supplémentaires ?",
    "La région prend en charge 35 % de la dépense, la ville le reste.",
    "Dès le premier jour, 740 visiteurs sont venus.",
)
#: The same in English, without the title.
ENGLISH = (
    "The Vallombre library reopened its doors on Saturday, March 14, 2026.",
    "The building work, begun in 2023, cost 8.4 million euros.",
    '"We wanted to keep the old floors," explains the architect Odile Ferrand.',
    "Nearly 12,000 new books await readers.",
    "One room is reserved for children; another hosts concerts.",
    "Membership remains free for all residents.",
    "The mayor, Bastien Roumégas, has promised to open on Sundays too.",
    "Who will pay for the overtime?",
    "The region covers 35% of the expense, the town the rest.",
    "On the very first day, 740 visitors came.",
)
#: What says nothing against a model: it may doubt a word, or lack a character.
_NO_FAILURES = {Flag.LOW_CONFIDENCE, Flag.CHARACTERS_LOST}
_SUMMARY_SENTENCES = 3


@dataclass(frozen=True)
class Trial:
    """How a model did.

    Attributes:
        tried: sentences that it was given.
        failed: those that came out wrong.
        finding: one clause for a person on what was wrong, with an example; empty where nothing was.
        is_passed: whether the model may be used.
    """

    tried: int
    failed: int
    finding: str
    is_passed: bool


def try_translator(translator: Translator, detector: LanguageDetector) -> Trial:
    """Have it translate the article; it passes if most sentences pass their checks and the whole is English.

    Raises:
        ModelUnavailable: the engine failed.
    """
    # Without repairs, as nonsense is long: four times as much of it would take minutes.
    found = translate(FRENCH, translator, repair=False)
    wrong = [set(translation.flags) - _NO_FAILURES for translation in found]
    failed = sum(map(bool, wrong))
    if 2 * failed > len(FRENCH):
        counts = Counter(flag for flags in wrong for flag in Flag if flag in flags).most_common(3)
        first = next(index for index, flags in enumerate(wrong) if flags)
        example = "" if Flag.EMPTY in wrong[first] else found[first].text
        finding = (
            f"{failed} of {len(FRENCH)} trial sentences came out wrong ({', '.join(flag for flag, _ in counts)}), such "
            f"as {FRENCH[first]!r} as {_short(example)!r}"
        )
        return Trial(len(FRENCH), failed, finding, is_passed=False)
    language = detector.detect(" ".join(translation.text for translation in found)).language
    if language != "en":
        finding = f"the trial sentences came out in another language ({language}), such as {_short(found[1].text)!r}"
        return Trial(len(FRENCH), len(FRENCH), finding, is_passed=False)
    return Trial(len(FRENCH), failed, "", is_passed=True)


def try_summariser(summariser: AbstractiveSummariser) -> Trial:
    """Have it summarise the article; it passes if one sentence of a summary, with any decoding, says what is in it.

    Raises:
        ModelUnavailable: the engine failed.
    """
    original = Original(ENGLISH)
    pieces = [Piece(0, sentence) for sentence in ENGLISH]
    written: list[str] = []
    for attempt in range(ATTEMPTS):
        sentences = abstract(pieces, summariser, original, _SUMMARY_SENTENCES, attempt)
        if any(not original.sentence_faults(sentence) for sentence in sentences):
            return Trial(len(sentences), 0, "", is_passed=True)
        written += sentences
    example = f", such as {_short(written[0])!r}" if written else ""
    finding = f"no sentence of its summaries of a trial article was right{example}"
    return Trial(len(written), len(written), finding, is_passed=False)


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
