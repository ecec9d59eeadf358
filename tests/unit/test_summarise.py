"""The summary step: how a long article is read whole, how long its summary is, and which of two kinds it gets."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depeche.article import Flag, Segment
from depeche.errors import ModelUnavailable
from tasks.summary.article import Summary, summarise
from tasks.summary.chunk import Piece, pack
from tests.fakes import INFO, FakeAbstractive, fake_engines
from tests.unit.summary_golden import ARTEFACTS, ARTICLE, GOOD, INVENTIONS, SENTENCES

SOUND = "The 8.4-kilometre line will link the ferry terminal to the Tanneurs district in 22 minutes."
WRONG = "The line will be 84 km long."


def segments(paragraphs: Sequence[Sequence[str]], flags: Sequence[Flag] = ()) -> list[Segment]:
    """English sentences as the translation step leaves them."""
    return [
        Segment(paragraph=p, sentence=s, fr=text, en=text, flags=list(flags))
        for p, texts in enumerate(paragraphs)
        for s, text in enumerate(texts)
    ]


def run(
    summary: Callable[[str, int], str],
    article: Sequence[Segment] | None = None,
    *,
    wanted: int = 3,
    max_input_tokens: int = 1000,
) -> tuple[Summary, FakeAbstractive]:
    """The step with a model that is a function."""
    engine = FakeAbstractive(summary, max_input_tokens=max_input_tokens)
    given_segments = segments(ARTICLE) if article is None else article
    return summarise(given_segments, fake_engines(abstractive=engine), wanted), engine


def lead(text: str, attempt: int) -> str:
    """A model that copies the first sentence."""
    return text.split(". ", maxsplit=1)[0] + "."


def test_a_sound_summary_is_taken_and_named() -> None:
    """The result says that it was written anew, and by which model; one decoding was enough."""
    summary, engine = run(lambda text, attempt: f" {SOUND[:-1]} .")
    assert summary == Summary(SOUND, "abstractive", FakeAbstractive.info)
    assert [attempt for attempt, _ in engine.calls] == [0]


def test_without_an_abstractive_model_the_summary_is_extractive() -> None:
    """Profiles without such a model are as they were."""
    summary = summarise(segments(ARTICLE), fake_engines(), 2)
    assert summary == Summary(" ".join(SENTENCES[:2]), "extractive", INFO)


def test_a_faulty_summary_is_written_once_more() -> None:
    """The second decoding is taken where the first failed."""
    summary, engine = run(lambda text, attempt: SOUND if attempt else WRONG)
    assert (summary.text, summary.kind) == (SOUND, "abstractive")
    assert [attempt for attempt, _ in engine.calls] == [0, 1]


@pytest.mark.parametrize(
    "wrong", [WRONG, "", "   ", "The line will be", "***", "<pad>", f"{SOUND} {SOUND}", "Photo: AFP"]
)
def test_two_faulty_summaries_give_the_extractive_one(wrong: str) -> None:
    """After one retry the article's own sentences are taken, and the result says so."""
    summary, engine = run(lambda text, attempt: wrong)
    assert (summary.kind, summary.model) == ("extractive", INFO)
    assert [attempt for attempt, _ in engine.calls] == [0, 1]


@pytest.mark.parametrize("planted", [*ARTEFACTS, *INVENTIONS])
def test_nothing_planted_comes_through(planted: str) -> None:
    """One artefact or invention among sound sentences, and the whole summary is refused."""
    summary, _ = run(lambda text, attempt: f"{SOUND} {planted}", wanted=6)
    assert planted not in (summary.text or "")


def test_one_wrong_sentence_refuses_all() -> None:
    """A summary is not patched: what is left of one with an error may hang on it."""
    assert run(lambda text, attempt: f"{SOUND} {WRONG}")[0].kind == "extractive"


@pytest.mark.parametrize("wanted", [1, 2, 3, 20])
def test_length_is_bounded(wanted: int) -> None:
    """At most the sentences asked for, and at most a third of the text in sentences and characters."""
    summary, engine = run(
        lambda text, attempt: " ".join(GOOD[i] for i in (0, 3, 4, 8, 10, 14, 16, 20, 21)), wanted=wanted
    )
    assert summary.kind == "abstractive"
    assert summary.text
    assert 1 <= sum(line in summary.text for line in GOOD) <= min(wanted, len(SENTENCES) // 3)
    assert len(summary.text) <= sum(map(len, SENTENCES)) / 3
    assert all(1 <= least < most for least, most in engine.bounds)


def test_a_longer_summary_is_asked_for_when_more_sentences_are() -> None:
    """The bounds given to the model follow the sentences wanted and the length of the text."""
    bounds = [run(lead, wanted=wanted)[1].bounds[0] for wanted in (1, 3)]
    assert bounds[0][0] < bounds[1][0]
    assert bounds[0][1] < bounds[1][1]
    short, long = (run(lead, segments([SENTENCES[:count]]))[1].bounds[0] for count in (3, 20))
    assert short[0] < long[0]


def test_an_unfinished_last_sentence_is_dropped() -> None:
    """Where the model was cut off, its whole sentences stay."""
    assert run(lambda text, attempt: f"{SOUND} The region will pay 40%, the")[0].text == SOUND


def test_quotation_marks_are_typographic() -> None:
    """The model is given straight marks, and the reader gets curled ones."""
    summary, engine = run(lambda text, attempt: 'The opposition leader spoke of a "monument to vanity".')
    assert summary.text == "The opposition leader spoke of a “monument to vanity”."
    assert "“" not in engine.calls[0][1][0]


@pytest.mark.parametrize("length", [0, 1, 2])
def test_articles_of_up_to_two_sentences_have_none(length: int) -> None:
    """There is nothing to shorten, so no model is asked."""
    summary, engine = run(lead, segments([SENTENCES[:length]]))
    assert engine.calls == []
    assert summary.kind == ("extractive" if length else "none")  # the fake extractor has no such limit


def test_every_sentence_of_a_long_article_is_read() -> None:
    """Chunk after chunk, in order, the model gets all there is, each sentence once and whole."""
    _, engine = run(lead, max_input_tokens=90)
    first_call = engine.calls[0][1]
    assert len(first_call) > 2
    plain = [s.replace("“", '"').replace("”", '"') for s in SENTENCES]
    assert " ".join(first_call) == " ".join(plain)


def test_chunk_summaries_are_summarised_again() -> None:
    """Map and reduce: the last call has one text, made of the summaries before."""
    summary, engine = run(lead, max_input_tokens=90)
    assert [len(texts) > 1 for _, texts in engine.calls] == [True, False]
    assert summary == Summary(SENTENCES[0], "abstractive", FakeAbstractive.info)
    assert len(engine.calls[1][1][0]) < len(" ".join(SENTENCES)) / 2


def test_a_wrong_sentence_about_a_chunk_goes_no_further() -> None:
    """What the article does not say is left out before the next round."""
    _, engine = run(lambda text, attempt: f"{lead(text, attempt)} {WRONG}", max_input_tokens=90)
    assert WRONG not in engine.calls[1][1][0]


def test_a_model_that_does_not_shorten_is_stopped() -> None:
    """Summaries as long as the text lead nowhere: the extractive one is taken after one round each."""
    summary, engine = run(lambda text, attempt: text, max_input_tokens=90)
    assert summary.kind == "extractive"
    assert len(engine.calls) == 2


def test_boilerplate_of_the_article_is_not_summarised() -> None:
    """Credits and appeals are given to neither kind of summariser."""
    noise = ["Photo: Luc Berthier.", "Sign up for our newsletter to get the news of the tram every day."]
    summary, engine = run(lambda text, attempt: WRONG, segments([noise, *ARTICLE]))
    assert not any(line in text for line in noise for _, texts in engine.calls for text in texts)
    assert summary.text == " ".join(SENTENCES[:3])


def test_french_and_loops_are_not_given_to_the_model() -> None:
    """Neither what was kept in French nor what is partly French or goes in circles."""
    for flag in (Flag.EMPTY, Flag.PROMPT_LEAK, Flag.UNTRANSLATED, Flag.REPETITION):
        bad = Segment(paragraph=0, sentence=0, fr="Il pleut.", en="Il pleut beaucoup sur Port-Amel.", flags=[flag])
        _, engine = run(lead, [bad, *segments(ARTICLE)])
        assert "pleut" not in engine.calls[0][1][0]


def test_a_doubtful_number_is_not_told_twice() -> None:
    """A number from a sentence that failed its number check fails in the summary."""
    doubtful = Segment(
        paragraph=9, sentence=0, fr="", en="The depot has 17 tracks for trams.", flags=[Flag.NUMBER_MISMATCH]
    )
    article = [*segments(ARTICLE), doubtful]
    assert run(lambda text, attempt: "The depot has 17 tracks for trams.", article)[0].kind == "extractive"
    assert run(lambda text, attempt: "The depot has tracks for trams.", article)[0].kind == "abstractive"


def test_an_engine_that_fails_fails_the_job() -> None:
    """No other kind of summary hides that the model is gone."""

    def broken(text: str, attempt: int) -> str:
        raise ModelUnavailable("gone")

    with pytest.raises(ModelUnavailable):
        run(broken)


HOSTILE = {
    "nothing": [],
    "all flagged": segments([SENTENCES], [Flag.EMPTY, Flag.UNTRANSLATED]),
    "one-word sentences": segments([[f"Word{n}." for n in range(500)]]),
    "one endless sentence": segments([["tram " * 5000]]),
    "one endless word": segments([["a" * 20_000, *SENTENCES]]),
    "a table": segments([["12 34.5 1,200 7%"] * 50, ["Lyon 12 34.5 1,200 7%"] * 50]),
    "no marks": segments([["* * *", "—", "???", "…"] * 20]),
    "dots": segments([["." * 5000, '"' * 5000, "( " * 2000]]),
}
MODELS: dict[str, Callable[[str, int], str]] = {
    "first": lead,
    "same": lambda text, attempt: text,
    "nothing": lambda text, attempt: "",
    "dots": lambda text, attempt: "." * 3000,
    "loop": lambda text, attempt: "the tram " * 500,
    "noise": lambda text, attempt: "\x00\u202e“<s>..!?\n\n1.2.3. “A.B.C.” ’s" * 20,
}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("name", HOSTILE)
def test_odd_articles_and_odd_models(name: str, model: str) -> None:
    """Never an exception, never a text over the model's limit, never more than a few rounds."""
    _, engine = run(MODELS[model], HOSTILE[name], max_input_tokens=60)
    assert len(engine.calls) < 20


@given(st.lists(st.lists(st.text(max_size=60), max_size=4), max_size=6), st.text(max_size=200), st.integers(1, 5))
def test_any_unicode_is_taken(paragraphs: list[list[str]], answer: str, wanted: int) -> None:
    """Whatever the translator and the summariser return, the step answers."""
    summary, _ = run(lambda text, attempt: answer, segments(paragraphs), wanted=wanted, max_input_tokens=30)
    assert summary.kind in ("abstractive", "extractive", "none")
    assert (summary.text is None) == (summary.model is None) == (summary.kind == "none")


@given(st.lists(st.integers(1, 70), min_size=1, max_size=60), st.randoms(use_true_random=False))
def test_chunks_hold_all_pieces_within_the_limit(lengths: list[int], pick: random.Random) -> None:
    """Packing keeps every word in order, and no chunk is too long."""
    engine = FakeAbstractive(lead, max_input_tokens=50)
    pieces = [Piece(pick.randrange(3), " ".join(f"w{i}x{j}" for j in range(n))) for i, n in enumerate(lengths)]
    chunks = pack(pieces, engine)
    assert " ".join(chunk.text for chunk in chunks).split() == " ".join(piece.text for piece in pieces).split()
    assert all(chunk.tokens <= 50 for chunk in chunks)


def test_chunks_are_even_and_end_with_paragraphs() -> None:
    """No full chunk with a tiny one behind it, and a near end of a paragraph is preferred."""
    engine = FakeAbstractive(lead, max_input_tokens=100)
    pieces = [Piece(number // 4, "one two three four five six seven eight nine ten") for number in range(24)]
    assert [chunk.tokens for chunk in pack(pieces, engine)] == [80, 80, 80]
