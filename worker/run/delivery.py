"""One message as the broker delivers it, and what it asks for."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from depeche.article import Article, Options, parse
from depeche.errors import InvalidArticle
from depeche.queue import Priority


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
    """

    task_id: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    priority: Priority = "normal"
    caller: str = field(default_factory=lambda: secrets.token_hex(8))


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
