"""Which language an article and each of its sentences is in: French is translated, what is not passes through.

A clear detection decides; an unclear one (a headline, a list of names) leaves it to the sentences around, and to what
the sender declared. The errors are not alike: French that passes for English is delivered untranslated, English that
passes for French comes back from the model much as it was. So a sentence passes only where it is surely not French.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from depeche.errors import NotFrench
from tasks.engines import Detection, LanguageDetector
from tasks.normalise import has_letters
from tasks.protected import spans

#: A detection this confident or more is believed. Of 9,800 French and 8,000 English sentences no clear one was wrong
#: (see benchmarks/language.py).
CLEAR = 0.9
#: Share of French, by characters, from which a text that is mostly in another language counts as French.
FRENCH_SHARE = 0.2

_WORD = re.compile(r"[^\W\d_]+")
#: Function words that no French sentence has, and those that no English one has outside a name or a quotation.
_ENGLISH_WORDS = frozenset(
    """
    and are be been but by did does for from had has have he her his how i'm if in into is it its just my not of our
    over she should than that the their them then there these they this those to was we were what when where which who
    why will with would you your
    """.split()
)
_FRENCH_WORDS = frozenset(
    """
    à après au aux avec avait ça ce ces cet cette chez comme dans de des depuis donc du elle elles est et été être
    il ils je la le les leur leurs lui mais même ne nous où par pas pour qu que qui sa sans selon ses sont sous sur très
    un une vers vous étaient était
    """.split()
)
#: Those that are in no other Romance or Germanic language either.
_FRENCH_ALONE = frozenset(
    """
    à aux avait avec ça ces cette chez dans depuis elle elles été être ils nous où pour qu très une vous était
    """.split()
)
_INVERSION = re.compile(r"-t-(?:il|elle|on)s?\b", re.IGNORECASE)
#: Of an unclear sentence: English function words, or one where the detector has English for its best guess.
_LEAST_ENGLISH = 2
#: Letters of a sentence that passes as one in a third language.
_LEAST_OTHER_LETTERS = 8
#: A sentence of so many words, none of them French alone, passes with less confidence: of 21,800 French sentences none
#: reached this.
CLEAR_OTHER, _LEAST_OTHER_WORDS = 0.7, 5

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


@dataclass(frozen=True)
class Languages:
    """What an article is processed as.

    Attributes:
        article: ``fr`` or ``en``: what most of it is in.
        sentences: the language of each sentence, in order: ``fr``, ``en``, or the code of a third one.
    """

    article: str
    sentences: tuple[str, ...]


def identify(paragraphs: Sequence[Sequence[str]], declared: str, force: bool, detector: LanguageDetector) -> Languages:
    """Decide which language to process an article and each of its sentences as.

    Args:
        paragraphs: the sentences of the article, by paragraph; the title is a paragraph of its own.
        declared: the sender's language tag, such as ``fr`` or ``fr-CA``.
        force: process all of it as French, whatever it is in.
        detector: asked unless forced.

    Raises:
        NotFrench: the text is clearly in another language, with less than a fifth of French; or is unclear and declared
            as another. ``detail`` has the ``language`` refused and the ``confidence`` of the detector's best guess.
    """
    if force:
        return Languages("fr", ("fr",) * sum(map(len, paragraphs)))
    found = [[_Found.of(sentence, detector) for sentence in sentences] for sentences in paragraphs]
    article = _of_article(paragraphs, found, declared, detector)
    return Languages(article, tuple(s.within(sentences, article) for sentences in found for s in sentences))


@dataclass(frozen=True)
class _Found:
    """What one sentence shows by itself.

    Attributes:
        sure: the language that it is surely in; French too where it is in another language with French around it.
        likely: the language that its words speak for; None where they say nothing.
    """

    sure: str | None
    likely: str | None

    @classmethod
    def of(cls, sentence: str, detector: LanguageDetector) -> _Found:
        text = _without_spans(sentence)
        words = _WORD.findall(text)
        detection = _detect(text, detector)
        clear = detection.confidence >= CLEAR and detection.language != "zxx"
        is_english = detection.language == "en"
        has_french = _has_french(words, _FRENCH_WORDS)
        if detection.language == "fr" and (clear or has_french):
            return cls("fr", "fr")
        if _has_french(words, _FRENCH_ALONE) or _INVERSION.search(text):
            return cls("fr", "fr")
        is_other = detection.language not in ("fr", "en", "zxx")
        if is_other and (
            (clear and sum(map(len, words)) >= _LEAST_OTHER_LETTERS)
            or (detection.confidence >= CLEAR_OTHER and len(words) >= _LEAST_OTHER_WORDS)
        ):
            return cls(detection.language, detection.language)
        if has_french:
            return cls(None, "fr")
        english = len({word.lower() for word in words} & _ENGLISH_WORDS) + is_english
        return cls("en" if clear and is_english else None, "en" if english >= _LEAST_ENGLISH else None)

    def within(self, paragraph: Sequence[_Found], article: str) -> str:
        """The language to process it as, by itself or else by the sentences around it."""
        around = {sentence.sure for sentence in paragraph if sentence.sure}
        return self.sure or self.likely or (around.pop() if len(around) == 1 else article)


def _of_article(
    paragraphs: Sequence[Sequence[str]],
    found: Sequence[Sequence[_Found]],
    declared: str,
    detector: LanguageDetector,
) -> str:
    chars: Counter[str] = Counter()
    for sentences, shown in zip(paragraphs, found, strict=True):
        for sentence, one in zip(sentences, shown, strict=True):
            chars[one.sure or one.likely or ""] += len(sentence)
    unknown = chars.pop("", 0)
    if chars["fr"] and chars["fr"] >= FRENCH_SHARE * chars.total():
        return "fr"
    whole = _detect(" ".join(sentence for sentences in paragraphs for sentence in sentences), detector)
    clear = whole.confidence >= CLEAR and whole.language != "zxx"
    language = whole.language if clear else _primary_subtag(declared)
    if not clear and chars.total() > unknown:
        # What its sentences are in says more than what somebody has declared.
        language, clear = chars.most_common(1)[0][0], True
    if language in ("fr", "en"):
        return language
    raise NotFrench(
        _refusal(language, whole.confidence, clear=clear),
        detail={"language": language, "confidence": round(whole.confidence, 2)},
    )


def _has_french(words: Sequence[str], french: frozenset[str]) -> bool:
    """Whether one of the words is French, and no part of a name or acronym: "Tour de France", "Le Mans", "UN"."""
    around = zip(["", *words], words, [*words[1:], ""], strict=False)
    return any(word.lower() in french and not _in_name(before, word, after) for before, word, after in around)


def _in_name(before: str, word: str, after: str) -> bool:
    if len(word) > 1 and word.isupper():
        return not after.isupper()
    return after[:1].isupper() and (before[:1].isupper() or word[0].isupper())


def _without_spans(sentence: str) -> str:
    """``sentence`` without addresses, code and the like, whose words are mostly English."""
    kept, end = [], 0
    for span in spans(sentence):
        kept.append(sentence[end : span.start])
        end = span.end
    return " ".join([*kept, sentence[end:]])


def _detect(text: str, detector: LanguageDetector) -> Detection:
    return detector.detect(text) if has_letters(text) else _UNDECIDED


def _primary_subtag(tag: str) -> str:
    return tag.strip().lower().replace("_", "-").partition("-")[0]


def _refusal(language: str, confidence: float, *, clear: bool) -> str:
    named = f"{_NAMES[language]} ({language})" if language in _NAMES else f'language "{language}"'
    remedy = "To process it as French all the same, set options.force (--force)."
    if clear:
        return f"The article is in {named}, not in French (confidence {confidence:.2f}). {remedy}"
    return f"The article is declared as {named}, and its text is too short or too mixed to say otherwise. {remedy}"
