"""Translations in Redis, for all workers: two generations, of which the older goes when the newer is full.

A generation is a hash from key digest to English. Sentences are stored in the new one, and those found in the old one
are written to the new one again: what is used stays, and the rest goes with its generation, at once and without a scan.
Both have a time to live.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence

import redis

from depeche.scripts import Scripts

log = logging.getLogger(__name__)

#: How long to say nothing more after a warning, in seconds.
QUIET_S = 60

#: Away, full, read-only, another type under our name; text that is no UTF-8. None is worth a job.
_FAULTS = (redis.RedisError, UnicodeError)


class RedisSentenceCache:
    """The ``SentenceCache`` Protocol of ``tasks/translation/cache.py``. Safe to call from several threads.

    It never raises for Redis' sake: what cannot be read is not there, what cannot be stored is not kept, and the log
    has one warning a minute.

    Args:
        client: a connected client that decodes responses.
        max_sentences: the most that both generations have together, at least 2; 200,000 take some 45 MB of Redis.
        ttl_s: how long a sentence that is not used is kept at most; half of it at least, as space allows.
    """

    def __init__(self, client: redis.Redis, *, max_sentences: int, ttl_s: int) -> None:
        self._scripts = Scripts(client)
        self._generation = max(1, max_sentences // 2)
        self._ttl_s = ttl_s
        self._quiet_until = float("-inf")

    def get(self, keys: Sequence[str]) -> list[str | None]:
        """The English under each key, in order; None where there is none, or Redis does not say."""
        if not keys:
            return []
        try:
            new, old = self._scripts.run("cache_get", *keys)
        except _FAULTS as error:
            self._warn(error)
            return [None] * len(keys)
        found = list(zip(keys, new, old, strict=True))
        # What is used must not go with the old generation.
        self.put({key: older for key, newer, older in found if newer is None and older is not None})
        return [older if newer is None else newer for _, newer, older in found]

    def put(self, found: Mapping[str, str]) -> None:
        """Keep the English under each key."""
        if not found:
            return
        arguments = [text for pair in found.items() for text in pair]
        try:
            self._scripts.run("cache_put", self._generation, self._ttl_s, *arguments)
        except _FAULTS as error:
            self._warn(error)

    def _warn(self, error: Exception) -> None:
        now = time.monotonic()
        if now >= self._quiet_until:
            self._quiet_until = now + QUIET_S
            log.warning("Articles are translated without the cache of sentences: %s", error)
