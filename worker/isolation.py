"""Who may work beside whom in one process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Gate:
    """Lets jobs in together, and a suspect one alone.

    A job whose last worker died may have been the cause. Were others in work beside it when it kills the next worker,
    their attempts would be counted too, and after a few times they would be dead without a fault of theirs.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside = 0
        self._suspects = 0
        self._alone = False

    @contextmanager
    def together(self) -> Iterator[None]:
        """Wait until no suspect is in work or waits to be, and keep suspects out."""
        with self._changed:
            self._changed.wait_for(lambda: not self._suspects)
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Wait until nobody is inside, and keep everybody out. Those who come later wait, so that this ends."""
        with self._changed:
            self._suspects += 1
            self._changed.wait_for(lambda: not self._inside and not self._alone)
            self._alone = True
        try:
            yield
        finally:
            with self._changed:
                self._alone = False
                self._suspects -= 1
                self._changed.notify_all()
