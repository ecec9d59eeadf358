"""The one way to a Redis client: from a URL, with or without TLS and Sentinel."""

from __future__ import annotations

from typing import Any

import redis
from redis.sentinel import Sentinel

from config.queue import CONNECT_TIMEOUT_S, SOCKET_TIMEOUT_S, sentinel_options
from config.redis_url import parse_redis_url


def connect(url: str) -> redis.Redis:
    """A thread-safe client that gives up on a silent Redis within seconds, and asks Sentinel, if any, who is master.

    Raises:
        ValueError: the URL is none that we know.
    """
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


def timestamp(answer: Any) -> float:
    """Seconds since 1970 by Redis' clock, from its answer to TIME."""
    seconds, microseconds = answer
    return float(seconds) + float(microseconds) / 1e6
