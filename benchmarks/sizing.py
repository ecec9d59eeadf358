"""What docs/operations.md says of sizes: articles an hour a core by their length, memory of a worker and of Redis.

    DEPECHE_PROFILE=embedded python -m benchmarks.sizing [--articles 6] [--lengths 500,2000,5000]
    python -m benchmarks.sizing --redis

The first starts a real worker with the environment's settings on a Redis of its own, without the cache, and sends it
articles of our own sentences; the second measures what articles, results and cached sentences take in Redis, with the
echo profile. Prints tables.
"""

from __future__ import annotations

import argparse
import random
import re
import time
import urllib.request
from contextlib import AbstractContextManager

from benchmarks.speed.workers import Worker, running
from config.settings import Settings, load_settings
from depeche.client import Client
from depeche.redis_client import connect
from tests.checkpoints.articles import ARTICLES
from worker.cache import RedisSentenceCache
from worker.embedded_redis import EmbeddedRedis
from worker.models.host import cores

ADDRESS = "127.0.0.1:9499"


def main() -> None:
    """Measure, and print a markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--redis", action="store_true")
    parser.add_argument("--articles", type=int, default=6, help="of each length")
    parser.add_argument("--lengths", default="500,2000,5000", help="characters")
    args = parser.parse_args()
    if args.redis:
        measure_redis()
    else:
        measure_worker([int(length) for length in args.lengths.split(",")], args.articles)


def article(chars: int, seed: int) -> str:
    """Sentences of our own articles in a random order, in paragraphs of four, each with a number of its own."""
    chance = random.Random(seed)
    sentences = [pair.french for source in ARTICLES for pair in source.sentences]
    text = ""
    while len(text) < chars:
        picked = [f"{chance.choice(sentences)} Le total est de {chance.randrange(10_000)} euros." for _ in range(2)]
        text += " ".join(picked) + "\n\n"
    return text[:chars].rpartition(".")[0] + "."


def measure_worker(lengths: list[int], count: int) -> None:
    """One worker, lengths one after the other."""
    with EmbeddedRedis() as server:
        settings = load_settings(redis_url=server.url)
        with running_worker(settings) as worker, Client(settings) as client:
            print(f"profile {settings.profile}, {cores()} cores, ready after {worker.ready_s:.1f} s\n")
            print("| characters | articles an hour a core | sentences a second | worker's memory, MB |")
            print("| ---: | ---: | ---: | ---: |")
            for length in lengths:
                before = metric("depeche_sentences_total")
                started = time.perf_counter()
                ids = [client.submit(article(length, seed)) for seed in range(count)]
                for task_id in ids:
                    client.wait(task_id)
                seconds = time.perf_counter() - started
                hourly = count / seconds * 3600 / cores()
                sentences = (metric("depeche_sentences_total") - before) / seconds
                memory = metric("process_resident_memory_bytes") / 1e6
                print(f"| {length} | {hourly:.0f} | {sentences:.1f} | {memory:.0f} |", flush=True)


def measure_redis() -> None:
    """Memory by what is kept."""
    count, sentences = 500, 20_000
    with EmbeddedRedis() as server, connect(server.url) as raw:
        settings = load_settings(redis_url=server.url, profile="echo")

        def used() -> float:
            return float(raw.info("memory")["used_memory"]) / 1e6

        print("| in Redis | MB |\n| --- | ---: |")
        with Client(settings) as client:
            empty = used()
            ids = [client.submit(article(5000, seed)) for seed in range(count)]
            print(f"| 1000 waiting articles of 5000 characters | {(used() - empty) * 1000 / count:.1f} |")
            with running_worker(settings):
                for task_id in ids:
                    client.wait(task_id)
            print(f"| 1000 results of them | {(used() - empty) * 1000 / count:.1f} |", flush=True)
        full = used()
        cache = RedisSentenceCache(raw, max_sentences=10 * sentences, ttl_s=3600)
        english = [pair.english for source in ARTICLES for pair in source.sentences]
        for number in range(sentences):
            cache.put({f"{number:032x}": english[number % len(english)]})
        cache.flush()
        print(f"| 100 000 sentences in the cache | {(used() - full) * 100_000 / sentences:.1f} |")


def running_worker(settings: Settings) -> AbstractContextManager[Worker]:
    """A real worker with the environment's settings, ready and without a cache."""
    own = {"DEPECHE_PROFILE": settings.profile, "DEPECHE_METRICS_ADDR": ADDRESS, "DEPECHE_CACHE_SENTENCES": "0"}
    return running(settings.redis_url.get_secret_value(), environment=own)


def metric(name: str) -> float:
    """A series without labels, of the worker."""
    with urllib.request.urlopen(f"http://{ADDRESS}/metrics", timeout=10) as page:
        found = re.search(rf"^{name} (\S+)$", page.read().decode(), re.MULTILINE)
    assert found
    return float(found[1])


if __name__ == "__main__":
    main()
