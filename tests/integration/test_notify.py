"""``depeche notify`` to a real HTTP server: each event comes, signed, whatever the server, Redis and the relay do."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import redis

from config.settings import load_settings
from depeche.client import Client
from depeche.notify.event import Event
from depeche.notify.relay import Relay
from depeche.notify.webhook import Answer
from tests.conftest import Command, wait_until
from worker.embedded_redis import EmbeddedRedis, free_port

standardwebhooks = pytest.importorskip("standardwebhooks")
pytest.importorskip("httpx2")

pytestmark = pytest.mark.integration

SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two letters..").decode()
OTHER = "whsec_" + base64.b64encode(b"another one of thirty-two letter").decode()
TEXT = "Le moulin tourne à nouveau."
#: What a receiver does with a request, by its number from 1 on: a status, or None to leave it without an answer.
Behaviour = Callable[[int], int | None]


class QuietServer(ThreadingHTTPServer):
    """It says nothing of connections that a killed relay has left."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """As ``socketserver`` has it."""


class Receiver:
    """A real HTTP server that notes each webhook that it takes, and those whose signature is wrong."""

    def __init__(self, behaviour: Behaviour = lambda number: 204) -> None:
        self.behaviour = behaviour
        self.port = free_port()
        self.requests = 0
        self.taken: list[dict[str, Any]] = []
        self.ids: list[str] = []
        self.unsigned = 0
        self.retry_after = ""
        self._released = threading.Event()
        self._lock = threading.Lock()
        self._server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        """Where it takes webhooks."""
        return f"http://127.0.0.1:{self.port}/hook"

    def start(self) -> Receiver:
        """Answer from now on."""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                if len(body) < int(self.headers["content-length"]):
                    # The relay was killed while it sent.
                    return
                status = receiver.take(body, dict(self.headers.items()))
                if status is None:
                    receiver._released.wait(60)
                    self.close_connection = True
                    return
                self.send_response(status)
                if receiver.retry_after:
                    self.send_header("retry-after", receiver.retry_after)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nobody reads it."""

        self._server = QuietServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Nobody listens on the port any more."""
        assert self._server
        self._released.set()
        self._server.shutdown()
        self._server.server_close()

    def take(self, body: bytes, headers: dict[str, str]) -> int | None:
        """Note a webhook, if it is to be taken. Returns what to answer."""
        with self._lock:
            self.requests += 1
            status = self.behaviour(self.requests)
            try:
                event = standardwebhooks.Webhook(SECRET).verify(body, headers)
            except standardwebhooks.WebhookVerificationError:
                self.unsigned += 1
                return 401
            if status is not None and 200 <= status < 300:
                self.taken.append(event)
                self.ids.append({name.lower(): value for name, value in headers.items()}["webhook-id"])
            return status


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """It answers already."""
    server = Receiver().start()
    yield server
    server.stop()


class RelayProcess:
    """A real ``depeche notify``."""

    def __init__(self, redis_url: str, url: str, folder: Path, *options: str, secret: str = SECRET) -> None:
        self._log = folder / f"relay {len(list(folder.iterdir()))}.log"
        environment = os.environ | {"DEPECHE_REDIS_URL": redis_url, "DEPECHE_WEBHOOK_SECRET": secret}
        command = [str(Path(sys.executable).with_name("depeche")), "notify", "--url", url, *options]
        with self._log.open("wb") as output:
            self.process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)

    @property
    def log(self) -> str:
        """All that it has said so far."""
        return self._log.read_text()

    def wait_ready(self) -> RelayProcess:
        """Wait until its place in the stream is open."""
        wait_until(lambda: "events are relayed" in self.log or self.process.poll() is not None, "the relay runs")
        assert self.process.poll() is None, self.log
        return self

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        """End it in order. Returns its exit status."""
        self.process.send_signal(by)
        return self.process.wait(30)


StartRelay = Callable[..., RelayProcess]


@pytest.fixture
def start_relay(client: Client, tmp_path: Path) -> Iterator[StartRelay]:
    """Starts relays on the test's own Redis, and kills what is left of them."""
    relays: list[RelayProcess] = []

    def start(url: str, *options: str, redis_url: str = "", secret: str = SECRET) -> RelayProcess:
        address = redis_url or client._settings.redis_url.get_secret_value()
        relays.append(RelayProcess(address, url, tmp_path, *options, secret=secret))
        return relays[-1]

    yield start
    for relay in relays:
        relay.process.kill()
        relay.process.wait()


def cancelled(client: Client, count: int) -> list[str]:
    """So many jobs that have just ended."""
    ids = [done.task_id or "" for done in client.submit_many([TEXT] * count)]
    for task_id in ids:
        client.cancel(task_id)
    return ids


def test_what_a_receiver_gets(client: Client, raw: redis.Redis, receiver: Receiver, start_relay: StartRelay) -> None:
    """The event's fields as JSON, signed with each secret; SIGTERM ends the relay with status 0 and a count."""
    (old,) = cancelled(client, 1)
    relay = start_relay(receiver.url, secret=f"{OTHER} {SECRET}").wait_ready()
    task_id = client.submit(TEXT)
    raw.hset(f"depeche:job:{task_id}", "batch", "lundi")
    client.cancel(task_id)
    wait_until(lambda: len(receiver.taken) == 2, "it comes, and the end of its batch")
    (event,) = (event for event in receiver.taken if "id" in event["data"])
    at = float(str(raw.hget(f"depeche:job:{task_id}", "finished_at")))
    data = {"id": task_id, "state": "cancelled", "code": "cancelled", "batch": "lundi", "at": at}
    assert (event["type"], event["data"]) == ("job.cancelled", data)
    assert event["timestamp"].startswith("20")
    assert receiver.ids[0].startswith("depeche_1")
    assert relay.stop() == 0
    assert "2 events delivered in 2 requests, 0 given up, 0 lost" in relay.log
    assert old not in str(receiver.taken)
    assert receiver.unsigned == 0
    assert raw.xpending("depeche:events", raw.xinfo_groups("depeche:events")[0]["name"])["pending"] == 0


def test_from_the_start(client: Client, receiver: Receiver, start_relay: StartRelay) -> None:
    """The first time, all that the stream has; from then on its place counts, also while no relay runs."""
    first = cancelled(client, 3)
    relay = start_relay(receiver.url, "--from-start").wait_ready()
    wait_until(lambda: len(receiver.taken) == 3, "all come")
    assert relay.stop(signal.SIGINT) == 130
    meanwhile = cancelled(client, 2)
    start_relay(receiver.url, "--from-start").wait_ready()
    wait_until(lambda: len(receiver.taken) == 5, "what came meanwhile")
    assert sorted(event["data"]["id"] for event in receiver.taken) == sorted(first + meanwhile)


def test_each_url_has_its_own_place(client: Client, receiver: Receiver, start_relay: StartRelay) -> None:
    """Two receivers get every event each."""
    other = Receiver().start()
    for one in (receiver, other):
        start_relay(one.url).wait_ready()
    cancelled(client, 5)
    wait_until(lambda: len(receiver.taken) == len(other.taken) == 5, "all come to both")
    other.stop()


@pytest.mark.crash
def test_a_thousand_events_come_whatever_happens(
    client: Client, receiver: Receiver, start_relay: StartRelay, capsys: pytest.CaptureFixture[str]
) -> None:
    """A third of the requests fails, some hang, the receiver is away for ten seconds, and the relay is killed twice."""

    def behaviour(number: int) -> int | None:
        if number in {5, 50, 500}:
            return None
        return 500 if number % 3 == 0 else 200

    receiver.behaviour = behaviour
    relay = start_relay(receiver.url).wait_ready()
    ids = cancelled(client, 400)
    wait_until(lambda: len(receiver.taken) > 100, "some come")
    relay.process.kill()
    relay.process.wait()
    ids += cancelled(client, 300)
    relay = start_relay(receiver.url).wait_ready()
    wait_until(lambda: len(receiver.taken) > 300, "more come")
    receiver.stop()
    with pytest.raises(AssertionError):
        wait_until(lambda: False, "the receiver is away", timeout_s=10)
    ids += cancelled(client, 300)
    relay.process.kill()
    relay.process.wait()
    relay = start_relay(receiver.url).wait_ready()
    receiver.start()
    wait_until(lambda: {event["data"]["id"] for event in receiver.taken} == set(ids), "all have come", 120)
    wait_until(lambda: "takes events again" in relay.log, "it is said")
    assert relay.stop() == 0
    assert "0 given up, 0 lost" in relay.log
    counts = Counter(event["data"]["id"] for event in receiver.taken)
    doubled = sum(counts.values()) - len(ids)
    # Each kill may double what was taken and not confirmed yet: at most what is in a request, and what waits for Redis.
    assert doubled <= 2 * 500
    assert len(set(receiver.ids)) == len(ids), "an event has one webhook-id, however often it comes"
    assert receiver.unsigned == 0
    with capsys.disabled():
        sys.stdout.write(f"\n1000 events, {receiver.requests} requests, {doubled} doubled\n")


def test_redis_is_away(receiver: Receiver, start_relay: StartRelay) -> None:
    """The relay waits, goes on at its place, and says both."""
    with EmbeddedRedis("always") as server, Client(load_settings(redis_url=server.url)) as client:
        relay = start_relay(receiver.url, redis_url=server.url).wait_ready()
        cancelled(client, 2)
        wait_until(lambda: len(receiver.taken) == 2, "both come")
        server.kill()
        wait_until(lambda: "Redis does not answer" in relay.log, "it is said")
        server.start()
        cancelled(client, 3)
        wait_until(lambda: len(receiver.taken) == 5, "the others come")
        assert relay.log.count("Redis answers again") == 1
        assert relay.stop() == 0


def test_the_stream_is_deleted(client: Client, raw: redis.Redis, receiver: Receiver, start_relay: StartRelay) -> None:
    """What is in the next one is relayed from its first event on."""
    relay = start_relay(receiver.url).wait_ready()
    raw.delete("depeche:events")
    ids = cancelled(client, 3)
    wait_until(lambda: sorted(event["data"]["id"] for event in receiver.taken) == sorted(ids), "all come")
    assert "another one than before" in relay.log


def test_what_is_trimmed_is_said(client: Client, raw: redis.Redis, receiver: Receiver, start_relay: StartRelay) -> None:
    """An event that was given out and is gone, and events that were never given out."""
    receiver.behaviour = lambda number: 503
    relay = start_relay(receiver.url).wait_ready()
    cancelled(client, 2)
    wait_until(lambda: receiver.requests >= 2, "they are tried")
    relay.process.kill()
    relay.process.wait()
    cancelled(client, 2)
    raw.xtrim("depeche:events", maxlen=0, approximate=False)
    (last,) = cancelled(client, 1)
    receiver.behaviour = lambda number: 200
    relay = start_relay(receiver.url).wait_ready()
    wait_until(lambda: [event["data"]["id"] for event in receiver.taken] == [last], "the last comes")
    wait_until(lambda: relay.log.count("is lost") == 2, "each is named")
    assert "some may have been lost in between" in relay.log
    assert relay.stop() == 0
    assert "2 lost" in relay.log


def test_an_event_that_is_never_taken(
    client: Client, raw: redis.Redis, receiver: Receiver, start_relay: StartRelay
) -> None:
    """It is written to standard error after its time, whole, and the next ones are not held up."""
    receiver.behaviour = lambda number: 400
    relay = start_relay(receiver.url, "--give-up-after", "0.0001").wait_ready()
    (task_id,) = cancelled(client, 1)
    wait_until(lambda: "is given up: status 400" in relay.log, "it is given up")
    assert task_id in relay.log
    receiver.behaviour = lambda number: 200
    cancelled(client, 1)
    wait_until(lambda: len(receiver.taken) == 1, "the next one comes")


def test_a_receiver_that_is_gone(client: Client, raw: redis.Redis, receiver: Receiver, start_relay: StartRelay) -> None:
    """Status 410 ends the relay, and keeps its place."""
    receiver.behaviour = lambda number: 410
    relay = start_relay(receiver.url).wait_ready()
    (task_id,) = cancelled(client, 1)
    assert relay.process.wait(30) == 5
    assert "wants no more events" in relay.log
    receiver.behaviour = lambda number: 200
    start_relay(receiver.url).wait_ready()
    wait_until(lambda: [event["data"]["id"] for event in receiver.taken] == [task_id], "it comes after all")


def test_a_pause_that_the_receiver_asks_for(client: Client, receiver: Receiver, start_relay: StartRelay) -> None:
    """Status 429 with Retry-After: nothing comes before, and SIGTERM does not wait for it."""
    receiver.behaviour, receiver.retry_after = lambda number: 429, "3000"
    relay = start_relay(receiver.url).wait_ready()
    cancelled(client, 1)
    wait_until(lambda: receiver.requests == 1, "it is tried")
    with pytest.raises(AssertionError):
        wait_until(lambda: receiver.requests > 1, "it is tried again", timeout_s=2)
    assert relay.stop() == 0


def test_whatever_stands_in_the_stream(
    client: Client, raw: redis.Redis, receiver: Receiver, start_relay: StartRelay
) -> None:
    """Entries of anybody's, and a redirect to elsewhere, harm nothing."""
    relay = start_relay(receiver.url).wait_ready()
    for fields in (
        {"x": "y"},
        {"id": b"\xff", "at": "nan"},
        {"id": "a", "at": "1e300", "state": "<b>"},
        {b"\xff": "\x1b"},
    ):
        raw.xadd("depeche:events", fields)  # type: ignore[arg-type]  # also bytes
    (task_id,) = cancelled(client, 1)
    wait_until(lambda: len(receiver.taken) == 5, "all come")
    assert task_id in {event["data"].get("id") for event in receiver.taken}
    expected = ["batch.ended", "batch.ended", "job.<b>", "job.cancelled", "job.ended"]
    assert sorted(event["type"] for event in receiver.taken) == expected
    receiver.behaviour = lambda number: 302
    cancelled(client, 1)
    wait_until(lambda: "status 302" in relay.log, "a redirect is not followed")
    assert relay.stop() == 0


@pytest.mark.parametrize(
    ("options", "secret", "said"),
    [
        (["--url", "http://newsroom.example/hook"], SECRET, "use https://"),
        (["--url", "ftp://newsroom.example/hook"], SECRET, "https://host/path"),
        (["--url", "https:///hook"], SECRET, "https://host/path"),
        (["--url", "https://[::1/hook"], SECRET, "https://host/path"),
        (["--url", "https://a:b@newsroom.example/hook"], SECRET, "holds a password"),
        (["--url", "https://newsroom.example/hook"], "", "openssl rand"),
        (["--url", "https://newsroom.example/hook"], "whsec_c2hvcnQ=", "openssl rand"),
        (["--url", "https://newsroom.example/hook"], SECRET.removeprefix("whsec_"), "openssl rand"),
        (["--url", "https://newsroom.example/hook"], f"{SECRET} x", "openssl rand"),
        ([], SECRET, "--url"),
    ],
)
def test_what_is_refused(depeche: Command, options: list[str], secret: str, said: str) -> None:
    """With status 2 and what to do; no message shows a secret."""
    done = depeche("notify", *options, DEPECHE_WEBHOOK_SECRET=secret)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    assert not secret or secret not in done.stderr


def test_http_where_it_is_allowed(client: Client, start_relay: StartRelay) -> None:
    """A receiver that is not there is tried again, and the relay can be ended."""
    relay = start_relay("http://receiver.invalid/hook", "--allow-http").wait_ready()
    cancelled(client, 1)
    wait_until(lambda: "does not take events" in relay.log, "it is said")
    assert relay.stop() == 0


def test_no_redis(depeche: Command, receiver: Receiver) -> None:
    """It says so at once, with status 6."""
    url = f"redis://127.0.0.1:{free_port()}/0"
    done = depeche("notify", "--url", receiver.url, DEPECHE_WEBHOOK_SECRET=SECRET, DEPECHE_REDIS_URL=url)
    assert (done.returncode, "no usable Redis" in done.stderr) == (6, True)


def test_an_event_as_json(client: Client, raw: redis.Redis, receiver: Receiver, start_relay: StartRelay) -> None:
    """Of a batch too: its type is the batch's."""
    start_relay(receiver.url).wait_ready()
    raw.xadd("depeche:events", {"batch": "lundi", "state": "succeeded", "at": "1800000000.5"})
    wait_until(lambda: receiver.taken, "it comes")
    expected = {"batch": "lundi", "state": "succeeded", "at": 1_800_000_000.5, "code": None}
    assert receiver.taken == [
        {"type": "batch.succeeded", "timestamp": "2027-01-15T08:00:00.500+00:00", "data": expected}
    ]
    assert json.dumps(receiver.taken[0])


def test_a_fault_of_ours_ends_the_relay() -> None:
    """It is raised, and the event is not confirmed: nothing is left undone in silence."""

    class Broken:
        async def send(self, event: Event) -> Answer:
            raise ZeroDivisionError

    class OneEvent:
        confirmed = False

        async def behind(self) -> bool:
            return False

        async def read(self, after: str, count: int, block_ms: int | None = None) -> list[Event]:
            await asyncio.sleep(0)
            return [Event("1-1", {"id": "a"})] if after == ">" else []

        async def confirm(self, entry_id: str) -> None:
            self.confirmed = True

    async def run(place: OneEvent) -> None:
        relay = Relay(place, Broken(), give_up_s=60, parallel=1, tell=lambda line: None)  # type: ignore[arg-type]
        await relay.run()

    place = OneEvent()
    with pytest.raises(ZeroDivisionError):
        asyncio.run(run(place))
    assert not place.confirmed
