"""The examples of the README and of docs/protocol.md run as they stand."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import Settings
from depeche.article import ArticleResult
from tests.conftest import Command, StartWorker
from tests.documents import ROOT

pytestmark = pytest.mark.integration


def examples(page: str) -> list[str]:
    """The Python blocks of a page."""
    return re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("page", ["README.md", "client/README.md", "docs/protocol.md", "docs/events.md"])
def test_python_examples(page: str, settings: Settings, start_worker: StartWorker) -> None:
    """Each block is a whole program that ends with status 0."""
    start_worker()
    url = settings.redis_url.get_secret_value()
    found = examples(page)
    assert found
    for code in found:
        program = [sys.executable, "-c", code.replace("REDIS_URL", repr(url))]
        done = subprocess.run(program, env=os.environ | {"DEPECHE_REDIS_URL": url}, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def test_the_readmes_command(depeche: Command, start_worker: StartWorker, tmp_path: Path) -> None:
    """It prints the result object alone, with the title."""
    start_worker()
    (line,) = re.findall(r"^    depeche (submit .*)$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    article = tmp_path / "article.txt"
    article.write_text("Le maire a parlé mardi.", encoding="utf-8")
    done = depeche(*(str(article) if word == "article.txt" else word for word in shlex.split(line)))
    assert done.returncode == 0, done.stderr
    assert ArticleResult.model_validate_json(done.stdout).title_en == "[fr→en] À Port-Amel, le tramway arrive"
