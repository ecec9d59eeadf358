"""Finds jobs whose message is lost, and writes it again; finds what others have spoilt, and sets it aside.

A message can be lost, because kombu takes it off the queue in one step and records it as taken in another. If a worker
is killed between the two steps, the message is gone, but the job is still in the ledger. An entry of the ledger can be
lost too, where somebody deletes it; then the job's record is still there. Two messages for one job do no harm, as the
ledger lets only one of them run. So what is done here may be late or done twice, as long as it is cheap.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Literal

import redis

from depeche import keys
from depeche.article import JobError, JobState
from depeche.batches import Enrolment
from depeche.errors import DepecheError
from depeche.jobs import new_caller
from depeche.redis_client import timestamp
from worker.ledger import MOST_IN_VAIN, Publication, RedisLedger, Seen, new_fence
from worker.lost import LostMessages, up_to
from worker.run.verdict import spoilt

log = logging.getLogger("depeche.janitor")

#: Seconds may pass after a message has left the queue until it is recorded as taken, and after a lease has ended until
#: the message is back. A job is not missing before.
MARGIN_S = 3.0
#: How many entries of each set of the ledger are looked at in one round.
ENTRIES = 1000
#: How long it takes to look at every record once, how many names are read at once, and how many records. In one round
#: so many names are read at most, so that it costs the same however many jobs there are; with more than forty thousand
#: jobs it takes longer until every record was looked at.
CENSUS_S, NAMES, RECORDS, MOST_NAMES = 60.0, 1000, 100, 10_000

#: What is set aside: a key of another type, a record that cannot be used, an entry of the ledger without a job, a job
#: whose message is gone for good or cannot be used.
Aside = Literal["key", "record", "entry", "message"]

LOST = DepecheError("its article is gone from Redis, though it had not ended: submit it again")
IN_VAIN = DepecheError(
    f"its message was put on the queue {MOST_IN_VAIN} times, and no worker could use it: see what depeche dead list "
    "says of refused messages, then submit it again"
)


class Janitor:
    """One round of work at a time, see :meth:`clean`.

    Args:
        client: a connected client that decodes responses.
        ledger: the record of all jobs.
        lease_s: the workers' lease, in seconds.
        tell: is called with the reason (due, expired, waiting) and the number of jobs that were published.
        tell_aside: is called with what was set aside, and how many.
    """

    def __init__(
        self,
        client: redis.Redis,
        ledger: RedisLedger,
        *,
        lease_s: float,
        tell: Callable[[Seen, int], None] = lambda reason, count: None,
        tell_aside: Callable[[Aside, int], None] = lambda what, count: None,
    ) -> None:
        self._tell, self._tell_aside = tell, tell_aside
        self._client = client
        self._ledger = ledger
        self._lease_s = lease_s
        # How long an elected janitor that does not come back stays the one.
        self._term_s = max(10, 2 * lease_s)
        self._fence, self._next_fence = "", new_fence(self._term_s)
        self._lost = LostMessages(client)
        self._cursor, self._counted_at = 0, time.monotonic()

    def clean(self) -> int:
        """If this janitor is elected, publish what is due, expired or lost. Returns how many jobs that were.

        Raises:
            redis.RedisError: Redis is away.
        """
        self._heal()
        self._fence = self._ledger.elect(self._fence, self._next_fence)
        if self._fence == self._next_fence:
            self._next_fence = new_fence(self._term_s)
        if not self._fence:
            self._lost.forget()
            self._counted_at = time.monotonic()
            return 0
        self._tidy()
        self._census()
        now = self._now()
        for name in self._up_to(keys.BATCHES.name, now):
            # Whoever submitted to it has not been heard of for a while.
            self._ledger.close_batch(Enrolment(name))
        published = self._publish(self._up_to(keys.DELAYED.name, now), "due")
        published += self._publish(self._up_to(keys.RUNNING.name, now - MARGIN_S), "expired")
        return published + self._publish(self._lost.find(now - MARGIN_S), "waiting")

    def resign(self) -> None:
        """Let another janitor be elected at once."""
        if self._fence:
            self._ledger.resign(self._fence)

    def _heal(self) -> None:
        # Every worker does this, as a key of a wrong type may be what no janitor can be elected with.
        for name in self._ledger.heal():
            log.error("%s was of another type, so it is kept as %s", name, keys.ASIDE.of(name))
            self._tell_aside("key", 1)

    def _tidy(self) -> None:
        times, entries = self._ledger.tidy(self._fence, self._lease_s, ENTRIES)
        if times:
            log.warning("%d times lay in the future, as if Redis' clock had been put back: they are set right", times)
        if entries:
            log.warning("%d entries of the ledger had no job: they are removed", entries)
        self._tell_aside("entry", entries)

    def _census(self) -> None:
        """Look at so many records that all are seen in :data:`CENSUS_S`, if they are not too many."""
        now = time.monotonic()
        share, self._counted_at = (now - self._counted_at) / CENSUS_S, now
        left = min(MOST_NAMES, int(self._client.dbsize() * min(1.0, share)) + 1)
        while left > 0:
            self._cursor, names = self._client.scan(self._cursor, match=keys.JOB.of("*"), count=NAMES)
            left -= NAMES
            task_ids = [str(name).removeprefix(keys.JOB.prefix) for name in names]
            for start in range(0, len(task_ids), RECORDS):
                self._count(task_ids[start : start + RECORDS])
            if not self._cursor:
                return

    def _count(self, task_ids: list[str]) -> None:
        for task_id, fault in self._ledger.census(self._fence, self._lease_s, task_ids).items():
            if fault:
                self._set_aside(task_id, fault)
            else:
                log.warning("job %s was in no set of the ledger: it is put back", task_id)

    def _publish(self, task_ids: list[str], seen: Seen) -> int:
        published = [id for id in task_ids if self._settle(id, self._ledger.republish(self._fence, id, seen))]
        for task_id in published:
            log.info("job %s is on its queue again: %s", task_id, seen)
        self._tell(seen, len(published))
        return len(published)

    def _settle(self, task_id: str, found: Publication) -> bool:
        """End what cannot go on. Returns whether the job was published."""
        match found.outcome:
            case "lost":
                self._end(task_id, found.token, JobState.FAILED, LOST)
            case "in vain":
                self._end(task_id, found.token, JobState.DEAD, IN_VAIN)
            case "spoilt":
                self._set_aside(task_id, found.fault)
            case "gone":
                self._tell_aside("entry", 1)
        return found.outcome == "published"

    def _end(self, task_id: str, token: int, state: JobState, error: DepecheError) -> None:
        fault = JobError.model_validate(error.as_json())
        if self._ledger.end(task_id, token, new_caller(), state, type(error).__name__, fault):
            log.error("job %s ends as %s: %s", task_id, state, error)
            self._tell_aside("message", 1)

    def _set_aside(self, task_id: str, fault: str) -> None:
        error = spoilt(fault).error
        assert error
        if self._ledger.set_aside(
            task_id, new_caller(), type(error).__name__, JobError.model_validate(error.as_json())
        ):
            log.error("job %s is set aside: %s", task_id, fault)
            self._tell_aside("record", 1)

    def _up_to(self, ledger: str, score: float) -> list[str]:
        return up_to(self._client, ledger, score)

    def _now(self) -> float:
        return timestamp(self._client.time())
