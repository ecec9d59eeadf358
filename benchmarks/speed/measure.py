"""What a run costs: wall time, CPU time and memory, in rounds in which all take turns. Linux only."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Sample:
    """One run.

    Attributes:
        amount: what was done, in tokens, jobs or the like.
        wall_s: seconds on the clock.
        cpu_s: seconds of processor time of the processes that did it.
        peak_mib: the most memory that they have had so far, in MiB; 0 where it was not looked at.
    """

    amount: float
    wall_s: float
    cpu_s: float
    peak_mib: float = 0.0

    @property
    def per_wall_s(self) -> float:
        """Amount a second on the clock."""
        return self.amount / self.wall_s

    @property
    def per_cpu_s(self) -> float:
        """Amount a second of processor time."""
        return self.amount / max(self.cpu_s, 1e-9)


Samples = Mapping[str, Sequence[Sample]]


def in_turns(runs: Mapping[str, Callable[[], Sample]], rounds: int) -> dict[str, list[Sample]]:
    """Run all of them once to warm up, then ``rounds`` times in turns, so that what else the machine does meets all."""
    samples: dict[str, list[Sample]] = {name: [] for name in runs}
    for number in range(rounds + 1):
        for name, run in runs.items():
            sample = run()
            if number:
                samples[name].append(sample)
    return samples


class Usage:
    """What a process and its children have used since this was made."""

    def __init__(self, *pids: int) -> None:
        self._pids = pids
        self._cpu_s = self._all_cpu_s()
        self._began = time.perf_counter()

    def sample(self, amount: float) -> Sample:
        """What it is by now."""
        wall_s = time.perf_counter() - self._began
        peak = sum(peak_mib(pid) for pid in self._tree())
        return Sample(amount, wall_s, self._all_cpu_s() - self._cpu_s, peak)

    def _tree(self) -> list[int]:
        return [found for pid in self._pids for found in tree(pid)]

    def _all_cpu_s(self) -> float:
        return sum(cpu_s(pid) for pid in self._tree())


def tree(pid: int) -> list[int]:
    """A process and all processes below it."""
    below: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (fields := _stat(int(entry.name))):
            below.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [pid]
    for parent in found:
        found += below.get(parent, [])
    return found


def cpu_s(pid: int) -> float:
    """Processor seconds of a process and of those of its children that have ended; 0 if there is none."""
    fields = _stat(pid)
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def peak_mib(pid: int) -> float:
    """The most memory that a process has had, in MiB; 0 if there is none."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def _stat(pid: int) -> list[str]:
    """The fields of the kernel's line on a process from its state on."""
    try:
        # The name before may have spaces and brackets.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


@contextmanager
def this_process(add: Callable[[Sample], None], amount: float) -> Iterator[None]:
    """Measures what this process itself does in the context."""
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    add(Sample(amount, time.perf_counter() - wall, time.process_time() - cpu))


def middle(values: Sequence[float], digits: int = 0) -> str:
    """The median, and the least and the greatest where there are several."""
    shown = f"{statistics.median(values):.{digits}f}"
    return f"{shown} ({min(values):.{digits}f} to {max(values):.{digits}f})" if len(values) > 1 else shown


def against(ours: Sequence[Sample], theirs: Sequence[Sample]) -> str:
    """How many times as much is done in a second: by processor time and on the clock, the medians of all rounds."""
    by_cpu = statistics.median(a.per_cpu_s / b.per_cpu_s for a, b in zip(ours, theirs, strict=True))
    by_wall = statistics.median(a.per_wall_s / b.per_wall_s for a, b in zip(ours, theirs, strict=True))
    return f"{by_cpu:.2f}, {by_wall:.2f}"


def table(first: str, unit: str, samples: Samples, limit: str = "") -> list[str]:
    """A Markdown table with a row for each name.

    Args:
        first: the heading of the first column.
        unit: what the amounts are, in the plural.
        samples: the rounds of each.
        limit: the name of the row with which all are compared; by default none is.
    """
    compared = f" against {limit}, by CPU, by wall |" if limit else ""
    lines = [
        f"| {first} | {unit} a CPU second | {unit} a second |{compared} peak MiB |",
        f"| --- | ---: | ---: |{' ---: |' if limit else ''} ---: |",
    ]
    for name, found in samples.items():
        ratio = f" {against(found, samples[limit])} |" if limit else ""
        by_cpu, by_wall = (middle([getattr(one, each) for one in found]) for each in ("per_cpu_s", "per_wall_s"))
        peak = max(one.peak_mib for one in found)
        lines.append(f"| {name} | {by_cpu} | {by_wall} |{ratio} {f'{peak:.0f}' if peak else ''} |")
    return lines
