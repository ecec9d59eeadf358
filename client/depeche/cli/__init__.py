"""The ``depeche`` command. Its answers go to standard output, and everything else goes to standard error."""

from __future__ import annotations

import click

from depeche.cli import completion, dead, notify, queue, results, run, show, submit
from depeche.cli.groups import ExtensibleCommands, examples

EXIT_STATUS = (
    "Exit status: 0 done, 2 bad usage or bad article, 3 not ready, 4 unknown id, 5 the job failed, 6 no Redis, "
    "7 queue full, 130 stopped by Ctrl-C."
)


EXAMPLES = examples(
    "depeche submit article.txt --wait    # one article, there and back",
    "depeche COMMAND -h                   # what a command takes, with examples",
)


@click.group(cls=ExtensibleCommands, epilog=f"{EXIT_STATUS}\n\n{EXAMPLES}")
@click.version_option(package_name="depeche-client")
def main() -> None:
    """Have French articles translated into English and summarised.

    Articles go to the queue in Redis at DEPECHE_REDIS_URL, and workers (depeche-worker run) process them.
    """


for command in (
    submit.submit,
    run.run,
    queue.status,
    results.result,
    results.results,
    results.wait,
    show.show,
    queue.cancel,
    queue.batch,
    queue.stats,
    dead.dead,
    notify.notify,
    completion.completion,
):
    main.add_command(command)
