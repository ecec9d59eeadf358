"""``depeche-worker doctor``: examines Redis, models and machine as a worker with these settings would find them.

Each finding says what is so. Where that is not as it should be, it also says what to do. Nothing is changed.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, Literal

import redis

from config.settings import Settings, callback_tasks
from depeche import keys
from depeche.errors import DepecheError
from depeche.queue import QUEUES
from depeche.records import shown
from depeche.redis_client import connect, refusal, server_name, timestamp
from depeche.redis_url import mask_url
from depeche.strays import count_strays
from worker.models.host import cores, cpu_share, memory_limit
from worker.models.profiles import verify_models

#: The most memory that a worker with two jobs took when it was measured, and what each further job may need, in bytes.
WORKER_BYTES = {"standard": 1_300_000_000, "embedded": 800_000_000, "echo": 150_000_000}
JOB_BYTES = 30_000_000

#: A larger difference of the clocks is worth a warning. Results, leases and the order of the ledger go by Redis' clock,
#: but people read the worker's log next to them.
CLOCK_SKEW_S = 5.0

#: The names that our queues and Celery's remote control have among kombu's bindings. Any other is another app's.
_OUR_BINDINGS = {*QUEUES.values(), "celery.pidbox", "celeryev", "reply.celery.pidbox"}
#: How much is looked at, as others may use this Redis too and have many keys.
_MOST_KEYS, _MOST_MESSAGES = 100_000, 1000

_THREAD_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        level: ``fault`` if articles can be lost or none is processed, ``warning`` if something works less well than it
            could, else ``ok``.
        text: what was found.
        remedy: what to do about it; empty if all is well.
    """

    level: Literal["ok", "warning", "fault"]
    text: str
    remedy: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """Examine everything, one finding after the other. Whatever is wrong becomes a finding and never an error."""
    with connect(settings.redis_url.get_secret_value()) as client:
        reached = _reach(client, settings)
        yield reached
        if reached.level == "ok":
            for check in (_server, _clock, partial(_neighbours, settings), _siblings, _strays):
                yield from _permitted(check, client)
    yield _models(settings)
    yield _memory(settings)
    yield from _threads(settings)


def _reach(client: redis.Redis, settings: Settings) -> Finding:
    where = mask_url(settings.redis_url.get_secret_value())
    try:
        reason = refusal(client, settings.redis_url.get_secret_value())
    except redis.RedisError as error:
        return Finding("fault", f"{where} does not answer: {error}", "start Redis, or set DEPECHE_REDIS_URL")
    if reason:
        text, _, remedy = reason.partition(": ")
        return Finding("fault", text, remedy)
    return Finding("ok", f"{where} answers")


def _permitted(check: Callable[[redis.Redis], Iterator[Finding]], client: redis.Redis) -> list[Finding]:
    try:
        return list(check(client))
    except redis.exceptions.NoPermissionError as error:
        return [
            Finding(
                "warning",
                f"this user has no right to examine Redis: {error}",
                "set the worker's user in DEPECHE_REDIS_URL",
            )
        ]
    except redis.RedisError as error:
        return [Finding("fault", f"Redis answers with an error: {error}", "see its log")]


def _server(client: redis.Redis) -> Iterator[Finding]:
    info: dict[str, Any] = client.info()
    name = server_name(info)
    if tuple(map(int, str(info["redis_version"]).split(".")[:2])) < (6, 2):
        yield Finding("fault", f"this is {name}", "Redis 6.2 or newer, or Valkey, is needed")
    if info["role"] != "master":
        yield Finding(
            "fault",
            "this Redis is a replica, which takes no writes",
            "set DEPECHE_REDIS_URL to the master, or to sentinel://…?master=NAME",
        )
    policy, most = info["maxmemory_policy"], info["maxmemory"]
    if policy != "noeviction":
        yield Finding(
            "fault" if most else "warning",
            f"maxmemory-policy is {policy}, with which a full Redis throws articles and results away",
            "set maxmemory-policy noeviction; submit then refuses articles before Redis is full",
        )
    if not most:
        yield Finding(
            "warning",
            "Redis has no maxmemory, so a long queue takes memory until the system kills Redis",
            "set maxmemory to about three quarters of the memory of its machine or container",
        )
    if not info["aof_enabled"]:
        yield Finding(
            "fault",
            "Redis keeps no append-only file: if it dies, what was submitted since its last snapshot is lost",
            "set appendonly yes and appendfsync everysec, or always",
        )
    elif info.get("aof_last_write_status", "ok") != "ok":
        yield Finding("fault", "Redis could not write its append-only file", "see its log and its disk")
    if policy == "noeviction" and most and info["aof_enabled"]:
        yield Finding("ok", f"{name}: append-only, noeviction, {most / 1e6:.0f} MB at most")


def _clock(client: redis.Redis) -> Iterator[Finding]:
    before = time.time()
    redis_time = timestamp(client.time())
    skew = (before + time.time()) / 2 - redis_time
    if abs(skew) > CLOCK_SKEW_S:
        ahead = "ahead of" if skew > 0 else "behind"
        yield Finding(
            "warning",
            f"this machine's clock is {abs(skew):.0f} s {ahead} Redis' clock: leases are right, as they go by Redis' "
            "clock, but times in logs and the checks of TLS certificates are wrong",
            "set both clocks by NTP",
        )
    else:
        yield Finding("ok", f"the clocks differ by {abs(skew):.1f} s")


def _neighbours(settings: Settings, client: redis.Redis) -> Iterator[Finding]:
    """Whether other Celery apps use this database. They and we would give each other's messages back too early.

    Those whose tasks workers send after articles must use it, and have lists of messages in work of their own.
    """
    found = set()
    # An entry is ["message", exchange, routing key]. Only the routing key at its end is needed.
    for _, entry in islice(client.hscan_iter(keys.UNACKED.name), _MOST_MESSAGES):
        found.add(shown(str(entry)).rpartition(", ")[2].strip(' "]'))
    # A user with only a worker's rights cannot list keys. Then the messages in work must be enough.
    with suppress(redis.exceptions.NoPermissionError):
        most = 0 if callback_tasks(settings) else _MOST_KEYS
        for key in islice(client.scan_iter(match="_kombu.binding.*", count=1000), most):
            found.add(shown(str(key)).removeprefix("_kombu.binding."))
    if others := sorted(found - _OUR_BINDINGS):
        yield Finding(
            "fault",
            f"another Celery app uses this database of Redis ({', '.join(others[:5])}): both share kombu's list of "
            "messages in work, and each gives the other's messages back after its own visibility timeout",
            "give each app a database number of its own, such as …/1",
        )
    else:
        yield Finding("ok", "no other Celery app was seen in this database of Redis")


def _strays(client: redis.Redis) -> Iterator[Finding]:
    """What a Celery client has sent with a priority of Celery's."""
    if count := sum(count_strays(client).values()):
        yield Finding(
            "warning",
            f"{count} messages with a Celery priority lie beside the queues",
            "start a worker, which puts them on the queues within seconds; if one runs, see its log",
        )


def _siblings(client: redis.Redis) -> Iterator[Finding]:
    """The workers of this host. Each takes as many threads as there are cores."""
    alive = client.zrange(keys.WORKERS.name, timestamp(client.time()), "+inf", byscore=True)
    here = [name for name in alive if str(name).split(":")[0] == socket.gethostname()]
    if len(here) > 1:
        yield Finding(
            "warning",
            f"{len(here)} workers run on this host, each with {cores()} threads for {cores()} cores",
            "run one worker on each host or container, or give each its own cores (taskset, cpus in compose)",
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
            f"{text}, and only {given / 1e9:.1f} GB are there",
            "raise the container's memory limit, lower DEPECHE_CONCURRENCY, or choose a smaller profile",
        )
    return Finding("ok", f"{text}; {given / 1e9:.1f} GB are there")


def _threads(settings: Settings) -> Iterator[Finding]:
    threads, share = cores(), cpu_share()
    if share < 1:
        yield Finding(
            "warning",
            f"the container may use only {share:g} of a core",
            "give it at least one whole core (cpus, limits.cpu)",
        )
    for name in _THREAD_VARIABLES:
        value = os.environ.get(name, "")
        if value.isdecimal() and int(value) > threads:
            yield Finding(
                "warning",
                f"{name} is {value}, but there are {threads} cores: the threads wait for each other",
                f"unset {name}: the engines take as many threads as there are cores",
            )
    if settings.concurrency > 4 * threads:
        yield Finding(
            "warning",
            f"{settings.concurrency} jobs share {threads} cores: each takes longer, and none ends sooner",
            "lower DEPECHE_CONCURRENCY: two jobs are enough to fill the gaps between stages",
        )
    yield Finding("ok", f"{threads} cores for the engines")
