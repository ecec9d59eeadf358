"""What a worker tells over HTTP: metrics, whether it lives, whether it is ready."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
import redis

from config.settings import Settings, load_settings
from depeche.client import Client
from depeche.redis_client import connect
from tests.conftest import StartWorker, wait_until
from worker.embedded_redis import EmbeddedRedis, free_port
from worker.health import ask

pytestmark = pytest.mark.integration

Get = Callable[[str], tuple[int, str]]


@pytest.fixture
def address() -> str:
    """A free port of this machine."""
    return f"127.0.0.1:{free_port()}"


@pytest.fixture
def get(address: str) -> Get:
    """Status and text of a page; status 0 where nobody answers."""

    def fetch(path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://{address}{path}", timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError:
            return 0, ""

    return fetch


def value(page: str, series: str) -> float:
    """A series' value on a page of metrics."""
    (found,) = re.findall(rf"^{re.escape(series)} (\S+)$", page, re.MULTILINE)
    return float(found)


def test_metrics_of_articles(client: Client, start_worker: StartWorker, get: Get, address: str) -> None:
    """Counted once each, by outcome, with sentences, stages, cache and flags; no text and no id anywhere."""
    start_worker(DEPECHE_METRICS_ADDR=address).wait_ready()
    good = [client.submit(f"Le secret numéro {n}. Une autre phrase.") for n in range(3)]
    faulty = client.submit("Le secret. echo:fail")
    for task_id in good:
        client.wait(task_id, timeout_s=40)
    wait_until(lambda: client.status(faulty).state.terminal, "failed")
    page = wait_until(lambda: (p := get("/metrics")[1]) and value(p, "depeche_jobs_in_work") == 0 and p, "at rest")
    assert value(page, 'depeche_jobs_total{outcome="succeeded",profile="echo"}') == 3
    assert value(page, 'depeche_jobs_total{outcome="failed",profile="echo"}') == 1
    assert value(page, "depeche_sentences_total") == 6
    assert value(page, "depeche_attempts_total") == 4
    assert value(page, "depeche_redeliveries_total") == 0
    assert value(page, 'depeche_stage_seconds_count{stage="translate"}') == 3
    assert value(page, 'depeche_cache_sentences_total{result="hit"}') >= 1
    assert value(page, 'depeche_tokens_total{direction="output"}') > 0
    assert value(page, "depeche_job_queued_seconds_count") == 4
    assert value(page, "depeche_worker_ready") == 1
    assert value(page, "depeche_workers") == 1
    assert value(page, "depeche_redis_memory_used_bytes") > 0
    model = 'depeche_model_info{compute_type="none",engine="echo",id="echo",revision="1",stage="translation"}'
    assert value(page, model) == 1
    assert "secret" not in page
    assert good[0] not in page


def test_metrics_of_the_queue(client: Client, start_worker: StartWorker, get: Get, address: str) -> None:
    """What waits, by priority and age, and what is in work."""
    start_worker(DEPECHE_METRICS_ADDR=address, DEPECHE_CONCURRENCY="1").wait_ready()
    client.submit("Une phrase. echo:sleep=30")
    wait_until(lambda: client.stats().running == 1, "in work")
    client.submit("Une autre.", priority="high")
    client.submit("Une troisième.")
    text = get("/metrics")[1]
    waiting = [value(text, f'depeche_queue_length{{priority="{name}"}}') for name in ("high", "normal", "low")]
    assert waiting == [1, 1, 0]
    assert value(text, "depeche_unacknowledged_messages") == 1
    assert value(text, "depeche_running_jobs") == 1
    assert value(text, "depeche_jobs_in_work") == 1
    assert value(text, 'depeche_oldest_waiting_seconds{priority="high"}') > 0
    assert value(text, 'depeche_oldest_waiting_seconds{priority="low"}') == 0


def test_a_worker_without_redis_lives_and_is_not_ready(start_worker: StartWorker, get: Get, address: str) -> None:
    """It is not to be restarted for that; when Redis is back, it is ready again."""
    with EmbeddedRedis() as server:
        environment = {"DEPECHE_METRICS_ADDR": address, "DEPECHE_REDIS_URL": server.url}
        start_worker(**environment).wait_ready()
        wait_until(lambda: get("/readyz") == (200, "ok\n"), "ready")
        server.kill()
        wait_until(lambda: get("/readyz")[0] == 503, "not ready")
        assert "Redis does not answer" in get("/readyz")[1]
        assert get("/healthz") == (200, "ok\n")
        assert "depeche_redis_up 0.0" in get("/metrics")[1]
        assert ask(load_settings(metrics_addr=address)) != []
        server.start()
        wait_until(lambda: get("/readyz")[0] == 200, "ready again")
        assert ask(load_settings(metrics_addr=address)) == []


def test_other_paths(start_worker: StartWorker, get: Get, address: str) -> None:
    """A wrong one names the right ones."""
    start_worker(DEPECHE_METRICS_ADDR=address).wait_ready()
    assert get("/") == (404, "this worker serves /metrics, /healthz and /readyz only\n")


def test_a_stopping_worker_is_alive_and_not_ready(
    client: Client, start_worker: StartWorker, get: Get, address: str
) -> None:
    """While its last article finishes, it gets no more, and is not killed."""
    worker = start_worker(DEPECHE_METRICS_ADDR=address).wait_ready()
    task_id = client.submit("Une phrase. echo:sleep=3")
    wait_until(lambda: client.stats().running == 1, "in work")
    worker.process.terminate()
    wait_until(lambda: get("/readyz")[0] == 503, "not ready")
    assert "stopping" in get("/readyz")[1]
    assert get("/healthz")[0] == 200
    assert worker.process.wait(30) == 0
    assert client.result(task_id).attempts == 1


def test_the_health_command(start_worker: StartWorker, address: str) -> None:
    """0 and a word where the worker is ready; 1 and the reason where there is none."""
    command = [str(Path(sys.executable).with_name("depeche-worker")), "health"]
    environment = {"DEPECHE_METRICS_ADDR": address, "PATH": ""}
    none = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert (none.returncode, none.stdout) == (1, "")
    assert f"no worker answers at {address}" in none.stderr
    start_worker(DEPECHE_METRICS_ADDR=address).wait_ready()

    def is_ready() -> bool:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
        return (done.returncode, done.stdout) == (0, "ready\n")

    wait_until(is_ready, "ready")


def test_a_taken_address_costs_no_articles(client: Client, start_worker: StartWorker, address: str) -> None:
    """The second worker of a host says that it shows nothing, and works."""
    host, _, port = address.rpartition(":")
    with socket.socket() as other:
        other.bind((host, int(port)))
        other.listen()
        worker = start_worker(DEPECHE_METRICS_ADDR=address).wait_ready()
        assert "DEPECHE_METRICS_ADDR" in worker.log
        assert client.wait(client.submit("Une phrase."), timeout_s=40).attempts == 1


def test_lost_and_due_jobs_are_counted(
    settings: Settings, client: Client, start_worker: StartWorker, get: Get, address: str
) -> None:
    """What the janitor finds and what comes again shows in the metrics."""
    with connect(settings.redis_url.get_secret_value()) as raw:
        task_id = client.submit("Une phrase.")
        raw.delete("articles")
        environment = {"DEPECHE_LEASE_S": "3", "DEPECHE_METRICS_ADDR": address}
        start_worker(**environment).wait_ready()
        client.wait(task_id, timeout_s=60)
        message = raw.get(f"depeche:message:{task_id}")
        assert isinstance(raw, redis.Redis)
    page = get("/metrics")[1]
    assert value(page, 'depeche_janitor_published_total{reason="waiting"}') == 1
    assert value(page, 'depeche_lease_renewals_total{result="ok"}') >= 1
    assert message is None
