"""Articles that come under an id that belongs to another article: the first one under an id decides what its job is."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from depeche import messages
from depeche.article import JobError
from depeche.errors import KeyConflict
from depeche.queue import Priority

#: Namespace of the ids that such articles get.
NAMESPACE = uuid.UUID("b2f3d1c4-6a57-4c0e-9a43-7f0d5a1be6c8")


def letter(
    task_id: str,
    priority: Priority,
    args: Any,
    kwargs: Any,
    headers: Mapping[str, Any] | None = None,
    embedded: Mapping[str, Any] | None = None,
) -> tuple[str, str, JobError]:
    """The dead letter of a message that is not the job's own: its id, the message under that id, and the error.

    Retried, it is processed under its id. The same message again makes the same letter.
    """
    own = str(uuid.uuid5(NAMESPACE, f"{task_id} {messages.digest(args, kwargs, embedded)}"))
    error = JobError(
        code=KeyConflict.code,
        message=f"the id {task_id} belongs to another article, which came first: retry this one, and it is processed "
        f"as {own}; or send it again with an id of its own",
        detail={"id": task_id},
    )
    return own, messages.compose(own, priority, args, kwargs, headers, embedded), error
