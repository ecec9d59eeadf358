"""What integration tests share: a Redis with the users of deploy/redis, and commands that go on meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import redis

from config.settings import Settings
from tests.servers import oldest, used
from worker.embedded_redis import SERVER_VARIABLE, EmbeddedRedis

MAKE_ACL = Path(__file__).parents[2] / "deploy" / "redis" / "make-acl"
#: What a client asks for though it may be refused, as nobody else can tell it whether it may read the queues.
SEARCHES = [("producer", "command", "lrange")]


Start = Callable[..., "subprocess.Popen[str]"]


class SecuredRedis:
    """A real redis-server with the users of deploy/redis, and an administrator for the test's own looks."""

    def __init__(self, server: EmbeddedRedis, version: str, passwords: Path) -> None:
        self._server = server
        self._passwords = passwords
        self.version = version
        self.admin = redis.Redis.from_url(server.url, decode_responses=True)

    def url(self, user: str) -> str:
        """Where a user logs in."""
        return f"redis://{user}:{(self._passwords / user).read_text()}@127.0.0.1:{self._server.port}/0"

    def raw(self, user: str) -> redis.Redis:
        """Plain Redis as a user has it."""
        return redis.Redis.from_url(self.url(user), decode_responses=True)

    def refused(self) -> list[tuple[str, str, str]]:
        """Who was refused what, but for SEARCHES: Redis keeps a log of it."""
        log: list[dict[str, Any]] = self.admin.acl_log()
        entries = [(entry["username"], entry["reason"], entry["object"]) for entry in log]
        return [entry for entry in entries if entry not in SEARCHES]


@pytest.fixture(scope="module", params=["used", "oldest"])
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecuredRedis]:
    """The server of this run, and the oldest that is here, as it has less access control."""
    if request.param == "oldest" and (SERVER_VARIABLE in os.environ or oldest().acl == used().acl):
        pytest.skip(f"this run is for {used()} alone, or none is here that is much older")
    chosen = oldest() if request.param == "oldest" else used()
    version = chosen.acl
    folder = tmp_path_factory.mktemp("acl")
    made = subprocess.run(
        [str(MAKE_ACL), version, str(folder / "passwords")], capture_output=True, text=True, check=True, timeout=20
    )
    server = EmbeddedRedis(user="admin", extra=[f"aclfile {folder / 'users.acl'}"], binary=chosen.binary)
    administrator = f"user admin on >{urlsplit(server.url).password} ~* &* +@all\n"
    (folder / "users.acl").write_text(made.stdout + administrator)
    with server:
        yield SecuredRedis(server, version, folder / "passwords")


@pytest.fixture
def secured(running: SecuredRedis) -> SecuredRedis:
    """The same, empty."""
    running.admin.flushall()
    running.admin.acl_log_reset()
    return running


@pytest.fixture
def start(settings: Settings) -> Iterator[Start]:
    """Starts the real command and does not wait for it. What is left of it is killed."""
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: str, **environment: str) -> subprocess.Popen[str]:
        own = {"DEPECHE_REDIS_URL": settings.redis_url.get_secret_value()} | environment
        command = [str(Path(sys.executable).with_name("depeche")), *arguments]
        started.append(
            subprocess.Popen(command, env=os.environ | own, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        )
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.communicate()
