"""What programs that are not our client send: Celery's own client, and plain JSON."""

from __future__ import annotations

import json
from typing import Any

from celery import Celery

from depeche.errors import DepecheError

TEXT = "La gare a fermé lundi."
ENGLISH = "[fr→en] La gare a fermé lundi."
TASK = "depeche.process_article"


def send(app: Celery, text: str = TEXT, *, queue: str = "articles", **options: Any) -> Any:
    """Celery's AsyncResult of an article that another project sends."""
    return app.send_task(TASK, args=[{"text": text}], queue=queue, **options)


def raw_message(
    task_id: str,
    text: str = TEXT,
    *,
    routing_key: str = "articles",
    embed: dict[str, Any] | None = None,
    **headers: Any,
) -> str:
    """The message that the README shows; it names where it was sent and what is to be sent after it."""
    return json.dumps(
        {
            "headers": {"task": TASK, "id": task_id} | headers,
            "body": json.dumps([[{"text": text}], {}, embed or {}]),
            "content-type": "application/json",
            "content-encoding": "utf-8",
            "properties": {
                "correlation_id": task_id,
                "delivery_tag": task_id,
                "delivery_info": {"exchange": "", "routing_key": routing_key},
            },
        }
    )


def fault(sent: Any) -> str:
    """What Celery's own wait for a result raises. Only its words are kept, as the exception would keep connections."""
    try:
        sent.get(timeout=40)
    except DepecheError as error:
        return f"{error.code}: {error}"
    raise AssertionError("it has succeeded")
