"""The ``depeche`` command as a shell script sees it: what is printed where, and the exit status."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import redis

from config.settings import Settings
from tests.conftest import Command, StartWorker

pytestmark = pytest.mark.integration

TEXT = "La gare a fermé lundi.\n\nElle rouvrira en 2027.\n"


def test_submit_wait_and_result(depeche: Command, start_worker: StartWorker, tmp_path: Path) -> None:
    """The task id alone is on standard output; wait and result print the translation."""
    start_worker()
    (tmp_path / "a.txt").write_text(TEXT)
    submitted = depeche("submit", str(tmp_path / "a.txt"), "--title", "La gare")
    assert (submitted.returncode, submitted.stderr) == (0, "")
    task_id = submitted.stdout.strip()
    waited = depeche("wait", task_id, "--timeout", "40")
    assert waited.returncode == 0
    assert waited.stdout.startswith("[fr→en] La gare\n\n[fr→en] La gare a fermé lundi.\n\n[fr→en] Elle rouvrira")
    result = json.loads(depeche("result", task_id, "--format", "json").stdout)
    assert [segment["fr"] for segment in result["segments"]] == ["La gare a fermé lundi.", "Elle rouvrira en 2027."]
    status = json.loads(depeche("status", task_id).stdout)
    assert (status["id"], status["state"], status["attempts"], status["error"]) == (task_id, "succeeded", 1, None)


def test_a_result_in_each_format(depeche: Command, start_worker: StartWorker) -> None:
    """Whole on standard output; a page says at its beginning that it is one."""
    start_worker()
    task_id = depeche("submit", "-", "--title", "La gare", stdin=TEXT).stdout.strip()
    depeche("wait", task_id, "--timeout", "40")
    for layout, begins in {
        "text": "[fr→en] La gare\n\n[fr→en] La gare a fermé lundi.",
        "markdown": "# \\[fr→en\\] La gare\n\n*La gare*\n",
        "html": '<!DOCTYPE html>\n<html lang="en">',
        "tmx": '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">',
        "json": f'{{"id":"{task_id}"',
    }.items():
        done = depeche("result", task_id, "--format", layout)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith(begins)
        assert "Elle rouvrira en 2027." in done.stdout
    shown = depeche("show", task_id)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "\x1b" not in shown.stdout, "colours are for terminals"
    assert shown.stdout.startswith("[fr→en] La gare\nLa gare\n\nTranslated from French by a machine.")
    assert depeche("show", "no-such-id").returncode == 4


def test_submit_from_standard_input_and_wait(depeche: Command, start_worker: StartWorker) -> None:
    """--wait --json prints the result object alone."""
    start_worker()
    done = depeche("submit", "-", "--wait", "--json", "--no-summary", stdin=TEXT)
    assert done.returncode == 0
    result = json.loads(done.stdout)
    assert result["summary_en"] is None
    assert done.stderr.split() == [result["id"]], "so that it is not lost if the wait is broken off"


def test_jsonl_gives_one_id_a_line_in_order(depeche: Command, start_worker: StartWorker) -> None:
    """Each line's own fields come back in its result's metadata."""
    lines = [json.dumps({"ref": number, "text": f"Article {number}."}) for number in range(5)]
    submitted = depeche("submit", "--jsonl", "-", stdin="\n".join(lines) + "\n\n")
    assert submitted.returncode == 0
    task_ids = submitted.stdout.split()
    assert len(task_ids) == 5
    start_worker()
    waited = depeche("wait", *task_ids, "--format", "json")
    results = [json.loads(line) for line in waited.stdout.splitlines()]
    assert [r["source"]["metadata"]["ref"] for r in results] == [0, 1, 2, 3, 4]
    assert [r["id"] for r in results] == task_ids


def test_a_queue_that_fills_up_on_the_way(depeche: Command) -> None:
    """What was queued is printed and counted, so that the rest can be submitted later."""
    done = depeche("submit", "--jsonl", "-", stdin='{"text": "Un."}\n' * 5, DEPECHE_MAX_QUEUE_LENGTH="3")
    assert (done.returncode, len(done.stdout.split())) == (7, 3)
    assert "3 of 5 articles were queued" in done.stderr


def test_jsonl_with_faulty_lines_queues_nothing(depeche: Command, settings: Settings) -> None:
    """All faulty lines are named, and a corrected file can be submitted again as a whole."""
    lines = ['{"text": "Bon article."}', "{", '{"text": ""}', "[]", '{"text": "a", "metadata": 3}', '{"title": "a"}']
    lines.append('{"text": "a", "ref": 1, "metadata": {"ref": 2}}')
    done = depeche("submit", "--jsonl", "-", stdin="\n".join(lines))
    assert (done.returncode, done.stdout) == (2, "")
    assert [f"line {n}:" in done.stderr for n in range(1, 8)] == [False, *[True] * 6]
    with redis.Redis.from_url(settings.redis_url.get_secret_value()) as raw:
        assert list(raw.scan_iter()) == []


@pytest.mark.parametrize(
    ("stdin", "word"),
    [
        (b"", "no letter"),
        (b"  \n\t ", "no letter"),
        (b"!!! 123 ???", "no letter"),
        ("a" * 200_001, "200001 characters"),
        (b"\x89PNG\r\n\x1a\n\0", "it is a picture"),
        ("é".encode() * 20 + b"\xff" + "é".encode() * 20, "neither valid UTF-8"),
        (b"Bonjour\0", "binary"),
    ],
)
def test_bad_articles_exit_2(depeche: Command, stdin: bytes | str, word: str) -> None:
    """The reason is one line on standard error, and nothing is on standard output."""
    done = depeche("submit", "-", stdin=stdin)
    assert (done.returncode, done.stdout) == (2, "")
    assert word in done.stderr
    assert "Traceback" not in done.stderr


def test_windows_1252_is_read_with_a_warning(depeche: Command) -> None:
    """The warning goes to standard error and the task id to standard output."""
    done = depeche("submit", "-", stdin="L'été à la fête des forêts, d'après le préfet.".encode("cp1252"))
    assert done.returncode == 0
    assert "read as Windows-1252" in done.stderr
    assert len(done.stdout.split()) == 1


def test_exit_statuses(depeche: Command, start_worker: StartWorker) -> None:
    """3 not ready, 4 unknown, 5 failed, 7 queue full."""
    queued = depeche("submit", "-", stdin="Une phrase. echo:fail").stdout.strip()
    assert depeche("result", queued).returncode == 3
    assert depeche("wait", queued, "--timeout", "0.1").returncode == 3
    assert depeche("submit", "-", stdin=TEXT, DEPECHE_MAX_QUEUE_LENGTH="1").returncode == 7
    unknown = depeche("status", "no-such-id")
    assert (unknown.returncode, json.loads(unknown.stdout)["state"]) == (4, "unknown")
    assert depeche("result", "no-such-id").returncode == 4
    assert depeche("wait", "no-such-id").returncode == 4
    start_worker()
    failed = depeche("wait", queued, "--timeout", "40")
    assert (failed.returncode, failed.stdout) == (5, "")
    assert "model_unavailable" in failed.stderr
    status = depeche("status", queued)
    assert (status.returncode, json.loads(status.stdout)["error"]["code"]) == (0, "model_unavailable")


@pytest.mark.parametrize("command", [["submit", "-"], ["status", "x"], ["result", "x"], ["wait", "x"]])
def test_no_redis_exits_6(depeche: Command, command: list[str]) -> None:
    """One line says which address was tried, with the password masked; before it, one may say what is waited for."""
    done = depeche(*command, stdin=TEXT, DEPECHE_REDIS_URL="redis://:hunter2@127.0.0.1:1/0")
    assert (done.returncode, done.stdout) == (6, "")
    assert "hunter2" not in done.stderr
    *before, last = done.stderr.splitlines()
    assert last.startswith("depeche: redis_unavailable: no usable Redis at redis://***@127.0.0.1:1/0: ")
    assert before in ([], ["depeche: waiting for Redis at redis://***@127.0.0.1:1/0, which does not answer"])


def test_a_redis_that_says_nothing_is_waited_for_aloud(settings: Settings) -> None:
    """Once, long before the connection is given up; the command is still waiting then."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        command = [str(Path(sys.executable).with_name("depeche")), "status", "x"]
        own = {"DEPECHE_REDIS_URL": url}
        with subprocess.Popen(command, env=os.environ | own, stderr=subprocess.PIPE, text=True) as process:
            try:
                assert process.stderr is not None
                assert process.stderr.readline() == f"depeche: waiting for Redis at {url}, which does not answer\n"
                assert process.poll() is None
                process.send_signal(signal.SIGINT)
                assert process.stderr.read() == "depeche: stopped by Ctrl-C; what was queued before stays queued\n"
                assert process.wait(20) == 130
            finally:
                # Without it, a test that fails would wait for the command.
                process.kill()


def test_a_wrong_password_exits_6(depeche: Command, redis_server: object) -> None:
    """A Redis that refuses the login is as good as none, and the message gives the reason."""
    port = getattr(redis_server, "port", None)
    done = depeche("status", "x", DEPECHE_REDIS_URL=f"redis://:wrong-one@127.0.0.1:{port}/0")
    assert done.returncode == 6
    assert "wrong-one" not in done.stderr


def test_bad_settings_and_usage_exit_2(depeche: Command) -> None:
    """Settings' faults and the command line's are the user's to mend."""
    done = depeche("status", "x", DEPECHE_REDIS_URL="http://host", DEPECHE_RESULT_TTL_S="1")
    assert done.returncode == 2
    assert "DEPECHE_REDIS_URL" in done.stderr
    assert "DEPECHE_RESULT_TTL_S" in done.stderr
    assert depeche("submit").returncode == 2
    assert depeche("submit", "absent.txt").returncode == 2
    assert depeche("submit", "-", "--jsonl", "--title", "T").returncode == 2


def test_segment_needs_no_redis(depeche: Command) -> None:
    """The JSON joins to the article again."""
    done = depeche(
        "segment", "-", "--json", stdin=" Un. Deux ?\n\n- Trois\n", DEPECHE_REDIS_URL="redis://127.0.0.1:1/0"
    )
    found = json.loads(done.stdout)
    assert done.returncode == 0
    assert [s["text"] for s in found["sentences"]] == ["Un.", "Deux ?", "- Trois"]
    assert (
        found["leading"] + "".join(s["text"] + s["separator"] for s in found["sentences"]) == " Un. Deux ?\n\n- Trois\n"
    )


def test_wait_follows_several_jobs_past_a_failure(depeche: Command, start_worker: StartWorker) -> None:
    """The others are still printed; the exit status tells of the failure."""
    start_worker()
    ids = depeche("submit", "--jsonl", "-", stdin='{"text": "Un."}\n{"text": "echo:fail"}\n{"text": "Trois."}').stdout
    done = depeche("wait", *ids.split(), "--format", "json")
    assert done.returncode == 5
    assert [json.loads(line)["text_en"] for line in done.stdout.splitlines()] == ["[fr→en] Un.", "[fr→en] Trois."]


def test_keys_cancel_and_stats(depeche: Command) -> None:
    """The same key gives the same id; a cancelled job is reported as cancelled; stats count what waits."""
    first = depeche("submit", "-", "--key", "k", stdin=TEXT).stdout
    assert depeche("submit", "-", "--key", "k", stdin=TEXT).stdout == first
    other = depeche("submit", "-", "--key", "k", stdin="Autre.")
    assert (other.returncode, "key_conflict" in other.stderr) == (2, True)
    twice = depeche("submit", "--jsonl", "-", stdin='{"text": "Un.", "key": "a"}\n{"text": "Un.", "key": "a"}')
    assert (twice.returncode, twice.stdout) == (2, "")
    assert "standard input, line 2: the key 'a' is that of standard input, line 1 already" in twice.stderr
    assert json.loads(depeche("stats", "--json").stdout)["queued"] == {"high": 0, "normal": 1, "low": 0}
    assert "queued, normal" in depeche("stats").stdout
    done = depeche("cancel", first.strip())
    assert (done.returncode, json.loads(done.stdout)["state"]) == (0, "cancelled")
    waited = depeche("wait", first.strip())
    assert (waited.returncode, "cancelled" in waited.stderr) == (5, True)
    assert depeche("cancel", "no-such-id").returncode == 4


def test_dead_letters(depeche: Command, start_worker: StartWorker) -> None:
    """list, show, retry and drop, and the exit status of one that is not dead."""
    start_worker(DEPECHE_MAX_ATTEMPTS="1")
    task_id = depeche("submit", "-", stdin="Une phrase. echo:overload").stdout.strip()
    assert depeche("wait", task_id, "--timeout", "40").returncode == 5
    assert [json.loads(line)["id"] for line in depeche("dead", "list").stdout.splitlines()] == [task_id]
    shown = json.loads(depeche("dead", "show", task_id).stdout)
    assert (shown["state"], shown["args"][0]["text"]) == ("dead", "Une phrase. echo:overload")
    assert depeche("dead", "retry", task_id).stdout.strip() == task_id
    assert depeche("wait", task_id, "--timeout", "40").returncode == 5
    assert depeche("dead", "drop", task_id).returncode == 0
    assert depeche("dead", "show", task_id).returncode == 4


def test_submit_with_a_glossary(depeche: Command, start_worker: StartWorker, tmp_path: Path) -> None:
    """Its terms go with the article; a faulty file is refused by line, and nothing is queued."""
    terms = tmp_path / "terms.tsv"
    terms.write_text("fr\ten\nGare\tStation\nPont-Neuf\t\n", encoding="utf-8")
    start_worker()
    done = depeche("submit", "-", "--glossary", str(terms), "--wait", "--json", stdin="La Gare du Pont-Neuf a fermé.")
    segment = json.loads(done.stdout)["segments"][0]
    # The echo engine translates nothing: the first term had to be put in, and the second stays.
    assert "La Station du Pont-Neuf a fermé." in segment["en"]
    assert "term_missing" not in segment["flags"]
    terms.write_text("a\tb\na\tc\n", encoding="utf-8")
    refused = depeche("submit", "-", "--glossary", str(terms), stdin=TEXT)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "line 2: 'a' has another English on line 1" in refused.stderr
