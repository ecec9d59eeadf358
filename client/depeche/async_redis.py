"""Makes every asyncio client of the project from a URL; :mod:`depeche.redis_client` has the others."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from depeche.redis_client import GIVE_UP_S, redis_options, sentinel_options, unless_refused
from depeche.redis_url import parse_redis_url

if TYPE_CHECKING:
    import redis.asyncio


def connect_async(url: str, *, retries: bool = True) -> redis.asyncio.Redis:
    """A client that gives up on a silent Redis within a minute. It belongs to the event loop in which it is used first.

    Args:
        url: as for :func:`depeche.redis_client.connect`.
        retries: whether a command is sent again where the connection breaks.

    Raises:
        ValueError: the URL has none of the forms that we know.
    """
    import redis.asyncio
    from redis.asyncio.sentinel import Sentinel

    address, retry = parse_redis_url(url), _retry() if retries else _once()
    options = redis_options(address, retry)
    if address.master:
        login = sentinel_options(address) | {"retry": _once_more()}
        sentinel: Any = Sentinel(list(address.hosts), sentinel_kwargs=login, **options)  # type: ignore[no-untyped-call]
        client: redis.asyncio.Redis = sentinel.master_for(address.master)
        return client
    (host, port) = address.hosts[0]
    return redis.asyncio.Redis(host=host, port=port, **options)


def _retry() -> Any:
    """redis-py's own policy of trying again, with the bounds of that of :mod:`depeche.redis_client`."""
    from redis.asyncio.retry import Retry
    from redis.backoff import ExponentialWithJitterBackoff

    class BoundedRetry(Retry):
        async def call_with_retry(
            self, do: Any, fail: Any, is_retryable: Any = None, *others: Any, **options: Any
        ) -> Any:
            may_pass = unless_refused(is_retryable)
            # One task may read from a connection while another one writes to it, so each has its own state.
            state = _state.get()
            if state.trying:
                return await super().call_with_retry(do, _then_give_up(fail), may_pass, *others, **options)
            ends_at = state.ends_at or time.monotonic() + GIVE_UP_S
            token = _state.set(_State(ends_at))
            try:
                bounded = super().call_with_retry(_try(do), _until(ends_at, fail), may_pass, *others, **options)
                return await _unless_cancelled(bounded)
            finally:
                _state.reset(token)

    return BoundedRetry(ExponentialWithJitterBackoff(base=0.01, cap=1), retries=10)


@dataclass(frozen=True)
class _State:
    """What a task does: until when its command is tried again, by the monotonic clock, and whether a try goes on."""

    ends_at: float = 0.0
    trying: bool = False


_NOTHING = _State()
_state: ContextVar[_State] = ContextVar("depeche.async_redis", default=_NOTHING)


async def _unless_cancelled(call: Awaitable[Any]) -> Any:
    """What the call answers, unless the task was cancelled meanwhile.

    redis-py sends within ``asyncio.wait_for``. That of Python 3.11 returns as if nothing had happened where a task is
    cancelled just when its bytes have gone out (python/cpython#86296), so whoever cancelled it would wait for ever. The
    task still counts that it was cancelled.
    """
    task = asyncio.current_task()
    before = task.cancelling() if task else 0
    try:
        answer = await call
    except Exception as error:
        if task and task.cancelling() > before:
            raise asyncio.CancelledError from error
        raise
    if task and task.cancelling() > before:
        raise asyncio.CancelledError
    return answer


def _try(do: Callable[[], Awaitable[Any]]) -> Callable[[], Awaitable[Any]]:
    async def once() -> Any:
        token = _state.set(replace(_state.get(), trying=True))
        try:
            return await do()
        finally:
            _state.reset(token)

    return once


def _then_give_up(fail: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[None]]:
    async def failed(error: Exception, *count: int) -> None:
        await fail(error, *count)
        raise error

    return failed


def _until(ends_at: float, fail: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[None]]:
    async def failed(error: Exception, *count: int) -> None:
        await fail(error, *count)
        if time.monotonic() >= ends_at:
            raise error

    return failed


def _once_more() -> Any:
    """How Sentinels are asked, for each try of a command."""
    from redis.asyncio.retry import Retry
    from redis.backoff import NoBackoff

    return Retry(NoBackoff(), 1)


def _once() -> Any:
    """No policy: each failure is the caller's, who would not notice else that the connection is another one."""
    from redis.asyncio.retry import Retry
    from redis.backoff import NoBackoff

    class Once(Retry):
        async def call_with_retry(self, do: Any, *_: Any, **__: Any) -> Any:
            return await _unless_cancelled(do())

    return Once(NoBackoff(), 0)
