"""A worker whose engine writes to ``COMPUTED`` how many sentences each batch had, and goes on when a test lets it.

It hangs after ``HANG_AFTER`` batches. While the file ``HELD`` exists it begins none, and each takes 50 ms longer where
that variable is set, so that what happens beside a batch has the time to happen before the next.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

from worker.__main__ import main
from worker.models.engines.ctranslate2 import CTranslate2Generator

_batches = count()
_compute = CTranslate2Generator.compute


def _compute_some(self: CTranslate2Generator, inputs: Sequence[Sequence[int]], request: Any) -> Any:
    if next(_batches) >= float(os.environ.get("HANG_AFTER", "inf")):
        threading.Event().wait()
    if held := os.environ.get("HELD"):
        time.sleep(0.05)
        while Path(held).exists():
            time.sleep(0.01)
    found = _compute(self, inputs, request)
    with Path(os.environ["COMPUTED"]).open("a", encoding="ascii") as file:
        file.write(f"{len(inputs)}\n")
    return found


CTranslate2Generator.compute = _compute_some  # type: ignore[method-assign]

if __name__ == "__main__":
    main()
