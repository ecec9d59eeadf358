"""What Redis and worker processes have used, and a Redis of one's own for it. Linux only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redis

from benchmarks.submitting import redis_cpu_s
from worker.embedded_redis import EmbeddedRedis

#: Every command longer than this, in microseconds, is in Redis' own log; so many entries are kept.
SLOW_US, SLOWEST = 1000, 1000

#: What the looks of a measurement cost is not to be counted.
OWN = {"info", "config|resetstat", "slowlog|get", "slowlog|reset", "latency|latest", "latency|reset", "hlen", "llen"}


@dataclass(frozen=True)
class Used:
    """What Redis has used so far, or within some time.

    Attributes:
        cpu_s: CPU seconds of its process.
        commands: how many commands it has carried out, those of scripts too.
    """

    cpu_s: float
    commands: int

    def since(self, before: Used) -> Used:
        """What was used since then."""
        return Used(self.cpu_s - before.cpu_s, self.commands - before.commands)


def used(raw: redis.Redis) -> Used:
    """What Redis has used so far."""
    calls: Any = raw.info("commandstats")
    counted = {name.removeprefix("cmdstat_"): found["calls"] for name, found in calls.items()}
    commands = sum(number for name, number in counted.items() if name not in OWN)
    return Used(redis_cpu_s(raw), commands)


def slowest_ms(raw: redis.Redis) -> float:
    """The longest command since the log was last asked for, in milliseconds on the clock; 0 where none took one."""
    entries: Any = raw.slowlog_get(SLOWEST)
    raw.slowlog_reset()
    return max((entry["duration"] / 1000 for entry in entries), default=0.0)


def longest_pauses(raw: redis.Redis) -> dict[str, int]:
    """By the kind of event, the longest time in milliseconds that Redis has served nobody, by its latency monitor."""
    events: Any = raw.execute_command("LATENCY", "LATEST")  # type: ignore[no-untyped-call]
    return {str(event[0]): int(event[3]) for event in events}


def memory_mb(raw: redis.Redis) -> float:
    """The memory that Redis' data take, in MB."""
    found: Any = raw.info("memory")
    return float(found["used_memory"]) / 1e6


@contextmanager
def measured_redis() -> Iterator[tuple[str, redis.Redis]]:
    """A Redis that notes its slow commands and its pauses: where it is, and a connection to it."""
    extra = [f"slowlog-log-slower-than {SLOW_US}", f"slowlog-max-len {SLOWEST}", "latency-monitor-threshold 1"]
    with EmbeddedRedis(extra=extra) as server, redis.Redis.from_url(server.url, decode_responses=True) as raw:
        yield server.url, raw


def private_mb(pid: int) -> float:
    """The memory that this process has for itself alone, in MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1000
