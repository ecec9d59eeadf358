"""What stands around an engine's translator: it passes all on, and a subclass adds something."""

from __future__ import annotations

from collections.abc import Sequence, Set

from depeche.article import ModelInfo
from tasks.engines import Hypothesis, Translator


class PassingTranslator:
    """A ``Translator`` around another one. Its subclasses add something to :meth:`translate`."""

    def __init__(self, translator: Translator) -> None:
        self._translator = translator

    @property
    def info(self) -> ModelInfo:
        """The other's."""
        return self._translator.info

    @property
    def settings(self) -> str:
        """The other's."""
        return self._translator.settings

    @property
    def max_input_tokens(self) -> int:
        """The other's."""
        return self._translator.max_input_tokens

    @property
    def batch_size(self) -> int:
        """The other's."""
        return self._translator.batch_size

    @property
    def prompt_texts(self) -> Sequence[str]:
        """The other's."""
        return self._translator.prompt_texts

    @property
    def least_confidence(self) -> float:
        """The other's."""
        return self._translator.least_confidence

    @property
    def attempts(self) -> int:
        """The other's."""
        return self._translator.attempts

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The other's."""
        return self._translator.count_tokens(texts)

    def unreadable(self, text: str) -> Set[str]:
        """The other's."""
        return self._translator.unreadable(text)

    def translate(self, sentences: Sequence[str], *, attempt: int = 0) -> list[Hypothesis]:
        """The other's."""
        return self._translator.translate(sentences, attempt=attempt)
