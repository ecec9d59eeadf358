"""The language detector: py3langid, whose model is in its wheel. The only importer of the library.

Of the detectors compared in ``benchmarks/language.py`` it is the one whose confidence means something: low for names
and headlines of a few words, near 1 from a sentence on. It also tells Occitan, Catalan and Haitian Creole from French.
"""

from __future__ import annotations

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from tasks.engines import Detection


class Detector:
    """Fulfils ``LanguageDetector``; takes about 1 s to load and 100 MB of memory.

    All of the model's 140 languages stay in play: restricted to a few, a text in any other would pass for one of them.
    """

    def __init__(self) -> None:
        self._identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

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
