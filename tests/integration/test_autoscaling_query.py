"""What the autoscaler, the alerts and the dashboard read about real workers at work."""

from __future__ import annotations

import re
import shutil
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from benchmarks.dashboard import ALERTS, alert_queries, all_queries, ask, dashboard_queries, scaler_queries
from depeche.article import JobState
from depeche.client import Client
from tests.conftest import StartWorker, WorkerProcess, wait_until
from worker.embedded_redis import free_port

pytestmark = pytest.mark.integration

LONG = "Une longue phrase. echo:sleep=120"
needs_prometheus = pytest.mark.skipif(not shutil.which("prometheus"), reason="prometheus is not installed")

StartPrometheus = Callable[[list[int]], str]


@pytest.fixture
def start_prometheus(tmp_path: Path) -> Iterator[StartPrometheus]:
    """Starts a real Prometheus with our alerts, which scrapes workers at these ports; gives its address."""
    processes: list[subprocess.Popen[bytes]] = []

    def start(ports: list[int]) -> str:
        targets = {"targets": [f"127.0.0.1:{port}" for port in ports], "labels": {"namespace": "depeche"}}
        configuration = {
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(ALERTS)],
            "scrape_configs": [{"job_name": "depeche", "static_configs": [targets]}],
        }
        (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(configuration))
        port = free_port()
        command = ["prometheus", f"--config.file={tmp_path}/prometheus.yml", f"--web.listen-address=127.0.0.1:{port}"]
        with (tmp_path / "prometheus.log").open("wb") as log:
            processes.append(
                subprocess.Popen([*command, f"--storage.tsdb.path={tmp_path}/data"], stdout=log, stderr=log)
            )
        return f"http://127.0.0.1:{port}"

    yield start
    for process in processes:
        process.kill()
        process.wait()


def metrics_port(worker: WorkerProcess) -> int:
    """The port that a worker with port 0 was given."""
    found = wait_until(lambda: re.search(r"metrics and health checks at .*port (\d+)", worker.log), "metrics served")
    return int(found[1])


def scrape(port: int) -> dict[str, list[tuple[dict[str, str], float]]]:
    """All series of one worker, by name."""
    series: dict[str, list[tuple[dict[str, str], float]]] = {}
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20) as response:
        for family in text_string_to_metric_families(response.read().decode()):
            for sample in family.samples:
                series.setdefault(sample.name, []).append((dict(sample.labels), sample.value))
    return series


def busy_workers(client: Client, start_worker: StartWorker, count: int) -> list[int]:
    """Start so many, each with a long article in work, and let two more wait; gives the ports of their metrics."""
    options = {"DEPECHE_METRICS_ADDR": "127.0.0.1:0", "DEPECHE_CONCURRENCY": "1"}
    workers = [start_worker(**options).wait_ready() for _ in range(count)]
    running = [client.submit(LONG) for _ in workers]
    wait_until(lambda: all(client.status(one).state is JobState.RUNNING for one in running), "all workers busy")
    client.submit(LONG, priority="high")
    client.submit(LONG, priority="low")
    return [metrics_port(worker) for worker in workers]


@pytest.mark.parametrize("count", [1, 2])
def test_work_in_hand_counts_as_much_as_work_that_waits(client: Client, start_worker: StartWorker, count: int) -> None:
    """Queues and held messages add up to all that is to be done, and every worker says the same."""
    for port in busy_workers(client, start_worker, count):
        series = scrape(port)
        waiting = {labels["priority"]: value for labels, value in series["depeche_queue_length"]}
        assert waiting == {"high": 1, "normal": 0, "low": 1}
        assert [value for _, value in series["depeche_unacknowledged_messages"]] == [count]


@needs_prometheus
@pytest.mark.parametrize("count", [1, 2])
def test_the_autoscaler_is_told_of_all_articles(
    client: Client, start_worker: StartWorker, start_prometheus: StartPrometheus, count: int
) -> None:
    """One in work and two waiting are three, two in work and two waiting four: no busy worker is too many."""
    address = start_prometheus(busy_workers(client, start_worker, count))
    (query,) = scaler_queries()

    def value() -> float | None:
        with suppress(OSError):
            if len(ask(address, 'up{job="depeche"} == 1')) == count and (answer := ask(address, query.expression)):
                return float(answer[0][1])
        return None

    assert wait_until(value, "an answer from Prometheus") == count + 2


@needs_prometheus
def test_prometheus_takes_every_query_and_the_panels_have_answers(
    client: Client, start_worker: StartWorker, start_prometheus: StartPrometheus
) -> None:
    """Nothing is refused, a healthy worker has no alert, and of the dashboard only ratios of nothing are empty."""
    worker = start_worker(DEPECHE_METRICS_ADDR="127.0.0.1:0").wait_ready()
    client.wait(client.submit("La gare a fermé lundi. Elle rouvrira en 2027."), timeout_s=40)
    address = start_prometheus([metrics_port(worker)])

    def empty() -> set[str] | None:
        with suppress(OSError):
            return {asker for asker, expression in dashboard_queries() if not ask(address, expression)}
        return None

    # Two scrapes make a rate.
    wait_until(lambda: (found := empty()) is not None and len(found) <= 3, "panels with answers")
    # Redis has no limit here, and there is no alert to note.
    assert empty() == {"annotation: Alerts", "panel: Memory of Redis limit"}
    assert [asker for asker, expression in alert_queries() if ask(address, expression)] == []
    assert all(ask(address, expression) is not None for _, expression in all_queries())
