"""Faults in one English translation of one French sentence, found without a model.

Translation models fail in known ways: they loop, stop early, leave French standing, lose numbers and names, or repeat
their prompt. Each check here is tuned to be silent on good human translations; what it finds is worth another attempt.
The margins were measured with ``benchmarks/checks.py``; run it again before changing one.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from depeche.article import Flag
from tasks.checks.names import missing_names
from tasks.checks.numbers import numbers_agree

_WORD = re.compile(r"[^\W_]+")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


#: How bad each fault is: an unusable text, a text with a hole or a false fact, a text with a doubt; and, next to
#: nothing, a text whose parts did not know of each other.
_WEIGHTS = {
    Flag.EMPTY: 100.0,
    Flag.UNTRANSLATED: 30.0,
    Flag.PROMPT_LEAK: 30.0,
    Flag.REPETITION: 20.0,
    Flag.LENGTH_RATIO: 10.0,
    Flag.NUMBER_MISMATCH: 10.0,
    Flag.NAME_MISSING: 5.0,
    Flag.LOW_CONFIDENCE: 2.0,
    Flag.CHARACTERS_LOST: 2.0,
    Flag.RESPLIT: 1.0,
}

# English characters for each French one, over 17,000 human translations: the median, and how the spread of its
# logarithm shrinks with the length of the French.
_EXPECTED_RATIO = 0.88
_SPREAD_OF_LONG = 0.10
_SPREAD_OF_ONE = 0.95
_MOST_SPREADS = 3.0
#: A translation that lost its closing mark was probably cut off, so less shortness is needed to tell.
_MOST_SPREADS_UNCLOSED = 1.5

_CLOSED = re.compile(r"[.!?…][\"'’”»)\]\s]*$")

_LONGEST_PERIOD_WORDS = 30
_LONGEST_PERIOD_CHARACTERS = 8
_LONGEST_STUTTER = 5
_LOOPED_CHARACTERS = 16
_SHARE_WORDS = 3
_LARGEST_SHARE = 0.2
_LEAST_COUNT = 4
_TWICE_WORDS = 8

#: French function words that English text does not have; those in names and loan words are left out.
_FRENCH = """
à avec avait avoir cet cette ces dans dont elle elles entre est été être il ils je leur leurs lorsque mais même ne nous
où par pas pendant plusieurs pour qu que qui sa sans selon ses soit sont très un une vers vous ainsi après aussi
avant celle celui ceux chez comme depuis deux encore était étaient fait lui moins nos ont peut puis quand quelques sera
seront tous tout toute toutes votre vos
"""
#: Function words that also stand in names ("Tour du Mont", "Val-sur-Mer"): a text that is only copied may have them.
_FRENCH_OF_NAMES = "au aux des du et notre sous sur"
#: Those that are words or names in English too: they only count beside other French ones.
_FRENCH_ANYWHERE = "de la le les l d en ce se s n j"
#: A sentence with one of these was English already, and is right when it is copied.
_ENGLISH = "and are for from have his its not our that the their they this was were will with you"
_NAME_WORDS = frozenset(_FRENCH_OF_NAMES.split() + _FRENCH_ANYWHERE.split())
_FRENCH_WORDS = frozenset(_FRENCH.split() + _FRENCH_OF_NAMES.split())
_WEAK_FRENCH_WORDS = frozenset(_FRENCH_ANYWHERE.split())
_ENGLISH_WORDS = frozenset(_ENGLISH.split())
_COPIED_WORDS = 4
_COPIED_SMALL_WORDS = 3
_LONG_WORD = 4
_WORD_OR_MARK = re.compile(r"[^\W_]+|[^\w\s'’-]")
_ACCENT = re.compile("[àâçèéêëîïôùûœ]")
#: Quotations, and phrases that English took over.
_FRENCH_IN_ENGLISH = re.compile(
    r"[\"“«][^\"”»]{1,80}[\"”»]|\b(?:crème de la crème|charg\w+ d.affaires|vis-à-vis|t[êe]te-à-t[êe]te|à la \w+"
    r"|coups? d.[ée]tat|raison d.être|joie de vivre|cause célèbre|déjà vu|fait accompli|(?:savoir|laissez).faire"
    r"|mise en \w+|hors d.œuvres?)\b",
    re.IGNORECASE,
)
_FRENCH_SHARE = 0.2

_LEAKED_WORDS = 7
_LEAST_LEAKED_WORDS = 5
_PROMPT_LABEL = re.compile(
    r"(?:^|[\n.!?\"”»|])\s{0,3}(?:french|english|français|anglais|translation|traduction)\s*:", re.IGNORECASE
)
_LABEL_IN_SOURCE = re.compile(r"français|anglais|french|english|traduction|translation", re.IGNORECASE)
_CHAT_MARK = re.compile(r"<\|?/?[a-z_]{1,30}\|?>")


def check(source: str, translation: str, *, prompt_texts: Sequence[str] = ()) -> tuple[Flag, ...]:
    """The faults of ``translation``, an English translation of the French sentence ``source``.

    Args:
        source: one French sentence.
        translation: what the model gave for it.
        prompt_texts: sentences of the model's own prompt, in both languages. Seven words in a row of one are a leak,
            five where it has no more; those with fewer than five words are too common to tell.

    Returns:
        Each fault once; nothing for a translation without visible fault. ``EMPTY`` comes alone. Two texts without
        letters or digits, such as ``***``, have no fault.
    """
    if not _LETTER_OR_DIGIT.search(translation):
        return (Flag.EMPTY,) if _LETTER_OR_DIGIT.search(source) else ()
    found = {
        Flag.NUMBER_MISMATCH: not numbers_agree(source, translation),
        Flag.NAME_MISSING: bool(missing_names(source, translation)),
        Flag.REPETITION: _repeats(source, translation),
        Flag.LENGTH_RATIO: _has_odd_length(source, translation),
        Flag.UNTRANSLATED: _is_untranslated(source, translation),
        Flag.PROMPT_LEAK: _leaks_prompt(source, translation, prompt_texts),
    }
    return tuple(flag for flag, is_set in found.items() if is_set)


def penalty(flags: Iterable[Flag], source: str, translation: str) -> float:
    """How bad a candidate translation is, 0 or more: the candidate with the least is the best.

    Faults weigh first; between equals, the length that is closest to the expected one wins.
    """
    distance = abs(math.log((len(translation) + 1) / (len(source) + 1) / _EXPECTED_RATIO))
    return sum(_WEIGHTS.get(flag, 0.0) for flag in set(flags)) + min(distance, 1.0)


def _has_odd_length(source: str, translation: str) -> bool:
    french, english = len(source.strip()), len(translation.strip())
    if not french:
        return english > 0
    spread = math.sqrt(_SPREAD_OF_LONG**2 + _SPREAD_OF_ONE / french)
    deviation = math.log(english / french / _EXPECTED_RATIO) / spread
    unclosed = bool(_CLOSED.search(source)) and not _CLOSED.search(translation)
    return deviation > _MOST_SPREADS or -deviation > (_MOST_SPREADS_UNCLOSED if unclosed else _MOST_SPREADS)


def _repeats(source: str, translation: str) -> bool:
    french, english = _words(source), _words(translation)
    if _looped_words(english) and not _looped_words(french):
        return True
    if _stutters(translation) and not _stutters(source):
        return True
    if _largest_share(english) > max(_LARGEST_SHARE, _largest_share(french)):
        return True
    if _has_twice(english, _TWICE_WORDS) and not _has_twice(french, _TWICE_WORDS // 2):
        return True
    return _looped_characters(translation) and not _looped_characters(source)


def _looped_words(words: Sequence[str]) -> bool:
    """Whether one word stands 4 times in a row, or 2 to 4 words 3 times, or 5 and more words twice."""
    for period in range(1, min(_LONGEST_PERIOD_WORDS, len(words) // 2) + 1):
        times = 4 if period == 1 else 3 if period < 5 else 2
        if _longest_run(words, period) >= period * (times - 1):
            return True
    return False


def _stutters(text: str) -> bool:
    """Whether 2 to 4 words stand twice in a row with no mark between that does not stand twice as well."""
    words = _WORD_OR_MARK.findall(text.casefold())
    return any(_longest_run(words, period) >= period for period in range(2, _LONGEST_STUTTER + 1))


def _has_twice(words: Sequence[str], length: int) -> bool:
    """Whether the text says ``length`` words in a row twice, other words in between or not."""
    runs = list(zip(*(words[i:] for i in range(length)), strict=False))
    return len(runs) != len(set(runs))


def _looped_characters(text: str) -> bool:
    return any(_longest_run(text, p) >= _LOOPED_CHARACTERS for p in range(1, _LONGEST_PERIOD_CHARACTERS + 1))


def _longest_run(items: Sequence[str], period: int) -> int:
    """The most consecutive items that equal the one ``period`` before them."""
    longest = run = 0
    for before, item in zip(items, items[period:], strict=False):
        run = run + 1 if before == item else 0
        longest = max(longest, run)
    return longest


def _largest_share(words: Sequence[str]) -> float:
    """The share of the text that its most frequent three words in a row take, if they come often."""
    counts = Counter(zip(*(words[i:] for i in range(_SHARE_WORDS)), strict=False))
    most = max(counts.values(), default=0)
    return most * _SHARE_WORDS / len(words) if most >= _LEAST_COUNT else 0.0


def _is_untranslated(source: str, translation: str) -> bool:
    english, french = _words(translation), _words(source)
    strong = sum(word in _FRENCH_WORDS for word in english)
    weak = sum(word in _WEAK_FRENCH_WORDS for word in english)
    if english == french:
        return _is_plain_french(translation)
    if strong > 1 and (strong + weak) > _FRENCH_SHARE * len(english):
        return True
    return _copies_french(french, english) or _copies_words(source, translation)


def _is_plain_french(copied: str) -> bool:
    """Whether a text that is the same in both languages is more than names and figures, and not English."""
    folded = _words(copied)
    french = sum(word in _FRENCH_WORDS or word in _WEAK_FRENCH_WORDS for word in folded)
    if sum(word in _ENGLISH_WORDS for word in folded) > french:
        return False
    if any(word in _FRENCH_WORDS - _NAME_WORDS for word in folded):
        return True
    # Whole words between spaces, so that an address such as "site.fr" is none.
    plain = [word for word in copied.split() if word.islower() and word.isalpha()]
    common = [word for word in plain if len(word) > 2 and word not in _NAME_WORDS]
    return len(common) > 1 or 0 < len(common) < len(plain)


def _copies_french(french: Sequence[str], english: Sequence[str]) -> bool:
    """Whether several French words in a row, function words among them, stand in the English."""
    spans = set(zip(*(french[i:] for i in range(_COPIED_WORDS)), strict=False))
    for span in zip(*(english[i:] for i in range(_COPIED_WORDS)), strict=False):
        strong = sum(word in _FRENCH_WORDS for word in span)
        if strong and strong + sum(word in _WEAK_FRENCH_WORDS for word in span) > 1 and span in spans:
            return True
    return False


def _copies_words(source: str, translation: str) -> bool:
    """Whether three small words in a row stand in both texts that cannot be English.

    One of them is a French function word, or has an accent, or all are long. Titles, names and what stands in quotation
    marks in English may be French: and what begins with a capital is no small word.
    """
    spans = set(_small_spans(source))
    return any(
        span in spans and _cannot_be_english(span) for span in _small_spans(_FRENCH_IN_ENGLISH.sub(" | ", translation))
    )


def _small_spans(text: str) -> Iterator[tuple[str, ...]]:
    words = _WORD_OR_MARK.findall(text.replace(",", ""))
    for span in zip(*(words[i:] for i in range(_COPIED_SMALL_WORDS)), strict=False):
        if all(word.islower() for word in span):
            yield span


def _cannot_be_english(span: Sequence[str]) -> bool:
    if any(word in _ENGLISH_WORDS for word in span):
        return False
    return any(word in _FRENCH_WORDS - _NAME_WORDS or _ACCENT.search(word) for word in span) or all(
        len(word) >= _LONG_WORD for word in span
    )


def _leaks_prompt(source: str, translation: str, prompt_texts: Sequence[str]) -> bool:
    if _PROMPT_LABEL.search(translation) and not _LABEL_IN_SOURCE.search(source):
        return True
    if any(mark not in source for mark in _CHAT_MARK.findall(translation)):
        return True
    french, english, prompts = _words(source), _words(translation), [_words(text) for text in prompt_texts]
    # An article may quote the very sentence; then its translation is no leak.
    quoted = any(_shares_words(prompt, french) for prompt in prompts)
    return not quoted and any(_shares_words(prompt, english) for prompt in prompts)


def _shares_words(prompt: Sequence[str], english: Sequence[str]) -> bool:
    length = max(_LEAST_LEAKED_WORDS, min(_LEAKED_WORDS, len(prompt)))
    spans = set(zip(*(prompt[i:] for i in range(length)), strict=False))
    return any(span in spans for span in zip(*(english[i:] for i in range(length)), strict=False))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
