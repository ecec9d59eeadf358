"""Makes every asyncio client of the project from a URL; :mod:`depeche.redis_client` has the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from depeche.redis_client import redis_options, sentinel_options, unless_refused
from depeche.redis_url import parse_redis_url

if TYPE_CHECKING:
    import redis.asyncio


def connect_async(url: str, *, retries: bool = True) -> redis.asyncio.Redis:
    """A client that gives up on a silent Redis within seconds. It belongs to the event loop in which it is used first.

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
        login = sentinel_options(address) | {"retry": _retry()}
        sentinel: Any = Sentinel(list(address.hosts), sentinel_kwargs=login, **options)  # type: ignore[no-untyped-call]
        client: redis.asyncio.Redis = sentinel.master_for(address.master)
        return client
    (host, port) = address.hosts[0]
    return redis.asyncio.Redis(host=host, port=port, **options)


def _retry() -> Any:
    """redis-py's own policy of trying again, but not where Redis refuses the login: waiting does not mend that."""
    from redis.asyncio.retry import Retry
    from redis.backoff import ExponentialWithJitterBackoff

    class RetryUnlessRefused(Retry):
        async def call_with_retry(
            self, do: Any, fail: Any, is_retryable: Any = None, *others: Any, **options: Any
        ) -> Any:
            return await super().call_with_retry(do, fail, unless_refused(is_retryable), *others, **options)

    return RetryUnlessRefused(ExponentialWithJitterBackoff(base=0.01, cap=1), retries=10)


def _once() -> Any:
    """No policy: each failure is the caller's, who would not notice else that the connection is another one."""
    from redis.asyncio.retry import Retry
    from redis.backoff import NoBackoff

    class Once(Retry):
        async def call_with_retry(self, do: Any, *_: Any, **__: Any) -> Any:
            return await do()

    return Once(NoBackoff(), 0)
