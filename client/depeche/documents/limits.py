"""Bounds for the process that parses documents: memory and processor time.

A parser cannot be bounded from within: a library may need a hundred times the size of what it is given, or never end.
So documents are parsed in a process of their own, and the kernel ends what asks for too much.
"""

from __future__ import annotations

import sys

MIB = 2**20

#: The address space of the process. Its libraries alone take 300 MiB of it, most of which is never touched.
MAX_MEMORY = 1024 * MIB
#: Processor time for one document.
MAX_CPU_S = 30
#: Time for one document by the clock. It is much longer, so that a busy machine is no reason to refuse a document.
MAX_WALL_S = 300
#: Characters of all articles of one document.
MAX_CHARS = 50_000_000


def bound_memory() -> None:
    """Bound this process's address space, where the system can do that."""
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (_within(MAX_MEMORY, hard), hard))


def bound_cpu() -> None:
    """Give this process time for one more document. The kernel ends it when the time is spent."""
    if sys.platform != "win32":
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        until = int(used.ru_utime + used.ru_stime) + MAX_CPU_S + 1
        resource.setrlimit(resource.RLIMIT_CPU, (_within(until, hard), hard))


def _within(wanted: int, hard: int) -> int:
    return wanted if hard < 0 else min(wanted, hard)
