"""The commands that give results: ``depeche result`` and ``depeche wait``."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import click

from depeche.article import ArticleResult
from depeche.cli.groups import complain
from depeche.client import Client
from depeche.errors import DepecheError
from depeche.output import as_text, say, say_json

FORMAT = click.option(
    "--format", "layout", type=click.Choice(["json", "text"]), default="text", help="How to print results."
)


@click.command()
@click.argument("task_id", metavar="ID")
@FORMAT
def result(task_id: str, layout: str) -> None:
    """Print the result of a finished job."""
    with Client() as client:
        _print_result(client.result(task_id), layout)


@click.command()
@click.argument("task_ids", metavar="ID...", nargs=-1, required=True)
@click.option(
    "--timeout", "timeout_s", type=click.FloatRange(min=0), help="Wait at most this many seconds for each job."
)
@FORMAT
def wait(task_ids: tuple[str, ...], timeout_s: float | None, layout: str) -> None:
    """Wait for jobs, and print their results in the order given.

    A job that fails is reported on standard error, and the others go on. The exit status is then that of the first job
    that failed.
    """
    with Client() as client:
        print_all(lambda task_id: client.wait(task_id, timeout_s), task_ids, layout)


def print_all(fetch: Callable[[str], ArticleResult], task_ids: Iterable[str], layout: str) -> None:
    """Print each result as soon as it can be had. A job that failed is reported, and the others go on.

    Raises:
        SystemExit: at the end, with the exit status of the first job that failed.
    """
    faults = []
    for task_id in task_ids:
        try:
            _print_result(fetch(task_id), layout)
        except DepecheError as error:
            if error.exit_status == 6:
                raise
            complain(error)
            faults.append(error)
    if faults:
        raise SystemExit(faults[0].exit_status)


def _print_result(found: ArticleResult, layout: str) -> None:
    if layout == "json":
        say_json(found.model_dump_json())
    else:
        say(as_text(found))
