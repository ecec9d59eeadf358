"""Translates sentences: prepares them, cuts long ones, translates in batches, checks, repairs and flags."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from depeche.article import FRENCH_KEPT, Flag
from tasks.checks import Finding, findings, flags_of, is_doubtful, penalty
from tasks.engines import Hypothesis, Score, Translator, total_score
from tasks.protected import NOTHING_MASKED, Masked
from tasks.readable import Readable
from tasks.translation.figures import english_numbers
from tasks.translation.glossary import NO_GLOSSARY, Glossary, hide, mask_terms, missing
from tasks.translation.parts import Part, parts_of, written_for
from tasks.translation.passing import PassingTranslator
from tasks.translation.seams import join
from tasks.translation.split import halves
from tasks.typography import typographic

#: Another try is not worth its time for these alone.
_NO_FAULTS = {Flag.RESPLIT, Flag.LOW_CONFIDENCE, Flag.CHARACTERS_LOST}


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

    @property
    def faults(self) -> list[Flag]:
        """Its flags, each as often as something was found: of two wrong numbers, both count."""
        found = [finding.flag for finding in self.findings]
        return [*found, *(flag for flag in self.flags if flag not in found)]


@dataclass
class _Draft:
    """A part with the candidates found so far."""

    part: Part
    candidates: list[Translation] = field(default_factory=list)

    @property
    def has_lost_names(self) -> bool:
        return all(Flag.ADDRESS_CHANGED in candidate.flags for candidate in self.candidates)

    @property
    def misses_terms(self) -> bool:
        return all(Flag.TERM_MISSING in candidate.flags for candidate in self.candidates)

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
        found = self._findings(english, translator)
        if not self.part.masked.keeps_names(english):
            found.append(Finding(Flag.ADDRESS_CHANGED))
        if self.part.given.misses(english):
            found.append(Finding(Flag.CHARACTERS_LOST, " ".join(sorted(self.part.given.lost))))
        flags = flags_of(found)
        if hypothesis.score and hypothesis.score.confidence < translator.least_confidence:
            flags = (*flags, Flag.LOW_CONFIDENCE)
        self.candidates.append(Translation(english, (*flags, *made_of_parts), hypothesis.score, tuple(found)))

    def _findings(self, english: str, translator: Translator) -> list[Finding]:
        # The checks know nothing of the glossary, and would miss a name that it translates.
        asked, shown = hide(self.part.asked, self.part.terms, english)
        found = findings(asked, shown, prompt_texts=translator.prompt_texts)
        lacking = missing(self.part.terms, english)
        return [*found, *(Finding(Flag.TERM_MISSING, term.fr, term.en or "") for term in lacking)]

    def best(self) -> Translation:
        asked = self.part.asked
        best = min(self.candidates, key=lambda candidate: penalty(candidate.faults, asked, candidate.text))
        return _finished(self.part, best)


class _Once(PassingTranslator):
    """A ``Translator`` for one article, which asks the engine only once for what the article has several times."""

    def __init__(self, translator: Translator) -> None:
        super().__init__(translator)
        self._known: dict[tuple[int, str], Hypothesis] = {}

    def translate(self, sentences: Sequence[str], *, attempt: int = 0) -> list[Hypothesis]:
        new = [sentence for sentence in dict.fromkeys(sentences) if (attempt, sentence) not in self._known]
        if new:
            found = self._translator.translate(new, attempt=attempt)
            self._known |= {(attempt, sentence): one for sentence, one in zip(new, found, strict=True)}
        return [self._known[attempt, sentence] for sentence in sentences]


def translate(
    sentences: Sequence[str],
    translator: Translator,
    on_batch: Callable[[int, int], None] = lambda done, total: None,
    glossary: Glossary = NO_GLOSSARY,
    *,
    repair: bool = True,
) -> list[Translation]:
    """Translate French sentences, each by itself.

    Args:
        sentences: all sentences of one article, as they stand there. They are given together, because the others show
            which words are names in a sentence that is in capitals.
        translator: the engine.
        on_batch: is called before the first batch and after each batch, with the number of sentences done and their
            total. A sentence that is too long for the model, or that begins with a block of capitals, counts once for
            each of its parts. A sentence without letters does not count.
        glossary: terms that must come out as its author wants.
        repair: try again, in pieces and with other decodings, what fails its checks.

    Returns:
        One translation for each sentence, in order, with typographic marks. Sentences without letters come back as they
        are.
    """
    translator = _Once(translator)
    parts = parts_of(sentences, translator, glossary)
    asked = [part for sentence_parts in parts for part in sentence_parts if part.is_translated]
    on_batch(0, len(asked))
    # Sentences of similar length share a batch, as all sentences of a batch wait for the longest. The long ones come
    # first. Otherwise an engine that takes one after another would still work on a long one when all others are done.
    order = sorted(range(len(asked)), key=lambda index: len(asked[index].given.text), reverse=True)
    found: dict[int, Translation] = {}
    for start in range(0, len(order), translator.batch_size):
        batch = order[start : start + translator.batch_size]
        found |= zip(batch, _translate_batch([asked[index] for index in batch], translator, repair=repair), strict=True)
        on_batch(len(found), len(asked))
    translated = iter([found[index] for index in range(len(asked))])
    return [
        _joined(
            sentence_parts,
            [next(translated) if p.is_translated else Translation(p.french, p.flags) for p in sentence_parts],
        )
        for sentence_parts in parts
    ]


def _translate_batch(parts: Sequence[Part], translator: Translator, *, repair: bool) -> list[Translation]:
    """First all parts whole; then what is faulty with help or in pieces, then whole with other decodings."""
    drafts = [_Draft(part) for part in parts]
    _draw(drafts, translator, attempt=0)
    if not repair:
        return [draft.best() for draft in drafts]
    lost = [draft for draft in drafts if draft.has_lost_names]
    _draw_pieces([_Cut(draft, draft.part.masked.around_names(draft.part.asked)) for draft in lost], translator)
    _draw_terms([draft for draft in drafts if draft.misses_terms], translator)
    halved = [(draft, halves(draft.part.asked)) for draft in drafts if draft.is_faulty]
    _draw_pieces([_Cut(draft, pieces) for draft, pieces in halved if pieces], translator)
    for attempt in range(1, translator.attempts):
        _draw([draft for draft in drafts if draft.is_faulty], translator, attempt=attempt)
    return [draft.best() for draft in drafts]


def _draw(drafts: Sequence[_Draft], translator: Translator, *, attempt: int) -> None:
    outputs = _translated([draft.part.given for draft in drafts], translator, attempt=attempt)
    for draft, hypothesis in zip(drafts, outputs, strict=True):
        draft.add(hypothesis, translator)


def _draw_terms(drafts: Sequence[_Draft], translator: Translator) -> None:
    """Once more with a name in the place of each term; where a name is lost, the words around it by themselves."""
    masked = [mask_terms(draft.part.asked, draft.part.terms) for draft in drafts]
    outputs = _translated([written_for(translator, one.text) for one in masked], translator)
    lost = []
    for draft, one, hypothesis in zip(drafts, masked, outputs, strict=True):
        if one.keeps_names(hypothesis.text):
            draft.add(replace(hypothesis, text=one.restore_names(hypothesis.text)), translator)
        else:
            lost.append(_Cut(draft, one.around_names(one.text), one))
    _draw_pieces(lost, translator)


@dataclass(frozen=True)
class _Cut:
    """A part in pieces that are translated by themselves.

    Attributes:
        pieces: with the space after each. One without words, such as a name, stays as it is.
        terms: what names of terms among them stand for.
    """

    draft: _Draft
    pieces: Sequence[str]
    terms: Masked = NOTHING_MASKED

    def has_words(self, piece: str) -> bool:
        return self.draft.part.masked.has_words(piece) and self.terms.has_words(piece)


def _draw_pieces(cuts: Sequence[_Cut], translator: Translator) -> None:
    given = [written_for(translator, piece.strip()) for cut in cuts for piece in cut.pieces if cut.has_words(piece)]
    found = iter(_translated(given, translator))
    for cut in cuts:
        hypotheses = [next(found) if cut.has_words(piece) else Hypothesis(piece.strip()) for piece in cut.pieces]
        # A piece without a translation would be lost without a word.
        if all(hypothesis.text for hypothesis in hypotheses):
            english = join([(piece, one.text) for piece, one in zip(cut.pieces, hypotheses, strict=True)])
            score = total_score(hypothesis.score for hypothesis in hypotheses)
            cut.draft.add(Hypothesis(cut.terms.restore_names(english), score), translator, Flag.RESPLIT)


def _translated(given: Sequence[Readable], translator: Translator, *, attempt: int = 0) -> list[Hypothesis]:
    """What the model makes of each text, with the characters back that it cannot read; it is not asked for nothing."""
    if not given:
        return []
    outputs = translator.translate([each.text for each in given], attempt=attempt)
    return [replace(one, text=each.restored(one.text)) for each, one in zip(given, outputs, strict=True)]


def _finished(part: Part, best: Translation) -> Translation:
    if not FRENCH_KEPT.isdisjoint(best.flags):
        return Translation(part.french, (*best.flags, Flag.UNTRANSLATED), findings=best.findings)
    text = typographic(best.text.upper() if part.shouted else best.text)
    shown = tuple(
        Finding(f.flag, part.masked.restore_names(f.fr), part.masked.restore_names(f.en)) for f in best.findings
    )
    return replace(best, text=part.masked.restore(text), findings=shown)


def _joined(parts: Sequence[Part], translations: Sequence[Translation]) -> Translation:
    flags = {flag for translation in translations for flag in translation.flags}
    # A block of capitals counts as a sentence of its own, so it is not a fault that it was translated alone.
    if len(parts) - (parts[0].shouted != parts[-1].shouted) > 1:
        flags.add(Flag.RESPLIT)
    text = join([(part.french, t.text) for part, t in zip(parts, translations, strict=True)])
    score = total_score(translation.score for translation in translations)
    found = tuple(finding for translation in translations for finding in translation.findings)
    return Translation(text, tuple(flag for flag in Flag if flag in flags), score, found)
