"""Parsers run in a process of their own: whatever it does, the caller gets an error in plain words, and the next one
answers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from depeche.documents import Document, Kind, Unread, isolation, read_each

MAIL = b"From: a@b.example\nSubject: Le pont\n\nLe pont rouvre lundi.\n"

#: Runs the real process, with a parser that does something bad.
RUN = """
import os, signal, sys
from depeche.documents import limits, process
def parse(data):
    {deed}
    return iter(())
process.parser_of = lambda kind: parse
{before}
process.main()
"""

DEEDS = {
    "busy": ("while True: pass", "limits.MAX_CPU_S = 0", "more than 30 s of processor time"),
    "greedy": ("bytes(2**31)", "", "more than 1024 MiB of memory"),
    "crashed": ("os.kill(os.getpid(), signal.SIGSEGV)", "", "ended with status -11"),
    "killed": ("os.kill(os.getpid(), signal.SIGKILL)", "", "was killed, as happens when memory is short"),
    "deep": ("parse(data)", "", "nested too deeply"),
    "broken": ("raise KeyError(data)", "", "it is damaged (KeyError)"),
    "without library": ("import no_such_library", "", "no_such_library, which is not installed: pip install"),
    "talkative": ("print('{\"size\": 2}\\n[]')", "", "there is no article in it"),
    "not json": ("os.write(3, b'x'); os._exit(3)", "", "ended with status 3"),
}


@pytest.fixture(autouse=True)
def fresh_process() -> Iterator[None]:
    """No process is left of other tests, nor for them."""
    isolation._forget()
    yield
    isolation._forget()


@pytest.mark.parametrize(("deed", "before", "told"), DEEDS.values(), ids=DEEDS)
def test_a_parser_cannot_harm_its_caller(deed: str, before: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Endless, greedy, crashing or printing: the document is refused, with the reason, and another is read."""
    with monkeypatch.context() as patched:
        patched.setattr(isolation, "_COMMAND", ["-P", "-c", RUN.format(deed=deed, before=before)])
        (found,) = read_each(MAIL, "a.eml")
    assert isinstance(found, Unread)
    assert found.message.startswith("a.eml: ")
    assert told in found.message
    isolation._forget()
    (found,) = read_each(MAIL)
    assert isinstance(found, Document)


def test_a_parser_that_waits_for_ever_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """It uses no processor time, so the clock ends it."""
    monkeypatch.setattr(isolation, "MAX_WALL_S", 0.2)
    monkeypatch.setattr(isolation, "_COMMAND", ["-P", "-c", RUN.format(deed="signal.pause()", before="")])
    (found,) = read_each(MAIL)
    assert isinstance(found, Unread)
    assert "took more than" in found.message


def test_the_process_is_kept_for_the_next_document() -> None:
    """Starting one takes longer than most documents."""
    list(read_each(MAIL))
    first = isolation._kept
    list(read_each(MAIL))
    assert first is isolation._kept is not None


def test_a_process_that_ended_because_it_was_idle_is_started_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nobody notices, even where it ends just when the document comes."""
    marker = tmp_path / "was idle"
    code = (
        f"import os, pathlib\nfrom depeche.documents import process\nmarker = pathlib.Path({str(marker)!r})\n"
        "if not marker.exists():\n    marker.touch()\n    process.IDLE_S = 0\nprocess.main()\n"
    )
    monkeypatch.setattr(isolation, "_COMMAND", ["-P", "-c", code])
    monkeypatch.setattr(isolation, "_kept", isolation._Process())
    assert isolation._kept
    isolation._kept._process.wait(timeout=60)
    (found,) = read_each(MAIL)
    assert isinstance(found, Document)


def test_after_a_fork_a_process_of_its_own_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two programs that ask one process would get each other's documents."""
    list(read_each(MAIL))
    before = isolation._kept
    assert before
    monkeypatch.setattr(before, "owner", os.getpid() + 1)
    (found,) = read_each(MAIL)
    assert isinstance(found, Document)
    assert isolation._kept is not before
    monkeypatch.setattr(before, "owner", os.getpid())
    before.end()


def test_the_process_does_not_know_the_password_of_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has the other variables of its caller, and none of ours."""
    monkeypatch.setenv("DEPECHE_REDIS_URL", "redis://:secret@redis/0")
    monkeypatch.setenv("OTHER", "there")
    deed = (
        "names = [name for name in os.environ if name == 'OTHER' or name[:7] == 'DEPECHE']; raise process.Fault(names)"
    )
    monkeypatch.setattr(isolation, "_COMMAND", ["-P", "-c", RUN.format(deed=deed, before="")])
    (found,) = read_each(MAIL, "a.eml")
    assert isinstance(found, Unread)
    assert found.message == "a.eml: ['OTHER']"


def test_without_python_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where Python runs inside another program."""
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    (found,) = read_each(MAIL)
    assert isinstance(found, Unread)
    assert "no process could be started" in found.message


def test_plain_text_needs_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has no format has no parser."""
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    (found,) = read_each(b"Le pont rouvre.")
    assert isinstance(found, Document)
    assert found.kind is Kind.TEXT
