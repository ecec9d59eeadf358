"""Logging of the worker: one line an event on standard error, without article text."""

from __future__ import annotations

import logging

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def configure_logging(level: int = logging.INFO) -> None:
    """Send the logs of this process to standard error."""
    logging.basicConfig(level=level, format=FORMAT, force=True)
    # Celery's own line for a finished task repeats the result, and so the article; ours does not.
    logging.getLogger("celery.app.trace").setLevel(logging.WARNING)
