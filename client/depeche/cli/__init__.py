"""The ``depeche`` command. Its answers go to standard output, and everything else goes to standard error."""

from __future__ import annotations

import os

import click

from depeche.cli.groups import ExtensibleCommands, Own, examples

EXIT_STATUS = (
    "Exit status: 0 done, 2 bad usage or bad article, 3 not ready, 4 unknown id, 5 the job failed, 6 no Redis, "
    "7 queue full, 130 stopped by Ctrl-C."
)


EXAMPLES = examples(
    "depeche submit article.txt --wait    # one article, there and back",
    "depeche COMMAND -h                   # what a command takes, with examples",
)

# pydantic would look through all distributions that are installed for plugins of its own, which takes long.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

#: The commands by their names.
OWN = {
    "batch": Own(
        "depeche.cli.queue", "batch", "Count the jobs of a batch: by state, how fast they end, and why some failed."
    ),
    "cancel": Own("depeche.cli.queue", "cancel", "Cancel a job, and print its status as JSON."),
    "completion": Own(
        "depeche.cli.completion", "completion", "Print the script by which SHELL completes commands and options."
    ),
    "dead": Own("depeche.cli.dead", "dead", "Look after dead jobs."),
    "list": Own("depeche.cli.listing", "list_jobs", "List the jobs of a state, for operators."),
    "notify": Own("depeche.cli.notify", "notify", "Send a signed webhook for each job that ends."),
    "result": Own("depeche.cli.results", "result", "Print the result of a finished job."),
    "results": Own(
        "depeche.cli.results", "results", "Fetch the results that are there, without waiting for the others."
    ),
    "run": Own(
        "depeche.cli.run",
        "run",
        "Have the articles in PATH... translated, and put their results into a folder or a file.",
    ),
    "show": Own("depeche.cli.show", "show", "Show the result of a finished job, to read in the terminal."),
    "stats": Own("depeche.cli.stats", "stats", "Count jobs and workers."),
    "status": Own("depeche.cli.queue", "status", "Print the state of a job as JSON."),
    "submit": Own(
        "depeche.cli.submit", "submit", "Queue the articles in PATH..., and print their task ids, one a line, in order."
    ),
    "top": Own(
        "depeche.cli.top", "top", "Watch the queue, for operators: what waits, who works on what, what has ended."
    ),
    "wait": Own("depeche.cli.results", "wait", "Wait for jobs, and give their results in the order of the ids."),
}


@click.group(cls=ExtensibleCommands, own=OWN, epilog=f"{EXIT_STATUS}\n\n{EXAMPLES}")
@click.version_option(package_name="depeche-client")
def main() -> None:
    """Have French articles translated into English and summarised.

    Articles go to the queue in Redis at DEPECHE_REDIS_URL, and workers (depeche-worker run) process them.
    """
