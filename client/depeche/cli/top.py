"""The command that shows the queue as it is now: ``depeche top``."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import click

from depeche import redis_client
from depeche.cli.groups import Interrupted, examples
from depeche.cli.screens import PLAIN_COLUMNS, fit, top_screen
from depeche.client import Client
from depeche.errors import DepecheError, RedisUnavailable
from depeche.full_screen import FullScreen, on_terminal, size
from depeche.output import say_json, say_styled
from depeche.overview import MOST_SHOWN, Overview
from depeche.progress import duration

#: The screen is drawn again after so many seconds.
REDRAW_S = 1.0

#: What is shown may be so old before the screen says so.
FRESH_S = 3.0

HOW_TO_END = "q: quit"

#: A snapshot is as long as it must be.
ALL_ROWS = 2 * MOST_SHOWN + 20


@click.command(
    epilog=examples("depeche top", "depeche top | head -8      # without a terminal: one look", "depeche top --json")
)
@click.option("--json", "as_json", is_flag=True, help="Print one look as JSON.")
def top(as_json: bool) -> None:
    """Watch the queue, for operators: what waits, who works on what, what has ended.

    Each worker stands with its models and the share of its sentences that the cache had since its start, and beneath it
    stands what it works on. The screen is drawn once a second. The key q ends it, and so does Ctrl-C. Where the output
    is no terminal, it is one look. At most 50 running jobs are shown, and how many more there are. Ends are those of
    the last hour, at most 1 000, by the stream of events.
    """
    with Client() as client:
        # Whatever is wrong from the beginning is said without a screen.
        first = client.overview()
        if as_json:
            say_json(first.model_dump_json())
        elif on_terminal():
            _watch(client, first)
        else:
            say_styled("\n".join(top_screen(first, PLAIN_COLUMNS, ALL_ROWS)))


@dataclass
class _Latest:
    """What was seen last, and what has been wrong since."""

    found: Overview
    at: float
    error: DepecheError | None = None


def _watch(client: Client, first: Overview) -> None:
    latest = _Latest(first, time.monotonic())
    # The screen must not be written over by a line on standard error; it says itself when Redis is away.
    redis_client.on_wait = None
    try:
        with _looking(client, latest), FullScreen() as screen:
            while True:
                screen.draw(lines(latest, *size(), time.monotonic()))
                # Keys that were pressed quickly come together.
                if "q" in screen.keys(REDRAW_S).lower():
                    return
                if isinstance(latest.error, RedisUnavailable) and latest.error.final:
                    raise latest.error
    except KeyboardInterrupt:
        raise Interrupted("stopped by Ctrl-C") from None
    except EOFError:
        return


@contextmanager
def _looking(client: Client, latest: _Latest) -> Iterator[None]:
    """Look once a second in a thread of its own, so that the key q is heard while Redis does not answer."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(REDRAW_S):
            try:
                latest.found, latest.at, latest.error = client.overview(), time.monotonic(), None
            except DepecheError as error:
                latest.error = error

    threading.Thread(target=work, name="depeche-top", daemon=True).start()
    try:
        yield
    finally:
        over.set()


def lines(latest: _Latest, columns: int, rows: int, now: float) -> list[str]:
    """The screen, with a line that says so where Redis has not answered for some time."""
    age = now - latest.at
    if age < FRESH_S:
        return top_screen(latest.found, columns, rows, HOW_TO_END)
    reason = f": {latest.error}" if latest.error else ""
    stale = fit(f"Redis has not answered for {duration(age)}{reason}", columns).rstrip()
    return [click.style(stale, fg="red"), *top_screen(latest.found, columns, rows - 1, HOW_TO_END)]
