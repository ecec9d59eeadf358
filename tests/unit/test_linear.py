"""Rules of text take time in proportion to its length, whatever stands in it: no text holds a worker up.

A worker renews its leases from another thread, which waits while a rule works. So what grows with the square of the
length costs the leases of innocent articles.

Counted is the CPU time of this thread, which other processes do not lengthen, for a text and for one some times as
long. The bound lies between what is linear and what grows with the square. The functions of ``re`` do their work in C,
so that no counter of Python's own would see it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from config.settings import load_settings
from depeche.article import Article, Options
from tasks.normalise import fold, for_model
from tasks.pipeline import Context, process
from tasks.readable import readable
from tasks.segment import segment
from tasks.summary import boilerplate, english
from tasks.summary import signs as english_signs
from tasks.translation import figures, seams, signs, split
from tasks.translation.capitals import Spellings
from tasks.typography import typographic
from worker.models.profiles import load_engines

#: Characters, how much longer the longer text is, and how much longer that may take: between linear and square.
ALONE = (1000, 8, 30)
#: An article must be longer than what a model takes at once, as more is done from there on.
TOGETHER = (6000, 4, 10)
#: What takes less CPU for the longer text holds nobody up, and is too short to be compared.
SHORT_S = 0.02

#: How each text begins, and what is repeated.
SHAPES: dict[str, tuple[str, str]] = {
    "initials": ("Le maire a dit ", "A."),
    "initials with apostrophes": ("Le maire a dit ", "A'"),
    "spaced initials": ("Le maire a dit ", "A. "),
    "thousands": ("", "1 000 "),
    "dotted thousands": ("Il y a ", "1.000."),
    "millions": ("Il y a ", "1 000 000 euros "),
    "decimals": ("Il y a ", "1,5 "),
    "digits": ("Il y a ", "1"),
    "times of day": ("Le maire arrive à ", "18 h 30 "),
    "lengths of time": ("Le maire attend pendant ", "2 h 30 de "),
    "number words": ("Le maire a ", "mille cent "),
    "percentages": ("Il y a ", "5 % "),
    "spaces": ("Le maire", " "),
    "no-break spaces": ("Le maire", "\u00a0"),
    "tabs": ("Le maire", "\t"),
    "line ends": ("Le maire", "\n"),
    "lines of a space": ("Le maire", "\n \n"),
    "one word": ("", "a"),
    "one word in capitals": ("", "A"),
    "words in capitals": ("", "PARIS "),
    "names": ("Le maire ", "Jean Dupont "),
    "names after by": ("By ", "Anna "),
    "acronyms": ("Le maire ", "S.N.C.F. "),
    "Roman numerals": ("Le maire ", "XVI"),
    "addresses of links": ("Voir [a]", "(a"),
    "links": ("Voir ", '[a](b "c") '),
    "open links": ("Voir ", '[a](b "c'),
    "names of links": ("Voir ", "][a"),
    "abbreviations": ("Le maire ", "M. "),
    "examples": ("Le maire ", "p. ex. "),
    "commas": ("Le maire", ","),
    "conjunctions": ("Le maire", ", et "),
    "relative clauses": ("Le maire ", "que qui "),
    "full stops": ("Le maire", "."),
    "spaced full stops": ("Le maire", " ."),
    "ellipses": ("Le maire", "… "),
    "cuts": ("Le maire ", "[…] "),
    "questions": ("Le maire", "? "),
    "quotation marks": ("Le maire", '"'),
    "spaced quotation marks": ("Le maire", ' " '),
    "opening guillemets": ("Le maire", "« "),
    "closing guillemets": ("Le maire", " »"),
    "apostrophes": ("Le maire", "'"),
    "elisions": ("Le maire ", "d'"),
    "brackets": ("Le maire ", "("),
    "dashes": ("Le maire", " – "),
    "rows of dashes": ("Le maire ", "—"),
    "spaced dashes": ("Le maire ", "— "),
    "names with accents": ("Le maire ", "Łódź "),
    "prices": ("Il coûte ", "12 € "),
    "hyphens": ("Le maire ", "a-"),
    "colons": ("Le maire", " : "),
    "semicolons": ("Le maire", " ; "),
    "addresses": ("Le maire ", "www.a.fr/"),
    "mail addresses": ("Le maire ", "a@b.fr "),
    "underscores": ("Le maire ", "a_b "),
    "accents alone": ("Le maire e", "\u0301"),
    "invisible characters": ("Le maire", "\u200b"),
    "emoji": ("Le maire ", "😀"),
    "items": ("", "1) a\n"),
    "sentences": ("", "Le maire a dit oui. "),
    "paragraphs": ("", "Le maire a dit oui.\n\n"),
    "appeals": ("", "follow us on "),
    "helplines": ("If you need ", "call "),
}

#: What a vocabulary may lack.
UNREADABLE = frozenset("—–’«»€%°…łŁóźâéû()[]@")


def count_words(texts: Sequence[str]) -> list[int]:
    """What a model's tokenizer does."""
    return [len(text.split()) for text in texts]


def read_without(text: str) -> Any:
    """What is done for models without the signs and accents of a newspaper, with a translation that is a copy."""
    french, english = signs.spelt_out(text, UNREADABLE), english_signs.spelt_out(text, UNREADABLE)
    return [
        found.restored(found.text)
        for found in (readable(each, lambda part: UNREADABLE & set(part)) for each in (text, french, english))
    ]


RULES: dict[str, Callable[[str], Any]] = {
    "readable": lambda text: read_without(for_model(text)),
    "normalise.for_model": for_model,
    "normalise.fold": fold,
    "segment": segment,
    "figures.clock_times": figures.clock_times,
    "figures.english_numbers": lambda text: figures.english_numbers(text, text),
    "capitals": lambda text: (Spellings([text]).shouted_end(text), Spellings([text]).sentence_case(text)),
    "split.halves": split.halves,
    "split.split_to_fit": lambda text: split.split_to_fit(text, 64, count_words),
    "seams.join": lambda text: seams.join([(text, text), (text, text)]),
    "typographic": typographic,
    "boilerplate": boilerplate.is_boilerplate,
    "english": lambda text: (english.tidy(text), english.split_sentences(text), english.content_words(text)),
}


def made(shape: str, length: int, end: str) -> str:
    """A text of this shape."""
    begins, repeated = SHAPES[shape]
    return begins + repeated * (length // len(repeated)) + end


def cpu_s(rule: Callable[[str], Any], text: str) -> float:
    """CPU time of this thread, the better of two tries."""
    tries = []
    for _ in range(2):
        started = time.thread_time()
        rule(text)
        tries.append(time.thread_time() - started)
    return min(tries)


def grows_too_fast(rule: Callable[[str], Any], shape: str, length: int, times: int, most: int) -> list[str]:
    """What to report of a rule and a shape; empty where time grows in proportion to the length."""
    found = []
    for end in (" fin.", "x"):
        long_s = cpu_s(rule, made(shape, length * times, end))
        if long_s < SHORT_S:
            continue
        short_s = cpu_s(rule, made(shape, length, end))
        if long_s > most * short_s:
            found.append(f"{shape}: {short_s:.4f} s, and {long_s:.4f} s for {times} times the length")
    return found


@pytest.mark.parametrize("name", RULES)
def test_each_rule_takes_time_with_the_length(name: str) -> None:
    """Alone, on each of the shapes."""
    assert [line for shape in SHAPES for line in grows_too_fast(RULES[name], shape, *ALONE)] == []


@pytest.mark.parametrize("shape", SHAPES)
def test_a_whole_article_takes_time_with_its_length(shape: str) -> None:
    """All rules and checks together, as the pipeline applies them."""
    engines = load_engines(load_settings(profile="echo"))

    def work(text: str) -> object:
        return process(Article(text=text), Options(), engines, Context("job"))

    assert grows_too_fast(work, shape, *TOGETHER) == []
