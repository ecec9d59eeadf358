"""The articles and messages of a torture run, and what must come of each."""

from __future__ import annotations

import json
import uuid
from typing import Any, Literal

from depeche import messages
from depeche.article import Article, JobState, Options
from depeche.intake import new_task_id
from depeche.queue import QUEUES, TASK_NAME, Priority

#: How a job is sent. ``submit``: by our client. ``push``: as JSON, by hand. ``send``: by Celery.
Way = Literal["submit", "push", "send"]

#: What a job is. ``plain``: some sentences. ``failing``: its engine says no. ``overload``: memory is short, again and
#: again. ``crash``: it ends the process of its worker. ``invalid``: no article. ``odd``: its headers are none
#: that Celery can use. ``foreign``: for another task. ``garbage``: no JSON.
Kind = Literal["plain", "failing", "overload", "crash", "invalid", "odd", "foreign", "garbage"]

#: How each kind ends where nobody interferes.
ENDS: dict[Kind, JobState] = {
    "plain": JobState.SUCCEEDED,
    "failing": JobState.FAILED,
    "overload": JobState.DEAD,
    "crash": JobState.DEAD,
    "invalid": JobState.FAILED,
    "odd": JobState.DEAD,
    "foreign": JobState.DEAD,
    "garbage": JobState.DEAD,
}

_ORDERS: dict[Kind, str] = {"failing": " echo:fail", "overload": " echo:overload", "crash": " echo:crash"}

_IDS = uuid.UUID("0f3f5d2e-52b1-4c38-b2f5-6f0a3a4b7d11")


def text(name: str, kind: Kind = "plain", sentences: int = 1, sleep_s: float = 0) -> str:
    """The French of a job, which no other job has."""
    order = _ORDERS.get(kind, f" echo:sleep={sleep_s}" if sleep_s else "")
    return "\n\n".join(f"Le bulletin {name} donne la nouvelle {number}{order}" for number in range(1, sentences + 1))


def english(french: str) -> str:
    """What the echo profile makes of it."""
    return "\n\n".join(f"[fr→en] {paragraph}" for paragraph in french.split("\n\n"))


def article(name: str, french: str) -> Article:
    """With the name of its job, by which the result is known again."""
    return Article(text=french, metadata={"torture": name})


def digest(name: str, french: str) -> str:
    """What the record of a job says of its article and options."""
    return messages.digest(*messages.arguments(article(name, french), Options()))


def own_id(seed: int, name: str) -> str:
    """The task id that a sender without our client gives a job."""
    return str(uuid.uuid5(_IDS, f"{seed} {name}"))


def key_id(key: str) -> str:
    """The task id that our client makes of an idempotency key."""
    return new_task_id(key)


def call(name: str, kind: Kind, french: str) -> tuple[str, list[Any], dict[str, Any]]:
    """The task, its arguments and its keyword arguments, as a sender without our client writes them."""
    if kind == "foreign":
        return "other.task", [], {}
    if kind == "invalid":
        return TASK_NAME, [{"texte": french}], {}
    return TASK_NAME, *messages.arguments(article(name, french), Options())


def by_hand(task_id: str, name: str, kind: Kind, french: str, priority: Priority) -> str:
    """The message as it lies on the queue, as docs/protocol.md says."""
    if kind == "garbage":
        return f"Ceci n'est pas un message : {name}"
    task, args, kwargs = call(name, kind, french)
    return json.dumps(
        {
            "headers": {"task": task, "id": task_id} | ({"expires": {"le": "soir"}} if kind == "odd" else {}),
            "body": json.dumps([args, kwargs, {}]),
            "content-type": "application/json",
            "content-encoding": "utf-8",
            "properties": {
                "correlation_id": task_id,
                "delivery_tag": task_id,
                "delivery_info": {"exchange": "", "routing_key": QUEUES[priority]},
            },
        }
    )
