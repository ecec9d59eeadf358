"""Redis' access control, deploy/redis/users.acl: each user can do all its work, and no more."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import re
import subprocess
import sys
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis
from celery import Celery

from config.settings import load_settings
from depeche.article import JobState
from depeche.async_redis import connect_async
from depeche.client import Client
from depeche.errors import UnknownJob
from depeche.jobs import MARK_S
from depeche.notify.place import Place
from tests.conftest import Command, StartWorker, wait_until
from tests.integration.acl_forbidden import forbidden
from tests.integration.conftest import MAKE_ACL, SecuredRedis
from worker.embedded_redis import free_port

pytestmark = pytest.mark.integration

USERS = ("producer", "worker", "monitor", "operator", "notifier")
TEXT = "La gare a fermé lundi."
ENGLISH = "[fr→en] La gare a fermé lundi."


@pytest.fixture
def producer(secured: SecuredRedis) -> Iterator[Client]:
    """Our client, logged in as producer."""
    with Client(load_settings(redis_url=secured.url("producer"))) as client:
        yield client


@pytest.fixture
def elsewhere(secured: SecuredRedis) -> Iterator[Celery]:
    """Another project's Celery client, logged in as producer."""
    url = secured.url("producer")
    app = Celery("elsewhere", broker=url, backend=url, set_as_current=False)
    yield app
    # AsyncResults talk to Redis once more when they are collected, so that must be while it is there.
    gc.collect()
    app.close()


def test_an_articles_way(secured: SecuredRedis, elsewhere: Celery, start_worker: StartWorker, depeche: Command) -> None:
    """Submitted, cancelled, waited for and fetched by command, by Celery and by plain Redis; nobody is refused."""

    def ask(*arguments: str, stdin: str = "") -> str:
        done = depeche(*arguments, stdin=stdin, DEPECHE_REDIS_URL=secured.url("producer"))
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    cancelled, keyed = ask("submit", "-", stdin=TEXT), ask("submit", "-", "--key", "afp-1", stdin=TEXT)
    assert ask("submit", "-", "--key", "afp-1", stdin=TEXT) == keyed
    careful = {"DEPECHE_REDIS_URL": secured.url("producer"), "DEPECHE_MIN_REPLICAS": "1"}
    assert "0 replicas have it" in depeche("submit", "-", "--key", "afp-1", stdin=TEXT, **careful).stderr
    ask("submit", "-", "--batch", "lundi", stdin=TEXT)
    assert ask("batch", "lundi").startswith("0 of 1 articles have ended")
    ask("cancel", cancelled)
    assert json.loads(ask("status", cancelled))["state"] == "cancelled"
    address = f"127.0.0.1:{free_port()}"
    worker_has = {"DEPECHE_REDIS_URL": secured.url("worker"), "DEPECHE_METRICS_ADDR": address}
    worker = start_worker(DEPECHE_CACHE_SENTENCES="2", **worker_has).wait_ready()
    # Quiet, as else it would ask for workers after some seconds, which Redis 6.2 refuses and logs.
    assert ENGLISH in ask("wait", keyed, "--timeout", "40", "--quiet")
    assert json.loads(ask("result", keyed, "--format", "json"))["text_en"] == ENGLISH
    # More sentences than the cache may keep, so that a generation goes.
    assert ask("submit", "-", "--priority", "high", "--wait", stdin="\n\n".join(f"Phrase {n}." for n in range(9)))
    sent = elsewhere.send_task("depeche.process_article", args=[{"text": TEXT}], queue="articles")
    assert sent.get(timeout=40)["text_en"] == ENGLISH
    by_hand = str(uuid.uuid4())
    delivery = {"correlation_id": by_hand, "delivery_tag": by_hand}
    message = {
        "headers": {"task": "depeche.process_article", "id": by_hand},
        "body": json.dumps([[{"text": TEXT}], {}, {}]),
        **{"content-type": "application/json", "content-encoding": "utf-8"},
        "properties": delivery | {"delivery_info": {"exchange": "", "routing_key": "articles.low"}},
    }
    secured.raw("producer").lpush("articles.low", json.dumps(message))
    wait_until(lambda: json.loads(ask("status", by_hand))["state"] == "succeeded", "sent by hand")
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=30) as page:
        assert "depeche_redis_up 1.0" in page.read().decode()
    doctor = [sys.executable, "-m", "worker", "doctor"]
    found = subprocess.run(doctor, env=os.environ | worker_has, capture_output=True, text=True, timeout=60)
    assert "does not let" not in found.stdout + found.stderr
    assert "no other Celery app" in found.stdout + found.stderr
    wait_until(lambda: "the batch ended" in ask("batch", "lundi"), "the batch has ended")
    assert worker.stop() == 0, worker.log
    assert secured.refused() == []


def test_what_others_queue_is_cancelled_without_being_seen(
    secured: SecuredRedis, producer: Client, elsewhere: Celery, start_worker: StartWorker
) -> None:
    """A producer may not read the queues, so it is told that the job ends when a worker takes it; and so it does."""
    sent = elsewhere.send_task("depeche.process_article", args=[{"text": TEXT}], queue="articles")
    assert producer.status(sent.id).state is JobState.UNKNOWN
    with pytest.raises(UnknownJob, match="may not look for its message"):
        producer.cancel(sent.id)
    assert secured.admin.ttl(f"depeche:job:{sent.id}") > MARK_S
    worker = start_worker(DEPECHE_REDIS_URL=secured.url("worker")).wait_ready()
    assert sent.get(timeout=40, propagate=False).args[0] == "the job was cancelled"
    assert producer.status(sent.id).state is JobState.CANCELLED
    assert worker.stop() == 0, worker.log
    # Whoever may read the queues sees it; here with a worker's password.
    with Client(load_settings(redis_url=secured.url("worker"))) as trusted:
        seen = elsewhere.send_task("depeche.process_article", args=[{"text": TEXT}], queue="articles")
        assert trusted.status(seen.id).state is JobState.QUEUED
        assert trusted.cancel(seen.id).state is JobState.CANCELLED
    assert secured.refused() == []


def test_celerys_own_tools_have_a_workers_rights(secured: SecuredRedis, start_worker: StartWorker) -> None:
    """Flower, and inspect, ask workers and lists of Celery's own priorities, and nobody is refused."""
    worker = start_worker(DEPECHE_REDIS_URL=secured.url("worker"), DEPECHE_METRICS_ADDR="none").wait_ready()
    with Celery("tool", broker=secured.url("worker"), set_as_current=False) as app:
        (queues,) = wait_until(lambda: app.control.inspect(timeout=2).active_queues(), "the worker answers").values()
    assert [queue["name"] for queue in queues] == ["articles.high", "articles", "articles.low"]
    for name in ("articles", "articles.high", "articles.low"):
        assert secured.raw("worker").llen(f"{name}\x06\x163") == 0
    assert worker.stop() == 0, worker.log
    assert secured.refused() == []


def test_what_dies_comes_back(
    secured: SecuredRedis, producer: Client, start_worker: StartWorker, depeche: Command
) -> None:
    """Lost messages, killed and stopped workers, retries and dead letters need no right that a user lacks."""
    worker_has = {"DEPECHE_REDIS_URL": secured.url("worker"), "DEPECHE_LEASE_S": "3", "DEPECHE_GRACE_S": "0"}
    lost = producer.submit(TEXT)
    secured.admin.delete("articles")
    first = start_worker(**worker_has).wait_ready()
    assert producer.wait(lost, timeout_s=60).text_en == ENGLISH
    long = producer.submit("Une phrase. echo:sleep=2 " + "Une autre. " * 40)
    wait_until(lambda: producer.status(long).state is JobState.RUNNING, "running")
    first.process.kill()
    second = start_worker(**worker_has).wait_ready()
    wait_until(lambda: producer.status(long).attempts == 2, "running elsewhere")
    assert second.stop() == 0, second.log
    assert "handed back" in second.log
    third = start_worker(DEPECHE_MAX_ATTEMPTS="2", **worker_has).wait_ready()
    assert producer.wait(long, timeout_s=60).id == long
    dead = producer.submit("Une phrase. echo:overload")
    wait_until(lambda: producer.status(dead).state is JobState.DEAD, "tried twice")

    def operate(*arguments: str) -> str:
        done = depeche("dead", *arguments, DEPECHE_REDIS_URL=secured.url("operator"))
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    assert json.loads(operate("list"))["id"] == dead
    assert "echo:overload" in operate("show", dead)
    assert operate("retry", dead) == dead
    wait_until(lambda: producer.status(dead).state is JobState.DEAD, "dead once more")
    assert operate("drop", dead) == dead
    assert producer.status(dead).state is JobState.UNKNOWN
    assert third.stop() == 0, third.log
    assert secured.refused() == []


def test_celerys_own_command(secured: SecuredRedis, producer: Client, start_worker: StartWorker) -> None:
    """Workers that greet each other and send events, as Celery's do by themselves, may do that too."""
    command = [str(Path(sys.executable).with_name("celery")), "-A", "worker", "worker"]
    workers = [start_worker(*command, "-n", name, DEPECHE_REDIS_URL=secured.url("worker")) for name in ("a", "b")]
    assert producer.wait(producer.submit(TEXT), timeout_s=60).text_en == ENGLISH
    for worker in workers:
        worker.wait_ready()
        assert worker.stop() == 0, worker.log
    assert secured.refused() == []


def test_a_relay(secured: SecuredRedis, producer: Client) -> None:
    """It makes its group, learns its place, takes events and confirms them, and nobody is refused."""

    async def relay() -> list[str]:
        client = connect_async(secured.url("notifier"))
        place = Place(client, "notify:test")
        await place.open("0")
        task_id = producer.submit(TEXT)
        producer.cancel(task_id)
        assert not await place.behind()
        events = await place.read(">", 10, 2000)
        for event in events:
            await place.confirm(event.entry_id)
        assert await place.read("0", 10) == []
        await client.aclose()
        return [event.fields["id"] for event in events if event.fields["id"] == task_id]

    assert len(asyncio.run(relay())) == 1
    assert secured.refused() == []


def test_counting(secured: SecuredRedis, producer: Client, depeche: Command) -> None:
    """Monitors and operators may count; so may producers with Redis 7, without a right to delete the dead."""
    producer.submit(TEXT)
    for user in ("monitor", "operator"):
        done = depeche("stats", "--json", DEPECHE_REDIS_URL=secured.url(user))
        assert json.loads(done.stdout)["queued"]["normal"] == 1, done.stderr
    assert secured.raw("monitor").info("memory")["used_memory"] > 0
    assert secured.raw("monitor").hlen("unacked") == 0
    assert secured.refused() == []
    done = depeche("stats", DEPECHE_REDIS_URL=secured.url("producer"))
    assert done.returncode == (6 if secured.version == "6.2" else 0), done.stderr
    assert ("permissions" in done.stderr) == (secured.version == "6.2")


@pytest.mark.parametrize("user", USERS)
def test_no_more_than_that(secured: SecuredRedis, user: str) -> None:
    """Each of these commands is refused for want of permission, whatever it would otherwise have answered."""
    allowed = []
    for command in forbidden(user, redis_7=secured.version != "6.2"):
        # A connection each: a subscription that were allowed would change what the next command means.
        with secured.raw(user) as raw:
            try:
                answer = raw.execute_command(*command)
            except redis.exceptions.NoPermissionError:
                continue
            except redis.RedisError as error:
                answer = error
            allowed.append((command, answer))
    assert allowed == []


@pytest.mark.parametrize("user", ["producer", "worker", "operator"])
def test_a_script_is_no_way_round(secured: SecuredRedis, user: str) -> None:
    """A script of the user's own may do what the user may, and nothing else."""
    secured.admin.set("other", "secret")
    with secured.raw(user) as raw:
        for command in ("'GET', 'other'", "'KEYS', '*'", "'CONFIG', 'GET', 'dir'", "'FLUSHALL'"):
            script = raw.script_load(f"return redis.call({command})")
            with pytest.raises(redis.ResponseError, match=r"can't|permission|not allowed from script"):
                raw.evalsha(str(script), 0)
    assert secured.admin.get("other") == "secret"


def test_nobody_comes_in_without_a_password(secured: SecuredRedis) -> None:
    """The default user is off, for reading and writing alike."""
    where = urlsplit(secured.url("producer"))
    with (
        redis.Redis(port=where.port or 0) as nobody,
        pytest.raises(redis.exceptions.AuthenticationError),
    ):
        nobody.get("articles")
    wrong = secured.url("producer").replace("producer:", "producer:wrong")
    with redis.Redis.from_url(wrong) as guessing, pytest.raises(redis.exceptions.AuthenticationError):
        guessing.llen("articles")


def test_passwords_are_made_once_and_written_as_hashes(tmp_path: Path) -> None:
    """The aclfile holds no password; the same folder gives the same file; a short password is refused."""

    def make() -> subprocess.CompletedProcess[str]:
        return subprocess.run([str(MAKE_ACL), "7.2", str(tmp_path)], capture_output=True, text=True, timeout=20)

    first = make()
    assert (first.returncode, make().stdout) == (0, first.stdout)
    assert {file.name for file in tmp_path.iterdir()} == set(USERS)
    passwords = [file.read_text() for file in tmp_path.iterdir()]
    assert len(set(passwords)) == len(USERS)
    assert not any(password in first.stdout for password in passwords)
    assert [file.stat().st_mode & 0o077 for file in tmp_path.iterdir()] == [0] * len(USERS)
    (tmp_path / "worker").write_text("short")
    assert (make().returncode, "16 characters" in make().stderr) == (2, True)


def test_workers_may_do_what_their_scripts_do() -> None:
    """Each command of each script is among the worker's: one that is new there must be added here too."""
    (worker,) = re.findall(r"^user worker .*?(?=^user)", MAKE_ACL.with_name("users.acl").read_text(), re.DOTALL | re.M)
    scripts = "".join(
        file.read_text() for file in sorted((MAKE_ACL.parents[2] / "client" / "depeche" / "lua").glob("*.lua"))
    )
    used = {command.lower() for command in re.findall(r"redis\.p?call\('(\w+)'", scripts)}
    assert len(used) > 20
    assert used - set(re.findall(r"\+(\w+)", worker)) == set()
