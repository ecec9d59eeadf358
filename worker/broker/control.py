"""Keeps Celery's ``revoke()`` in Redis. Celery has it in memory, and a worker that starts later knows nothing of it."""

from __future__ import annotations

import logging
from typing import Any

import redis
from celery.utils.functional import maybe_list
from celery.worker import control

from depeche.article import JobState
from worker.ledger import RedisLedger

log = logging.getLogger("depeche.worker")


def keep_revokes(ledger: RedisLedger, kept_s: int) -> None:
    """Have this process cancel in the ledger what a ``revoke()`` names, besides what Celery does.

    A queued job ends at once. A job without a record, whose message waits somewhere, ends when any worker takes the
    message. A running one goes on, as Celery promises no more.

    Args:
        ledger: the record of all jobs.
        kept_s: how long a revoke is kept for jobs that have no record yet, in seconds.
    """

    def revoke(state: Any, task_id: Any, **options: Any) -> Any:
        answer = control.revoke(state, task_id, **options)  # type: ignore[attr-defined]  # not in the stubs
        for each in {str(found) for found in maybe_list(task_id) or ()}:
            try:
                _cancel(ledger, each, kept_s)
            except (redis.RedisError, UnicodeEncodeError) as error:
                log.warning("a revoke could not be kept in Redis: %s", error)
        return answer

    control.control_command(name="revoke", variadic="task_id", signature="[id1 [id2 [... [idN]]]]")(revoke)


def _cancel(ledger: RedisLedger, task_id: str, kept_s: int) -> None:
    if ledger.status(task_id).state in {JobState.QUEUED, JobState.UNKNOWN}:
        ledger.cancel(task_id, mark_s=kept_s)
