"""The translate step: nothing is lost or reordered, faults are retried and then flagged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.article import Flag
from tasks.steps.translate import ATTEMPTS, Translation, split_to_fit, translate
from tests.fakes import FakeTranslator

FRENCH = "Le maire a reçu 12 habitants mardi."
ENGLISH = "The mayor received 12 residents on Tuesday."


def test_good_translations_are_asked_for_once() -> None:
    """A sentence that passes its checks costs one call, and has no flags."""
    translator = FakeTranslator(lambda sentence, attempt: ENGLISH)
    assert translate([FRENCH], translator) == [Translation(ENGLISH)]
    assert translator.calls == [(0, [FRENCH])]


def test_order_and_batches() -> None:
    """Batches are of the engine's size, in order, and progress counts sentences, up to all of them."""
    sentences = [f"Le maire a reçu {number} habitants mardi." for number in range(10, 20)]
    translator = FakeTranslator(lambda s, attempt: f"The mayor received {s.split()[4]} residents on Tuesday.")
    seen: list[tuple[int, int]] = []
    english = translate(sentences, translator, lambda done, total: seen.append((done, total)))
    assert [t.text.split()[3] for t in english] == [str(number) for number in range(10, 20)]
    assert [len(batch) for _, batch in translator.calls] == [4, 4, 2]
    assert seen == [(0, 10), (4, 10), (8, 10), (10, 10)]


def test_text_without_letters_never_reaches_the_model() -> None:
    """Rules, figures and symbols come back as they are: models invent text for them."""
    translator = FakeTranslator(lambda sentence, attempt: ENGLISH)
    assert translate(["* * *", FRENCH, "2 024 — 50 %"], translator) == [
        Translation("* * *"),
        Translation(ENGLISH),
        Translation("2 024 — 50 %"),
    ]
    assert translator.calls == [(0, [FRENCH])]


def test_a_failed_check_is_retried_with_another_decoding() -> None:
    """Only the faulty sentence is asked for again, and the good answer wins."""
    translator = FakeTranslator(
        lambda s, attempt: ENGLISH if attempt == 1 or "12" not in s else "The mayor received 99."
    )
    assert translate([FRENCH], translator) == [Translation(ENGLISH)]
    assert [attempt for attempt, _ in translator.calls] == [0, 1]


def test_the_best_of_bad_answers_is_kept_and_flagged() -> None:
    """After the last attempt the mildest fault stays, named."""
    answers = ["", "The mayor received 99 residents on Tuesday.", ""]
    translator = FakeTranslator(lambda sentence, attempt: answers[attempt])
    assert translate([FRENCH], translator) == [Translation(answers[1], (Flag.NUMBER_MISMATCH,))]
    assert len(translator.calls) == ATTEMPTS


@pytest.mark.parametrize("answer", ["", "The ferry to the island was cancelled because of high winds."])
def test_no_answer_or_a_leaked_prompt_gives_the_french(answer: str) -> None:
    """Text that the article does not have is worse than French: the reader gets the French, flagged."""
    (found,) = translate([FRENCH], FakeTranslator(lambda sentence, attempt: answer))
    assert found.text == FRENCH
    assert Flag.UNTRANSLATED in found.flags


def test_parts_without_letters_do_not_reach_the_model_either() -> None:
    """A long row of figures inside a sentence comes back as it is."""
    translator = FakeTranslator(max_input_tokens=10)
    (found,) = translate(["les chiffres sont " + "12 13 14 15 " * 10], translator)
    assert all(any(map(str.isalpha, part)) for _, batch in translator.calls for part in batch)
    assert found.text.split()[-2:] == ["14", "15"]


def test_a_sentence_too_long_is_split_and_joined() -> None:
    """The model is given every word, in parts that it takes whole, and the result says so."""
    words = [f"mot{number}" for number in range(200)]
    translator = FakeTranslator(max_input_tokens=30)
    (found,) = translate([" ".join(words)], translator)
    given_words = [
        word for attempt, batch in translator.calls if attempt == 0 for part in batch for word in part.split()
    ]
    assert given_words == words
    assert Flag.RESPLIT in found.flags
    assert found.text.split() == words


def test_splitting_prefers_clauses() -> None:
    """The cut falls at a comma or semicolon near the middle, not in the middle of a clause."""
    text = "le conseil a voté le budget de la ville; les habitants du quartier ont protesté devant la mairie"
    assert split_to_fit(text, FakeTranslator(max_input_tokens=12)) == [
        "le conseil a voté le budget de la ville;",
        "les habitants du quartier ont protesté devant la mairie",
    ]


@given(st.text(alphabet="ab ,;.«é\u2028", max_size=400), st.integers(1, 20))
def test_splitting_loses_nothing(text: str, limit: int) -> None:
    """Whatever the text, its characters but spaces all arrive, in order, in parts that fit."""
    translator = FakeTranslator(max_input_tokens=limit)
    parts = split_to_fit(text, translator)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(count <= limit for count in translator.count_tokens(parts))


def test_a_hundred_thousand_characters_without_a_space() -> None:
    """Even one endless word is split, translated and put together again."""
    translator = FakeTranslator()
    (found,) = translate(["a" * 100_000], translator)
    assert found.text.replace(" ", "") == "a" * 100_000
