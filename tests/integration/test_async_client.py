"""The client for asyncio does what the other one does; any number of tasks wait on one connection."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import redis

import depeche
from config.settings import Settings, load_settings
from depeche import AsyncClient, Client, JobState, JobStatus
from depeche.article import JobError
from depeche.async_client import CONNECTIONS
from depeche.async_redis import connect_async
from depeche.async_waiting import AsyncListener
from depeche.testing import make_result
from tests.integration.test_waiting import listeners
from worker.embedded_redis import EmbeddedRedis
from worker.ledger import RedisLedger

pytestmark = pytest.mark.integration

TEXT = "Le marché couvert rouvre dimanche."
ENGLISH = "The covered market opens again on Sunday."


def finish(ledger: RedisLedger, task_id: str, state: JobState = JobState.SUCCEEDED) -> None:
    """As a worker does."""
    token = ledger.claim(task_id, "w", f"c {task_id}", lease_s=60, max_attempts=3, alone=True).token
    if state is JobState.SUCCEEDED:
        result = make_result(depeche.Article(text=TEXT), ENGLISH, task_id=task_id).model_dump(mode="json")
        assert ledger.succeed(task_id, token, "c", result)
    else:
        assert ledger.end(task_id, token, "c", state, "TooLong", JobError(code="too_long", message="It is too long."))


def finish_all(ledger: RedisLedger, task_ids: Iterable[str]) -> None:
    """One after the other."""
    for task_id in task_ids:
        finish(ledger, task_id)


@pytest.fixture
def ledger(raw: redis.Redis) -> RedisLedger:
    """As a worker has it."""
    return RedisLedger(raw, 60)


def with_client(settings: Settings, act: Callable[[AsyncClient], Awaitable[Any]]) -> Any:
    """What an async function does with a client of its own."""

    async def run() -> Any:
        async with AsyncClient(settings) as client:
            return await act(client)

    return asyncio.run(run())


async def until(predicate: Callable[[], Any], description: str) -> None:
    """As ``wait_until``, while the other tasks go on."""
    for _ in range(2000):
        if predicate():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"gave up: {description}")


def test_it_has_the_methods_of_the_other() -> None:
    """With the same arguments, of the same types; what operators and dead letters need is the other's alone."""
    wanted = "submit submit_many status statuses result result_of cancel wait as_completed wait_many".split()
    for name in wanted:
        ours, theirs = (inspect.signature(getattr(kind, name)) for kind in (AsyncClient, Client))
        assert list(ours.parameters) == list(theirs.parameters), name
        for parameter in ours.parameters.values():
            assert (parameter.default, parameter.kind) == (
                theirs.parameters[parameter.name].default,
                theirs.parameters[parameter.name].kind,
            )


def test_the_way_of_an_article(settings: Settings, ledger: RedisLedger) -> None:
    """Submitted with a key twice, followed, waited for and fetched; another one cancelled; nothing is left open."""

    async def act(client: AsyncClient) -> None:
        task_id = await client.submit(TEXT, key="afp-7", priority="high")
        assert await client.submit(TEXT, key="afp-7", priority="high") == task_id
        with pytest.raises(depeche.KeyConflict):
            await client.submit("Un autre article.", key="afp-7")
        assert (await client.status(task_id)).state is JobState.QUEUED
        with pytest.raises(depeche.NotReady, match="queued"):
            await client.result(task_id)
        seen: list[JobStatus] = []
        waits = asyncio.create_task(client.wait(task_id, on_status=seen.append))
        await until(lambda: seen, "it was looked at")
        finish(ledger, task_id)
        assert (await waits).text_en == (await client.result(task_id)).text_en == ENGLISH
        assert [str(seen[0].state), str(seen[-1].state)] == ["queued", "succeeded"]
        other = await client.submit(TEXT)
        assert (await client.cancel(other)).state is JobState.CANCELLED
        with pytest.raises(depeche.JobFailed, match="cancelled"):
            await client.wait(other)
        for call in (client.cancel, client.result, client.wait):
            with pytest.raises(depeche.UnknownJob):
                await call("nobody")

    with_client(settings, act)


def test_many_in(settings: Settings, ledger: RedisLedger) -> None:
    """Answers come in the order of the input, refusals among them; a full queue is waited for, or ends it."""
    small = load_settings(redis_url=settings.redis_url, max_queue_length=2)

    async def act(client: AsyncClient) -> None:
        given: list[str | depeche.Item] = [TEXT, "123", depeche.Item(TEXT, key="a"), depeche.Item(TEXT, key="a")]
        found = [done async for done in client.submit_many(given)]
        assert [done.outcome for done in found] == ["queued", "refused", "queued", "exists"]
        told: list[str] = []

        def room(error: depeche.QueueFull) -> None:
            told.append(str(error))
            for done in found[:3:2]:
                ledger.cancel(done.task_id or "")
            ledger._client.delete("articles")

        more = [done.position async for done in client.submit_many([TEXT, TEXT], on_full=room)]
        assert (more, len(told)) == ([0, 1], 1)
        with pytest.raises(depeche.QueueFull):
            [done async for done in client.submit_many([TEXT])]

    with_client(small, act)


def test_a_thousand_wait_on_one_connection(
    settings: Settings, client: Client, raw: redis.Redis, ledger: RedisLedger
) -> None:
    """Each gets its own result; one connection listens for all, and one reads; then nothing is listened to."""
    ids = [client.submit(TEXT) for _ in range(1000)]
    before = int(raw.info("clients")["connected_clients"])

    async def act(waiting: AsyncClient) -> None:
        waits = [asyncio.create_task(waiting.wait(task_id)) for task_id in ids]
        await until(lambda: len(raw.pubsub_channels("depeche:ended:*")) == len(ids), "all are heard")
        assert int(raw.info("clients")["connected_clients"]) == before + 2
        await asyncio.to_thread(finish_all, ledger, reversed(ids))
        assert [result.id for result in await asyncio.gather(*waits)] == ids
        await until(lambda: not raw.pubsub_channels("depeche:ended:*"), "nothing is heard any more")

    with_client(settings, act)


def test_any_number_of_tasks_ask_at_once(settings: Settings, client: Client, raw: redis.Redis) -> None:
    """They take turns on some connections, and none of them is refused one."""
    ids = [client.submit(TEXT) for _ in range(300)]
    before = int(raw.info("stats")["total_connections_received"])

    async def act(asking: AsyncClient) -> None:
        statuses = await asyncio.gather(*(asking.status(task_id) for task_id in ids))
        assert [status.id for status in statuses] == ids

    with_client(settings, act)
    assert int(raw.info("stats")["total_connections_received"]) - before <= CONNECTIONS


def test_any_number_of_threads_ask_at_once(client: Client, redis_server: EmbeddedRedis) -> None:
    """A Client has a connection for each of them, however slow Redis is."""
    most, together = 150, threading.Barrier(150)

    def ask(number: int) -> JobState:
        together.wait(30)
        return client.status(f"{number}").state

    with ThreadPoolExecutor(most) as pool:
        answers = [pool.submit(ask, number) for number in range(most)]
        assert {answer.result() for answer in answers} == {JobState.UNKNOWN}


async def collected(statuses: AsyncIterator[JobStatus]) -> list[tuple[str, str]]:
    """Ids and states."""
    return [(status.id, str(status.state)) async for status in statuses]


def test_as_they_end_and_in_order(settings: Settings, client: Client, ledger: RedisLedger) -> None:
    """More than a window of ids, one of them twice, one of nobody and one that is no text."""
    ids = [client.submit(TEXT) for _ in range(1100)]
    given = [*ids, ids[0], "nobody", "\ud800"]
    expected = [(task_id, "succeeded") for task_id in [*ids, ids[0]]] + [("nobody", "unknown"), ("\\ud800", "unknown")]

    async def act(waiting: AsyncClient) -> None:
        calls = [
            asyncio.create_task(collected(call(iter(given)))) for call in (waiting.as_completed, waiting.wait_many)
        ]
        await asyncio.to_thread(finish_all, ledger, reversed(ids))
        ended, in_order = await asyncio.gather(*calls)
        assert (sorted(ended), in_order) == (sorted(expected), expected)

    with_client(settings, act)


@pytest.mark.parametrize("timeout_s", [0, 0.2])
def test_time_is_over(settings: Settings, client: Client, ledger: RedisLedger, timeout_s: float) -> None:
    """What has ended is given, and the others are named; a caller that goes away takes nothing from the others."""
    ended, waits = client.submit(TEXT), client.submit(TEXT)
    finish(ledger, ended)

    async def act(waiting: AsyncClient) -> None:
        found = waiting.as_completed([waits, ended], timeout_s)
        assert (await anext(found)).id == ended
        with pytest.raises(depeche.NotReady) as caught:
            await anext(found)
        assert caught.value.detail["ids"] == [waits]
        with pytest.raises(depeche.NotReady, match="queued"):
            await waiting.wait(waits, timeout_s)
        assert (await waiting.wait(ended, timeout_s)).text_en == ENGLISH
        with pytest.raises(depeche.NotReady):
            await collected(waiting.wait_many([waits, ended], timeout_s))
        first, second = (asyncio.create_task(waiting.wait(waits)) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        finish(ledger, waits)
        assert (await second).id == waits

    with_client(settings, act)


def test_a_callers_own_fault_is_its_own(settings: Settings, client: Client, ledger: RedisLedger) -> None:
    """A callback that raises ends one wait and not the others."""
    task_id = client.submit(TEXT)

    def broken(status: JobStatus) -> None:
        raise ZeroDivisionError

    async def act(waiting: AsyncClient) -> None:
        bad = asyncio.create_task(waiting.wait(task_id, on_status=broken))
        good = asyncio.create_task(waiting.wait(task_id))
        with pytest.raises(ZeroDivisionError):
            await bad
        finish(ledger, task_id)
        assert (await good).text_en == ENGLISH

    with_client(settings, act)


def test_whoever_may_not_listen_polls(
    settings: Settings, client: Client, ledger: RedisLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its waits end all the same."""
    monkeypatch.setattr("depeche.async_waiting.channels", lambda task_ids: [f"other:{task_id}" for task_id in task_ids])
    task_id = client.submit(TEXT)

    async def act(waiting: AsyncClient) -> None:
        waits = asyncio.create_task(waiting.wait(task_id))
        await until(lambda: client._redis.pubsub_channels("other:*"), "it listens to something else")
        finish(ledger, task_id)
        assert (await waits).text_en == ENGLISH

    with_client(settings, act)


def test_redis_is_away_meanwhile() -> None:
    """It is killed and started again, three times, under a hundred waits; each ends with its own result."""

    async def act(server: EmbeddedRedis, client: AsyncClient) -> None:
        ids = [done.task_id or "" async for done in client.submit_many([TEXT] * 100)]
        waits = [asyncio.create_task(client.wait(task_id)) for task_id in ids]
        every = asyncio.create_task(collected(client.as_completed(ids)))
        with redis.Redis.from_url(server.url, decode_responses=True) as raw:
            for _ in range(3):
                await until(lambda: listeners(raw, ids[-1]) == 1, "all are heard")
                await asyncio.to_thread(server.kill)
                await asyncio.sleep(0.3)
                await asyncio.to_thread(server.start)
            ledger = RedisLedger(raw, 60)
            await until(lambda: listeners(raw, ids[-1]) == 1, "all are heard again")
            await asyncio.to_thread(finish_all, ledger, ids)
            assert [result.id for result in await asyncio.gather(*waits)] == ids
            assert len(await every) == 100

    async def run() -> None:
        with EmbeddedRedis("always") as server:
            async with AsyncClient(load_settings(redis_url=server.url)) as client:
                await act(server, client)

    asyncio.run(run())


def test_redis_is_away_for_good() -> None:
    """Before it has answered once, that is said at once, to everybody; another try later is a new one."""

    async def run() -> None:
        with EmbeddedRedis() as server:
            server.stop()
            async with AsyncClient(load_settings(redis_url=server.url)) as client:
                waits = [client.wait("a"), client.wait("b"), collected(client.as_completed(["c"])), client.status("d")]
                found = await asyncio.gather(*waits, return_exceptions=True)
                assert [type(error) for error in found] == [depeche.RedisUnavailable] * 4
                server.start()
                with pytest.raises(depeche.UnknownJob):
                    await client.wait("a")

    asyncio.run(run())


def test_waits_end_with_the_client(settings: Settings, client: Client) -> None:
    """Whoever waits still is cancelled."""
    task_id = client.submit(TEXT)

    async def act() -> None:
        async with AsyncClient(settings) as waiting:
            waits = asyncio.create_task(waiting.wait(task_id))
            await asyncio.sleep(0.1)
        with pytest.raises(asyncio.CancelledError):
            await waits

    asyncio.run(act())


@pytest.mark.parametrize("retries", [True, False])
@pytest.mark.parametrize("in_pipeline", [True, False])
def test_what_is_cancelled_ends(settings: Settings, in_pipeline: bool, retries: bool) -> None:
    """A task is cancelled wherever it is in a command: it never goes on as if nothing had happened."""

    async def act() -> None:
        async with connect_async(settings.redis_url.get_secret_value(), retries=retries) as redis:

            async def ask() -> None:
                while True:
                    if in_pipeline:
                        async with redis.pipeline() as pipeline:
                            pipeline.get("a")
                            await pipeline.execute()
                    else:
                        await redis.get("a")

            for number in range(500):
                asks = asyncio.create_task(ask())
                await asyncio.sleep(number % 50 / 10_000)
                asks.cancel()
                ended, _ = await asyncio.wait({asks}, timeout=5)
                assert ended, number

    asyncio.run(act())


def test_it_is_one_cluster_or_login_away(settings: Settings) -> None:
    """What can never be used is refused as by the other client."""
    wrong = load_settings(redis_url=settings.redis_url.get_secret_value().replace("redis://:", "redis://:wrong"))

    async def act(client: AsyncClient) -> None:
        with pytest.raises(depeche.RedisUnavailable, match="refuses user or password"):
            await client.submit(TEXT)

    with_client(wrong, act)


def test_ears_that_may_not_hear() -> None:
    """They say so, and cost nothing any more."""

    async def run() -> None:
        with EmbeddedRedis() as server, redis.Redis.from_url(server.url) as admin:
            admin.acl_setuser(
                "old", enabled=True, passwords=["+secret"], keys=["*"], categories=["+@all"], reset_channels=True
            )
            url = f"redis://old:secret@127.0.0.1:{server.port}/0"
            async with AsyncClient(load_settings(redis_url=url)) as client:
                listener = AsyncListener(client._redis_for_listener)
                await listener.listen(["a"])
                assert await listener.hear(10) == ["a"]
                assert listener.refused
                await listener.listen(["b"])
                assert listener._pubsub is None

    asyncio.run(run())
