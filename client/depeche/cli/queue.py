"""The commands that look at jobs and at the queue: ``depeche status``, ``cancel`` and ``stats``."""

from __future__ import annotations

import click

from depeche.article import JobState
from depeche.client import Client
from depeche.output import say, say_json


@click.command()
@click.argument("task_id", metavar="ID")
@click.pass_context
def status(ctx: click.Context, task_id: str) -> None:
    """Print the state of a job as JSON."""
    with Client() as client:
        found = client.status(task_id)
    say_json(found.model_dump_json())
    ctx.exit(4 if found.state is JobState.UNKNOWN else 0)


@click.command()
@click.argument("task_id", metavar="ID")
def cancel(task_id: str) -> None:
    """Cancel a job, and print its status as JSON.

    A queued job is cancelled at once, and a running one at its next batch. A job that has ended stays as it is.
    """
    with Client() as client:
        say_json(client.cancel(task_id).model_dump_json())


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def stats(as_json: bool) -> None:
    """Count jobs and workers.

    Prints how many articles wait, run and are dead, and how many workers are alive.
    """
    with Client() as client:
        found = client.stats()
    if as_json:
        say_json(found.model_dump_json())
        return
    for priority, count in found.queued.items():
        say(f"queued, {priority:<8}{count}")
    for name, count in found.model_dump(exclude={"queued"}).items():
        say(f"{name:<16}{count}")
