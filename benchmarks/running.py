"""``depeche run`` over many short articles with the echo profile, stopped by Ctrl-C and by kill -9, and run again.

    python -m benchmarks.running [--articles 20000] [--workers 2] [--out DIR|FILE] [--format json] [--uninterrupted]

It prints a row for each run of the command (seconds, CPU seconds and peak memory of the command alone), and at the end
how many articles have a result, how many have two, and how often jobs were started. Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import redis

from benchmarks.speed.workers import running
from depeche.output import FORMATS
from worker.embedded_redis import EmbeddedRedis

#: After which share of the articles a run is stopped, and how; the last one comes to its end.
STOPS: list[tuple[float, signal.Signals | None]] = [(0.25, signal.SIGINT), (0.6, signal.SIGKILL), (1.0, None)]


def main() -> None:
    """Run, stop, run again, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", default="english", help="a name in a temporary folder; ends in .jsonl for one file")
    parser.add_argument("--format", default="json", choices=list(FORMATS))
    parser.add_argument("--uninterrupted", action="store_true", help="one run, to its end")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, EmbeddedRedis() as server, ExitStack() as workers:
        articles, out = Path(folder, "articles.jsonl"), Path(folder, options.out)
        write_articles(articles, options.articles)
        command = ["run", "--jsonl", str(articles), "--out", str(out), "--format", options.format]
        print(f"{'ended by':<10} {'s':>7} {'CPU s':>7} {'MiB':>5} {'results':>8}  last line on standard error")
        for _ in range(options.workers):
            echo = running(server.url, arguments=["--concurrency", "4"], environment={"DEPECHE_PROFILE": "echo"})
            workers.enter_context(echo)
        for share, stop in STOPS[-1:] if options.uninterrupted else STOPS:
            one_run(command, server.url, out, int(share * options.articles), stop)
        with redis.Redis.from_url(server.url, decode_responses=True) as raw:
            verify(out, raw, options.articles)


def write_articles(path: Path, count: int) -> None:
    """Short articles, each with its number."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            text = f"La commune a inauguré sa bibliothèque numéro {number} mardi. Elle ouvrira ses portes lundi."
            file.write(json.dumps({"text": text, "number": number}, ensure_ascii=False) + "\n")


def one_run(command: list[str], url: str, out: Path, until: int, stop: signal.Signals | None) -> None:
    """Run the command until so many results are there, stop it, and print its row."""
    program = str(Path(sys.executable).with_name("depeche"))
    began = time.monotonic()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen([program, *command], env=os.environ | {"DEPECHE_REDIS_URL": url}, stderr=said)
        while stop and process.poll() is None and results(out) < until:
            time.sleep(0.2)
        if stop:
            process.send_signal(stop)
        # wait4 gives the memory of this process alone.
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        last = (said.read().splitlines() or [""])[-1].replace(str(out.parent), "")
    cpu_s = used.ru_utime + used.ru_stime
    seconds = time.monotonic() - began
    name = stop.name if stop else f"exit {process.returncode}"
    print(f"{name:<10} {seconds:7.1f} {cpu_s:7.1f} {used.ru_maxrss // 1024:5} {results(out):8}  {last}", flush=True)


def results(out: Path) -> int:
    """How many results are there."""
    if out.is_dir():
        return sum(1 for entry in os.scandir(out) if entry.name[0] != "." and not entry.name.startswith("index."))
    return out.read_bytes().count(b"\n") if out.exists() else 0


def verify(out: Path, raw: redis.Redis, count: int) -> None:
    """Print which articles have a result, and how often each job was started."""
    jobs = list(raw.scan_iter("depeche:job:*", count=1000))
    with raw.pipeline(transaction=False) as pipe:
        for job in jobs:
            pipe.hget(job, "run")
        starts = Counter(pipe.execute())
    print(f"jobs {len(jobs)}, starts of a job {dict(starts)}, left in the queue {raw.llen('articles')}")
    if not out.is_dir():
        lines = out.read_text(encoding="utf-8").splitlines()
    elif any(out.glob("*.json")):
        lines = [file.read_text(encoding="utf-8") for file in out.glob("*.json")]
    else:
        print(f"files {results(out)} of {count}")
        return
    numbers = Counter(json.loads(line)["source"]["metadata"]["number"] for line in lines)
    twice = sum(1 for found in numbers.values() if found > 1)
    print(f"articles {count}, with a result {len(set(range(count)) & set(numbers))}, with two {twice}")


if __name__ == "__main__":
    main()
