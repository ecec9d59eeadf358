"""Makes every Redis client of the project from a URL, with or without TLS and Sentinel.

redis-py is imported for the first connection and not together with this module. Its import takes about as long as that
of all the rest of the package, and many programs that import the package never connect.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from depeche.errors import DepecheError, QueueFull, RedisUnavailable, UnknownJob
from depeche.redis_url import ENCODED, RedisAddress, mask_url, parse_redis_url

if TYPE_CHECKING:
    import redis

#: Every script changes several keys of the ledger in one step, which a cluster can only do with all keys on one node.
INSTEAD_OF_CLUSTER = "take one server, or Sentinel for fail-over"

CONNECT_TIMEOUT_S = 5
#: How long to wait for an answer. Then a half-open connection is given up.
SOCKET_TIMEOUT_S = 15

#: More than a server takes by default, which thus has the last word.
MAX_CONNECTIONS = 10_000

#: No command is tried again after so long. The last try may take :data:`SOCKET_TIMEOUT_S` more.
GIVE_UP_S = 45

#: After so long without a usable connection, :data:`on_wait` is told.
PATIENCE_S = 1.0

#: Is called, in a thread of its own, with one line for the user while a connection is waited for. The commands set it.
on_wait: Callable[[str], None] | None = None


def connect(url: str) -> redis.Redis:
    """A thread-safe client that gives up on a silent Redis within a minute. It asks Sentinel, if there is one.

    Raises:
        ValueError: the URL has none of the forms that we know.
    """
    import redis
    from redis.sentinel import Sentinel

    address, retry = parse_redis_url(url), _retry(url)
    options = redis_options(address, retry)
    if address.master:
        login = sentinel_options(address) | {"retry": _once_more()}
        sentinel: Any = Sentinel(list(address.hosts), sentinel_kwargs=login, **options)  # type: ignore[no-untyped-call]
        client: redis.Redis = sentinel.master_for(address.master)
        return client
    (host, port) = address.hosts[0]
    return redis.Redis(host, port, **options)


def redis_options(address: RedisAddress, retry: Any) -> dict[str, Any]:
    """The arguments with which redis-py connects to the server; ``retry`` is its policy of trying again."""
    return {
        "username": address.username,
        "password": address.password,
        "db": address.database,
        "decode_responses": True,
        # Anybody may have written bytes that are not UTF-8. They come as surrogates, and go back as the same bytes.
        "encoding_errors": "surrogateescape",
        "socket_connect_timeout": CONNECT_TIMEOUT_S,
        "socket_timeout": SOCKET_TIMEOUT_S,
        "health_check_interval": 10,
        # Any number of threads may share a client, and redis-py's own bound of 100 would fail the others at once.
        "max_connections": MAX_CONNECTIONS,
        "retry": retry,
        **address.client_tls,
    }


def refusal(client: redis.Redis, url: str) -> str | None:
    """Why this Redis can never be used, however long one waits; None if it can, or if that is not known.

    Raises:
        redis.RedisError: it does not answer, or not as it should; later it may.
    """
    import redis

    try:
        return refusal_in(client.info("cluster"), url)
    except redis.AuthenticationError as error:
        return why_refused(error, url)
    except redis.exceptions.NoPermissionError:
        return None


def refusal_in(cluster: Any, url: str) -> str | None:
    """Why this Redis can never be used, from its answer to ``INFO cluster``; None if it can."""
    if cluster.get("cluster_enabled"):
        return f"{mask_url(url)} is a Redis Cluster, which is not supported: {INSTEAD_OF_CLUSTER}"
    return None


def why_refused(error: redis.AuthenticationError, url: str) -> str:
    """One line on a login that Redis does not take, and what to do."""
    address, where = parse_redis_url(url), mask_url(url)
    if not (address.username or address.password):
        return (
            f"{where} wants a password, and DEPECHE_REDIS_URL has none: put user:password@ before the host; {ENCODED}"
        )
    return f"{where} refuses user or password in DEPECHE_REDIS_URL ({describe(error)}): mend them; {ENCODED}"


def describe(error: BaseException) -> str:
    """One line on a connection's failure."""
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__


def _retry(url: str) -> Any:
    """redis-py's own policy of trying again, with two bounds, and with a word to the user.

    It does not try again where Redis refuses the login, as waiting does not mend that. And it does not try again once
    :data:`GIVE_UP_S` are over. redis-py would try each command up to 11 times, and connect and test the connection up
    to 11 times in each try. With a Redis that takes connections and never answers, that is half an hour.

    Who waits for longer than :data:`PATIENCE_S` is told so.
    """
    from redis.backoff import ExponentialWithJitterBackoff
    from redis.retry import Retry

    class BoundedRetry(Retry):
        # Each connection has a copy. While all goes well, it costs no timer to wait for a long answer.
        answered = False
        trying = False
        ends_at: float | None = None

        def call_with_retry(self, do: Any, fail: Any, is_retryable: Any = None, *others: Any, **options: Any) -> Any:
            may_pass = unless_refused(is_retryable)
            if self.trying:
                # What a command needs, such as its connection, is tried once for each try of the command.
                return super().call_with_retry(do, then_give_up(fail), may_pass, *others, **options)
            if self.ends_at is not None:
                # What a command needs before its next try has the rest of the command's time.
                return super().call_with_retry(self._try(do), until(self.ends_at, fail), may_pass, *others, **options)
            self.ends_at, notice = time.monotonic() + GIVE_UP_S, _Notice(url)

            def failed(error: Exception, *count: int) -> None:
                self.answered = False
                notice.start()
                fail(error, *count)

            if not self.answered:
                notice.start()
            try:
                bounded = until(self.ends_at, failed)
                answer = super().call_with_retry(self._try(do), bounded, may_pass, *others, **options)
                self.answered = True
                return answer
            finally:
                self.ends_at = None
                notice.cancel()

        def _try(self, do: Callable[[], Any]) -> Callable[[], Any]:
            def once() -> Any:
                self.trying = True
                try:
                    return do()
                finally:
                    self.trying = False

            return once

    return BoundedRetry(ExponentialWithJitterBackoff(base=0.01, cap=1), retries=10)


def _once_more() -> Any:
    """How Sentinels are asked, for each try of a command: a connection that they have closed is opened anew."""
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return Retry(NoBackoff(), 1)


def then_give_up(fail: Callable[..., Any]) -> Callable[..., None]:
    """What to do when a try has failed that is the only one."""

    def failed(error: Exception, *count: int) -> None:
        fail(error, *count)
        raise error

    return failed


def until(ends_at: float, fail: Callable[..., Any]) -> Callable[..., None]:
    """What to do when a try has failed, and there are others until a moment of the monotonic clock."""

    def failed(error: Exception, *count: int) -> None:
        fail(error, *count)
        if time.monotonic() >= ends_at:
            raise error

    return failed


def unless_refused(is_retryable: Any) -> Callable[[Exception], bool]:
    """What says whether to try again: as ``is_retryable``, if there is one, but not where Redis refuses the login."""
    from redis.exceptions import AuthenticationError

    return lambda error: (
        not isinstance(error, AuthenticationError) and (is_retryable is None or bool(is_retryable(error)))
    )


class _Notice:
    """Tells the user after a second what is waited for, unless it is there by then."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._timer: threading.Timer | None = None

    def start(self) -> None:
        if self._timer is None and (tell := on_wait) is not None:
            line = f"waiting for Redis at {mask_url(self._url)}, which does not answer"
            self._timer = threading.Timer(PATIENCE_S, tell, (line,))
            self._timer.daemon = True
            self._timer.start()

    def cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()


def sentinel_options(address: RedisAddress) -> dict[str, Any]:
    """The arguments with which redis-py connects to the Sentinels themselves."""
    return {"socket_connect_timeout": 1, "socket_timeout": 1, **address.sentinel_login, **address.client_tls}


@contextmanager
def redis_faults(url: str) -> Iterator[None]:
    """Within it, what goes wrong with the Redis at ``url`` is raised as a producer's error.

    Raises:
        QueueFull: it is full.
        RedisUnavailable: it does not answer, or does not do what it is asked.
        UnknownJob: there can be no job with this id.
    """
    import redis

    try:
        yield
    except DepecheError:
        raise
    except UnicodeEncodeError:
        raise UnknownJob("no job has this id: it is not valid Unicode") from None
    except (redis.RedisError, OSError) as error:
        raise as_depeche_error(error, url) from error


def timestamp(answer: Any) -> float:
    """Seconds since 1970 by Redis' clock, from its answer to TIME."""
    seconds, microseconds = answer
    return float(seconds) + float(microseconds) / 1e6


def server_name(info: Mapping[str, Any]) -> str:
    """What a server is, such as ``Redis 8.2.3`` or ``Valkey 9.1.2``, from its answer to INFO."""
    # Valkey also has a redis_version, which is that of the Redis from which it went its own way.
    if "valkey_version" in info:
        return f"Valkey {info['valkey_version']}"
    return f"Redis {info['redis_version']}"


def as_depeche_error(error: Exception, url: str) -> DepecheError:
    """The error for a producer when the Redis at ``url`` does not do what it was asked."""
    import redis

    if is_out_of_memory(error):
        return out_of_memory()
    if isinstance(error, redis.AuthenticationError):
        refused = RedisUnavailable(why_refused(error, url))
        refused.final = True
        return refused
    if "WRONGTYPE" in str(error):
        return spoilt_key(url)
    return RedisUnavailable(
        f"no usable Redis at {mask_url(url)}: {describe(error)}; start it, or set DEPECHE_REDIS_URL"
    )


def spoilt_key(url: str) -> RedisUnavailable:
    """The error for a producer when a key in the Redis at ``url`` is of another type than it should be."""
    return RedisUnavailable(
        f"a key of Dépêche's in the Redis at {mask_url(url)} is of another type, as another program has written to it: "
        "a running worker sets it aside within seconds; then try again"
    )


def is_out_of_memory(error: Exception) -> bool:
    """Whether Redis has refused a write because it is full."""
    import redis

    # Redis 6.2 hides the code of an error within a script in the middle of its text.
    return isinstance(error, redis.OutOfMemoryError) or "OOM " in str(error)


def is_forbidden(error: Exception) -> bool:
    """Whether Redis has refused a command, of a script too, as this user has no right to it."""
    import redis

    # redis-py knows the error of a command alone; that of a script has another form in each version of Redis.
    return isinstance(error, redis.exceptions.NoPermissionError) or any(
        words in str(error) for words in ("NOPERM", "has no permissions", "The user executing the script can't")
    )


def out_of_memory() -> QueueFull:
    """The error for a producer when Redis has too little memory left."""
    return QueueFull(
        "Redis is out of memory, and nothing was queued: raise its maxmemory, start more workers, or submit again later"
    )
