"""What a command says while it waits for many jobs: how far they are, and that no worker is alive."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from depeche import status_line
from depeche.client import Client
from depeche.errors import DepecheError
from depeche.output import remark
from depeche.progress import Pace, Tally, Ticker, describe

#: When nothing has ended for so long, it is time to ask whether anybody works, and then again from time to time.
IDLE_S, ASK_AGAIN_S = 3.0, 30.0

NO_WORKER = "no worker is alive, so nothing is done meanwhile: start one with depeche-worker run"


@contextmanager
def attending(client: Client, tally: Tally, *, quiet: bool) -> Iterator[None]:
    """Show the tally at the bottom of the terminal while the context lasts, and say where no worker is alive.

    Args:
        client: asks for the workers.
        tally: the counts, which the command changes.
        quiet: say nothing.
    """
    if quiet:
        yield
        return
    attendant = _Attendant(client, tally)
    try:
        with Ticker(attendant.tick):
            yield
    finally:
        status_line.show("")


class _Attendant:
    def __init__(self, client: Client, tally: Tally) -> None:
        self._client, self._tally = client, tally
        now = time.monotonic()
        self._pace = Pace(now)
        self._ended, self._ask_at = tally.ended, now + IDLE_S
        self._said, self._may_ask = False, True

    def tick(self, now: float) -> None:
        rate = self._pace.rate(now, self._tally.done + self._tally.failed)
        status_line.show(describe(self._tally, rate))
        if self._tally.ended != self._ended:
            self._ended, self._ask_at, self._said = self._tally.ended, now + IDLE_S, False
        elif now >= self._ask_at and self._may_ask:
            self._ask_at = now + ASK_AGAIN_S
            if not self._said and self._nobody_works():
                self._said = True
                remark(f"depeche: {NO_WORKER}")

    def _nobody_works(self) -> bool:
        from redis.exceptions import NoPermissionError

        try:
            return self._client.stats().workers == 0
        except DepecheError as error:
            # Redis is away for the moment; or it is a 6.2 that does not let producers count, and logs each try.
            self._may_ask = not isinstance(error.__cause__, NoPermissionError)
            return False
