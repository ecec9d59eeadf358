"""One look at the whole queue, for ``depeche top``: what waits, who works on what, and what has ended lately.

What is read is bounded however long the queue is, and no key is looked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from depeche import keys
from depeche.article import JobState, Report, Stats
from depeche.jobs import Jobs
from depeche.listing import ListedJob, event_time, read_jobs
from depeche.queue import PRIORITIES
from depeche.records import shown
from depeche.redis_client import timestamp

if TYPE_CHECKING:
    import redis

#: At most so many running jobs, and so many workers, are read.
MOST_SHOWN = 50

#: At most so many of the latest events are read, and none that is older.
MOST_EVENTS, EVENTS_S = 1000, 3600.0

#: The rate is that of so many seconds, or of the time that the events cover where that is shorter.
RATE_S = 60.0

#: Producers may write events, so that codes may be anything. So many are told apart, and the others counted together.
MOST_CODES, MOST_CODE_CHARS, OTHER_CODES = 20, 40, "other"

#: What a job may end as.
ENDS = ("succeeded", "failed", "cancelled", "dead")


class Ends(Report):
    """How jobs have ended lately: at most the last 1 000 ends of the last hour, by the stream of events.

    ``seconds`` is the time that they cover. ``per_second`` is the rate of the last minute; it is null where there is no
    event in the last hour, as nothing has ended then, or no events are written. ``states`` counts by state, and
    ``codes`` the failed and the dead by error code.
    """

    count: int
    seconds: float
    per_second: float | None
    states: dict[str, int]
    codes: dict[str, int]


class About(Report):
    """What a worker tells of itself each time that it renews its leases.

    ``translation`` and ``summary`` are the ids of its models; ``summary`` is null where summaries are made of the
    article's own sentences. ``cache_hits`` and ``cache_misses`` count the sentences of its results since its start.
    """

    translation: str
    summary: str | None
    cache_hits: int
    cache_misses: int


class AliveWorker(Report):
    """A worker that is alive. ``about`` is null where nothing is known of it, as of one of an earlier release."""

    name: str
    about: About | None = None


class Overview(Report):
    """What ``depeche top`` shows.

    ``oldest_s``: for how many seconds the oldest queued job of each priority has waited; null where none waits.
    ``workers``: those that are alive; at most 50, and ``stats.workers`` counts all. ``jobs``: what is in work, at most
    50; ``in_work`` counts all, also those whose worker is lost.
    """

    at: float
    stats: Stats
    oldest_s: dict[Literal["high", "normal", "low"], float | None]
    workers: list[AliveWorker]
    jobs: list[ListedJob]
    in_work: int
    ends: Ends


def look(client: redis.Redis, jobs: Jobs) -> Overview:
    """One look.

    Args:
        client: a connected client that decodes responses.
        jobs: the ledger on the same Redis.

    Raises:
        redis.RedisError: Redis is away, or does not allow it.
    """
    stats, now = jobs.stats(), timestamp(client.time())
    since = int((now - EVENTS_S) * 1000)
    with client.pipeline(transaction=False) as pipe:
        for priority in PRIORITIES:
            pipe.zrange(keys.WAITING.of(priority), 0, 0, withscores=True)
        pipe.zrange(keys.WORKERS.name, now, "+inf", byscore=True, offset=0, num=MOST_SHOWN)
        pipe.zrange(keys.RUNNING.name, 0, MOST_SHOWN - 1, withscores=True)
        pipe.zcount(keys.RUNNING.name, "-inf", "+inf")
        pipe.xrevrange(keys.EVENTS.name, min=since, count=MOST_EVENTS)
        *firsts, workers, running, in_work, events = pipe.execute()
    scores = {task_id: float(score) for task_id, score in running}
    return Overview(
        at=now,
        stats=stats,
        oldest_s={priority: _age(first, now) for priority, first in zip(PRIORITIES, firsts, strict=True)},
        workers=[
            AliveWorker(name=shown(name), about=about) for name, about in _what_they_tell(client, sorted(workers))
        ],
        # One that has ended since its id was read is in work no more.
        jobs=[job for job in read_jobs(client, scores, now, "running") if job.state is JobState.RUNNING],
        in_work=in_work,
        ends=count_ends(events, now),
    )


def count_ends(events: Sequence[tuple[str, Mapping[str, str]]], now: float) -> Ends:
    """Count what ended.

    Args:
        events: the latest entries of the stream, latest first, at most :data:`MOST_EVENTS`. What is not the end of a
            job is passed over.
        now: the time by Redis' clock.
    """
    ends = [(now - event_time(entry_id), fields) for entry_id, fields in events if _is_end(fields)]
    # All that happened in this time is known: to the oldest entry where there may be older ones that were not read.
    known_s = now - event_time(events[-1][0]) if len(events) >= MOST_EVENTS else EVENTS_S
    # Not less than a second, as a rate of the last few milliseconds says nothing.
    span = max(1.0, min(RATE_S, known_s))
    lately = sum(ago <= span for ago, _ in ends)
    codes = Counter(
        shown(fields.get("code", ""))[:MOST_CODE_CHARS] for _, fields in ends if fields["state"] in {"failed", "dead"}
    )
    return Ends(
        count=len(ends),
        seconds=round(max((ago for ago, _ in ends), default=0.0), 3),
        per_second=lately / span if ends else None,
        states={state: sum(fields["state"] == state for _, fields in ends) for state in ENDS},
        codes=_most_common(codes),
    )


def _is_end(fields: Mapping[str, str]) -> bool:
    return bool(fields.get("id")) and fields.get("state") in ENDS


def _most_common(codes: Counter[str]) -> dict[str, int]:
    # Sorted by name too, so that a screen that is drawn again does not change without reason.
    ranked = sorted(codes.items(), key=lambda pair: (-pair[1], pair[0]))
    others = sum(count for _, count in ranked[MOST_CODES:])
    return dict(ranked[:MOST_CODES]) | ({OTHER_CODES: others} if others else {})


def _what_they_tell(client: redis.Redis, workers: Sequence[str]) -> Iterator[tuple[str, About | None]]:
    with client.pipeline(transaction=False) as pipe:
        for name in workers:
            pipe.get(keys.ABOUT.of(name))
        # An operator of an older aclfile may not read them, and another program may have put anything there.
        found = pipe.execute(raise_on_error=False)
    for name, text in zip(workers, found, strict=True):
        yield name, _about(text)


def _about(text: object) -> About | None:
    try:
        return About.model_validate_json(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _age(first: list[Any], now: float) -> float | None:
    return round(max(0.0, now - float(first[0][1])), 3) if first else None
