"""``depeche check``: translations from anywhere, as a table or as JSON lines."""

from __future__ import annotations

import importlib.metadata
import json
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from depeche.cli import groups, main

FIVE = """\
Le plan coûte 2,4 milliards d'euros.\tThe plan costs 2.4 euros.
Le procès s'ouvre mardi 3 mars.\tThe trial opens on Thursday, March 3.
Le ministre n'a pas signé le texte.\tThe minister signed the text.
Le ministre allemand a parlé.\tThe Dutch minister spoke.
Le maire est content.\tThe mayor is happy.
"""


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command is found by its entry point, as where depeche-worker is installed."""

    def entry_points(**selection: Any) -> EntryPoints:
        found = EntryPoint("check", "tasks.commands:check_file", groups.ENTRY_POINTS)
        return EntryPoints([found]).select(**selection)

    monkeypatch.setattr(importlib.metadata, "entry_points", entry_points)


def run(*arguments: str, text: str = FIVE) -> Result:
    """The command on standard input."""
    return CliRunner().invoke(main, ["check", *arguments], input=text)


def test_the_table_says_what_was_found_where() -> None:
    """A line a finding, with the pair's number and both texts' words; then the counts."""
    lines = [line.split() for line in run("-").stdout.splitlines()]
    assert lines[:4] == [
        ["1", "number_mismatch", "2,4", "milliards", "d'euros", "2.4", "euros"],
        ["2", "date_mismatch", "mardi", "Thursday"],
        ["3", "negation_mismatch", "n'a", "pas"],
        ["4", "name_missing", "allemand"],
    ]
    assert " ".join(lines[4]) == "5 pairs, 4 flagged (80.0%)"
    assert ["1", "date_mismatch"] in lines[5:]


def test_json_has_every_pair_in_order() -> None:
    """With the texts as they were given, the flags, and what they found."""
    objects = [json.loads(line) for line in run("--json", "-").stdout.splitlines()]
    assert [f"{o['fr']}\t{o['en']}" for o in objects] == FIVE.splitlines()
    assert objects[1]["details"] == [{"flag": "date_mismatch", "fr": "mardi", "en": "Thursday"}]
    assert (objects[4]["flags"], objects[4]["details"]) == ([], [])


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ([], 0),
        (["--fail-on", "name_missing"], 1),
        (["--fail-on", "repetition", "--fail-on", "date_mismatch", "--json"], 1),
        (["--fail-on", "repetition"], 0),
        (["--fail-on", "resplit"], 2),
    ],
)
def test_a_flag_may_fail_the_command(arguments: list[str], status: int) -> None:
    """Only those that are named, and only those that a pair can have."""
    assert run("-", *arguments).exit_code == status


def test_bad_input_is_one_error(tmp_path: Path) -> None:
    """By its line, on standard error, with exit status 2."""
    done = run("-", text="Un seul texte\n")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == (
        "depeche: invalid_pairs: standard input has 1 faulty line:\n"
        "line 1: 1 column instead of 2: the French sentence, a tab, and its translation\n"
    )
    assert run(str(tmp_path / "none.tsv")).exit_code == 2
