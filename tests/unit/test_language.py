"""The language step: which detections are believed, which declarations, and what a refusal says."""

from __future__ import annotations

import pytest

from depeche.errors import NotFrench
from tasks.engines import Detection
from tasks.language import CLEAR, FRENCH_SHARE, WINDOW_CHARS, identify, is_english

UNCLEAR = CLEAR - 0.01


class FakeDetector:
    """Answers what the test says; a text with a listed marker in it gets the marker's answer instead."""

    def __init__(self, language: str, confidence: float = 1.0, *, windows: dict[str, Detection] | None = None) -> None:
        self.answer = Detection(language, confidence)
        self.windows = windows or {}
        self.asked: list[str] = []

    def detect(self, text: str) -> Detection:
        self.asked.append(text)
        if len(text) <= WINDOW_CHARS:
            return next((found for marker, found in self.windows.items() if text.startswith(marker)), self.answer)
        return self.answer


@pytest.mark.parametrize("declared", ["fr", "en", "es"])
def test_clear_french_is_french_whatever_is_declared(declared: str) -> None:
    """A clear detection of French beats every declaration, at the threshold already."""
    assert identify("Le pont est fermé.", declared, False, FakeDetector("fr", CLEAR)) == "fr"


@pytest.mark.parametrize("declared", ["fr", "en", "es"])
def test_clear_english_is_english_whatever_is_declared(declared: str) -> None:
    """Clear English is not sent through the translator."""
    assert identify("The bridge is closed.", declared, False, FakeDetector("en", CLEAR)) == "en"


def test_unclear_english_declared_french_is_french() -> None:
    """A French text is never delivered untranslated because of a guess."""
    assert identify("Festival international", "fr", False, FakeDetector("en", UNCLEAR)) == "fr"


@pytest.mark.parametrize(("declared", "expected"), [("fr", "fr"), ("fr-CA", "fr"), ("FR_be", "fr"), ("en-GB", "en")])
def test_unclear_text_is_what_it_is_declared_as(declared: str, expected: str) -> None:
    """The sender's word settles an unclear text; regional tags and letter case count for nothing."""
    assert identify("Emmanuel Durand", declared, False, FakeDetector("de", UNCLEAR)) == expected


def test_clear_other_language_is_refused_by_name() -> None:
    """A refusal names the language, how sure it is and what to do, in words and in figures."""
    with pytest.raises(NotFrench) as refusal:
        identify("El puente está cerrado.", "fr", False, FakeDetector("es", 0.987))
    assert "Spanish (es)" in refusal.value.message
    assert "0.99" in refusal.value.message
    assert "--force" in refusal.value.message
    assert "options.force" in refusal.value.message
    assert refusal.value.detail == {"language": "es", "confidence": 0.99}


def test_unknown_code_is_printed_as_it_is() -> None:
    """A language without a name in the table is still refused, by its code."""
    with pytest.raises(NotFrench, match='language "ltg"'):
        identify("Tylts ir slāgts.", "fr", False, FakeDetector("ltg", 0.95))


def test_unclear_text_declared_as_another_language_is_refused() -> None:
    """Nothing says that it is French or English, so it is not taken for either."""
    with pytest.raises(NotFrench, match=r"declared as Portuguese \(pt\)") as refusal:
        identify("Valmonte 2031", "pt-BR", False, FakeDetector("es", 0.3))
    assert refusal.value.detail == {"language": "pt", "confidence": 0.3}


def test_force_is_french_without_asking() -> None:
    """Force overrules the clearest detection, and saves its time."""
    detector = FakeDetector("es")
    assert identify("El puente está cerrado.", "es", True, detector) == "fr"
    assert detector.asked == []


@pytest.mark.parametrize("text", ["", "2031 - 14:30 (!)"])
def test_text_without_letters_is_what_it_is_declared_as(text: str) -> None:
    """The detector is promised a letter; without one the declaration decides."""
    detector = FakeDetector("zh")
    assert identify(text, "fr", False, detector) == "fr"
    assert detector.asked == []


def test_no_language_at_all_is_no_refusal() -> None:
    """A detector's confident "no linguistic content" leaves the choice to the declaration."""
    assert identify("x7 q9 zz", "fr", False, FakeDetector("zxx", 1.0)) == "fr"


@pytest.mark.parametrize(("french_windows", "expected"), [(0, "en"), (1, "en"), (2, "fr"), (10, "fr")])
def test_mostly_english_text_with_a_fifth_of_french_is_french(french_windows: int, expected: str) -> None:
    """The French half of a bilingual release is not left untranslated; a French quotation changes nothing."""
    assert 1 / 10 < FRENCH_SHARE <= 2 / 10
    text = "F" * WINDOW_CHARS * french_windows + "E" * WINDOW_CHARS * (10 - french_windows)
    detector = FakeDetector("en", windows={"F": Detection("fr", 1.0)})
    assert identify(text, "fr", False, detector) == expected


ENGLISH_PARAGRAPH = "The mayor said that the bridge was closed, and that it would not be open before the end of May."


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        (ENGLISH_PARAGRAPH, True),
        ("The riders of the Tour de France were seen in the town, and they did not have time for us.", True),
        ("The End of the World", False),
        ("La mairie dit que le pont est fermé et qu'il ne sera pas ouvert avant la fin du mois de mai.", False),
        (f"{ENGLISH_PARAGRAPH} Le maire est désolé.", False),
    ],
)
def test_english_paragraphs(paragraph: str, expected: bool) -> None:
    """English function words and no French one make a paragraph English; a few words are too few to say."""
    assert is_english(paragraph, FakeDetector("en")) is expected


@pytest.mark.parametrize("found", [Detection("en", UNCLEAR), Detection("fr", 1.0)])
def test_a_doubtful_paragraph_is_not_english(found: Detection) -> None:
    """The detector must be sure too."""
    assert not is_english(ENGLISH_PARAGRAPH, FakeDetector(found.language, found.confidence))
