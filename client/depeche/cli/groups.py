"""Groups of commands. Errors become one line and an exit status, and other distributions may add commands."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import click

from depeche import redis_client
from depeche.errors import DepecheError
from depeche.output import remark

if TYPE_CHECKING:
    from importlib.metadata import EntryPoints

#: The group of entry points by which a distribution adds click commands to ``depeche``.
ENTRY_POINTS = "depeche.commands"

INSTALL_WORKER = "pip install ./client . in Dépêche's folder"

#: An id as one sees it, for examples.
SAMPLE_ID = "396431fc-ea11-4929-8ff5-160b96ca34b9"

#: What a shell shows for a program that Ctrl-C has ended.
INTERRUPTED = 130


#: Threads that are not waiting for anything have ended by then.
THREADS_MAY_END_S = 0.2


@dataclass(frozen=True)
class Own:
    """Where a command is, which is imported when it is called, and what is said of it in the list of commands.

    Attributes:
        module: the module's name.
        attribute: the command's name in it.
        short_help: the first sentence of its help.
    """

    module: str
    attribute: str
    short_help: str


#: The commands that depeche-worker adds. Where it is not installed, they are still listed, and say what to install.
FROM_WORKER = {
    "check": Own(
        "tasks.commands",
        "check_file",
        "Check French sentences and their English translations from anywhere, without Redis, worker or model.",
    ),
    "segment": Own("tasks.commands", "segment_file", "Show how FILE is cut into paragraphs and sentences."),
    "translate": Own(
        "worker.commands",
        "translate_file",
        "Translate FILE in this process, without a queue, and print the result.",
    ),
}


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

    Args:
        own: its own commands by name. None of them is imported to be listed, as that would take longer than all else.
    """

    def __init__(self, *arguments: Any, own: Mapping[str, Own], **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self._own = own

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
        return sorted({*super().list_commands(ctx), *self._own, *_added().names, *FROM_WORKER})

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of all commands."""
        listed = {name: self._as_listed(ctx, name) for name in self.list_commands(ctx)}
        click.Group(commands={name: command for name, command in listed.items() if command}).format_commands(
            ctx, formatter
        )

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command with this name, or None if there is none."""
        if known := super().get_command(ctx, cmd_name):
            return known
        if own := self._own.get(cmd_name):
            command: click.Command = getattr(import_module(own.module), own.attribute)
            return command
        for found in _added(cmd_name):
            try:
                command = found.load()
            # Whatever another distribution does wrong, it costs its own command and no other.
            except Exception as error:  # noqa: BLE001
                return _unusable(cmd_name, f"cannot be loaded: {error}")
            return command
        if cmd_name in FROM_WORKER:
            return _unusable(cmd_name, f"comes with depeche-worker, which is not installed here: run {INSTALL_WORKER}")
        return None

    def _as_listed(self, ctx: click.Context, name: str) -> click.Command | None:
        """Something with the name and the short help of a command."""
        own = self._own.get(name) or FROM_WORKER.get(name)
        if own and (name in self._own or _is_added(name, own)):
            return click.Command(name, help=own.short_help)
        return self.get_command(ctx, name)


def _added(name: str = "") -> EntryPoints:
    """The commands of other distributions; with a name, those with this one."""
    # It takes long to import, and most commands are our own.
    from importlib.metadata import entry_points

    found = entry_points(group=ENTRY_POINTS)
    return found.select(name=name) if name else found


def _is_added(name: str, own: Own) -> bool:
    """Whether the worker's command is installed, and there is nothing else under its name."""
    targets = {found.value for found in _added(name)}
    return targets == {f"{own.module}:{own.attribute}"} and find_spec(own.module.partition(".")[0]) is not None


def examples(*lines: str) -> str:
    """Examples for the end of a command's help. Each is one line, which may end in a comment of the shell's."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])


def complain(error: DepecheError) -> None:
    """Print one error as one line on standard error."""
    remark(f"depeche: {error.code}: {error}")


def _leave_threads_behind() -> None:
    """End now if a thread still waits for Redis, as Python would wait for it. No file is ever left by half."""
    from depeche.collecting import THREAD

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
