"""Sends articles with tasks after them, waits for these and prints what came of each, as JSON lines.

This is a process of its own, as Celery's results keep connections until their process ends.
"""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Callable
from typing import Any

from celery import chain, chord, group

from tests.integration.callbacks_app import alarm, app, article, collect, note, other, publish

FAILS = "Une phrase. echo:fail"


def queued(task: Any, **options: Any) -> Any:
    """A signature with a queue, as Dépêche's workers do not know to which queue another app sends its tasks."""
    return task.set(queue="presse", **options)


def with_id(task: Any) -> tuple[Any, Any]:
    """The same with an id, and the result to wait for."""
    task_id = str(uuid.uuid4())
    return queued(task, task_id=task_id), app.AsyncResult(task_id)


def linked() -> list[Any]:
    """Two callbacks, of which the first has one of its own."""
    (second, second_result), (first, first_result) = with_id(publish.s()), with_id(publish.s())
    (third, third_result) = with_id(note.si())
    first.link(third)
    sent = article(1).apply_async(link=[first, second])
    return [
        sent.get(timeout=60)["text_en"],
        *(each.get(timeout=60) for each in (first_result, second_result, third_result)),
    ]


def link_error() -> list[Any]:
    """Called for what fails, and with its id."""
    failing, failed = with_id(alarm.s())
    fine, never = with_id(alarm.s())
    good = article(1).apply_async(link_error=fine)
    bad = article(2, FAILS).apply_async(link_error=failing)
    good.get(timeout=60)
    return [failed.get(timeout=60) == f"failed {bad.id}", never.state]


def chained() -> Any:
    """Each task gets what the one before it returned."""
    return chain(article(1), queued(publish.s()), queued(publish.s())).apply_async().get(timeout=60)


def chain_of_articles() -> Any:
    """An article may come after another."""
    return chain(article(1), article(2), queued(publish.s())).apply_async().get(timeout=60)


def chain_that_fails() -> Any:
    """Whoever waits for the last task learns that the first has failed."""
    return chain(article(1, FAILS), queued(publish.s()), queued(note.si())).apply_async().get(timeout=60)


def group_after() -> Any:
    """Two tasks side by side after one article."""
    return chain(article(1), group(queued(publish.s()), queued(note.si()))).apply_async().get(timeout=60)


def group_of() -> Any:
    """Articles side by side, each with a task after it."""
    parts = [chain(article(number), queued(publish.s())) for number in (1, 2)]
    return group(parts).apply_async().get(timeout=60)


def chord_of() -> Any:
    """One task after several articles, with all their results in order."""
    return chord([article(number) for number in (1, 2, 3)], queued(collect.s())).apply_async().get(timeout=60)


def chord_after() -> Any:
    """Articles, tasks side by side after each, and one after all."""
    parts = [chain(article(number), queued(publish.s())) for number in (1, 2)]
    return chord(parts, queued(collect.s())).apply_async().get(timeout=60)


def chord_in_a_chain() -> Any:
    """An article, tasks side by side after it, and one after these."""
    middle = group(queued(publish.s()), queued(note.si()))
    return chain(article(1), middle, queued(collect.s())).apply_async().get(timeout=60)


def chord_that_fails() -> Any:
    """Whoever waits for the last task learns that one of the articles has failed."""
    return chord([article(1), article(2, FAILS)], queued(collect.s())).apply_async().get(timeout=60)


def not_allowed() -> Any:
    """One task that is not on the list, deep inside."""
    return chain(article(1), queued(publish.s(), link=queued(other.s()))).apply_async().get(timeout=60)


CASES: list[Callable[[], Any]] = [
    *(linked, link_error, chained, chain_of_articles, chain_that_fails, group_after, group_of),
    *(chord_of, chord_after, chord_in_a_chain, chord_that_fails, not_allowed),
]


def main() -> None:
    """Print one line for each case that is named, or for all."""
    for case in CASES:
        if sys.argv[1:] and case.__name__ not in sys.argv[1:]:
            continue
        try:
            outcome = case()
        except Exception as error:  # noqa: BLE001  # whatever comes of a case is told
            outcome = f"{type(error).__name__}: {error}"
        sys.stdout.write(json.dumps({case.__name__: outcome}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
