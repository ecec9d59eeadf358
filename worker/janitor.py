"""Finds jobs whose message is lost, and writes it again.

A message can be lost: kombu takes it off the queue in one step and records it as taken in another, and a worker killed
between the two takes it along. The ledger knows better. Two messages for one job do no harm, as the ledger lets one of
them run; so what is done here need only be right in the end, and cheap.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import redis

from depeche import keys
from depeche.jobs import new_caller
from depeche.messages import job_id_of
from depeche.queue import QUEUES
from depeche.redis_client import timestamp
from worker.ledger import RedisLedger, Seen

log = logging.getLogger("depeche.janitor")

#: Between a message's leaving the queue and its record as taken, or a lease's end and the message's return, seconds may
#: pass: a job is not missing before.
MARGIN_S = 3.0
#: Messages read at once. Articles may be long, and Redis serves nobody else meanwhile.
CHUNK = 20
#: Jobs looked at in one round.
LIMIT = 200


class Janitor:
    """One round of work at a time, see :meth:`clean`.

    Args:
        client: a connected client that decodes responses.
        ledger: the record of all jobs.
        term_s: how long an elected janitor that does not come back stays the one.
        tell: hears what was published: the reason (due, expired, waiting) and how many.
    """

    def __init__(
        self,
        client: redis.Redis,
        ledger: RedisLedger,
        *,
        term_s: float,
        tell: Callable[[Seen, int], None] = lambda reason, count: None,
    ) -> None:
        self._tell = tell
        self._client = client
        self._ledger = ledger
        self._term_ms = round(term_s * 1000)
        self._fence, self._next_fence = "", new_caller()
        self._suspects: dict[str, set[str]] = {}

    def clean(self) -> int:
        """Be elected, or do nothing; then publish what is due, expired or lost. Returns how many were published.

        Raises:
            redis.RedisError: Redis is away.
        """
        self._fence = self._ledger.elect(self._fence, self._next_fence, self._term_ms)
        if self._fence == self._next_fence:
            self._next_fence = new_caller()
        if not self._fence:
            self._suspects.clear()
            return 0
        now = self._now()
        published = self._publish(self._up_to(keys.DELAYED.name, now), "due")
        published += self._publish(self._up_to(keys.RUNNING.name, now - MARGIN_S), "expired")
        for priority, queue in QUEUES.items():
            published += self._publish(self._lost(keys.WAITING_SETS[priority], queue, now - MARGIN_S), "waiting")
        return published

    def resign(self) -> None:
        """Let another be elected at once."""
        if self._fence:
            self._ledger.resign(self._fence)

    def _publish(self, job_ids: list[str], seen: Seen) -> int:
        published = [id for id in job_ids if self._ledger.republish(self._fence, id, seen) == "published"]
        for job_id in published:
            log.info("job %s is on its queue again: %s", job_id, seen)
        self._tell(seen, len(published))
        return len(published)

    def _lost(self, ledger: str, queue: str, before: float) -> list[str]:
        """Jobs that have waited longer than all on the queue's front, were so the last time too, and are nowhere."""
        if not self._client.zcount(ledger, "-inf", before):
            self._suspects[queue] = set()
            return []
        older = min(before, self._front(ledger, queue, before))
        suspects = set(self._up_to(ledger, older, inclusive=older == before))
        # A message may have been in mid-air: twice absent is lost.
        again = suspects & self._suspects.get(queue, set())
        self._suspects[queue] = suspects
        if again:
            for chunk in self._taken():
                again -= chunk
        if again:
            for chunk in self._queued(queue):
                again -= chunk
        return sorted(again)

    def _front(self, ledger: str, queue: str, before: float) -> float:
        """Since when the oldest of the messages at the queue's front has waited; other programs' do not count."""
        for chunk in self._queued(queue):
            since = [score for score in self._client.zmscore(ledger, list(chunk)) if score is not None]
            if since:
                return min(map(float, since))
        return before

    def _queued(self, queue: str) -> Iterator[set[str]]:
        """The ids on a queue, chunk by chunk from the front."""
        for start in range(0, 1_000_000, CHUNK):
            chunk = self._client.lrange(queue, -start - CHUNK, -start - 1)
            if not chunk:
                return
            if ids := {found for text in chunk if (found := job_id_of(str(text)))}:
                yield ids

    def _taken(self) -> Iterator[set[str]]:
        """The ids that workers hold, chunk by chunk."""
        cursor = 0
        while True:
            entries: dict[str, str]
            cursor, entries = self._client.hscan(keys.UNACKED.name, cursor, count=CHUNK)  # type: ignore[assignment]
            yield {found for text in entries.values() if (found := job_id_of(text))}
            if not cursor:
                return

    def _up_to(self, ledger: str, score: float, *, inclusive: bool = True) -> list[str]:
        bound = f"{'' if inclusive else '('}{score:.6f}"
        return list(map(str, self._client.zrange(ledger, "-inf", bound, byscore=True, offset=0, num=LIMIT)))

    def _now(self) -> float:
        return timestamp(self._client.time())
