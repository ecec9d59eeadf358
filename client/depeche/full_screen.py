"""A screen that a command draws again and again on a terminal, and that leaves the terminal as it was.

It is on standard output. Keys are read where standard input is a terminal too.
"""

from __future__ import annotations

import os
import re
import select
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType, TracebackType

#: A screen of its own, without a cursor. Lines that are too long are cut by the terminal, as only it knows how wide its
#: characters are.
_ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l"
_LEAVE = "\x1b[?7h\x1b[?25h\x1b[?1049l"

_COLOUR = re.compile("\x1b\\[[0-9;]*m")

_HOME, _REST_OF_LINE, _REST_OF_SCREEN = "\x1b[H", "\x1b[K", "\x1b[J"


def on_terminal() -> bool:
    """Whether standard output is a terminal that can be drawn on."""
    with suppress(OSError, ValueError, AttributeError):
        return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    return False


def size() -> tuple[int, int]:
    """How many columns and rows the terminal has; 80 and 24 where that is not known."""
    with suppress(OSError, ValueError):
        found = os.get_terminal_size(sys.stdout.fileno())
        # A terminal that nobody has told its size says 0.
        return found.columns or 80, found.lines or 24
    return 80, 24


def put(text: str) -> None:
    """Write to the terminal, in its encoding, with what it obeys. Whoever calls this has made the text safe.

    Raises:
        OSError: the terminal is gone.
    """
    if os.environ.get("NO_COLOR"):
        # click.unstyle would also take away what moves the cursor.
        text = _COLOUR.sub("", text)
    sys.stdout.write(text.encode(sys.stdout.encoding, errors="backslashreplace").decode(sys.stdout.encoding))
    sys.stdout.flush()


class Block:
    """Some lines that are drawn over each other, below what the terminal shows already."""

    def __init__(self) -> None:
        self._drawn = 0

    def draw(self, lines: Sequence[str]) -> None:
        """Replace the lines of before. They should be fewer than the terminal has, and not wider."""
        back = f"\x1b[{self._drawn}A\r" if self._drawn else ""
        put(back + _REST_OF_SCREEN + "".join(f"{line}\n" for line in lines))
        self._drawn = len(lines)


class FullScreen:
    """Takes the whole terminal while its context lasts. Ctrl-Z gives it back in between, and SIGTERM for good."""

    def __init__(self) -> None:
        self._has_keys = False
        self._before: list[object] | None = None
        self._handlers: dict[int, object] = {}

    def __enter__(self) -> FullScreen:
        self._has_keys = bool(sys.stdin) and sys.stdin.isatty()
        for number, handler in ((signal.SIGTERM, _end), (signal.SIGTSTP, self._pause)):
            self._handlers[number] = signal.signal(number, handler)
        self._take()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._give_back()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # what signal itself has given

    def draw(self, lines: Sequence[str]) -> None:
        """Show these lines, which may have colours, and nothing else. What there is no room for is not shown."""
        _, rows = size()
        put(_HOME + "\r\n".join(line + _REST_OF_LINE for line in lines[:rows]) + _REST_OF_SCREEN)

    def keys(self, timeout_s: float) -> str:
        """The keys that are pressed next, in one text; empty when the time is over.

        Raises:
            EOFError: the terminal is gone.
        """
        if not self._has_keys:
            time.sleep(timeout_s)
            return ""
        if not select.select([sys.stdin.fileno()], [], [], timeout_s)[0]:
            return ""
        pressed = os.read(sys.stdin.fileno(), 100)
        if not pressed:
            raise EOFError
        return pressed.decode(errors="replace")

    def _take(self) -> None:
        if self._has_keys:
            import termios
            import tty

            self._before = termios.tcgetattr(sys.stdin.fileno())
            tty.setcbreak(sys.stdin.fileno())
        put(_ENTER)

    def _give_back(self) -> None:
        with suppress(OSError, ValueError):
            put(_LEAVE)
        if self._before is not None:
            import termios

            with suppress(termios.error, OSError):
                termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, self._before)  # type: ignore[arg-type]

    def _pause(self, _signal: int, _frame: FrameType | None) -> None:
        self._give_back()
        os.kill(os.getpid(), signal.SIGSTOP)
        # Here it goes on, after the shell's fg.
        self._take()


def _end(number: int, _frame: FrameType | None) -> None:
    # By way of __exit__, which gives the terminal back.
    raise SystemExit(128 + number)
