"""Messages beside our queues: where Celery's own priorities put them.

For a Celery client that sends with ``priority=3``, kombu pushes the message to a list of its own, beside the queue.
Workers read the queues alone, so that each stays one list whose length any program can ask for. So these messages are
counted here, and workers put them on the queue that they were sent to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from depeche.queue import QUEUES, Priority
from depeche.scripts import Scripts

if TYPE_CHECKING:
    import redis

#: What kombu puts between a queue's name and the priority, and the priorities that it knows besides 0, the queue's own.
SEPARATOR = "\x06\x16"
STEPS = range(1, 10)

#: Messages moved in one step, as Redis serves nobody else meanwhile.
MOST = 200

#: The lists beside each queue.
LISTS: dict[Priority, tuple[str, ...]] = {
    priority: tuple(f"{queue}{SEPARATOR}{step}" for step in STEPS) for priority, queue in QUEUES.items()
}


def count_strays(client: redis.Redis) -> dict[Priority, int]:
    """How many messages lie beside each queue. Lists that this user of Redis may not see count as empty."""
    with client.pipeline(transaction=False) as pipe:
        for names in LISTS.values():
            for name in names:
                pipe.llen(name)
        lengths: list[Any] = pipe.execute(raise_on_error=False)
    each = len(STEPS)
    return {
        priority: sum(length for length in lengths[start : start + each] if isinstance(length, int))
        for priority, start in zip(LISTS, range(0, len(lengths), each), strict=True)
    }


def gather_strays(scripts: Scripts) -> tuple[int, str]:
    """Put what lies beside the queues at their ends.

    Returns:
        How many messages, and what is wrong with one of the lists; empty where nothing is.

    Raises:
        redis.RedisError: Redis is away, or refuses the step.
    """
    pairs = [name for priority, names in LISTS.items() for list_ in names for name in (list_, QUEUES[priority])]
    moved, fault = scripts.run("gather", MOST, *pairs)
    return int(moved), str(fault)
