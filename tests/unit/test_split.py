"""Long sentences are cut where they bear it, nothing is lost, and the work grows with the length and no faster."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.translation.split import halves, split_to_fit
from tests.fakes import FakeTranslator

count_tokens = FakeTranslator().count_tokens


class Counter:
    """Counts words, and remembers how often it was asked and for how many characters."""

    def __init__(self, extra: int = 0) -> None:
        self.calls = 0
        self.characters = 0
        self._extra = extra

    def __call__(self, texts: Sequence[str]) -> list[int]:
        self.calls += 1
        self.characters += sum(map(len, texts))
        return [len(text.split()) + self._extra for text in texts]


@pytest.mark.parametrize(
    ("limit", "parts"),
    [
        (
            12,
            [
                "le conseil a voté le budget de la ville; ",
                "les habitants, venus nombreux, ont protesté devant la mairie",
            ],
        ),
        (20, ["le conseil a voté le budget de la ville; les habitants, venus nombreux, ont protesté devant la mairie"]),
    ],
)
def test_strong_marks_are_preferred(limit: int, parts: list[str]) -> None:
    """A semicolon is a better place than a comma nearer to the middle, and what fits is left whole."""
    text = "le conseil a voté le budget de la ville; les habitants, venus nombreux, ont protesté devant la mairie"
    assert split_to_fit(text, limit, count_tokens) == parts


@pytest.mark.parametrize(
    ("text", "limit", "second"),
    [
        ("la mairie a fermé le pont et les voitures passent maintenant par la rocade", 9, "et les voitures"),
        ("le pont reste fermé au moins un mois parce que les piles ont bougé cet hiver", 8, "parce que les"),
        ("la directrice a remercié tous les habitants du quartier qui avaient aidé les pompiers", 11, "qui avaient"),
        ("le projet – vieux de dix ans – sera présenté au conseil de la ville en mai", 12, "sera présenté"),
        ("elle a lu la lettre de son ami (datée de mai 1903) à toute la famille", 9, "(datée de"),
    ],
)
def test_conjunctions_dashes_and_brackets_are_places_too(text: str, limit: int, second: str) -> None:
    """Without a better mark, the cut falls before a conjunction or bracket, or after a dash."""
    parts = split_to_fit(text, limit, count_tokens)
    assert len(parts) == 2
    assert parts[1].startswith(second)


def test_parts_are_few_and_even() -> None:
    """A hundred words and no mark make four parts of nearly one length where thirty words fit."""
    text = " ".join(f"mot{number}" for number in range(100))
    lengths = count_tokens(split_to_fit(text, 30, count_tokens))
    assert len(lengths) == 4
    assert max(lengths) - min(lengths) <= 4


def test_no_cut_after_an_abbreviation_or_inside_a_number() -> None:
    """Names keep their titles, and thousands stay together."""
    text = "avec M. Duvauchel et Mme Roy la ville de Lons a reçu 12 000 visiteurs 45 000 euros et 3 % de plus"
    for limit in range(4, 20):
        for part in split_to_fit(text, limit, count_tokens)[:-1]:
            assert not part.endswith(("M. ", "12 ", "45 "))


ODD_TEXT = st.text(alphabet="ab ,;:.«»–(é1\"'", max_size=400) | st.text(max_size=200)


@given(ODD_TEXT, st.integers(1, 20))
def test_splitting_loses_nothing(text: str, limit: int) -> None:
    """The parts are the text, all of them fit, and words counted apart are as many as counted together."""
    line = " ".join(text.split())
    parts = split_to_fit(line, limit, count_tokens)
    assert "".join(parts) == line
    assert all(count <= limit for count in count_tokens(parts))
    words = Counter()
    assert sum(words(split_to_fit(line, limit, words))) == words([line])[0]


@pytest.mark.parametrize("start", ["\u200b ", "\ufeff ", "\u00ad ", "Titre : \u200b "])
def test_a_word_without_tokens_starts_a_long_clause(start: str) -> None:
    """Invisible characters, which the model never sees and which count nothing, are kept like any other."""
    text = start + "le maire parle " * 300

    def count(texts: Sequence[str]) -> list[int]:
        return [sum(any(map(str.isalnum, word)) for word in text.split()) for text in texts]

    parts = split_to_fit(text, 50, count)
    assert "".join(parts) == text
    assert all(number <= 50 for number in count(parts))


def test_an_engine_that_adds_a_mark_to_each_text() -> None:
    """A tokenizer that counts an end mark with every text does not lead to more parts than are needed."""
    text = ", ".join(["oui"] * 100)
    parts = split_to_fit(text, 52, Counter(extra=1))
    assert len(parts) == 2


@pytest.mark.parametrize("text", [" ".join(["mot"] * 5000), "a" * 5000, "a, " * 5000 + "a", "1 " * 5000, "é" * 60_000])
def test_endless_sentences_cost_few_calls(text: str) -> None:
    """Thousands of words without a mark, or of letters without a space, are counted in a few batches."""
    calls: list[int] = []

    def count(texts: Sequence[str]) -> list[int]:
        calls.append(sum(map(len, texts)))
        return count_tokens(texts)

    parts = split_to_fit(text, 50, count)
    assert "".join(parts) == text
    assert all(number <= 50 for number in count_tokens(parts))
    assert len(calls) < 12
    assert sum(calls) < 12 * len(text)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        (
            "Le conseil a voté le budget de la ville, mais les habitants du quartier ont protesté.",
            "Le conseil a voté le budget de la ville, ",
        ),
        (
            "Mardi, le conseil a voté le budget de la ville ; les habitants ont donc protesté, dit-on.",
            "Mardi, le conseil a voté le budget de la ville ; ",
        ),
        (
            "Le conseil municipal a voté un budget qui ne plaît pas aux habitants du quartier.",
            "Le conseil municipal a voté un budget ",
        ),
    ],
)
def test_halves(text: str, cut: str) -> None:
    """A sentence is halved at the clause end nearest to its middle."""
    assert halves(text) == (cut, text.removeprefix(cut))


@pytest.mark.parametrize("text", ["", "Oui, mais non.", "Mardi, le conseil a voté le budget de la ville sans débat."])
def test_no_halves_where_one_would_be_a_scrap(text: str) -> None:
    """A few words before a comma are not worth a translation of their own."""
    assert halves(text) is None


@given(ODD_TEXT)
def test_halves_lose_nothing(text: str) -> None:
    """Together the halves are the sentence."""
    assert "".join(halves(text) or (text,)) == text
