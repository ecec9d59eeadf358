"""The cache of sentences. What an engine gave once for a sentence, it is not asked for again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from typing import Protocol

from tasks.engines import Hypothesis, Score, Translator, listening
from tasks.translation.passing import PassingTranslator

#: The form in which texts are stored. It is a part of the key, so workers with another form do not find these texts,
#: and we do not find theirs.
_FORMAT = 2


class SentenceCache(Protocol):
    """Keeps texts under keys for a while. It may lose any of them at any time, but its methods never fail."""

    def get(self, keys: Sequence[str]) -> list[str | None]:
        """The text under each key, in order, or None for a key that has none. It also does what :meth:`flush` does."""

    def put(self, found: Mapping[str, str]) -> None:
        """Keep each text under its key."""

    def flush(self) -> None:
        """Store what was put, if it can be: then a crash does not lose it."""


class CachingTranslator(PassingTranslator):
    """A ``Translator`` for one job, which asks the engine only for what the cache does not have.

    Each attempt is cached separately, and before any check. So a later job that finds all attempts in the cache chooses
    among the same texts as the first job did.

    Attributes:
        hits: how many sentences were found in the cache so far, also for repairs.
        misses: how many sentences the engine was asked for so far, also for repairs.
    """

    def __init__(self, translator: Translator, cache: SentenceCache) -> None:
        super().__init__(translator)
        self._cache = cache
        self.hits = 0
        self._new: set[str] = set()
        self.misses = 0

    def translate(self, sentences: Sequence[str], *, attempt: int = 0) -> list[Hypothesis]:
        """Take what is in the cache, and ask the engine for the rest in one call, for equal sentences once.

        Raises:
            ModelUnavailable: the engine cannot run (any more).
        """
        keys = [self._key(sentence, attempt) for sentence in sentences]
        # If the first attempt at a sentence was not in the cache, its later attempts are not there either. So we need
        # not look for them.
        asked = [key for key, sentence in zip(keys, sentences, strict=True) if not (attempt and sentence in self._new)]
        # Asked for nothing, the cache still stores the batch before, which must not be lost if the engine crashes now.
        recalled = self._cache.get(asked)
        found = {key: _decoded(text) for key, text in zip(asked, recalled, strict=True) if text is not None}
        known = {key: hypothesis for key, hypothesis in found.items() if hypothesis}
        missing = {key: sentence for key, sentence in zip(keys, sentences, strict=True) if key not in known}
        self._new.update(missing.values())
        self.hits += len(known)
        self.misses += len(missing)
        if missing:
            known |= self._ask(missing, attempt)
        return [known[key] for key in keys]

    def _ask(self, missing: Mapping[str, str], attempt: int) -> dict[str, Hypothesis]:
        """Ask the engine for these sentences, and keep each translation as soon as it is there.

        A worker that dies then loses no more than the batches that it computes. Where an engine shares its batches
        among many jobs, a call may go on for many of them. Only the last is left to the next look into the cache, which
        comes before the next batch.
        """
        keys, kept = list(missing), set[str]()

        def keep(found: Mapping[int, Hypothesis]) -> None:
            new = {keys[place]: hypothesis for place, hypothesis in found.items() if keys[place] not in kept}
            kept.update(new)
            # An empty text is not stored, so that the next job asks again.
            if encoded := {key: _encoded(hypothesis) for key, hypothesis in new.items() if hypothesis.text}:
                self._cache.put(encoded)
                if len(kept) < len(keys):
                    self._cache.flush()

        with listening(keep):
            outputs = self._translator.translate(list(missing.values()), attempt=attempt)
        given = dict(zip(keys, outputs, strict=True))
        keep(dict(enumerate(outputs)))
        return given

    def _key(self, sentence: str, attempt: int) -> str:
        """A digest of everything that the output depends on, so another model, setting or attempt has another key."""
        info = self._translator.info
        model = [info.id, info.revision, info.engine, info.compute_type, self._translator.settings]
        parts = [_FORMAT, *model, attempt, sentence]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _encoded(hypothesis: Hypothesis) -> str:
    score = astuple(hypothesis.score) if hypothesis.score else ()
    return json.dumps([hypothesis.text, *score], ensure_ascii=False)


def _decoded(text: str) -> Hypothesis | None:
    """What was stored, or None if another program wrote it. Then the engine is asked again."""
    try:
        english, *score = json.loads(text)
        if not isinstance(english, str):
            return None
        return Hypothesis(english, Score(float(score[0]), int(score[1])) if score else None)
    except (ValueError, TypeError, LookupError, RecursionError):
        return None
