"""A worker whose engine hangs after ``HANG_AFTER`` batches, and writes to ``COMPUTED`` how many sentences each had."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

from worker.__main__ import main
from worker.models.engines.ctranslate2 import CTranslate2Generator

_batches = count()
_compute = CTranslate2Generator.compute


def _compute_some(self: CTranslate2Generator, inputs: Sequence[Sequence[int]], request: Any) -> Any:
    if next(_batches) >= int(os.environ["HANG_AFTER"]):
        threading.Event().wait()
    found = _compute(self, inputs, request)
    with Path(os.environ["COMPUTED"]).open("a", encoding="ascii") as file:
        file.write(f"{len(inputs)}\n")
    return found


CTranslate2Generator.compute = _compute_some  # type: ignore[method-assign]

if __name__ == "__main__":
    main()
