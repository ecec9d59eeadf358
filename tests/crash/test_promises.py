"""What a worker's death, its pauses and its end do to articles: real processes, real signals."""

from __future__ import annotations

import os
import signal
from functools import partial
from pathlib import Path

import pytest
import redis

from depeche.article import JobState
from depeche.client import Client
from depeche.errors import JobFailed
from tests.conftest import StartWorker, wait_until
from tests.key_leaks import leaked

pytestmark = [pytest.mark.integration, pytest.mark.crash]

LEASE = {"DEPECHE_LEASE_S": "3"}


def runs(raw: redis.Redis, task_id: str) -> int:
    """How often a job was started."""
    return int(str(raw.hget(f"depeche:job:{task_id}", "run") or 0))


def wait_running(client: Client, *task_ids: str) -> None:
    """Until all are in work."""
    wait_until(lambda: all(client.status(task_id).state is JobState.RUNNING for task_id in task_ids), "running")


def test_a_killed_workers_article_goes_on_elsewhere(
    client: Client, raw: redis.Redis, start_worker: StartWorker
) -> None:
    """Another worker takes it when the lease has ended; what was translated is not translated again."""
    first = start_worker(**LEASE).wait_ready()
    task_id = client.submit("\n\n".join(f"Phrase lente {number} echo:sleep=0.1" for number in range(60)))
    wait_until(lambda: (p := client.status(task_id).progress) and p.stage == "translate" and p.done >= 16, "halfway")
    first.process.kill()
    start_worker(**LEASE)
    result = client.wait(task_id, timeout_s=60)
    assert (result.attempts, runs(raw, task_id)) == (2, 2)
    assert result.text_en.count("[fr→en] Phrase lente") == 60
    assert result.cache.hits >= 16
    assert raw.llen("articles") == 0


def test_a_long_job_is_started_once(client: Client, raw: redis.Redis, start_worker: StartWorker) -> None:
    """One batch of several leases' length, on two workers: the lease is renewed, and nobody else takes it."""
    workers = [start_worker(**LEASE).wait_ready() for _ in range(2)]
    task_id = client.submit("Une phrase. echo:sleep=10")
    assert client.wait(task_id, timeout_s=60).attempts == 1
    assert runs(raw, task_id) == 1
    assert all(worker.process.poll() is None for worker in workers)


def test_a_job_that_kills_its_worker(client: Client, start_worker: StartWorker, tmp_path: Path) -> None:
    """Three times, then it is dead; its neighbours all succeed, and it does too once the cause is gone."""
    cause = tmp_path / "cause"
    cause.touch()
    poison = client.submit(f"Une phrase. echo:crash-while={cause}")
    neighbours = [client.submit(f"Voisine {number}. echo:sleep=0.3") for number in range(6)]
    workers = [start_worker(**LEASE)]

    def ended() -> bool:
        # As docker's restart policy does.
        if workers[-1].process.poll() is not None:
            workers.append(start_worker(**LEASE))
        return all(client.status(task_id).state.terminal for task_id in [poison, *neighbours])

    wait_until(ended, "all have ended", timeout_s=120)
    assert [client.status(task_id).state for task_id in neighbours] == [JobState.SUCCEEDED] * 6
    status = client.status(poison)
    assert (status.state, status.attempts, status.error and status.error.code) == (JobState.DEAD, 3, "poison")
    assert len(workers) == 4
    with pytest.raises(JobFailed, match="poison"):
        client.result(poison)
    assert client.dead_letter(poison)["args"][0]["text"].startswith("Une phrase.")
    cause.unlink()
    client.retry_dead(poison)
    assert client.wait(poison, timeout_s=60).attempts == 1


def test_a_stopped_worker_that_wakes_up(client: Client, raw: redis.Redis, start_worker: StartWorker) -> None:
    """Its job was given to another and has a result: the late one does not overwrite it, and goes on with others."""
    sleeper = start_worker(**LEASE).wait_ready()
    task_id = client.submit("Une phrase. echo:sleep=2")
    wait_running(client, task_id)
    sleeper.process.send_signal(signal.SIGSTOP)
    other = start_worker(**LEASE).wait_ready()
    first = client.wait(task_id, timeout_s=60)
    assert (first.attempts, runs(raw, task_id)) == (2, 2)
    assert other.stop() == 0
    sleeper.process.send_signal(signal.SIGCONT)
    wait_until(lambda: "job lost" in sleeper.log, "it has noticed")
    assert client.result(task_id) == first
    assert client.wait(client.submit("Une autre phrase."), timeout_s=60).attempts == 1
    assert wait_until(lambda: raw.hlen("unacked") == 0, "nothing is held") is True


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_outlasts_the_grace_time_is_handed_back(
    client: Client, raw: redis.Redis, start_worker: StartWorker, number: int
) -> None:
    """Exit status 0; the article is at the front of the queue at once, and the attempt does not count."""
    worker = start_worker(DEPECHE_GRACE_S="1", DEPECHE_CONCURRENCY="1").wait_ready()
    long = client.submit("\n\n".join(f"Phrase {n} echo:sleep=0.1" for n in range(100)))
    wait_running(client, long)
    waiting = client.submit("Une phrase.")
    worker.process.send_signal(number)
    assert worker.process.wait(30) == 0, worker.log
    assert "job handed back" in worker.log
    status = client.status(long)
    assert (status.state, status.attempts, client.stats().workers) == (JobState.QUEUED, 0, 0)
    assert client.status(waiting).state is JobState.QUEUED
    assert (raw.llen("articles"), raw.hlen("unacked"), raw.exists("depeche:running")) == (2, 0, 0)
    assert long in str(raw.lrange("articles", -1, -1))


def test_a_second_signal_hands_back_at_once(client: Client, raw: redis.Redis, start_worker: StartWorker) -> None:
    """Even where a batch cannot be interrupted."""
    worker = start_worker(DEPECHE_GRACE_S="600").wait_ready()
    task_id = client.submit("Une phrase. echo:sleep=300")
    wait_running(client, task_id)
    worker.process.send_signal(signal.SIGTERM)
    wait_until(lambda: "articles in work may finish" in worker.log, "it has seen the first")
    worker.process.send_signal(signal.SIGTERM)
    assert worker.process.wait(30) == 0, worker.log
    assert (client.status(task_id).state, client.status(task_id).attempts) == (JobState.QUEUED, 0)
    assert (raw.llen("articles"), raw.hlen("unacked")) == (1, 0)


def test_cancelling_and_deadline(client: Client, start_worker: StartWorker) -> None:
    """A running job stops between two batches, when it is cancelled and when its time is up."""
    start_worker(DEPECHE_JOB_DEADLINE_S="4", DEPECHE_CONCURRENCY="2").wait_ready()
    text = "\n\n".join(f"Phrase {{}} numéro {n} echo:sleep=0.1" for n in range(400))
    late, unwanted = client.submit(text.replace("{}", "a")), client.submit(text.replace("{}", "b"))
    wait_running(client, late, unwanted)
    client.cancel(unwanted)
    with pytest.raises(JobFailed, match="cancelled"):
        client.wait(unwanted, timeout_s=30)
    with pytest.raises(JobFailed, match="deadline_exceeded"):
        client.wait(late, timeout_s=30)
    assert client.status(unwanted).state is JobState.CANCELLED
    assert client.status(late).state is JobState.FAILED


def test_a_hung_engine_ends_its_process(client: Client, start_worker: StartWorker) -> None:
    """With a status of its own, and a line that names the job and the setting."""
    worker = start_worker(DEPECHE_BATCH_TIMEOUT_S="5", **LEASE).wait_ready()
    task_id = client.submit("Une phrase. echo:sleep=100")
    assert worker.process.wait(60) == 70
    assert task_id in worker.log
    assert "DEPECHE_BATCH_TIMEOUT_S" in worker.log


def test_short_memory_is_tried_again(client: Client, start_worker: StartWorker) -> None:
    """With a pause, and in the end it is a dead letter with the reason."""
    start_worker(DEPECHE_MAX_ATTEMPTS="2", **LEASE)
    task_id = client.submit("Une phrase. echo:overload")
    wait_until(lambda: client.stats().delayed == 1, "waits for its second attempt")
    status = wait_until(lambda: (s := client.status(task_id)).state.terminal and s, "dead", timeout_s=60)
    assert (status.state, status.attempts, status.error and status.error.code) == (
        JobState.DEAD,
        2,
        "engine_overloaded",
    )
    assert "EngineOverloaded" in client.dead_letter(task_id)["error"]["detail"]["traceback"]


def ended(client: Client, task_ids: list[str]) -> int:
    """How many of these jobs have ended."""
    return sum(client.status(task_id).state.terminal for task_id in task_ids)


def at_work(client: Client, task_ids: list[str], before: int) -> bool:
    """Whether more jobs have ended than there were before, by a handful."""
    return ended(client, task_ids) > before + 5


def test_nothing_waits_for_a_worker_that_stopped_in_order(
    client: Client, raw: redis.Redis, start_worker: StartWorker
) -> None:
    """Warm stops at saturation are quick, hold nothing back, and what was finished is not delivered again."""
    task_ids = [client.submit(f"Phrase {number}. echo:sleep=0.05") for number in range(200)]
    for _ in range(3):
        worker = start_worker().wait_ready()
        before = ended(client, task_ids)
        wait_until(partial(at_work, client, task_ids, before), "at work")
        assert worker.stop() == 0
        assert (raw.hlen("unacked"), raw.zcard("depeche:running")) == (0, 0)
    start_worker()
    for task_id in task_ids:
        client.wait(task_id, timeout_s=60)
    assert {runs(raw, task_id) for task_id in task_ids} == {1}


def test_every_key_has_a_time_to_live_and_no_owner_is_forgotten(
    client: Client, raw: redis.Redis, start_worker: StartWorker, tmp_path: Path
) -> None:
    """Whatever state a job is in: but for the broker's own, no key is left for ever."""
    worker = start_worker(DEPECHE_MAX_ATTEMPTS="1", **LEASE).wait_ready()
    client.wait(client.submit("Une phrase."), timeout_s=40)
    dead, delayed = client.submit("Une phrase. echo:overload"), client.submit("Une autre phrase.", key="k")
    wait_until(lambda: client.status(dead).state is JobState.DEAD, "dead")
    client.wait(delayed, timeout_s=40)
    running = client.submit("Une phrase. echo:sleep=20")
    wait_running(client, running)
    # Stopped first: a free slot would take the next job before the kill.
    os.kill(worker.process.pid, signal.SIGSTOP)
    client.submit("La dernière phrase.", priority="low")
    os.kill(worker.process.pid, signal.SIGKILL)
    keys = set(raw.scan_iter())
    expected = ("depeche:job:", "depeche:message:", "depeche:dead", "depeche:running", "depeche:cache", "depeche:wai")
    assert all(any(key.startswith(prefix) for key in keys) for prefix in expected)
    assert leaked(raw) == []
