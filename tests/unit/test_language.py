"""Languages: which detections are believed, which declarations, and what a refusal says."""

from __future__ import annotations

from pathlib import Path

import pytest

from depeche.errors import NotFrench
from tasks.engines import Detection
from tasks.language import CLEAR, FRENCH_SHARE, Languages, identify
from tests.unit.language_golden import MIXED, Mixed
from worker.models.engines.language import Detector, unpack

UNCLEAR = CLEAR - 0.01


class FakeDetector:
    """Answers what the test says; a text that begins with a listed marker gets the marker's answer instead."""

    def __init__(self, language: str, confidence: float = 1.0, *, marked: dict[str, Detection] | None = None) -> None:
        self.answer = Detection(language, confidence)
        self.marked = marked or {}
        self.asked: list[str] = []

    def detect(self, text: str) -> Detection:
        self.asked.append(text)
        if " " in text:
            return self.answer
        return next((found for marker, found in self.marked.items() if text.startswith(marker)), self.answer)


def article_language(text: str, declared: str, detector: FakeDetector) -> str:
    """What an article of one sentence is processed as."""
    return identify([[text]], declared, False, detector).article


@pytest.fixture(scope="module")
def detector() -> Detector:
    """The real one: its model is in its package."""
    return Detector()


def test_unpacked_it_says_the_same(detector: Detector, tmp_path: Path) -> None:
    """Files that are mapped into memory hold what the package has."""
    unpack(tmp_path / "language")
    mapped = Detector(tmp_path / "language")
    texts = [" ".join(paragraph) for mixed in MIXED for paragraph in mixed.paragraphs] + ["Pont", "\udce9", "…", "中文"]
    assert [mapped.detect(text) for text in texts] == [detector.detect(text) for text in texts]


@pytest.mark.parametrize("mixed", MIXED, ids=lambda mixed: mixed.name)
def test_mixed_articles(mixed: Mixed, detector: Detector) -> None:
    """French is translated wherever it stands, and only what is surely in another language passes through."""
    assert identify(mixed.paragraphs, "fr", False, detector) == Languages(mixed.article, tuple(mixed.languages))


@pytest.mark.parametrize("declared", ["fr", "en", "es"])
def test_clear_french_is_french_whatever_is_declared(declared: str) -> None:
    """A clear detection of French beats every declaration, at the threshold already."""
    assert article_language("Pont fermé", declared, FakeDetector("fr", CLEAR)) == "fr"


@pytest.mark.parametrize("declared", ["fr", "en", "es"])
def test_clear_english_is_english_whatever_is_declared(declared: str) -> None:
    """Clear English is not sent through the translator."""
    found = identify([["The bridge is closed."]], declared, False, FakeDetector("en", CLEAR))
    assert found == Languages("en", ("en",))


def test_unclear_english_declared_french_is_french() -> None:
    """A French text is never delivered untranslated because of a guess."""
    found = identify([["Festival international"]], "fr", False, FakeDetector("en", UNCLEAR))
    assert found == Languages("fr", ("fr",))


@pytest.mark.parametrize(("declared", "expected"), [("fr", "fr"), ("fr-CA", "fr"), ("FR_be", "fr"), ("en-GB", "en")])
def test_unclear_text_is_what_it_is_declared_as(declared: str, expected: str) -> None:
    """The sender's word settles an unclear text; regional tags and letter case count for nothing."""
    found = identify([["Emmanuel Durand"]], declared, False, FakeDetector("de", UNCLEAR))
    assert found == Languages(expected, (expected,))


def test_clear_other_language_is_refused_by_name() -> None:
    """A refusal names the language, how sure it is and what to do, in words and in figures."""
    with pytest.raises(NotFrench) as refusal:
        article_language("El puente está cerrado.", "fr", FakeDetector("es", 0.987))
    assert "Spanish (es)" in refusal.value.message
    assert "0.99" in refusal.value.message
    assert "--force" in refusal.value.message
    assert "options.force" in refusal.value.message
    assert refusal.value.detail == {"language": "es", "confidence": 0.99}


def test_unknown_code_is_printed_as_it_is() -> None:
    """A language without a name in the table is still refused, by its code."""
    with pytest.raises(NotFrench, match='language "ltg"'):
        article_language("Tylts ir slāgts.", "fr", FakeDetector("ltg", 0.95))


def test_unclear_text_declared_as_another_language_is_refused() -> None:
    """Nothing says that it is French or English, so it is not taken for either."""
    with pytest.raises(NotFrench, match=r"declared as Portuguese \(pt\)") as refusal:
        article_language("Valmonte 2031", "pt-BR", FakeDetector("es", 0.3))
    assert refusal.value.detail == {"language": "pt", "confidence": 0.3}


@pytest.mark.parametrize(
    ("sentence", "expected"), [("The town hall said that it would open.", "en"), ("El puente está cerrado hoy.", "es")]
)
def test_sentences_decide_where_the_whole_is_unclear(detector: Detector, sentence: str, expected: str) -> None:
    """The same sentence many times has too few words for the detector, and is in its language all the same."""
    paragraphs = [[sentence] * 200]
    if expected == "en":
        assert identify(paragraphs, "fr", False, detector) == Languages("en", ("en",) * 200)
        return
    with pytest.raises(NotFrench, match=rf"\({expected}\)"):
        identify(paragraphs, "fr", False, detector)


def test_force_is_french_without_asking() -> None:
    """Force overrules the clearest detection of every sentence, and saves its time."""
    detector = FakeDetector("es")
    assert identify([["El puente"], ["Adiós", "Hola"]], "es", True, detector) == Languages("fr", ("fr",) * 3)
    assert detector.asked == []


@pytest.mark.parametrize("text", ["", "2031 - 14:30 (!)"])
def test_text_without_letters_is_what_it_is_declared_as(text: str) -> None:
    """The detector is promised a letter; without one the declaration decides."""
    detector = FakeDetector("zh")
    assert article_language(text, "fr", detector) == "fr"
    assert detector.asked == []


def test_no_language_at_all_is_no_refusal() -> None:
    """A detector's confident "no linguistic content" leaves the choice to the declaration."""
    assert article_language("x7 q9 zz", "fr", FakeDetector("zxx", 1.0)) == "fr"


@pytest.mark.parametrize(("french", "expected"), [(0, "en"), (1, "en"), (2, "fr"), (10, "fr")])
def test_mostly_english_text_with_a_fifth_of_french_is_french(french: int, expected: str) -> None:
    """The article is named for the larger part, and its French sentences are translated in either case."""
    assert 1 / 10 < FRENCH_SHARE <= 2 / 10
    paragraphs = [["F" * 50]] * french + [["E" * 50]] * (10 - french)
    found = identify(paragraphs, "fr", False, FakeDetector("en", marked={"F": Detection("fr", 1.0)}))
    assert found == Languages(expected, ("fr",) * french + ("en",) * (10 - french))


@pytest.mark.parametrize("text", ["El puente está cerrado.", "Das Buch"])
def test_words_too_few_to_be_sure_of_a_third_language(text: str, detector: Detector) -> None:
    """In a French article, a short unclear sentence is translated with the rest."""
    article = [["Le maire a parlé mardi devant une salle pleine."], [text[:6]]]
    assert identify(article, "fr", False, detector).sentences == ("fr", "fr")
