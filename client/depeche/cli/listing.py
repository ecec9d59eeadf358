"""The command that lists the jobs of a state: ``depeche list``."""

from __future__ import annotations

import shutil

import click

from depeche.cli.groups import examples
from depeche.cli.screens import PLAIN_COLUMNS, job_table, none_found, what_is_not_listed
from depeche.client import Client
from depeche.listing import LISTED_STATES, ListedState
from depeche.output import remark, say_json, say_styled


@click.command(
    "list",
    epilog=examples(
        "depeche list                                         # what is in work now",
        "depeche list --state failed --limit 20               # the last twenty, with their reasons",
        "depeche list --state queued --limit 10000 --json > queued.jsonl",
    ),
)
@click.option(
    "--state",
    type=click.Choice(LISTED_STATES),
    default="running",
    show_default=True,
    help="List the jobs of this state.",
)
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="Print at most this many."
)
@click.option("--json", "as_json", is_flag=True, help="Print a line of JSON for each, with all that is known.")
def list_jobs(state: ListedState, limit: int, as_json: bool) -> None:
    """List the jobs of a state, for operators.

    Open jobs are in the order in which their turn comes, and those that have ended begin with the latest. Failed,
    succeeded and cancelled ones are found by their events (the last DEPECHE_MAX_EVENTS ends), and what ended before is
    not known. Jobs of other programs are listed once a worker has taken them.
    """
    with Client() as client:
        found = client.jobs(state, limit)
    if as_json:
        for job in found.jobs:
            say_json(job.model_dump_json())
    elif found.jobs:
        # An output that is no terminal gets room for all columns.
        columns = shutil.get_terminal_size((PLAIN_COLUMNS, 24)).columns
        say_styled("\n".join(job_table(found.jobs, state, columns)))
    else:
        remark(f"depeche: {none_found(state)}")
    if note := what_is_not_listed(found, state):
        remark(f"depeche: {note}")
