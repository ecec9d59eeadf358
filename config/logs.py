"""The worker's log: one line for each event on standard error, as text or JSON, without article text or secrets."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor

from config.settings import LogFormat

#: How many characters are shown of what Celery says about a message that it cannot take. The rest is the message
#: itself, and so the article.
SHOWN_OF_MESSAGE = 120

_CREDENTIALS = re.compile(r"([a-z][a-z+]*://)[^\s/@]*@")
_PASSWORDS = re.compile(r"(password=)[^&\s'\"]+", re.IGNORECASE)


def configure_logging(log_format: LogFormat = "console", level: int = logging.INFO) -> None:
    """Send the logs of this process to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(_formatter(log_format))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Celery's own lines about messages and tasks would repeat ours, and may show the article.
    for name in ("celery.app.trace", "celery.worker.strategy"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("celery.worker.consumer.consumer").addFilter(_without_message)


def _formatter(log_format: LogFormat) -> logging.Formatter:
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            # The other extra fields, which Celery adds, hold the beginning of the message.
            structlog.stdlib.ExtraAdder(allow={"job"}),
            _flatten,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            mask_secrets,
            renderer,
        ],
    )


def _flatten(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ARG001
    event.update(event.pop("job", {}))
    return event


def mask_secrets(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ARG001
    """Replace logins and passwords in every text of a log line. This is a structlog processor."""
    return {key: mask(value) if isinstance(value, str) else value for key, value in event.items()}


def mask(text: str) -> str:
    """The text, with ``***`` for the login of each URL and for each password in it."""
    return _PASSWORDS.sub(r"\1***", _CREDENTIALS.sub(r"\1***@", text))


def _without_message(record: logging.LogRecord) -> bool:
    record.msg, record.args = record.getMessage().strip().partition("\n")[0][:SHOWN_OF_MESSAGE], ()
    return True
