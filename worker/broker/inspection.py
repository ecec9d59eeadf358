"""Every message is inspected before Celery sees it, as anybody who can reach Redis may have written it.

Celery and kombu trust their messages. One that is not JSON, has no properties or nests too deeply ends the connection,
over and over, or is dropped with a line in the log. Here it becomes a dead letter: it is kept with the reason, shown by
``depeche dead``, and no longer in the way.
"""

from __future__ import annotations

import base64
import json
import logging
import re
import uuid
from collections.abc import Callable, Collection, Sequence
from typing import Any, Literal

import redis

from depeche.article import JobError
from depeche.errors import InvalidArticle
from depeche.messages import task_id_of
from depeche.queue import TASK_NAME
from worker.broker.nesting import MAX_DEPTH, too_deep
from worker.broker.signatures import are_allowed
from worker.ledger import KEPT_MESSAGES, RedisLedger
from worker.run.delivery import AFTERWARDS, RELATIONS, Callbacks, is_id

log = logging.getLogger("depeche.worker")

Reason = Literal[
    "too_large", "too_deep", "not_json", "not_a_message", "unknown_task", "bad_body", "bad_headers", "callbacks"
]

#: What each reason says to the person who reads the dead letter.
ADVICE: dict[Reason, str] = {
    "too_large": "it is longer than any article within DEPECHE_MAX_ARTICLE_CHARS: split the article, or raise that",
    "too_deep": f"it is nested deeper than {MAX_DEPTH} levels of brackets: send flatter metadata and headers",
    "not_json": "it is not JSON that can be read",
    "not_a_message": "it lacks what a Celery message has: see the message in Dépêche's docs/protocol.md",
    "unknown_task": f"it asks for another task than {TASK_NAME}: send other tasks to other queues, or another version "
    "of the worker knows it",
    "bad_body": "its body must be [args, kwargs, embed] as plain or base64 JSON in UTF-8, not compressed",
    "bad_headers": "Celery cannot use its headers, or they ask to start later (eta, countdown); one worker would hold "
    "it until then: submit it when it is due",
    "callbacks": "it asks for other tasks after it (link, link_error, chain or chord), and workers send those alone "
    "that DEPECHE_CALLBACK_TASKS names, to a plain queue: fetch the result by its id and send them yourself, or see "
    "Dépêche's docs/protocol.md",
}

#: Bytes that one character of an article may take in a message: a surrogate pair, escaped, in base64.
BYTES_PER_CHAR = 16
#: For all else in a message: title, metadata, headers.
OTHER_BYTES = 1_000_000
#: Of larger refused messages only the size is kept.
KEPT_BYTES = 1_000_000

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_NAMESPACE = uuid.UUID("3c1a3c43-9d0b-4a9e-bb5c-0d8a0f6e7a52")


class Refused(ValueError):
    """A message that is not a job of ours.

    Attributes:
        reason: what is wrong with it.
        text: the message.
        task_id: the id that its sender gave it, if that is known.
        waiting: the ids of tasks that were to come after it, which somebody may wait for.
    """

    def __init__(self, reason: Reason, text: str, task_id: str | None = None, waiting: Sequence[str] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.text = text
        self.task_id = task_id
        self.waiting = waiting


class Envelope(dict[str, Any]):
    """A message as it lay on the queue.

    Attributes:
        text: its JSON.
        content: what its body holds, ``[args, kwargs, embed]`` or a dict of Celery's older protocol; None before it is
            inspected, and of Celery's own messages.
    """

    def __init__(self, message: dict[str, Any], text: str = "") -> None:
        super().__init__(message)
        self.text = text
        self.content: Any = None


class Inspector:
    """Inspects messages, and keeps those that it refuses.

    Args:
        jobs: the ledger.
        max_article_chars: messages longer than any such article can make are not even parsed.
        count: called with the reason of each refusal.
        callback_tasks: names of tasks that may be sent after an article.
    """

    def __init__(
        self,
        jobs: RedisLedger,
        max_article_chars: int,
        count: Callable[[Reason], None],
        callback_tasks: Collection[str] = (),
    ) -> None:
        self._jobs = jobs
        self._max_bytes = BYTES_PER_CHAR * max_article_chars + OTHER_BYTES
        self._count = count
        self._callback_tasks = callback_tasks

    def read(self, text: str) -> Any:
        """A message's JSON, as kombu's own ``loads`` reads it; an :class:`Envelope` where it is an object.

        Raises:
            Refused: it is too large, nested too deeply, or not JSON.
        """
        if len(text) > self._max_bytes:
            raise Refused("too_large", text)
        if too_deep(text):
            raise Refused("too_deep", text, task_id_of(text))
        try:
            found = json.loads(text)
        except ValueError:
            raise Refused("not_json", text) from None
        return Envelope(found, text) if isinstance(found, dict) else found

    def check(self, message: Any) -> None:
        """Check that a message has all that Celery takes for granted, and keep what its body holds.

        Args:
            message: its JSON, whatever that is.

        Raises:
            Refused: says what is wrong.
        """
        fault, content = _inspected(message, self._callback_tasks)
        if fault:
            raise refused(fault, message)
        message.content = content

    def keep(self, message: Refused) -> bool:
        """Make a dead letter of a message. It never raises, so that this worker's other articles go on.

        Returns:
            Whether the message is done with. If not, Redis is away, and the message must come again.
        """
        data = message.text.encode(errors="replace")
        size = len(data)
        text = message.text if size <= KEPT_BYTES else ""
        error = JobError(
            code=InvalidArticle.code,
            message=f"the message was refused: {ADVICE[message.reason]}",
            detail={"reason": message.reason, "bytes": size, "kept": bool(text)},
        )
        # Under the sender's own id, so that the sender learns of it; but never in place of another message's job.
        own = str(uuid.uuid5(_NAMESPACE, data.hex()) if text else uuid.uuid4())
        try:
            for task_id in filter(None, (message.task_id, own)):
                outcome = self._jobs.refuse(task_id, text, InvalidArticle.__name__, error, KEPT_MESSAGES)
                if outcome != "taken":
                    break
            for waiting_id in message.waiting:
                self._jobs.refuse(waiting_id, "", InvalidArticle.__name__, error, KEPT_MESSAGES)
        except redis.RedisError as fault:
            log.warning("a message of %d bytes is to be refused (%s) and comes again: %s", size, message.reason, fault)
            return False
        self._count(message.reason)
        log.error("refused a message of %d bytes: %s (job %s, %s)", size, message.reason, task_id, outcome)
        return True


def refused(reason: Reason, message: Any) -> Refused:
    """The refusal of a message that could be read."""
    task_id = None
    if isinstance(message, dict) and isinstance(headers := message.get("headers"), dict):
        task_id = headers.get("id")
    waiting = []
    if reason == "callbacks":
        call = _call(message, _content(_body(message) or ""))
        waiting = _callbacks(call or {}).waiting_ids()
    # All in ASCII, as lone surrogates may be what is wrong with it.
    return Refused(reason, json.dumps(message), task_id if is_id(task_id) else None, waiting)


def _callbacks(call: dict[str, Any]) -> Callbacks:
    """What is to be sent after a call."""
    return Callbacks(
        {name: call[name] for name in AFTERWARDS if call.get(name)},
        {name: call[name] for name in RELATIONS if name in call},
    )


def _inspected(message: Any, callback_tasks: Collection[str]) -> tuple[Reason | None, Any]:
    """What is wrong with a message, and what its body holds."""
    if not _is_envelope(message):
        return "not_a_message", None
    body = _body(message)
    if body is None:
        return "bad_body", None
    if too_deep(body):
        return "too_deep", None
    content = _content(body)
    call = _call(message, content)
    if call is None:
        return "bad_body", None
    return _fault_of_call(call, callback_tasks), content


def _fault_of_call(call: dict[str, Any], callback_tasks: Collection[str]) -> Reason | None:
    if not is_id(call.get("id")):
        return "not_a_message"
    if call.get("task") != TASK_NAME:
        return "unknown_task"
    if call.get("eta"):
        return "bad_headers"
    after = _callbacks(call)
    allowed = not after.embedded or are_allowed(after.embedded, after.headers, callback_tasks)
    return None if allowed else "callbacks"


def _is_envelope(message: Any) -> bool:
    if not isinstance(message, dict):
        return False
    properties = message.get("properties")
    delivery = properties.get("delivery_info") if isinstance(properties, dict) else None
    return (
        isinstance(message.get("headers"), dict)
        and isinstance(message.get("body"), str)
        and isinstance(delivery, dict)
        and all(isinstance(delivery.get(name), str) for name in ("exchange", "routing_key"))
    )


def _body(message: dict[str, Any]) -> str | None:
    """The body's JSON as text; None where it is encoded in a way that we do not take."""
    body: str = message["body"]
    plain = message.get("content-type") == "application/json" and "compression" not in message["headers"]
    if not plain or message.get("content-encoding") not in {"utf-8", "utf8", "UTF-8", "binary", None}:
        return None
    try:
        return base64.b64decode(body).decode() if message["properties"].get("body_encoding") == "base64" else body
    except ValueError:
        return None


def _call(message: dict[str, Any], content: Any) -> dict[str, Any] | None:
    """What a message says of task, id, eta and other tasks after it; None where its body is not as Celery writes it."""
    match content:
        case [list(), dict(), dict() | None as embedded] if "task" in message["headers"]:
            headers: dict[str, Any] = message["headers"]
            return headers | {name: (embedded or {}).get(name) for name in AFTERWARDS}
        case dict() if isinstance(content.get("args", []), list) and isinstance(content.get("kwargs", {}), dict):
            # Celery's older protocol has all in the body.
            return None if "task" in message["headers"] else content
        case _:
            return None


def _content(body: str) -> Any:
    """What the body holds; None where it is not JSON, or not fit for Redis."""
    try:
        content = json.loads(body)
        if _SURROGATE.search(body):
            # One of a pair alone is not text, and cannot be written to Redis.
            json.dumps(content, ensure_ascii=False).encode()
    except ValueError:
        return None
    return content
