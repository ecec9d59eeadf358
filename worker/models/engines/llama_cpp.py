"""The embedded translator: a small base language model with an adapter or some examples, run in-process by llama.cpp.

A base model follows no instructions, but it continues a pattern: after eight pairs of "French: …" and "English: …" the
line it writes next is a translation. Which pairs and which decoding is measured by ``benchmarks/embedded_prompts.py``.
With an adapter that was trained to translate, the marks alone are enough.

llama.cpp runs as the server that the package ``xllamacpp`` embeds. Each of its slots keeps the evaluated prompt, so
that a sentence costs only its own tokens, and the slots' sentences are decoded together.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import socket
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

# Between two operations llama.cpp's threads wait in a loop of OpenMP's. With its default, two workers on two cores each
# took four times as long as one alone, and sixteen times under other load; with this short loop twice as
# long, which is their share. It costs a worker alone under a tenth, and is read when the library is loaded.
os.environ.setdefault("GOMP_SPINCOUNT", "1000")

import xllamacpp

from depeche.article import ModelInfo
from depeche.errors import ModelUnavailable
from tasks.engines import TURN, Hypothesis, Score
from worker.models.engines.batcher import Batcher
from worker.models.engines.prompt import FEW_SHOT, Prompt

#: Fields of a completion request, by attempt; a later attempt than the last uses the last with another seed.
#: A retry keeps the prompt, because another one would have to be evaluated first in every slot.
DECODINGS: tuple[Mapping[str, Any], ...] = (
    # The most probable token each time; the other samplers would only sort all tokens to come to the same one.
    {"samplers": ["top_k"], "top_k": 1},
    {"temperature": 0.3, "min_p": 0.1},
)

#: Not the id of any token: parts the texts of one request to /tokenize in its answer.
_SEPARATOR = -1


class LlamaCppTranslator:
    """A Translator on llama.cpp: the ``Translator`` Protocol of ``tasks/engines.py`` for a GGUF base model.

    The same sentence may come out in other words the next time, no better and no worse on average: how many run at
    once, how far each is, and what its slot did before change the rounding, and a model this small has many near ties.
    """

    #: Of the sentences of FLORES dev that fail a check after 3 attempts, 6 mend a quarter, and 10 hardly more.
    attempts = 6

    def __init__(
        self,
        model_path: Path,
        *,
        model: ModelInfo,
        threads: int,
        prompt: Prompt = FEW_SHOT,
        least_confidence: float = 0.0,
        slots: int = 4,
        slot_tokens: int = 1024,
        decodings: Sequence[Mapping[str, Any]] = DECODINGS,
    ) -> None:
        """Load the model and evaluate the prompt in every slot, which takes some seconds.

        Args:
            model_path: the GGUF file.
            model: what the results say about it.
            threads: CPU threads that compute.
            prompt: the examples to show, by default the best measured without an adapter.
            least_confidence: see ``Translator``.
            slots: sentences decoded together.
            slot_tokens: room of a slot for prompt, sentence and translation; about 20 MB for 1024 tokens.
            decodings: request fields by attempt.

        Raises:
            ModelUnavailable: the file is missing, damaged or not GGUF.
            ValueError: the prompt leaves no room for a sentence.
        """
        self._info = model
        self.least_confidence = least_confidence
        self._prompt = prompt
        self._decodings = decodings
        self._slots = slots
        with ExitStack() as resources:
            # llama.cpp always listens. In a folder that only this user may enter, nobody else reaches it.
            folder = resources.enter_context(tempfile.TemporaryDirectory(prefix="depeche-"))
            self._socket_path = Path(folder) / "llama.sock"
            self._server: Any = _start(
                model_path, self._socket_path, threads=threads, slots=slots, slot_tokens=slot_tokens
            )
            resources.callback(self._stop_server)
            self._before = self._tokenize(self._prompt.before, add_special=True)
            self._after = self._tokenize(self._prompt.after)
            self._max_input_tokens = _longest_input(slot_tokens - len(self._before) - len(self._after))
            with ThreadPoolExecutor(slots) as threads_of_slots:
                list(threads_of_slots.map(self._evaluate_prompt, range(slots)))
            self._batcher = Batcher(slots)
            resources.callback(self._batcher.close)
            self._resources = resources.pop_all()

    @property
    def info(self) -> ModelInfo:
        """Which model, revision, engine and compute type; goes into every result."""
        return self._info

    @property
    def settings(self) -> str:
        """A digest of the prompt and of all decodings: 16 hex digits."""
        parts = [self._prompt.before, self._prompt.after, [dict(decoding) for decoding in self._decodings]]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]

    @property
    def max_input_tokens(self) -> int:
        """The longest sentence in tokens for which prompt, sentence and translation fit a slot."""
        return self._max_input_tokens

    @property
    def batch_size(self) -> int:
        """Some sentences a slot, so that a long one does not leave the other slots idle."""
        return 4 * self._slots

    @property
    def prompt_texts(self) -> Sequence[str]:
        """The sentences of the examples, in both languages: the model may repeat either."""
        return [text for pair in self._prompt.examples for text in pair]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Length of each text in tokens, exactly as ``translate`` uses them, in the order given."""
        return [len(tokens) for tokens in self._tokenize_sentences(texts)]

    def unreadable(self, text: str) -> frozenset[str]:  # noqa: ARG002  # the Protocol's
        """Nothing: what Gemma's vocabulary has no piece for it reads byte by byte."""
        return frozenset()

    def prompts(self, sentences: Sequence[str]) -> list[list[int]]:
        """The token ids that the model goes on from, for each sentence: what an adapter must have been trained on."""
        return [[*self._before, *tokens, *self._after] for tokens in self._tokenize_sentences(sentences)]

    def translate(self, sentences: Sequence[str], *, attempt: int = 0) -> list[Hypothesis]:
        """Translate single-line sentences; ``attempt`` 0 is greedy, later ones sample with the attempt as the seed.

        A translation ends at its line end, or at a length that only a runaway repetition reaches.

        Raises:
            ValueError: a sentence has a line break or more than ``max_input_tokens``.
            ModelUnavailable: llama.cpp does not answer or refuses.
        """
        if any("\n" in sentence for sentence in sentences):
            raise ValueError("a sentence has a line break: give one line a sentence")
        inputs = self._tokenize_sentences(sentences)
        longest = max(map(len, inputs), default=0)
        if longest > self._max_input_tokens:
            raise ValueError(f"a sentence has {longest} tokens, over {self._max_input_tokens}: split it first")
        return self._batcher.run(self, attempt, inputs, TURN.get().found)

    def most(self, longest: int, request: int) -> int:  # noqa: ARG002  # the Protocol's
        """One: llama.cpp itself joins what its slots work on; see ``Model`` of ``batcher.py``."""
        return 1

    def compute(self, inputs: Sequence[Sequence[int]], request: int) -> list[Hypothesis]:
        """Translate sentences one after another; ``request`` is the attempt.

        Raises:
            ModelUnavailable: llama.cpp refuses.
        """
        decoding = {**self._decodings[min(request, len(self._decodings) - 1)], "seed": request}
        return [self._complete(tokens, decoding) for tokens in inputs]

    def close(self) -> None:
        """Finish running sentences, stop llama.cpp and free its memory. The translator cannot be used afterwards."""
        self._resources.close()

    def _stop_server(self) -> None:
        # The last reference: its destructor ends llama.cpp's threads.
        self._server = None

    def _complete(self, sentence: Sequence[int], decoding: Mapping[str, Any]) -> Hypothesis:
        request = {
            "prompt": [*self._before, *sentence, *self._after],
            "max_tokens": _output_limit(len(sentence)),
            "stop": ["\n"],
            # With one, the answer has the probability of each token that was written, before any sampling.
            "logprobs": 1,
            **decoding,
        }
        choice = self._request(request)["choices"][0]
        # split() also takes the rarer line ends, which "stop" does not know.
        return Hypothesis(" ".join(choice["text"].split()), _score(choice))

    def _evaluate_prompt(self, slot: int) -> None:
        self._request({"prompt": self._before, "max_tokens": 1, "id_slot": slot})

    def _request(self, request: Mapping[str, Any]) -> Any:
        if self._server is None:
            raise ModelUnavailable("the translator is closed: restart the worker")
        answer = self._server.handle_completions(request)
        if "error" in answer:
            raise ModelUnavailable("llama.cpp refused a sentence: restart the worker", answer["error"])
        return answer

    def _tokenize_sentences(self, sentences: Sequence[str]) -> list[list[int]]:
        # The space stands between mark and sentence: most models have " word" as one token.
        tokens = self._tokenize([part for sentence in sentences for part in (f" {sentence}", _SEPARATOR)])
        ends = [index for index, token in enumerate(tokens) if token == _SEPARATOR]
        starts = [0, *(end + 1 for end in ends)]
        return [tokens[start:end] for start, end in zip(starts, ends, strict=False)]

    def _tokenize(self, content: str | list[str | int], *, add_special: bool = False) -> list[int]:
        """Token ids of a text; of a list, its texts' ids one after another with its numbers as they are.

        Only the HTTP door offers this, and only here "<end_of_turn>" in a text can be made to stay plain text:
        completions of a string would read it as the control token.
        """
        request = {"content": content, "add_special": add_special, "parse_special": False}
        # Half a surrogate pair fails here, as a UnicodeEncodeError, and not in llama.cpp.
        body = json.dumps(request, ensure_ascii=False).encode()
        connection = _UnixConnection(self._socket_path)
        try:
            connection.request("POST", "/tokenize", body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            answer = json.load(response)
        except (OSError, http.client.HTTPException) as error:
            raise ModelUnavailable(f"llama.cpp does not answer ({error}): restart the worker") from error
        finally:
            connection.close()
        if response.status != http.HTTPStatus.OK:
            raise ModelUnavailable("llama.cpp cannot tokenize a text: restart the worker", answer.get("error"))
        tokens: list[int] = answer["tokens"]
        return tokens


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost")
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(self._path))


def _score(choice: Mapping[str, Any]) -> Score | None:
    """None where the model ended the line at once: llama.cpp does not tell how sure it was of the end."""
    tokens = [token["logprob"] for token in choice["logprobs"]["content"]] if choice["logprobs"] else []
    return Score(sum(tokens), len(tokens)) if tokens else None


def _output_limit(input_tokens: int) -> int:
    """The most tokens of a translation; French to English never doubles them, short headings aside."""
    return 2 * input_tokens + 16


def _longest_input(room: int) -> int:
    """The most tokens of a sentence for which itself and its translation fit into ``room`` tokens."""
    fixed = _output_limit(0)
    longest = (room - fixed) // (1 + _output_limit(1) - fixed)
    if longest < 1:
        raise ValueError("the prompt leaves no room in a slot: use fewer examples, or more tokens a slot")
    return longest


def _start(model_path: Path, socket_path: Path, *, threads: int, slots: int, slot_tokens: int) -> Any:
    params = xllamacpp.CommonParams()
    params.model.path = str(model_path)
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.n_parallel = slots
    params.n_ctx = slots * slot_tokens
    # With only the attention window kept, the prompt could not be used again after a longer sentence.
    params.swa_full = True
    # Every slot keeps the one prompt already: copies in host memory would cost and never help.
    params.cache_ram_mib = 0
    params.n_ctx_checkpoints = 0
    # In 8 bits the slots' memory is half as large.
    params.cache_type_k = params.cache_type_v = xllamacpp.ggml_type.GGML_TYPE_Q8_0
    # The most tokens of prompts that one step reads: its buffers are as large as that.
    params.n_ubatch = 128
    # What fits is known: to find that out llama.cpp would load the whole model once more.
    params.fit_params = False
    params.hostnames = [str(socket_path)]
    params.endpoint_slots = False
    params.ui = False
    params.verbosity = -1
    try:
        return xllamacpp.Server(params)
    except RuntimeError as error:
        raise ModelUnavailable(
            f"llama.cpp cannot start: {model_path} is missing, damaged or not GGUF (run depeche-worker models prepare "
            "--profile embedded --force), memory is short, or the path of the temporary folder (TMPDIR) is over 80 "
            "characters",
            {"path": str(model_path)},
        ) from error
