"""Did the model repeat its prompt?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tasks.checks.words import spans, words

_LEAKED_WORDS = 7
_LEAST_LEAKED_WORDS = 5
_PROMPT_LABEL = re.compile(
    r"(?:^|[\n.!?\"”»|])\s{0,3}(?:french|english|français|anglais|translation|traduction)\s*:", re.IGNORECASE
)
_LABEL_IN_SOURCE = re.compile(r"français|anglais|french|english|traduction|translation", re.IGNORECASE)
_CHAT_MARK = re.compile(r"<\|?/?[a-z_]{1,30}\|?>")


def leaked(source: str, translation: str, prompt_texts: Sequence[str]) -> str | None:
    """What ``translation`` has of the prompt, its labels or its marks; None where it has nothing of it."""
    if (label := _PROMPT_LABEL.search(translation)) and not _LABEL_IN_SOURCE.search(source):
        return label[0].strip()
    for mark in _CHAT_MARK.findall(translation):
        if mark not in source:
            return str(mark)
    if not prompt_texts:
        return None
    french, english, prompts = words(source), words(translation), [words(text) for text in prompt_texts]
    # An article may quote the very sentence; then its translation is not a leak.
    if any(_shared(prompt, french) for prompt in prompts):
        return None
    return next((shared for prompt in prompts if (shared := _shared(prompt, english))), None)


def _shared(prompt: Sequence[str], english: Sequence[str]) -> str:
    length = max(_LEAST_LEAKED_WORDS, min(_LEAKED_WORDS, len(prompt)))
    known = set(spans(prompt, length))
    return next((" ".join(span) for span in spans(english, length) if span in known), "")
