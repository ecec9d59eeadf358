"""What a container gives to its process is what counts, not what the machine has."""

from __future__ import annotations

import math
from pathlib import Path

from worker.models.host import cores, cpu_share, memory_limit


def _write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")
    return root


def test_control_groups_version_2(tmp_path: Path) -> None:
    """The tightest limit counts, of the process's own group and of those above."""
    root = _write(
        tmp_path,
        {
            "proc/self/cgroup": "0::/pod/worker",
            "proc/meminfo": "MemTotal:       16000000 kB",
            "sys/fs/cgroup/pod/cpu.max": "150000 100000",
            "sys/fs/cgroup/pod/worker/cpu.max": "max 100000",
            "sys/fs/cgroup/pod/worker/memory.max": "1000000000",
            "sys/fs/cgroup/pod/memory.max": "max",
        },
    )
    assert cpu_share(root) == 1.5
    assert memory_limit(root) == 1e9


def test_control_groups_version_1(tmp_path: Path) -> None:
    """A quota and a period in microseconds; -1 is not a quota."""
    folder = "sys/fs/cgroup/cpu/cpu.cfs_"
    root = _write(tmp_path, {f"{folder}quota_us": "200000", f"{folder}period_us": "100000"})
    assert cpu_share(root) == 2
    assert cpu_share(_write(tmp_path, {f"{folder}quota_us": "-1"})) == math.inf


def test_without_limits(tmp_path: Path) -> None:
    """The machine's own memory and processors count."""
    root = _write(tmp_path, {"proc/meminfo": "MemTotal:       2000 kB"})
    assert memory_limit(root) == 2000 * 1024
    assert cpu_share(root) == math.inf
    assert cores() >= 1
