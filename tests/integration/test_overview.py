"""depeche top, list and stats --watch on a real Redis, with real workers and on a real terminal."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from fcntl import ioctl
from pathlib import Path
from typing import Any

import pytest
import redis

from config.settings import Settings
from depeche import listing
from depeche.article import JobError, JobState
from depeche.client import Client
from depeche.errors import RedisUnavailable
from depeche.listing import LISTED_STATES, ListedState
from depeche.overview import MOST_SHOWN, About, look
from depeche.redis_client import connect
from tests.conftest import Command, StartWorker, wait_until
from worker.embedded_redis import free_port
from worker.ledger import RedisLedger

pytestmark = pytest.mark.integration

TEXT = "Le phare rouvre samedi."
ERROR = JobError(code="too_long", message="It is too long.")
Prepare = Callable[[RedisLedger, str, int], object]


@pytest.fixture
def ledger(raw: redis.Redis) -> RedisLedger:
    """What a worker does with jobs."""
    return RedisLedger(raw, ttl_s=60)


def started(ledger: RedisLedger, task_id: str) -> int:
    """A job in work; its fencing token."""
    claim = ledger.claim(task_id, "atelier:1:aa", task_id, lease_s=60, max_attempts=3, alone=True)
    assert claim.outcome == "started"
    return claim.token


def end_as(state: JobState) -> Prepare:
    """Ends a job in work with an error."""
    return lambda ledger, task_id, token: ledger.end(task_id, token, "c", state, "TooLong", ERROR)


#: What is done to a job in work, so that it is listed under a state; None: it was never begun.
STATES: dict[ListedState, Prepare | None] = {
    "queued": None,
    "running": lambda *_: None,
    "delayed": lambda ledger, task_id, token: ledger.release(task_id, token, "c", counts=True, delay_s=50),
    "succeeded": lambda ledger, task_id, token: ledger.succeed(task_id, token, "c", {"text_en": "It opens."}),
    "failed": end_as(JobState.FAILED),
    "dead": end_as(JobState.DEAD),
    "cancelled": end_as(JobState.CANCELLED),
}


def one_of_each(client: Client, ledger: RedisLedger) -> dict[str, str]:
    """A job in each state, by state."""
    jobs = dict[str, str]()
    for state, prepare in STATES.items():
        jobs[state] = client.submit(TEXT, batch="lundi")
        if prepare:
            prepare(ledger, jobs[state], started(ledger, jobs[state]))
    return jobs


def test_each_state_has_its_jobs(client: Client, ledger: RedisLedger, depeche: Command) -> None:
    """Each list has the one job that is in that state, by Python and by command, and says what it knows of it."""
    jobs = one_of_each(client, ledger)
    assert set(STATES) == set(LISTED_STATES)
    for state, task_id in jobs.items():
        (found,) = client.jobs(state).jobs  # type: ignore[arg-type]  # the keys are states
        assert (found.id, found.batch) == (task_id, "lundi")
        done = depeche("list", "--state", state, "--json")
        (line,) = map(json.loads, done.stdout.splitlines())
        assert (line["id"], done.returncode) == (task_id, 0)
        assert line["at"].endswith("+00:00")
        assert task_id in depeche("list", "--state", state).stdout
    (running,) = client.jobs("running").jobs
    assert (running.worker, running.attempts, running.lost) == ("atelier:1:aa", 1, False)
    assert running.progress is not None
    (delayed,) = client.jobs("delayed").jobs
    assert delayed.seconds is not None
    assert -50 <= delayed.seconds < 0
    assert client.jobs("failed").jobs[0].code == client.jobs("dead").jobs[0].code == "too_long"


def test_the_order_and_the_limit(
    client: Client, ledger: RedisLedger, depeche: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those whose turn it is come first, ended ones latest first over many pages, and what is left out is counted."""
    monkeypatch.setattr(listing, "PAGE", 4)
    queued = [client.submit(TEXT, priority=priority) for priority in ("low", "normal", "high", "high")]
    in_turn = [queued[2], queued[3], queued[1], queued[0]]
    assert [job.id for job in client.jobs("queued").jobs] == in_turn
    cut = client.jobs("queued", limit=3)
    assert ([job.id for job in cut.jobs], cut.more, cut.complete) == (in_turn[:3], 1, False)
    assert "1 more are queued: raise --limit" in depeche("list", "--state", "queued", "--limit", "3").stderr
    failed = [client.submit(TEXT) for _ in range(11)]
    for task_id in failed:
        ledger.end(task_id, started(ledger, task_id), "c", JobState.FAILED, "TooLong", ERROR)
    for limit in (1, 4, 8, 10):
        found = client.jobs("failed", limit)
        assert ([job.id for job in found.jobs], found.complete) == (failed[::-1][:limit], False)
    everything = client.jobs("failed", 12)
    assert ([job.id for job in everything.jobs], everything.complete) == (failed[::-1], True)
    assert everything.known_since is not None


def test_what_is_so_no_more_is_not_listed(client: Client, ledger: RedisLedger, raw: redis.Redis) -> None:
    """A dead job that was queued again, one whose record is gone, and an id that ended twice; events alone are kept."""
    jobs = one_of_each(client, ledger)
    client.retry_dead(jobs["dead"])
    assert client.jobs("dead").jobs == []
    raw.delete(f"depeche:job:{jobs['failed']}", f"depeche:job:{jobs['running']}")
    assert [(job.id, job.code) for job in client.jobs("failed").jobs] == [(jobs["failed"], "too_long")]
    assert client.jobs("running").jobs == []
    again = started(ledger, jobs["dead"])
    ledger.end(jobs["dead"], again, "c2", JobState.DEAD, "TooLong", ERROR)
    assert [job.id for job in client.jobs("dead").jobs] == [jobs["dead"]]
    raw.xadd("depeche:events", {"id": jobs["failed"], "state": "failed"})
    assert [job.id for job in client.jobs("failed").jobs] == [jobs["failed"]]


def test_hostile_records_and_events(client: Client, ledger: RedisLedger, raw: redis.Redis, depeche: Command) -> None:
    """Whatever another program has written, each command answers, and sends no control character."""
    one_of_each(client, ledger)
    spoilt: dict[Any, Any] = {"started_at": "nan", "progress": "{", "attempts": "x"}
    for name, record in (("\x1b[2J", {"state": "running", "worker": "\x1b]0;x\x07"}), ("b\xff", {"state": "running"})):
        raw.hset(f"depeche:job:{name}", mapping=spoilt | record)
        raw.zadd("depeche:running", {name: 9e15})
    raw.hset("depeche:job:c", mapping={"state": "running", "started_at": "1e300", "attempts": "1"})
    raw.set("depeche:job:d", "a text")
    raw.zadd("depeche:running", {"c": 1, "d": float("inf"), "e": float("-inf")})
    raw.zadd("depeche:workers", {"\x1b[31m": 9e15})
    raw.zadd("depeche:delayed", {"c": 1e300})
    for fields in ({"x": "y"}, {"id": "\x1b[2J", "state": "failed", "code": "\x1b"}, {"id": "f", "state": ""}):
        raw.xadd("depeche:events", fields)  # type: ignore[arg-type]  # it takes any texts
    for arguments in (("top",), ("top", "--json"), *(("list", "--state", state) for state in LISTED_STATES)):
        done = depeche(*arguments)
        assert done.returncode == 0, done.stderr
        sent = {character for character in done.stdout + done.stderr if not character.isprintable()} - {"\n"}
        assert sent == set(), arguments
    assert "\\x1b[2J" in depeche("list", "--state", "running").stdout
    assert "\\x1b]0;x" in depeche("list", "--state", "running").stdout
    for key in [*raw.keys("depeche:job:*"), "depeche:running", "depeche:workers", "depeche:delayed"]:
        raw.expire(str(key), 60)


def test_a_key_of_another_type(client: Client, raw: redis.Redis) -> None:
    """It is named as what it is, and a worker sets it aside."""
    raw.set("depeche:events", "a text", ex=60)
    for ask in (client.overview, lambda: client.jobs("failed")):
        with pytest.raises(RedisUnavailable, match="of another type"):
            ask()


def test_a_look_is_bounded(client: Client, raw: redis.Redis) -> None:
    """However much runs and has ended: fifty jobs, a thousand events, and how many more there are."""
    with raw.pipeline() as pipe:
        for number in range(3000):
            pipe.zadd("depeche:running", {f"job-{number}": 9e9 + number})
            pipe.zadd("depeche:workers", {f"worker-{number:04}": 9e9})
            pipe.xadd("depeche:events", {"id": f"job-{number}", "state": "failed", "code": "too_long"})
        for number in range(MOST_SHOWN + 10):
            pipe.hset(f"depeche:job:job-{number}", mapping={"state": "running", "worker": f"worker-{number:04}"})
            pipe.expire(f"depeche:job:job-{number}", 60)
        for key in ("depeche:running", "depeche:workers", "depeche:events"):
            pipe.expire(key, 60)
        pipe.execute()
    found = client.overview()
    assert (len(found.jobs), found.in_work, len(found.workers)) == (MOST_SHOWN, 3000, MOST_SHOWN)
    assert found.stats.workers == 3000
    assert (found.ends.count, found.ends.codes) == (1000, {"too_long": 1000})


ABOUT = About(translation="opus-mt-fr-en", summary=None, cache_hits=3, cache_misses=1)


def test_what_workers_tell_of_themselves(client: Client, ledger: RedisLedger, raw: redis.Redis) -> None:
    """It ends with the worker, or with its lease. What is not known, or is none, stands as null."""
    ledger.renew("a", 60, [], ABOUT.model_dump_json())
    ledger.renew("b", 60, [])
    ledger.renew("c", 60, [], "{}")
    ledger.renew("d", 60, [], ABOUT.model_dump_json())
    raw.delete("depeche:about:d")
    raw.lpush("depeche:about:d", "a list")
    raw.expire("depeche:about:d", 60)
    assert {worker.name: worker.about for worker in client.overview().workers} == dict.fromkeys("bcd") | {"a": ABOUT}
    assert 50_000 < int(raw.pttl("depeche:about:a")) <= 60_000
    for name in "abcd":
        ledger.retire(name)
    assert (client.overview().workers, raw.keys("depeche:about:*")) == ([], [])


def test_leases_are_renewed_with_an_older_aclfile(settings: Settings, raw: redis.Redis) -> None:
    """A worker that may not tell of itself, and an operator that may not read it, do all else."""
    allowed = ["depeche:[wjred]*", "articles*"]
    raw.acl_setuser("older", enabled=True, nopass=True, keys=allowed, commands=["+@all"])
    own = connect(re.sub(r"//[^@]*@", "//older:any@", settings.redis_url.get_secret_value()))
    try:
        ledger = RedisLedger(own, ttl_s=60)
        ledger.renew("a", 60, [], ABOUT.model_dump_json())
        assert [(worker.name, worker.about) for worker in look(own, ledger).workers] == [("a", None)]
        ledger.retire("a")
        assert look(own, ledger).workers == []
    finally:
        own.close()
        raw.acl_deluser("older")


class Terminal:
    """A command on a terminal of 100 columns and 30 rows."""

    def __init__(self, url: str, *arguments: str) -> None:
        self._ours, self._theirs = pty.openpty()
        ioctl(self._theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        self.settings_before = termios.tcgetattr(self._theirs)
        command = [str(Path(sys.executable).with_name("depeche")), *arguments]
        environment = os.environ | {"DEPECHE_REDIS_URL": url, "TERM": "xterm"}
        self.process = subprocess.Popen(
            command, env=environment, stdin=self._theirs, stdout=self._theirs, stderr=self._theirs
        )
        self.sent = ""

    def see(self, text: str, within_s: float = 40) -> bool:
        """Whether this comes to be sent; what was sent before is looked at no more."""
        until, start = time.monotonic() + within_s, len(self.sent)
        while time.monotonic() < until:
            if text in self.sent[start:]:
                return True
            if select.select([self._ours], [], [], 0.2)[0]:
                with suppress(OSError):
                    self.sent += os.read(self._ours, 65_536).decode(errors="replace")
        return False

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._ours, keys.encode())

    def end(self) -> int:
        """The exit status, once it is there."""
        self.see("\x1b[?1049l", 20)
        return self.process.wait(20)

    @property
    def is_restored(self) -> bool:
        """Whether the screen is the one of before, with its cursor, and keys are shown again."""
        modes = re.findall(r"\x1b\[\?(1049|25|7)([hl])", self.sent)
        last = dict(modes)
        return last == {"1049": "l", "25": "h", "7": "h"} and termios.tcgetattr(self._theirs) == self.settings_before

    def close(self) -> None:
        """Let it go."""
        with suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait(20)
        os.close(self._ours)
        os.close(self._theirs)


@pytest.fixture
def terminal(settings: Settings) -> Iterator[Callable[..., Terminal]]:
    """Starts a command on a terminal of its own."""
    opened: list[Terminal] = []

    def start(*arguments: str, url: str = "") -> Terminal:
        opened.append(Terminal(url or settings.redis_url.get_secret_value(), *arguments))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


def test_top_follows_a_worker(client: Client, start_worker: StartWorker, terminal: Callable[..., Terminal]) -> None:
    """It shows the worker, what it works on, and its end; q ends it, and the terminal is as it was."""
    worker = start_worker().wait_ready()
    screen = terminal("top")
    assert screen.see("1 worker alive")
    task_id = client.submit("Une halle rouvre. echo:sleep=4 " + "Une phrase. " * 10)
    assert screen.see(task_id)
    assert screen.see("translate")
    client.cancel(task_id)
    assert screen.see("1 cancelled")
    assert screen.see("idle")
    screen.press("x")
    screen.press("q")
    assert (screen.end(), screen.is_restored) == (0, True), screen.sent[-500:]
    assert worker.stop() == 0, worker.log


@pytest.mark.parametrize(
    ("stop", "status"),
    [
        (lambda screen: screen.process.send_signal(signal.SIGINT), 130),
        (lambda screen: screen.process.send_signal(signal.SIGTERM), 143),
        (lambda screen: screen.press("Q"), 0),
    ],
)
def test_the_terminal_is_restored(
    client: Client, terminal: Callable[..., Terminal], stop: Callable[[Terminal], None], status: int
) -> None:
    """However it ends."""
    assert client.stats().workers == 0
    screen = terminal("top")
    assert screen.see("q: quit")
    stop(screen)
    assert (screen.end(), screen.is_restored) == (status, True), screen.sent[-500:]


def test_stopped_and_gone_on(terminal: Callable[..., Terminal]) -> None:
    """Ctrl-Z gives the terminal back, and fg takes it again."""
    screen = terminal("top")
    assert screen.see("q: quit")
    screen.process.send_signal(signal.SIGTSTP)
    assert screen.see("\x1b[?1049l")
    wait_until(lambda: screen.is_restored, "the terminal is given back")
    screen.process.send_signal(signal.SIGCONT)
    assert screen.see("\x1b[?1049h")
    assert screen.see("q: quit")
    screen.press("q")
    assert (screen.end(), screen.is_restored) == (0, True)


def test_top_outlives_a_redis_that_is_away(settings: Settings, terminal: Callable[..., Terminal]) -> None:
    """It says so on the screen, q is heard meanwhile, and it shows the counts again when Redis is back."""
    admin = redis.Redis.from_url(settings.redis_url.get_secret_value())
    screen = terminal("top")
    assert screen.see("q: quit")
    admin.client_pause(6000)
    assert screen.see("Redis has not answered for")
    assert screen.see("\x1b[H\x1b[1mdepeche top")
    screen.press("q")
    assert (screen.end(), screen.is_restored) == (0, True)
    admin.client_unpause()
    admin.close()


def test_without_a_terminal(client: Client, depeche: Command) -> None:
    """One look without colours or movements, and one line each time of stats --watch, until Ctrl-C."""
    client.submit(TEXT)
    done = depeche("top")
    assert (done.returncode, done.stdout.startswith("depeche top")) == (0, True), done.stderr
    assert "normal 1, oldest" in done.stdout
    assert "\x1b" not in done.stdout
    assert json.loads(depeche("top", "--json").stdout)["stats"]["queued"]["normal"] == 1


@pytest.mark.parametrize("as_json", [True, False])
def test_watching_the_counts(client: Client, settings: Settings, as_json: bool) -> None:
    """A line each time, as text or as JSON with the time, until Ctrl-C."""
    client.submit(TEXT)
    command = [str(Path(sys.executable).with_name("depeche")), "stats", "--watch", "0.1", *(["--json"] * as_json)]
    environment = os.environ | {"DEPECHE_REDIS_URL": settings.redis_url.get_secret_value(), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as watch:
        assert watch.stdout is not None
        lines = [watch.stdout.readline() for _ in range(3)]
        watch.send_signal(signal.SIGINT)
        _, stderr = watch.communicate(timeout=20)
    assert (watch.returncode, stderr) == (130, "depeche: stopped by Ctrl-C\n")
    for line in lines:
        found: Any = json.loads(line) if as_json else line
        assert (found["queued"]["normal"] if as_json else " queued.normal=1 " in found) == 1
        assert "at" in found if as_json else re.match(r"\d{4}-\d\d-\d\dT", found)


def test_the_counts_on_a_terminal(client: Client, terminal: Callable[..., Terminal]) -> None:
    """They are drawn over those of before, and Ctrl-C ends it."""
    screen = terminal("stats", "--watch", "0.2")
    assert screen.see("queued, normal  0")
    client.submit(TEXT)
    assert screen.see("queued, normal  1")
    assert re.search(r"\x1b\[7A\r\x1b\[Jqueued, high", screen.sent)
    screen.press("\x03")
    screen.process.send_signal(signal.SIGINT)
    assert screen.process.wait(20) == 130


def test_no_redis(terminal: Callable[..., Terminal], depeche: Command) -> None:
    """Without one from the beginning, no screen is taken: one line says so."""
    nowhere = f"redis://127.0.0.1:{free_port()}/0"
    for arguments in (("list",), ("top",), ("stats", "--watch")):
        done = depeche(*arguments, DEPECHE_REDIS_URL=nowhere)
        assert (done.returncode, done.stdout) == (6, "")
    screen = terminal("top", url=nowhere)
    assert screen.see("redis_unavailable")
    assert screen.process.wait(20) == 6
    assert "\x1b[?1049h" not in screen.sent
