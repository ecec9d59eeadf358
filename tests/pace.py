"""How many articles a worker does in a while: the same before and after an interruption that has ended.

The articles sleep, so that the count is the worker's own and not that of a busy machine: a worker that has to look for
each article by itself, instead of being told, does a tenth of them.
"""

from __future__ import annotations

import time

from depeche.client import Client
from tests.conftest import wait_until

ARTICLE = "Une phrase pour la mesure. echo:sleep=0.1"
WINDOW_S = 2.0
#: More than the four threads of two workers can do in the while.
ARTICLES = 120


def articles_done(client: Client) -> int:
    """How many articles the workers do in two seconds, counted from the first one's end. The rest is cancelled."""
    ids = [client.submit(ARTICLE) for _ in range(ARTICLES)]
    client.wait(ids[0], timeout_s=60)
    ends_at = time.monotonic() + WINDOW_S
    wait_until(lambda: time.monotonic() > ends_at, "the window")
    done = [client.cancel(task_id).state.value for task_id in ids].count("succeeded")
    wait_until(lambda: client.stats().running == 0, "the last ones have ended")
    return done


def assert_as_fast(client: Client, before: int) -> None:
    """Hold a worker to at least 0.8 of what it did before, see :func:`articles_done`."""
    after = articles_done(client)
    assert after >= 0.8 * before, f"{before} articles before the interruption, {after} in the same time after it"
