"""A job's message as it lies on the queue: Celery's protocol 2, in kombu's envelope for Redis.

Written here and not by Celery, so that message, job record and ledger can be stored in one step.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import socket
import uuid
from collections.abc import Mapping
from typing import Any

from depeche.article import Article, Options
from depeche.queue import QUEUES, TASK_NAME, Priority

#: Quotation marks inside the body are escaped, so an article cannot hold this.
_CORRELATION_ID = re.compile(r'"correlation_id": ?"([^"\\]{1,200})"')

_ORIGIN = f"{os.getpid()}@{socket.gethostname()}"


def compose(job_id: str, priority: Priority, args: Any, kwargs: Any, headers: Mapping[str, str] | None = None) -> str:
    """The message of a job, as JSON; ``args`` and ``kwargs`` are the task's, as JSON values, ``headers`` are added."""
    queue = QUEUES[priority]
    return json.dumps(
        {
            # Plain text, as Celery's base64 is a third longer.
            "body": json.dumps([args, kwargs, {}], ensure_ascii=False),
            "content-encoding": "utf-8",
            "content-type": "application/json",
            # Celery's own argsrepr would repeat the first kilobyte of the article, and in logs too.
            "headers": {
                "lang": "py",
                "task": TASK_NAME,
                "id": job_id,
                "root_id": job_id,
                "argsrepr": "[article]",
                "kwargsrepr": "{}",
                "origin": _ORIGIN,
                **(headers or {}),
            },
            "properties": {
                "correlation_id": job_id,
                "delivery_mode": 2,
                "delivery_info": {"exchange": queue, "routing_key": queue},
                "priority": 0,
                "delivery_tag": str(uuid.uuid4()),
            },
        },
        ensure_ascii=False,
    )


def job_id_of(message: str) -> str | None:
    """Whose message this is; None where it cannot be told."""
    found = _CORRELATION_ID.search(message)
    return found[1] if found else None


def arguments(article: Article, options: Options) -> tuple[list[Any], dict[str, Any]]:
    """The task's args and kwargs."""
    return [article.model_dump(mode="json")], {"options": options.model_dump(mode="json")}


def content(message: str) -> Any:
    """What the message asks for: ``[args, kwargs, embed]``."""
    return json.loads(json.loads(message)["body"])


def digest(args: Any, kwargs: Any) -> str:
    """Tells two submissions apart: equal for equal articles and options."""
    return hashlib.sha256(json.dumps([args, kwargs], sort_keys=True).encode()).hexdigest()
