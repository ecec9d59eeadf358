"""What it costs to look for a message of another program: ``python -m benchmarks.search [MESSAGES] [CHARACTERS]``.

Fills a Redis of its own with messages that have no record, asks for the status of an id that was never sent, and for
that of the oldest message, and measures how long Redis serves nobody else meanwhile.
"""

from __future__ import annotations

import json
import sys
import threading
import time
import uuid
from typing import Any

import redis

from benchmarks.submitting import redis_cpu_s
from config.settings import load_settings
from depeche import messages
from depeche.client import Client
from worker.embedded_redis import EmbeddedRedis

SENTENCE = "Le conseil municipal a voté le budget de la bibliothèque lundi soir. "


def main() -> None:
    """Print one line for each question."""
    count, chars = (int(text) for text in (*sys.argv[1:], "100000", "4400")[:2])
    with EmbeddedRedis() as server, Client(load_settings(redis_url=server.url)) as client:
        plain = redis.Redis.from_url(server.url)
        oldest = fill(plain, count, chars)
        print(
            f"{count} messages of {chars} characters, {(plain.memory_usage('articles', samples=0) or 0) / 1e6:.0f} MB"
        )
        for name, task_id in (("never sent", str(uuid.uuid4())), ("the oldest", oldest)):
            for _ in range(3):
                ask(plain, client, name, task_id)


def fill(plain: redis.Redis, count: int, chars: int) -> str:
    """Queue so many articles as another program does; returns the id of the first."""
    article = {"text": (SENTENCE * (chars // len(SENTENCE) + 1))[:chars]}
    ids = [str(uuid.uuid4()) for _ in range(count)]
    for start in range(0, count, 500):
        plain.lpush("articles", *(messages.compose(id, "normal", [article], {}) for id in ids[start : start + 500]))
    return ids[0]


def ask(plain: redis.Redis, client: Client, name: str, task_id: str) -> None:
    """Ask for one status, while another connection sees how long it waits for an answer."""
    longest, done = [0.0], threading.Event()

    def ping() -> None:
        while not done.is_set():
            started = time.perf_counter()
            plain.ping()
            longest[0] = max(longest[0], time.perf_counter() - started)
            # The server's own share of this must not be what is measured.
            time.sleep(0.002)

    cpu, steps = redis_cpu_s(plain), scripts(plain)
    thread = threading.Thread(target=ping)
    thread.start()
    started = time.perf_counter()
    state = client.status(task_id).state
    took_s = time.perf_counter() - started
    done.set()
    thread.join()
    spent = {
        "id": name,
        "state": str(state),
        "wall_s": round(took_s, 3),
        "redis_cpu_s": round(redis_cpu_s(plain) - cpu, 3),
        "steps": scripts(plain) - steps,
        "longest_ping_ms": round(longest[0] * 1000, 1),
    }
    print(json.dumps(spent))


def scripts(plain: redis.Redis) -> int:
    """How many scripts it has run."""
    stats: Any = plain.info("commandstats")
    return int(stats.get("cmdstat_evalsha", {}).get("calls", 0))


if __name__ == "__main__":
    main()
