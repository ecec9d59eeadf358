"""Whether this worker lives and whether it can take articles; served over HTTP beside the metrics.

Alive is what a restart would mend: the event loop turns, the threads beside the work run. Ready is what it needs from
others too: models, Redis. A worker without Redis is not ready, and is not to be restarted for it: it waits.
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

#: The event loop beats every second; while Redis hangs, one call in it may take the socket's timeout of 15 s.
BEAT_S = 1.0
SILENT_S = 60.0
#: How long ``depeche-worker health`` waits for an answer, and how long a slow client may keep a thread.
ASK_TIMEOUT_S = 10.0


class Health:
    """What is known of this process.

    Args:
        client: asked whether Redis answers.

    Attributes:
        loaded: set when the models are loaded and warm.
        stopping: set from the signal to stop on.
        threads: those beside the work, which must run.
    """

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self.loaded = threading.Event()
        self.stopping = threading.Event()
        self.threads: list[threading.Thread] = []
        self._beat_at: float | None = None

    def beat(self) -> None:
        """The event loop turns."""
        self._beat_at = time.monotonic()

    def rest(self) -> None:
        """The event loop is left, in order: the connection to Redis is made anew, or the worker stops."""
        self._beat_at = None

    def dead(self) -> list[str]:
        """Why this process should be restarted; empty where it should not."""
        faults = [f"the thread {thread.name!r} has ended" for thread in self.threads if not thread.is_alive()]
        beat_at = self._beat_at
        if beat_at is not None and time.monotonic() - beat_at > SILENT_S:
            faults.append(f"the event loop has not turned for {time.monotonic() - beat_at:.0f} s")
        return [] if self.stopping.is_set() else faults

    def unready(self) -> list[str]:
        """Why this worker takes no articles now; empty where it does."""
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
    """A step of Celery's consumer: beats from within its event loop, as long as that is meant to turn."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, consumer: Any, **options: Any) -> None:
        super().__init__(consumer, **options)
        self._health: Health = consumer.app.parts.health
        self._timer: Any = None

    def start(self, consumer: Any) -> None:
        """Connected."""
        self._health.beat()
        self._timer = consumer.timer.call_repeatedly(BEAT_S, self._health.beat)

    def stop(self, consumer: Any) -> None:  # noqa: ARG002  # Celery's signature
        """The connection is lost, or the worker stops."""
        self._health.rest()
        if self._timer is not None:
            self._timer.cancel()


class StatusServer:
    """Serves ``/metrics``, ``/healthz`` and ``/readyz`` from a thread of its own.

    Args:
        address: ``host:port``; port 0 is any free one.

    Raises:
        OSError: the address cannot be had.
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
        """The port in use."""
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
        faults = check() if check else ["there are /metrics, /healthz and /readyz here"]
        status = "200 OK" if not faults else "503 Service Unavailable" if check else "404 Not Found"
        start_response(status, [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")])
        return [("\n".join(faults or ["ok"]) + "\n").encode()]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], handler: type[WSGIRequestHandler]) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, handler)

    def server_bind(self) -> None:
        # Not WSGIServer's, which looks the host's name up, and may wait for a name server.
        socket.socket.bind(self.socket, self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])
        self.setup_environ()


class _Handler(WSGIRequestHandler):
    timeout = ASK_TIMEOUT_S

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing: a probe every few seconds would fill the log."""


def serve(settings: Settings, registry: CollectorRegistry, health: Health) -> StatusServer | None:
    """Serve where the settings say; None, with a warning, where that address cannot be had: articles come first."""
    if settings.metrics_addr == NO_METRICS:
        return None
    try:
        server = StatusServer(settings.metrics_addr, registry, health)
    except OSError as error:
        log.warning(
            "no metrics and no health checks from this worker: %s cannot be had (%s); give each worker of a host its "
            "own DEPECHE_METRICS_ADDR",
            *(settings.metrics_addr, error.strerror or error),
        )
        return None
    log.info("metrics and health checks at %s, port %d", settings.metrics_addr, server.port)
    return server


def ask(settings: Settings) -> list[str]:
    """Why this host's worker is not ready; empty where it is. Asks the worker itself, over HTTP, and nobody else."""
    if settings.metrics_addr == NO_METRICS:
        return ["DEPECHE_METRICS_ADDR is none, so the worker cannot be asked: set it to host:port for both"]
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
