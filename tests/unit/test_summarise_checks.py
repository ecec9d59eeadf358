"""What the checks on a summary let through, what they refuse, and how English is cut into sentences."""

from __future__ import annotations

import pytest

from tasks.summary.boilerplate import is_boilerplate
from tasks.summary.check import Fault, Original
from tasks.summary.english import is_closed, split_sentences, tidy
from tests.unit.summary_golden import ARTEFACTS, GOOD, INVENTIONS, MISSED, NO_BOILERPLATE, SENTENCES

ORIGINAL = Original(SENTENCES)


@pytest.mark.parametrize("sentence", [*GOOD, *SENTENCES])
def test_what_the_article_says_passes(sentence: str) -> None:
    """Other words, other forms of numbers and names, and the article's own sentences are not faults."""
    assert ORIGINAL.faults([sentence]) == set()


@pytest.mark.parametrize("sentence", ARTEFACTS)
def test_artefacts_are_known_by_their_form(sentence: str) -> None:
    """Even where the article has all of their words."""
    assert Fault.BOILERPLATE in Original([*SENTENCES, sentence]).faults([sentence])


@pytest.mark.parametrize("sentence", INVENTIONS)
def test_inventions_are_refused(sentence: str) -> None:
    """A number, name, quotation or matter that is not in the article, a loop, a broken sentence."""
    assert ORIGINAL.faults([sentence])


@pytest.mark.parametrize(
    ("article", "summary", "stands"),
    [
        ("The cost rose from 180 to 212 million euros.", "The cost rose from 180 million euros.", True),
        ("The cost rose from three to four billion.", "The cost rose from three billion.", True),
        ("The cost was put at 180 million, and is 212.", "The cost is 212 million.", True),
        ("The cost rose from 180 million to 212 million.", "The cost rose from 180 to 212 million.", True),
        ("The bus firm has 40 drivers. The cost is 12 million.", "The cost is 40 million.", False),
        ("The bus firm, of 40 drivers, put the cost at 12 million.", "The cost is 40 million.", False),
        ("The cost is 12 million. In all, the cost of buses is 40.", "The cost is 40 million.", False),
        ("The cost is 12 million or 40 million.", "The cost for 40 drivers is 12 million.", False),
    ],
)
def test_a_scale_is_taken_within_a_sentence_only(article: str, summary: str, *, stands: bool) -> None:
    """An amount without a noun has the scale of the one next to it; a number of buses becomes no millions."""
    assert (Fault.NUMBER not in Original(split_sentences(article)).faults([summary])) is stands


def test_an_invented_amount_is_refused() -> None:
    """A number of one sentence and a scale of another make no amount."""
    article = Original(
        ["The mayor announced 40 new buses on Monday.", "The plan costs 12 million euros and will start in May."]
    )
    assert article.faults(["The plan costs 40 million euros."]) == {Fault.NUMBER}
    assert article.faults(["The plan costs 12 million euros."]) == set()


@pytest.mark.parametrize("sentence", MISSED)
def test_known_limits(sentence: str) -> None:
    """The checks do not understand: move a line to the inventions when they learn to see it."""
    assert ORIGINAL.faults([sentence]) == set()


@pytest.mark.parametrize("sentence", [*NO_BOILERPLATE, *GOOD, *SENTENCES])
def test_news_is_no_boilerplate(sentence: str) -> None:
    """The subject alone is not a reason to leave a sentence out."""
    assert not is_boilerplate(sentence)


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("The line will be 84 km long.", Fault.NUMBER),
        ("Four cafés are suing the city.", Fault.NUMBER),
        ("The mayor announced the tram on Tuesday.", Fault.NAME),
        ("Paul Marchetti calls that a drop in the ocean.", Fault.NAME),
        ('"I never wanted this tram in our city," said Ms Carvalho.', Fault.QUOTATION),
        ('The opposition leader spoke of a "monument to vanity.', Fault.QUOTATION),
        ("The suspect was arrested and will appear in court.", Fault.UNSUPPORTED),
        ("The project was announced by Mr.", Fault.UNFINISHED),
        ("The tram <unk> will run in March.", Fault.MARKUP),
        ("The tram will run the tram will run the tram will run.", Fault.REPETITION),
    ],
)
def test_faults_are_named(sentence: str, fault: Fault) -> None:
    """Each fault by its own name."""
    assert fault in ORIGINAL.faults([sentence])


def test_saying_things_twice_is_repetition() -> None:
    """Two sentences that say the same in about the same words."""
    assert ORIGINAL.faults([GOOD[4], GOOD[0], GOOD[4].replace("The", "A", 1)]) == {Fault.REPETITION}


def test_an_empty_summary_is_one_fault() -> None:
    """No sentence, or none with a word in it."""
    assert ORIGINAL.faults([]) == ORIGINAL.faults(["…"]) == {Fault.EMPTY}


@pytest.mark.parametrize(
    ("article", "summary"),
    [
        ("The International Monetary Fund lent 1.2 million.", "The IMF lent 1,200,000."),
        ("The IMF lent half of it.", "The International Monetary Fund lent half of it."),
        ("France lost by two goals.", "The French lost by 2 goals."),
        ("The U.S. army left at 6:30 p.m. on Jan. 4.", "The US army left at 6.30 pm on 4 January."),
        ("GDP grew by 2½ per cent, the O'Brien’s report says.", "GDP grew, O’Brien's report says."),
        ("Éric Dupré won in Genève.", "Eric Dupre won in Geneve."),
        ("Twenty-five people were hurt.", "25 people were hurt."),
    ],
)
def test_numbers_and_names_in_another_dress(article: str, summary: str) -> None:
    """Initials and what they stand for, peoples and countries, accents, dots, words and figures."""
    assert Original([article]).faults([summary]) == set()


def test_who_is_not_the_pronoun() -> None:
    """An acronym is not found in a small word, as initials must stand in capitals."""
    assert Fault.NAME in Original(["Those who left it said so to us."]).faults(
        ["Those who left the WHO said so to US."]
    )


@pytest.mark.parametrize(
    "sentences",
    [
        ["Mr. Le Guen spoke to Dr. Marchetti.", "She left at 6 p.m.", "They met again."],
        ["The U.S. Senate voted.", "It was close in the U.S.", "The vote is final."],
        ["It cost $1.2 million on Jan. 4.", "No. 10 said nothing.", "J. K. Berthier of Sielhoff Inc. did."],
        ['"We won," he said.', '"Are you sure?" she asked.', "He was!", "“Yes.”", "The end…"],
        ["St. Mary's is closed, i.e. empty.", "340 skeletons were found.", "€5 is the price."],
    ],
)
def test_sentences_of_english(sentences: list[str]) -> None:
    """Titles, initials, states, times, dates and figures end no sentence; marks and quotes do."""
    assert split_sentences(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        (" The tram is late . It did n't run .", "The tram is late. It didn't run."),
        ("The tram is late.<n>It is new.", "The tram is late. It is new."),
        ("<s> Port-Amel 's tram ,  at last ! </s>", "Port-Amel's tram, at last!"),
        ("It costs 1.70 euros ( 18 % more ) .", "It costs 1.70 euros (18% more)."),
        ("It is “late” .", 'It is "late".'),
    ],
)
def test_raw_output_is_made_plain(raw: str, plain: str) -> None:
    """The spacing and the marks of the models' training data go."""
    assert tidy(raw) == plain


@pytest.mark.parametrize(
    ("sentence", "closed"), [("It is.", True), ('"No!"', True), ("It is", False), ("By Mr.", False)]
)
def test_closing_marks(sentence: str, closed: bool) -> None:
    """A dot that belongs to an abbreviation closes nothing."""
    assert is_closed(sentence) is closed
