"""The standard profile's translator and summariser: any encoder-decoder checkpoint, on either engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set

from depeche.article import ModelInfo
from tasks.engines import TURN, Hypothesis
from worker.models.engines.codec import Codec
from worker.models.engines.decoding import Decoding, Generator, Output, summary, translation


class _Seq2Seq:
    """What translator and summariser share: the model, its tokenizer and its decodings by attempt."""

    def __init__(self, info: ModelInfo, codec: Codec, generator: Generator, decodings: Sequence[Decoding]) -> None:
        self._info = info.model_copy(update={"compute_type": generator.compute_type})
        self._codec = codec
        self._generator = generator
        self._decodings = decodings

    @property
    def info(self) -> ModelInfo:
        """Which model, revision, engine and compute type; goes into every result."""
        return self._info

    @property
    def max_input_tokens(self) -> int:
        """The longest text in tokens that the model takes whole."""
        return self._codec.max_input_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Length of each text in the model's own tokens, in the order given."""
        return self._codec.count(texts)

    def unreadable(self, text: str) -> Set[str]:
        """The characters of a text that the vocabulary lacks."""
        return self._codec.unreadable(text)

    def _generate(
        self,
        texts: Sequence[str],
        *,
        min_tokens: int,
        max_tokens: int | None,
        attempt: int,
        found: Callable[[Mapping[int, Hypothesis]], None] = lambda written: None,
    ) -> list[Hypothesis]:
        inputs = self._codec.encode(texts)
        longest = max(map(len, inputs), default=0) - self._codec.added_tokens
        if longest > self.max_input_tokens:
            # CTranslate2 and the tokenizer would cut it, or the model run out of positions.
            raise ValueError(f"a text has {longest} tokens, over {self.max_input_tokens}: split it first")
        limit = None if max_tokens is None else min(max_tokens, self._codec.max_output_tokens)
        decoding = self._decodings[min(attempt, len(self._decodings) - 1)]
        least = min_tokens if limit is None else min(min_tokens, limit)
        outputs = self._generator.generate(
            inputs,
            decoding,
            min_tokens=least,
            max_tokens=limit,
            found=lambda some: found(dict(zip(some, self._written(list(some.values())), strict=True))),
        )
        return self._written(outputs)

    def _written(self, outputs: Sequence[Output]) -> list[Hypothesis]:
        texts = self._codec.decode([output.ids for output in outputs])
        return [Hypothesis(text, output.score) for text, output in zip(texts, outputs, strict=True)]


class Seq2SeqTranslator(_Seq2Seq):
    """The ``Translator`` Protocol of ``tasks/engines.py``."""

    #: No prompt, so none to leak.
    prompt_texts: Sequence[str] = ()
    #: Low on purpose, and not measured, as opus-mt's own weights were not at hand. With them,
    #: ``benchmarks/confidence.py`` prints the threshold that flags one sentence in twenty.
    least_confidence = 0.35

    def __init__(self, info: ModelInfo, codec: Codec, generator: Generator, *, beam_size: int) -> None:
        """See :class:`_Seq2Seq`; ``beam_size`` is that of the first attempt."""
        super().__init__(info, codec, generator, translation(beam_size))

    @property
    def settings(self) -> str:
        """All figures of all decodings: a change of the table must not find what the former one gave."""
        return repr(self._decodings)

    @property
    def attempts(self) -> int:
        """One for each decoding: the same one again would come to the same words."""
        return len(self._decodings)

    @property
    def batch_size(self) -> int:
        """How many sentences one call takes best."""
        return self._generator.batch_size

    def translate(self, sentences: Sequence[str], *, attempt: int = 0) -> list[Hypothesis]:
        """Translate single-line sentences; later attempts search more widely, then greedily, and cannot loop.

        Raises:
            ValueError: a sentence has more than ``max_input_tokens``.
            ModelUnavailable: the engine failed.
        """
        return self._generate(sentences, min_tokens=1, max_tokens=None, attempt=attempt, found=TURN.get().found)


class Seq2SeqSummariser(_Seq2Seq):
    """The ``AbstractiveSummariser`` Protocol of ``tasks/engines.py``."""

    def __init__(self, info: ModelInfo, codec: Codec, generator: Generator, *, beam_size: int) -> None:
        """See :class:`_Seq2Seq`; ``beam_size`` is that of the first attempt."""
        super().__init__(info, codec, generator, summary(beam_size))

    def summarise(self, texts: Sequence[str], *, min_tokens: int, max_tokens: int, attempt: int = 0) -> list[str]:
        """One raw summary a text, in order; it may break off where ``max_tokens`` is reached.

        Raises:
            ValueError: a text has more than ``max_input_tokens``.
            ModelUnavailable: the engine failed.
        """
        found = self._generate(texts, min_tokens=min_tokens, max_tokens=max_tokens, attempt=attempt)
        return [hypothesis.text for hypothesis in found]
