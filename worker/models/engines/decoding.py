"""How the standard profile's models search for their output: one table for both engines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from depeche.errors import DepecheError, EngineOverloaded, ModelUnavailable
from tasks.engines import Score

#: What a model is for.
Role = Literal["translation", "summary"]


@dataclass(frozen=True)
class Decoding:
    """Settings of one beam search, in the words of CTranslate2 and transformers.

    Attributes:
        beam_size: hypotheses kept; 1 is greedy search.
        length_penalty: exponent of the length by which a hypothesis' score is divided: over 1 prefers longer ones.
        no_repeat_ngram_size: no run of so many tokens comes twice; 0 lets everything repeat.
        repetition_penalty: divides the score of a token that was written before; 1 is none.
    """

    beam_size: int
    length_penalty: float = 1.0
    no_repeat_ngram_size: int = 0
    repetition_penalty: float = 1.0


@dataclass(frozen=True)
class Output:
    """Token ids that a model wrote, special tokens included or not, and how probable it found them."""

    ids: list[int]
    score: Score


#: Is told of outputs before all of a call are there.
Found = Callable[[Mapping[int, Output]], None]


def translation(beam_size: int) -> Sequence[Decoding]:
    """The decodings of a translation by attempt: plain, then two that cannot loop and search elsewhere.

    The first has no guard against repetition, as good translations repeat what the French repeats.
    """
    return (
        Decoding(beam_size),
        Decoding(max(2 * beam_size, 4), no_repeat_ngram_size=4, repetition_penalty=1.1),
        Decoding(1, no_repeat_ngram_size=3, repetition_penalty=1.2),
    )


def summary(beam_size: int) -> Sequence[Decoding]:
    """The decodings of a summary by attempt.

    A summary repeats nothing, and beam search alone makes it too short. The figures are those that distilbart-cnn's
    authors give in its configuration.
    """
    return (
        Decoding(beam_size, length_penalty=2.0, no_repeat_ngram_size=3),
        Decoding(max(2 * beam_size, 4), length_penalty=1.0, no_repeat_ngram_size=3, repetition_penalty=1.1),
    )


class Generator(Protocol):
    """A sequence-to-sequence model: token ids in, token ids out. Safe to call from several threads."""

    @property
    def compute_type(self) -> str:
        """The number format that the model really runs in."""

    @property
    def batch_size(self) -> int:
        """How many inputs one call takes best."""

    def generate(
        self,
        inputs: Sequence[Sequence[int]],
        decoding: Decoding,
        *,
        min_tokens: int,
        max_tokens: int | None,
        found: Found = lambda outputs: None,
    ) -> list[Output]:
        """The best output for each input, in order.

        Args:
            inputs: token ids with all special tokens, none longer than the model takes.
            decoding: how to search.
            min_tokens: no output ends before.
            max_tokens: an output that reaches it is cut. None: :func:`runaway`, of the longest input of a batch.
            found: is called in this thread with outputs that are there before others, by the index of their inputs.

        Raises:
            EngineOverloaded: memory is short.
            ModelUnavailable: the device failed.
        """


def runaway(longest: int, room: int) -> int:
    """The length in tokens that only an endless repetition reaches, for inputs of at most ``longest`` tokens.

    French to English never doubles the tokens, short headings aside. ``room`` is what the model can write at most.
    """
    return min(room, 2 * longest + 16)


def choose_device(device: str, *, has_cuda: bool) -> str:
    """``cpu`` or ``cuda``, of the setting and what the engine sees.

    Raises:
        ModelUnavailable: CUDA is asked for, and there is none.
    """
    if device == "cuda" and not has_cuda:
        raise ModelUnavailable("DEPECHE_DEVICE=cuda, but no CUDA device is found here: set it to auto or cpu")
    return device if device != "auto" else "cuda" if has_cuda else "cpu"


def failure(engine: str, error: Exception) -> DepecheError:
    """What an engine's exception means: out of memory may pass when less is in work, anything else will not."""
    # CTranslate2 has one class for all that can go wrong; on CUDA it says "out of memory", on a CPU std::bad_alloc.
    if isinstance(error, MemoryError) or "out of memory" in str(error).lower() or "bad_alloc" in str(error):
        return EngineOverloaded(f"{engine} is out of memory ({error}): lower DEPECHE_CONCURRENCY or DEPECHE_BEAM_SIZE")
    return ModelUnavailable(f"{engine} failed: {error}")
