"""Translates sentences: prepares them, cuts long ones, translates in batches, checks, repairs and flags."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from depeche.article import FRENCH_KEPT, Flag
from tasks.checks import Finding, findings, flags_of, is_doubtful, penalty
from tasks.engines import Hypothesis, Score, Translator, total_score
from tasks.normalise import for_model
from tasks.protected import Masked, mask
from tasks.translation.capitals import Spellings
from tasks.translation.figures import clock_times, english_numbers
from tasks.translation.seams import join
from tasks.translation.split import halves, split_to_fit
from tasks.typography import typographic

#: The first decoding and those tried after a failed check.
ATTEMPTS = 3
#: Another try is not worth its time for these alone.
_NO_FAULTS = {Flag.RESPLIT, Flag.LOW_CONFIDENCE}


@dataclass(frozen=True)
class Translation:
    """One sentence in English, with what may be wrong with it.

    Attributes:
        score: None if no model wrote any of it.
        findings: what the flags found.
    """

    text: str
    flags: tuple[Flag, ...] = ()
    score: Score | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class _Part:
    """What is translated at once: a sentence, or a part of one.

    Attributes:
        french: as it stands in the article, with the space after it where another part follows.
        asked: what its translation is checked against: on one line, plain marks, not in capitals, and with names in the
            place of addresses, code and the like.
        masked: what these names stand for.
        shouted: whether it is in capitals in the article.
    """

    french: str
    asked: str
    masked: Masked
    shouted: bool = False

    @property
    def given(self) -> str:
        """What the model is given."""
        return clock_times(self.asked)

    @property
    def is_translated(self) -> bool:
        """Whether the model is asked at all: for what has no letters it invents text."""
        return self.masked.has_words(self.asked)


@dataclass
class _Draft:
    """A part with the candidates found so far."""

    part: _Part
    candidates: list[Translation] = field(default_factory=list)

    @property
    def has_lost_names(self) -> bool:
        return all(Flag.ADDRESS_CHANGED in candidate.flags for candidate in self.candidates)

    @property
    def is_faulty(self) -> bool:
        """Whether every candidate has a fault, or is so short that a clause may be missing."""
        asked = self.part.asked
        return all(set(c.flags) - _NO_FAULTS or is_doubtful(asked, c.text) for c in self.candidates)

    def add(self, hypothesis: Hypothesis, translator: Translator, *made_of_parts: Flag) -> None:
        english = english_numbers(hypothesis.text, self.part.asked)
        # Another decoding often comes to the same words, and the checks are most of what this costs.
        if not made_of_parts and english in [c.text for c in self.candidates if Flag.RESPLIT not in c.flags]:
            return
        found = findings(self.part.asked, english, prompt_texts=translator.prompt_texts)
        if not self.part.masked.keeps_names(english):
            found.append(Finding(Flag.ADDRESS_CHANGED))
        flags = flags_of(found)
        if hypothesis.score and hypothesis.score.confidence < translator.least_confidence:
            flags = (*flags, Flag.LOW_CONFIDENCE)
        self.candidates.append(Translation(english, (*flags, *made_of_parts), hypothesis.score, tuple(found)))

    def best(self) -> Translation:
        asked = self.part.asked
        best = min(self.candidates, key=lambda candidate: penalty(candidate.flags, asked, candidate.text))
        return _finished(self.part, best)


def translate(
    sentences: Sequence[str], translator: Translator, on_batch: Callable[[int, int], None] = lambda done, total: None
) -> list[Translation]:
    """Translate French sentences, each by itself.

    Args:
        sentences: all sentences of one article, as they stand there. They are given together, because the others show
            which words are names in a sentence that is in capitals.
        translator: the engine.
        on_batch: is called before the first batch and after each batch, with the number of sentences done and their
            total. A sentence that is too long for the model, or that begins with a block of capitals, counts once for
            each of its parts. A sentence without letters does not count.

    Returns:
        One translation for each sentence, in order, with typographic marks. Sentences without letters come back as they
        are.
    """
    parts = _parts(sentences, translator)
    asked = [part for sentence_parts in parts for part in sentence_parts if part.is_translated]
    on_batch(0, len(asked))
    # Sentences of similar length share a batch, as all sentences of a batch wait for the longest. The long ones come
    # first. Otherwise an engine that takes one after another would still work on a long one when all others are done.
    order = sorted(range(len(asked)), key=lambda index: len(asked[index].given), reverse=True)
    found: dict[int, Translation] = {}
    for start in range(0, len(order), translator.batch_size):
        batch = order[start : start + translator.batch_size]
        found |= zip(batch, _translate_batch([asked[index] for index in batch], translator), strict=True)
        on_batch(len(found), len(asked))
    translated = iter([found[index] for index in range(len(asked))])
    return [
        _joined(
            sentence_parts, [next(translated) if p.is_translated else Translation(p.french) for p in sentence_parts]
        )
        for sentence_parts in parts
    ]


def _parts(sentences: Sequence[str], translator: Translator) -> list[list[_Part]]:
    lines = [" ".join(sentence.split()) for sentence in sentences]
    spellings = Spellings(lines)
    parts = [list(_blocks(line, spellings)) for line in lines]
    counts = iter(translator.count_tokens([part.given for blocks in parts for part in blocks]))
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


def _blocks(line: str, spellings: Spellings) -> Iterator[_Part]:
    """A sentence's leading block in capitals, if it has one, and the rest."""
    end = spellings.shouted_end(line)
    if end:
        yield _part(line[:end], spellings, shouted=True)
    if end < len(line) or not line:
        yield _part(line[end:], spellings, shouted=False)


def _part(french: str, spellings: Spellings, *, shouted: bool) -> _Part:
    masked = mask(french)
    plain = for_model(masked.text)
    return _Part(french, spellings.sentence_case(plain) if shouted else plain, masked, shouted)


def _cut(block: _Part, translator: Translator, spellings: Spellings) -> list[_Part]:
    """The parts of a block that is too long for the model."""

    def part(french: str) -> _Part:
        return _part(french, spellings, shouted=block.shouted)

    def count_tokens(texts: Sequence[str]) -> list[int]:
        return translator.count_tokens([part(text).given for text in texts])

    return [part(text) for text in split_to_fit(block.french, translator.max_input_tokens, count_tokens)]


def _translate_batch(parts: Sequence[_Part], translator: Translator) -> list[Translation]:
    """First all parts whole; then what is faulty in pieces, then whole with other decodings."""
    drafts = [_Draft(part) for part in parts]
    _draw(drafts, translator, attempt=0)
    lost = [(draft, draft.part.masked.around_names(draft.part.asked)) for draft in drafts if draft.has_lost_names]
    _draw_pieces(lost, translator)
    cut = [(draft, pair) for draft in drafts if draft.is_faulty and (pair := halves(draft.part.asked))]
    _draw_pieces(cut, translator)
    for attempt in range(1, ATTEMPTS):
        _draw([draft for draft in drafts if draft.is_faulty], translator, attempt=attempt)
    return [draft.best() for draft in drafts]


def _draw(drafts: Sequence[_Draft], translator: Translator, *, attempt: int) -> None:
    if drafts:
        outputs = translator.translate([draft.part.given for draft in drafts], attempt=attempt)
        for draft, hypothesis in zip(drafts, outputs, strict=True):
            draft.add(hypothesis, translator)


def _draw_pieces(cut: Sequence[tuple[_Draft, Sequence[str]]], translator: Translator) -> None:
    """Translate each piece of a part by itself. A piece without words, such as a name, stays as it is."""
    asked = [
        clock_times(piece.strip()) for draft, pieces in cut for piece in pieces if draft.part.masked.has_words(piece)
    ]
    outputs = iter(translator.translate(asked) if asked else ())
    for draft, pieces in cut:
        words = [draft.part.masked.has_words(piece) for piece in pieces]
        found = [next(outputs) if has else Hypothesis(p.strip()) for p, has in zip(pieces, words, strict=True)]
        # A piece without a translation would be lost without a word.
        if all(hypothesis.text for hypothesis in found):
            english = join([(piece, hypothesis.text) for piece, hypothesis in zip(pieces, found, strict=True)])
            score = total_score(hypothesis.score for hypothesis in found)
            draft.add(Hypothesis(english, score), translator, Flag.RESPLIT)


def _finished(part: _Part, best: Translation) -> Translation:
    if not FRENCH_KEPT.isdisjoint(best.flags):
        return Translation(part.french, (*best.flags, Flag.UNTRANSLATED), findings=best.findings)
    text = typographic(best.text.upper() if part.shouted else best.text)
    shown = tuple(
        Finding(f.flag, part.masked.restore_names(f.fr), part.masked.restore_names(f.en)) for f in best.findings
    )
    return replace(best, text=part.masked.restore(text), findings=shown)


def _joined(parts: Sequence[_Part], translations: Sequence[Translation]) -> Translation:
    flags = {flag for translation in translations for flag in translation.flags}
    # A block of capitals counts as a sentence of its own, so it is not a fault that it was translated alone.
    if len(parts) - (parts[0].shouted != parts[-1].shouted) > 1:
        flags.add(Flag.RESPLIT)
    text = join([(part.french, t.text) for part, t in zip(parts, translations, strict=True)])
    score = total_score(translation.score for translation in translations)
    found = tuple(finding for translation in translations for finding in translation.findings)
    return Translation(text, tuple(flag for flag in Flag if flag in flags), score, found)
