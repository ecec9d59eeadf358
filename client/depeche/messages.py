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

#: Encoders are kept, as json.dumps would make a new one for every message.
_write = json.JSONEncoder(ensure_ascii=False).encode
_write_sorted = json.JSONEncoder(sort_keys=True).encode

#: Where an envelope has what is a message's own. No header has a NUL.
_PLACE = re.compile(r'"\\u0000(body|id|tag)"')

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
    return Envelope(priority, headers).around(task_id, args, kwargs, embedded)


class Envelope:
    """What is the same in all messages of one priority. It is written once, as that takes longer than a short article.

    Args:
        priority: says to which queue the messages go.
        headers: more headers, such as those of a trace.
    """

    def __init__(self, priority: Priority, headers: Mapping[str, str] | None = None) -> None:
        self._parts = _PLACE.split(_write(_envelope(QUEUES[priority], headers or {})))

    def around(self, task_id: str, args: Any, kwargs: Any, embedded: Mapping[str, Any] | None = None) -> str:
        """The message of a job, as JSON; see :func:`compose`."""
        before, *others = self._parts
        # This is plain text, as Celery's base64 would be a third longer.
        values = {
            "body": _write(_write([args, kwargs, embedded or {}])),
            "id": _write(task_id),
            "tag": f'"{uuid.uuid4()}"',
        }
        return before + "".join(values[name] + text for name, text in zip(others[::2], others[1::2], strict=True))


def _envelope(queue: str, headers: Mapping[str, str]) -> dict[str, Any]:
    return {
        "body": "\0body",
        "content-encoding": "utf-8",
        "content-type": "application/json",
        # Celery's own argsrepr would repeat the first kilobyte of the article, also in logs.
        "headers": {
            "lang": "py",
            "task": TASK_NAME,
            "id": "\0id",
            "root_id": "\0id",
            "argsrepr": "[article]",
            "kwargsrepr": "{}",
            "origin": _ORIGIN,
            **headers,
        },
        "properties": {
            "correlation_id": "\0id",
            "delivery_mode": 2,
            "delivery_info": {"exchange": queue, "routing_key": queue},
            "priority": 0,
            "delivery_tag": "\0tag",
        },
    }


def task_id_of(message: str) -> str | None:
    """The id of the job that this message is for, or None if it has none that we know."""
    found = _CORRELATION_ID.search(message)
    return found[1] if found else None


def arguments(article: Article, options: Options) -> tuple[list[Any], dict[str, Any]]:
    """The arguments and keyword arguments of the task, as JSON values."""
    return positional(article), keywords(options)


def positional(article: Article) -> list[Any]:
    """The arguments of the task, as JSON values."""
    return [article.model_dump(mode="json")]


def keywords(options: Options) -> dict[str, Any]:
    """The keyword arguments of the task, as JSON values."""
    # An option that came after release 0.1 is left out where it is not used: workers of 0.1 would refuse it, and under
    # the same key the same article would count as another.
    unused = set() if options.glossary else {"glossary"}
    return {"options": options.model_dump(mode="json", exclude=unused)}


def content(message: str) -> Any:
    """What the message asks for: ``[args, kwargs, embed]``."""
    return json.loads(json.loads(message)["body"])


def digest(args: Any, kwargs: Any, embedded: Mapping[str, Any] | None = None) -> str:
    """A digest of article and options, which is the same for two submits exactly when both are the same.

    It is another one where other tasks are to come after the article, see :func:`compose`.
    """
    told = [args, kwargs, embedded] if embedded else [args, kwargs]
    return hashlib.sha256(_write_sorted(told).encode()).hexdigest()
