"""The fakes behind the Protocols, one each, for unit tests: engines, memory of sentences, ledger and observer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from depeche.article import ModelInfo
from tasks.engines import Detection, Engines, Hypothesis
from worker.run.ledger import Claim
from worker.run.observers import Ending

INFO = ModelInfo(id="fake", revision="0", engine="fake", compute_type="none")


class FakeTranslator:
    """Translates by a function of the sentence and the attempt; remembers what it was given.

    Tokens are words.
    """

    info = INFO
    settings = "fake settings"
    prompt_texts: Sequence[str] = ("The ferry to the island was cancelled because of high winds.",)

    least_confidence = 0.5
    attempts = 3

    def __init__(
        self,
        english: Callable[[str, int], str | Hypothesis] = lambda sentence, attempt: sentence,
        *,
        max_input_tokens: int = 50,
        batch_size: int = 4,
        lacking: str = "",
    ) -> None:
        self._english = english
        self.max_input_tokens = max_input_tokens
        self.batch_size = batch_size
        self._lacking = frozenset(lacking)
        self.calls: list[tuple[int, list[str]]] = []

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words, and one more for every ten characters of a long one."""
        return [sum(1 + len(word) // 10 for word in text.split()) for text in texts]

    def unreadable(self, text: str) -> frozenset[str]:
        """Those of the lacking characters that are in the text."""
        return self._lacking & set(text)

    def translate(self, sentences: Sequence[str], *, attempt: int = 0) -> list[Hypothesis]:
        """Apply the function; a plain text is a translation of which nothing more is known."""
        self.calls.append((attempt, list(sentences)))
        found = [self._english(sentence, attempt) for sentence in sentences]
        return [Hypothesis(english) if isinstance(english, str) else english for english in found]


def texts(hypotheses: Sequence[Hypothesis]) -> list[str]:
    """The translations alone."""
    return [hypothesis.text for hypothesis in hypotheses]


class FakeSentenceCache:
    """Remembers all texts, in a dict."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def get(self, keys: Sequence[str]) -> list[str | None]:
        """What the dict has."""
        return [self.texts.get(key) for key in keys]

    def put(self, found: Mapping[str, str]) -> None:
        """Into the dict."""
        self.texts |= found

    def flush(self) -> None:
        """All is there already."""


class FakeSummariser:
    """The first sentences; remembers the titles that it was given."""

    info = INFO

    def __init__(self) -> None:
        self.titles: list[str | None] = []

    def summarise(
        self, paragraphs: Sequence[Sequence[str]], *, max_sentences: int, title: str | None = None
    ) -> list[str]:
        """The first ``max_sentences`` sentences."""
        self.titles.append(title)
        return [sentence for paragraph in paragraphs for sentence in paragraph][:max_sentences]


class FakeAbstractive:
    """Summarises by a function of the text and the attempt; remembers what it was given. Tokens are words."""

    info = INFO.model_copy(update={"id": "fake-abstractive"})

    def __init__(self, summary: Callable[[str, int], str], *, max_input_tokens: int = 1000, lacking: str = "") -> None:
        self._summary = summary
        self.max_input_tokens = max_input_tokens
        self._lacking = frozenset(lacking)
        self.calls: list[tuple[int, list[str]]] = []
        self.bounds: list[tuple[int, int]] = []

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words, and one more for every ten characters of a long one."""
        return [sum(1 + len(word) // 10 for word in text.split()) for text in texts]

    def unreadable(self, text: str) -> frozenset[str]:
        """Those of the lacking characters that are in the text."""
        return self._lacking & set(text)

    def summarise(self, texts: Sequence[str], *, min_tokens: int, max_tokens: int, attempt: int = 0) -> list[str]:
        """Apply the function, and refuse what is too long, as real engines do."""
        if max(self.count_tokens(texts)) > self.max_input_tokens:
            raise ValueError("a text is too long")
        self.calls.append((attempt, list(texts)))
        self.bounds.append((min_tokens, max_tokens))
        return [self._summary(text, attempt) for text in texts]


class FakeDetector:
    """Always finds the same."""

    def __init__(self, language: str = "fr", confidence: float = 0.99) -> None:
        self._detection = Detection(language, confidence)

    def detect(self, text: str) -> Detection:
        """The same, whatever the text."""
        return self._detection


def fake_engines(
    translator: FakeTranslator | None = None,
    detector: FakeDetector | None = None,
    abstractive: FakeAbstractive | None = None,
) -> Engines:
    """All that a worker has; no abstractive summariser unless one is given."""
    return Engines(
        translator or FakeTranslator(), FakeSummariser(), detector or FakeDetector(), abstractive=abstractive
    )


class FakeObserver:
    """Keeps what it is notified of; raises each time if ``fails`` is set."""

    def __init__(self, *, fails: bool = False) -> None:
        self.claims: list[Claim] = []
        self.endings: list[Ending] = []
        self._fails = fails

    @property
    def outcomes(self) -> list[str]:
        """How the attempts ended, in order."""
        return [ending.outcome for ending in self.endings]

    def claimed(self, claim: Claim) -> None:
        """Keep it."""
        self.claims.append(claim)
        self._fail()

    def ended(self, ending: Ending) -> None:
        """Keep it."""
        self.endings.append(ending)
        self._fail()

    def _fail(self) -> None:
        if self._fails:
            raise ValueError("the observer fails")
