"""Which tasks a message may have sent after its article: those that the operator allows, to queues of their own.

A message names them in Celery's signatures: JSON objects with the task, its arguments and the options for sending it.
Chains, groups and chords are signatures that hold others. Anybody may have written them, and the worker would send them
with its own rights. So all that is in them is allowed by name, and all else is refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from depeche import keys
from depeche.queue import QUEUES
from worker.run.delivery import is_id

#: How many signatures one message may have, all together.
MOST = 100

#: Where the signatures are that hold others.
_PARTS = {"chain": ("tasks",), "group": ("tasks",), "chord": ("header", "body")}

#: Options of a signature that hold others, and those that say nothing about where it goes.
_INNER = frozenset({"link", "link_error", "chord", "chain"})
_HARMLESS = frozenset(
    "task_id root_id parent_id group_id group_index priority reply_to ignore_result countdown eta expires time_limit "
    "soft_time_limit retries shadow argsrepr kwargsrepr max_retries interval propagate".split()
)

#: What a queue may be called. Keys of Dépêche, and lists for Celery's priorities, have other characters in their names.
_QUEUE = re.compile(r"[A-Za-z0-9_.-]{1,200}")
#: Names like these are kept by kombu and Celery for themselves.
_KEPT = re.compile(r"_kombu\.|unacked|celery-task|celeryev|.*pidbox")


def are_allowed(embedded: Mapping[str, Any], headers: Mapping[str, Any], tasks: Collection[str]) -> bool:
    """Whether a worker may send all that a message names to come after its article.

    Args:
        embedded: the signatures, as :class:`worker.run.delivery.Callbacks` has them.
        headers: what the message's headers say about them.
        tasks: the names of tasks that the operator allows.
    """
    if not all(is_id(found) for name in ("root_id", "parent_id", "group") if (found := headers.get(name)) is not None):
        return False
    if not isinstance(headers.get("group_index"), int | None):
        return False
    found = list(embedded.values())
    for count, signature in enumerate(_unpacked(found)):
        if count == MOST or not isinstance(signature, dict) or not _is_allowed(signature, tasks):
            return False
    return True


def _unpacked(found: list[Any]) -> Any:
    """All signatures, those inside others too; ``found`` has the outermost, and lists of them."""
    while found:
        part = found.pop()
        if isinstance(part, list):
            found += part
        elif part is not None:
            yield part
            # Whoever takes this has seen by now that it is an object.
            options, kwargs = part["options"], part["kwargs"]
            found += [options[name] for name in _INNER & options.keys()]
            found += [kwargs.get(name) for name in _PARTS.get(part.get("subtask_type") or "", ())]


def _is_allowed(signature: dict[str, Any], tasks: Collection[str]) -> bool:
    options, kind = signature.get("options"), signature.get("subtask_type") or ""
    if not (isinstance(signature.get("args"), list) and isinstance(signature.get("kwargs"), dict)):
        return False
    if not isinstance(options, dict) or not isinstance(kind, str) or (kind and kind not in _PARTS):
        return False
    # The names of Celery's own tasks stand for what holds others; alone they would do what no name says.
    name = signature.get("task")
    if not isinstance(name, str):
        return False
    if not (name == f"celery.{kind}" if kind else name in tasks and not name.startswith("celery.")):
        return False
    if not options.keys() <= _HARMLESS | _INNER | {"queue"}:
        return False
    task_id, queue = options.get("task_id"), options.get("queue")
    return (task_id is None or is_id(task_id)) and (queue is None or _may_be_sent_to(queue))


def _may_be_sent_to(queue: Any) -> bool:
    if not isinstance(queue, str) or not _QUEUE.fullmatch(queue) or _KEPT.match(queue):
        return False
    return queue in QUEUES.values() or queue not in keys.fixed()
