"""``depeche run`` with real signals in the middle: run again, each article has its result once, and one job."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
import redis

from depeche.client import Client
from tests.conftest import Command, StartWorker, wait_until
from tests.integration.conftest import Start

pytestmark = pytest.mark.integration


@pytest.fixture
def jsonl(tmp_path: Path) -> Callable[..., str]:
    """Writes a file of JSON lines with this many short articles, of which some ask for something."""

    def write(count: int, **asking: str) -> str:
        lines = [
            json.dumps({"text": f"Le numéro {number} est là. {asking.get(f'n{number}', '')}", "ref": number})
            for number in range(count)
        ]
        (tmp_path / "articles.jsonl").write_text("\n".join(lines))
        return str(tmp_path / "articles.jsonl")

    return write


def refs(lines: Path) -> list[int]:
    """Which articles have a result in a file of JSON lines, in ascending order."""
    return sorted(json.loads(line)["source"]["metadata"]["ref"] for line in lines.read_text().splitlines())


def jobs(raw: redis.Redis) -> list[str]:
    """The ids of all jobs."""
    return [key.removeprefix("depeche:job:") for key in raw.scan_iter("depeche:job:*", count=1000)]


def attempts(raw: redis.Redis) -> set[str | None]:
    """How often the jobs were started."""
    return {raw.hget(f"depeche:job:{task_id}", "run") for task_id in jobs(raw)}  # type: ignore[misc]  # a sync client


def test_a_folder_of_files_in_and_a_folder_of_files_out(
    depeche: Command, raw: redis.Redis, start_worker: StartWorker, tmp_path: Path
) -> None:
    """Named by the files; what failed is in a table; run again, only what is new or was refused is looked at."""
    start_worker().wait_ready()
    files = []
    for name, text in (("Gare d'Aÿ.txt", "La gare."), ("b.txt", "Le port."), ("c.txt", "echo:fail"), ("d.txt", " \n")):
        files.append(str(tmp_path / name))
        (tmp_path / name).write_text(text)
    out = tmp_path / "out"
    done = depeche("run", *files, "--out", str(out))
    assert (done.returncode, done.stdout) == (5, "")
    *faults, counts, heading, first, second = done.stderr.splitlines()
    assert len(faults) == 2
    assert counts.startswith(f"depeche: 2 of 4 results are in {out}, 1 failed, 1 refused, in ")
    assert heading.split() == ["reason", "articles", "the", "first", "of", "them"]
    assert [first.split()[:2], second.split()[:2]] == [["invalid_article", "1"], ["model_unavailable", "1"]]
    assert f"{tmp_path}/c.txt: the article told the echo engine to fail" in second
    names = sorted(file.name for file in out.iterdir())
    assert [name.split("--")[0] for name in names] == ["b", "gare-d-ay"]
    assert json.loads((out / names[1]).read_text())["text_en"] == "[fr→en] La gare."

    (tmp_path / "b.txt").write_text("Le port ferme.")
    known = len(jobs(raw))
    again = depeche("run", *files[:2], "--out", str(out), "--quiet")
    assert (again.returncode, again.stderr) == (0, "")
    assert len(list(out.iterdir())) == 3, "a changed article is another one"
    assert len(jobs(raw)) == known + 1


def test_pages_get_an_index(depeche: Command, start_worker: StartWorker, tmp_path: Path) -> None:
    """Of all that is there, also from the run before. A key is the name of its page."""
    start_worker()
    (tmp_path / "a.jsonl").write_text('{"text": "La gare.", "title": "La gare", "key": "afp-1"}\n')
    (tmp_path / "b.txt").write_text("Le port.")
    for source, pages in ((["--jsonl", "a.jsonl"], ["afp-1.html"]), (["b.txt"], ["afp-1.html", "b--"])):
        words = [*source[:-1], str(tmp_path / source[-1])]
        done = depeche("run", *words, "--out", str(tmp_path / "out"), "--format", "html")
        assert done.returncode == 0, done.stderr
        index = (tmp_path / "out" / "index.html").read_text()
        assert all(page in index for page in pages)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "kill -9"])
def test_stopped_in_the_middle_and_run_again(
    stop: signal.Signals,
    start: Start,
    depeche: Command,
    raw: redis.Redis,
    start_worker: StartWorker,
    tmp_path: Path,
    jsonl: Callable[..., str],
) -> None:
    """Twice: while much is queued and little done, and when half is there. Each has one result, one job, one start."""
    count, out = 600, tmp_path / "out.jsonl"
    arguments = ["run", "--jsonl", jsonl(count), "--out", str(out)]
    start_worker().wait_ready()
    for part in (1, count // 2):
        running = start(*arguments)
        wait_until(lambda part=part: out.exists() and out.read_bytes().count(b"\n") >= part, "some are there")  # type: ignore[misc]
        running.send_signal(stop)
        _, said = running.communicate(timeout=40)
        if stop == signal.SIGINT:
            assert running.returncode == 130
            assert said.splitlines()[-1].startswith("depeche: stopped: ")
            assert said.splitlines()[-1].endswith("run the same command again, and it goes on from here")
        else:
            assert running.returncode == -signal.SIGKILL
    done = depeche(*arguments)
    assert done.returncode == 0, done.stderr
    assert "were there before" in done.stderr
    assert refs(out) == list(range(count))
    assert len(jobs(raw)) == count
    assert attempts(raw) == {"1"}


def test_a_queue_that_takes_few_at_a_time(
    depeche: Command, raw: redis.Redis, start_worker: StartWorker, tmp_path: Path, jsonl: Callable[..., str]
) -> None:
    """Submitting waits for room while results are collected; nothing is refused."""
    start_worker()
    out = tmp_path / "out.jsonl"
    done = depeche("run", "--jsonl", jsonl(100), "--out", str(out), DEPECHE_MAX_QUEUE_LENGTH="7")
    assert done.returncode == 0, done.stderr
    assert refs(out) == list(range(100))
    assert len(jobs(raw)) == 100


def test_results_are_no_input(depeche: Command, start_worker: StartWorker, tmp_path: Path) -> None:
    """Of a run whose folder of results lies in that of the articles; the two cannot be the same."""
    start_worker()
    articles = tmp_path / "articles"
    (articles / "sud").mkdir(parents=True)
    (articles / "une.txt").write_text("La gare.")
    (articles / "sud" / "deux.txt").write_text("Le port.")
    for kept in ("", " (2 were there before)"):
        done = depeche("run", str(articles), "-r", "--out", str(articles / "english"), "--format", "text")
        assert f"2 of 2 results are in {articles}/english{kept}, in " in done.stderr
        assert done.returncode == 0
    refused = depeche("run", str(articles), "-r", "--out", f"{articles}/")
    assert (refused.returncode, "results cannot go there" in refused.stderr) == (2, True)


def test_a_key_twice_in_the_input_is_a_fault(
    depeche: Command, raw: redis.Redis, start_worker: StartWorker, tmp_path: Path
) -> None:
    """The second article is told, and not taken for the first one's result."""
    start_worker()
    lines = [{"text": "La gare.", "key": "k"}, {"text": "Le port.", "key": "k"}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)))
    for _ in range(2):
        done = depeche("run", "--jsonl", str(tmp_path / "a.jsonl"), "--out", str(tmp_path / "out"))
        assert (done.returncode, "the key 'k' is that of" in done.stderr) == (2, True)
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["k.json"]
    assert len(jobs(raw)) == 1


def test_an_output_that_cannot_be_written(
    depeche: Command, client: Client, start_worker: StartWorker, tmp_path: Path, jsonl: Callable[..., str]
) -> None:
    """It is told before anything is queued, where that can be known."""
    (tmp_path / "notes.jsonl").write_text("notes\n")
    (tmp_path / "file").touch()
    for out in ("notes.jsonl", "file/out"):
        done = depeche("run", "--jsonl", jsonl(3), "--out", str(tmp_path / out))
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert done.stderr.startswith("depeche: cannot_write: ")
    assert client.stats().queued["normal"] == 0


DOCUMENTS = {
    "a.md": ("# Le phare\n\n- Il brille.\n\n```\nls\n```\n", "- fr→en Il brille.\n\n```\nls\n```\n"),
    "b.md": ("Titre\n=====\n\n> Il brille.\n", "> fr→en Il brille.\n"),
    "c.srt": (
        "1\n00:00:01,000 --> 00:00:03,000\nIl rentre.\n",
        "1\n00:00:01,000 --> 00:00:03,000\n[fr→en] Il rentre.\n",
    ),
    "d.vtt": ("WEBVTT\n\n00:01.000 --> 00:03.000\nIl part.\n", "WEBVTT\n\n00:01.000 --> 00:03.000\n[fr→en] Il part.\n"),
    "e.txt": ("Il revient.\n", "[fr→en] Il revient.\n"),
}


def test_documents_keep_their_structure(
    depeche: Command, raw: redis.Redis, start_worker: StartWorker, tmp_path: Path
) -> None:
    """By run, and by submit, wait and results: the same files. One that has changed meanwhile is named."""
    start_worker()
    (tmp_path / "in").mkdir()
    for name, (french, _) in DOCUMENTS.items():
        (tmp_path / "in" / name).write_text(french)
    done = depeche("run", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--format", "same")
    assert done.returncode == 0, done.stderr
    files = {file.name: file.read_text() for file in (tmp_path / "out").iterdir()}
    assert {name.split("--")[0] + Path(name).suffix for name in files} == set(DOCUMENTS)
    for name, text in files.items():
        assert text.endswith(DOCUMENTS[name.split("--")[0] + Path(name).suffix][1])

    known = len(jobs(raw))
    submitted = depeche("submit", str(tmp_path / "in"), "--key-by", "content", "--json").stdout
    assert len(jobs(raw)) == known
    for command in ("wait", "results"):
        done = depeche(command, "-", "--out", str(tmp_path / command), "--format", "same", stdin=submitted)
        assert done.returncode == 0, done.stderr
        there = {file.name: file.read_text() for file in (tmp_path / command).iterdir()}
        assert {name: text for name, text in there.items() if not name.endswith(".txt")} == {
            name: text for name, text in files.items() if not name.endswith(".txt")
        }
        assert [text for name, text in there.items() if name.endswith(".txt")] == [DOCUMENTS["e.txt"][1]]

    (tmp_path / "in" / "c.srt").write_text("1\n00:00:01,000 --> 00:00:04,000\nIl rentre.\n")
    done = depeche("results", "-", "--out", str(tmp_path / "new"), "--format", "same", stdin=submitted)
    assert (done.returncode, len(list((tmp_path / "new").iterdir()))) == (2, 4)
    assert "c.srt has changed since it was queued" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "-", "--out", "out"], "standard input can be read once"),
        (["results", "-", "--out", "out"], "must know the document of an-id"),
        (["results", "an-id"], "give --out FOLDER"),
    ],
    ids=["standard input", "an id alone", "no folder"],
)
def test_a_structure_that_nobody_knows(depeche: Command, tmp_path: Path, arguments: list[str], said: str) -> None:
    """It is bad usage, and says what to give."""
    words = [str(tmp_path / word) if word == "out" else word for word in arguments]
    done = depeche(*words, "--format", "same", stdin="an-id\n")
    assert (done.returncode, said in " ".join(done.stderr.split())) == (2, True), done.stderr
