"""The ``depeche`` command. Its answers go to standard output, and everything else goes to standard error."""

from __future__ import annotations

import click

from depeche.cli import dead, queue, results, submit
from depeche.cli.groups import ExtensibleCommands

EXIT_STATUS = (
    "Exit status: 0 done, 2 bad usage or bad article, 3 not ready, 4 unknown id, 5 the job failed, 6 no Redis, "
    "7 queue full."
)


@click.group(cls=ExtensibleCommands, epilog=EXIT_STATUS)
@click.version_option(package_name="depeche-client")
def main() -> None:
    """Have French articles translated into English and summarised.

    Articles go to the queue in Redis at DEPECHE_REDIS_URL, and workers (depeche-worker run) process them.
    """


for command in (
    submit.submit,
    queue.status,
    results.result,
    results.wait,
    queue.cancel,
    queue.stats,
    dead.dead,
):
    main.add_command(command)
