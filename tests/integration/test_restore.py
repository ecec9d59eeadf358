"""Backup and restore as docs/operations.md has them, on a real Redis."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import redis

from config.settings import load_settings
from depeche.article import JobState
from depeche.client import Client
from tests.conftest import StartWorker, wait_until
from worker.embedded_redis import EmbeddedRedis

pytestmark = pytest.mark.integration

TEXTS = [f"La gare {number} a fermé lundi." for number in range(4)]


def connect(server: EmbeddedRedis) -> redis.Redis:
    """Plain Redis."""
    return redis.Redis.from_url(server.url, decode_responses=True)


def test_a_restored_backup_goes_on_and_lacks_only_what_came_later(tmp_path: Path, start_worker: StartWorker) -> None:
    """From dump.rdb and by way of an append-only file: waiting articles are done, later ones can be said again."""
    with (
        EmbeddedRedis(extra=[f"dir {tmp_path}"]) as old,
        connect(old) as raw,
        Client(load_settings(redis_url=old.url)) as client,
    ):
        before = [client.submit(text, key=text) for text in TEXTS[:3]]
        raw.save()
        later = client.submit(TEXTS[3], key=TEXTS[3])
        shutil.copy(tmp_path / "dump.rdb", tmp_path / "backup.rdb")
    restored = tmp_path / "restored"
    restored.mkdir()
    shutil.copy(tmp_path / "backup.rdb", restored / "dump.rdb")
    with EmbeddedRedis(extra=[f"dir {restored}", "appendonly no"]) as once, connect(once) as raw:
        raw.config_set("appendonly", "yes")
        wait_until(lambda: raw.info("persistence")["aof_rewrite_in_progress"] == 0, "the append-only file is written")
        wait_until(lambda: raw.info("persistence")["aof_enabled"] == 1, "it is in use")
    with (
        EmbeddedRedis(extra=[f"dir {restored}"]) as new,
        Client(load_settings(redis_url=new.url)) as client,
    ):
        assert [client.status(task_id).state for task_id in before] == [JobState.QUEUED] * 3
        assert client.status(later).state is JobState.UNKNOWN
        assert [client.submit(text, key=text) for text in TEXTS] == [*before, later]
        worker = start_worker(DEPECHE_REDIS_URL=new.url)
        assert [client.wait(task_id, timeout_s=40).segments[0].fr for task_id in [*before, later]] == TEXTS
        assert [client.status(task_id).attempts for task_id in [*before, later]] == [1] * 4
        assert worker.stop() == 0


def test_a_dump_alone_is_not_read_where_the_append_only_file_is_on(tmp_path: Path) -> None:
    """Why the restore starts once without it."""
    with EmbeddedRedis(extra=[f"dir {tmp_path}"]) as old, connect(old) as raw:
        raw.set("something", "kept")
        raw.save()
    # A file of Redis 6.2, a folder of all others.
    for path in tmp_path.glob("appendonly*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert [path.name for path in tmp_path.iterdir()] == ["dump.rdb"]
    with EmbeddedRedis(extra=[f"dir {tmp_path}"]) as new, connect(new) as raw:
        assert raw.dbsize() == 0
