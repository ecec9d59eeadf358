"""The extractive summariser: what it may choose, how much, and what it makes of odd input."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.summary import ExtractiveSummariser

STORM = [
    ["Storm over the coast"],
    [
        "A storm with gusts of 190 kilometres an hour hit the coast of Kerlann on Sunday, leaving three people dead.",
        "The storm cut the electricity of 200,000 homes along the coast.",
        "Trains were stopped in the whole department until further notice.",
    ],
    [
        "The ferry Belle-Anse sank off Kerlann after its 84 passengers had been rescued by helicopter.",
        "The passengers were taken to a school in Kerlann, where doctors examined them.",
        "The weather service had raised its warning to red three hours before the storm.",
    ],
    [
        "The government declared a state of disaster on the coast.",
        "Insurers expect the storm to cost 300 million crowns.",
        "Schools in Kerlann will open again on Thursday.",
    ],
]
PROSE = [sentence for paragraph in STORM[1:] for sentence in paragraph]


def summarise(paragraphs: list[list[str]], max_sentences: int = 3) -> list[str]:
    return ExtractiveSummariser().summarise(paragraphs, max_sentences=max_sentences)


def article(*extra: list[str]) -> list[list[str]]:
    """The storm with paragraphs put in front, where the bonus for the lead is highest."""
    return [*extra, *STORM]


def test_summary_is_sentences_of_the_article_in_reading_order() -> None:
    """Nothing is rewritten, repeated or moved, and a good lead is taken."""
    summary = summarise(STORM)
    places = [PROSE.index(sentence) for sentence in summary]
    assert len(places) >= 2
    assert places == sorted(set(places))
    assert summary[0] == PROSE[0]


def test_a_lead_that_does_not_carry_the_article_is_left() -> None:
    """An anecdote in short sentences, or a question, stands before the news and not for it."""
    anecdote = ["Anna Roy heard it first.", "She was in her kitchen.", "Her cat had hidden."]
    for lead in (anecdote, ["Who has never been afraid of the wind at night?"]):
        assert summarise(article(lead))[0] == PROSE[0]


def test_sentences_with_the_title_s_words_are_preferred() -> None:
    """A title says what the article is about."""
    ferry = PROSE[3]
    assert ferry not in summarise(STORM)
    title = "Ferry sinks, passengers rescued by helicopter"
    assert ferry in ExtractiveSummariser().summarise(STORM, max_sentences=3, title=title)


@pytest.mark.parametrize("wanted", [1, 2, 3, 50])
def test_summary_is_never_more_than_asked_for_nor_than_a_third(wanted: int) -> None:
    """The bounds hold in sentences and in characters, counted without the heading."""
    summary = summarise(STORM, wanted)
    assert 1 <= len(summary) <= min(wanted, len(PROSE) // 3)
    assert sum(map(len, summary)) <= sum(map(len, PROSE)) / 3


def test_third_is_counted_in_sentences_too() -> None:
    """Many short sentences among a few very long ones are still no more than a third of the sentences."""
    short = [f"Kerlann lost its {thing} on Sunday." for thing in ("harbour", "school", "market", "cinema")]
    long = [
        "The government, " + "after many hours of talks, " * 20 + f"decided on {thing}." for thing in ("help", "aid")
    ]
    assert len(summarise([[*short, *long]], 50)) == 2


@given(st.permutations(PROSE))
def test_reading_order_is_kept_however_the_article_goes(sentences: list[str]) -> None:
    """The summary follows the article, not the rank of its sentences."""
    places = [sentences.index(sentence) for sentence in summarise([sentences])]
    assert places == sorted(places)


@pytest.mark.parametrize(("length", "expected"), [(0, 0), (1, 0), (2, 0), (3, 1), (4, 1), (5, 1)])
def test_short_articles(length: int, expected: int) -> None:
    """Up to two sentences there is nothing to shorten; from three on there is one sentence."""
    assert len(summarise([PROSE[:length]])) == expected


def test_sentences_without_a_word_in_common_are_summarised_too() -> None:
    """A brief of unrelated news items has a summary: its first sentence."""
    brief = ["The mayor opened a bridge.", "Two burglars were caught in Sarre.", "Wheat prices fell again on Monday."]
    assert summarise([brief]) == brief[:1]


def test_unrelated_sentence_does_not_fill_the_summary_up() -> None:
    """Rather two sentences on the matter than a third on something else."""
    assert "Farmers sold little wheat abroad." not in summarise(
        [[*PROSE[:3], "Farmers sold little wheat abroad.", *PROSE[3:]]], 4
    )


@pytest.mark.parametrize(
    "paragraph",
    [
        "Storm over the coast of Kerlann leaves three people dead",
        "Photo: the coast of Kerlann was hit by the storm on Sunday.",
        "Published on Sunday by the storm desk of the coast of Kerlann.",
        "Read also: Was the coast of Kerlann ready for the storm on Sunday.",
        "© The coast of Kerlann was photographed after the storm.",
        "- The storm hit the coast of Kerlann on Sunday and left three dead.",
        "1. The storm hit the coast of Kerlann on Sunday and left three dead.",
        "The storm hit Kerlann.",
        "A storm over the coast of Kerlann on Sunday.",
        "Was the coast of Kerlann hit by the storm on Sunday?",
        "***",
        "",
    ],
)
def test_what_is_no_telling_sentence_is_not_chosen(paragraph: str) -> None:
    """Headings, credits, list items, fragments and questions stay out, however central their words are."""
    summary = summarise(article([paragraph]), 50)
    assert summary
    assert paragraph not in summary


def test_same_text_as_a_sentence_is_chosen() -> None:
    """The counter-check: it is the form, not the words, that kept the last test's paragraphs out."""
    lead = "The coast of Kerlann was hit by the storm on Sunday, which left three people dead."
    assert lead in summarise(article([lead]))


@pytest.mark.parametrize("start", ["He said that", "However, this meant that", "According to him,", "But then"])
def test_dangling_sentence_loses_to_the_same_sentence_without(start: str) -> None:
    """A sentence that leans on the one before it is second choice."""
    sentence = "the storm on the coast of Kerlann had cut the electricity of many homes."
    plain = f"On Sunday {sentence}"
    assert summarise([[f"{start} {sentence}", plain, *PROSE[2:]]], 1) == [plain]


def test_dangling_sentence_may_follow_its_antecedent() -> None:
    """Where the sentence before is in the summary, a pronoun in front is not a fault."""
    first = "The storm destroyed the old harbour of Kerlann and its white lighthouse."
    leaning = "It destroyed the market hall, the cinema and the school of Kerlann too."
    rival = "The cinema and the school of Sarre will open again soon."
    filler = ["Dogs bark.", "Cats sleep.", "Birds sing.", "Wolves howl.", "Fish swim."] * 10
    assert summarise([[first, leaning, rival, *filler]], 2) == [first, leaning]
    assert summarise([[first, "Dogs bark.", leaning, rival, *filler]], 2) == [first, rival]


def test_of_two_like_sentences_the_one_in_the_lead_is_chosen() -> None:
    """News put first what matters, so that place decides between sentences of about the same weight."""
    one, other = "The storm hit the harbour of Kerlann.", "The storm hit the school of Kerlann."
    middle = ["The harbour had been closed since the morning.", *PROSE[3:]]
    assert summarise([[one, *middle, other]], 1) == [one]
    assert summarise([[other, *middle, one]], 1) == [other]


def test_identical_and_near_identical_sentences_are_chosen_once() -> None:
    """Repetition makes a sentence central; it must not fill the summary."""
    near = PROSE[0].replace("leaving", "which left")
    summary = summarise([[PROSE[0], PROSE[0], near, PROSE[0], *PROSE[1:]]], 4)
    assert len(summary) >= 2
    assert len({PROSE[0], near} & set(summary)) == 1
    assert len(summary) == len(set(summary))


def test_missing_full_stop_inside_a_paragraph_is_no_heading() -> None:
    """A translator that forgets a full stop does not make an article's sentences headings."""
    assert summarise([[sentence.rstrip(".") for sentence in PROSE]])


def test_same_article_gives_the_same_summary() -> None:
    """Two instances agree: no state, no chance, no order of a set."""
    assert summarise(STORM) == summarise(STORM)


@given(st.lists(st.lists(st.text(max_size=60), max_size=4), max_size=12), st.integers(1, 5))
def test_any_unicode_is_taken(paragraphs: list[list[str]], wanted: int) -> None:
    """Whatever a translator returns, the result is a bounded part of it, in order."""
    summary = summarise(paragraphs, wanted)
    texts = iter([sentence for paragraph in paragraphs for sentence in paragraph])
    assert len(summary) <= wanted
    assert all(sentence in texts for sentence in summary)


def test_a_very_long_article_takes_no_matrix() -> None:
    """5 000 sentences are no trouble; all pairs of them would run into the suite's time limit."""
    pick = random.Random(7)
    words = ["".join(pick.choices("abcdefghij", k=6)) for _ in range(4000)]
    paragraphs = [[f"The {' '.join(pick.choices(words, k=9))} was seen." for _ in range(5)] for _ in range(1000)]
    assert len(summarise(paragraphs, 3)) == 3
