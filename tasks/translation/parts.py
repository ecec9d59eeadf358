"""Prepares sentences for the model: what each is given, and what its translation is checked against."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from depeche.article import Flag
from tasks.engines import Translator
from tasks.normalise import for_model
from tasks.protected import Masked, mask
from tasks.readable import Readable, readable
from tasks.translation.capitals import Spellings
from tasks.translation.figures import clock_times
from tasks.translation.glossary import Glossary, Occurrence
from tasks.translation.signs import spelt_out
from tasks.translation.split import split_to_fit


@dataclass(frozen=True)
class Part:
    """What is translated at once: a sentence, or a part of one.

    Attributes:
        french: as it stands in the article, with the space after it where another part follows.
        asked: what its translation is checked against: on one line, plain marks, not in capitals, with names in the
            place of addresses, code and the like, and with words for signs that the model cannot read.
        masked: what these names stand for.
        given: what the model is given.
        terms: those of the sender's glossary in ``asked``, with their English.
        shouted: whether it is in capitals in the article.
    """

    french: str
    asked: str
    masked: Masked
    given: Readable
    terms: tuple[Occurrence, ...] = ()
    shouted: bool = False

    @property
    def is_translated(self) -> bool:
        """Whether the model is asked at all: for what has no letters it invents text."""
        return self.masked.has_words(self.given.text)

    @property
    def flags(self) -> tuple[Flag, ...]:
        """What is wrong with the French, where the model is not asked: it may have letters that the model lacks."""
        return (Flag.UNTRANSLATED, Flag.CHARACTERS_LOST) if self.masked.has_words(self.asked) else ()


def parts_of(sentences: Sequence[str], translator: Translator, glossary: Glossary) -> list[list[Part]]:
    """Each sentence as its parts: one, unless it is too long for the model or begins with a block of capitals."""
    lines = [" ".join(sentence.split()) for sentence in sentences]
    cutter = _Cutter(Spellings(lines), glossary, translator)
    parts = [list(cutter.blocks(line)) for line in lines]
    counts = iter(translator.count_tokens([part.given.text for blocks in parts for part in blocks]))
    found: list[list[Part]] = []
    for sentence, blocks in zip(sentences, parts, strict=True):
        fits = [next(counts) <= translator.max_input_tokens or not block.is_translated for block in blocks]
        if fits == [True]:
            # It comes back as it stands, line breaks and all, where the model cannot translate it.
            found.append([replace(blocks[0], french=sentence)])
        else:
            pairs = zip(blocks, fits, strict=True)
            found.append([part for block, fit in pairs for part in ([block] if fit else cutter.cut(block))])
    return found


def written_for(translator: Translator, asked: str) -> Readable:
    """What the model is given for a normalised text: all of it in characters and times of day that it can read."""
    return readable(clock_times(asked), translator.unreadable)


@dataclass(frozen=True)
class _Cutter:
    spellings: Spellings
    glossary: Glossary
    translator: Translator

    def part(self, french: str, *, shouted: bool) -> Part:
        masked = mask(french, self.glossary.kept(french))
        asked = for_model(masked.text)
        if shouted:
            asked = self.spellings.sentence_case(asked)
        asked = spelt_out(asked, self.translator.unreadable(asked))
        terms = self.glossary.translated(asked, any_case=shouted)
        return Part(french, asked, masked, written_for(self.translator, asked), terms, shouted)

    def blocks(self, line: str) -> Iterator[Part]:
        """A sentence's leading block in capitals, if it has one, and the rest."""
        end = self.spellings.shouted_end(line)
        if end:
            yield self.part(line[:end], shouted=True)
        if end < len(line) or not line:
            yield self.part(line[end:], shouted=False)

    def cut(self, block: Part) -> list[Part]:
        """The parts of a block that is too long for the model."""

        def count_tokens(texts: Sequence[str]) -> list[int]:
            return self.translator.count_tokens([self.part(text, shouted=block.shouted).given.text for text in texts])

        pieces = split_to_fit(block.french, self.translator.max_input_tokens, count_tokens)
        return [self.part(piece, shouted=block.shouted) for piece in pieces]
