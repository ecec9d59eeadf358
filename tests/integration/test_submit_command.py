"""``depeche submit`` with much to queue: all of it, or nothing and every fault, and it says how to go on."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
import redis
from click.testing import CliRunner

from config.settings import Settings
from depeche.article import Options
from depeche.cli import main, surveying
from depeche.cli.queueing import Announcer, Manner, Queueing
from depeche.cli.rejects import Rejects
from depeche.client import Client
from depeche.errors import InvalidArticle
from depeche.inputs.duplicates import KeysSeen
from depeche.inputs.entries import Entry
from depeche.inputs.json_lines import read_json_lines
from depeche.inputs.survey import Survey
from depeche.messages import task_id_of
from tests.conftest import Command, StartWorker, wait_until

pytestmark = pytest.mark.integration


def write_lines(path: Path, count: int, **fields: str) -> str:
    """A file of so many articles. Returns its name."""
    lines = [json.dumps({"text": f"Le bac numéro {number} part à midi."} | fields) for number in range(count)]
    path.write_text("\n".join(lines))
    return str(path)


def queued(raw: redis.Redis) -> list[str | None]:
    """The ids on the queue, in order."""
    found: Any = raw.lrange("articles", 0, -1)
    return [task_id_of(text) for text in reversed(found)]


def test_a_folder_by_its_content(depeche: Command, raw: redis.Redis, tmp_path: Path) -> None:
    """Its ids are in the order of its files; the same command again, and with more files, queues nothing twice."""
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(f"Le bac numéro {number} part.")
    (tmp_path / "notes.md").write_text("12")
    command = ("submit", str(tmp_path), "--glob", "*.txt", "--key-by", "content")
    first = depeche(*command)
    assert (first.returncode, first.stdout.split()) == (0, queued(raw))
    assert re.fullmatch(
        r"depeche: passed over: 1 whose names --glob leaves out\ndepeche: 3 articles queued, in .* s\n", first.stderr
    )
    (tmp_path / "0a.txt").write_text("Le bac supplémentaire part.")
    (tmp_path / "9.txt").write_text("Le bac numéro 0 part.")
    second = depeche(*command)
    ids = second.stdout.split()
    assert ids[0:1] + ids[2:] == [*first.stdout.split(), ids[0]]
    assert "1 article queued, 4 were there before" in second.stderr
    other = depeche(*command, "--no-summary", "--quiet")
    assert (other.returncode, other.stderr) == (0, "")
    assert set(other.stdout.split()).isdisjoint(ids), "with other options it is another result"


def test_faults_are_found_before_anything_is_queued(depeche: Command, raw: redis.Redis, tmp_path: Path) -> None:
    """Of all files, by file and line, keys that come twice included; with --rejects the others are queued."""
    (tmp_path / "a.jsonl").write_text('{"text": "Un.", "key": "a"}\n{"text": "2"}\n')
    (tmp_path / "b.jsonl").write_text('{"text": "Trois.", "key": "a"}\n{"text": "Quatre.", "key": "b"}\n')
    files = (str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl"))
    done = depeche("submit", "--jsonl", *files)
    assert (done.returncode, done.stdout, raw.dbsize()) == (2, "", 0)
    first, *faults = done.stderr.splitlines()
    assert first.startswith("depeche: invalid_article: nothing was queued, because 2 of 4 articles cannot be taken")
    assert faults == [
        f"{files[0]}, line 2: text: has no letter, so there is nothing to translate",
        f"{files[1]}, line 1: the key 'a' is that of {files[0]}, line 1 already: give each article a key of its own",
    ]
    rejects = tmp_path / "rejects.jsonl"
    done = depeche("submit", "--jsonl", *files, "--rejects", str(rejects), "--json")
    assert done.returncode == 2
    assert "2 articles queued, 2 refused" in done.stderr
    places = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(place["source"], place["line"]) for place in places] == [(files[0], 1), (files[1], 2)]
    assert [place["id"] for place in places] == queued(raw)
    refused = [json.loads(line) for line in rejects.read_text().splitlines()]
    assert [(one["source"], one["line"], one["code"]) for one in refused] == [
        (files[0], 2, "invalid_article"),
        (files[1], 1, "invalid_article"),
    ]
    assert depeche("submit", "--jsonl", files[0], "--rejects", files[0]).returncode == 2
    assert (tmp_path / "a.jsonl").read_text().count("\n") == 2, "an input is not overwritten"


def test_a_key_that_belongs_to_another_article(depeche: Command, raw: redis.Redis, tmp_path: Path) -> None:
    """Only Redis knows that: the article is refused by its line, and the others are queued."""
    depeche("submit", "-", "--key", "a", stdin="Un autre article.")
    (tmp_path / "a.jsonl").write_text('{"text": "Un."}\n{"text": "Deux.", "key": "a"}\n{"text": "Trois."}')
    done = depeche("submit", "--jsonl", str(tmp_path / "a.jsonl"), "--rejects", str(tmp_path / "rejects"))
    assert (done.returncode, done.stdout.split()) == (2, queued(raw)[1:])
    assert "a.jsonl, line 2: key_conflict: the key 'a' belongs to job" in done.stderr
    assert json.loads((tmp_path / "rejects").read_text())["code"] == "key_conflict"


@pytest.mark.parametrize("keyed", [False, True])
def test_a_full_queue_and_how_to_go_on(depeche: Command, raw: redis.Redis, tmp_path: Path, keyed: bool) -> None:
    """What it says to do queues the rest, each article once."""
    path, key_by = write_lines(tmp_path / "a.jsonl", 8), ["--key-by", "content"] * keyed
    command = ("submit", "--jsonl", path, *key_by)
    full = depeche(*command, DEPECHE_MAX_QUEUE_LENGTH="3")
    assert (full.returncode, full.stdout.split()) == (7, queued(raw))
    how = "run the same command again, with --block to wait for room, and none is queued twice"
    if not keyed:
        how = "run the same command again with --skip 3, with --block to wait for room"
    assert full.stderr.endswith(f"; 3 of 8 articles were queued: {how}\n")
    rest = depeche(*command, *([] if keyed else ["--skip", "3"]))
    assert rest.returncode == 0
    assert len(set(queued(raw))) == len(queued(raw)) == 8
    assert queued(raw)[3:] == rest.stdout.split()[-5:]
    told = "5 articles queued, 3 were there before" if keyed else "5 articles queued, 3 passed over by --skip"
    assert told in rest.stderr


@pytest.fixture
def blocked(settings: Settings, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A command that waits for room, with three of eight articles queued."""
    url = settings.redis_url.get_secret_value()
    path = write_lines(tmp_path / "a.jsonl", 8)
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("depeche")), "submit", "--jsonl", path, "--block", "--batch", "lundi"],
        env=os.environ | {"DEPECHE_REDIS_URL": url, "DEPECHE_MAX_QUEUE_LENGTH": "3"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def test_ctrl_c_says_what_is_queued(blocked: subprocess.Popen[str], raw: redis.Redis, client: Client) -> None:
    """It prints the ids of all that is queued, and no more is queued; the batch is not held open."""
    wait_until(lambda: raw.llen("articles") == 3, "the queue is full")
    blocked.send_signal(signal.SIGINT)
    out, err = blocked.communicate(timeout=40)
    assert (blocked.returncode, out.split()) == (130, queued(raw))
    assert err == (
        "depeche: stopped by Ctrl-C; 3 of 8 articles were queued: run the same command again with --skip 3\n"
    )
    assert (client.batch("lundi").total, client.batch("lundi").submitting) == (3, False)


def test_waiting_for_room(
    blocked: subprocess.Popen[str], raw: redis.Redis, start_worker: StartWorker, client: Client
) -> None:
    """It goes on when a worker has made room, and all are done."""
    wait_until(lambda: raw.llen("articles") == 3, "the queue is full")
    start_worker()
    out, err = blocked.communicate(timeout=120)
    assert (blocked.returncode, len(set(out.split()))) == (0, 8), err
    assert err.startswith("depeche: 8 articles queued, in ")
    wait_until(lambda: client.batch("lundi").ended, "the batch has ended")
    assert client.batch("lundi").succeeded == 8


def test_a_dry_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It needs no Redis, counts articles, sentences and refusals, and names each refused one."""
    (tmp_path / "a.jsonl").write_text('{"text": "Un. Deux."}\n{"text": "Trois."}\n{"text": "4"}')

    def run() -> tuple[int, list[str], list[str]]:
        done = CliRunner().invoke(main, ["submit", "--jsonl", str(tmp_path / "a.jsonl"), "--dry-run"])
        return done.exit_code, done.stdout.splitlines(), done.stderr.splitlines()

    rules = EntryPoint("count", "tasks.commands:count_sentences", surveying.SENTENCES)
    monkeypatch.setattr(surveying, "entry_points", lambda group: [rules])
    monkeypatch.setenv("DEPECHE_REDIS_URL", "redis://127.0.0.1:1")
    status, told, refused = run()
    assert (status, told) == (2, ["articles        2", "sentences       3", "refused         1"])
    assert refused == [f"depeche: {tmp_path}/a.jsonl, line 3: text: has no letter, so there is nothing to translate"]
    monkeypatch.setattr(surveying, "entry_points", lambda group: [])
    assert run()[1] == ["articles        2", "refused         1"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["-", "-"], "standard input can be read once"),
        (["a", "--jsonl", "--csv"], "give one of them"),
        (["a", "--text-field", "corps"], "are for --csv"),
        (["a", "b", "--title", "Un"], "--title and --key are for one text"),
        (["a", "--jsonl", "--key", "k"], "--title and --key are for one text"),
        (["a", "--batch", "\n", "--dry-run"], "batch: must be a name"),
    ],
)
def test_usage(arguments: list[str], told: str) -> None:
    """What cannot be meant is refused in one line."""
    done = CliRunner().invoke(main, ["submit", *arguments])
    assert (done.exit_code, done.stdout) == (2, "")
    assert told in done.stderr


@pytest.mark.parametrize("second", [["Un.", ""], ["Un."], ["Un.", "Deux.", "Trois."]], ids=["faulty", "less", "more"])
def test_an_input_that_changes_between_the_passes(client: Client, second: list[str]) -> None:
    """It is an error that says so, and how many are queued; nothing is left out in silence."""

    def entries() -> Iterator[Entry]:
        lines = "\n".join(json.dumps({"text": text}) for text in second)
        return read_json_lines(io.BytesIO(lines.encode()), "a.jsonl", 1000)

    manner = Manner(Options(), "normal", None, by_content=False)
    announcer = Announcer(as_json=False, waits=False)
    work = Queueing(client, Survey(articles=2), Rejects(None, []), announcer, manner, quiet=True)
    with KeysSeen() as seen, pytest.raises(InvalidArticle, match="the input has changed"):
        work.execute(entries(), seen, skip=0, block=False)
