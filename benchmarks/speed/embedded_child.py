"""llama.cpp by itself on the embedded profile's file, as a program for ``children.py``.

Work with ``sentences`` is translated by our engine class, without a worker. Work with ``read`` or ``written`` is what
llama-bench measures: so many tokens of a prompt, or so many tokens written after none, ``at_once`` times at once.
"""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.speed.children import serve
from config.settings import load_settings
from worker.models.embedded import load_translator

#: Ordinary tokens of the model's vocabulary.
_WORDS = range(1000, 200_000)


def main() -> None:
    """Load the model as a worker does, and serve."""
    translator = load_translator(load_settings(profile="embedded"))
    server, chance = translator._server, random.Random(1)

    def complete(read: int, written: int) -> int:
        # A new prompt each time, as the one before would be remembered.
        prompt = chance.sample(_WORDS, max(1, read))
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

    serve(work, weights=Path(translator.info.id).name)


if __name__ == "__main__":
    main()
