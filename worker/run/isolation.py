"""Which jobs may run at the same time in one process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Isolation:
    """Lets jobs run together, and runs a suspect alone.

    A job whose last worker died is a suspect: it may have killed that worker. If other jobs ran next to it while it
    kills the next worker, their attempts would be counted too. After a few times they would be dead through no fault of
    their own.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside = 0
        self._suspects = 0
        self._alone = False

    @contextmanager
    def together(self, before_waiting: Callable[[], object] = lambda: None) -> Iterator[None]:
        """Wait while a suspect runs or waits for its turn, then keep suspects out until the block ends.

        ``before_waiting`` is called where this may take long.
        """
        with self._changed:
            is_free = not self._suspects
            self._inside += is_free
        if not is_free:
            before_waiting()
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
        """Wait until no other job runs, then keep all others out until the block ends.

        Jobs that come later wait as soon as this call begins, so its own wait always ends.
        """
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
