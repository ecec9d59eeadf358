"""Hears of the ends of jobs from Redis, for :mod:`depeche.waiting`: a channel for each job, on one connection."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from depeche.keys import ENDED_CHANNEL

if TYPE_CHECKING:
    import redis


def channels(task_ids: list[str]) -> list[str]:
    """The channels on which the ends of these jobs are told."""
    return [ENDED_CHANNEL + task_id for task_id in task_ids]


def heard_of(message: Any) -> str | None:
    """The job that a message is about, in redis-py's form; None where it is about none.

    The word that a subscription holds counts too: a job may have ended before.
    """
    if message is None or message["type"] not in {"message", "subscribe"}:
        return None
    return str(message["channel"]).removeprefix(ENDED_CHANNEL)


class RedisListener:
    """The :class:`depeche.waiting.Listener` of one caller. Close it in the end, or use it as a context manager.

    Args:
        client: a connected client that decodes responses. Nothing is sent before the first job is listened to.
    """

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self._pubsub: redis.client.PubSub | None = None
        self._listening: set[str] = set()
        self._refused = False

    def __enter__(self) -> RedisListener:
        return self

    def __exit__(self, *_: object) -> None:
        self._hang_up()

    @property
    def refused(self) -> bool:
        """Whether this user of Redis may not listen."""
        return self._refused

    def listen(self, task_ids: list[str]) -> None:
        """Listen to these jobs too; where one is new, it is heard once as soon as that is so."""
        new = [task_id for task_id in task_ids if task_id not in self._listening]
        if not new or self._refused:
            return
        with self._faults():
            self._pubsub = self._pubsub or self._client.pubsub()  # type: ignore[no-untyped-call]
            self._listening.update(new)
            self._pubsub.subscribe(*channels(new))

    def forget(self, task_ids: list[str]) -> None:
        """Listen to these no more."""
        known = [task_id for task_id in task_ids if task_id in self._listening]
        if not known or not self._pubsub:
            return
        with self._faults():
            self._listening.difference_update(known)
            self._pubsub.unsubscribe(*channels(known))  # type: ignore[no-untyped-call]

    def renew(self) -> None:
        """Forget what was listened to, and connect anew for the next job."""
        self._hang_up()

    def hear(self, timeout_s: float) -> list[str]:
        """The jobs to look at, as they were heard of. Returns after the first ones, or when the time is over."""
        if self._pubsub is None:
            time.sleep(timeout_s)
            return []
        listening, found = list(self._listening), list[str | None]()
        with self._faults():
            message = self._pubsub.get_message(timeout=timeout_s)
            while message is not None:
                found.append(heard_of(message))
                message = self._pubsub.get_message(timeout=0)
        # Without its connection it has heard nothing of what happened since, so that all are to be looked at.
        return [task_id for task_id in found if task_id] if self._pubsub else listening

    @contextmanager
    def _faults(self) -> Iterator[None]:
        import redis

        try:
            yield
        except redis.exceptions.NoPermissionError:
            self._refused = True
            self._hang_up()
        except (redis.RedisError, OSError):
            # Whoever looks at a job hears what is wrong with Redis. The next job that is looked at connects anew.
            self._hang_up()

    def _hang_up(self) -> None:
        pubsub, self._pubsub = self._pubsub, None
        self._listening.clear()
        if pubsub:
            pubsub.close()
