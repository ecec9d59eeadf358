"""The cache of sentences: what an engine gave for a sentence once is not asked for again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from typing import Protocol

from tasks.engines import Hypothesis, PassingTranslator, Score, Translator

#: A part of the key: workers that store in another form do not find what these store, nor these what those did.
_FORMAT = 2


class SentenceCache(Protocol):
    """Keeps texts by key, for a while. It may forget any of them at any time, but never fails."""

    def get(self, keys: Sequence[str]) -> list[str | None]:
        """The text under each key, in order; None where there is none."""

    def put(self, found: Mapping[str, str]) -> None:
        """Keep each text under its key."""


class CachingTranslator(PassingTranslator):
    """A ``Translator`` for one job, that asks an engine only for what the cache does not have.

    Each attempt is cached by itself, before any check: a job that finds all of them chooses as the first did.

    Attributes:
        hits: sentences found in the cache so far, those of repairs included.
        misses: sentences that the engine was asked for so far, those of repairs included.
    """

    def __init__(self, translator: Translator, cache: SentenceCache) -> None:
        super().__init__(translator)
        self._cache = cache
        self.hits = 0
        self._new: set[str] = set()
        self.misses = 0

    def translate(self, sentences: Sequence[str], *, attempt: int = 0) -> list[Hypothesis]:
        """Recall what is known, and ask the engine once for all the rest, for equal sentences once.

        Raises:
            ModelUnavailable: the engine cannot run (any more).
        """
        keys = [self._key(sentence, attempt) for sentence in sentences]
        # What nobody had asked for before this job has no later attempts either: that saves a look.
        asked = [key for key, sentence in zip(keys, sentences, strict=True) if not (attempt and sentence in self._new)]
        recalled = self._cache.get(asked) if asked else []
        found = {key: _decoded(text) for key, text in zip(asked, recalled, strict=True) if text is not None}
        known = {key: hypothesis for key, hypothesis in found.items() if hypothesis}
        missing = {key: sentence for key, sentence in zip(keys, sentences, strict=True) if key not in known}
        self._new.update(missing.values())
        self.hits += len(known)
        self.misses += len(missing)
        if missing:
            outputs = self._translator.translate(list(missing.values()), attempt=attempt)
            given = dict(zip(missing, outputs, strict=True))
            # Now, not at the job's end: if it crashes, its next attempt goes on from here. Nothing is no translation:
            # the next job shall ask again.
            self._cache.put({key: _encoded(hypothesis) for key, hypothesis in given.items() if hypothesis.text})
            known |= given
        return [known[key] for key in keys]

    def _key(self, sentence: str, attempt: int) -> str:
        """Names all that the output depends on: another model, setting or attempt has another key."""
        info = self._translator.info
        model = [info.id, info.revision, info.engine, info.compute_type, self._translator.settings]
        parts = [_FORMAT, *model, attempt, sentence]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _encoded(hypothesis: Hypothesis) -> str:
    score = astuple(hypothesis.score) if hypothesis.score else ()
    return json.dumps([hypothesis.text, *score], ensure_ascii=False)


def _decoded(text: str) -> Hypothesis | None:
    """What was stored; None, so that the engine is asked again, where it is not of our making."""
    try:
        english, *score = json.loads(text)
        if not isinstance(english, str):
            return None
        return Hypothesis(english, Score(float(score[0]), int(score[1])) if score else None)
    except (ValueError, TypeError, LookupError, RecursionError):
        return None
