"""What is learnt from, and what is not."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from training.pairs import Pair, assert_apart, clean, held_out_keys, read_pairs
from training.recipe import load_recipe
from worker.models.engines.prompt import BARE

RULES = load_recipe().pairs
GOOD = Pair("Le maire a visité 12 écoles mardi.", "The mayor visited 12 schools on Tuesday.", "human")


def test_what_is_learnt_is_what_the_worker_asks() -> None:
    """The recipe's prompt is the engine's, with the space that the engine puts before a sentence."""
    prompt = load_recipe().prompt
    assert (prompt.before, prompt.after) == (f"{BARE.before} ", BARE.after)


def test_a_good_pair_is_kept_in_the_workers_spelling() -> None:
    """Quotation marks and spaces become what the worker gives the model."""
    pair = Pair("« Il pleut\u00a0», dit le maire de Brest.", "“It is raining,” says Brest’s mayor.", "human")
    kept, counts = clean([GOOD, pair], RULES, frozenset())
    expected = Pair('"Il pleut", dit le maire de Brest.', '"It is raining," says Brest\'s mayor.', "human")
    assert kept == [GOOD, expected]
    assert counts["kept"] == 2


@pytest.mark.parametrize(
    ("fr", "en", "reason"),
    [
        ("12 : 14", "12: 14", "no letters"),
        ("Le prÃ©fet a parlé hier soir.", "The prefect spoke last night.", "broken encoding"),
        ("Bonjour !", "Hello!", "too short"),
        ("mot " * 90, "word " * 90, "too long"),
        ("Le préfet du Nord a parlé hier soir à la radio.", "He spoke.", "too short"),
        ("Le préfet du Nord a parlé hier soir à la radio.", "The prefect has spoken.", "length ratio"),
        ("Il a dit : San Juan de la Costa Rica", "Il a dit: San Juan de la Costa Rica", "copy"),
        ("Le maire a visité 12 écoles mardi.", "The mayor visited 21 schools on Tuesday.", "numbers differ"),
    ],
)
def test_each_rule_takes_its_kind(fr: str, en: str, reason: str) -> None:
    """A faulty pair is taken away, and counted under the rule that did it."""
    kept, counts = clean([Pair(fr, en, "distilled")], RULES, frozenset())
    assert (kept, {name for name, count in counts.items() if count}) == ([], {reason})


def test_duplicates_are_of_the_same_origin() -> None:
    """One sentence may be learnt in a human and in a machine translation, but in neither twice."""
    distilled = Pair(GOOD.fr, "The mayor visited 12 schools Tuesday.", "distilled")
    kept, counts = clean([GOOD, distilled, Pair(GOOD.fr.upper(), GOOD.en, "human")], RULES, frozenset())
    assert kept == [GOOD, distilled]
    assert counts["duplicate"] == 1


def test_a_free_human_translation_goes_where_a_machine_made_a_close_one() -> None:
    """What has little to do with the French teaches to invent; one pair alone does not show it."""
    distilled = Pair(GOOD.fr, "The mayor visited 12 schools Tuesday.", "distilled")
    free = Pair(GOOD.fr, "Tuesday: 12 places of learning on his list", "human")
    assert clean([distilled, free], RULES, frozenset())[0] == [distilled]
    assert clean([free], RULES, frozenset())[0] == [free]


def test_held_out_sentences_stay_out(tmp_path: Path) -> None:
    """A sentence of a judging set is dropped, whatever its marks and case; a short one may stand anywhere."""
    path = tmp_path / "dev.fr"
    path.write_text("le maire a visité 12 écoles, mardi\nIl a raison.\n", encoding="utf-8")
    keys = held_out_keys([path])
    assert clean([GOOD], RULES, keys)[1]["held out"] == 1
    assert len(keys) == 1


def test_most_of_a_held_out_sentence_is_refused(tmp_path: Path) -> None:
    """Twelve words in a row of a judging set, on either side, stop the training; eleven are chance."""
    words = "the mayor of the old town said on Monday that no school".split()
    path = tmp_path / "dev.en"
    path.write_text(f"In short, {' '.join(words)} would close.\n", encoding="utf-8")
    assert len(words) == 12
    assert_apart([Pair("…", f"So {' '.join(words[1:])} will close", "human")], [path])
    with pytest.raises(ValueError, match="held-out sentence, or most of it"):
        assert_apart([Pair("…", f"So {' '.join(words).upper()} will close", "human")], [path])


def test_reading_names_the_faulty_line(tmp_path: Path) -> None:
    """A table with its heading is read, zipped or not; a line with other columns is an error with its number."""
    lines = f"fr\ten\torigin\n{GOOD.fr}\t{GOOD.en}\thuman\n"
    (tmp_path / "pairs.tsv").write_text(lines, encoding="utf-8")
    (tmp_path / "pairs.tsv.gz").write_bytes(gzip.compress(lines.encode()))
    assert list(read_pairs(tmp_path / "pairs.tsv")) == list(read_pairs(tmp_path / "pairs.tsv.gz")) == [GOOD]
    (tmp_path / "bad.tsv").write_text(lines + "un\tone\tguessed\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"bad\.tsv, line 3: expected"):
        list(read_pairs(tmp_path / "bad.tsv"))
