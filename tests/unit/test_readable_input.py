"""A summariser reads English of which its vocabulary lacks characters, and its summary has them all the same."""

from __future__ import annotations

import pytest

from depeche.article import Segment
from tasks.normalise import for_model
from tasks.summary.article import summarise
from tasks.summary.readable_input import ReadableInput
from tasks.summary.signs import spelt_out
from tests.fakes import FakeAbstractive, fake_engines

#: What the vocabularies of summarisers may lack.
LACKING = "—–―−‐„€£¥¢$%‰§°=≠×÷+±≈~≥≤<>&†™®®{}[]^`\\|•→ŁłęóźğñéèçœÉ👏Влад"

ENGLISH = (
    "— Are you leaving already? asked the lighthouse keeper.",
    "The ferry — the only one on the river – has not run since the 2020–2021 season.",
    "The ticket costs €12, the pass 3.50 € a day and the card €1 only.",
    "The harbour works will cost €12m, then €3bn, or US$20k for each resident.",
    "You must be ≥ 18, drink < 3% alcohol and allow for ± 2 °C.",
    "Write to redaction@port-amel.example or report the fault with #ClosedBridge.",
    "Recep Tayyip Erdoğan received Lech Wałęsa in Łódź, then José Peña in São Tomé.",
    "At a café, a naïve façade: “the heart of the œuvre” comes from Tromsø.",
    "Half an hour, ½, is left of §4, which is 5×4 m² at 7‰ & 2 ÷ 3 ≠ 1.",
    "Culture | Music • Sport → Results · Weather ■ Classifieds",
    "R&D, Marks & Spencer, Vélib®, Tramway™ and © Town Hall: what does the law† say?",
    "He shouted… then nothing [sic] {end}, ~20 µm of snow, 10 = 7 + 3, and_that ^ was `it` ´.",
    "Well done, sailors 👏👏 ♥",
    "The name Владимир is spelt otherwise, and £1 is worth ¥190 or $1.25; 45¢ less.",
    "A row ———————————————————————————————————————— of dashes",
)


def copy(text: str, attempt: int) -> str:
    """A model that gives its text again."""
    return text


def given_and_written(text: str, lacking: str = LACKING) -> tuple[str, str]:
    """What a model that lacks characters is given for a text, and what comes of its copy."""
    engine = FakeAbstractive(copy, lacking=lacking)
    (summary,) = ReadableInput(engine).summarise([for_model(text)], min_tokens=1, max_tokens=100)
    ((_, (given,)),) = engine.calls
    return given, summary


@pytest.mark.parametrize(
    ("english", "expected"),
    [
        ("It costs €12.", "It costs 12 euros."),
        ("It costs €1, 3.50 € or €1,200.75!", "It costs 1 euro, 3.50 euros or 1,200.75 euros!"),
        ("A bill of €12m, €3bn or £1 million.", "A bill of 12 million euros, 3 billion euros or 1 million pounds."),
        ("It is US$20k (¥190).", "It is US 20 thousand dollars (190 yen)."),
        ("It costs €12 more than $9.", "It costs 12 euros more than 9 dollars."),
        ('The "€" fell, and 45¢ with it.', 'The "euro" fell, and 45 cents with it.'),
        ("You must be ≥ 18 or ≤18.", "You must be at least 18 or at most 18."),
        ("It was <3% or > 4.", "It was less than 3 percent or more than 4."),
        ("At 20 °C, 7‰ of §4 are 5×4.", "At 20 degrees C, 7 per thousand of section 4 are 5 x 4."),
        ("R&D at Marks & Spencer", "R&D at Marks and Spencer"),
    ],
)  # fmt: skip
def test_signs_are_read_as_words(english: str, expected: str) -> None:
    """Those that are lacking; the others stay."""
    assert spelt_out(english, set(LACKING)) == expected
    assert spelt_out(english, set()) == english


@pytest.mark.parametrize(
    ("english", "given", "written"),
    [
        ("The ferry — the only one — left.", "The ferry - the only one - left.", "The ferry — the only one — left."),
        ("The ferry — the only – one left.", "The ferry - the only - one left.", "The ferry - the only - one left."),
        ("The 2020–2021 season.", "The 2020-2021 season.", "The 2020–2021 season."),
        ("From 2020–2021 to pages 4-5.", "From 2020-2021 to pages 4-5.", "From 2020–2021 to pages 4-5."),
        ("— Are you leaving?", "Are you leaving?", "Are you leaving?"),
        ("Wałęsa went to Łódź.", "Walesa went to Lodz.", "Wałęsa went to Łódź."),
        ("At the café of Łódź, not Lodz.", "At the cafe of Lodz, not Lodz.", "At the café of Lodz, not Lodz."),
        ("Well done 👏👏. It left.", "Well done. It left.", "Well done. It left."),
    ],
)  # fmt: skip
def test_what_a_summariser_is_given_and_what_comes_back(english: str, given: str, written: str) -> None:
    """Words come back where they have one spelling, and dashes where they are of one kind."""
    assert given_and_written(english) == (given, written)


def test_what_can_be_read_stays() -> None:
    """A model with a whole vocabulary is given what stands there."""
    for english in ENGLISH:
        assert given_and_written(english, "") == (for_model(english), for_model(english))


def test_what_is_counted_is_what_is_given() -> None:
    """The length that decides where a text is cut is of the text as the model gets it."""
    engine = FakeAbstractive(copy, lacking="€")
    assert engine.count_tokens(["It costs €12."]) == [3]
    assert ReadableInput(engine).count_tokens(["It costs €12."]) == [4]


def test_a_summary_keeps_the_names_of_the_article() -> None:
    """From the article to the result: the model sees plain letters, and its checks and the reader the right ones."""
    article = (
        "Mr Wałęsa – once the mayor of Łódź – opened the new harbour bridge on Monday morning.",
        "The bridge replaces a ferry that carried travellers across the river for ninety years.",
        "Residents of the old town will cross it free of charge until the end of the summer.",
    )
    summary = "Mr Walesa - once the mayor of Lodz - opened the new harbour bridge."
    engine = FakeAbstractive(lambda text, attempt: summary, lacking=LACKING)
    segments = [Segment(paragraph=0, sentence=place, fr=text, en=text) for place, text in enumerate(article)]
    found = summarise(segments, fake_engines(abstractive=engine), 3)
    assert (found.text, found.kind) == (
        "Mr Wałęsa – once the mayor of Łódź – opened the new harbour bridge.",
        "abstractive",
    )
    assert not set(LACKING) & {c for _, texts in engine.calls for text in texts for c in text}
