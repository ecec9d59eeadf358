"""What this machine gives to this process."""

from __future__ import annotations

import ctypes
import os

# From glibc's malloc.h.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def give_memory_back() -> None:
    """Have freed memory returned to the system, where the C library is glibc; elsewhere this does nothing.

    By default each thread keeps what it once needed. With the standard profile's models this saves 100 to 200 MB of a
    worker's 1.2 to 1.3 GB (``benchmarks/worker_start.py``). Thresholds of 64 KB would cost a third of the speed; these
    cost nothing but in wide beams, as one step's scores for a usual batch come to just under 8 MB.
    To be called before the threads start.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 2)
        mallopt(_M_MMAP_THRESHOLD, 8 << 20)
        mallopt(_M_TRIM_THRESHOLD, 64 << 20)
