"""Stands between a program and Redis, and does to their packets what networks do."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from worker.embedded_redis import EmbeddedRedis

#: What becomes of an answer. ``passed``: it comes whole. ``lost``: the connection is cut in its place. ``halved``: half
#: of it comes, and then the connection is cut. ``swallowed``: neither it nor anything after it comes, and the
#: connection stays.
Fate = Literal["passed", "lost", "halved", "swallowed"]


@dataclass
class _Connection:
    """One connection through the proxy: both of its ends, and what becomes of the next answer."""

    near: socket.socket
    far: socket.socket
    fate: Fate = "passed"

    def close(self) -> None:
        _close(self.near)
        _close(self.far)


class Proxy:
    """Passes on all that it gets, unless a fault is set.

    Args:
        server: where it passes it to.

    Attributes:
        url: where it listens.
        silent: it swallows all, as a cut cable does.
        connections: how many there have been.
        delay_s: how much later than it could all passes, in both directions.
        loses: called with each request that it has passed, as bytes. Where this says yes, the answer is lost: the
            connection is cut in its place.
        fate: called likewise where ``loses`` has said no. It says what becomes of the answer.
    """

    def __init__(self, server: EmbeddedRedis) -> None:
        self._target = server.port
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = int(self._listener.getsockname()[1])
        self.url = server.url.replace(f":{server.port}/", f":{port}/")
        self.silent = False
        self.connections = 0
        self.delay_s = 0.0
        self.loses: Callable[[bytes], bool] = lambda request: False
        self.fate: Callable[[bytes], Fate] = lambda request: "passed"
        self._open: list[_Connection] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Proxy:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Reset every connection, and take no more."""
        _close(self._listener)
        self.cut()

    def cut(self) -> None:
        """Reset every connection that there is."""
        connections, self._open = self._open, []
        for connection in connections:
            connection.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                try:
                    far = socket.create_connection(("127.0.0.1", self._target))
                except OSError:
                    # The server is away, and may be back for the next connection.
                    _close(near)
                    continue
                connection = _Connection(near, far)
                self._open.append(connection)
                self.connections += 1
                for copy in (self._requests, self._answers):
                    threading.Thread(target=copy, args=(connection,), daemon=True).start()

    def _requests(self, connection: _Connection) -> None:
        with suppress(OSError):
            while data := connection.near.recv(65536):
                # An answer that is to be lost stays so, whatever is asked before it comes.
                if connection.fate == "passed":
                    connection.fate = "lost" if self.loses(data) else self.fate(data)
                self._pass(data, connection.far)
        _close(connection.far)

    def _answers(self, connection: _Connection) -> None:
        with suppress(OSError):
            while data := connection.far.recv(65536):
                if connection.fate == "halved":
                    connection.near.sendall(data[: len(data) // 2])
                if connection.fate in {"lost", "halved"}:
                    break
                if connection.fate == "passed":
                    self._pass(data, connection.near)
        _close(connection.near)

    def _pass(self, data: bytes, end: socket.socket) -> None:
        if self.delay_s:
            time.sleep(self.delay_s)
        if not self.silent:
            end.sendall(data)


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        # Wakes the thread that reads from it, which closing alone does not.
        end.shutdown(socket.SHUT_RDWR)
    end.close()
