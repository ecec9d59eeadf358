"""Says whether this worker is alive and whether it is ready, over HTTP on the same port as the metrics.

A worker is alive if its event loop turns and its helper threads run. If not, a restart would help. It is ready if it
also has what it needs from outside: models and Redis. A worker without Redis is not ready, but a restart would not
help: it waits.
"""

from __future__ import annotations

import logging
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import redis
from celery import bootsteps
from prometheus_client import CollectorRegistry, make_wsgi_app

from config.settings import NO_METRICS, Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger("depeche.worker")

#: The event loop beats every second. While Redis hangs, one call in it may take 15 s, the timeout of the socket.
BEAT_S = 1.0
SILENT_S = 60.0
#: How long ``depeche-worker health`` waits for an answer, and how long a slow client may keep a thread.
ASK_TIMEOUT_S = 10.0


class Health:
    """What is known of this process.

    Args:
        client: the connection by which Redis is asked whether it answers.

    Attributes:
        loaded: is set when the models are loaded and warm.
        stopping: is set from the moment when a signal stops the worker.
        threads: the helper threads, which must run.
    """

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self.loaded = threading.Event()
        self.stopping = threading.Event()
        self.threads: list[threading.Thread] = []
        self._beat_at: float | None = None

    def beat(self) -> None:
        """Note that the event loop turns."""
        self._beat_at = time.monotonic()

    def rest(self) -> None:
        """Note that the event loop has ended in order: the worker connects to Redis again, or it stops."""
        self._beat_at = None

    def dead(self) -> list[str]:
        """The reasons to restart this process; empty if there are none."""
        faults = [f"the thread {thread.name!r} has ended" for thread in self.threads if not thread.is_alive()]
        beat_at = self._beat_at
        if beat_at is not None and time.monotonic() - beat_at > SILENT_S:
            faults.append(f"the event loop has not turned for {time.monotonic() - beat_at:.0f} s")
        return [] if self.stopping.is_set() else faults

    def unready(self) -> list[str]:
        """The reasons why this worker takes no articles now; empty if it takes them."""
        faults = self.dead()
        if not self.loaded.is_set():
            faults.append("the models are not loaded yet")
        if self.stopping.is_set():
            faults.append("the worker is stopping")
        try:
            self._client.ping()
        except redis.RedisError as error:
            faults.append(f"Redis does not answer: {type(error).__name__}")
        else:
            if self._beat_at is None and self.loaded.is_set():
                faults.append("the worker is not connected to the queue")
        return faults


class Pulse(bootsteps.StartStopStep):
    """A step of Celery's consumer that beats from within the event loop, as long as the loop should turn."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, consumer: Any, **options: Any) -> None:
        super().__init__(consumer, **options)
        self._health: Health = consumer.app.parts.health
        self._timer: Any = None

    def start(self, consumer: Any) -> None:
        """Begin to beat: the consumer is connected."""
        self._health.beat()
        self._timer = consumer.timer.call_repeatedly(BEAT_S, self._health.beat)

    def stop(self, consumer: Any) -> None:  # noqa: ARG002  # Celery's signature
        """Stop beating: the connection is lost, or the worker stops."""
        self._health.rest()
        if self._timer is not None:
            self._timer.cancel()


class StatusServer:
    """Serves ``/metrics``, ``/healthz`` and ``/readyz`` from a thread of its own.

    Args:
        address: ``host:port``; with port 0, any free port is taken.

    Raises:
        OSError: the address cannot be used.
    """

    def __init__(self, address: str, registry: CollectorRegistry, health: Health) -> None:
        host, _, port = address.rpartition(":")
        self._checks: dict[str, Callable[[], list[str]]] = {"/healthz": health.dead, "/readyz": health.unready}
        self._metrics = make_wsgi_app(registry)
        self._server = _Server((host.strip("[]"), int(port)), _Handler)
        self._server.set_app(self._respond)
        threading.Thread(name="serving metrics", target=self._server.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._server.server_port)

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def _respond(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/metrics":
            shown: Iterable[bytes] = self._metrics(environ, start_response)
            return shown
        check = self._checks.get(path)
        faults = check() if check else ["this worker serves /metrics, /healthz and /readyz only"]
        status = "200 OK" if not faults else "503 Service Unavailable" if check else "404 Not Found"
        start_response(status, [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")])
        return [("\n".join(faults or ["ok"]) + "\n").encode()]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], handler: type[WSGIRequestHandler]) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, handler)

    def server_bind(self) -> None:
        # WSGIServer's own method looks up the name of the host, and may wait for a name server.
        socket.socket.bind(self.socket, self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])
        self.setup_environ()


class _Handler(WSGIRequestHandler):
    timeout = ASK_TIMEOUT_S

    def log_message(self, format: str, *arguments: Any) -> None:
        """Log nothing, as a probe every few seconds would fill the log."""


def serve(settings: Settings, registry: CollectorRegistry, health: Health) -> StatusServer | None:
    """Serve where the settings say. If that address cannot be used, warn and return None, as articles come first."""
    if settings.metrics_addr == NO_METRICS:
        return None
    try:
        server = StatusServer(settings.metrics_addr, registry, health)
    except OSError as error:
        log.warning(
            "this worker serves no metrics and no health checks: %s cannot be used (%s); give each worker of a host "
            "its own DEPECHE_METRICS_ADDR",
            *(settings.metrics_addr, error.strerror or error),
        )
        return None
    log.info("metrics and health checks at %s, port %d", settings.metrics_addr, server.port)
    return server


def ask(settings: Settings) -> list[str]:
    """The reasons why the worker of this host is not ready; empty if it is. The worker itself is asked, over HTTP."""
    if settings.metrics_addr == NO_METRICS:
        return [
            "DEPECHE_METRICS_ADDR is none, so the worker cannot be asked: set it to host:port, for the worker and here"
        ]
    host, _, port = settings.metrics_addr.rpartition(":")
    host = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(host, host)  # noqa: S104  # where it listens, not us
    try:
        with urllib.request.urlopen(f"http://{host}:{port}/readyz", timeout=ASK_TIMEOUT_S):
            return []
    except urllib.error.HTTPError as error:
        return error.read().decode(errors="replace").splitlines()
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        return [f"no worker answers at {settings.metrics_addr} (DEPECHE_METRICS_ADDR): {reason}"]
