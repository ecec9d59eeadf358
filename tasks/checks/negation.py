"""Does an English sentence deny what its French denies, and nothing else?

Only the presence of a denial is compared, as the languages say it in too many ways: "n'est plus" is "is no longer",
"sans fil" is "wireless". The lists of what may stand for one are long, so that right translations pass; what is found
is nearly always wrong.
"""

from __future__ import annotations

from tasks.checks.negation_words import (
    ENGLISH_DENIES,
    ENGLISH_IDIOMS,
    ENGLISH_MAY_DENY,
    FRENCH_DENIES,
    FRENCH_IDIOMS,
    FRENCH_MAY_DENY,
)

#: Letters of which some are in everything that the patterns of denial find.
_FRENCH_PARTS = ("ne ", "n'", "aucun", "ni ", "pas ", "sans", "refus", "nul", "personne", "rien")
_ENGLISH_PARTS = ("not", "n't", "never", "no", "neither", "without")
_APOSTROPHES = str.maketrans("’‘", "''")


def negation_mismatch(french: str, english: str) -> tuple[str, str] | None:
    """The words of denial that only one of the texts has, in French and in English, one of them empty; or None."""
    french, english = _plain(french), _plain(english)
    # The quick looks first: most sentences deny nothing.
    if any(map(french.__contains__, _FRENCH_PARTS)) and not ENGLISH_MAY_DENY.search(english):
        denial = FRENCH_DENIES.search(FRENCH_IDIOMS.sub("|", french))
        return (denial[0].strip(), "") if denial else None
    if any(map(english.__contains__, _ENGLISH_PARTS)) and not FRENCH_MAY_DENY.search(french):
        denial = ENGLISH_DENIES.search(ENGLISH_IDIOMS.sub("|", english))
        # English titles stand in French texts as well.
        return ("", denial[0]) if denial and denial[0] not in french else None
    return None


def _plain(text: str) -> str:
    return text.translate(_APOSTROPHES).lower()
