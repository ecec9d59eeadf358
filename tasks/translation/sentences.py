"""Translate sentences: normalise, split what is too long, translate in batches, check, repair, flag."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from depeche.article import FRENCH_KEPT, Flag
from tasks.checks import check, penalty
from tasks.engines import Hypothesis, Score, Translator, total_score
from tasks.normalise import for_model, has_letters
from tasks.translation.capitals import Spellings
from tasks.translation.figures import clock_times, english_numbers
from tasks.translation.readable import Readable, readable
from tasks.translation.seams import join
from tasks.translation.signs import spelt_out
from tasks.translation.split import halves, split_to_fit
from tasks.typography import typographic

#: The first decoding and those tried after a failed check.
ATTEMPTS = 3
#: Another try is not worth its time for these alone.
_NO_FAULTS = {Flag.RESPLIT, Flag.LOW_CONFIDENCE, Flag.CHARACTERS_LOST}


@dataclass(frozen=True)
class Translation:
    """One sentence in English, with what may be wrong with it.

    Attributes:
        score: None where no model wrote any of it.
    """

    text: str
    flags: tuple[Flag, ...] = ()
    score: Score | None = None


@dataclass(frozen=True)
class _Part:
    """What is translated at once: a sentence, or a part of one.

    Attributes:
        french: as it stands in the article, with the space after it where another part follows.
        asked: what its translation is checked against: on one line, plain marks, not in capitals, with words for signs
            that the model cannot read.
        given: what the model is given.
        shouted: whether it is in capitals in the article.
    """

    french: str
    asked: str
    given: Readable
    shouted: bool = False

    @property
    def is_translated(self) -> bool:
        """Whether the model is asked at all: for what has no letters it invents text."""
        return has_letters(self.given.text)

    def untranslated(self) -> Translation:
        """The French, for what the model is not asked."""
        if has_letters(self.asked):
            return Translation(self.french, (Flag.UNTRANSLATED, Flag.CHARACTERS_LOST))
        return Translation(self.french)


@dataclass
class _Draft:
    """A part with the candidates found so far."""

    part: _Part
    candidates: list[Translation] = field(default_factory=list)

    @property
    def is_faulty(self) -> bool:
        return all(set(candidate.flags) - _NO_FAULTS for candidate in self.candidates)

    def add(self, hypothesis: Hypothesis, translator: Translator, *made_of_parts: Flag) -> None:
        """Take a translation, in which the characters that the model cannot read are restored, for a candidate."""
        english = english_numbers(hypothesis.text, self.part.asked)
        # Another decoding often comes to the same words, and the checks are most of what this costs.
        if not made_of_parts and english in [c.text for c in self.candidates if Flag.RESPLIT not in c.flags]:
            return
        flags = check(self.part.asked, english, prompt_texts=translator.prompt_texts)
        if self.part.given.misses(english):
            flags = (*flags, Flag.CHARACTERS_LOST)
        if hypothesis.score and hypothesis.score.confidence < translator.least_confidence:
            flags = (*flags, Flag.LOW_CONFIDENCE)
        self.candidates.append(Translation(english, (*flags, *made_of_parts), hypothesis.score))

    def best(self) -> Translation:
        asked = self.part.asked
        best = min(self.candidates, key=lambda candidate: penalty(candidate.flags, asked, candidate.text))
        return _finished(self.part, best)


def translate(
    sentences: Sequence[str],
    translator: Translator,
    on_batch: Callable[[int, int], None] = lambda done, total: None,
    *,
    repair: bool = True,
) -> list[Translation]:
    """Translate French sentences, each by itself.

    Args:
        sentences: all of one article's, as they stand there: where it has capitals only, the others show its names.
        translator: the engine.
        on_batch: called before the first batch and after each, with the number of sentences done and their total, where
            one that is too long for the model, or begins with a block of capitals, counts by its parts, and one without
            letters not at all.
        repair: try again, in halves and with other decodings, what fails its checks.

    Returns:
        One translation a sentence, in order, with typographic marks. Sentences without letters come back as they are.
    """
    parts = _parts(sentences, translator)
    asked = [part for sentence_parts in parts for part in sentence_parts if part.is_translated]
    on_batch(0, len(asked))
    # Those of like length together, as in a batch all wait for the longest; and the long ones first, as an engine that
    # takes one after another would be left alone with a long one at the end.
    order = sorted(range(len(asked)), key=lambda index: len(asked[index].given.text), reverse=True)
    found: dict[int, Translation] = {}
    for start in range(0, len(order), translator.batch_size):
        batch = order[start : start + translator.batch_size]
        found |= zip(batch, _translate_batch([asked[index] for index in batch], translator, repair=repair), strict=True)
        on_batch(len(found), len(asked))
    translated = iter([found[index] for index in range(len(asked))])
    return [
        _joined(sentence_parts, [next(translated) if p.is_translated else p.untranslated() for p in sentence_parts])
        for sentence_parts in parts
    ]


def _parts(sentences: Sequence[str], translator: Translator) -> list[list[_Part]]:
    lines = [" ".join(sentence.split()) for sentence in sentences]
    spellings = Spellings(lines)
    parts = [list(_blocks(line, spellings, translator)) for line in lines]
    counts = iter(translator.count_tokens([part.given.text for blocks in parts for part in blocks]))
    found: list[list[_Part]] = []
    for sentence, blocks in zip(sentences, parts, strict=True):
        fits = [next(counts) <= translator.max_input_tokens or not block.is_translated for block in blocks]
        if fits == [True]:
            # It comes back as it stands, line breaks and all, where the model cannot translate it.
            found.append([replace(blocks[0], french=sentence)])
        else:
            pairs = zip(blocks, fits, strict=True)
            found.append([p for block, fit in pairs for p in ([block] if fit else _cut(block, translator, spellings))])
    return found


def _blocks(line: str, spellings: Spellings, translator: Translator) -> Iterator[_Part]:
    """A sentence's leading block in capitals, if it has one, and the rest."""
    end = spellings.shouted_end(line)
    if end:
        yield _part(line[:end], spellings, translator, shouted=True)
    if end < len(line) or not line:
        yield _part(line[end:], spellings, translator, shouted=False)


def _part(french: str, spellings: Spellings, translator: Translator, *, shouted: bool) -> _Part:
    plain = for_model(french)
    cased = spellings.sentence_case(plain) if shouted else plain
    asked = spelt_out(cased, translator.unreadable(cased))
    return _Part(french, asked, _given(asked, translator), shouted)


def _given(asked: str, translator: Translator) -> Readable:
    return readable(clock_times(asked), translator.unreadable)


def _cut(block: _Part, translator: Translator, spellings: Spellings) -> list[_Part]:
    """The parts of a block that is too long for the model."""

    def part(french: str) -> _Part:
        return _part(french, spellings, translator, shouted=block.shouted)

    def count_tokens(texts: Sequence[str]) -> list[int]:
        return translator.count_tokens([part(text).given.text for text in texts])

    return [part(text) for text in split_to_fit(block.french, translator.max_input_tokens, count_tokens)]


def _translate_batch(parts: Sequence[_Part], translator: Translator, *, repair: bool) -> list[Translation]:
    """First all parts whole; then what is faulty in two halves, then whole with other decodings."""
    drafts = [_Draft(part) for part in parts]
    _draw(drafts, translator, attempt=0)
    if not repair:
        return [draft.best() for draft in drafts]
    _draw_halves([draft for draft in drafts if draft.is_faulty], translator)
    for attempt in range(1, ATTEMPTS):
        _draw([draft for draft in drafts if draft.is_faulty], translator, attempt=attempt)
    return [draft.best() for draft in drafts]


def _draw(drafts: Sequence[_Draft], translator: Translator, *, attempt: int) -> None:
    if drafts:
        given = [draft.part.given for draft in drafts]
        outputs = translator.translate([each.text for each in given], attempt=attempt)
        for draft, each, hypothesis in zip(drafts, given, outputs, strict=True):
            draft.add(replace(hypothesis, text=each.restored(hypothesis.text)), translator)


def _draw_halves(drafts: Sequence[_Draft], translator: Translator) -> None:
    cut = []
    for draft in drafts:
        pair = halves(draft.part.asked)
        given = [_given(half.strip(), translator) for half in pair] if pair else []
        if pair and all(has_letters(each.text) for each in given):
            cut.append((draft, pair, given))
    if not cut:
        return
    outputs = iter(translator.translate([each.text for _, _, given in cut for each in given]))
    for draft, pair, given in cut:
        found = [next(outputs) for _ in pair]
        # A half without a translation would be lost without a word.
        if all(hypothesis.text for hypothesis in found):
            texts = [each.restored(hypothesis.text) for each, hypothesis in zip(given, found, strict=True)]
            english = join(list(zip(pair, texts, strict=True)))
            score = total_score(hypothesis.score for hypothesis in found)
            draft.add(Hypothesis(english, score), translator, Flag.RESPLIT)


def _finished(part: _Part, best: Translation) -> Translation:
    if not FRENCH_KEPT.isdisjoint(best.flags):
        return Translation(part.french, (*best.flags, Flag.UNTRANSLATED))
    return replace(best, text=typographic(best.text.upper() if part.shouted else best.text))


def _joined(parts: Sequence[_Part], translations: Sequence[Translation]) -> Translation:
    flags = {flag for translation in translations for flag in translation.flags}
    # A block of capitals is as good as a sentence: to have it alone is no fault.
    if len(parts) - (parts[0].shouted != parts[-1].shouted) > 1:
        flags.add(Flag.RESPLIT)
    text = join([(part.french, t.text) for part, t in zip(parts, translations, strict=True)])
    score = total_score(translation.score for translation in translations)
    return Translation(text, tuple(flag for flag in Flag if flag in flags), score)
