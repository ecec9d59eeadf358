"""Segmentation: what counts as a sentence and a paragraph, and that no character is ever lost."""

from __future__ import annotations

import sys
from itertools import groupby

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tasks.segment import Segmentation, Sentence, segment
from tests.unit.segment_golden import GOLDEN, KNOWN_LIMITS, Case

#: Single characters and words on which the rules turn, so that random texts meet them often.
_PIECES = [
    *"aAéÉ1.!?…,;:«»“”‘’\"'()[]–—•*-#@/_=¹\n\r\t\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029 \u00a0\u202f\u200b\u200f\ufeff",
    *("M.", "J.-C", "av.", "p. ex", "etc", "[1]", "\r\n", "https://", "www.", "Le", "mot", "iPhone", "🎉", "\ud800"),
]
_TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(_PIECES), max_size=60).map("".join))

#: Abbreviations that a name, a figure, or either a name or a new sentence follows.
_BEFORE_NAME = """
    M. MM. Mr. Mrs. Ms. Mme. Mmes. Mlle. Mlles. Dr. Drs. Dre. Pr. Prs. Me. Mgr. St. Ste. Sté. Ets. Ch. Ph. cf.
    p.ex. c.-à-d. c-à-d. av. bd. boul. rte. env. approx. v. vs. Cf. Av. Bd.
"""
_BEFORE_FIGURE = """
    art. al. p. pp. vol. chap. ch. no. nos. fig. tél. t. tab. pl. max. min. h. s. sec. janv. févr. avr. juil.
    juill. sept. oct. nov. déc. Art. Fig. Vol. Tél.
"""
_BEFORE_EITHER = """
    gén. col. cap. cdt. lt. sgt. adj. prof. éd. trad. dir. coll. A. É. J.-P. J.R.R. Gén. Col.
"""


def _found(text: str) -> tuple[list[str], list[int]]:
    sentences = segment(text).sentences
    return [sentence.text for sentence in sentences], [sentence.paragraph for sentence in sentences]


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case.id)
def test_golden(case: Case) -> None:
    """Every text of the golden table gives exactly its sentences, in the right paragraphs."""
    assert _found(case.text) == (case.sentences, case.paragraphs)


@pytest.mark.parametrize("case", KNOWN_LIMITS, ids=lambda case: case.id)
@pytest.mark.xfail(strict=True, raises=AssertionError, reason="a known limit: it moves to GOLDEN once the rules get it")
def test_known_limits(case: Case) -> None:
    """What the rules are known to get wrong is still wrong: a change here is worth a line in the changelog."""
    assert _found(case.text) == (case.sentences, case.paragraphs)


@pytest.mark.parametrize("word", _BEFORE_NAME.split())
def test_abbreviation_before_name(word: str) -> None:
    """A title or a connecting abbreviation never ends a sentence, not even before a name that is a common word."""
    assert len(segment(f"Voici {word} Petit et {word} Tout, de Brignac.").sentences) == 1


@pytest.mark.parametrize("word", _BEFORE_FIGURE.split())
@pytest.mark.parametrize(("following", "count"), [("12 du texte.", 1), ("XII du texte.", 1), ("Il sourit.", 2)])
def test_abbreviation_before_figure(word: str, following: str, count: int) -> None:
    """An abbreviation that a figure follows goes on; before a word it ends the sentence, as the plain word would."""
    assert len(segment(f"Il cite enfin {word} {following}").sentences) == count


@pytest.mark.parametrize("word", _BEFORE_EITHER.split())
@pytest.mark.parametrize(("following", "count"), [("Vasseur sourit.", 1), ("Il sourit.", 2), ("« Il sourit. »", 2)])
def test_abbreviation_before_name_or_sentence(word: str, following: str, count: int) -> None:
    """A rank or an initial goes on before a name, and ends the sentence before a word that opens one."""
    assert len(segment(f"Il cite enfin {word} {following}").sentences) == count


def test_golden_table_is_sound() -> None:
    """The table has no duplicate, and its marks leave no empty sentence."""
    cases = GOLDEN + KNOWN_LIMITS
    assert len({case.id for case in cases}) == len({case.text for case in cases}) == len(cases)
    assert all(all(case.sentences) for case in cases)


@given(_TEXTS)
@example("")
@example(" \n\r\n\x85\u2028")
@example("\ufeffLe maire.\u200b Le vote.\x0b\x0cFin\x1c")
@example("שלום. مرحبا! Le maire\r\n\r\nparle")
def test_lossless(text: str) -> None:
    """Joining gives every text back exactly, and sentences have letters or marks at both ends, never whitespace."""
    result = segment(text)
    assert result.join() == text
    assert all(sentence.text and sentence.text == sentence.text.strip() for sentence in result.sentences)
    assert all(not part.strip() for part in [result.leading, *(sentence.separator for sentence in result.sentences)])


@given(_TEXTS)
def test_indices(text: str) -> None:
    """Paragraphs count up from 0 without a gap, and sentences count up from 0 in each."""
    result = segment(text)
    groups = [list(group) for _, group in groupby(result.sentences, key=lambda sentence: sentence.paragraph)]
    for paragraph, group in enumerate(groups):
        assert [(s.paragraph, s.sentence) for s in group] == [(paragraph, number) for number in range(len(group))]


@given(st.lists(_TEXTS, max_size=4))
def test_blank_lines_separate(texts: list[str]) -> None:
    """What stands between blank lines is cut as if it stood alone: nothing leaks from one paragraph into the next."""
    alone = [sentence.text for text in texts for sentence in segment(text).sentences]
    assert _found("\n\n".join(texts))[0] == alone


@pytest.mark.parametrize("char", [c for c in map(chr, range(sys.maxunicode + 1)) if c.isspace()], ids=ascii)
def test_whitespace_is_what_python_says(char: str) -> None:
    """Each whitespace character of Unicode ends a sentence like a space, and stays in the separator."""
    result = segment(f"{char}Le vote est clos.{char}Le maire rit.{char}")
    assert (result.leading, [s.separator for s in result.sentences]) == (char, [char, char])


def test_only_whitespace() -> None:
    """A text without sentences keeps its whitespace in front."""
    assert segment(" \n\t") == Segmentation(leading=" \n\t", sentences=())


def test_fields() -> None:
    """Text, separators and indices are those of the article."""
    assert segment("\nFin ?\u00a0Non.\r\n\r\nBien. ") == Segmentation(
        leading="\n",
        sentences=(
            Sentence(paragraph=0, sentence=0, text="Fin ?", separator="\u00a0"),
            Sentence(paragraph=0, sentence=1, text="Non.", separator="\r\n\r\n"),
            Sentence(paragraph=1, sentence=0, text="Bien.", separator=" "),
        ),
    )


def test_join_puts_a_translation_into_the_layout() -> None:
    """A translation gets the article's own spaces and blank lines."""
    result = segment(" Le vote est clos.  Le maire rit.\n\nFin.\n")
    assert result.join(["The vote is over.", "The mayor laughs.", ""]) == " The vote is over.  The mayor laughs.\n\n\n"


@pytest.mark.parametrize("texts", [[], ["one"], ["one", "two", "three"]])
def test_join_refuses_another_number_of_texts(texts: list[str]) -> None:
    """A translation with a sentence too few or too many is an error, never a shorter article."""
    with pytest.raises(ValueError, match=r"shorter|longer"):
        segment("Le vote est clos. Le maire rit.").join(texts)


@pytest.mark.parametrize("unit", ["mot ", ".", "«", "»", "\n", ". ", '. " ', "A. ", "aa.Aa", "www.", ".[1", "mot\n"])
def test_hostile_repetition(unit: str) -> None:
    """Long runs of one pattern come back whole; a rule that reads further than its window would hang here."""
    text = unit * (100_000 // len(unit))
    assert segment(text).join() == text
