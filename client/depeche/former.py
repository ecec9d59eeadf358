"""Finds release 0.1, which was one distribution named depeche. With both installed, chance would decide which runs."""

from __future__ import annotations

from importlib.metadata import distributions

#: The commands that remove release 0.1. The first one also removes the script ``depeche``, which the second one writes
#: again.
REMEDY = "pip uninstall depeche && pip install --force-reinstall --no-deps ./client in Dépêche's folder"


def refuse_former_distribution() -> None:
    """Do nothing where release 0.1 is not installed.

    Raises:
        ImportError: it is installed; the message says how to remove it.
    """
    for found in distributions(name="depeche"):
        # Another project has a distribution of this name with other packages. The egg-info of a source folder is not an
        # installed distribution, and has no RECORD.
        if found.read_text("RECORD") and "tasks" in (found.read_text("top_level.txt") or "").split():
            raise ImportError(
                f"Dépêche {found.version} is still installed, as the distribution depeche with the packages tasks, "
                f"config and worker; depeche-client does not work next to it: run {REMEDY}"
            )
