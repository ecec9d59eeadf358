"""Translate sentences: normalise, split what is too long, translate in batches, check, try again, flag."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tasks.article import FRENCH_KEPT, Flag
from tasks.engines import Translator
from tasks.steps.check import check, penalty
from tasks.steps.normalise import english_numbers, for_model, has_letters

#: The first decoding and those tried after a failed check.
ATTEMPTS = 3

CLAUSE_END = re.compile(r"[;:,.!?…)»–—]\s+|\s+(?=[(«–—])")
SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Translation:
    """One sentence in English, with what may be wrong with it."""

    text: str
    flags: tuple[Flag, ...] = ()


def translate(
    sentences: Sequence[str], translator: Translator, on_batch: Callable[[int, int], None] = lambda done, total: None
) -> list[Translation]:
    """Translate French sentences, each by itself.

    Args:
        sentences: French sentences, as they stand in the article.
        translator: the engine.
        on_batch: called before the first batch and after each, with the number of sentences done and their total, where
            one that is too long for the model counts by its parts, and one without letters not at all.

    Returns:
        One translation a sentence, in order. Sentences without letters come back as they are.
    """
    parts = [
        split_to_fit(for_model(sentence), translator) if has_letters(sentence) else [sentence] for sentence in sentences
    ]
    # What has no letters is not translated: models invent text for it.
    sources = [part for sentence_parts in parts for part in sentence_parts if has_letters(part)]
    on_batch(0, len(sources))
    found: list[Translation] = []
    for start in range(0, len(sources), translator.batch_size):
        found += _translate_batch(sources[start : start + translator.batch_size], translator)
        on_batch(len(found), len(sources))
    translated = iter(found)
    return [
        _joined([next(translated) if has_letters(part) else Translation(part) for part in sentence_parts])
        for sentence_parts in parts
    ]


def split_to_fit(text: str, translator: Translator) -> list[str]:
    """Cut a text into parts that the engine takes whole, at the clause mark or space nearest to the middle."""
    if translator.count_tokens([text])[0] <= translator.max_input_tokens:
        return [text]
    at = _cut_near_middle(text)
    return [
        piece for half in (text[:at].strip(), text[at:].strip()) if half for piece in split_to_fit(half, translator)
    ]


def _cut_near_middle(text: str) -> int:
    middle = len(text) // 2
    for pattern in (CLAUSE_END, SPACE):
        cuts = [match.end() for match in pattern.finditer(text) if 0 < match.end() < len(text)]
        near = min(cuts, key=lambda cut: abs(cut - middle), default=0)
        # A cut far from the middle would leave one part nearly as long as before.
        if len(text) // 8 < near < len(text) - len(text) // 8:
            return near
    return middle


def _translate_batch(sources: list[str], translator: Translator) -> list[Translation]:
    candidates: list[list[Translation]] = [[] for _ in sources]
    waiting = list(range(len(sources)))
    for attempt in range(ATTEMPTS):
        outputs = translator.translate([sources[index] for index in waiting], attempt=attempt)
        for index, output in zip(waiting, outputs, strict=True):
            english = english_numbers(output, sources[index])
            flags = check(sources[index], english, prompt_texts=translator.prompt_texts)
            candidates[index].append(Translation(english, flags))
        waiting = [index for index in waiting if candidates[index][-1].flags]
        if not waiting:
            break
    return [_honest(source, _best(source, found)) for source, found in zip(sources, candidates, strict=True)]


def _best(source: str, candidates: Sequence[Translation]) -> Translation:
    return min(candidates, key=lambda candidate: penalty(candidate.flags, source, candidate.text))


def _honest(source: str, translation: Translation) -> Translation:
    if FRENCH_KEPT.isdisjoint(translation.flags):
        return translation
    return Translation(source, (*translation.flags, Flag.UNTRANSLATED))


def _joined(parts: Sequence[Translation]) -> Translation:
    if len(parts) == 1:
        return parts[0]
    flags = {flag for part in parts for flag in part.flags} | {Flag.RESPLIT}
    return Translation(" ".join(part.text for part in parts), tuple(flag for flag in Flag if flag in flags))
