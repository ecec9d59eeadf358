"""Says what SIGTERM and SIGINT do to a worker before Celery has begun to start it.

This module imports nothing that takes time, as the handlers must be installed before everything else is imported.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable

#: How long a process that must end is given to say why.
LAST_WORDS_S = 1.0

Handler = Callable[[int, object], object]


def handle_stop(handler: Handler) -> None:
    """Have this handler called for SIGTERM and for SIGINT, in place of the former ones."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handler)


def end_at_latest(after_s: float, last_words: Callable[[], object] = lambda: None) -> None:
    """End the process with exit status 0 after so many seconds, whatever it waits for then; the first call counts.

    ``last_words`` is called before.
    """

    def end(number: int, frame: object) -> None:
        # In a thread, as it may never return: whatever keeps the process from ending may keep it from speaking too.
        speaker = threading.Thread(target=last_words, daemon=True)
        speaker.start()
        speaker.join(LAST_WORDS_S)
        exit_at_once(number, frame)

    if signal.getitimer(signal.ITIMER_REAL)[0] == 0:
        signal.signal(signal.SIGALRM, end)
        signal.setitimer(signal.ITIMER_REAL, after_s)


def exit_at_once(number: int, frame: object) -> None:  # noqa: ARG001  # the signal module's signature
    """A signal handler that ends the process with exit status 0."""
    # SystemExit could get lost, as some libraries catch every exception while they are imported.
    os._exit(os.EX_OK)


def ignore_signals() -> None:
    """Let no signal to stop, and no time that is over, change the exit status any more.

    Python forgets its handlers some time before the process is gone, and then such a signal would end it with another
    status. What is ignored stays ignored.
    """
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
        signal.signal(number, signal.SIG_IGN)
