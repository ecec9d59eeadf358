"""A model that writes nonsense, or another language, is found out by a short article; one that makes sense is not."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tasks.normalise import for_model
from tests.checkpoints.articles import ARTICLES
from tests.fakes import FakeAbstractive, FakeTranslator
from worker.models.engines.language import Detector
from worker.models.trial import ENGLISH, FRENCH, try_summariser, try_translator

DETECTOR = Detector()
PAIRS = {for_model(pair.french): pair.english for pair in ARTICLES[0].pairs}
GERMAN = dict(
    zip(
        PAIRS,
        (
            "In Vallombre öffnet die Bibliothek nach drei Jahren Bauarbeiten wieder",
            "Die Bibliothek von Vallombre hat am Samstag, dem 14. März 2026, wieder geöffnet.",
            "Die Bauarbeiten, die 2023 begannen, haben 8,4 Millionen Euro gekostet.",
            "„Wir wollten die alten Böden behalten“, erklärt die Architektin Odile Ferrand.",
            "Fast 12.000 neue Bücher warten auf die Leser.",
            "Ein Raum ist für die Kinder, in einem anderen gibt es Konzerte.",
            "Die Anmeldung bleibt für alle Einwohner kostenlos.",
            "Der Bürgermeister Bastien Roumégas hat versprochen, auch sonntags zu öffnen.",
            "Wer wird die Überstunden bezahlen?",
            "Die Region übernimmt 35 % der Kosten, die Stadt den Rest.",
            "Schon am ersten Tag kamen 740 Besucher.",
        ),
        strict=True,
    )
)


def test_the_article_is_one_that_the_tiny_models_know() -> None:
    """So that they can be prepared as real ones are."""
    article = ARTICLES[0]
    assert tuple(pair.french for pair in article.pairs) == FRENCH
    assert tuple(pair.english for pair in article.sentences) == ENGLISH


def test_a_translator_that_makes_sense() -> None:
    """Good translations pass; so does a model that gets some of them wrong."""
    found = try_translator(FakeTranslator(lambda sentence, attempt: PAIRS[sentence]), DETECTOR)
    assert (found.tried, found.failed, found.finding, found.is_passed) == (11, 0, "", True)
    known = list(PAIRS)[:6]
    found = try_translator(
        FakeTranslator(lambda sentence, attempt: PAIRS[sentence] if sentence in known else "Hm."), DETECTOR
    )
    assert (found.failed, found.is_passed) == (5, True)


@pytest.mark.parametrize(
    ("english", "finding"),
    [
        (lambda sentence: "Hello.", r"11 of 11 trial sentences came out wrong .*, such as 'À Vallombre.* as 'Hello\.'"),
        (lambda sentence: "", r"11 of 11 trial sentences came out wrong \(.*empty"),
        (lambda sentence: sentence, "untranslated"),
        (lambda sentence: "the the the the the the the", "repetition"),
        (lambda sentence: PAIRS[list(PAIRS)[(list(PAIRS).index(sentence) + 1) % 11]], "of 11 trial sentences"),
        (GERMAN.__getitem__, r"in another language \(de\), such as 'Die Bibliothek"),
    ],
    ids=["always the same", "nothing", "French", "loops", "of another sentence", "German"],
)
def test_a_translator_that_writes_nonsense(english: Callable[[str], str], finding: str) -> None:
    """It is refused with what was wrong and an example."""
    translator = FakeTranslator(lambda sentence, attempt: english(sentence) if sentence in PAIRS else "")
    found = try_translator(translator, DETECTOR)
    assert not found.is_passed
    assert re.search(finding, found.finding), found.finding


def test_a_summariser_that_makes_sense() -> None:
    """One right sentence is enough, with any decoding."""
    assert try_summariser(FakeAbstractive(lambda text, attempt: ARTICLES[0].summary)).is_passed
    second = FakeAbstractive(lambda text, attempt: ARTICLES[0].summary if attempt else "Hello.")
    assert try_summariser(second).is_passed


@pytest.mark.parametrize(
    ("summary", "finding"),
    [
        ("The harbour of Brest was closed for 17 days after the storm.", "such as 'The harbour of Brest"),
        ("Hello. Hello. Hello.", "no sentence of its summaries of a trial article was right, such as 'Hello.'"),
        ("", "no sentence of its summaries of a trial article was right"),
    ],
)
def test_a_summariser_that_writes_nonsense(summary: str, finding: str) -> None:
    """It is refused with an example, where it wrote anything."""
    found = try_summariser(FakeAbstractive(lambda text, attempt: summary))
    assert not found.is_passed
    assert finding in found.finding
