"""``depeche-worker doctor``: looks at Redis, models and machine as a worker with these settings would find them.

Each finding says what is so and, unless it is as it should be, what to do. Nothing is changed.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

import redis

from config.settings import Settings
from depeche import keys
from depeche.errors import DepecheError
from depeche.jobs import shown
from depeche.queue import QUEUES
from depeche.redis_client import connect, timestamp
from depeche.redis_url import mask_url
from worker.models.host import cores, cpu_share, memory_limit
from worker.models.profiles import verify_models

#: The upper end of what a worker with two jobs was measured to take, in bytes, and what each further job may need.
WORKER_BYTES = {"standard": 1_300_000_000, "embedded": 800_000_000, "echo": 150_000_000}
JOB_BYTES = 30_000_000

#: Results, the ledger's order and leases go by Redis' clock; people read the worker's log beside it.
CLOCK_SKEW_S = 5.0

#: What our queues and Celery's own remote control leave among kombu's bindings.
_OUR_BINDINGS = {*QUEUES.values(), "celery.pidbox", "celeryev", "reply.celery.pidbox"}
#: Looked at on a Redis that others use too.
_MOST_KEYS, _MOST_MESSAGES = 100_000, 1000

_THREAD_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        level: ``fault``: articles can be lost, or none is processed. ``warning``: something will go worse than it need.
        text: what is so.
        remedy: what to do about it; empty where all is well.
    """

    level: Literal["ok", "warning", "fault"]
    text: str
    remedy: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything, one finding after the other; never raises for what is wrong out there."""
    with connect(settings.redis_url.get_secret_value()) as client:
        reached = _reach(client, settings)
        yield reached
        if reached.level == "ok":
            for check in (_server, _clock, _neighbours, _siblings):
                yield from _permitted(check, client)
    yield _models(settings)
    yield _memory(settings)
    yield from _threads(settings)


def _reach(client: redis.Redis, settings: Settings) -> Finding:
    where = mask_url(settings.redis_url.get_secret_value())
    try:
        client.ping()
    except redis.AuthenticationError as error:
        return Finding("fault", f"{where} refuses the password: {error}", "set user and password in DEPECHE_REDIS_URL")
    except redis.exceptions.NoPermissionError:
        pass
    except redis.RedisError as error:
        return Finding("fault", f"{where} does not answer: {error}", "start Redis, or set DEPECHE_REDIS_URL")
    return Finding("ok", f"{where} answers")


def _permitted(check: Callable[[redis.Redis], Iterator[Finding]], client: redis.Redis) -> list[Finding]:
    try:
        return list(check(client))
    except redis.exceptions.NoPermissionError as error:
        return [Finding("warning", f"Redis does not let this user look: {error}", "use the worker's user")]
    except redis.RedisError as error:
        return [Finding("fault", f"Redis fails: {error}", "see its log")]


def _server(client: redis.Redis) -> Iterator[Finding]:
    info: dict[str, Any] = client.info()
    version = str(info["redis_version"])
    if tuple(map(int, version.split(".")[:2])) < (6, 2):
        yield Finding("fault", f"Redis is {version}", "6.2 or newer is needed")
    if info["role"] != "master":
        yield Finding(
            "fault",
            "this Redis is a replica, and takes no writes",
            "set DEPECHE_REDIS_URL to the master, or to sentinel://…?master=NAME",
        )
    policy, most = info["maxmemory_policy"], info["maxmemory"]
    if policy != "noeviction":
        yield Finding(
            "fault" if most else "warning",
            f"maxmemory-policy is {policy}: a full Redis throws articles and results away",
            "set maxmemory-policy noeviction; submit then stops before Redis is full",
        )
    if not most:
        yield Finding(
            "warning",
            "Redis has no maxmemory: a long queue ends in the system killing it",
            "set maxmemory to some three quarters of its machine's or container's memory",
        )
    if not info["aof_enabled"]:
        yield Finding(
            "fault",
            "Redis keeps no append-only file: what was submitted since its last snapshot is lost with it",
            "set appendonly yes and appendfsync everysec, or always",
        )
    elif info.get("aof_last_write_status", "ok") != "ok":
        yield Finding("fault", "Redis could not write its append-only file", "see its log and its disk")
    if policy == "noeviction" and most and info["aof_enabled"]:
        yield Finding("ok", f"Redis {version}: append-only, noeviction, {most / 1e6:.0f} MB at most")


def _clock(client: redis.Redis) -> Iterator[Finding]:
    before = time.time()
    redis_time = timestamp(client.time())
    skew = (before + time.time()) / 2 - redis_time
    if abs(skew) > CLOCK_SKEW_S:
        ahead = "ahead of" if skew > 0 else "behind"
        yield Finding(
            "warning",
            f"this machine's clock is {abs(skew):.0f} s {ahead} Redis': leases go by Redis' and are right, logs and "
            "TLS certificates are not",
            "have both keep time by NTP",
        )
    else:
        yield Finding("ok", f"the clocks differ by {abs(skew):.1f} s")


def _neighbours(client: redis.Redis) -> Iterator[Finding]:
    """Other Celery apps of this database: they and we would give each other's messages back too early."""
    found = set()
    # ["message", exchange, routing key]; only the end is looked at.
    for _, entry in islice(client.hscan_iter(keys.UNACKED.name), _MOST_MESSAGES):
        found.add(shown(str(entry)).rpartition(", ")[2].strip(' "]'))
    # A user with a worker's rights alone cannot list keys, and need not.
    with suppress(redis.exceptions.NoPermissionError):
        for key in islice(client.scan_iter(match="_kombu.binding.*", count=1000), _MOST_KEYS):
            found.add(shown(str(key)).removeprefix("_kombu.binding."))
    if others := sorted(found - _OUR_BINDINGS):
        yield Finding(
            "fault",
            f"another Celery app uses this database of Redis ({', '.join(others[:5])}): it shares kombu's list of "
            "messages in work, and each app gives the other's back by its own visibility timeout",
            "give each app a database number of its own, such as …/1",
        )
    else:
        yield Finding("ok", "no other Celery app was seen in this database of Redis")


def _siblings(client: redis.Redis) -> Iterator[Finding]:
    """Workers of this host: each takes as many threads as there are cores."""
    alive = client.zrange(keys.WORKERS.name, timestamp(client.time()), "+inf", byscore=True)
    here = [name for name in alive if str(name).split(":")[0] == socket.gethostname()]
    if len(here) > 1:
        yield Finding(
            "warning",
            f"{len(here)} workers run on this host, each with {cores()} threads for {cores()} cores",
            "one worker a host or container is enough; or give each its own cores (taskset, cpus in compose)",
        )


def _models(settings: Settings) -> Finding:
    try:
        lines = verify_models(settings)
    except DepecheError as error:
        return Finding("fault", "models: " + "; ".join(str(error).splitlines()), "depeche-worker models prepare")
    return Finding("ok", "models: " + ("; ".join(lines) or "none needed"))


def _memory(settings: Settings) -> Finding:
    needed = WORKER_BYTES[settings.profile] + JOB_BYTES * max(0, settings.concurrency - 2)
    given = memory_limit()
    text = f"a worker of {settings.profile} with {settings.concurrency} jobs takes up to {needed / 1e9:.1f} GB"
    if needed > given:
        return Finding(
            "fault",
            f"{text}, and {given / 1e9:.1f} GB are given",
            "raise the container's memory limit, lower DEPECHE_CONCURRENCY, or take a smaller profile",
        )
    return Finding("ok", f"{text}; {given / 1e9:.1f} GB are given")


def _threads(settings: Settings) -> Iterator[Finding]:
    threads, share = cores(), cpu_share()
    if share < 1:
        yield Finding(
            "warning", f"the container may use {share:g} of a core", "give it at least one whole core: cpus, limits.cpu"
        )
    for name in _THREAD_VARIABLES:
        value = os.environ.get(name, "")
        if value.isdecimal() and int(value) > threads:
            yield Finding(
                "warning",
                f"{name}={value} on {threads} cores: the threads wait for each other",
                f"unset {name}; the engines take as many threads as there are cores",
            )
    if settings.concurrency > 4 * threads:
        yield Finding(
            "warning",
            f"{settings.concurrency} jobs share {threads} cores: each takes longer, and none is done sooner",
            "lower DEPECHE_CONCURRENCY; two are enough to fill the gaps between stages",
        )
    yield Finding("ok", f"{threads} cores for the engines")
