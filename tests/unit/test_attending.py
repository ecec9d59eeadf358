"""What a command says while nothing ends: that no worker is alive, once, and only where it may know."""

from __future__ import annotations

import pytest
import redis

from depeche.article import Stats
from depeche.cli.attending import ASK_AGAIN_S, IDLE_S, NO_WORKER, _Attendant
from depeche.errors import RedisUnavailable
from depeche.progress import Tally
from depeche.testing import InMemoryClient


class Counting(InMemoryClient):
    """So many workers are alive; it counts how often they are asked for."""

    workers, asked = 0, 0
    error: Exception | None = None

    def stats(self) -> Stats:
        """The workers, or what Redis says instead."""
        self.asked += 1
        if self.error is not None:
            raise RedisUnavailable("no answer") from self.error
        return super().stats().model_copy(update={"workers": self.workers})


def said(capsys: pytest.CaptureFixture[str]) -> int:
    """How often it was said since the last time."""
    return capsys.readouterr().err.count(NO_WORKER)


def test_that_nobody_works_is_said_once_until_something_ends(capsys: pytest.CaptureFixture[str]) -> None:
    """After some seconds without an end, and not while there are workers."""
    client, tally = Counting(), Tally()
    attendant = _Attendant(client, tally)
    now = attendant._ask_at - IDLE_S
    attendant.tick(now + IDLE_S / 2)
    assert (client.asked, said(capsys)) == (0, 0)
    for _ in range(5):
        now += ASK_AGAIN_S + 1
        attendant.tick(now)
    assert said(capsys) == 1
    tally.done, client.workers = 1, 2
    for step in (0.5, IDLE_S + 1, ASK_AGAIN_S + 1):
        now += step
        attendant.tick(now)
    assert said(capsys) == 0
    client.workers = 0
    attendant.tick(now + ASK_AGAIN_S + 1)
    assert said(capsys) == 1


@pytest.mark.parametrize(
    ("error", "tries"), [(redis.exceptions.NoPermissionError("no"), 1), (redis.exceptions.ConnectionError("no"), 4)]
)
def test_where_it_is_not_known_nothing_is_said(
    capsys: pytest.CaptureFixture[str], error: Exception, tries: int
) -> None:
    """A Redis that is away is asked again, and one that forbids the question is not."""
    client = Counting()
    client.error = error
    attendant = _Attendant(client, Tally())
    now = attendant._ask_at
    for number in range(4):
        attendant.tick(now + number * (ASK_AGAIN_S + 1))
    assert (client.asked, said(capsys)) == (tries, 0)
