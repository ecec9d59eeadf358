"""The doctor finds what loses articles or stops them, and says what to do."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from celery import Celery

from config.settings import Settings, load_settings
from depeche.redis_client import connect
from tests.servers import used
from worker import doctor
from worker.doctor import Finding, examine

pytestmark = pytest.mark.integration


@pytest.fixture
def raw(settings: Settings) -> Iterator[redis.Redis]:
    """The Redis that is looked at, bounded as it should be; its configuration is restored afterwards."""
    with connect(settings.redis_url.get_secret_value()) as client:
        names = ("maxmemory", "maxmemory-policy", "appendonly")
        before = {name: client.config_get(name)[name] for name in names}
        client.config_set("maxmemory", "512mb")
        client.config_set("maxmemory-policy", "noeviction")
        yield client
        for name, value in before.items():
            client.config_set(name, value)


def complaints(settings: Settings) -> list[Finding]:
    """What is not as it should be."""
    found = [finding for finding in examine(settings) if finding.level != "ok"]
    assert all(finding.remedy for finding in found)
    return found


def test_nothing_to_find(settings: Settings, raw: redis.Redis) -> None:
    """A Redis as it should be, and a profile that needs no models."""
    assert complaints(settings) == []


def test_the_command(settings: Settings, raw: redis.Redis) -> None:
    """A line a finding; the status tells a supervisor of faults."""
    command = [str(Path(sys.executable).with_name("depeche-worker")), "doctor"]
    environment = {"DEPECHE_REDIS_URL": settings.redis_url.get_secret_value(), "DEPECHE_PROFILE": "echo", "PATH": ""}

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)

    well = run()
    assert (well.returncode, well.stderr) == (0, "")
    assert all(line.startswith("ok ") for line in well.stdout.splitlines())
    assert f"{used()}: append-only, noeviction, 537 MB at most" in well.stdout
    assert settings.redis_url.get_secret_value().split("@")[0].split(":")[-1] not in well.stdout
    raw.config_set("appendonly", "no")
    ill = run()
    assert ill.returncode == 1
    assert "appendonly yes" in ill.stdout


def test_a_server_that_is_too_old(settings: Settings, raw: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """Redis before 6.2 has not all commands that we need; Valkey has, whatever Redis it says that it is like."""
    info = {name: value for name, value in raw.info().items() if name != "valkey_version"}
    monkeypatch.setattr(redis.Redis, "info", lambda *_, **__: info | {"redis_version": "6.0.16"})
    (finding,) = complaints(settings)
    assert (finding.level, finding.text) == ("fault", "this is Redis 6.0.16")
    monkeypatch.setattr(
        redis.Redis, "info", lambda *_, **__: info | {"redis_version": "7.2.4", "valkey_version": "8.1.8"}
    )
    assert complaints(settings) == []
    assert any("Valkey 8.1.8" in finding.text for finding in examine(settings))


def test_no_redis() -> None:
    """The URL is named, and not its password."""
    (finding,) = complaints(load_settings(redis_url="redis://:hunter2@127.0.0.1:1/0", profile="echo"))
    assert finding.level == "fault"
    assert "redis://***@127.0.0.1:1/0 does not answer" in finding.text


def test_a_wrong_password(settings: Settings) -> None:
    """Told from a Redis that is away."""
    address = settings.redis_url.get_secret_value().split("@")[1]
    (finding,) = complaints(load_settings(redis_url=f"redis://:wrong@{address}", profile="echo"))
    assert "refuses user or password" in finding.text


@pytest.mark.parametrize(
    ("option", "value", "level", "remedy"),
    [
        ("maxmemory-policy", "allkeys-lru", "fault", "noeviction"),
        ("maxmemory", "0", "warning", "set maxmemory"),
        ("appendonly", "no", "fault", "appendonly yes"),
    ],
)
def test_a_redis_that_loses_jobs(
    settings: Settings, raw: redis.Redis, option: str, value: str, level: str, remedy: str
) -> None:
    """Eviction, no bound, no append-only file."""
    raw.config_set(option, value)
    (finding,) = complaints(settings)
    assert finding.level == level
    assert remedy in finding.remedy


@pytest.mark.writes_keys("another app")
def test_another_app_on_the_same_database(settings: Settings, raw: redis.Redis) -> None:
    """Its queue gives it away, as long as it has one."""
    url = settings.redis_url.get_secret_value()
    with Celery("other", broker=url, set_as_current=False) as app:
        app.send_task("other.task", queue="letters")
    (finding,) = complaints(settings)
    assert "letters" in finding.text
    assert "database number" in finding.remedy


def test_an_app_whose_tasks_come_after_articles(settings: Settings, raw: redis.Redis) -> None:
    """It uses our database, so its queues are no fault; its messages in our list of those in work are."""
    allowing = settings.model_copy(update={"callback_tasks": "presse.publish"})
    raw.sadd("_kombu.binding.presse", "presse\x06\x16\x06\x16presse")
    assert [finding for finding in examine(settings) if "another Celery app" in finding.text]
    assert not [finding for finding in examine(allowing) if "another Celery app" in finding.text]
    raw.hset("unacked", "tag", json.dumps([{"body": ""}, "presse", "presse"]))
    assert [finding for finding in examine(allowing) if "another Celery app" in finding.text]


def test_clock_skew(settings: Settings, raw: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that is a minute wrong."""
    true_time = time.time
    monkeypatch.setattr("worker.doctor.time.time", lambda: true_time() + 60)
    (finding,) = complaints(settings)
    assert "60 s ahead" in finding.text


def test_missing_models(raw: redis.Redis, settings: Settings, tmp_path: Path) -> None:
    """With the command that gets them."""
    url = settings.redis_url.get_secret_value()
    (finding,) = complaints(load_settings(redis_url=url, profile="standard", model_dir=tmp_path))
    assert finding.level == "fault"
    assert "models prepare" in finding.text + finding.remedy


def test_too_little_memory_and_too_many_threads(
    settings: Settings, raw: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the container gives is what counts."""
    monkeypatch.setattr(doctor, "memory_limit", lambda: 64e6)
    monkeypatch.setattr(doctor, "cpu_share", lambda: 0.5)
    monkeypatch.setattr(doctor, "cores", lambda: 1)
    monkeypatch.setenv("OMP_NUM_THREADS", "8")
    url = settings.redis_url.get_secret_value()
    found = complaints(load_settings(redis_url=url, profile="echo", concurrency=8))
    assert [finding.level for finding in found] == ["fault", "warning", "warning", "warning"]
    assert ["GB are there" in found[0].text, "of a core" in found[1].text, "OMP" in found[2].text] == [True] * 3


@pytest.mark.writes_keys("workers that there are not")
def test_several_workers_on_one_host(settings: Settings, raw: redis.Redis) -> None:
    """Each takes all cores."""
    names = {f"{socket.gethostname()}:{number}:x": time.time() + 60 for number in range(2)}
    raw.zadd("depeche:workers", names)
    (finding,) = complaints(settings)
    assert "2 workers run on this host" in finding.text
