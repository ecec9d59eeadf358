"""Groups of commands. Errors become one line and an exit status, and other distributions may add commands."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Any

import click

from depeche.errors import DepecheError
from depeche.output import remark

#: The group of entry points by which a distribution adds click commands to ``depeche``.
ENTRY_POINTS = "depeche.commands"

#: The commands that depeche-worker adds. Where it is not installed, they are still listed, and say what to install.
FROM_WORKER = ("check", "segment")

INSTALL_WORKER = "pip install ./client . in Dépêche's folder"


class Commands(click.Group):
    """Turns our errors into one line and an exit status."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand."""
        try:
            return super().invoke(ctx)
        except DepecheError as error:
            complain(error)
            ctx.exit(error.exit_status)


class ExtensibleCommands(Commands):
    """Also has commands of other distributions, which :data:`ENTRY_POINTS` finds. A command of its own comes first."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, sorted."""
        added = entry_points(group=ENTRY_POINTS).names
        return sorted({*super().list_commands(ctx), *added, *FROM_WORKER})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command with this name, or None if there is none."""
        if own := super().get_command(ctx, cmd_name):
            return own
        for found in entry_points(group=ENTRY_POINTS, name=cmd_name):
            try:
                command: click.Command = found.load()
            # Whatever another distribution does wrong, it costs its own command and no other.
            except Exception as error:  # noqa: BLE001
                return _unusable(cmd_name, f"cannot be loaded: {error}")
            return command
        if cmd_name in FROM_WORKER:
            return _unusable(cmd_name, f"comes with depeche-worker, which is not installed here: run {INSTALL_WORKER}")
        return None


def complain(error: DepecheError) -> None:
    """Print one error as one line on standard error."""
    remark(f"depeche: {error.code}: {error}")


def _unusable(name: str, reason: str) -> click.Command:
    """A command that only says why it cannot be used, whatever its arguments."""

    def say() -> None:
        remark(f"depeche: {name} {reason}")
        raise SystemExit(2)

    return click.Command(
        name,
        callback=say,
        short_help=f"(It {reason}.)",
        add_help_option=False,
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    )
