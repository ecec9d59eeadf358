"""One article on its whole way: real producers, a real Redis, real worker processes, echo engines."""

from __future__ import annotations

import json
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest
import redis
from celery import Celery
from celery.result import AsyncResult

from config.settings import Settings, load_settings
from depeche.article import Article, ArticleResult, JobState, Options
from depeche.client import Client
from depeche.errors import JobFailed, NotReady, QueueFull, UnknownJob
from depeche.queue import QUEUES
from tests.conftest import StartWorker, wait_until
from tests.key_leaks import leaked

pytestmark = pytest.mark.integration

TEXT = "La gare a fermé lundi.\n\nElle rouvrira en 2027."
ENGLISH = "[fr→en] La gare a fermé lundi.\n\n[fr→en] Elle rouvrira en 2027."


def test_an_article_comes_back_translated(client: Client, start_worker: StartWorker) -> None:
    """Submit, wait, result: the text in its layout, segments, summary and models."""
    start_worker()
    article = Article(text=TEXT, title="La gare", metadata={"desk": "local"})
    result = client.wait(client.submit(article), timeout_s=40)
    assert result.text_en == ENGLISH
    assert result.title_en == "[fr→en] La gare"
    assert result.models.translation is not None
    assert result.models.translation.engine == "echo"
    assert (result.attempts, result.source.metadata) == (1, {"desk": "local"})
    assert result.timings_ms.queued is not None


def test_states_on_the_way(client: Client, start_worker: StartWorker) -> None:
    """Unknown is not queued, queued is not running, and each has its error when the result is asked for."""
    assert client.status("never-submitted").state is JobState.UNKNOWN
    with pytest.raises(UnknownJob):
        client.result("never-submitted")
    task_id = client.submit("Un arrêt. echo:sleep=2 " + "Encore une phrase. " * 40)
    queued = client.status(task_id)
    assert (queued.state, queued.attempts, queued.progress) == (JobState.QUEUED, 0, None)
    assert queued.queued_at is not None
    with pytest.raises(NotReady, match="queued"):
        client.result(task_id)
    with pytest.raises(NotReady):
        client.wait(task_id, timeout_s=0.2)
    start_worker()
    running = wait_until(
        lambda: (p := (s := client.status(task_id)).progress) and p.stage == "translate" and s, "translating"
    )
    assert (running.attempts, running.state) == (1, JobState.RUNNING)
    assert client.wait(task_id, timeout_s=40).id == task_id
    assert client.status(task_id).state is JobState.SUCCEEDED


def test_celery_and_plain_redis_see_the_same(
    client: Client, elsewhere: Celery, raw: redis.Redis, start_worker: StartWorker
) -> None:
    """AsyncResult and a bare GET both give state and result."""
    task_id = client.submit(TEXT)
    seen: AsyncResult[Any] = AsyncResult(task_id, app=elsewhere)
    assert (seen.state, seen.ready()) == ("QUEUED", False)
    start_worker()
    assert client.wait(task_id, timeout_s=40).text_en == ENGLISH
    assert (seen.state, seen.ready()) == ("SUCCESS", True)
    meta = json.loads(str(raw.get(f"celery-task-meta-{task_id}")))
    assert meta["status"] == "SUCCESS"
    assert ArticleResult.model_validate(meta["result"]).text_en == ENGLISH
    assert seen.get(timeout=5)["text_en"] == ENGLISH


def test_a_plain_celery_client_may_send_by_name(elsewhere: Celery, client: Client, start_worker: StartWorker) -> None:
    """A job that did not go through our client gets its record from the worker."""
    start_worker()
    sent = elsewhere.send_task(
        "depeche.process_article", args=[{"text": TEXT}], kwargs={"options": {"summary": False}}, queue="articles"
    )
    result = wait_until(lambda: client.status(sent.id).state.terminal and client.result(sent.id), "sent by name")
    assert (result.text_en, result.summary_en) == (ENGLISH, None)
    assert result.timings_ms.queued is None


@pytest.mark.parametrize(
    ("args", "kwargs", "code"),
    [
        ([], {}, "invalid_article"),
        ([{"text": "..."}], {}, "invalid_article"),
        ([{"text": "a"}, 2], {}, "invalid_article"),
        ([{"text": "a"}], {"opts": {}}, "invalid_article"),
        ([{"text": "é" * 200_001}], {}, "too_long"),
        ([{"text": "Une phrase. echo:fail"}], {}, "model_unavailable"),
    ],
)
def test_failures_carry_code_and_message(
    elsewhere: Celery,
    client: Client,
    start_worker: StartWorker,
    args: list[object],
    kwargs: dict[str, object],
    code: str,
) -> None:
    """Whatever a message holds, the job ends as failed, with a reason, for our client and for Celery's."""
    start_worker()
    sent = elsewhere.send_task("depeche.process_article", args=args, kwargs=kwargs, queue="articles")
    status = wait_until(lambda: (s := client.status(sent.id)).state.terminal and s, "failed")
    assert status.state is JobState.FAILED
    assert status.error is not None
    assert status.error.code == code
    assert (sent.state, sent.ready(), sent.successful()) == ("FAILURE", True, False)
    with pytest.raises(JobFailed, match=code) as caught:
        client.result(sent.id)
    assert caught.value.detail["code"] == code


def test_the_worker_survives_a_failed_job(client: Client, start_worker: StartWorker) -> None:
    """The article after a faulty one is processed as usual."""
    start_worker()
    faulty, good = client.submit("Une phrase. echo:fail"), client.submit(TEXT)
    assert client.wait(good, timeout_s=40).text_en == ENGLISH
    with pytest.raises(JobFailed):
        client.wait(faulty, timeout_s=40)


def test_high_goes_before_low(client: Client, raw: redis.Redis, start_worker: StartWorker) -> None:
    """Articles that wait are taken strictly by priority, whatever the order of submission."""
    ids = {}
    for priority in ("low", "normal", "high"):
        ids[priority] = [client.submit(TEXT, priority=priority) for _ in range(3)]
        assert raw.llen(QUEUES[priority]) == 3
    start_worker(DEPECHE_CONCURRENCY="1")
    for priority in ("low", "normal", "high"):
        for task_id in ids[priority]:
            client.wait(task_id, timeout_s=40)
    ended = {task_id: float(str(raw.hget(f"depeche:job:{task_id}", "finished_at"))) for p in ids for task_id in ids[p]}
    assert max(ended[i] for i in ids["high"]) < min(ended[i] for i in ids["normal"])
    assert max(ended[i] for i in ids["normal"]) < min(ended[i] for i in ids["low"])


def test_two_workers_share_the_queue(client: Client, start_worker: StartWorker) -> None:
    """Each article is processed once, by one of them."""
    workers = [start_worker().wait_ready() for _ in range(2)]
    ids = [client.submit(f"Article {number}. echo:sleep=0.2") for number in range(12)]
    results = [client.wait(task_id, timeout_s=40) for task_id in ids]
    assert [r.text_en.split()[2] for r in results] == [f"{number}." for number in range(12)]
    assert all(r.attempts == 1 for r in results)

    def counts() -> list[int]:
        return [worker.log.count("job succeeded") for worker in workers]

    # A worker writes its line after the result, for which the client does not wait.
    wait_until(lambda: sum(counts()) == 12, "each has its line")
    assert min(counts()) > 0


def test_sigterm_finishes_the_article_in_work(client: Client, start_worker: StartWorker) -> None:
    """A stopped worker ends with status 0, its article done; what waits stays queued for the next worker."""
    worker = start_worker(DEPECHE_CONCURRENCY="1").wait_ready()
    running = client.submit("Une phrase. echo:sleep=1.5")
    wait_until(lambda: client.status(running).state is JobState.RUNNING, "running")
    waiting = [client.submit(TEXT) for _ in range(3)]
    assert worker.stop() == 0, worker.log
    assert client.status(running).state is JobState.SUCCEEDED
    start_worker()
    assert [client.wait(task_id, timeout_s=40).text_en for task_id in waiting] == [ENGLISH] * 3


def test_every_key_has_a_time_to_live(client: Client, raw: redis.Redis, start_worker: StartWorker) -> None:
    """Queued, running, succeeded or failed: no key is left for ever but the broker's own."""
    finished = client.submit(TEXT), client.submit("Une phrase. echo:fail")
    start_worker(DEPECHE_CONCURRENCY="1")
    wait_until(lambda: all(client.status(i).state.terminal for i in finished), "finished")
    running, queued = client.submit("Une phrase. echo:sleep=1"), client.submit(TEXT)
    wait_until(lambda: client.status(running).state is JobState.RUNNING, "running")
    assert raw.exists(f"depeche:job:{queued}", f"celery-task-meta-{queued}", "depeche:running") == 3
    assert leaked(raw) == []


def test_a_full_queue_takes_nothing(settings: Settings, raw: redis.Redis) -> None:
    """Over the limit, submit says both figures and leaves nothing behind."""
    with Client(load_settings(redis_url=settings.redis_url, max_queue_length=2)) as small:
        small.submit(TEXT)
        small.submit(TEXT, priority="low")
        before = set(raw.scan_iter())
        with pytest.raises(QueueFull) as caught:
            small.submit(TEXT, priority="high")
    assert caught.value.detail == {"length": 2, "limit": 2}
    assert set(raw.scan_iter()) == before


def test_celerys_own_command_runs_the_same_worker(client: Client, start_worker: StartWorker) -> None:
    """``celery -A worker worker`` needs no options: thread pool, three queues, ready after loading."""
    celery = str(Path(sys.executable).with_name("celery"))
    worker = start_worker(celery, "-A", "worker", "worker").wait_ready()
    assert worker.log.index("echo on echo (none) loaded") < worker.log.index(" ready.")
    assert client.wait(client.submit(TEXT, options=Options(summary_sentences=1)), timeout_s=40).text_en == ENGLISH
    assert worker.stop() == 0


def test_the_log_tells_of_the_job_and_not_of_the_article(client: Client, start_worker: StartWorker) -> None:
    """Ids, counts and times are logged; neither the text nor the password is."""
    worker = start_worker().wait_ready()
    good, faulty = client.submit("Le secret des Hautebrune."), client.submit("Le secret des Hautebrune. echo:fail")
    client.wait(good, timeout_s=40)
    wait_until(lambda: client.status(faulty).state.terminal, "failed")
    worker.stop()
    (told,) = [line for line in worker.log.splitlines() if f"id={good}" in line]
    assert all(fact in told for fact in ("job succeeded", "sentences=1", "attempt=1", "translate_ms=", "flags={"))
    (told,) = [line for line in worker.log.splitlines() if f"id={faulty}" in line]
    assert "job failed" in told
    assert "code=model_unavailable" in told
    assert "Hautebrune" not in worker.log
    assert client._url.split("@")[0].split(":")[-1] not in worker.log


@pytest.mark.parametrize(
    ("environment", "status", "words"),
    [
        ({"DEPECHE_PROFILE": "standard"}, 1, ["model_unavailable", "DEPECHE_PROFILE=embedded"]),
        ({"DEPECHE_PROFILE": "x", "DEPECHE_CONCURRENCY": "0"}, 2, ["DEPECHE_PROFILE='x'", "DEPECHE_CONCURRENCY='0'"]),
    ],
)
def test_a_worker_that_cannot_run_says_why(
    start_worker: StartWorker, environment: dict[str, str], status: int, words: list[str]
) -> None:
    """No traceback: the reason and the way out, and a status that a supervisor sees."""
    worker = start_worker(**environment)
    assert worker.process.wait(40) == status
    assert all(word in worker.log for word in words)
    assert "Traceback" not in worker.log


def test_celerys_own_command_tells_of_bad_settings(start_worker: StartWorker) -> None:
    """Started by Celery, the worker names the faults as plainly as by our command."""
    celery = str(Path(sys.executable).with_name("celery"))
    worker = start_worker(celery, "-A", "worker", "worker", DEPECHE_PROFILE="x")
    assert worker.process.wait(40) == 1
    assert worker.log.startswith("invalid_settings: DEPECHE_PROFILE='x'")


def test_a_misspelt_setting_is_told(start_worker: StartWorker) -> None:
    """The worker runs, and warns of the variable that nothing reads."""
    worker = start_worker(DEPECHE_CONCURENCY="3").wait_ready()
    assert "did you mean DEPECHE_CONCURRENCY?" in worker.log


def test_plain_redis_and_json_are_enough(client: Client, raw: redis.Redis, start_worker: StartWorker) -> None:
    """The message that docs/protocol.md shows to other languages is taken, and gives a result under its id."""
    page = (Path(__file__).parents[2] / "docs/protocol.md").read_text(encoding="utf-8")
    shown = page.split("    LPUSH articles '", 1)[1].split("'\n", 1)[0]
    task_id = str(uuid.uuid4())
    start_worker()
    raw.lpush("articles", " ".join(shown.split()).replace("ID", task_id))
    result = wait_until(lambda: client.status(task_id).state.terminal and client.result(task_id), "sent by hand")
    assert result.text_en == "[fr→en] Le maire a parlé."
