"""The command that shows a result to a person: ``depeche show``."""

from __future__ import annotations

import shutil

import click

from depeche.cli.groups import SAMPLE_ID, examples
from depeche.client import Client
from depeche.output import say_styled


@click.command(epilog=examples(f"depeche show {SAMPLE_ID}"))
@click.argument("task_id", metavar="ID")
def show(task_id: str) -> None:
    """Show the result of a finished job, to read in the terminal.

    The summary comes first, then the English with the doubtful sentences numbered, and these with their French and the
    reasons. Colours go to a terminal only, and not if NO_COLOR is set.

    For a page in a browser: depeche result ID --format html > page.html
    """
    from depeche.pages.terminal import as_terminal

    with Client() as client:
        result = client.result(task_id)
    say_styled(as_terminal(result, shutil.get_terminal_size().columns))
