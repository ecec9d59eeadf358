"""Whether a worker is as fast after an interruption as before it: jobs a second before and after, round after round.

    python -m benchmarks.interruption --rounds 10
    REDIS_SERVER=/usr/bin/redis-server python -m benchmarks.interruption --rounds 10 --sleep 0.1

One worker process lives through all rounds. In each, its rate is counted over the same time before and after; between
the two all connections of Redis are cut, or Redis is started again: in the middle of the work, and without work.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import redis

from config.settings import load_settings
from depeche.client import Client
from depeche.queue import QUEUES
from depeche.redis_client import server_name
from worker.embedded_redis import EmbeddedRedis

#: Articles that wait at every moment of a measurement.
WAITING = 50


def main() -> None:
    """Print a line a round, and what they come to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--window", type=float, default=3, metavar="SECONDS", help="over which a rate is counted")
    parser.add_argument("--sleep", type=float, default=0, metavar="SECONDS", help="what each article takes, at least")
    parser.add_argument("--restart", action="store_true", help="start Redis again instead of cutting connections")
    options = parser.parse_args()
    with (
        EmbeddedRedis() as server,
        Client(load_settings(redis_url=server.url)) as client,
        redis.Redis.from_url(server.url) as raw,
        _worker(server),
    ):
        print(server_name(raw.info("server")))
        cut = "CLIENT KILL TYPE normal SKIPME yes"
        interrupt = (lambda: _restart(server)) if options.restart else (lambda: raw.execute_command(cut))
        load = Load(raw, client, options.sleep)
        client.wait(load.submit())
        rounds = range(1, options.rounds + 1)
        pairs = [_round(number, load, client, interrupt, options.window) for number in rounds]
    # Against the worker that had not been interrupted yet, as one that stays slow is as slow before the next round.
    ratios = [after / pairs[0][0] for _, after in pairs]
    print(f"after/before the first: lowest {min(ratios):.2f}, median {statistics.median(ratios):.2f}")


class Load:
    """Keeps articles in the queue, and counts those that are done.

    Args:
        raw: Redis without us.
        client: the producer.
        sleep_s: what each article takes, at least.
    """

    def __init__(self, raw: redis.Redis, client: Client, sleep_s: float) -> None:
        self._raw = raw
        self._client = client
        self._order = f" echo:sleep={sleep_s}" if sleep_s else ""
        self._submitted = 0

    def submit(self) -> str:
        """Queue one article."""
        self._submitted += 1
        return self._client.submit(f"Article numéro {self._submitted}.{self._order}")

    def rate(self, window_s: float) -> float:
        """Jobs done a second, while there is always one to take."""
        started, before = time.perf_counter(), self._done()
        while time.perf_counter() < started + window_s:
            self._fill()
            time.sleep(0.01)
        return (self._done() - before) / (time.perf_counter() - started)

    def _fill(self) -> None:
        while int(self._raw.llen(QUEUES["normal"])) < WAITING:
            self.submit()

    def _done(self) -> int:
        self._fill()
        open_ones = sum(int(self._raw.zcard(f"depeche:{kept}")) for kept in ("waiting:normal", "running"))
        return self._submitted - open_ones


def _round(
    number: int, load: Load, client: Client, interrupt: Callable[[], object], window_s: float
) -> tuple[float, float]:
    before = load.rate(window_s)
    back_s = 0.0
    # Once more while the worker waits for articles, as then its connection is sure to be in use.
    for _ in range(2):
        interrupt()
        interrupted = time.perf_counter()
        client.wait(load.submit())
        back_s += time.perf_counter() - interrupted
    after = load.rate(window_s)
    print(
        f"round {number}: {before:6.1f} jobs/s, then {back_s:4.1f} s for what waited, then {after:6.1f} jobs/s",
        flush=True,
    )
    return before, after


def _restart(server: EmbeddedRedis) -> None:
    server.stop()
    server.start()


@contextmanager
def _worker(server: EmbeddedRedis) -> Iterator[None]:
    own = {"DEPECHE_REDIS_URL": server.url, "DEPECHE_PROFILE": "echo", "DEPECHE_METRICS_ADDR": "none"}
    process = subprocess.Popen(
        [sys.executable, "-m", "worker", "run"],
        env=os.environ | own,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    main()
