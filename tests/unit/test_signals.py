"""A worker that gets a signal to stop while it starts ends at once with exit status 0, whatever the moment is."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

#: As the console scripts start.
OURS = 'sys.argv = ["depeche-worker", "run"]\nfrom worker.__main__ import main as start'
CELERYS = (
    'sys.argv = ["celery", "-A", "worker", "worker", "--loglevel=INFO"]\nfrom celery.__main__ import main as start'
)

#: Sends itself the signal when a module is about to be imported.
AT_IMPORT = """
import os, signal, sys
from importlib.abc import MetaPathFinder

class Teller(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == {module!r}:
            print("told")
            sys.stdout.flush()
            os.kill(os.getpid(), signal.{name})

{command}
sys.meta_path.insert(0, Teller())
start()
"""

#: Sends itself the signal at the end of a function.
AT_CALL = """
import os, signal, sys
import celery.apps.worker, worker.app, worker.lifecycle

def telling(before):
    def called(*arguments, **options):
        answer = before(*arguments, **options)
        print("told")
        sys.stdout.flush()
        {send}
        return answer
    return called

{function} = telling({function})
{command}
start()
"""
SEND = "os.kill(os.getpid(), signal.{name})"
SEND_TO_ONE_WHO_CATCHES_ALL = """try:
            os.kill(os.getpid(), signal.{name})
        except BaseException:
            pass"""


def run(code: str) -> subprocess.CompletedProcess[str]:
    """A worker that has no Redis, and ends by the signal alone."""
    environment = os.environ | {
        "DEPECHE_PROFILE": "echo",
        "DEPECHE_METRICS_ADDR": "none",
        "DEPECHE_REDIS_URL": "redis://127.0.0.1:1/0",
    }
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
@pytest.mark.parametrize(
    ("command", "module"),
    [
        (OURS, "click"),
        (OURS, "worker.app"),
        (OURS, "celery.apps.worker"),
        (CELERYS, "worker.app"),
        (CELERYS, "celery.apps.worker"),
    ],
    ids=["ours-first", "ours-app", "ours-celery", "celerys-app", "celerys-celery"],
)
def test_while_modules_are_imported(command: str, module: str, name: str) -> None:
    """From the first import on; with Celery's own command from when that comes to our app."""
    done = run(AT_IMPORT.format(command=command, module=module, name=name))
    assert (done.returncode, done.stdout) == (0, "told\n"), done.stderr


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
@pytest.mark.parametrize(
    ("command", "function"),
    [
        (OURS, "celery.apps.worker.install_worker_int_handler"),
        (OURS, "worker.app.load_engines"),
        (OURS, "worker.lifecycle.KeepLeases.start"),
        (CELERYS, "worker.app.load_engines"),
    ],
    ids=["ours-celerys-handlers", "ours-engines", "ours-threads", "celerys-engines"],
)
def test_while_celery_starts(function: str, command: str, name: str) -> None:
    """When Celery has just put up its own handlers, while the engines are loaded, and until ours for articles stand."""
    done = run(AT_CALL.format(command=command, function=function, send=SEND.format(name=name)))
    assert (done.returncode, "told\n" in done.stdout) == (0, True), done.stderr
    went_on = {"worker.app.load_engines": "loaded in", "worker.lifecycle.KeepLeases.start": "Cannot connect"}
    assert went_on.get(function, "Redis does not answer yet") not in done.stderr


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_library_that_catches_everything(name: str) -> None:
    """The signal is not lost: the worker ends when its engines are loaded."""
    send = SEND_TO_ONE_WHO_CATCHES_ALL.format(name=name)
    done = run(AT_CALL.format(command=OURS, function="worker.app.load_engines", send=send))
    assert (done.returncode, "told\n" in done.stdout, "loaded in" in done.stderr) == (0, True, True), done.stderr


#: Sends itself the signal when Python has forgotten its handlers, and clears away the modules.
AT_END = """
import os, signal, sys

class Teller:
    def __del__(self, kill=os.kill, own=os.getpid(), number=signal.{name}, say=os.write):
        say(1, b"told\\n")
        kill(own, number)

def ended():
    raise SystemExit(0)

import worker.cli
worker.cli.main = ended
kept = Teller()
{command}
start()
"""


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGALRM"])
def test_a_signal_while_python_ends(name: str) -> None:
    """A second one, or the end of the grace time: the status stays 0, though Python has taken its handlers back."""
    done = run(AT_END.format(command=OURS, name=name))
    assert (done.returncode, done.stdout) == (0, "told\n"), done.stderr


@pytest.mark.parametrize(
    "command", [["worker", "models", "list"], ["celery", "-A", "worker", "report"]], ids=["ours", "celerys"]
)
def test_other_commands_end_as_any_program(command: list[str]) -> None:
    """Who waits for them must not take them for done."""
    start = f"sys.argv = {['x', *command[1:]]!r}\nfrom {command[0]}.__main__ import main as start"
    done = run(AT_IMPORT.format(command=start, module="worker.models.profiles", name="SIGTERM"))
    assert (done.returncode, done.stdout) == (-15, "told\n"), done.stderr


@pytest.mark.parametrize(
    ("last_words", "said"), [("print('why', flush=True)", "why\n"), ("threading.Event().wait()", ""), ("1 / 0", "")]
)
def test_the_end_at_latest(last_words: str, said: str) -> None:
    """It comes with exit status 0, whatever the process waits for, and whatever its last words do."""
    code = f"""
import threading
from worker.signals import end_at_latest
end_at_latest(0.1, lambda: {last_words})
end_at_latest(60, lambda: print("never"))
while True:
    threading.Event().wait(60)
"""
    done = run(code)
    assert (done.returncode, done.stdout) == (0, said)
