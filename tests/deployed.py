"""What the tests of the compose file and of the manifests ask alike of what they deploy."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from depeche.cli import main as depeche
from worker.cli import main as depeche_worker


def environment_file(path: Path) -> dict[str, str]:
    """The variables of a file with one NAME=value a line, and comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def assert_command_exists(words: Sequence[str]) -> None:
    """It is found in the real command line, and takes its options."""
    command: click.Command = {"depeche": depeche, "depeche-worker": depeche_worker}[words[0]]
    rest = list(words[1:])
    while isinstance(command, click.Group):
        found = command.get_command(click.Context(command), name := rest.pop(0))
        assert found, f"there is no command {name}"
        command = found
    # Whatever it does not know, or lacks, is an error here. A command keeps the names of its help option for good, so
    # they must be here what they are under its group.
    command.make_context(words[0], rest, help_option_names=["-h", "--help"])
