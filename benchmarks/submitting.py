"""How many articles a second a producer queues: one by one, and many at once, with a Redis of its own.

python -m benchmarks.submitting --articles 20000

Both are done in one run, on the same server with its append-only file, with articles of three sentences. Without keys
and with a key for each. CPU seconds are those of this process; memory is its own peak, and that of Redis is not in it.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import redis

from config.settings import load_settings
from depeche import Client, Item
from worker.embedded_redis import EmbeddedRedis


def articles(count: int, keys: bool = False) -> Iterator[Item]:
    """Short articles, each another one."""
    for number in range(count):
        text = (
            f"Le conseil municipal a adopté lundi la délibération numéro {number}. Elle prévoit des travaux à la gare. "
            "Le maire les inaugurera au printemps."
        )
        yield Item(text, f"article-{number}" if keys else None)


def one_by_one(client: Client, items: Iterator[Item]) -> int:
    """As a loop around ``submit`` does."""
    return len([client.submit(item.article, key=item.key) for item in items])


def many(client: Client, items: Iterator[Item]) -> int:
    """As ``submit_many`` does."""
    return sum(done.outcome == "queued" for done in client.submit_many(items))


def peak_mib() -> float:
    """The most memory that this process has had, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def redis_cpu_s(raw: redis.Redis) -> float:
    """The CPU seconds that Redis has used."""
    found: Any = raw.info("cpu")
    return float(found["used_cpu_user"]) + float(found["used_cpu_sys"])


class Measurement:
    """Measures ways to submit on one server."""

    def __init__(self, client: Client, raw: redis.Redis) -> None:
        self._client = client
        self._raw = raw

    def rate(self, name: str, run: Callable[[Client, Iterator[Item]], int], items: Iterator[Item]) -> float:
        """Print and return the articles a second of one way."""
        before, of_redis = peak_mib(), redis_cpu_s(self._raw)
        began, cpu = time.perf_counter(), time.process_time()
        count = run(self._client, items)
        wall, cpu = time.perf_counter() - began, time.process_time() - cpu
        print(
            f"{name:24}{count / wall:>8.0f} articles/s, {wall:6.2f} s; CPU {cpu:.2f} s here and "
            f"{redis_cpu_s(self._raw) - of_redis:.2f} s in Redis; peak memory {before:.0f} -> {peak_mib():.0f} MiB"
        )
        return count / wall


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000)
    count = parser.parse_args().articles
    with EmbeddedRedis() as server, redis.Redis.from_url(server.url) as raw:
        settings = load_settings(redis_url=server.url, max_queue_length=10_000_000)
        with Client(settings) as client:
            client.submit("La gare a fermé lundi.")
            measurement = Measurement(client, raw)
            slow = measurement.rate("one by one", one_by_one, articles(count))
            fast = measurement.rate("many at once", many, articles(count))
            measurement.rate("many at once, with keys", many, articles(count, keys=True))
    print(f"many at once is {fast / slow:.1f} times as fast")


if __name__ == "__main__":
    main()
