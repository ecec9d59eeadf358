"""Logging of the worker: one line an event on standard error, without article text."""

from __future__ import annotations

import logging

#: Of what Celery says of a message that it cannot take. The rest of it is the message, and so the article.
SHOWN_OF_MESSAGE = 120

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def configure_logging(level: int = logging.INFO) -> None:
    """Send the logs of this process to standard error."""
    logging.basicConfig(level=level, format=FORMAT, force=True)
    # Celery's own line for a finished task repeats the result, and so the article; ours does not.
    logging.getLogger("celery.app.trace").setLevel(logging.WARNING)
    logging.getLogger("celery.worker.consumer.consumer").addFilter(_without_message)


def _without_message(record: logging.LogRecord) -> bool:
    record.msg, record.args = record.getMessage().strip().partition("\n")[0][:SHOWN_OF_MESSAGE], ()
    return True
