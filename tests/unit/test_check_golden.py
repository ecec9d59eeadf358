"""Golden tables: every wrong translation is flagged for what is wrong in it, and every right one has no flag at all."""

from __future__ import annotations

import pytest

from depeche.article import Flag
from tasks.checks import check
from tests.unit import check_golden_more as more
from tests.unit import check_golden_numbers as numbers
from tests.unit import check_golden_words as words
from tests.unit.check_golden_numbers import Case

#: Each kind's cases, what is right by itself, and the flags of which one must be found.
KINDS: dict[str, tuple[list[Case], list[tuple[str, str]], set[Flag]]] = {
    "numbers in words": (numbers.WORDS, numbers.LOOSE, {Flag.NUMBER_MISMATCH}),
    "scales": (numbers.SCALES, numbers.SHARED_SCALES, {Flag.NUMBER_MISMATCH}),
    "signs": (numbers.SIGNS, numbers.NO_SIGNS, {Flag.NUMBER_MISMATCH}),
    "units": (numbers.UNITS, [], {Flag.NUMBER_MISMATCH}),
    "ordinals": (numbers.ORDINALS, [], {Flag.NUMBER_MISMATCH, Flag.UNTRANSLATED}),
    "dates": (words.DATES, [], {Flag.DATE_MISMATCH}),
    "terms": (words.TERMS, words.NO_TERMS, {Flag.NAME_MISSING}),
    "negations": (words.NEGATIONS, words.NO_NEGATIONS, {Flag.NEGATION_MISMATCH}),
}
WRONG = [
    pytest.param(french, wrong, flags, id=f"{kind}: {french}")
    for kind, (cases, _, flags) in KINDS.items()
    for french, wrong, _ in cases
]
RIGHT = [
    pytest.param(french, right, id=f"{kind}: {french}")
    for kind, (cases, others, _) in KINDS.items()
    for french, right in [*((french, right) for french, _, right in cases), *others]
]


@pytest.mark.parametrize(("french", "english", "flags"), WRONG)
def test_a_wrong_translation_is_flagged(french: str, english: str, flags: set[Flag]) -> None:
    """By the flag that says what is wrong."""
    assert flags.intersection(check(french, english))


@pytest.mark.parametrize(("french", "english"), RIGHT)
def test_a_right_translation_is_not(french: str, english: str) -> None:
    """No check at all finds anything in it."""
    assert check(french, english) == ()


@pytest.mark.parametrize(("french", "english"), words.OTHER_NAMES)
def test_names_may_be_written_in_another_way(french: str, english: str) -> None:
    """Acronyms, transliterations, translated titles, and capitals that are not names."""
    assert check(french, english) == ()


@pytest.mark.parametrize(("french", "english"), words.LOST_NAMES)
def test_lost_names_and_addresses_are_flagged(french: str, english: str) -> None:
    """Those that English does not write in another way."""
    assert {Flag.NAME_MISSING, Flag.ADDRESS_CHANGED}.intersection(check(french, english))


@pytest.mark.parametrize(("french", "english"), more.WRONG)
def test_more_wrong_translations_are_flagged(french: str, english: str) -> None:
    """By any flag."""
    assert check(french, english)


@pytest.mark.parametrize(("french", "english"), more.RIGHT)
def test_more_right_translations_are_not(french: str, english: str) -> None:
    """By none."""
    assert check(french, english) == ()
