"""The ``depeche dead`` commands."""

from __future__ import annotations

import json

import click

from depeche.cli.groups import SAMPLE_ID, examples
from depeche.client import Client
from depeche.output import say, say_json


@click.group(epilog=examples("depeche dead list", f"depeche dead show {SAMPLE_ID}", f"depeche dead retry {SAMPLE_ID}"))
def dead() -> None:
    """Look after dead jobs.

    They killed their workers, used up their retries, or were refused.
    """


@dead.command("list", epilog=examples("depeche dead list", "depeche dead list --limit 1000 > dead.jsonl"))
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="Print at most this many."
)
def dead_list(limit: int) -> None:
    """Print the status of each dead job.

    Each is one line of JSON. The latest comes first.
    """
    with Client() as client:
        for found in client.dead_letters(limit):
            say_json(found.model_dump_json())


@dead.command("show", epilog=examples(f"depeche dead show {SAMPLE_ID}"))
@click.argument("task_id", metavar="ID")
def dead_show(task_id: str) -> None:
    """Print a dead job as JSON.

    This shows its article, its last worker and the reason.
    """
    with Client() as client:
        say_json(json.dumps(client.dead_letter(task_id), ensure_ascii=False))


@dead.command("retry", epilog=examples(f"depeche dead retry {SAMPLE_ID}"))
@click.argument("task_ids", metavar="ID...", nargs=-1, required=True)
def dead_retry(task_ids: tuple[str, ...]) -> None:
    """Queue dead jobs again, and print their ids.

    They have all their attempts again.
    """
    with Client() as client:
        for task_id in task_ids:
            client.retry_dead(task_id)
            say(task_id)


@dead.command("drop", epilog=examples(f"depeche dead drop {SAMPLE_ID}"))
@click.argument("task_ids", metavar="ID...", nargs=-1, required=True)
def dead_drop(task_ids: tuple[str, ...]) -> None:
    """Delete dead jobs, and print their ids.

    Their articles are deleted too.
    """
    with Client() as client:
        for task_id in task_ids:
            client.drop_dead(task_id)
            say(task_id)
