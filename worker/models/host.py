"""What this machine gives to this process."""

from __future__ import annotations

import ctypes
import math
import os
from collections.abc import Iterator
from pathlib import Path

# From glibc's malloc.h.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8


def cores() -> int:
    """The processors that this process may use: those it may run on, within its container's share.

    At least 1. A share of 1.5 counts as 1: threads that wait for their share in mid-step hold up the others.
    """
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, math.floor(min(allowed, cpu_share())))


def cpu_share(root: Path = Path("/")) -> float:
    """How many processors' time the container may take, from its control group; infinite without a limit."""
    shares = [math.inf]
    for text in _control("cpu.max", root):
        if not text.startswith("max"):
            most, period = map(int, text.split())
            shares.append(most / period)
    # Version 1 of control groups.
    folder = root / "sys/fs/cgroup/cpu"
    quota_us, period_us = (_number(folder / f"cpu.cfs_{name}_us") for name in ("quota", "period"))
    if quota_us > 0 and 0 < period_us < math.inf:
        shares.append(quota_us / period_us)
    return min(shares)


def memory_limit(root: Path = Path("/")) -> float:
    """The most memory, in bytes, that this process and those in its container may take: the limit, or the machine's."""
    limits = [_number(root / "sys/fs/cgroup/memory/memory.limit_in_bytes")]
    limits += [int(text) for text in _control("memory.max", root) if text != "max"]
    for line in _lines(root / "proc/meminfo"):
        if line.startswith("MemTotal:"):
            limits.append(int(line.split()[1]) * 1024)
    return min(limits)


def _control(name: str, root: Path) -> Iterator[str]:
    """A file of this process's control group and of those above it, as any of them may hold a limit (version 2)."""
    for line in _lines(root / "proc/self/cgroup"):
        if line.startswith("0::"):
            group = Path(line[3:].lstrip("/"))
            for folder in (group, *group.parents):
                yield from _lines(root / "sys/fs/cgroup" / folder / name)


def _number(path: Path) -> float:
    lines = _lines(path)
    return int(lines[0]) if lines else math.inf


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except OSError:
        return []


def give_memory_back() -> None:
    """Have freed memory returned to the system, where the C library is glibc; elsewhere this does nothing.

    By default each thread keeps what it once needed. With the standard profile's models this saves 100 to 200 MB of a
    worker's 1.2 to 1.3 GB (``python -m benchmarks.speed stages`` shows the memory). Thresholds of 64 KB would cost a
    third of the speed; these cost nothing but in wide beams, as one step's scores for a usual batch come to just under
    8 MB.
    To be called before the threads start.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 2)
        mallopt(_M_MMAP_THRESHOLD, 8 << 20)
        mallopt(_M_TRIM_THRESHOLD, 64 << 20)


def resident_bytes() -> int:
    """Memory that this process holds now; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
