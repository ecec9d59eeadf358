"""How soon a producer has a result on an idle worker (echo profile), and what a thousand waiting tasks cost.

    python -m benchmarks.waiting --jobs 300 --waits 1000

The first table is of one job at a time: how long its worker took, and how long after the job's end `wait` returned;
once as usual, and once by looking alone, as a user of Redis does that may not listen. The second is of one process.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from benchmarks.speed.workers import Worker, running
from config.settings import Settings, load_settings
from depeche.async_client import AsyncClient
from depeche.client import Client
from depeche.listener import RedisListener
from worker.embedded_redis import EmbeddedRedis


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=300)
    parser.add_argument("--waits", type=int, default=1000)
    arguments = parser.parse_args()
    with EmbeddedRedis() as server:
        settings = load_settings(redis_url=server.url)
        with worker(server.url), Client(settings) as client:
            client.wait(client.submit("Un essai."))
            print(f"{'milliseconds, 50th / 90th / 99th of 100':<44}{'in work':>22}{'end to wait':>22}{'in all':>22}")
            show("Client.wait", latencies(client, arguments.jobs))
            show("AsyncClient.wait", asyncio.run(async_latencies(settings, arguments.jobs)))
            listen = RedisListener.listen
            RedisListener.listen = lambda self, task_ids: None  # type: ignore[method-assign]
            show("Client.wait, looking alone", latencies(client, arguments.jobs))
            RedisListener.listen = listen  # type: ignore[method-assign]
        asyncio.run(waits(settings, arguments.waits, lambda: worker(server.url)))


def worker(url: str) -> AbstractContextManager[Worker]:
    """A real worker with the echo profile, ready."""
    return running(url, environment={"DEPECHE_PROFILE": "echo"})


#: Of one job: seconds in work, from its end to the return of `wait`, and from the submit to then.
Latency = tuple[float, float, float]


def latency(record: dict[str, str], submitted: float, waited: float) -> Latency:
    """From the job's record, whose times are of the same machine's clock."""
    started, finished = float(record["started_at"]), float(record["finished_at"])
    return finished - started, waited - finished, waited - submitted


def latencies(client: Client, jobs: int) -> list[Latency]:
    """Of one job after the other."""
    found = []
    for number in range(jobs):
        submitted = time.time()
        task_id = client.submit(f"Le train numéro {number} part.")
        client.wait(task_id)
        waited = time.time()
        record: Any = client._redis.hgetall(f"depeche:job:{task_id}")
        found.append(latency(record, submitted, waited))
    return found


async def async_latencies(settings: Settings, jobs: int) -> list[Latency]:
    """The same with the client for asyncio."""
    found = []
    async with AsyncClient(settings) as client:
        for number in range(jobs):
            submitted = time.time()
            task_id = await client.submit(f"Le train numéro {number} part.")
            await client.wait(task_id)
            waited = time.time()
            record: Any = await client._redis.hgetall(f"depeche:job:{task_id}")
            found.append(latency(record, submitted, waited))
    return found


def show(name: str, found: list[Latency]) -> None:
    """A line of the table."""
    cells = []
    for column in zip(*found, strict=True):
        cuts = statistics.quantiles(column, n=100)
        cells.append(" / ".join(f"{cuts[at - 1] * 1000:.1f}" for at in (50, 90, 99)))
    print(f"{name:<44}" + "".join(f"{cell:>22}" for cell in cells))


async def waits(settings: Settings, count: int, start: Callable[[], AbstractContextManager[Worker]]) -> None:
    """What so many tasks that wait at the same time cost their process."""
    async with AsyncClient(settings) as client:
        await client.status("nobody")
        ids = [done.task_id or "" async for done in client.submit_many(["Le train part."] * count)]
        memory, cpu = resident_mb(), time.process_time()
        tasks = [asyncio.create_task(client.wait(task_id)) for task_id in ids]
        while len(await client._redis.pubsub_channels("depeche:ended:*")) < count:
            await asyncio.sleep(0.05)
        connections = (await client._redis.info("clients"))["connected_clients"]
        print(
            f"\n{count} tasks wait: {resident_mb() - memory:.1f} MB more, {connections} connections, "
            f"{time.process_time() - cpu:.2f} s of CPU until all listen"
        )
        cpu, began = time.process_time(), time.monotonic()
        await asyncio.sleep(20)
        print(f"while nothing ends: {(time.process_time() - cpu) / (time.monotonic() - began):.1%} of one core")
        cpu = time.process_time()
        with start():
            await asyncio.gather(*tasks)
        print(f"all have their results: {(time.process_time() - cpu) / count * 1000:.2f} ms of CPU each")


def resident_mb() -> float:
    """Memory of this process, in MB."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGESIZE") / 1e6


if __name__ == "__main__":
    main()
