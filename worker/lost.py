"""Finds jobs that wait although their message is on no queue and no worker holds it.

Redis has no index of what is on a list, so the queues must be read, and a long one takes a while. They are read in
steps, so that a round of the janitor costs the same however long they are: what is overdue is looked for in this round
and in the following ones, until all is read.
"""

from __future__ import annotations

from collections.abc import Iterator

import redis

from depeche import keys
from depeche.messages import task_id_of
from depeche.queue import QUEUES, Priority

#: How many jobs of a set are looked at in one round.
LIMIT = 200
#: About so many bytes of messages are read in one round: four thousand short articles.
STEP_BYTES = 4_000_000
#: How many messages are read at once, at first and at most, and about how many bytes. Articles may be long, and Redis
#: serves nobody else meanwhile.
CHUNK, MOST_CHUNK, CHUNK_BYTES = 20, 100, 200_000
#: So many chunks at the front of a queue are looked at for a job that the ledger knows.
FRONT = 5


def up_to(client: redis.Redis, ledger: str, score: float, *, inclusive: bool = True) -> list[str]:
    """The ids in a set of the ledger up to a score, lowest first, at most :data:`LIMIT`."""
    bound = f"{'' if inclusive else '('}{score:.6f}"
    return list(map(str, client.zrange(ledger, "-inf", bound, byscore=True, offset=0, num=LIMIT)))


class LostMessages:
    """What one janitor knows of messages that may be lost.

    Args:
        client: a connected client that decodes responses.
    """

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self._overdue: set[str] = set()
        self._search: _Search | None = None

    def find(self, before: float) -> list[str]:
        """Take one step. Returns the ids of jobs whose message was found nowhere.

        Args:
            before: jobs that were queued later are not looked for, in seconds by Redis' clock.

        Raises:
            redis.RedisError: Redis is away.
        """
        overdue = {id for priority in QUEUES for id in self._overdue_on(priority, before)}
        # The message may just be on its way. A job that is overdue twice may have lost it.
        twice, self._overdue = overdue & self._overdue, overdue
        search, self._search = self._search or _Search(self._client, twice), None
        search.missing &= overdue
        # Where Redis fails meanwhile, the search is over: what was not read must not be taken for what is not there.
        if not search.step():
            self._search = search
            return []
        return sorted(search.missing)

    def forget(self) -> None:
        """Begin anew: another is the janitor."""
        self._overdue, self._search = set(), None

    def _overdue_on(self, priority: Priority, before: float) -> list[str]:
        """Jobs that have waited longer than all jobs at the front of their queue."""
        ledger, queue = keys.WAITING.of(priority), QUEUES[priority]
        if not self._client.zcount(ledger, "-inf", before):
            return []
        older = min(before, self._front(ledger, queue, before))
        return up_to(self._client, ledger, older, inclusive=older == before)

    def _front(self, ledger: str, queue: str, before: float) -> float:
        """When the oldest job at the front of the queue was queued. Messages of other programs do not count."""
        for start in range(0, FRONT * CHUNK, CHUNK):
            texts = list(map(str, self._client.lrange(queue, -start - CHUNK, -start - 1)))
            if ids := _ids(texts):
                since = [score for score in self._client.zmscore(ledger, list(ids)) if score is not None]
                if since:
                    return min(map(float, since))
            if not texts:
                break
        return before


class _Search:
    """One search through all queues and all that workers hold.

    Each list is read from its left end, where new messages come in. They leave it at its right end, and then a worker
    holds them. As they move in the direction of reading, none is missed between two steps.

    Attributes:
        missing: the ids that were not found so far.
    """

    def __init__(self, client: redis.Redis, task_ids: set[str]) -> None:
        self.missing = set(task_ids)
        self._client = client
        self._chunks = self._everywhere()

    def step(self) -> bool:
        """Read on. Returns whether the search is at its end."""
        left = STEP_BYTES
        while self.missing and left > 0:
            texts = next(self._chunks, None)
            if texts is None:
                return True
            self.missing -= _ids(texts)
            left -= _length(texts)
        return not self.missing

    def _everywhere(self) -> Iterator[list[str]]:
        for queue in QUEUES.values():
            yield from self._on(queue)
        cursor = 0
        while True:
            entries: dict[str, str]
            cursor, entries = self._client.hscan(keys.UNACKED.name, cursor, count=CHUNK)  # type: ignore[assignment]
            yield list(map(str, entries.values()))
            if not cursor:
                return

    def _on(self, queue: str) -> Iterator[list[str]]:
        start, at_once = 0, CHUNK
        while texts := list(map(str, self._client.lrange(queue, start, start + at_once - 1))):
            yield texts
            start += len(texts)
            # As many as may be read at once, if the next ones are as long.
            at_once = max(1, min(MOST_CHUNK, CHUNK_BYTES * len(texts) // (_length(texts) + 1)))


def _ids(texts: list[str]) -> set[str]:
    return {found for text in texts if (found := task_id_of(text))}


def _length(texts: list[str]) -> int:
    return sum(map(len, texts))
