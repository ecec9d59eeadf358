"""Looks for the message of a job that has no record, as another program has queued it and no worker has taken it yet.

Redis knows no message by the id in it, so all messages are read until one has it. Redis reads them itself, step by
step, and serves others between two steps. Only the answer crosses the network.
"""

from __future__ import annotations

import re
from typing import Literal

from depeche.queue import QUEUES
from depeche.redis_client import is_forbidden
from depeche.scripts import Scripts
from depeche.strays import LISTS

#: What came of it. ``found``: the message waits, or a worker has just taken it. ``none``: there is no such message.
#: ``forbidden``: this Redis user may not read the queues.
Found = Literal["found", "none", "forbidden"]

#: Bytes of messages that Redis reads in one step, as it serves nobody else meanwhile.
STEP_BYTES = 1_000_000

#: Messages that Redis reads at once at first, when it is not known how long they are.
AT_ONCE = 20

#: All lists where messages wait. Those next to the queues come first, as messages move from there to the queues.
WHERE = (*(name for names in LISTS.values() for name in names), *QUEUES.values())

#: What no program that writes JSON replaces by an escape.
_AS_IT_IS = re.compile("[A-Za-z0-9_-]+")


def search(scripts: Scripts, task_id: str) -> Found:
    """Look for a job's message on all lists where one may wait, and among those that workers hold.

    Raises:
        redis.RedisError: Redis is away.
    """
    import redis

    part = max(_AS_IT_IS.findall(task_id), key=len, default="")
    place: list[int | str] = [AT_ONCE, 1, "0"]
    while True:
        try:
            answer, *rest = scripts.run("search", task_id, part, STEP_BYTES, *place, *WHERE)
        except redis.ResponseError as error:
            if is_forbidden(error):
                return "forbidden"
            raise
        if answer == "go on":
            place = rest
        else:
            found: Found = answer
            return found
