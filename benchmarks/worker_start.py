"""How long a worker takes from its start to "ready", and how much memory it needs. Linux only; needs no torch.

    DEPECHE_PROFILE=standard DEPECHE_TRANSLATION_MODEL=… DEPECHE_SUMMARY_MODEL=… \\
        python -m benchmarks.worker_start ARTICLE [--rounds 3]

Starts the real worker with the environment's settings on a Redis of its own, sends it ARTICLE (a French text) once for
each job it takes at once, and reads the kernel's own figure for the most memory that it ever had. Prints a table.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from config.settings import Settings, load_settings
from depeche.client import Client
from depeche.inputs import read_article
from worker.embedded_redis import EmbeddedRedis


def main() -> None:
    """Measure, and print a markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("article", help="a French text, as for depeche submit")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    print("| ready after s | peak MB when ready | peak MB after the articles | s for the articles |")
    print("| ---: | ---: | ---: | ---: |")
    for _ in range(args.rounds):
        with EmbeddedRedis() as server:
            print(_measure(args.article, load_settings(redis_url=server.url)), flush=True)


def _measure(path: str, settings: Settings) -> str:
    environment = os.environ | {"DEPECHE_REDIS_URL": settings.redis_url.get_secret_value()}
    with tempfile.TemporaryDirectory() as folder, Client(settings) as client:
        log = Path(folder) / "log"
        started = time.perf_counter()
        with log.open("wb") as output:
            worker = subprocess.Popen(
                [sys.executable, "-m", "worker", "run"], env=environment, stdout=output, stderr=output
            )
        try:
            while " ready." not in log.read_text(errors="replace"):
                if worker.poll() is not None:
                    sys.exit(log.read_text(errors="replace"))
                time.sleep(0.02)
            ready_s, ready_mb = time.perf_counter() - started, _peak_mb(worker.pid)
            ids = [client.submit(read_article(path, None)) for _ in range(settings.concurrency)]
            submitted = time.perf_counter()
            for task_id in ids:
                client.wait(task_id)
            return f"| {ready_s:.1f} | {ready_mb} | {_peak_mb(worker.pid)} | {time.perf_counter() - submitted:.1f} |"
        finally:
            worker.terminate()
            worker.wait()


def _peak_mb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    match = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert match
    return int(match[1]) // 1024


if __name__ == "__main__":
    main()
