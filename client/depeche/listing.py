"""Lists the jobs of a state, for whoever looks after the queue: open ones by the ledger, ended ones by their events.

Nothing here looks for keys, and what is read is bounded however long the queue is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, get_args

from depeche import keys
from depeche.article import JobState, Progress, Report
from depeche.errors import RedisUnavailable
from depeche.queue import PRIORITIES
from depeche.records import UNREADABLE, read_status, shown
from depeche.redis_client import is_forbidden, timestamp
from depeche.redis_url import mask_url

if TYPE_CHECKING:
    import redis

#: What ``depeche list`` can list. ``delayed`` jobs are queued ones that wait for another attempt.
ListedState = Literal["queued", "delayed", "running", "dead", "failed", "succeeded", "cancelled"]
LISTED_STATES: tuple[ListedState, ...] = get_args(ListedState)

#: So many events, or records, are asked for at a time, as Redis does nothing else meanwhile.
PAGE = 500

#: Where the entry of a job in the ledger says when what a person would ask about has happened.
_SINCE = {"queued": "queued_at", "running": "started_at", "dead": "finished_at"}


class ListedJob(Report):
    """One line of ``depeche list``.

    ``at`` is UTC in ISO 8601: when it was queued, started or ended, or of a delayed job, when it is due. ``seconds``
    have gone by since then, by Redis' clock; they are negative where that is still to come. ``lost``: its worker has
    not been heard of for the length of its lease, and another will take it. ``code`` is that of its error.
    """

    id: str
    state: JobState
    at: str | None = None
    seconds: float | None = None
    progress: Progress | None = None
    attempts: int = 0
    worker: str | None = None
    lost: bool = False
    code: str | None = None
    batch: str | None = None


class JobList(Report):
    """Jobs of one state, and what is not among them.

    ``complete``: there are no more that Redis knows of. ``more``: how many more there are; null where that is not
    known. ``known_since``: of jobs that have ended, that the events go back to this time (UTC in ISO 8601), so that
    nothing is known of earlier ends; null where there is no event at all, or where they were not read to their end.
    """

    jobs: list[ListedJob]
    complete: bool
    more: int | None = 0
    known_since: str | None = None


@contextmanager
def operators_only(url: str) -> Iterator[None]:
    """Within it, a command that Redis' user may not send is refused with what to do.

    Raises:
        RedisUnavailable: the user of this URL may not see other people's jobs.
    """
    import redis

    try:
        yield
    except redis.RedisError as error:
        if not is_forbidden(error):
            raise
        refused = RedisUnavailable(
            f"the user of {mask_url(url)} may not see the jobs of others: log in as the operator of "
            "deploy/redis/users.acl, in its present version (depeche status ID shows a single job)"
        )
        refused.final = True
        raise refused from error


def list_jobs(client: redis.Redis, state: ListedState, limit: int) -> JobList:
    """At most ``limit`` jobs of a state: of open ones, those that are first in line; of ended ones, the latest.

    Args:
        client: a connected client that decodes responses.
        state: which ones.
        limit: the most jobs; 1 or more.

    Raises:
        redis.RedisError: Redis is away, or does not allow it.
    """
    now = timestamp(client.time())
    if state in {"failed", "succeeded", "cancelled"}:
        return _ended(client, state, limit, now)
    found, total = _ledger(client, state, limit)
    jobs = [job for job in read_jobs(client, found, now, state) if _belongs(job, state)]
    more = max(0, total - len(found))
    return JobList(jobs=jobs, complete=not more, more=more)


def read_jobs(client: redis.Redis, scores: Mapping[str, float], now: float, state: ListedState) -> Iterator[ListedJob]:
    """The jobs with these ids, in their order.

    Args:
        client: as for :func:`list_jobs`.
        scores: the ids, with their scores in the ledger.
        now: the time by Redis' clock.
        state: in which part of the ledger they are.
    """
    for task_id, record in _records(client, list(scores)):
        status = read_status(task_id, record)
        fields: Mapping[str, str] = {} if isinstance(record, Exception) else record
        since = scores[task_id] if state == "delayed" else seconds_in(fields.get(_SINCE.get(state, ""), ""))
        yield ListedJob(
            id=shown(task_id),
            state=status.state,
            at=as_time(since),
            seconds=None if since is None else round(now - since, 3),
            progress=status.progress if status.state is JobState.RUNNING else None,
            attempts=status.attempts,
            worker=shown(fields["worker"]) if fields.get("worker") else None,
            lost=state == "running" and scores[task_id] < now,
            code=status.error.code if status.error else None,
            batch=shown(fields["batch"]) if fields.get("batch") else None,
        )


def seconds_in(text: str) -> float | None:
    """A time in a record; None where it is none."""
    try:
        found = float(text)
    except ValueError:
        return None
    return found if as_time(found) else None


def as_time(seconds: float | None) -> str | None:
    """Seconds since 1970 as UTC in ISO 8601; None where they are no time that there is."""
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    except (ValueError, OverflowError, OSError):
        return None


def event_time(entry_id: str) -> float:
    """When an event was written, in seconds since 1970 by Redis' clock: its id says so."""
    return int(entry_id.partition("-")[0]) / 1000


def _ledger(client: redis.Redis, state: ListedState, limit: int) -> tuple[dict[str, float], int]:
    """The first ids of this part of the ledger with their scores, and how many there are in all."""
    sets = {
        "queued": [keys.WAITING.of(priority) for priority in PRIORITIES],
        "delayed": [keys.DELAYED.name],
        "running": [keys.RUNNING.name],
        "dead": [keys.DEAD.name],
    }[state]
    with client.pipeline(transaction=False) as pipe:
        for name in sets:
            pipe.zrange(name, 0, limit - 1, desc=state == "dead", withscores=True)
            # Everybody who may list may count by score, and not all may ask for the size itself.
            pipe.zcount(name, "-inf", "+inf")
        answers: list[Any] = pipe.execute()
    entries = [(task_id, float(score)) for part in answers[::2] for task_id, score in part]
    return dict(entries[:limit]), sum(answers[1::2])


def _records(client: redis.Redis, task_ids: list[str]) -> Iterator[tuple[str, dict[str, str] | Exception]]:
    for start in range(0, len(task_ids), PAGE):
        chunk = task_ids[start : start + PAGE]
        with client.pipeline(transaction=False) as pipe:
            for task_id in chunk:
                pipe.hgetall(keys.JOB.of(task_id))
            yield from zip(chunk, pipe.execute(raise_on_error=False), strict=True)


def _belongs(job: ListedJob, state: ListedState) -> bool:
    # What has changed since its id was read is left out, and so are the dead whose record has expired.
    as_recorded = "queued" if state == "delayed" else state
    return job.state == as_recorded or (job.code == UNREADABLE.code and job.state is JobState.UNKNOWN)


def _ended(client: redis.Redis, state: ListedState, limit: int, now: float) -> JobList:
    found: dict[str, ListedJob] = {}
    until, oldest, over, left_out = "+", None, False, False
    while not over and len(found) < limit:
        entries: list[Any] = client.xrevrange(keys.EVENTS.name, max=until, count=PAGE)  # type: ignore[assignment]
        over = len(entries) < PAGE
        for entry_id, fields in entries:
            oldest = entry_id
            if fields.get("state") != state or not fields.get("id"):
                continue
            if len(found) < limit:
                found.setdefault(fields["id"], _of_event(entry_id, fields, now))
            else:
                left_out = left_out or fields["id"] not in found
        until = f"({oldest}"
    jobs = _still(client, found)
    if left_out or not over:
        return JobList(jobs=jobs, complete=False, more=None)
    return JobList(jobs=jobs, complete=True, known_since=as_time(event_time(oldest)) if oldest else None)


def _of_event(entry_id: str, fields: Mapping[str, str], now: float) -> ListedJob:
    at = event_time(entry_id)
    own = {name: shown(fields[name]) for name in ("code", "batch") if fields.get(name)}
    ago = round(now - at, 3)
    return ListedJob(id=shown(fields["id"]), state=JobState(fields["state"]), at=as_time(at), seconds=ago, **own)


def _still(client: redis.Redis, found: Mapping[str, ListedJob]) -> list[ListedJob]:
    """Those of them that are still so, with what their records say; those without a record as their event has them."""
    jobs = []
    for task_id, record in _records(client, list(found)):
        status, job = read_status(task_id, record), found[task_id]
        if status.state is job.state and not isinstance(record, Exception):
            worker = shown(record["worker"]) if record.get("worker") else None
            jobs.append(job.model_copy(update={"attempts": status.attempts, "worker": worker}))
        elif status.state is JobState.UNKNOWN:
            jobs.append(job)
    return jobs
