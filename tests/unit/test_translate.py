"""The translate step: nothing is lost or reordered, faults are retried and then flagged."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depeche.article import Flag
from tasks.checks import Finding
from tasks.engines import Hypothesis, Score
from tasks.segment import segment
from tasks.translation.sentences import Translation, translate
from tests.fakes import FakeTranslator

FRENCH = "Le maire a reçu 12 habitants mardi."
ENGLISH = "The mayor received 12 residents on Tuesday."


def test_good_translations_are_asked_for_once() -> None:
    """A sentence that passes its checks costs one call, and has no flags."""
    translator = FakeTranslator(lambda sentence, attempt: ENGLISH)
    assert translate([FRENCH], translator) == [Translation(ENGLISH)]
    assert translator.calls == [(0, [FRENCH])]


@pytest.mark.parametrize("answer", ["Good.", "Bon"], ids=["good", "tried again"])
def test_equal_sentences_are_asked_for_once(answer: str) -> None:
    """By each decoding, in whichever batches they stand, and also where nothing is cached."""
    sentences = ["C'est bien."] * 3 + ["Le train part.", "C'est bien.", "Il pleut.", "Le train part."]
    engine = FakeTranslator(lambda sentence, attempt: answer, batch_size=2)
    translations = translate(sentences, engine)
    asked = [(attempt, sentence) for attempt, batch in engine.calls for sentence in batch]
    assert len(asked) == len(set(asked))
    assert {sentence for attempt, sentence in asked if attempt == 0} == set(sentences)
    assert len(translations) == len(sentences)


def test_order_and_batches() -> None:
    """Batches are of the engine's size, in order, and progress counts sentences, up to all of them."""
    sentences = [f"Le maire a reçu {number} habitants mardi." for number in range(10, 20)]
    translator = FakeTranslator(lambda s, attempt: f"The mayor received {s.split()[4]} residents on Tuesday.")
    seen: list[tuple[int, int]] = []
    english = translate(sentences, translator, lambda done, total: seen.append((done, total)))
    assert [t.text.split()[3] for t in english] == [str(number) for number in range(10, 20)]
    assert [len(batch) for _, batch in translator.calls] == [4, 4, 2]
    assert seen == [(0, 10), (4, 10), (8, 10), (10, 10)]


def test_sentences_of_like_length_share_a_batch() -> None:
    """The long ones come first, as all of a batch wait for the longest; what comes back is in the article's order."""
    sentences = [f"Le maire a reçu {'très ' * (number % 3 * 9)}bien {number} habitants." for number in range(6)]
    translator = FakeTranslator(lambda s, attempt: f"The mayor received {s.split()[-2]} residents {s}", batch_size=2)
    english = translate(sentences, translator)
    whole = [batch for attempt, batch in translator.calls if attempt == 0 and len(batch) == 2][:3]
    lengths = [[len(sentence) for sentence in batch] for batch in whole]
    assert lengths == sorted(lengths, reverse=True)
    assert [t.text.split()[3] for t in english] == [str(number) for number in range(6)]


def test_a_doubtful_translation_is_flagged_and_not_asked_for_again() -> None:
    """Under the engine's threshold the model itself was not sure; at it, it was."""
    for log_probability, flags in ((-8.0, (Flag.LOW_CONFIDENCE,)), (-6.0, ())):
        score = Score(log_probability, 10)
        hypothesis = Hypothesis(ENGLISH, score)
        translator = FakeTranslator(partial(lambda found, sentence, attempt: found, hypothesis))
        assert translate([FRENCH], translator) == [Translation(ENGLISH, flags, score)]
        assert len(translator.calls) == 1


def test_the_score_of_parts_is_that_of_all_their_tokens() -> None:
    """A sentence that was translated in halves is as probable as both together."""
    french = "Le maire a reçu 12 habitants mardi, et il a visité 7 écoles jeudi avec sa première adjointe."
    halves = ("The mayor received 12 residents on Tuesday,", "and he visited 7 schools on Thursday with his deputy.")

    def english(sentence: str, attempt: int) -> Hypothesis:
        if "12" in sentence and "7" in sentence:
            return Hypothesis("The mayor received 99.", Score(-1.0, 5))
        return Hypothesis(halves["7" in sentence], Score(-2.0, 8) if "7" in sentence else Score(-1.0, 4))

    (found,) = translate([french], FakeTranslator(english))
    assert found.score == Score(-3.0, 12)
    assert Flag.RESPLIT in found.flags


def test_what_no_model_wrote_has_no_score() -> None:
    """Neither figures nor French that was kept, as the model gave nothing, have one."""
    translator = FakeTranslator(lambda sentence, attempt: Hypothesis("", Score(-1.0, 1)))
    assert [t.score for t in translate(["* * *", FRENCH], translator)] == [None, None]


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
    assert translate([FRENCH], translator) == [
        Translation(answers[1], (Flag.NUMBER_MISMATCH,), findings=(Finding(Flag.NUMBER_MISMATCH, "12", "99"),))
    ]
    assert len(translator.calls) == translator.attempts


def test_of_two_answers_with_faults_the_one_with_fewer_wins() -> None:
    """Both have a wrong number; the second has two, and a length nearer to the expected one."""
    french = "Depuis 2019, le maire a reçu 12 habitants dans la salle des fêtes de la commune."
    one = "Since 2019, the mayor has received 99 residents in the village hall of the commune, it is said."
    two = "Since 2015 the mayor has received 99 residents in the commune's village hall."
    translator = FakeTranslator(lambda _, attempt: two if attempt == 1 else one)
    assert translate([french], translator)[0].text == one


def test_an_engine_that_has_more_decodings_is_asked_for_more() -> None:
    """A model that draws its words finds the right number later than one that searches."""
    translator = FakeTranslator(lambda _, attempt: ENGLISH if attempt == 4 else "The mayor received 99 residents.")
    translator.attempts = 6
    assert translate([FRENCH], translator) == [Translation(ENGLISH)]
    assert [attempt for attempt, _ in translator.calls] == [0, 1, 2, 3, 4]


def test_a_doubtfully_short_answer_is_tried_again() -> None:
    """A lost clause that no flag tells of costs another attempt, and the answer that has it wins."""
    french = "Le conseil a voté le budget de la commune mardi soir, malgré les critiques du maire et de ses amis."
    whole = "The council passed the town's budget on Tuesday night, despite the criticism of the mayor and his friends."
    short = "The council passed the budget on Tuesday night, he says now."
    assert translate([french], FakeTranslator(lambda s, attempt: short)) == [Translation(short)]
    translator = FakeTranslator(lambda s, attempt: whole if attempt else short)
    assert translate([french], translator)[0].text == whole.replace("'", "’")
    assert translator.calls[-1][0] == 1


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
    assert sorted(given_words) == sorted(words)
    assert Flag.RESPLIT in found.flags
    assert found.text.split() == words


def test_a_hundred_thousand_characters_without_a_space() -> None:
    """Even one endless word is split, translated and put together again."""
    translator = FakeTranslator()
    (found,) = translate(["a" * 100_000], translator)
    assert found.text.replace(" ", "") == "a" * 100_000


LONG_FRENCH = "Le conseil de la ville a reçu les 12 habitants du port, mais le maire est resté chez lui mardi."
LONG_ENGLISH = "The town council received the 12 people of the port, but the mayor stayed at home on Tuesday."
HALVES = {
    "Le conseil de la ville a reçu les 12 habitants du port,": "The town council received the 12 people of the port.",
    "mais le maire est resté chez lui mardi.": "But the mayor stayed at home on Tuesday.",
}


def test_a_faulty_sentence_is_first_tried_in_halves() -> None:
    """Both halves go in one call with the first decoding, and are joined as one sentence, which the flag says."""
    translator = FakeTranslator(lambda sentence, attempt: HALVES.get(sentence, "The mayor stayed at home."))
    assert translate([LONG_FRENCH], translator) == [Translation(LONG_ENGLISH, (Flag.RESPLIT,))]
    assert translator.calls == [(0, [LONG_FRENCH]), (0, list(HALVES))]


def test_all_halves_of_a_batch_go_together() -> None:
    """Three faulty sentences cost one call more for their halves; those that stay faulty, one for each decoding."""
    translator = FakeTranslator(lambda sentence, attempt: LONG_ENGLISH if attempt == 1 else "The mayor stayed at home.")
    seen: list[tuple[int, int]] = []
    others = (("port", "maire"), ("parc", "voisin"), ("pont", "curé"))
    sentences = [LONG_FRENCH.replace("port", one).replace("maire", other) for one, other in others]
    found = translate(sentences, translator, lambda done, total: seen.append((done, total)))
    assert found == [Translation(LONG_ENGLISH)] * 3
    assert [(attempt, len(batch)) for attempt, batch in translator.calls] == [(0, 3), (0, 6), (1, 3)]
    assert seen == [(0, 3), (3, 3)]


def test_a_half_without_translation_is_no_candidate() -> None:
    """What one half says is not lost because the other half alone would pass."""
    answers = {**HALVES, "mais le maire est resté chez lui mardi.": ""}
    translator = FakeTranslator(lambda sentence, attempt: answers.get(sentence, "The mayor has 12 ideas."))
    (found,) = translate([LONG_FRENCH], translator)
    assert found.text == "The mayor has 12 ideas."
    assert Flag.RESPLIT not in found.flags


def test_a_part_without_translation_stays_french_as_it_stands() -> None:
    """The reader gets the article's own words, marks and line breaks, flagged, where the model gives nothing."""
    french = "L’« hôtel »\nde ville a 12 ans."
    assert translate([french], FakeTranslator(lambda s, attempt: "")) == [
        Translation(french, (Flag.UNTRANSLATED, Flag.EMPTY), findings=(Finding(Flag.EMPTY),))
    ]


def test_capitals_are_taken_off_and_put_back() -> None:
    """The model is given sentence case, block and rest apart; the English has its capitals again, and no flag."""
    english = {
        "Inondations à Valmont :": "Floods in Valmont:",
        "le bilan monte": "The toll rises",
        "Le port reste fermé": "The port remains closed",
        "Valmont attend.": "Valmont waits.",
        "Le maire de Valmont attend.": "The mayor of Valmont waits.",
    }
    translator = FakeTranslator(lambda sentence, attempt: english[sentence])
    sentences = ["INONDATIONS À VALMONT : le bilan monte", "LE PORT RESTE FERMÉ", "Le maire de Valmont attend."]
    assert translate(sentences, translator) == [
        Translation("FLOODS IN VALMONT: the toll rises"),
        Translation("THE PORT REMAINS CLOSED"),
        Translation("The mayor of Valmont waits."),
    ]


def test_times_of_day_are_given_as_models_know_them() -> None:
    """The model sees 8:46, and its number is checked against the 8 h 46 of the article."""
    translator = FakeTranslator(lambda sentence, attempt: ("It began at 8:45.", "It began at 8:46.")[attempt])
    assert translate(["Tout a commencé à 8 h 46."], translator) == [Translation("It began at 8:46.")]
    assert translator.calls[0] == (0, ["Tout a commencé à 8:46."])


def test_english_is_typographic() -> None:
    """Quotation marks and apostrophes of the English are curly; untranslated lines keep theirs."""
    translator = FakeTranslator(lambda sentence, attempt: '"It\'s the mayor," he said.')
    assert translate(["« C'est le maire », dit-il.", '" 12 "'], translator) == [
        Translation("“It’s the mayor,” he said."),
        Translation('" 12 "'),
    ]


@pytest.mark.parametrize(
    "sentences",
    [
        ["Odile Marchessou, Élie Duvauchel, Anselme Roy, Jean Lons"],
        ["Valmont | 12 000 | 3,5 %", "Lons | 8 400 | 2,1 %", "| | |", "2023 2024 2025"],
        ["Le vent se lève,", "la mer s'en va,", "et moi je reste", "– seul –", "à compter les voiles !"],
        ["Oui."] * 500,
        ["NON", "non", "Non…", "« NON »", "N.", "—", "A", "à"],
        ["LE " * 300],
        ["mot " * 5000],
        ["a" * 5000],
        ["Il a dit « " + "oui, " * 400 + "» et il est parti."],
        [],
    ],
)
def test_odd_articles_come_through(sentences: list[str]) -> None:
    """Lists of names, tables, verse, one-word sentences and endless ones each give one translation, with all words."""
    found = translate(sentences, FakeTranslator())
    assert len(found) == len(sentences)
    for sentence, translation in zip(sentences, found, strict=True):
        ours, theirs = (
            "".join(filter(str.isalnum, text.casefold())) for text in (sentence.replace(",", ""), translation.text)
        )
        assert ours == theirs.replace(",", "")


@given(st.lists(st.text(alphabet="aÀB éC ,;:.–«»'1h\n", max_size=120), max_size=4))
def test_nothing_is_lost_whatever_the_text(sentences: list[str]) -> None:
    """With a translator that copies, every letter and figure comes back, but for case and the h of times."""
    found = translate(sentences, FakeTranslator(max_input_tokens=5))
    for sentence, translation in zip(sentences, found, strict=True):
        ours, theirs = (
            "".join(c for c in text.casefold() if c.isalnum() and c != "h") for text in (sentence, translation.text)
        )
        assert ours == theirs


def test_hard_wrapped_text_is_given_on_one_line() -> None:
    """A sentence over several lines of an article reaches the model as one line."""
    text = (
        "Le conseil municipal de la ville de Valmont a voté mardi soir un\n"
        "budget de douze millions d'euros pour la nouvelle piscine, que les\n"
        "habitants attendent depuis dix ans."
    )
    translator = FakeTranslator(max_input_tokens=100)
    translate([sentence.text for sentence in segment(text).sentences], translator)
    assert translator.calls[0] == (0, [" ".join(text.split())])
