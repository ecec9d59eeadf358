"""Finds release 0.1, which was one distribution named depeche. With both installed, chance would decide which runs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from os import scandir

#: The commands that remove release 0.1. The first one also removes the script ``depeche``, which the second one writes
#: again.
REMEDY = "pip uninstall depeche && pip install --force-reinstall --no-deps ./client in Dépêche's folder"


def refuse_former_distribution() -> None:
    """Do nothing where release 0.1 is not installed.

    Raises:
        ImportError: it is installed; the message says how to remove it.
    """
    # It is imported only where it is needed: it takes longer than a quick look into the folders.
    if not any(_is_of_a_distribution(name) for name in _names_on_the_path()):
        return
    from importlib.metadata import distributions

    for found in distributions(name="depeche"):
        # Another project has a distribution of this name with other packages. The egg-info of a source folder is not an
        # installed distribution, and has no RECORD.
        if found.read_text("RECORD") and "tasks" in (found.read_text("top_level.txt") or "").split():
            raise ImportError(
                f"Dépêche {found.version} is still installed, as the distribution depeche with the packages tasks, "
                f"config and worker; depeche-client does not work next to it: run {REMEDY}"
            )


def _names_on_the_path() -> Iterator[str]:
    for folder in sys.path:
        # Entries may be files, or may not be there.
        with suppress(OSError), scandir(folder or ".") as entries:
            yield from (entry.name for entry in entries)


def _is_of_a_distribution(name: str) -> bool:
    return name.lower().startswith("depeche-") and name.endswith((".dist-info", ".egg-info"))
