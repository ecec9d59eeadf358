"""What the flags, the confidence and the times of a result mean, in plain words."""

from __future__ import annotations

from typing import Literal

from depeche.article import Flag, Segment

#: What each flag says. A person reads it who knows neither the flags nor the checks.
HEADINGS = {
    Flag.NUMBER_MISMATCH: "A number differs",
    Flag.NAME_MISSING: "A name is missing in the English",
    Flag.REPETITION: "Words repeat in a loop",
    Flag.LENGTH_RATIO: "The length is unusual, so something may be missing or added",
    Flag.UNTRANSLATED: "French is left in the English",
    Flag.RESPLIT: "Translated in parts, which were put together",
    Flag.PROMPT_LEAK: "The model repeated its own examples, so the French was kept",
    Flag.EMPTY: "The model gave nothing, so the French was kept",
    Flag.ALREADY_ENGLISH: "This was English already",
    Flag.LOW_CONFIDENCE: "The model was not sure of its words",
    Flag.ADDRESS_CHANGED: "An address, a piece of code or a sign is not as it was",
    Flag.OTHER_LANGUAGE: "This is in a third language and was kept as it is",
    Flag.TERM_MISSING: "A term of the glossary is missing",
    Flag.DATE_MISMATCH: "A weekday or a month differs",
    Flag.NEGATION_MISMATCH: "One language denies what the other does not",
    Flag.CHARACTERS_LOST: "Signs that the model cannot read were lost",
}

#: These say what happened to a sentence. They do not mean that its English may be wrong.
NOTICES = frozenset({Flag.RESPLIT, Flag.ALREADY_ENGLISH, Flag.OTHER_LANGUAGE})

#: What these found stands in one language by their nature, which their headings say.
_ONE_SIDED = frozenset(
    {
        Flag.NAME_MISSING,
        Flag.TERM_MISSING,
        Flag.ADDRESS_CHANGED,
        Flag.CHARACTERS_LOST,
        Flag.REPETITION,
        Flag.UNTRANSLATED,
        Flag.PROMPT_LEAK,
    }
)

#: The evidence of these is a measure and no quotation.
_MEASURED = frozenset({Flag.LENGTH_RATIO})

SummaryKind = Literal["abstractive", "extractive", "none"]

_SUMMARIES: dict[SummaryKind, str] = {
    "abstractive": "Written anew by a model",
    "extractive": "Sentences taken from the translation",
    "none": "There is no summary",
}


def heading(flag: Flag) -> str:
    """What a flag says. One that only newer workers know is called by its own name."""
    return HEADINGS.get(flag) or f"Flagged as {flag.replace('_', ' ')}"


def is_doubtful(flags: list[Flag]) -> bool:
    """Whether a sentence with these flags may be wrong, so that a person should look at it."""
    return not NOTICES.issuperset(flags)


def reasons(segment: Segment) -> list[str]:
    """Why a sentence is flagged: a line for each flag, doubts first, with the words that its check found."""
    flags = sorted(segment.flags, key=lambda flag: flag in NOTICES)
    return [reason(flag, [(d.fr, d.en) for d in segment.details if d.flag == flag]) for flag in flags]


def reason(flag: Flag, evidence: list[tuple[str, str]]) -> str:
    """One flag in words.

    Args:
        flag: what was found.
        evidence: where it shows, in French and in English; a text is empty where that language has nothing.
    """
    found = [_found(flag, fr, en) for fr, en in evidence if fr or en]
    between = ", " if flag in _ONE_SIDED else "; "
    return f"{heading(flag)}: {between.join(found)}." if found else f"{heading(flag)}."


def _found(flag: Flag, fr: str, en: str) -> str:
    if flag in _MEASURED:
        return f"{fr} in French, {en} in English"
    if flag in _ONE_SIDED:
        return ", ".join(f"“{text}”" for text in (fr, en) if text)
    if fr and en:
        return f"“{fr}” in French, “{en}” in English"
    return f"“{fr}” in French only" if fr else f"“{en}” in English only"


def confidence_in_words(confidence: float | None, median: float | None) -> str:
    """How sure the model was of one sentence, next to the article's median; empty where that is not known."""
    if confidence is None:
        return ""
    beside = "" if median is None else f"; the median of this article is {median:.2f}"
    return f"Confidence {confidence:.2f} of 1{beside}."


def summary_in_words(kind: SummaryKind) -> str:
    """How a summary came about."""
    return _SUMMARIES[kind]


def count(number: int, singular: str, plural: str = "") -> str:
    """A number and its noun, such as "1 sentence" or "2 sentences"."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def duration(milliseconds: int) -> str:
    """A time that a person can read, such as "16 ms", "38.7 s" or "3 min 20 s"."""
    if milliseconds < 1000:
        return f"{milliseconds} ms"
    if milliseconds < 59_950:
        return f"{milliseconds / 1000:.1f} s"
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    if minutes < 60:
        return f"{minutes} min {seconds} s"
    return f"{minutes // 60:,} h {minutes % 60} min"
