"""What the janitor costs: CPU of a round, and how long Redis and its other clients wait for it.

    python -m benchmarks.janitor --jobs 10000

First with nothing lost, then with the messages of ten jobs lost.
"""

from __future__ import annotations

import argparse
import threading
import time

import redis

from config.settings import load_settings
from depeche.client import Client
from depeche.queue import QUEUES
from depeche.redis_client import connect
from worker.embedded_redis import EmbeddedRedis
from worker.janitor import Janitor
from worker.ledger import RedisLedger


def main() -> None:
    """Print a line for twenty rounds with nothing lost, and one for three with ten messages lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=10_000, help="how many articles wait meanwhile")
    jobs = parser.parse_args().jobs
    with (
        EmbeddedRedis() as server,
        Client(load_settings(redis_url=server.url)) as client,
        connect(server.url) as raw,
    ):
        text = " Encore une phrase pour le janitor." * 140
        list(client.submit_many(f"Article numéro {number}.{text}" for number in range(jobs)))
        janitor = Janitor(raw, RedisLedger(raw, 60), lease_s=30)
        _rounds("nothing lost", janitor, server, 20)
        for _ in range(10):
            raw.rpop(QUEUES["normal"])
        _rounds("ten lost", janitor, server, 3)


def _rounds(name: str, janitor: Janitor, server: EmbeddedRedis, rounds: int) -> None:
    longest, stop = [0.0], threading.Event()

    def ping() -> None:
        with redis.Redis.from_url(server.url) as raw:
            while not stop.wait(0.0005):
                started = time.perf_counter()
                raw.ping()
                longest[0] = max(longest[0], time.perf_counter() - started)

    with redis.Redis.from_url(server.url) as raw:
        raw.config_set("slowlog-log-slower-than", 0)
        raw.slowlog_reset()
        thread = threading.Thread(target=ping)
        thread.start()
        cpu, published = time.thread_time(), 0
        for _ in range(rounds):
            published += janitor.clean()
        cpu_ms = (time.thread_time() - cpu) * 1000 / rounds
        stop.set()
        thread.join()
        slowest_us = max(entry["duration"] for entry in raw.slowlog_get(128))
    print(
        f"{name}: {cpu_ms:.1f} ms CPU a round, {cpu_ms / 50:.2f}% of a core at one round in 5 s; {published} written "
        f"again; slowest command {slowest_us / 1000:.2f} ms, longest wait of another client {longest[0] * 1000:.1f} ms"
    )


if __name__ == "__main__":
    main()
