"""The proxy of the tests does to packets what it says."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest

from tests.conftest import wait_until
from tests.proxy import Fate, Proxy
from worker.embedded_redis import EmbeddedRedis

pytestmark = pytest.mark.integration

#: Redis answers this before it knows who asks.
ASKED, ANSWER = b"*1\r\n$4\r\nPING\r\n", b"-NOAUTH Authentication required.\r\n"


@pytest.fixture
def server() -> Iterator[EmbeddedRedis]:
    """A Redis of this test's own."""
    with EmbeddedRedis() as own:
        yield own


@pytest.fixture
def proxy(server: EmbeddedRedis) -> Iterator[Proxy]:
    """Before it."""
    with Proxy(server) as own:
        yield own


def connection(proxy: Proxy) -> socket.socket:
    """A new one."""
    return socket.create_connection(("127.0.0.1", urlsplit(proxy.url).port or 0), timeout=10)


def asked(connection: socket.socket) -> bytes:
    """All that comes until the connection is cut, or a whole answer has come, or nothing comes for a while."""
    connection.sendall(ASKED)
    return rest(connection)


def rest(connection: socket.socket) -> bytes:
    """All that still comes."""
    found = b""
    with suppress(ConnectionError):
        while not found.endswith(ANSWER) and (data := connection.recv(100)):
            found += data
    return found


@pytest.mark.parametrize(
    ("fate", "expected"), [("passed", ANSWER), ("lost", b""), ("halved", ANSWER[: len(ANSWER) // 2])]
)
def test_what_becomes_of_an_answer(proxy: Proxy, fate: Fate, expected: bytes) -> None:
    """It comes whole, not at all, or in half; the next connection is as it should be."""
    proxy.fate = lambda request: fate
    with connection(proxy) as one:
        assert asked(one) == expected
    proxy.fate = lambda request: "passed"
    with connection(proxy) as other:
        assert asked(other) == ANSWER


def test_an_answer_that_is_swallowed(proxy: Proxy) -> None:
    """Nothing comes, now or later, and the connection stays."""
    fates: Iterator[Fate] = iter(["swallowed"])
    proxy.fate = lambda request: next(fates, "passed")
    with connection(proxy) as one:
        one.settimeout(0.5)
        for _ in range(2):
            with pytest.raises(TimeoutError):
                asked(one)


def test_all_connections_are_cut(proxy: Proxy) -> None:
    """Those that there are end, and new ones are taken."""
    with connection(proxy) as one, connection(proxy) as two:
        assert (asked(one), asked(two)) == (ANSWER, ANSWER)
        proxy.cut()
        assert (rest(one), rest(two)) == (b"", b"")
    with connection(proxy) as new:
        assert asked(new) == ANSWER


def test_a_server_that_is_away(server: EmbeddedRedis, proxy: Proxy) -> None:
    """A connection ends at once; when the server is back, the proxy passes again."""
    server.kill()
    with connection(proxy) as one:
        assert rest(one) == b""
    server.start()

    def passes() -> bool:
        with connection(proxy) as one:
            return asked(one) == ANSWER

    wait_until(passes, "it passes")
