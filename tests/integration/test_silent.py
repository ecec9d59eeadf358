"""A Redis that takes connections and never answers, or answers no more: every operation gives up in time."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from config.settings import load_settings
from depeche import async_redis, redis_client
from depeche.async_client import AsyncClient
from depeche.client import Client
from depeche.errors import RedisUnavailable
from tests.proxy import Proxy
from worker.embedded_redis import EmbeddedRedis

pytestmark = pytest.mark.integration

TEXT = "La gare a fermé lundi."

#: How long a socket is waited for, and after how long nothing is tried again, in these tests.
SOCKET_S, GIVE_UP_S = 0.3, 0.9
#: How often a socket may be waited for then: three times until nothing is tried again, and once more.
MOST = 4


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorter ones, in the same proportions as the true ones."""
    proportion = redis_client.SOCKET_TIMEOUT_S / redis_client.GIVE_UP_S
    assert proportion == pytest.approx(SOCKET_S / GIVE_UP_S)
    monkeypatch.setattr(redis_client, "SOCKET_TIMEOUT_S", SOCKET_S)
    for module in (redis_client, async_redis):
        monkeypatch.setattr(module, "GIVE_UP_S", GIVE_UP_S)


class Silent:
    """Takes connections, reads what comes, and never answers.

    Attributes:
        port: where it listens.
        connections: how many there have been.
    """

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.port = int(self._listener.getsockname()[1])
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                self._open.append(self._listener.accept()[0])
                self.connections += 1

    def close(self) -> None:
        """Close all."""
        self._listener.close()
        for connection in self._open:
            connection.close()


@pytest.fixture
def silent() -> Iterator[Silent]:
    """A Redis that never answers."""
    server = Silent()
    yield server
    server.close()


@pytest.fixture
def proxy(redis_server: EmbeddedRedis) -> Iterator[Proxy]:
    """A way to Redis that can become silent."""
    with Proxy(redis_server) as own:
        yield own


async def ask(url: str, does: str, then: Callable[[], None]) -> None:
    """Ask an AsyncClient twice, and do something in between."""
    async with AsyncClient(load_settings(redis_url=url)) as client:
        then()
        await (client.submit(TEXT) if does == "submit" else getattr(client, does)("id"))


OPERATIONS = ("submit", "status", "cancel", "wait")


@pytest.mark.parametrize("does", OPERATIONS)
def test_never_an_answer(silent: Silent, waits: None, does: str) -> None:
    """No more sockets are waited for than there is time for, and the error names the Redis."""
    url = f"redis://127.0.0.1:{silent.port}/0"
    with Client(load_settings(redis_url=url)) as client, pytest.raises(RedisUnavailable, match="no usable Redis"):
        client.submit(TEXT) if does == "submit" else getattr(client, does)("id")
    assert 1 < silent.connections <= MOST


@pytest.mark.parametrize("does", OPERATIONS)
def test_never_an_answer_under_asyncio(silent: Silent, waits: None, does: str) -> None:
    """The same for an AsyncClient."""
    url = f"redis://127.0.0.1:{silent.port}/0"
    with pytest.raises(RedisUnavailable, match="no usable Redis"):
        asyncio.run(ask(url, does, lambda: None))
    # One more for the connection that listens.
    assert 1 < silent.connections <= MOST + 1


def test_no_answer_any_more(proxy: Proxy, waits: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that has worked is tested before it is used again, and that is not tried again in itself."""
    with Client(load_settings(redis_url=proxy.url)) as client:
        client.stats()
        for connection in client._redis.connection_pool._available_connections:
            connection.next_health_check = 0
        proxy.silent, before = True, proxy.connections
        with pytest.raises(RedisUnavailable, match="no usable Redis"):
            client.stats()
        assert proxy.connections - before < MOST


def test_no_answer_any_more_under_asyncio(proxy: Proxy, waits: None) -> None:
    """The same for an AsyncClient."""

    async def run() -> None:
        async with AsyncClient(load_settings(redis_url=proxy.url)) as client:
            await client.status("id")
            for connection in client._redis.connection_pool._available_connections:
                connection.next_health_check = -1
            proxy.silent, before = True, proxy.connections
            with pytest.raises(RedisUnavailable, match="no usable Redis"):
                await client.status("id")
            assert proxy.connections - before < MOST

    asyncio.run(run())


def test_a_short_silence_is_waited_for(proxy: Proxy, waits: None) -> None:
    """The bound does not keep a command from being tried again."""
    with Client(load_settings(redis_url=proxy.url)) as client:
        client.stats()
        proxy.silent = True
        timer = threading.Timer(SOCKET_S, lambda: setattr(proxy, "silent", False))
        timer.start()
        assert client.stats().running == 0
        timer.join()
