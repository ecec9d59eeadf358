"""Redis behind TLS: articles go through it, and a server whose certificate does not convince gets nothing."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
import trustme

from config.settings import load_settings
from depeche.client import Client
from depeche.errors import RedisUnavailable
from tests.conftest import Command, StartWorker, wait_until
from tests.servers import all_servers, used
from worker.embedded_redis import EmbeddedRedis, free_port

pytestmark = pytest.mark.integration

TEXT = "La gare a fermé lundi."
ENGLISH = "[fr→en] La gare a fermé lundi."


class TlsProxy:
    """Ends TLS in front of a Redis, as the packaged server is built without it.

    Attributes:
        port: where it answers, for localhost.
        encrypted: how many connections it has passed on.
    """

    def __init__(self, target: int, authority: trustme.CA) -> None:
        self._target = target
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(self._context)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.encrypted = 0
        self._sockets: list[socket.socket] = [self._listener]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """End every connection."""
        for end in self._sockets:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                plain, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(plain,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        try:
            near = self._context.wrap_socket(plain, server_side=True)
        except OSError:
            # The client did not like the certificate, or spoke no TLS.
            plain.close()
            return
        far = socket.create_connection(("127.0.0.1", self._target))
        self._sockets += [near, far]
        self.encrypted += 1
        threading.Thread(target=self._copy, args=(near, far), daemon=True).start()
        self._copy(far, near)

    @staticmethod
    def _copy(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def authority() -> trustme.CA:
    """Who vouches for the server."""
    return trustme.CA()


@pytest.fixture
def proxy(redis_server: EmbeddedRedis, authority: trustme.CA) -> Iterator[TlsProxy]:
    """The test's Redis behind TLS."""
    own = TlsProxy(redis_server.port, authority)
    yield own
    own.close()


def url_of(proxy: TlsProxy, server: EmbeddedRedis, authorities: Path) -> str:
    """Where Redis is, for whoever trusts the authorities in a file."""
    password = urlsplit(server.url).password
    return f"rediss://:{password}@localhost:{proxy.port}/0?ssl_ca_certs={quote(str(authorities))}"


@pytest.mark.usefixtures("client")
def test_an_article_goes_through_tls(
    proxy: TlsProxy,
    redis_server: EmbeddedRedis,
    authority: trustme.CA,
    start_worker: StartWorker,
    depeche: Command,
    tmp_path: Path,
) -> None:
    """Producer, worker and commands all connect through it, with the authority that the URL names."""
    authorities = tmp_path / "autorité de test.pem"
    authority.cert_pem.write_to_path(str(authorities))
    url = url_of(proxy, redis_server, authorities)
    with Client(load_settings(redis_url=url)) as producer:
        task_id = producer.submit(TEXT)
        by_producer = proxy.encrypted
        assert by_producer > 0
        worker = start_worker(DEPECHE_REDIS_URL=url).wait_ready()
        assert proxy.encrypted > by_producer
        assert producer.wait(task_id, timeout_s=40).text_en == ENGLISH
    done = depeche("result", task_id, DEPECHE_REDIS_URL=url)
    assert (done.returncode, ENGLISH in done.stdout) == (0, True), done.stderr
    assert worker.stop() == 0, worker.log
    assert f":{urlsplit(redis_server.url).password}@" not in worker.log


@pytest.mark.usefixtures("client")
@pytest.mark.parametrize("named", ["another authority", "none"])
def test_a_server_that_does_not_convince_gets_nothing(
    proxy: TlsProxy,
    redis_server: EmbeddedRedis,
    start_worker: StartWorker,
    depeche: Command,
    tmp_path: Path,
    named: str,
) -> None:
    """The producer ends with a clear error and the worker says why it waits; neither shows or sends the password."""
    authorities = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(authorities))
    url = url_of(proxy, redis_server, authorities)
    if named == "none":
        # Then the system's own list of authorities counts, which does not have ours.
        url = url.partition("?")[0]
    password = str(urlsplit(url).password)
    done = depeche("submit", "-", stdin=TEXT, DEPECHE_REDIS_URL=url)
    assert (done.returncode, done.stdout) == (6, "")
    assert "certificate verify failed" in done.stderr.lower()
    assert f"rediss://***@localhost:{proxy.port}/0" in done.stderr
    with Client(load_settings(redis_url=url)) as producer, pytest.raises(RedisUnavailable, match=r"(?i)certificate"):
        producer.submit(TEXT)
    worker = start_worker(DEPECHE_REDIS_URL=url)
    wait_until(lambda: "certificate verify failed" in worker.log.lower(), "the worker says so")
    assert worker.process.poll() is None
    assert " ready." not in worker.log
    assert not any(password in shown for shown in (done.stderr, worker.log))
    assert proxy.encrypted == 0


def test_a_server_of_another_name_is_refused(
    proxy: TlsProxy, redis_server: EmbeddedRedis, authority: trustme.CA, depeche: Command, tmp_path: Path
) -> None:
    """The authority's word is for one host: under another name the same server is not believed."""
    authorities = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(authorities))
    url = url_of(proxy, redis_server, authorities).replace("localhost", "127.0.0.1")
    done = depeche("submit", "-", stdin=TEXT, DEPECHE_REDIS_URL=url)
    assert (done.returncode, proxy.encrypted) == (6, 0)
    assert "certificate" in done.stderr.lower()


@contextmanager
def with_tls(extra: list[str]) -> Iterator[EmbeddedRedis]:
    """The server of this run or, if it is built without TLS, the first other one that is not."""
    for one in (used(), *all_servers()):
        with ExitStack() as stack:
            try:
                server = stack.enter_context(EmbeddedRedis(binary=one.binary, extra=extra))
            except RedisUnavailable as error:
                if re.search("Bad directive|Failed finding TLS support", str(error)):
                    continue
                raise
            yield server
            return
    pytest.skip("no redis-server with TLS is here: make servers may find one")


def test_a_server_with_tls_of_its_own(
    authority: trustme.CA, start_worker: StartWorker, depeche: Command, tmp_path: Path
) -> None:
    """Redis itself speaks TLS, asks for the client's certificate too, and gets it from the URL; without it, none."""
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    for name in ("server", "client"):
        issued = authority.issue_cert("localhost", common_name=name)
        issued.cert_chain_pems[0].write_to_path(str(tmp_path / f"{name}.pem"))
        issued.private_key_pem.write_to_path(str(tmp_path / f"{name}.key"))
    port = free_port()
    files = [f"tls-cert-file {tmp_path}/server.pem", f"tls-key-file {tmp_path}/server.key"]
    extra = [f"tls-port {port}", *files, f"tls-ca-cert-file {tmp_path}/ca.pem", "tls-auth-clients yes"]
    with with_tls(extra) as server:
        url = f"rediss://:{urlsplit(server.url).password}@localhost:{port}/0?ssl_ca_certs={tmp_path}/ca.pem"
        assert depeche("stats", DEPECHE_REDIS_URL=url).returncode == 6
        url += f"&ssl_certfile={tmp_path}/client.pem&ssl_keyfile={tmp_path}/client.key"
        worker = start_worker(DEPECHE_REDIS_URL=url).wait_ready()
        done = depeche("submit", "-", "--wait", stdin=TEXT, DEPECHE_REDIS_URL=url)
        assert (done.returncode, ENGLISH in done.stdout) == (0, True), done.stderr
        assert worker.stop() == 0
