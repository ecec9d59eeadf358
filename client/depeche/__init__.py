"""What producers need: submit French articles, follow them, and fetch their English.

>>> from depeche import Client
>>> with Client() as client:
...     task_id = client.submit("Le maire a inauguré la bibliothèque mardi.")
...     client.wait(task_id).text_en

Every program may use the names in ``__all__`` and the modules ``depeche.settings``, ``depeche.testing`` and
``depeche.documents``. The other modules are for this package and for depeche-worker only.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from depeche.former import refuse_former_distribution

# This comes first, because with release 0.1 installed the imports below could find the wrong package.
refuse_former_distribution()

if TYPE_CHECKING:
    from depeche.article import (
        Article,
        ArticleResult,
        Flag,
        JobError,
        JobState,
        JobStatus,
        Options,
        Progress,
        Segment,
        Stats,
        Term,
    )
    from depeche.async_client import AsyncClient
    from depeche.batches import BatchFailures, BatchStatus
    from depeche.client import Client
    from depeche.errors import (
        Cancelled,
        CannotWrite,
        DeadlineExceeded,
        DepecheError,
        EngineOverloaded,
        InvalidArticle,
        InvalidPairs,
        JobFailed,
        KeyConflict,
        ModelUnavailable,
        NotFrench,
        NotReady,
        Poison,
        QueueFull,
        RedisUnavailable,
        RejectedError,
        RetryableError,
        SettingsError,
        StructureLost,
        TooLong,
        UnknownJob,
        UnreadableDocument,
    )
    from depeche.intake import Item, Submitted
    from depeche.queue import Priority

__all__ = [
    "Article",
    "ArticleResult",
    "AsyncClient",
    "BatchFailures",
    "BatchStatus",
    "Cancelled",
    "CannotWrite",
    "Client",
    "DeadlineExceeded",
    "DepecheError",
    "EngineOverloaded",
    "Flag",
    "InvalidArticle",
    "InvalidPairs",
    "Item",
    "JobError",
    "JobFailed",
    "JobState",
    "JobStatus",
    "KeyConflict",
    "ModelUnavailable",
    "NotFrench",
    "NotReady",
    "Options",
    "Poison",
    "Priority",
    "Progress",
    "QueueFull",
    "RedisUnavailable",
    "RejectedError",
    "RetryableError",
    "Segment",
    "SettingsError",
    "Stats",
    "StructureLost",
    "Submitted",
    "Term",
    "TooLong",
    "UnknownJob",
    "UnreadableDocument",
]

#: The module of each name. A module is imported when one of its names is first asked for, as the command and many
#: programs need few of them, and pydantic alone takes longer than all the rest.
_NAMES = {
    "article": (
        "Article",
        "ArticleResult",
        "Flag",
        "JobError",
        "JobState",
        "JobStatus",
        "Options",
        "Progress",
        "Segment",
        "Stats",
        "Term",
    ),
    "async_client": ("AsyncClient",),
    "batches": ("BatchFailures", "BatchStatus"),
    "client": ("Client",),
    "errors": (
        "Cancelled",
        "CannotWrite",
        "DeadlineExceeded",
        "DepecheError",
        "EngineOverloaded",
        "InvalidArticle",
        "InvalidPairs",
        "JobFailed",
        "KeyConflict",
        "ModelUnavailable",
        "NotFrench",
        "NotReady",
        "Poison",
        "QueueFull",
        "RedisUnavailable",
        "RejectedError",
        "RetryableError",
        "SettingsError",
        "StructureLost",
        "TooLong",
        "UnknownJob",
        "UnreadableDocument",
    ),
    "intake": ("Item", "Submitted"),
    "queue": ("Priority",),
}
_MODULES = {name: module for module, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import what is asked for."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    # Python asks here again for what it does not find in the module itself.
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
