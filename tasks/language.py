"""Which language an article is processed as: French is translated, English is only summarised, all else is refused.

A clear detection decides; an unclear one (a headline, a list of names) leaves it to what the sender declared. The
errors are not alike: a French text that passes for English is delivered untranslated without a word, a refusal is
seen. English is therefore held to more: no large part of the text may be French.
"""

from __future__ import annotations

import re

from depeche.errors import NotFrench
from tasks.engines import Detection, LanguageDetector
from tasks.normalise import has_letters

#: A detection this confident or more is believed against the declaration (see benchmarks/language.py).
CLEAR = 0.9
#: Characters looked at together when a text that is mostly English is searched for French.
WINDOW_CHARS = 1000
#: Share of French windows from which a mostly English text counts as French, such as a bilingual press release.
FRENCH_SHARE = 0.2

_WORD = re.compile(r"[^\W\d_]+")
#: Function words that no French sentence has, and those that no English one has outside a name or a quotation.
_ENGLISH_WORDS = frozenset(
    """
    and are been but by did does from had has have her his how is it its not of our she should than that the their
    them there these they this those to was were what when where which who will with would you your
    """.split()
)
_FRENCH_WORDS = frozenset(
    """
    à après au aux avec avait c ça ce ces cet cette chez comme dans de des depuis donc du elle elles en est et été être
    il ils je la le les leur leurs lui mais même ne nous où par pas pour qu que qui sa sans selon ses sont sous sur très
    un une vers vous y étaient était
    """.split()
)
#: A shorter paragraph is a heading or a quotation, and belongs to the French around it.
_LEAST_ENGLISH_WORDS = 10
_LEAST_DIFFERENT = 3
_ENGLISH_SHARE = 0.2

_UNDECIDED = Detection(language="und", confidence=0.0)

# English names of the languages met in French news agencies' regions, and of those that resemble French.
_NAMES = {
    "an": "Aragonese",
    "ar": "Arabic",
    "ary": "Moroccan Arabic",
    "arz": "Egyptian Arabic",
    "br": "Breton",
    "ca": "Catalan",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "eo": "Esperanto",
    "es": "Spanish",
    "eu": "Basque",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "gcf": "Guadeloupean Creole",
    "gcr": "Guianese Creole",
    "gl": "Galician",
    "he": "Hebrew",
    "hi": "Hindi",
    "ht": "Haitian Creole",
    "hu": "Hungarian",
    "it": "Italian",
    "ja": "Japanese",
    "kab": "Kabyle",
    "ko": "Korean",
    "la": "Latin",
    "lb": "Luxembourgish",
    "ln": "Lingala",
    "mg": "Malagasy",
    "nl": "Dutch",
    "no": "Norwegian",
    "oc": "Occitan",
    "pcm": "Nigerian Pidgin",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "rw": "Kinyarwanda",
    "sv": "Swedish",
    "sw": "Swahili",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "wa": "Walloon",
    "zh": "Chinese",
}


def identify(text: str, declared: str, force: bool, detector: LanguageDetector) -> str:
    """Decide which language to process an article as.

    Args:
        text: the whole article.
        declared: the sender's language tag, such as ``fr`` or ``fr-CA``.
        force: process as French, whatever the text is in.
        detector: asked unless forced.

    Returns:
        ``fr`` or ``en``.

    Raises:
        NotFrench: the text is clearly in another language, or is unclear and declared as another. ``detail`` has the
            ``language`` refused and the ``confidence`` of the detector's best guess.
    """
    if force:
        return "fr"
    found = _detect(text, detector)
    if _is_clearly(found, "en") and _french_share(text, detector) >= FRENCH_SHARE:
        return "fr"
    clear = found.confidence >= CLEAR and found.language != "zxx"
    language = found.language if clear else _primary_subtag(declared)
    if language in ("fr", "en"):
        return language
    raise NotFrench(
        _refusal(language, found.confidence, clear=clear),
        detail={"language": language, "confidence": round(found.confidence, 2)},
    )


def is_english(paragraph: str, detector: LanguageDetector) -> bool:
    """Whether a paragraph of a French article is surely English: its words say so, and so does the detector.

    A single French function word settles that it is not, unless it stands between capitals ("Tour de France").
    """
    words = _WORD.findall(paragraph)
    english = [word.lower() for word in words if word.lower() in _ENGLISH_WORDS]
    if len(words) < _LEAST_ENGLISH_WORDS or len(english) < _ENGLISH_SHARE * len(words):
        return False
    if len(set(english)) < _LEAST_DIFFERENT or _has_french(words):
        return False
    return _is_clearly(_detect(paragraph, detector), "en")


def _has_french(words: list[str]) -> bool:
    around = zip(["", *words], words, [*words[1:], ""], strict=False)
    return any(
        word.lower() in _FRENCH_WORDS and not (before[:1].isupper() and after[:1].isupper())
        for before, word, after in around
    )


def _detect(text: str, detector: LanguageDetector) -> Detection:
    return detector.detect(text) if has_letters(text) else _UNDECIDED


def _is_clearly(found: Detection, language: str) -> bool:
    return found.language == language and found.confidence >= CLEAR


def _french_share(text: str, detector: LanguageDetector) -> float:
    """Share of the text's windows that are clearly French, 0 to 1."""
    windows = [text[start : start + WINDOW_CHARS] for start in range(0, len(text), WINDOW_CHARS)]
    return sum(_is_clearly(_detect(window, detector), "fr") for window in windows) / len(windows)


def _primary_subtag(tag: str) -> str:
    return tag.strip().lower().replace("_", "-").partition("-")[0]


def _refusal(language: str, confidence: float, *, clear: bool) -> str:
    named = f"{_NAMES[language]} ({language})" if language in _NAMES else f'language "{language}"'
    remedy = "To process it as French all the same, set options.force (--force)."
    if clear:
        return f"The article is in {named}, not in French (confidence {confidence:.2f}). {remedy}"
    return f"The article is declared as {named}, and its text is too short or too mixed to say otherwise. {remedy}"
