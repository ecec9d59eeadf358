"""Which of Celery's requests are in work in this process."""

from __future__ import annotations

from typing import Any

from celery.worker import state


def requests_in_work() -> tuple[Any, ...]:
    """The requests at this moment, while other threads begin and end them."""
    while True:
        try:
            return tuple(state.active_requests)
        except RuntimeError:
            # Celery keeps them in a set, which another thread has changed while it was read. It is small, so the next
            # try soon succeeds; without it, this error would end the whole worker.
            continue
