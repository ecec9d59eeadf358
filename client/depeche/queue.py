"""The queue as every program sees it: the task's name, and one Redis list for each priority."""

from __future__ import annotations

from typing import Literal, get_args

TASK_NAME = "depeche.process_article"

Priority = Literal["high", "normal", "low"]
PRIORITIES: tuple[Priority, ...] = get_args(Priority)

#: The Redis list of each priority, in the order in which workers empty them.
QUEUES: dict[Priority, str] = {"high": "articles.high", "normal": "articles", "low": "articles.low"}

#: So many ends of jobs the stream of events keeps, where a setting does not say otherwise.
MAX_EVENTS = 100_000
