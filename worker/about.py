"""What this worker tells operators of itself: its models, and how many sentences its cache had."""

from __future__ import annotations

import threading

from depeche.overview import About
from tasks.engines import Engines
from worker.run.ledger import Claim
from worker.run.observers import Ending


class SelfReport:
    """An ``Observer`` that counts what the cache had. Safe to call from several threads.

    Nothing is told before the engines are there, and so nothing by a pool of processes, which has them in its children.
    """

    def __init__(self) -> None:
        self._models: tuple[str | None, str | None] | None = None
        self._hits = self._misses = 0
        self._lock = threading.Lock()

    def loaded(self, engines: Engines) -> None:
        """These engines do the work."""
        summariser = engines.abstractive
        self._models = engines.translator.info.id, summariser.info.id if summariser else None

    def claimed(self, claim: Claim) -> None:
        """Do nothing: only what is done counts."""

    def ended(self, ending: Ending) -> None:
        """Count the sentences of a result."""
        if ending.result:
            with self._lock:
                self._hits += ending.result.cache.hits
                self._misses += ending.result.cache.misses

    @property
    def text(self) -> str:
        """The JSON of :class:`depeche.overview.About`; empty where there is nothing to tell."""
        if self._models is None:
            return ""
        translation, summary = self._models
        with self._lock:
            hits, misses = self._hits, self._misses
        about = About(translation=translation, summary=summary, cache_hits=hits, cache_misses=misses)
        return about.model_dump_json()
