"""Standard input and outputs of every kind: other encodings, full disks, closed streams, and hostile text in them."""

from __future__ import annotations

import html
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import redis

from config.settings import Settings
from depeche.article import JobState
from depeche.client import Client
from depeche.errors import InvalidArticle, UnknownJob
from tests.conftest import StartWorker, wait_until

pytestmark = pytest.mark.integration

#: A terminal's title is set, its clipboard written, its screen cleared and its text turned round; and an 8-bit CSI.
ESCAPES = "\x1b]0;titre\x07 \x1b]52;c;ZWNobw==\x07 \x1b[2J \x9b31m \u202e rue \x7f"
TEXT = f"Le maire « d'Aÿ » a dit {ESCAPES} œuvre 😀."

Shell = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def shell(settings: Settings) -> Shell:
    """Runs a line of shell with the real commands on the test's Redis."""

    def run(line: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
        commands = str(Path(sys.executable).parent)
        own = {"DEPECHE_REDIS_URL": settings.redis_url.get_secret_value(), "DEPECHE_PROFILE": "echo"}
        path = {"PATH": f"{commands}:{os.environ['PATH']}"}
        return subprocess.run(
            ["bash", "-c", line],
            input=stdin,
            env=os.environ | own | path | environment,
            capture_output=True,
            timeout=60,
        )

    return run


@pytest.fixture
def task_id(client: Client, raw: redis.Redis, start_worker: StartWorker) -> str:
    """A job whose English has all those characters, as an English article has; and such a dead letter."""
    start_worker()
    task_id = client.submit("Une phrase.")
    client.wait(task_id, timeout_s=40)
    meta = json.loads(str(raw.get(f"celery-task-meta-{task_id}")))
    meta["result"] |= {"text_en": TEXT, "title_en": TEXT, "summary_en": TEXT}
    raw.set(f"celery-task-meta-{task_id}", json.dumps(meta), ex=60)
    raw.lpush("articles", TEXT)
    wait_until(client.dead_letters, "refused")
    return task_id


def unshown(data: bytes, encoding: str = "utf-8") -> set[str]:
    """The control characters that are sent."""
    return {character for character in data.decode(encoding) if not character.isprintable()} - {"\n", "\t"}


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "ascii"])
def test_results_on_any_terminal(shell: Shell, client: Client, task_id: str, encoding: str) -> None:
    """In any encoding, no control character is sent; JSON means the same in all of them."""
    (letter,) = client.dead_letters()
    lines = {
        "text": f"depeche result {task_id}",
        "json": f"depeche result {task_id} --format json",
        "markdown": f"depeche result {task_id} --format markdown",
        "html": f"depeche result {task_id} --format html",
        "tmx": f"depeche result {task_id} --format tmx",
        "show": f"depeche show {task_id}",
        "wait": f"depeche wait {task_id}",
        "status": f"depeche status {task_id}",
        "dead list": "depeche dead list",
        "dead show": f"depeche dead show {letter.id}",
        "segment": "depeche segment -",
        "segment in JSON": "depeche segment --json -",
        "error": "depeche result $'\\e]0;titre\\a\\u009b31m'",
    }
    for name, line in lines.items():
        done = shell(line, TEXT.replace("\x07", "").encode(), PYTHONIOENCODING=encoding)
        assert done.returncode == (4 if name == "error" else 0), done.stderr
        assert unshown(done.stdout, encoding) | unshown(done.stderr, encoding) == set(), name
        assert b"Traceback" not in done.stderr
        if name == "json":
            assert ESCAPES in json.loads(done.stdout.decode(encoding))["text_en"]
        if name == "dead show":
            assert json.loads(done.stdout.decode(encoding))["message"] == TEXT
        if name in {"html", "tmx"}:
            # A page and a memory say that they are UTF-8, whatever the terminal's encoding is.
            shown = html.unescape(done.stdout.decode("utf-8"))
            assert ("œuvre 😀" if name == "html" else "[fr→en] Une phrase.") in shown
        if name in {"text", "html", "show", "error"}:
            assert b"\\x1b]0;titre\\x07" in done.stdout + done.stderr


@pytest.mark.parametrize("no_colour", ["", "1"])
def test_what_a_terminal_is_sent(settings: Settings, task_id: str, no_colour: str) -> None:
    """Of a hostile result: the colours of ours, unless NO_COLOR is set, and no other escape sequence."""
    ours, theirs = pty.openpty()
    command = [str(Path(sys.executable).with_name("depeche")), "show", task_id]
    own = {"DEPECHE_REDIS_URL": settings.redis_url.get_secret_value(), "NO_COLOR": no_colour, "TERM": "xterm"}
    with subprocess.Popen(command, env=os.environ | own, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        sent = b""
        # The other end of a terminal fails when the last program on it has ended.
        with suppress(OSError):
            while part := os.read(ours, 65_536):
                sent += part
    os.close(ours)
    assert process.returncode == 0, sent
    colours = re.findall("\x1b\\[[0-9;]*m", sent.decode())
    assert bool(colours) != bool(no_colour)
    plain = re.sub("\x1b\\[[0-9;]*m", "", sent.decode()).replace("\r\n", "\n")
    assert unshown(plain.encode()) == set()
    assert "\\x1b]0;titre\\x07" in plain


@pytest.mark.parametrize("to", ["> /dev/full", ">&-"])
def test_an_output_that_cannot_be_written(shell: Shell, client: Client, task_id: str, to: str) -> None:
    """One line says so and the exit status is 1, whatever is printed; what was queued is named."""
    lines = [f"depeche result {task_id}", f"depeche status {task_id}", "depeche stats", "depeche segment -"]
    for line in lines:
        done = shell(f"{line} {to}", b"Une phrase.")
        assert done.returncode == 1, (line, done.stderr)
        assert done.stderr.startswith(b"depeche: cannot_write: "), done.stderr
        assert done.stderr.count(b"\n") == 1
    done = shell(f"depeche submit - {to}", b"Une phrase.")
    told = done.stderr.decode().splitlines()
    assert (done.returncode, len(told)) == (1, 2)
    assert client.status(told[0].split()[-1]).state is not JobState.UNKNOWN


@pytest.mark.parametrize("command", ["submit -", "submit --jsonl -", "segment -"])
def test_a_standard_input_that_cannot_be_read(shell: Shell, command: str) -> None:
    """Closed, or only for writing: one line says so."""
    for source in ("<&-", "0> /dev/null"):
        done = shell(f"depeche {command} {source}")
        assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (2, b"", 1), done.stderr
        assert b"standard input" in done.stderr


def test_a_standard_error_that_cannot_be_written(shell: Shell) -> None:
    """The exit status says what is wrong all the same."""
    for to in ("2> /dev/full", "2>&-"):
        assert shell(f"depeche result nowhere {to}").returncode == 4


@pytest.mark.parametrize("key", ['"\\ud800"', '""', '"\\udfff fin"', "7"])
def test_a_key_that_is_none(shell: Shell, raw: redis.Redis, key: str) -> None:
    """No line of the file is queued, and the faulty one is named."""
    lines = f'{{"text": "Une phrase.", "key": "bon"}}\n{{"text": "Une autre.", "key": {key}}}\n'
    done = shell("depeche submit --jsonl -", lines.encode())
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"line 2: key: " in done.stderr
    assert raw.llen("articles") == 0


def test_an_empty_key(shell: Shell, client: Client, raw: redis.Redis) -> None:
    """As an argument it is refused too, and in Python."""
    done = shell("depeche submit - --key ''", b"Une phrase.")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"key: must not be empty" in done.stderr
    for key in ("", "\ud800"):
        with pytest.raises(InvalidArticle, match="key: "):
            client.submit("Une phrase.", key=key)
    assert raw.llen("articles") == 0


def test_arguments_that_are_no_utf_8(shell: Shell, client: Client) -> None:
    """Bytes of another encoding as id, key, title or file: one line each."""
    for line, status in (
        ("depeche status $'\\xe9'", 4),
        ("depeche cancel $'\\xe9'", 4),
        ("depeche wait $'\\xe9'", 4),
        ("depeche dead drop $'\\xe9'", 4),
        ("depeche submit - --key $'\\xe9'", 2),
        ("depeche submit - --title $'\\xe9'", 2),
        ("depeche submit $'\\xe9'", 2),
    ):
        done = shell(line, b"Une phrase.")
        # Only status answers on standard output, as unknown is a state.
        assert (done.returncode, (done.stdout + done.stderr).count(b"\n")) == (status, 1), (line, done.stderr)
    with pytest.raises(UnknownJob):
        client.status("\ud800")
