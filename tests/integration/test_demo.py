"""The demo sets up all it needs, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import wait_until

pytestmark = pytest.mark.integration

DEMO = [sys.executable, "-m", "worker", "demo", "--profile", "echo"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Temporary files in a folder of the test's own, so that leftovers can be seen."""
    return os.environ | {"TMPDIR": str(tmp_path)}


def _processes(folder: Path) -> list[str]:
    """Command lines of processes that work in the folder (Redis) or whose environment names it (the worker)."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            places = (process / "environ").read_bytes() + bytes((process / "cwd").readlink())
            if str(folder).encode() in places:
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue  # it has ended, or is another user's
    return found


def test_json_is_alone_on_standard_output(environment: dict[str, str], tmp_path: Path) -> None:
    """The result object on standard output; profile and reason on standard error."""
    done = subprocess.run([*DEMO, "--json"], env=environment, capture_output=True, text=True, timeout=90, check=True)
    result = json.loads(done.stdout)
    assert result["title_en"].startswith("[fr→en] À Port-Amel")
    assert "Profile echo" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_users_files_are_not_taken_for_ours(environment: dict[str, str], tmp_path: Path) -> None:
    """A worker.py or config.py in the current folder changes nothing."""
    (tmp_path / "worker.py").write_text("raise SystemExit('shadowed')")
    (tmp_path / "config.py").write_text("raise SystemExit('shadowed')")
    command = [str(Path(sys.executable).with_name("depeche-worker")), *DEMO[3:], "--json"]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=90)
    assert done.returncode == 0, done.stderr


def test_bad_settings_are_told(environment: dict[str, str]) -> None:
    """One line, as everywhere."""
    bad = environment | {"DEPECHE_CONCURRENCY": "0"}
    done = subprocess.run(DEMO, env=bad, capture_output=True, text=True, timeout=90)
    assert done.returncode == 2
    assert "DEPECHE_CONCURRENCY='0'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_of_ones_own(environment: dict[str, str], tmp_path: Path) -> None:
    """FILE takes the sample's place, and the report names models, timings and the task id."""
    (tmp_path / "a.txt").write_text("La gare a fermé lundi.")
    done = subprocess.run(
        [*DEMO, str(tmp_path / "a.txt")], env=environment, capture_output=True, text=True, timeout=90, check=True
    )
    assert "[fr→en] La gare a fermé lundi." in done.stdout
    assert all(word in done.stdout for word in ("Models:", "Timings:", "Task id:"))


@pytest.mark.parametrize(("text", "word"), [("Une phrase. echo:fail", "model_unavailable"), ("!!!", "no letter")])
def test_failure_cleans_up(environment: dict[str, str], tmp_path: Path, text: str, word: str) -> None:
    """A failed article gives the reason and a status other than 0; Redis and worker are gone."""
    done = subprocess.run([*DEMO, "-"], env=environment, input=text, capture_output=True, text=True, timeout=90)
    assert done.returncode in {2, 5}
    assert word in done.stderr
    assert list(tmp_path.iterdir()) == []
    assert _processes(tmp_path) == []


def test_a_worker_that_dies_ends_the_demo(environment: dict[str, str], tmp_path: Path) -> None:
    """The demo does not wait for ever for a worker that is gone."""
    done = subprocess.run(
        [*DEMO, "-"], env=environment, input="Une phrase. echo:crash", capture_output=True, text=True, timeout=90
    )
    assert done.returncode == 5
    assert "the worker ended with status -9" in done.stderr
    assert _processes(tmp_path) == []


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_cleans_up(environment: dict[str, str], tmp_path: Path, signal_number: int) -> None:
    """Stopped in mid-article, the demo takes its Redis and its worker with it."""
    demo = subprocess.Popen(
        [*DEMO, "-"], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert demo.stdin
    demo.stdin.write(b"Une phrase. echo:sleep=30")
    demo.stdin.close()
    demo.stdin = None
    wait_until(lambda: sum("-server" in p or "worker run" in p for p in _processes(tmp_path)) == 2, "demo running")
    demo.send_signal(signal_number)
    _, errors = demo.communicate(timeout=60)
    assert demo.returncode == 130
    assert b"Traceback" not in errors
    assert _processes(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


#: Sends itself the signal when a module is about to be imported, where Python drops what the handler raises.
LOST = """
import os, signal, sys
from importlib.abc import MetaPathFinder

class Cleared:
    def __del__(self):
        os.kill(os.getpid(), signal.{name})

class Teller(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == {module!r}:
            cleared = Cleared()

sys.meta_path.insert(0, Teller())
sys.argv = ["depeche-worker", "demo", "--profile", "echo"]
from worker.__main__ import main
main()
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("module", ["encodings.idna", "opentelemetry.propagate"])
def test_a_signal_while_modules_are_imported(
    environment: dict[str, str], tmp_path: Path, module: str, name: str
) -> None:
    """The demo ends by it, though Python says that it has ignored it: when Redis starts, and when it submits."""
    pytest.importorskip(module)
    code = LOST.format(module=module, name=name)
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=90)
    assert ("Exception ignored" in done.stderr, done.returncode, done.stdout) == (True, 130, "")
    assert _processes(tmp_path) == []
    assert list(tmp_path.iterdir()) == []
