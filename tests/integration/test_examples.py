"""The programs in examples/ run as they stand, against a real worker. Those whose packages are missing are skipped.

`make test-examples` installs the packages, into an environment of their own.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings
from tests.conftest import StartWorker, wait_until
from tests.documents import ROOT
from worker.embedded_redis import free_port

pytestmark = pytest.mark.integration

EXAMPLES = ROOT / "examples"
#: With the packages of the examples, where make test-examples has put them.
PYTHON = next((str(path) for path in [ROOT / "build/examples/bin/python"] if path.exists()), sys.executable)
SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two letters..").decode()

Environment = dict[str, str]


@pytest.fixture
def environment(settings: Settings, start_worker: StartWorker) -> Environment:
    """Variables for an example, and a worker for its articles."""
    start_worker()
    return os.environ | {"DEPECHE_REDIS_URL": settings.redis_url.get_secret_value(), "DEPECHE_WEBHOOK_SECRET": SECRET}


def needs(*modules: str) -> None:
    """Skip the test where the examples' Python has not all of these."""
    found = subprocess.run([PYTHON, "-c", f"import {', '.join(modules)}"], capture_output=True)
    if found.returncode:
        pytest.skip(f"{' or '.join(modules)} is not installed: make test-examples does that")


def run(environment: Environment, *command: str) -> str:
    """What a program prints, which ends with status 0."""
    done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=ROOT, timeout=90)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_plain_script(environment: Environment, tmp_path: Path) -> None:
    """A file of English beside each of French; a bad one is named; a second run gives the same."""
    (tmp_path / "a.txt").write_text("La mer monte. Le port ferme.")
    (tmp_path / "b.txt").write_text("Le port rouvre.")
    (tmp_path / "c.txt").write_text("echo:fail Le phare.")
    (tmp_path / "d.txt").write_text("123")
    for _ in range(2):
        said = run(environment, sys.executable, str(EXAMPLES / "script.py"), str(tmp_path))
        assert "a.txt: 0 of 2 sentences to look at" in said
        assert "d.txt: refused: text: has no letter" in said
        assert "c.txt: job" in said
        assert (tmp_path / "b.en.txt").read_text() == "[fr→en] Le port rouvre."
        assert not (tmp_path / "c.en.txt").exists()


def test_asyncio(environment: Environment) -> None:
    """All articles, in order."""
    said = run(environment, sys.executable, str(EXAMPLES / "asyncio_script.py")).splitlines()
    assert [line.partition(":")[0] for line in said] == [f"[fr→en] Dépêche {number}" for number in range(6, 12)]


def test_a_celery_project(environment: Environment) -> None:
    """One article, by send_task."""
    said = run(environment, sys.executable, str(EXAMPLES / "celery_project.py"))
    assert said == "[fr→en] La piscine municipale ferme pour travaux. [fr→en] Elle rouvrira au printemps.\n"


def test_a_django_command(environment: Environment, tmp_path: Path) -> None:
    """Two files, in order; a bad one is an error of Django's."""
    needs("django")
    files = []
    for number in range(2):
        files.append(tmp_path / f"{number}.txt")
        files[-1].write_text(f"Le quai {number} est fermé.")
    manage = [PYTHON, str(EXAMPLES / "django/manage.py"), "translate"]
    said = run(environment, *manage, *map(str, files))
    assert said == "[fr→en] Le quai 0 est fermé.\n[fr→en] Le quai 1 est fermé.\n"
    files[0].write_text("123")
    bad = subprocess.run([*manage, str(files[0])], env=environment, capture_output=True, text=True, cwd=ROOT)
    assert (bad.returncode, "CommandError: text: has no letter" in bad.stderr) == (1, True)


def test_node(environment: Environment) -> None:
    """Redis and JSON, and npm's redis."""
    folder = EXAMPLES / "node"
    if shutil.which("node") is None or not (folder / "node_modules/redis").exists():
        pytest.skip("node or npm's redis is not installed: make test-examples installs the second")
    said = run(environment, "node", str(folder / "translate.mjs"), "Le bac est en panne.")
    assert said == "[fr→en] Le bac est en panne.\n"


@pytest.fixture
def service(environment: Environment) -> Iterator[str]:
    """The web service; the fixture gives its address."""
    needs("fastapi", "uvicorn", "standardwebhooks")
    port = free_port()
    command = [PYTHON, "-m", "uvicorn", "examples.fastapi_app:app", "--port", str(port), "--log-level", "warning"]
    process = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: answered(lambda: ask(f"{url}/ended")), "the service answers")
        yield url
    finally:
        process.terminate()
        process.wait(30)


def answered(call: Callable[[], object]) -> bool:
    """Whether a server is there."""
    try:
        call()
    except urllib.error.URLError:
        return False
    return True


def ask(url: str, body: object = None) -> tuple[int, Any]:
    """Status and JSON of a request."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, json.loads(response.read() or "null")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or "null")


def test_a_fastapi_service(service: str, environment: Environment) -> None:
    """An article by HTTP, a bad one, one of nobody, and an event that depeche notify tells."""
    command = "from depeche.cli import main; main()"
    relay = [PYTHON, "-c", command, "notify", "--url", f"{service}/hook", "--from-start"]
    with subprocess.Popen(relay, env=environment, stderr=subprocess.DEVNULL) as process:
        status, queued = ask(f"{service}/articles", {"text": "Le bac repart.", "title": "Le bac"})
        assert status == 202
        status, done = ask(f"{service}/articles/{queued['id']}?wait_s=40")
        assert (status, done["text"], done["title"]) == (200, "[fr→en] Le bac repart.", "[fr→en] Le bac")
        assert ask(f"{service}/articles", {"text": "123"})[0] == 422
        assert ask(f"{service}/articles/nobody")[0] == 404
        assert ask(f"{service}/hook", {"type": "job.succeeded"})[0] == 401
        wait_until(lambda: ask(f"{service}/ended")[1] == [queued["id"]], "it is told")
        process.terminate()


def test_the_page_names_each_example() -> None:
    """In examples/README.md."""
    shown = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    programs = {path.stem for path in EXAMPLES.iterdir() if path.suffix == ".py"} | {"django", "node"}
    assert all(name in shown for name in programs)
