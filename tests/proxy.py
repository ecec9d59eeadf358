"""Stands between a program and Redis, and does to their packets what networks do."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

from worker.embedded_redis import EmbeddedRedis


class Proxy:
    """Passes on all that it gets, unless a fault is set.

    Args:
        server: where it passes it to.

    Attributes:
        url: where it listens.
        silent: it swallows all, as a cut cable does.
        connections: how many there have been.
        loses: called with each request that it has passed, as bytes. Where this says yes, the answer is lost: the
            connection is cut in its place.
    """

    def __init__(self, server: EmbeddedRedis) -> None:
        self._target = server.port
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = int(self._listener.getsockname()[1])
        self.url = server.url.replace(f":{server.port}/", f":{port}/")
        self.silent = False
        self.connections = 0
        self.loses: Callable[[bytes], bool] = lambda request: False
        self._sockets: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Proxy:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Reset every connection."""
        for end in [self._listener, *self._sockets]:
            _close(end)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
                self._sockets += [near, far]
                self.connections += 1
                lost = threading.Event()
                for copy in (self._requests, self._answers):
                    threading.Thread(target=copy, args=(near, far, lost), daemon=True).start()

    def _requests(self, near: socket.socket, far: socket.socket, lost: threading.Event) -> None:
        with suppress(OSError):
            while data := near.recv(65536):
                if self.loses(data):
                    lost.set()
                if not self.silent:
                    far.sendall(data)
        _close(far)

    def _answers(self, near: socket.socket, far: socket.socket, lost: threading.Event) -> None:
        with suppress(OSError):
            while data := far.recv(65536):
                if lost.is_set():
                    break
                if not self.silent:
                    near.sendall(data)
        _close(near)


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        # Wakes the thread that reads from it, which closing alone does not.
        end.shutdown(socket.SHUT_RDWR)
    end.close()
