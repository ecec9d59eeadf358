"""The services of docker-compose.yml in a project of their own, and what is asked of their containers."""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import redis

from config.settings import load_settings
from depeche.client import Client
from depeche.redis_client import connect
from tests.containers.engine import provide, sh
from worker.embedded_redis import free_port

#: More than an embedded worker was seen to take, and less than compose gives by default.
WORKER_MEMORY = "1g"


class Stack:
    """The services, not yet started.

    Args:
        folder: a copy of the whole project, in which ``secrets/`` is made.
        pull: have the images of others from a registry instead of making stand-ins.
    """

    def __init__(self, folder: Path, *, pull: bool) -> None:
        self.folder = folder
        self.version = "0.1.0"
        self._port = free_port()
        self.name = f"depechetest{os.getpid()}"
        plugin = shutil.which("docker-compose") is None
        self._compose = ["docker", "compose"] if plugin else ["docker-compose"]
        self._environment = {
            "COMPOSE_PROJECT_NAME": self.name,
            "DEPECHE_PROFILE": "embedded",
            # The embedded profile needs none, and a build with it takes ten minutes more.
            "TORCH": "",
            "WORKER_CPUS": "1",
            "WORKER_MEMORY": WORKER_MEMORY,
            "REDIS_LISTEN": f"127.0.0.1:{self._port}",
        }
        if shutil.which("docker-buildx") is None and not plugin:
            self._environment |= {"DOCKER_BUILDKIT": "0", "COMPOSE_DOCKER_CLI_BUILD": "0"}
        self._provide(pull)

    def _provide(self, pull: bool) -> None:
        compose_text = (self.folder / "docker-compose.yml").read_text()
        (default,) = re.findall(r"image: \$\{REDIS_IMAGE:-(\S+)\}", compose_text)
        redis_image = os.environ.get("REDIS_IMAGE", default)
        (base_image,) = re.findall(r"^ARG BASE_IMAGE=(\S+)", (self.folder / "Dockerfile").read_text(), re.MULTILINE)
        for image in (base_image, redis_image):
            provide(image, pull=pull)
        found = sh("docker", "run", "--rm", redis_image, "--version")
        print(found)
        server = re.search(r"v=(\d+\.\d+)", found)
        old = server is not None and server[1] == "7.0"
        sh(self.folder / "deploy/make-secrets", *(["7.0"] if old else []))

    def compose(self, *command: str, timeout: float = 1800, check: bool = True) -> str:
        """docker compose, in this project."""
        files = ["--project-directory", str(self.folder), "--file", str(self.folder / "docker-compose.yml")]
        whole = [*self._compose, *files, *command]
        return sh(*whole, timeout=timeout, check=check, DEPECHE_VERSION=self.version, **self._environment)

    def up(self, workers: int, *options: str) -> None:
        """Start what does not run, with so many workers."""
        self.compose("up", "--detach", "--no-build", *options, "--scale", f"worker={workers}")

    def wait_healthy(self, count: int) -> None:
        """Wait until just so many workers run, all of them healthy."""
        until(lambda: [health(worker) for worker in self.workers()] == ["healthy"] * count, f"{count} healthy workers")

    def down(self) -> list[str]:
        """Remove all of it. Returns what is left."""
        self.compose("--profile", "monitoring", "down", "--volumes", "--timeout", "10", check=False)
        label = f"label=com.docker.compose.project={self.name}"
        kinds = (("ps", "--all"), ("network", "ls"), ("volume", "ls"))
        return [found for kind in kinds for found in sh("docker", *kind, "--quiet", "--filter", label).split()]

    def workers(self) -> list[str]:
        """The ids of the workers that run."""
        return self.containers("worker")

    def containers(self, service: str) -> list[str]:
        """The ids of a service's containers that run."""
        labels = (f"label=com.docker.compose.project={self.name}", f"label=com.docker.compose.service={service}")
        ids = sh("docker", "ps", "--quiet", "--no-trunc", *(part for label in labels for part in ("--filter", label)))
        return ids.split()

    def busy(self) -> str:
        """A worker that has an article in work."""

        def look() -> str | None:
            for worker in self.workers():
                page = sh("docker", "exec", worker, "python", "-c", METRICS, check=False)
                if re.search(r"^depeche_jobs_in_work [1-9]", page, re.MULTILINE):
                    return worker
            return None

        return str(until(look, "a busy worker"))

    def depeche(self, *command: str | Path) -> str:
        """The real command, on this machine, outside of all containers."""
        return sh(Path(sys.executable).with_name("depeche"), *command, DEPECHE_REDIS_URL=self._url("producer"))

    def client(self) -> Client:
        """A producer outside of all containers."""
        return Client(load_settings(redis_url=self._url("producer")))

    def redis(self) -> redis.Redis:
        """A producer's connection."""
        return connect(self._url("producer"))

    def _url(self, user: str) -> str:
        return (self.folder / f"secrets/{user}_url").read_text().replace(":6379/", f":{self._port}/")


def until(condition: Callable[[], Any], what: str, limit_s: float = 600) -> Any:
    """Wait for something, and return it.

    Raises:
        SystemExit: it did not come.
    """
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.5)
    raise SystemExit(f"FAIL gave up after {limit_s:.0f} s: {what}")


def inspect(thing: str, template: str, *, check: bool = True) -> str:
    """One fact about a container or an image."""
    return sh("docker", "inspect", "--format", template, thing, check=check)


def health(worker: str) -> str:
    """healthy, unhealthy or starting."""
    return inspect(worker, "{{.State.Health.Status}}", check=False)


METRICS = "import urllib.request as r; print(r.urlopen('http://127.0.0.1:9464/metrics', timeout=9).read().decode())"
