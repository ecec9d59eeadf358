"""The command ``depeche`` has the worker's commands where depeche-worker is installed, and says so where it is not."""

from __future__ import annotations

from importlib.metadata import EntryPoint, EntryPoints
from typing import Any

import pytest
from click.testing import CliRunner

from depeche.cli import groups, main


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error."""
    done = CliRunner().invoke(main, arguments, input="Un. Deux.")
    return done.exit_code, done.stdout, done.stderr


def only(monkeypatch: pytest.MonkeyPatch, *found: EntryPoint) -> None:
    """Let these be all the entry points that are installed."""

    def entry_points(**selection: Any) -> EntryPoints:
        return EntryPoints(found).select(**selection)

    monkeypatch.setattr(groups, "entry_points", entry_points)


def test_segment_is_found_where_the_worker_is_installed() -> None:
    """It is listed among the others with what it does, and runs."""
    assert "segment     Show how FILE is cut into paragraphs and sentences." in run("--help")[1]
    assert run("segment", "-") == (0, "0.0\tUn.\n0.1\tDeux.\n", "")


@pytest.mark.parametrize("arguments", [["-"], ["--json", "-"], ["--help"], []])
def test_without_the_worker_one_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    """Whatever the arguments are; it counts as bad usage."""
    only(monkeypatch)
    said = "depeche: segment comes with depeche-worker, which is not installed here: "
    assert run("segment", *arguments) == (2, "", f"{said}run pip install ./client . in Dépêche's folder\n")


def test_without_the_worker_the_list_of_commands_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its line names depeche-worker, and nobody takes it for a usable command."""
    only(monkeypatch)
    status, listed, _ = run("--help")
    assert status == 0
    assert "segment     (It comes with depeche-worker, which is not installed" in listed


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("no_such_module:check", "No module named 'no_such_module'"),
        ("depeche.errors:check", "module 'depeche.errors' has no attribute 'check'"),
    ],
    ids=["module", "attribute"],
)
def test_a_command_that_cannot_be_loaded_harms_no_other(
    target: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A half-removed distribution, or one of another version, leaves such entry points behind."""
    only(monkeypatch, EntryPoint("check", target, groups.ENTRY_POINTS))
    status, listed, _ = run("--help")
    assert (status, "check       (It cannot be loaded" in listed) == (0, True)
    assert run("check", "x") == (2, "", f"depeche: check cannot be loaded: {reason}\n")


def test_no_distribution_replaces_our_own_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry point named submit is passed over."""
    only(monkeypatch, EntryPoint("submit", "no_such_module:submit", groups.ENTRY_POINTS))
    assert run("submit", "--help")[0] == 0


def test_a_misspelt_command_is_bad_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the worker or without."""
    assert run("segmnt")[0] == 2
    only(monkeypatch)
    assert run("segmnt")[0] == 2
