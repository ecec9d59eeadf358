"""Groups of commands. Errors become one line and an exit status, and other distributions may add commands."""

from __future__ import annotations

import os
import threading
import time
from importlib.metadata import entry_points
from typing import Any

import click

from depeche import redis_client
from depeche.collecting import THREAD
from depeche.errors import DepecheError
from depeche.output import remark

#: The group of entry points by which a distribution adds click commands to ``depeche``.
ENTRY_POINTS = "depeche.commands"

#: The commands that depeche-worker adds. Where it is not installed, they are still listed, and say what to install.
FROM_WORKER = ("check", "segment", "translate")

INSTALL_WORKER = "pip install ./client . in Dépêche's folder"

#: An id as one sees it, for examples.
SAMPLE_ID = "396431fc-ea11-4929-8ff5-160b96ca34b9"

#: What a shell shows for a program that Ctrl-C has ended.
INTERRUPTED = 130


#: Threads that are not waiting for anything have ended by then.
THREADS_MAY_END_S = 0.2


class Interrupted(KeyboardInterrupt):
    """Ctrl-C in the middle of a command. The message says what is done, and how to go on."""


class Commands(click.Group):
    """Turns our errors, and Ctrl-C, into one line and an exit status. ``-h`` gives help too."""

    def __init__(self, *arguments: Any, **attributes: Any) -> None:
        names = {"help_option_names": ["-h", "--help"]}
        attributes["context_settings"] = names | (attributes.get("context_settings") or {})
        super().__init__(*arguments, **attributes)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand."""
        try:
            return super().invoke(ctx)
        except DepecheError as error:
            complain(error)
            ctx.exit(error.exit_status)
        except KeyboardInterrupt as stop:
            remark(f"depeche: {str(stop) or 'stopped by Ctrl-C; what was queued before stays queued'}")
            _leave_threads_behind()
            ctx.exit(INTERRUPTED)


class ExtensibleCommands(Commands):
    """The command of producers, which says what they should know of their environment and of Redis.

    It also has commands of other distributions, which :data:`ENTRY_POINTS` finds. A command of its own comes first.
    """

    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand."""
        # Help comes faster without the package for settings.
        from depeche.settings import unknown_variables

        for line in unknown_variables(os.environ):
            remark(f"depeche: {line}")
        redis_client.on_wait = _tell_once
        return super().invoke(ctx)

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


def examples(*lines: str) -> str:
    """Examples for the end of a command's help. Each is one line, which may end in a comment of the shell's."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])


def complain(error: DepecheError) -> None:
    """Print one error as one line on standard error."""
    remark(f"depeche: {error.code}: {error}")


def _leave_threads_behind() -> None:
    """End now if a thread still waits for Redis, as Python would wait for it. No file is ever left by half."""
    if any(thread.name.startswith(THREAD) for thread in threading.enumerate()):
        time.sleep(THREADS_MAY_END_S)
        if any(thread.name.startswith(THREAD) for thread in threading.enumerate()):
            os._exit(INTERRUPTED)


def _tell_once(line: str) -> None:
    # A command may try again for hours, and the reader knows by then.
    redis_client.on_wait = None
    remark(f"depeche: {line}")


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
