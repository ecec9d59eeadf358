"""Tells a Redis that is away from a Redis that refuses one step, and waits for one that is away."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable
from typing import TypeVar

import redis
from redis.exceptions import ClusterDownError, InvalidResponse, NoPermissionError, NoScriptError, TryAgainError

from worker.run.backoff import Backoff

log = logging.getLogger("depeche.worker")

Answer = TypeVar("Answer")

#: These errors are about the connection, or about a state of the server that has nothing to do with the step.
_OUTAGES = (
    redis.ConnectionError,
    redis.TimeoutError,
    InvalidResponse,
    redis.OutOfMemoryError,
    redis.ReadOnlyError,
    ClusterDownError,
    NoPermissionError,
    # redis-py loads a script and calls it. Redis may have forgotten it in between, and the next call loads it again.
    NoScriptError,
    TryAgainError,
)

#: The codes of such states, where the client library has no class for them. Redis 6.2 also hides the code of an error
#: that happened within a script in the middle of its text: "Error running script (…): @user_script: 22: -READONLY …".
#: It has no code for a right that is missing there.
_STATES = re.compile(
    r"(?:^|-)(?:LOADING|BUSY|READONLY|OOM|MISCONF|NOREPLICAS|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOAUTH|NOPERM) "
    r"|The user executing the script can't |ACL failure in script"
)


class Stopping(Exception):
    """The worker stops before this step was taken."""


class Undecided(Stopping):
    """The worker stops while Redis is away, and nobody knows whether Redis has taken this step."""


class Outages:
    """Waits for a Redis that is away, until :meth:`abandon` is called; several threads may wait at once.

    Args:
        pauses: how long to wait between two tries.
    """

    def __init__(self, pauses: Backoff) -> None:
        self._pauses = pauses
        self._abandoning = threading.Event()

    def abandon(self) -> None:
        """Wait no longer, in any thread."""
        self._abandoning.set()

    def insist(self, step: Callable[[], Answer]) -> Answer:
        """Take a step in the ledger, again and again while Redis is away.

        Raises:
            Undecided: this must not wait any longer.
            redis.RedisError: Redis answers, and refuses this step.
        """
        tries = 0
        while True:
            try:
                return step()
            except redis.RedisError as error:
                if not is_outage(error):
                    raise
                tries += 1
                pause_s = self._pauses.pause_s(tries)
                log.warning("the ledger cannot be written, next try in %.1f s: %s", pause_s, error)
                if self._abandoning.wait(pause_s):
                    raise Undecided from error


def is_outage(error: redis.RedisError) -> bool:
    """Whether the same step may succeed later, once Redis is back or its operator has mended its configuration.

    A Redis that is loading, full, read-only, short of replicas or refuses our user is as good as away. Any other
    answer is about this one step, such as a key of a wrong type: trying it again would not help.
    """
    if isinstance(error, _OUTAGES):
        return True
    return isinstance(error, redis.ResponseError) and _STATES.search(str(error)) is not None
