"""One line at the bottom of a terminal that says how far a command is. All that is written goes above it.

It is on standard error, and only where that is a terminal.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_lock = threading.RLock()
_shown = ""


def show(text: str) -> None:
    """Replace the line. An empty text takes it away.

    Args:
        text: printable ASCII, as no terminal has anything else in every encoding. What is too long is cut.
    """
    global _shown  # noqa: PLW0603  # there is one terminal
    if not on_terminal():
        return
    with _lock:
        if not (text or _shown):
            return
        _put(" " * len(_shown) if len(text) < len(_shown) else "")
        _shown = text[: max(1, width() - 1)]
        _put(_shown)


@contextmanager
def hidden() -> Iterator[None]:
    """Take the line away while something else is written to the terminal."""
    with _lock:
        if not _shown:
            yield
            return
        _put(" " * len(_shown))
        _put("")
        try:
            yield
        finally:
            _put(_shown)


def on_terminal() -> bool:
    """Whether standard error is a terminal."""
    with suppress(OSError, ValueError, AttributeError):
        return sys.stderr.isatty()
    return False


def width() -> int:
    """How many characters a line of the terminal has; 80 where that is not known."""
    with suppress(OSError, ValueError):
        # A terminal that nobody has told its size says 0.
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    return 80


def _put(text: str) -> None:
    # A terminal that is gone, or was closed, need not see it.
    with suppress(OSError, ValueError):
        sys.stderr.write(f"\r{text}")
        sys.stderr.flush()
