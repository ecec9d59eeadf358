"""The way of one article, with fake engines."""

from __future__ import annotations

import pytest

from depeche.article import MAX_DETAIL_CHARS, MAX_DETAILS, Article, Detail, Flag, Options, Progress
from depeche.errors import NotFrench
from tasks.engines import Detection, Hypothesis, Score
from tasks.pipeline import Context, process
from tests.fakes import FakeAbstractive, FakeDetector, FakeSummariser, FakeTranslator, fake_engines

TEXT = "  La gare a fermé lundi. Elle rouvrira en 2027.\n\n* * *\n\nLe maire est content.\n"

ENGLISH = {
    "La gare a fermé lundi.": "The station closed on Monday.",
    "Elle rouvrira en 2027.": "It will reopen in 2027.",
    "Le maire est content.": "The mayor is happy.",
    "La gare": "The station",
}


def translator() -> FakeTranslator:
    """Knows the sentences of this file."""
    return FakeTranslator(lambda sentence, attempt: ENGLISH[sentence])


def test_every_sentence_has_its_english_and_the_layout_survives() -> None:
    """Segments pair French and English in order; blank lines, symbols and outer spaces stand where they stood."""
    result = process(Article(text=TEXT, title="La gare"), Options(), fake_engines(translator()), Context("1"))
    assert [(s.paragraph, s.sentence, s.fr, s.en) for s in result.segments] == [
        (0, 0, "La gare a fermé lundi.", "The station closed on Monday."),
        (0, 1, "Elle rouvrira en 2027.", "It will reopen in 2027."),
        (1, 0, "* * *", "* * *"),
        (2, 0, "Le maire est content.", "The mayor is happy."),
    ]
    assert result.text_en == (
        "  The station closed on Monday. It will reopen in 2027.\n\n* * *\n\nThe mayor is happy.\n"
    )
    assert (result.title_fr, result.title_en, result.title_flags) == ("La gare", "The station", [])
    assert result.quality.flagged_segments == 0


def test_the_result_says_where_it_comes_from() -> None:
    """Id, attempt, waiting time, models, counts and the producer's metadata come back."""
    job = Context("the-id", attempt=2, queued_ms=1500)
    article = Article(text=TEXT, metadata={"desk": "local"})
    result = process(article, Options(), fake_engines(translator()), job)
    assert (result.id, result.attempts, result.timings_ms.queued) == ("the-id", 2, 1500)
    assert result.models.translation == result.models.summary == translator().info
    assert (result.source.language, result.source.chars) == ("fr", len(TEXT))
    assert result.source.metadata == {"desk": "local"}
    assert (result.cache.hits, result.cache.misses) == (0, 3)
    assert result.timings_ms.total >= result.timings_ms.translate


def test_progress_is_reported_by_stage() -> None:
    """A caller sees each stage begin, and translation end with all sentences done."""
    seen: list[Progress] = []
    process(Article(text=TEXT), Options(), fake_engines(translator()), Context("1", report=seen.append))
    assert [p.stage for p in seen] == ["segment", "translate", "translate", "summarise"]
    assert [(p.done, p.total) for p in seen if p.stage == "translate"] == [(0, 3), (3, 3)]


def test_no_summary_when_not_wanted() -> None:
    """Without a summary, no model is named for one."""
    result = process(Article(text=TEXT), Options(summary=False), fake_engines(translator()), Context("1"))
    assert (result.summary_en, result.quality.summary, result.models.summary) == (None, "none", None)


def test_a_summary_has_no_french() -> None:
    """A sentence that the model left in French is in the text, but not in the summary."""
    engines = fake_engines(FakeTranslator(lambda sentence, attempt: "" if "gare" in sentence else ENGLISH[sentence]))
    result = process(Article(text=TEXT), Options(), engines, Context("1"))
    assert result.segments[0].en == "La gare a fermé lundi."
    assert result.summary_en == "It will reopen in 2027. * * * The mayor is happy."


def test_a_summary_repeats_no_doubtful_sentence() -> None:
    """A sentence with a wrong number is not used in the summary, unless there is no other."""
    wrong = FakeTranslator(lambda sentence, attempt: ENGLISH[sentence].replace("2027", "2028"))
    result = process(Article(text=TEXT), Options(), fake_engines(wrong), Context("1"))
    assert result.summary_en == "The station closed on Monday. * * * The mayor is happy."
    only = process(Article(text="Elle rouvrira en 2027."), Options(), fake_engines(wrong), Context("1"))
    assert only.summary_en == "It will reopen in 2028."


@pytest.mark.parametrize(
    ("written", "kind", "expected"),
    [
        ("The city's museum is closed .", "abstractive", "The city’s museum is closed."),
        ("The museum in Lyon is closed.", "extractive", "The museum of the city is closed."),
    ],
)
def test_the_result_says_which_summary_it_has(written: str, kind: str, expected: str) -> None:
    """Written anew or the article's own sentences: kind and model are those of the text that is there."""
    text = "The museum of the city is closed. Its roof leaks in three places. The city will mend it next year."
    abstractive = FakeAbstractive(lambda article, attempt: written)
    engines = fake_engines(FakeTranslator(), FakeDetector("en"), abstractive)
    result = process(Article(text=text), Options(summary_sentences=1), engines, Context("1"))
    assert (result.summary_en, result.quality.summary) == (expected, kind)
    assert result.models.summary == (abstractive if kind == "abstractive" else engines.summariser).info


def test_flags_are_counted_with_the_title() -> None:
    """The title is not a segment, so its flags are found in the counts alone."""
    engines = fake_engines(FakeTranslator(lambda sentence, attempt: ENGLISH[sentence].replace("7", "8") + " 99"))
    result = process(Article(text=TEXT, title="La gare"), Options(), engines, Context("1"))
    assert result.quality.flagged_segments == 3
    assert result.quality.flags[Flag.NUMBER_MISMATCH] == 4
    assert result.segments[1].flags == [Flag.NUMBER_MISMATCH]
    assert result.segments[1].details == [
        Detail(flag=Flag.NUMBER_MISMATCH, fr="2027", en="2028"),
        Detail(flag=Flag.NUMBER_MISMATCH, fr="", en="99"),
    ]


def test_details_are_bounded() -> None:
    """A hostile sentence makes neither many nor long ones; what is cut says so."""
    text = " ".join(f"Le plan {number} est signé," for number in range(100, 200)) + f" dit {'A' + 'x' * 300} a dit."
    result = process(
        Article(text=text), Options(), fake_engines(FakeTranslator(lambda s, a: "The plan.")), Context("1")
    )
    (details,) = [segment.details for segment in result.segments]
    assert len(details) == MAX_DETAILS
    long = process(
        Article(text=f"Elle a vu A{'x' * 300} hier."),
        Options(),
        fake_engines(FakeTranslator(lambda s, a: "She saw him yesterday.")),
        Context("1"),
    )
    (name,) = [detail.fr for detail in long.segments[0].details if detail.flag is Flag.NAME_MISSING]
    assert (len(name), name[-1]) == (MAX_DETAIL_CHARS, "…")


def test_english_passes_through_and_is_summarised() -> None:
    """An English article is its own translation; each segment says so, and no translation model is named."""
    text = "The station closed. It will reopen."
    unused = FakeTranslator()
    result = process(
        Article(text=text, title="News"), Options(), fake_engines(unused, FakeDetector("en")), Context("1")
    )
    assert (result.text_en, result.title_en, result.source.language) == (text, "News", "en")
    assert all(s.flags == [Flag.ALREADY_ENGLISH] for s in result.segments)
    assert (result.models.translation, result.cache.misses) == (None, 0)
    assert result.summary_en == text
    assert unused.calls == []


def test_the_title_has_flags_and_confidence_of_its_own() -> None:
    """They belong to no segment, and count in the article's quality."""
    answers: dict[str, str | Hypothesis] = {
        "Le port": Hypothesis("Port", Score(-3.0, 2)),
        "La gare a fermé.": "The station has closed.",
    }
    engines = fake_engines(FakeTranslator(lambda sentence, attempt: answers[sentence]))
    result = process(Article(text="La gare a fermé.", title="Le port"), Options(), engines, Context("1"))
    assert (result.title_fr, result.title_en, result.title_confidence) == ("Le port", "Port", 0.223)
    assert result.title_flags == [Flag.LOW_CONFIDENCE]
    assert (result.quality.flagged_segments, result.quality.flags) == (0, {Flag.LOW_CONFIDENCE: 1})


def test_the_summary_prefers_what_the_title_says() -> None:
    """The English title is given to the summariser."""
    engines = fake_engines(translator())
    assert isinstance(engines.summariser, FakeSummariser)
    process(Article(text=TEXT, title="La gare"), Options(), engines, Context("1"))
    assert engines.summariser.titles == ["The station"]


def test_other_languages_are_refused_unless_forced() -> None:
    """The error names the language; ``force`` translates it as French."""
    article, engines = Article(text="El puente está cerrado."), fake_engines(FakeTranslator(), FakeDetector("es"))
    with pytest.raises(NotFrench, match="Spanish"):
        process(article, Options(), engines, Context("1"))
    assert process(article, Options(force=True), engines, Context("1")).source.language == "fr"


ENGLISH_PARAGRAPH = (
    "The station was closed on Monday. It will not be open before 2027, and that is what they have said."
)


class MixedDetector(FakeDetector):
    """Sure that a text is English where it has no French of this file in it."""

    def detect(self, text: str) -> Detection:
        """French for the articles of this file."""
        return Detection("fr" if any(french in text for french in ENGLISH) else "en", 0.99)


def test_an_english_paragraph_of_a_french_article_passes_through() -> None:
    """It stands as it is and says so; only what was translated counts, in progress and in the cache."""
    seen: list[Progress] = []
    fake = translator()
    article = Article(text=f"{ENGLISH_PARAGRAPH}\n\nLa gare a fermé lundi.")
    job = Context("1", report=seen.append)
    result = process(article, Options(summary=False), fake_engines(fake, MixedDetector()), job)
    assert result.text_en == f"{ENGLISH_PARAGRAPH}\n\nThe station closed on Monday."
    assert [s.flags for s in result.segments] == [[Flag.ALREADY_ENGLISH], [Flag.ALREADY_ENGLISH], []]
    assert fake.calls == [(0, ["La gare a fermé lundi."])]
    assert [(p.done, p.total) for p in seen if p.stage == "translate"] == [(0, 1), (1, 1)]
    assert (result.source.language, result.cache.misses, result.models.translation) == ("fr", 1, fake.info)


def test_a_third_language_passes_through_and_says_so() -> None:
    """It stands in the English text as it is, and is not part of the summary."""

    class Spanish(FakeDetector):
        def detect(self, text: str) -> Detection:
            return Detection("es" if text.startswith("El") else "fr", 0.99)

    fake = translator()
    article = Article(text="El puente está cerrado desde el lunes.\n\nLa gare a fermé lundi.")
    result = process(article, Options(), fake_engines(fake, Spanish()), Context("1"))
    assert result.text_en == "El puente está cerrado desde el lunes.\n\nThe station closed on Monday."
    assert [s.flags for s in result.segments] == [[Flag.OTHER_LANGUAGE], []]
    assert (result.summary_en, result.source.language) == ("The station closed on Monday.", "fr")


def test_force_translates_english_paragraphs_too() -> None:
    """``force`` means all of it."""
    fake = FakeTranslator()
    article = Article(text=f"{ENGLISH_PARAGRAPH}\n\nLa gare a fermé lundi.")
    process(article, Options(force=True, summary=False), fake_engines(fake, MixedDetector()), Context("1"))
    assert ENGLISH_PARAGRAPH.split(". ", maxsplit=1)[0] + "." in fake.calls[0][1]
