"""The language detector: py3langid, whose model is in its wheel. The only importer of the library.

Of the detectors compared in ``benchmarks/language.py`` it is the one whose confidence means something: low for names
and headlines of a few words, near 1 from a sentence on. It also tells Occitan, Catalan and Haitian Creole from French.
"""

from __future__ import annotations

from lzma import LZMAError
from pathlib import Path

import numpy as np
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier
from py3langid.modelio import load_model

from depeche.errors import ModelUnavailable
from tasks.engines import Detection

#: The parts of the model, in the order in which the library gives them.
_TABLES = ("features", "priors", "languages", "transitions", "rows", "outputs")


def unpack(folder: Path) -> None:
    """Write the model's tables as files that can be mapped into memory: 68 MB, which its wheel has compressed.

    Raises:
        ModelUnavailable: the wheel's file is damaged.
        OSError: the disk refuses.
    """
    try:
        tables = load_model(MODEL_DIR / MODEL_FILE)
    except (EOFError, ValueError, LZMAError) as error:
        raise ModelUnavailable("the language model of py3langid is damaged: install the package again") from error
    folder.mkdir()
    for name, table in zip(_TABLES, tables, strict=True):
        np.save(folder / f"{name}.npy", np.asarray(table))


class Detector:
    """Fulfils ``LanguageDetector``.

    All of the model's 140 languages stay in play: restricted to a few, a text in any other would pass for one of them.

    Args:
        folder: what :func:`unpack` has written. It is ready at once, and all processes on a machine share its memory.
            Without one the wheel's own file is decompressed, which takes about half a second and 85 MB.
    """

    def __init__(self, folder: Path | None = None) -> None:
        if folder is None:
            self._identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
            return
        tables = (np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in _TABLES)
        features, priors, languages, transitions, rows, outputs = tables
        # The library reads an item of the last three for each byte of a text. Their buffers give plain numbers, with
        # which Python calculates much faster than with NumPy's.
        self._identifier = LanguageIdentifier(
            features,
            priors,
            languages.tolist(),
            transitions.data,
            outputs.data,
            norm_probs=True,
            tk_row=rows.data,
        )

    def detect(self, text: str) -> Detection:
        """The language that most of the text is in.

        All of the text is read (about 30 ms for 200 000 characters), so no sample can miss where its bulk lies.
        Threads may share the detector: the library keeps no state between calls.

        Args:
            text: at least one letter; anything else gets a confidence near 0.

        Returns:
            ISO 639-1 code, or ISO 639-3 for a language that has none; ``zxx`` is the library's "no language".
        """
        language, confidence = self._identifier.classify(text)
        return Detection(language, confidence)
