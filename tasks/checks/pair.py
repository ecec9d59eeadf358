"""Faults in one English translation of one French sentence, found without a model.

Translation models fail in known ways: they loop, stop early, leave French standing, lose numbers, names and "not", or
repeat their prompt. Each check here is tuned to be silent on good human translations; what it finds is worth another
attempt. The margins were measured with ``benchmarks/checks.py``; run it again before changing one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from depeche.article import Flag
from tasks.checks import length
from tasks.checks.addresses import changed_addresses
from tasks.checks.agreement import number_mismatches
from tasks.checks.dates import date_mismatches
from tasks.checks.english_text import EnglishText
from tasks.checks.finding import Finding
from tasks.checks.french_left import french_left
from tasks.checks.names import names_missing_in
from tasks.checks.negation import negation_mismatch
from tasks.checks.prompt_leak import leaked
from tasks.checks.repetition import repeated
from tasks.checks.terms import find_terms, missing_terms

_LETTER_OR_DIGIT = re.compile(r"[^\W_]")

#: How bad each fault is: an unusable text, a text with a hole or a false fact, a text with a doubt; and, next to
#: nothing, a text whose parts did not know of each other.
_WEIGHTS = {
    Flag.EMPTY: 100.0,
    Flag.UNTRANSLATED: 30.0,
    Flag.PROMPT_LEAK: 30.0,
    Flag.REPETITION: 20.0,
    Flag.ADDRESS_CHANGED: 40.0,
    Flag.TERM_MISSING: 15.0,
    Flag.LENGTH_RATIO: 10.0,
    Flag.NUMBER_MISMATCH: 10.0,
    Flag.NEGATION_MISMATCH: 10.0,
    Flag.DATE_MISMATCH: 8.0,
    Flag.NAME_MISSING: 5.0,
    Flag.LOW_CONFIDENCE: 2.0,
    Flag.CHARACTERS_LOST: 2.0,
    Flag.RESPLIT: 1.0,
}
#: What is so short that a clause may be gone weighs less than any fault, and more than parts that were put together:
#: where these are not short too, they had more to say.
_DOUBT = 1.5


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
    return flags_of(findings(source, translation, prompt_texts=prompt_texts))


def flags_of(found: Iterable[Finding]) -> tuple[Flag, ...]:
    """The flags of findings, each once, in the order of :class:`Flag`."""
    flags = {finding.flag for finding in found}
    return tuple(flag for flag in Flag if flag in flags)


def findings(source: str, translation: str, *, prompt_texts: Sequence[str] = ()) -> list[Finding]:
    """What :func:`check` finds, with the words that show it: every number, every name."""
    if not _LETTER_OR_DIGIT.search(translation):
        return [Finding(Flag.EMPTY)] if _LETTER_OR_DIGIT.search(source) else []
    return [*_facts(source, translation), *_form(source, translation, prompt_texts)]


def _facts(source: str, translation: str) -> Iterator[Finding]:
    """Numbers, names, dates and denials that the two texts do not share."""
    english, terms = EnglishText(translation), find_terms(source)
    for ours, theirs in number_mismatches(source, translation):
        yield Finding(Flag.NUMBER_MISMATCH, ours, theirs)
    for address in changed_addresses(source, translation):
        yield Finding(Flag.ADDRESS_CHANGED, address)
    names = list(names_missing_in(english, source, terms))
    for name in names:
        yield Finding(Flag.NAME_MISSING, name)
    for one in missing_terms(terms, english):
        if not one.term.is_date and not any(one.written in name for name in names):
            yield Finding(Flag.NAME_MISSING, one.written)
    for ours, theirs in date_mismatches(source, terms, english):
        yield Finding(Flag.DATE_MISMATCH, ours, theirs)
    if denial := negation_mismatch(source, translation):
        yield Finding(Flag.NEGATION_MISMATCH, *denial)


def _form(source: str, translation: str, prompt_texts: Sequence[str]) -> Iterator[Finding]:
    """Loops, odd lengths, French and the prompt, which show in the text alone."""
    if looped := repeated(source, translation):
        yield Finding(Flag.REPETITION, "", looped)
    if length.has_odd_length(source, translation):
        yield Finding(Flag.LENGTH_RATIO, f"{len(source)} characters", f"{len(translation)} characters")
    if french := french_left(source, translation):
        yield Finding(Flag.UNTRANSLATED, "", french)
    if leak := leaked(source, translation, prompt_texts):
        yield Finding(Flag.PROMPT_LEAK, "", leak)


def is_doubtful(source: str, translation: str) -> bool:
    """Whether a translation without faults is worth another attempt all the same, as a clause may be missing."""
    return length.is_doubtfully_short(source, translation)


def penalty(flags: Iterable[Flag], source: str, translation: str) -> float:
    """How bad a candidate translation is, 0 or more: the candidate with the least is the best.

    Faults weigh first. Where a flag is given several times, as of two wrong numbers, all but the first weigh together
    less than it, so that many small faults never outweigh a text that cannot be used. Between equals, the one that is
    not doubtfully short, and then the length that is closest to the expected one wins.
    """
    faults = sum(_WEIGHTS.get(flag, 0.0) * (2 - 1 / count) for flag, count in Counter(flags).items())
    doubt = _DOUBT if is_doubtful(source, translation) else 0.0
    return faults + doubt + length.distance(source, translation)
