"""An installed release 0.1 is noticed when depeche is imported, and nothing else is taken for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def import_depeche(path: Path) -> subprocess.CompletedProcess[str]:
    """Import it in a Python process that finds distributions in this folder too."""
    environment = os.environ | {"PYTHONPATH": str(path)}
    return subprocess.run([sys.executable, "-c", "import depeche"], env=environment, capture_output=True, text=True)


def install(folder: Path, metadata: str, packages: str, record: str | None) -> None:
    """Write what a distribution named depeche leaves in a folder."""
    folder.mkdir()
    (folder / metadata).write_text("Metadata-Version: 2.1\nName: depeche\nVersion: 0.1.0\n")
    (folder / "top_level.txt").write_text(packages)
    if record is not None:
        (folder / "RECORD").write_text(record)


def test_release_0_1_is_refused(tmp_path: Path) -> None:
    """The message has the command that removes it."""
    install(tmp_path / "depeche-0.1.0.dist-info", "METADATA", "config\ntasks\nworker\n", "../../../bin/depeche,,\n")
    done = import_depeche(tmp_path)
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("ImportError: Dépêche 0.1.0 is still installed")
    assert "pip uninstall depeche && pip install" in last


@pytest.mark.parametrize(
    ("folder", "metadata", "packages", "record"),
    [
        pytest.param("depeche-2.0.dist-info", "METADATA", "depeche_news\n", "x,,\n", id="another project's"),
        pytest.param("depeche.egg-info", "PKG-INFO", "config\ntasks\nworker\n", None, id="left in a clone by a build"),
    ],
)
def test_what_is_no_release_0_1(tmp_path: Path, folder: str, metadata: str, packages: str, record: str | None) -> None:
    """It does not hinder the import."""
    install(tmp_path / folder, metadata, packages, record)
    done = import_depeche(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
