"""The commands that look at jobs and at the queue: ``depeche status``, ``cancel``, ``batch`` and ``stats``."""

from __future__ import annotations

import click

from depeche.article import JobState
from depeche.batches import BatchStatus
from depeche.cli.groups import SAMPLE_ID, examples
from depeche.client import Client
from depeche.output import say, say_json
from depeche.progress import duration, spaced


@click.command(epilog=examples(f"depeche status {SAMPLE_ID}"))
@click.argument("task_id", metavar="ID")
@click.pass_context
def status(ctx: click.Context, task_id: str) -> None:
    """Print the state of a job as JSON."""
    with Client() as client:
        found = client.status(task_id)
    say_json(found.model_dump_json())
    ctx.exit(4 if found.state is JobState.UNKNOWN else 0)


@click.command(epilog=examples(f"depeche cancel {SAMPLE_ID}"))
@click.argument("task_id", metavar="ID")
def cancel(task_id: str) -> None:
    """Cancel a job, and print its status as JSON.

    A queued job is cancelled at once, and a running one at its next batch. A job that has ended stays as it is.
    """
    with Client() as client:
        say_json(client.cancel(task_id).model_dump_json())


@click.command(epilog=examples("depeche batch lundi", "depeche batch lundi --json"))
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def batch(name: str, as_json: bool) -> None:
    """Count the jobs of a batch: by state, how fast they end, and why some failed.

    A batch is made by depeche submit --batch NAME, and is gone with the last of its jobs. Of each reason, the ids of
    the first five jobs are shown.
    """
    with Client() as client:
        found = client.batch(name)
    if as_json:
        say_json(found.model_dump_json())
        return
    say(_headline(found))
    for state in ("queued", "running", "succeeded", "failed", "cancelled", "dead"):
        say(f"{state:<20}{getattr(found, state)}")
    for code, failures in sorted(found.failures.items(), key=lambda pair: -pair[1].count):
        say(f"{code:<20}{failures.count}  {' '.join(failures.first_ids)}")


def _headline(found: BatchStatus) -> str:
    parts = [f"{spaced(found.done)} of {spaced(found.total)} articles have ended"]
    if found.ended and found.seconds is not None:
        parts.append(f"the batch ended after {duration(found.seconds)}")
    elif found.rate:
        parts.append(f"{found.rate:.0f} a second" if found.rate >= 10 else f"{60 * found.rate:.0f} a minute")
        parts += [f"{duration(found.seconds_left)} left"] if found.seconds_left else []
    if found.submitting:
        parts.append("more are being submitted")
    return ", ".join(parts)


@click.command(epilog=examples("depeche stats", "depeche stats --json"))
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
