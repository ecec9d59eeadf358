"""The command that counts jobs and workers: ``depeche stats``."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import click

from depeche import full_screen
from depeche.article import Stats
from depeche.cli.groups import Interrupted, complain, examples
from depeche.cli.screens import stats_block, stats_line
from depeche.client import Client
from depeche.errors import RedisUnavailable
from depeche.output import say, say_json

#: How often it is counted with --watch, where nothing else is said; and how often it can be.
WATCH_S, MIN_WATCH_S = 2.0, 0.1


@click.command(
    epilog=examples(
        "depeche stats",
        "depeche stats --watch               # again every two seconds, until Ctrl-C",
        "depeche stats --watch 60 --json > counts.jsonl",
    )
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--watch",
    "watch_s",
    type=click.FloatRange(MIN_WATCH_S, 86_400),
    is_flag=False,
    flag_value=str(WATCH_S),
    metavar="[SECONDS]",
    help=f"Count again and again, every {WATCH_S:.0f} seconds or as often as you say.",
)
def stats(as_json: bool, watch_s: float | None) -> None:
    """Count jobs and workers.

    Prints how many articles wait, run and are dead, and how many workers are alive. With --watch, a terminal shows the
    counts in one place, and any other output gets a line each time, with the time (in JSON: "at").
    """
    with Client() as client:
        if watch_s is not None:
            _watch(client, watch_s, as_json)
        found = client.stats()
    if as_json:
        say_json(found.model_dump_json())
        return
    for line in stats_block(found):
        say(line)


def _watch(client: Client, seconds: float, as_json: bool) -> None:
    """Count for ever.

    Raises:
        Interrupted: by Ctrl-C.
        RedisUnavailable: Redis has never answered, or refuses.
    """
    block = full_screen.Block() if full_screen.on_terminal() and not as_json else None
    answered = False
    try:
        while True:
            try:
                _show(client.stats(), block, as_json)
                answered = True
            except RedisUnavailable as error:
                # One that has answered is only away for a while.
                if error.final or not answered:
                    raise
                complain(error)
                block = block and full_screen.Block()
            time.sleep(seconds)
    except KeyboardInterrupt:
        raise Interrupted("stopped by Ctrl-C") from None


def _show(found: Stats, block: full_screen.Block | None, as_json: bool) -> None:
    now = datetime.now(UTC)
    if as_json:
        at = now.isoformat(timespec="milliseconds")
        say_json(f'{{"at":"{at}",{found.model_dump_json()[1:]}')
    elif block:
        block.draw(stats_block(found))
    else:
        say(stats_line(found, now))
