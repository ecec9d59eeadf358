"""Release 0.1 was one distribution named depeche. Beside it, nobody could tell whose commands and packages run."""

from __future__ import annotations

from importlib.metadata import distributions

#: To leave release 0.1. The second command writes the script ``depeche`` again, which the first one takes along.
REMEDY = "pip uninstall depeche && pip install --force-reinstall --no-deps ./client in Dépêche's folder"


def refuse_former_distribution() -> None:
    """Do nothing where release 0.1 is not installed.

    Raises:
        ImportError: it is; says how to remove it.
    """
    for found in distributions(name="depeche"):
        # Another project's distribution of this name has other packages. A source folder's own egg-info has no RECORD.
        if found.read_text("RECORD") and "tasks" in (found.read_text("top_level.txt") or "").split():
            raise ImportError(
                f"Dépêche {found.version} is still installed, as the distribution depeche with the packages tasks, "
                f"config and worker; it does not go together with depeche-client: {REMEDY}"
            )
