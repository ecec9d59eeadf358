"""Another project's Celery app, whose tasks come after articles: imported by its worker and by who sends articles."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery, signature

from tests.elsewhere import TASK, TEXT

URL = os.environ["PRESSE_URL"]

app = Celery("presse", broker=URL, backend=URL)
app.conf.update(
    task_default_queue="presse",
    worker_pool="threads",
    worker_concurrency=2,
    broker_connection_retry_on_startup=True,
    # Two apps that share a database must not share kombu's list of messages in work.
    broker_transport_options={
        f"{name}_key": f"presse.{name}" for name in ("unacked", "unacked_index", "unacked_mutex")
    },
)


def article(number: int, text: str = TEXT) -> Any:
    """An article, as a part of a larger piece of work."""
    return signature(TASK, args=[{"text": f"{text} {number}"}], queue="articles", app=app, immutable=True)


@app.task(name="presse.publish")
def publish(result: Any) -> str:
    """Takes the result of an article, or of another publish."""
    return f"published {result['text_en'] if isinstance(result, dict) else result}"


@app.task(name="presse.collect")
def collect(results: list[Any]) -> list[str]:
    """Takes all results of a chord."""
    return [result["text_en"] if isinstance(result, dict) else result for result in results]


@app.task(name="presse.alarm")
def alarm(task_id: str) -> str:
    """Takes the id of what has failed."""
    return f"failed {task_id}"


@app.task(name="presse.note")
def note() -> str:
    """Takes nothing, as an immutable signature."""
    return "noted"


@app.task(name="presse.other")
def other(result: Any) -> str:
    """Nobody allows this one."""
    raise AssertionError(result)
