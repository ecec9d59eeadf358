"""The command ``depeche`` has the worker's commands where depeche-worker is installed, and says so where it is not."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from importlib.metadata import EntryPoint, EntryPoints
from typing import Any

import click
import pytest
from click.testing import CliRunner

from depeche.cli import OWN, groups, main


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error."""
    done = CliRunner().invoke(main, arguments, input="Un. Deux.")
    return done.exit_code, done.stdout, done.stderr


def only(monkeypatch: pytest.MonkeyPatch, *found: EntryPoint) -> None:
    """Let these be all the entry points that are installed."""

    def entry_points(**selection: Any) -> EntryPoints:
        return EntryPoints(found).select(**selection)

    monkeypatch.setattr(importlib.metadata, "entry_points", entry_points)


def test_segment_is_found_where_the_worker_is_installed() -> None:
    """It is listed among the others with what it does, and runs."""
    assert "segment     Show how FILE is cut into paragraphs and sentences." in run("--help")[1]
    assert run("segment", "-") == (0, "0.0\tUn.\n0.1\tDeux.\n", "")


@pytest.mark.parametrize("limit", [30, 60, 500])
@pytest.mark.parametrize("name", [*OWN, *groups.FROM_WORKER])
def test_the_list_of_commands_says_what_each_command_says_of_itself(name: str, limit: int) -> None:
    """It is written from a table, as importing all commands takes long."""
    ctx = click.Context(main)
    command = main.get_command(ctx, name)
    listed = (OWN | groups.FROM_WORKER)[name].short_help
    assert command is not None
    assert click.Command(name, help=listed).get_short_help_str(limit) == command.get_short_help_str(limit)


def test_listing_the_commands_imports_none_of_them() -> None:
    """Nor pydantic and redis, which take longer than all the rest."""
    code = "import sys; from depeche.cli import main; main(['--help'], standalone_mode=False); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "depeche.cli.groups" in loaded
    assert not {"depeche.cli.submit", "depeche.article", "tasks.commands", "pydantic", "redis"} & loaded


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
