"""Keeps translations in Redis for all workers, in two generations. When the newer is full, the older is deleted.

A generation is a hash from the digest of a key to the English. Sentences are stored in the newer one, and those that
are found in the older one are written to the newer one again. So what is used stays, and all the rest is deleted at
once with its generation, without a scan. Both generations have a time to live.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping, Sequence

import redis

from depeche.scripts import Scripts

log = logging.getLogger(__name__)

#: So many sentences are stored at once at the latest: Redis does nothing else meanwhile.
MOST_AT_ONCE = 500

#: For how many seconds no other warning follows a warning.
QUIET_S = 60

#: Redis is away, full or read-only, has another type under our name, or holds text that is not UTF-8. No job may fail
#: for any of these.
_FAULTS = (redis.RedisError, UnicodeError)


class RedisSentenceCache:
    """The ``SentenceCache`` Protocol of ``tasks/translation/cache.py``. Safe to call from several threads.

    What is put is stored together with the next look into the cache, which comes before the next batch of any job of
    this process, or by :meth:`flush`. So a short article needs one step in Redis, and not two.

    It never raises an error of Redis. What cannot be read counts as not there, what cannot be stored is not kept, and
    the log gets at most one warning a minute.

    Args:
        client: a connected client that decodes responses.
        max_sentences: the most sentences that both generations have together, at least 2. 200,000 take about 45 MB.
        ttl_s: how many seconds a sentence that is not used is kept at most. It is kept at least half of this time if
            there is room.
    """

    def __init__(self, client: redis.Redis, *, max_sentences: int, ttl_s: int) -> None:
        self._scripts = Scripts(client)
        self._generation = max(1, max_sentences // 2)
        self._ttl_s = ttl_s
        self._quiet_until = float("-inf")
        self._lock = threading.Lock()
        self._to_store: dict[str, str] = {}

    def get(self, keys: Sequence[str]) -> list[str | None]:
        """The English under each key, in order. It is None if there is none, or Redis does not answer.

        What was put before is stored first.
        """
        with self._lock:
            to_store, self._to_store = self._to_store, {}
        if not (keys or to_store):
            return []
        pairs = [text for pair in to_store.items() for text in pair]
        try:
            new, old = self._scripts.run("cache", self._generation, self._ttl_s, len(to_store), *pairs, *keys)
        except _FAULTS as error:
            self._warn(error)
            return [None] * len(keys)
        found = list(zip(keys, new, old, strict=True))
        # What is used must not be deleted with the old generation.
        self.put({key: older for key, newer, older in found if newer is None and older is not None})
        return [older if newer is None else newer for _, newer, older in found]

    def put(self, found: Mapping[str, str]) -> None:
        """Keep the English under each key, to be stored soon."""
        with self._lock:
            self._to_store.update(found)
            is_much = len(self._to_store) >= MOST_AT_ONCE
        if is_much:
            self.flush()

    def flush(self) -> None:
        """Store now what was put."""
        self.get(())

    def _warn(self, error: Exception) -> None:
        now = time.monotonic()
        if now >= self._quiet_until:
            self._quiet_until = now + QUIET_S
            log.warning("Articles are translated without the cache of sentences: %s", error)
