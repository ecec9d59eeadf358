"""What producers need: submit French articles, follow them, and fetch their English.

>>> from depeche import Client
>>> with Client() as client:
...     task_id = client.submit("Le maire a inauguré la bibliothèque mardi.")
...     client.wait(task_id).text_en

Every program may use the names in ``__all__`` and the modules ``depeche.settings``, ``depeche.testing`` and
``depeche.documents``. The other modules are for this package and for depeche-worker only.
"""

from typing import TYPE_CHECKING

from depeche.former import refuse_former_distribution

# This comes first, because with release 0.1 installed the imports below could find the wrong package.
refuse_former_distribution()

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

if TYPE_CHECKING:
    from depeche.async_client import AsyncClient

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


def __getattr__(name: str) -> object:
    """AsyncClient is imported when it is first asked for, as asyncio takes as long to import as all the rest."""
    if name != "AsyncClient":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from depeche.async_client import AsyncClient

    return AsyncClient
