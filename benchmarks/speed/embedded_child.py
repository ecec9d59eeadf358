"""llama.cpp by itself on the embedded profile's file, as a program for ``children.py``.

Work with ``sentences`` is translated by our engine class, without a worker. Work with ``read`` or ``written`` is what
llama-bench measures: so many tokens of a prompt, or so many tokens written after none, ``at_once`` times at once.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks.french import news
from benchmarks.speed.children import serve
from config.settings import load_settings
from worker.models.embedded import load_translator


def load() -> Callable[[dict[str, Any]], int]:
    """The model as a worker loads it."""
    translator = load_translator(load_settings(profile="embedded"))
    server, chance = translator._server, random.Random(1)
    words = [token for tokens in translator._tokenize_sentences([news(20, seed=1).text]) for token in tokens]

    def complete(read: int, written: int) -> int:
        # A new prompt each time, as the one before would be remembered.
        prompt = chance.choices(words, k=max(1, read))
        request = {"prompt": prompt, "max_tokens": max(1, written), "ignore_eos": True, "cache_prompt": False}
        answer = server.handle_completions(request)
        assert "error" not in answer, answer
        return read + written

    def work(line: dict[str, Any]) -> int:
        if "sentences" in line:
            found = translator.translate(line["sentences"])
            return sum(translator.count_tokens([one.text for one in found]))
        at_once = line["at_once"]
        with ThreadPoolExecutor(at_once) as threads:
            each = [threads.submit(complete, line["read"], line["written"]) for _ in range(at_once)]
        return sum(one.result() for one in each)

    return work


if __name__ == "__main__":
    serve(load)
