"""Every key that Dépêche has in Redis: its name, its type, how long it lives, who writes it and what it holds.

Python and Lua both take the names from here: :class:`depeche.scripts.Scripts` gives them to every script. Names, types
and contents are a contract with other programs and with older versions, so they never change, and what is added must
be optional.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from depeche.queue import QUEUES, Priority

Type = Literal["string", "hash", "list", "set", "zset", "stream", "any"]

#: How long a job that has not ended may wait for a worker, in seconds: thirty days.
OPEN_TTL_S = 2_592_000

_OPEN = "30 days from the last change"
_KEPT = "30 days while the job is open, then DEPECHE_RESULT_TTL_S"


@dataclass(frozen=True)
class Key:
    """One key, or one key for each job, queue or priority where its name ends in a placeholder such as ``{id}``.

    Attributes:
        name: as in Redis.
        type: Redis' word for it.
        life: how long it lives; of a key without an end, why it has none.
        writers: who writes it.
        holds: what is in it.
    """

    name: str
    type: Type
    life: str
    writers: str
    holds: str

    @property
    def prefix(self) -> str:
        """The name up to its placeholder; the whole name where it has none."""
        return self.name.partition("{")[0]

    @property
    def lives_for_ever(self) -> bool:
        """Whether it may have no time to live."""
        return self.life.startswith("no end")

    def of(self, part: str) -> str:
        """The name for one id, queue or priority."""
        return self.prefix + part


JOB = Key("depeche:job:{id}", "hash", _KEPT, "producers, workers, operators", "a job's record")
MESSAGE = Key("depeche:message:{id}", "string", _KEPT, "producers, workers", "the job's message; kept while it may run")
RESULT = Key(
    "celery-task-meta-{id}", "string", _KEPT, "producers, workers, operators", "state and result, in Celery's form"
)
WAITING = Key(
    "depeche:waiting:{priority}", "zset", _OPEN, "producers, workers, operators", "ids of queued jobs, by queued_at"
)
DELAYED = Key("depeche:delayed", "zset", _OPEN, "workers", "task ids of jobs that are to be tried again, by when")
RUNNING = Key("depeche:running", "zset", _OPEN, "workers", "task ids of jobs in work, by the end of their lease")
DEAD = Key("depeche:dead", "zset", _OPEN, "workers, operators", "ids of dead jobs, by when they died")
WORKERS = Key("depeche:workers", "zset", _OPEN, "workers", "names of workers, by how long they count as alive")
ABOUT = Key("depeche:about:{worker}", "string", "the worker's lease", "workers", "a worker's models and cache hits")
JANITOR = Key(
    "depeche:janitor", "string", "the janitor's term", "workers", "the fencing token of the one janitor, with its term"
)
CACHE_NEW = Key("depeche:cache:new", "hash", "DEPECHE_CACHE_TTL_S", "workers", "translated sentences by their digest")
CACHE_OLD = Key("depeche:cache:old", "hash", "DEPECHE_CACHE_TTL_S", "workers", "sentences not used since the last turn")
QUEUE = Key(
    "{queue}", "list", "no end: accepted articles wait here", "everybody who sends", "messages, oldest at right"
)
UNACKED = Key("unacked", "hash", "no end: each entry lives while a worker holds it", "workers", "messages by their tag")
UNACKED_INDEX = Key("unacked_index", "zset", "no end: as unacked", "workers", "tags, by when they were last renewed")
BINDING = Key(
    "_kombu.binding.{exchange}", "set", "no end: kombu's own", "workers, who sends by kombu", "which queues there are"
)
BINDING_PERMANENT = Key(
    "_kombu.binding_permanent.{exchange}",
    "set",
    "no end: kombu's own",
    "workers, who sends by kombu",
    "those that do not expire",
)
BINDING_DEADLINES = Key(
    "_kombu.binding_deadlines", "zset", "no end: kombu's own", "workers", "when the others may be forgotten"
)
ASIDE = Key(
    "depeche:aside:{key}",
    "any",
    "DEPECHE_RESULT_TTL_S",
    "workers",
    "what was under a name of ours and could not be used",
)

EVENTS = Key(
    "depeche:events",
    "stream",
    _OPEN,
    "workers, producers that cancel",
    "one entry for each job that has ended",
)

BATCH = Key(
    "depeche:batch:{name}",
    "hash",
    "30 days while it has open jobs, then as long as the last of them",
    "producers, workers, operators",
    "how many jobs of a batch are in which state",
)
BATCHES = Key(
    "depeche:batches",
    "zset",
    _OPEN,
    "producers, workers",
    "names of open batches, by when their producer counts as gone",
)

#: Where whoever waits for a job hears of its end: a channel for each job, so that nobody learns of others' jobs.
ENDED_CHANNEL = "depeche:ended:"

#: All of them by their names here.
ALL: dict[str, Key] = {name: value for name, value in list(globals().items()) if isinstance(value, Key)}

#: The sets that hold the ids of a priority's queued jobs.
WAITING_SETS: dict[Priority, str] = {priority: WAITING.of(priority) for priority in QUEUES}


#: What kombu binds queues to: those of the articles, and those of remote control and its answers.
EXCHANGES = (*QUEUES.values(), "celery.pidbox", "reply.celery.pidbox")


def fixed() -> dict[str, Type]:
    """The names of all keys that do not depend on a job, and their types."""
    found = {key.name: key.type for key in ALL.values() if key.prefix == key.name}
    for key, parts in (
        (WAITING, QUEUES),
        (QUEUE, QUEUES.values()),
        (BINDING, EXCHANGES),
        (BINDING_PERMANENT, EXCHANGES),
    ):
        found |= {key.of(part): key.type for part in parts}
    return found


def lua() -> str:
    """The names for Lua: the tables ``KEY``, by the names here without placeholders, ``CHANNEL`` and ``QUEUES``."""
    names = ", ".join(f"{name} = '{key.prefix}'" for name, key in ALL.items())
    queues = ", ".join(f"{priority} = '{queue}'" for priority, queue in QUEUES.items())
    channels = f"ENDED = '{ENDED_CHANNEL}'"
    return "\n".join(
        [
            f"local KEY = {{{names}}}",
            f"local CHANNEL = {{{channels}}}",
            f"local QUEUES = {{{queues}}}",
            f"local OPEN_TTL_S = {OPEN_TTL_S}",
        ]
    )
