"""The message of a job as it is on the queue: Celery's protocol 2, in kombu's envelope for Redis.

It is composed here and not by Celery, so that message, job record and ledger entry can be stored in one step.
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

#: Within the body quotation marks are escaped, so the text of an article can never look like this.
_CORRELATION_ID = re.compile(r'"correlation_id": ?"([^"\\]{1,200})"')

_ORIGIN = f"{os.getpid()}@{socket.gethostname()}"


def compose(
    task_id: str,
    priority: Priority,
    args: Any,
    kwargs: Any,
    headers: Mapping[str, Any] | None = None,
    embedded: Mapping[str, Any] | None = None,
) -> str:
    """The message of a job, as JSON.

    Args:
        task_id: the task id.
        priority: says to which queue the message goes.
        args: the arguments of the task, as JSON values.
        kwargs: its keyword arguments, as JSON values.
        headers: more headers, such as those of a trace.
        embedded: what is to come after the task, as Celery embeds it in the body: ``callbacks``, ``errbacks``,
            ``chain`` and ``chord``.
    """
    queue = QUEUES[priority]
    return json.dumps(
        {
            # This is plain text, as Celery's base64 would be a third longer.
            "body": json.dumps([args, kwargs, embedded or {}], ensure_ascii=False),
            "content-encoding": "utf-8",
            "content-type": "application/json",
            # Celery's own argsrepr would repeat the first kilobyte of the article, also in logs.
            "headers": {
                "lang": "py",
                "task": TASK_NAME,
                "id": task_id,
                "root_id": task_id,
                "argsrepr": "[article]",
                "kwargsrepr": "{}",
                "origin": _ORIGIN,
                **(headers or {}),
            },
            "properties": {
                "correlation_id": task_id,
                "delivery_mode": 2,
                "delivery_info": {"exchange": queue, "routing_key": queue},
                "priority": 0,
                "delivery_tag": str(uuid.uuid4()),
            },
        },
        ensure_ascii=False,
    )


def task_id_of(message: str) -> str | None:
    """The id of the job that this message is for, or None if it has none that we know."""
    found = _CORRELATION_ID.search(message)
    return found[1] if found else None


def arguments(article: Article, options: Options) -> tuple[list[Any], dict[str, Any]]:
    """The arguments and keyword arguments of the task, as JSON values."""
    # An option that came after release 0.1 is left out where it is not used: workers of 0.1 would refuse it, and under
    # the same key the same article would count as another.
    unused = set() if options.glossary else {"glossary"}
    return [article.model_dump(mode="json")], {"options": options.model_dump(mode="json", exclude=unused)}


def content(message: str) -> Any:
    """What the message asks for: ``[args, kwargs, embed]``."""
    return json.loads(json.loads(message)["body"])


def digest(args: Any, kwargs: Any, embedded: Mapping[str, Any] | None = None) -> str:
    """A digest of article and options, which is the same for two submits exactly when both are the same.

    It is another one where other tasks are to come after the article, see :func:`compose`.
    """
    told = [args, kwargs, embedded] if embedded else [args, kwargs]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
