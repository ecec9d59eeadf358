"""Makes every Redis client of the project from a URL, with or without TLS and Sentinel.

redis-py is imported for the first connection and not together with this module. Its import takes about as long as that
of all the rest of the package, and many programs that import the package never connect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from depeche.redis_url import RedisAddress, parse_redis_url

if TYPE_CHECKING:
    import redis

CONNECT_TIMEOUT_S = 5
#: How long to wait for an answer. Then a half-open connection is given up.
SOCKET_TIMEOUT_S = 15


def connect(url: str) -> redis.Redis:
    """A thread-safe client that gives up on a silent Redis within seconds. It asks Sentinel for the master, if need be.

    Raises:
        ValueError: the URL has none of the forms that we know.
    """
    import redis
    from redis.sentinel import Sentinel

    address = parse_redis_url(url)
    options: dict[str, Any] = {
        "username": address.username,
        "password": address.password,
        "db": address.database,
        "decode_responses": True,
        "socket_connect_timeout": CONNECT_TIMEOUT_S,
        "socket_timeout": SOCKET_TIMEOUT_S,
        "health_check_interval": 10,
        **address.client_tls,
    }
    if address.master:
        sentinel: Any = Sentinel(list(address.hosts), sentinel_kwargs=sentinel_options(address), **options)  # type: ignore[no-untyped-call]
        client: redis.Redis = sentinel.master_for(address.master)
        return client
    (host, port) = address.hosts[0]
    return redis.Redis(host, port, **options)


def sentinel_options(address: RedisAddress) -> dict[str, Any]:
    """The arguments with which redis-py connects to the Sentinels themselves."""
    return {"socket_connect_timeout": 1, "socket_timeout": 1, **address.sentinel_login, **address.client_tls}


def timestamp(answer: Any) -> float:
    """Seconds since 1970 by Redis' clock, from its answer to TIME."""
    seconds, microseconds = answer
    return float(seconds) + float(microseconds) / 1e6
