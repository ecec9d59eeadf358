"""The checks find what translation models do wrong and are silent on what human translators do."""

from __future__ import annotations

import sys
from itertools import pairwise
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depeche.article import Flag
from tasks.checks import check, penalty

FRENCH = "Le maire de Valmont a inauguré mardi la nouvelle piscine, qui a coûté douze millions d'euros à la commune."
ENGLISH = "The mayor of Valmont opened the new swimming pool on Tuesday, which cost the town twelve million euros."


def test_a_good_translation_has_no_flags() -> None:
    """Nothing is found where nothing is wrong."""
    assert check(FRENCH, ENGLISH) == ()


@pytest.mark.parametrize(
    "english",
    [
        "The mayor opened the pool the pool the pool the pool.",
        "The mayor of the town by the sea of the mayor of the town by the sea of the pool.",
        "The mayor went went went went away.",
        "The mayoooooooooooooooooooooooooor opened it.",
        "It is a pool, it is a new pool, so it is a fine pool, and it is a day.",
        "The mayor of Valmont of Valmont opened the new swimming pool on Tuesday.",
        "The mayor opened the new pool, the new pool, on Tuesday.",
        "The mayor of the town by the sea opened it, and so the mayor of the town by the sea spoke.",
    ],
)
def test_a_loop_is_flagged(english: str) -> None:
    """Words, phrases, clauses or letters that go round are found."""
    assert Flag.REPETITION in check(FRENCH, english)


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("Non, non, non et non, a répété le ministre.", "No, no, no and no, the minister said again."),
        ("Encore, encore, encore, encore un but !", "Again, again, again, again a goal!"),
        ("Sommaire ........................ 3", "Contents ........................ 3"),
        ("C'est l'hymne de la Fête du Port, fierté de la Fête.", "It is the Port Fair, the Port Fair's own anthem."),
        ("Elle avait eu très, très peur.", "She had had a very, very great fright."),
        (
            "Si le maire de la ville parle, le maire de la ville doit écouter.",
            "If the mayor of the town by the sea speaks, the mayor of the town by the sea must listen.",
        ),
    ],
)
def test_repetition_of_the_source_is_allowed(french: str, english: str) -> None:
    """A translation may repeat what its source repeats, and two equal words in a row are English."""
    assert Flag.REPETITION not in check(french, english)


@pytest.mark.parametrize(
    "english", ["The mayor of Valmont.", "The mayor of Valmont opened the new swimming pool on", ENGLISH * 3]
)
def test_odd_lengths_are_flagged(english: str) -> None:
    """A lost tail is found, sooner when the closing mark is lost too, and so is a translation that runs on."""
    assert Flag.LENGTH_RATIO in check(FRENCH, english)


@pytest.mark.parametrize(
    ("french", "english"), [("Oui.", "Indeed so."), ("S'il vous plaît !", "Please!"), ("Grève", "On strike")]
)
def test_short_sentences_may_stretch(french: str, english: str) -> None:
    """The margin is wide where a few letters are much."""
    assert check(french, english) == ()


@pytest.mark.parametrize(
    ("french", "english"),
    [
        (FRENCH, FRENCH),
        (FRENCH, FRENCH.upper()),
        ("Fin de partie", "Fin de partie"),
        ("Réunion publique annulée", "Réunion publique annulée"),
        (FRENCH, "The mayor of Valmont opened la nouvelle piscine, qui a coûté douze millions d'euros à la commune."),
        (FRENCH, "The mayor of Valmont opened the nouvelle piscine, qui a cost twelve million euros to the town."),
        (
            "Les bénévoles nettoient actuellement plusieurs plages.",
            "Volunteers are cleaning up actuellement plusieurs plages.",
        ),
        (FRENCH, "Le maire a ouvert la piscine dans la commune avec une fête pour les enfants du village."),
    ],
)
def test_french_left_standing_is_flagged(french: str, english: str) -> None:
    """Copied, half copied or rewritten, French is not a translation."""
    assert Flag.UNTRANSLATED in check(french, english)


@pytest.mark.parametrize(
    "text",
    [
        "Anselme Duvauchel",
        "Château de la Loire",
        "Place de la République",
        "Tour du Mont",
        "12 000 / 14 000",
        "Odile Marchessou, Lausanvert (AFP)",
        "Conclusion",
        '"We will win the match," said the coach.',
    ],
)
def test_what_is_the_same_in_both_languages_passes(text: str) -> None:
    """Names, figures and sentences that were English already may be copied."""
    assert check(text, text) == ()


def test_a_french_title_in_an_english_sentence_passes() -> None:
    """A few French words do not make a sentence French."""
    french = "Il a publié « Le Jardin de ma mère » chez Duvauchel en mai."
    assert check(french, 'He published "Le Jardin de ma mère" with Duvauchel in May.') == ()


def test_french_phrases_of_english_pass() -> None:
    """Phrases that English took over, accents and all, are English."""
    french = "La chargée d'affaires connaît la crème de la crème, en tête-à-tête."
    assert check(french, "The chargée d'affaires knows the crème de la crème, tête-à-tête.") == ()


def test_an_article_may_quote_the_prompt() -> None:
    """Where the French is the prompt's own, its translation is right, not leaked."""
    pair = ("Le port est fermé depuis la tempête de vendredi dernier dans la nuit.", PROMPT[0])
    assert check(*pair, prompt_texts=pair) == ()


PROMPT = ("The harbour has been closed since the storm of last Friday night.", "Thank you very much.")


@pytest.mark.parametrize(
    ("english", "leaks"),
    [
        (f"{ENGLISH} {PROMPT[0]}", True),
        ("The harbour has been closed since the storm.", True),
        ("The harbour was closed after the storm of last Friday night.", False),
        ("Thank you very much.", False),
        (f"English: {ENGLISH}", True),
        (f"{ENGLISH}\nFrench: Le port est fermé.", True),
        (f"{ENGLISH}<end_of_turn>", True),
        ("The mayor said in English: the new pool is open to everybody who lives in the town of Valmont.", False),
    ],
)
def test_the_prompt_must_not_come_back(english: str, leaks: bool) -> None:
    """Long runs of the prompt, its labels and chat marks are leaks; a few common words are not."""
    assert (Flag.PROMPT_LEAK in check(FRENCH, english, prompt_texts=PROMPT)) is leaks


def test_a_label_of_the_source_is_no_leak() -> None:
    """What the source says about languages is translated, not leaked."""
    assert check("Anglais : niveau avancé.", "English: advanced level.") == ()


@pytest.mark.parametrize("english", ["", "   ", "\n", "...", "« »"])
def test_nothing_for_something_is_empty(english: str) -> None:
    """An empty translation has that one fault."""
    assert check(FRENCH, english) == (Flag.EMPTY,)


def test_nothing_for_nothing_is_right() -> None:
    """Ornaments need no words."""
    assert check("***", "***") == check("", "") == ()


def test_lost_numbers_and_names_are_flagged() -> None:
    """What numbers and names find is in the flags."""
    found = check("Le 12 mai, elle a quitté San Francisco.", "On May 13, she left the city.")
    assert found == (Flag.NUMBER_MISMATCH, Flag.NAME_MISSING)


def test_flags_come_once_and_in_order() -> None:
    """The order is the enum's, so that results compare equal."""
    french = "Le 12 mai, Odile Marchessou et Google ont ouvert 3 écoles."
    found = check(french, "English: open open open open open open open open open open open open open open.")
    places = [list(Flag).index(flag) for flag in found]
    assert len(found) > 3
    assert all(a < b for a, b in pairwise(places))


def test_the_least_penalty_is_the_best_candidate() -> None:
    """Fewer and milder faults first, then the likelier length."""
    candidates = [
        "",
        FRENCH,
        "The mayor of Valmont.",
        "The mayor opened the new pool on Tuesday at a cost of twelve million euros.",
        ENGLISH,
    ]
    scores = [penalty(check(FRENCH, english), FRENCH, english) for english in candidates]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)
    assert penalty((), FRENCH, ENGLISH) < penalty((), FRENCH, ENGLISH[:70])


ODD_TEXT = st.text(max_size=300) | st.text(alphabet="0123456789 .,:hIVXL-'’éeS\n", max_size=300)


@given(french=ODD_TEXT, english=ODD_TEXT, prompt=st.lists(ODD_TEXT, max_size=2))
def test_check_never_raises(french: str, english: str, prompt: list[str]) -> None:
    """Any two strings give flags of the enum and a finite penalty."""
    found = check(french, english, prompt_texts=prompt)
    assert set(found) <= set(Flag)
    assert len(set(found)) == len(found)
    assert 0 <= penalty(found, french, english) < 1000


#: Repeated, these have made patterns backtrack or lists grow.
UNITS = """
a|1|1 |1.000 |1,|1:|1-|1/|- |-|–|- 1 |-1 |(1 km) |12 € |$1 |1 mille |mille |cent mille |un et |vingt |moins |I|IV |Aa |
Bb-|XVe siècle |L'|ABC |Nom|Nom |« |. |de la |...)|h 1|1h|<|été |ne |n'|ni |ne pas |sans |aucun n|mardi |March 1 |nord |
l'est |Allemagne |@a|a@b.c |http://|www.a|un|unable |less|half a |nineteen |1ᵉʳ |'s |U.S.|1 °C |1% |
"""
LONG = [unit for unit in UNITS.replace("\n", "").split("|") if unit]


def work(text: str) -> int:
    """How many functions the checks call for a text, as a sentence and as a translation, those of C included."""
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        check(text, text, prompt_texts=[text])
        check(text, text[::-1])
        check(text, "a b")
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("unit", LONG)
def test_work_grows_with_the_length_only(unit: str) -> None:
    """Four times the text is four times the work, whatever the text is."""
    check("a", "a")  # the tables are made once
    short, long = (work((unit * length)[:length]) for length in (600, 2400))
    assert long < 5 * short + 500


@pytest.mark.parametrize("unit", ["\n", "1 ", "1,", "-", "I", "Nom ", "12 € ", "mille ", "ne ", "a"])
def test_long_input_takes_no_long_time(unit: str) -> None:
    """Forty thousand characters of anything; a backtracking pattern would run into the suite's time limit."""
    text = (unit * 40_000)[:40_000]
    check(text, text[::-1])
