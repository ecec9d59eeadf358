"""What producers need: submit French articles, follow them, and fetch their English.

>>> from depeche import Client
>>> with Client() as client:
...     task_id = client.submit("Le maire a inauguré la bibliothèque mardi.")
...     client.wait(task_id).text_en

What ``__all__`` names here and ``depeche.settings`` are for every program. The other modules are for this package and
for depeche-worker.
"""

from depeche.former import refuse_former_distribution

# First, as what follows could already be taken from the wrong place.
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
)
from depeche.client import Client
from depeche.errors import (
    Cancelled,
    CannotWrite,
    DeadlineExceeded,
    DepecheError,
    EngineOverloaded,
    InvalidArticle,
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
    TooLong,
    UnknownJob,
)
from depeche.queue import Priority

__all__ = [
    "Article",
    "ArticleResult",
    "Cancelled",
    "CannotWrite",
    "Client",
    "DeadlineExceeded",
    "DepecheError",
    "EngineOverloaded",
    "Flag",
    "InvalidArticle",
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
    "TooLong",
    "UnknownJob",
]
