"""``depeche wait`` and ``results`` for many jobs, as a shell has them: files, signals, and a Redis that restarts."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import Settings
from depeche.article import Article
from depeche.client import Client
from depeche.file_names import digest
from depeche.settings import load_settings
from tests.conftest import Command, StartWorker, wait_until
from tests.integration.conftest import Start
from worker.embedded_redis import EmbeddedRedis

pytestmark = pytest.mark.integration


def names(folder: Path) -> list[str]:
    """All that is in a folder, hidden files too."""
    return sorted(file.name for file in folder.iterdir())


def texts(path: Path) -> list[str]:
    """The English of JSON lines."""
    return [json.loads(line)["text_en"] for line in path.read_text().splitlines()]


def test_many_ids_of_a_file(depeche: Command, client: Client, start_worker: StartWorker, tmp_path: Path) -> None:
    """In the order of the file, whatever ends first; as lines, in a file that is gone on with, and in a folder."""
    start_worker(DEPECHE_CONCURRENCY="2")
    ids = [client.submit("Lent. echo:sleep=1"), *(client.submit(f"Article {number}.") for number in range(30))]
    failed = client.submit("echo:fail")
    file = tmp_path / "ids.txt"
    file.write_text("\n".join([*ids[:3], failed, "no-such-id", *ids[3:]]))
    done = depeche("wait", "--ids", str(file), "--format", "json")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ids
    assert done.returncode == 5, "that of the first that failed"
    assert done.stderr.splitlines()[-1] == "depeche: 31 results, 2 failed"
    assert "model_unavailable" in done.stderr
    assert "no job has the id no-such-id" in done.stderr

    lines = tmp_path / "english.jsonl"
    first = depeche("results", "-", "--out", str(lines), "--quiet", stdin="\n".join(ids[:10]))
    assert (first.returncode, first.stdout, first.stderr) == (0, "", "")
    again = depeche("results", "--ids", str(file), "--out", str(lines))
    assert again.stderr.splitlines()[-1] == "depeche: 21 results, 10 were there before, 2 failed"
    assert [json.loads(line)["id"] for line in lines.read_text().splitlines()] == ids

    folder = tmp_path / "english"
    for status, said in ((5, "31 results, 2 failed"), (5, "0 results, 31 were there before, 2 failed")):
        done = depeche("wait", "--ids", str(file), "--out", str(folder), "--format", "text")
        assert (done.returncode, done.stderr.splitlines()[-1]) == (status, f"depeche: {said}")
    assert names(folder) == sorted(f"{task_id}.txt" for task_id in ids)


def test_a_folder_of_pages_has_titles_for_names_and_an_index(
    depeche: Command, client: Client, start_worker: StartWorker, tmp_path: Path
) -> None:
    """A result without a title is named by its id. Pages need a folder."""
    start_worker()
    titled = client.submit(Article(text="La gare a fermé.", title="À l'Ouest, du nouveau"))
    plain = client.submit("Le port ferme.")
    done = depeche("wait", titled, plain, "--out", str(tmp_path / "pages"), "--format", "html")
    assert done.returncode == 0, done.stderr
    page = f"a-l-ouest-du-nouveau--{digest(titled)}.html"
    assert names(tmp_path / "pages") == sorted([page, f"{plain}.html", "index.html"])
    assert page in (tmp_path / "pages" / "index.html").read_text()
    refused = depeche("wait", titled, plain, "--format", "html")
    assert (refused.returncode, "give --out FOLDER" in refused.stderr) == (2, True)


def test_results_does_not_wait(depeche: Command, client: Client, start_worker: StartWorker) -> None:
    """What is there comes, and what is not there yet gives exit status 3."""
    done_id = client.submit("Fait.")
    start_worker().wait_ready()
    client.wait(done_id, timeout_s=40)
    open_id = client.submit("Lent. echo:sleep=30")
    found = depeche("results", open_id, done_id, "--format", "json")
    assert (found.returncode, json.loads(found.stdout)["id"]) == (3, done_id)
    assert "not_ready" in found.stderr


def test_as_completed_gives_what_ends_first(start: Start, client: Client, start_worker: StartWorker) -> None:
    """While the first of the ids still runs."""
    start_worker(DEPECHE_CONCURRENCY="2")
    slow, fast = client.submit("Lent. echo:sleep=30"), client.submit("Vite.")
    waiting = start("wait", slow, fast, "--as-completed", "--format", "json")
    assert waiting.stdout is not None
    assert json.loads(waiting.stdout.readline())["id"] == fast
    assert client.status(slow).state == "running"


def test_ctrl_c_says_how_to_go_on(start: Start, client: Client, tmp_path: Path) -> None:
    """And that no worker is alive, once, before. The exit status is 130."""
    task_id = client.submit("Personne.")
    waiting = start("wait", task_id, "--out", str(tmp_path / "out"))
    assert waiting.stderr is not None
    first = waiting.stderr.readline()
    assert first.startswith("depeche: no worker is alive, so nothing is done meanwhile")
    waiting.send_signal(signal.SIGINT)
    assert waiting.stderr.read() == (
        "depeche: stopped by Ctrl-C after 0 of 1; the jobs go on: run the same command again to wait on\n"
    )
    assert (waiting.wait(20), names(tmp_path / "out")) == (130, [])


def test_a_restart_of_redis_is_waited_for(start: Start, start_worker: StartWorker, tmp_path: Path) -> None:
    """In the middle of a wait, which says so once and gives every result."""
    with EmbeddedRedis(fsync="always") as server, Client(load_settings(redis_url=server.url)) as client:
        ids = [client.submit(f"Article {number}.") for number in range(20)]
        waiting = start("wait", *ids, "--out", str(tmp_path / "out.jsonl"), DEPECHE_REDIS_URL=server.url)
        assert waiting.stderr is not None
        assert "no worker is alive" in waiting.stderr.readline()
        server.kill()
        assert "which does not answer" in waiting.stderr.readline()
        server.start()
        start_worker(DEPECHE_REDIS_URL=server.url)
        assert waiting.stderr.read() == "depeche: 20 results\n"
        assert waiting.wait(60) == 0
    assert texts(tmp_path / "out.jsonl") == [f"[fr→en] Article {number}." for number in range(20)]


def test_on_a_terminal_there_is_a_line_with_the_progress(
    settings: Settings, client: Client, start_worker: StartWorker
) -> None:
    """It is gone in the end, and the results stand above it."""
    ids = [client.submit("Un."), client.submit("Deux.")]
    leader, follower = pty.openpty()
    command = [str(Path(sys.executable).with_name("depeche")), "wait", *ids]
    own = {"DEPECHE_REDIS_URL": settings.redis_url.get_secret_value()}
    data = b""

    def shown(text: bytes | None) -> bool:
        nonlocal data
        try:
            data += os.read(leader, 10_000)
        except OSError:
            # The other end is closed.
            return True
        return text is not None and text in data

    with subprocess.Popen(command, env=os.environ | own, stdout=follower, stderr=follower) as process:
        os.close(follower)
        try:
            wait_until(lambda: shown(b"\r0 of 2 articles"), "the progress is shown")
            start_worker()
            wait_until(lambda: shown(None), "the terminal is closed")
        except BaseException:
            process.kill()
            raise
        finally:
            os.close(leader)
    assert process.returncode == 0
    *results, last = data.decode().replace("\r\n", "\n").rstrip("\n").split("\n")
    assert last.split("\r")[-1].strip() == "", "the line is gone"
    assert [line for line in results if "Deux." in line][-1].endswith("[fr→en] Deux.")
