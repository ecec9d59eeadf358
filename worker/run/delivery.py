"""One message as the broker delivers it, and what it asks for."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol

from depeche import messages
from depeche.article import Article, Options, parse
from depeche.errors import InvalidArticle
from depeche.queue import Priority

#: Where Celery names other tasks that are to come after this one.
AFTERWARDS = ("callbacks", "errbacks", "chain", "chord")
#: What Celery says about them in a message's headers.
RELATIONS = ("root_id", "parent_id", "group", "group_index")
#: How many of the tasks that wait for a refused one are ended with it.
MOST_WAITING = 100
#: Ids become parts of Redis keys.
MAX_ID = 200


@dataclass(frozen=True)
class Callbacks:
    """Other tasks that are to be sent after an article, as a message of Celery's names them.

    Attributes:
        embedded: Celery's signatures, by the names in :data:`AFTERWARDS`; only what is there.
        headers: what there is of :data:`RELATIONS`.
    """

    embedded: dict[str, Any]
    headers: dict[str, Any] = field(default_factory=dict)

    def waiting_ids(self) -> list[str]:
        """The ids of the tasks named here, at most :data:`MOST_WAITING`: somebody may wait for them."""
        return list(islice(_ids_in(self.embedded), MOST_WAITING))


class Receipt(Protocol):
    """What the broker gives with a message. By it, the ledger takes and acknowledges the message in its own steps.

    Attributes:
        tag: by which the broker knows this delivery of the message; empty where it takes care of all by itself.
    """

    @property
    def tag(self) -> str:
        """See above."""

    def unrecorded(self) -> str:
        """The broker's record of who has the message, where whoever claims the job must write it; else empty."""

    def recorded(self) -> None:
        """The claim has written this record."""

    def record(self) -> None:
        """Write this record now, as the job cannot be claimed yet.

        Raises:
            redis.RedisError: Redis is away, or answers with an error.
        """

    def settled(self) -> None:
        """The message was acknowledged together with the end of its job."""


class NoReceipt:
    """A ``Receipt`` for a message that somebody else holds and acknowledges."""

    tag = ""

    def unrecorded(self) -> str:
        """Nothing."""
        return ""

    def recorded(self) -> None:
        """Do nothing."""

    def record(self) -> None:
        """Do nothing."""

    def settled(self) -> None:
        """Do nothing."""


NO_RECEIPT: Receipt = NoReceipt()


@dataclass(frozen=True)
class Delivery:
    """One message of a job.

    Any program may have written it, so the arguments may be anything.

    Attributes:
        task_id: the task id.
        args: positional arguments, as JSON values.
        kwargs: keyword arguments, as JSON values.
        priority: that of the queue from which it came.
        caller: the token by which the ledger knows this delivery from any other, of the same message too.
        callbacks: other tasks that are to be sent after it; None where there are none.
        receipt: what the broker gives with it.
    """

    task_id: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    priority: Priority = "normal"
    caller: str = field(default_factory=lambda: secrets.token_hex(8))
    callbacks: Callbacks | None = None
    receipt: Receipt = NO_RECEIPT

    def digest(self) -> str:
        """The digest of article, options and callbacks, see ``depeche/messages.py``; empty where they are not JSON."""
        try:
            return messages.digest(self.args, self.kwargs, self.callbacks.embedded if self.callbacks else None)
        except TypeError:
            # Whoever reads the article will refuse it.
            return ""


def is_id(task_id: Any) -> bool:
    """Whether this can be the id of a task."""
    return isinstance(task_id, str) and 0 < len(task_id) <= MAX_ID and task_id.isprintable()


def read_message(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Article, Options]:
    """Check a message's arguments.

    Raises:
        InvalidArticle: says which arguments are wrong.
    """
    unknown = set(kwargs) - {"options"}
    if len(args) != 1 or unknown:
        raise InvalidArticle(
            f"the message has {len(args)} arguments and {len(unknown)} unknown keywords: send args [article] and, if "
            "need be, the keyword options"
        )
    options = kwargs.get("options")
    return parse(Article, args[0]), Options() if options is None else parse(Options, options)


def _ids_in(signatures: Any) -> Iterator[str]:
    level: list[Any] = [signatures]
    while level:
        options = [part.get("options") for part in level if isinstance(part, dict)]
        ids = [found.get("task_id") for found in options if isinstance(found, dict)]
        yield from (str(task_id) for task_id in ids if is_id(task_id))
        parts = [part.values() if isinstance(part, dict) else part for part in level if isinstance(part, dict | list)]
        level = [inner for part in parts for inner in part]
