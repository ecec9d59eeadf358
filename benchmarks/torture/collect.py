"""Brings together what was recorded of a run, and what is left in Redis."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import redis

from benchmarks.torture.aof import SETS
from benchmarks.torture.history import Call, Left
from depeche import keys
from depeche.queue import QUEUES
from depeche.strays import LISTS
from tests.key_leaks import leaked


def calls(journals: Iterable[Path]) -> list[Call]:
    """The clients' steps: what was begun and what was answered, in one."""
    found: dict[int, dict[str, Any]] = {}
    for journal in journals:
        text = journal.read_text(encoding="utf-8") if journal.exists() else ""
        # Where its writer was killed in the middle of a line, that line was not written.
        for line in text.split("\n")[:-1]:
            fields = json.loads(line)
            found.setdefault(fields["step"], {}).update(fields)
    return [Call(**fields) for fields in found.values()]


def job_ids(raw: redis.Redis) -> set[str]:
    """The task ids of all records."""
    return {str(name).removeprefix(keys.JOB.prefix) for name in raw.scan_iter(keys.JOB.of("*"), count=1000)}


def leavings(raw: redis.Redis, strangers: set[str]) -> Left:
    """What is there now, without the jobs that are not of the schedule."""
    ids = sorted(job_ids(raw) - strangers)
    results = {_id(name, keys.RESULT): name for name in raw.scan_iter(keys.RESULT.of("*"), count=1000)}
    messages = {_id(name, keys.MESSAGE): name for name in raw.scan_iter(keys.MESSAGE.of("*"), count=1000)}
    return Left(
        records={task_id: raw.hgetall(keys.JOB.of(task_id)) for task_id in ids},  # type: ignore[misc]  # a sync client
        results={
            task_id: json.loads(str(raw.get(name))) for task_id, name in results.items() if task_id not in strangers
        },
        messages={task_id: str(raw.get(name)) for task_id, name in messages.items() if task_id not in strangers},
        sets={name: [*map(str, raw.zrange(name, 0, -1))] for name in SETS},
        lengths=held(raw),
        for_ever=leaked(raw),
    )


def held(raw: redis.Redis) -> dict[str, int]:
    """How much lies on the queues and beside them, and is held by workers, where that is not nothing."""
    lists = [*QUEUES.values(), *(name for names in LISTS.values() for name in names)]
    lengths = {name: int(raw.llen(name)) for name in lists}
    lengths |= {keys.UNACKED.name: int(raw.hlen(keys.UNACKED.name))}
    lengths |= {keys.UNACKED_INDEX.name: int(raw.zcard(keys.UNACKED_INDEX.name))}
    return {name: length for name, length in lengths.items() if length}


def unsettled(raw: redis.Redis) -> int:
    """How much waits and is in work, in messages and in entries of the ledger."""
    return sum(held(raw).values()) + sum(int(raw.zcard(name)) for name in SETS if name != keys.DEAD.name)


def _id(name: Any, kind: keys.Key) -> str:
    return str(name).removeprefix(kind.prefix)
