"""RESULTS.md: a section for each measurement, with when and how it was made. Each can be measured again by itself."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import time
from collections.abc import Iterable, Sequence
from importlib import metadata
from pathlib import Path

from worker.models.host import cores, memory_limit

HEAD = """\
# Results

`make bench` writes this page; nothing in it is written by hand. Each section names its command, machine and versions.

Figures are medians of the rounds, with the least and the greatest in brackets. In each round, all rows of a table take
turns, so that what else the machine does meets all of them; one round before does not count. Where a machine is shared,
compare by CPU seconds: they are of the processes that do the work, and hardly change with the load.
"""
#: Packages whose versions matter for the figures.
PACKAGES = ("ctranslate2", "transformers", "torch", "xllamacpp", "celery", "redis", "sentencepiece", "argostranslate")


def machine() -> str:
    """Processor, cores, memory, system and how busy it is, without the machine's name."""
    found = re.search(r"^model name\s*:\s*(.+)$", _read("/proc/cpuinfo"), re.MULTILINE)
    processor = found[1] if found else platform.machine()
    load = os.getloadavg()[0] / cores()
    return (
        f"{processor}, {cores()} cores, {memory_limit() / 2**30:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}; at its end {load:.1f} programs waited for each core"
    )


def versions() -> str:
    """Of the packages that are installed here."""
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
    return ", ".join(found)


def commit() -> str:
    """Of the code that was measured; where some of it is not committed, that is said."""
    command = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty", "--exclude=*"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return found.stdout.strip() or "unknown"


def section(title: str, command: str, lines: Iterable[str], took_s: float, *, quick: bool) -> str:
    """One section of the page, with its own heading."""
    warning = "**A quick try, with one round of few articles: not to be quoted.**\n\n" if quick else ""
    about = f"{time.strftime('%Y-%m-%d')}, commit {commit()}, {took_s / 60:.0f} minutes; {machine()}; {versions()}."
    body = "\n".join(lines)
    return f"## {title}\n\n{warning}{body}\n\n<sub>`{command}`: {about}</sub>\n"


def put(path: Path, titles: Sequence[str], title: str, text: str) -> None:
    """Put a section into the page in the place of the former one. ``titles`` is the order of all sections."""
    known = sections(path.read_text(encoding="utf-8")) if path.exists() else {}
    known[title] = text
    kept = [known[each] for each in titles if each in known]
    path.write_text("\n".join([HEAD, *kept]), encoding="utf-8")


def sections(page: str) -> dict[str, str]:
    """The sections of a page by their titles, each with its heading."""
    parts = re.split(r"(?m)^(?=## )", page)[1:]
    return {part.partition("\n")[0].removeprefix("## "): part.rstrip("\n") + "\n" for part in parts}


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError:
        return ""
