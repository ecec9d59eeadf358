"""Argos Translate as a program for ``children.py``: ``python -m benchmarks.speed.argos_child FOLDER``.

FOLDER is a package in Argos' layout. Work is as for ``engine_child``, but that each article is one text. Argos' own
splitter of sentences is a model that it downloads; here a full stop ends a sentence, which is faster.
"""

from __future__ import annotations

import re
import sys
import types
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock, patch

from benchmarks.speed.children import serve


def load(folder: Path) -> Any:
    """The package's translation, without the libraries that only split sentences."""
    for name in ("spacy", "stanza", "minisbd"):
        sys.modules[name] = MagicMock()
    from argostranslate.package import Package
    from argostranslate.translate import Language, PackageTranslation

    translation = PackageTranslation(Language("fr", "French"), Language("en", "English"), Package(folder))
    translation.sentencizer.split_sentences = lambda text: re.findall(r"[^.]+\.", text)
    # It loads the model with the first text.
    translation.hypotheses("Bonjour.", num_hypotheses=1)
    return translation


def run(translation: Any, work: dict[str, Any]) -> int:
    """Translate all articles, one after the other, as Argos does; returns how many tokens were written."""
    written = 0
    whole = translation.translator.translate_batch

    def translate_batch(*arguments: Any, **options: Any) -> Any:
        nonlocal written
        lengths = {"min_decoding_length": work["tokens"], "max_decoding_length": work["tokens"]}
        found = whole(*arguments, **options | lengths)
        written += sum(len(one.hypotheses[0]) for one in found)
        return found

    with patch.object(translation, "translator", types.SimpleNamespace(translate_batch=translate_batch)):
        for article in work["texts"]:
            translation.hypotheses(article, num_hypotheses=1)
    return written


if __name__ == "__main__":
    serve(lambda: partial(run, load(Path(sys.argv[1]))))
