"""From articles to new jobs, and from Redis' answers to what a producer sees. Nothing here talks to Redis.

:meth:`depeche.Client.submit` and :meth:`depeche.Client.submit_many` are made of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from depeche import messages, tracing
from depeche.article import Article, Options, check_key, check_length, parse
from depeche.batches import check_name
from depeche.errors import DepecheError, KeyConflict, QueueFull, RedisUnavailable, RejectedError
from depeche.jobs import NewJob, Submission
from depeche.queue import Priority
from depeche.redis_client import out_of_memory, spoilt_key

if TYPE_CHECKING:
    from depeche.settings import ClientSettings

#: The namespace of the ids that are made from idempotency keys.
KEYS = uuid.UUID("6f0c0a35-7d0d-4c8e-9d5a-5d3b6a6b2f11")

#: A chunk goes to Redis at once, and Redis does nothing else meanwhile. So many short articles take it some
#: milliseconds, and so many characters of long ones too.
CHUNK_JOBS, CHUNK_CHARS = 256, 1_000_000


@dataclass(frozen=True, slots=True)
class Item:
    """One of many articles that are submitted together.

    Attributes:
        article: the article, or its text alone.
        key: its idempotency key, as for :meth:`depeche.Client.submit`.
    """

    article: Article | str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of one of many articles.

    Attributes:
        position: its place in the input, from 0.
        outcome: ``queued``. ``exists``: the same article is a job under the same key already. ``refused``: ``error``
            says why.
        task_id: under which its status and result are found. Of a refused article it is None, unless the article is
            queued and too few replicas have it.
        error: why it was refused.
    """

    position: int
    outcome: Literal["queued", "exists", "refused"]
    task_id: str | None = None
    error: DepecheError | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One place of the input: a job to be queued, or why there is none.

    Attributes:
        position: its place, from 0.
        key: its idempotency key.
        job: what is to be queued.
        error: why the article is refused.
    """

    position: int
    key: str | None = None
    job: NewJob | None = None
    error: RejectedError | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """Entries that go to Redis together, and the span of it."""

    entries: list[Entry]
    span: tracing.ChunkSpan


def new_task_id(key: str | None) -> str:
    """The id of a new job: of its idempotency key, so that it is known again, or else a random one."""
    # The key's record is the job's own, so that both live equally long.
    return str(uuid.uuid4() if key is None else uuid.uuid5(KEYS, key))


def content_key(article: Article, kwargs: dict[str, Any]) -> str:
    """An idempotency key that is made of the article and its options.

    Args:
        article: the article.
        kwargs: the options, as :func:`depeche.messages.keywords` gives them.
    """
    # With other options the result is another one, which has a place of its own.
    return f"content:{messages.digest(messages.positional(article), kwargs)}"


class Intake:
    """Makes jobs of the articles of one producer's call.

    Args:
        settings: which bounds hold, and where Redis is, for messages.
        options: how to process the articles.
        priority: which queue they join.
        batch: the name of the batch that they join.

    Raises:
        InvalidArticle: the batch cannot have this name.
    """

    def __init__(
        self, settings: ClientSettings, options: Options | None, priority: Priority, batch: str | None = None
    ) -> None:
        check_name(batch)
        self._batch = batch
        self._settings = settings
        self._kwargs = messages.keywords(options or Options())
        self._priority = priority

    def check(self, item: Item) -> Article:
        """The article of an item.

        Raises:
            InvalidArticle, TooLong: the article, or its key, cannot be taken.
        """
        article = parse(Article, {"text": item.article}) if isinstance(item.article, str) else item.article
        check_length(article, self._settings.max_article_chars)
        check_key(item.key)
        return article

    def job(self, task_id: str, article: Article, envelope: messages.Envelope) -> NewJob:
        """The job of an article that has been checked."""
        args = messages.positional(article)
        return NewJob(task_id, envelope.around(task_id, args, self._kwargs), messages.digest(args, self._kwargs))

    def chunks(self, items: Iterable[Article | str | Item]) -> Iterator[Chunk]:
        """The input in chunks, none of which is empty. Each is made when it is asked for."""
        numbered = enumerate(item if isinstance(item, Item) else Item(item) for item in items)
        while entries := self._chunk(numbered):
            yield entries

    def _chunk(self, numbered: Iterator[tuple[int, Item]]) -> Chunk | None:
        span = tracing.ChunkSpan(self._priority)
        envelope = messages.Envelope(self._priority, span.headers)
        entries: list[Entry] = []
        chars = 0
        for position, item in numbered:
            entries.append(self._entry(position, item, envelope))
            chars += len(entries[-1].job.message) if entries[-1].job else 0
            if len(entries) >= CHUNK_JOBS or chars >= CHUNK_CHARS:
                break
        return Chunk(entries, span) if entries else None

    def _entry(self, position: int, item: Item, envelope: messages.Envelope) -> Entry:
        try:
            article = self.check(item)
        except RejectedError as error:
            return Entry(position, item.key, error=error)
        return Entry(position, item.key, self.job(new_task_id(item.key), article, envelope))

    def error(self, job: NewJob, key: str | None, done: Submission) -> DepecheError | None:
        """Why Redis has not taken a job; None where it has, and where it has had it already."""
        error: DepecheError | None = None
        match done.outcome:
            case "full":
                limit = self._settings.max_queue_length
                error = QueueFull(
                    f"{done.length} articles are waiting and DEPECHE_MAX_QUEUE_LENGTH is {limit}: start more workers, "
                    "or submit again later",
                    {"length": done.length, "limit": limit},
                )
            case "out of memory":
                error = out_of_memory()
            case "spoilt":
                error = spoilt_key(self._settings.redis_url.get_secret_value())
            case "no batch":
                error = RedisUnavailable(
                    f"the batch {self._batch!r} cannot be counted, as another program has written to its key: take "
                    "another name, or delete the key"
                )
            case "conflict":
                error = KeyConflict(
                    f"the key {key!r} belongs to job {job.task_id}, with another article or other options: use another",
                    {"key": key, "id": job.task_id},
                )
            case "not replicated":
                least = self._settings.min_replicas
                error = RedisUnavailable(
                    f"the article is queued as {job.task_id}, but {done.replicas} replicas have it and "
                    f"DEPECHE_MIN_REPLICAS is {least}: a fail-over now could lose it; with a key, submit again",
                    {"id": job.task_id, "replicas": done.replicas},
                )
        return error

    def answer(self, entry: Entry, done: Submission | None) -> Submitted | QueueFull:
        """What became of an entry; ``done`` is None where it has no job. QueueFull: there is no room for its job."""
        if entry.job is None or done is None:
            return Submitted(entry.position, "refused", error=entry.error)
        error = self.error(entry.job, entry.key, done)
        if isinstance(error, QueueFull):
            return error
        if error:
            task_id = entry.job.task_id if done.outcome == "not replicated" else None
            return Submitted(entry.position, "refused", task_id, error)
        # Without a key, "exists" is our own try whose answer got lost.
        known = done.outcome == "exists" and entry.key is not None
        return Submitted(entry.position, "exists" if known else "queued", entry.job.task_id)

    def answers(self, entries: list[Entry], done: list[Submission]) -> tuple[list[Submitted], QueueFull | None]:
        """What became of entries, in order, up to the first for whose job there is no room; and then why not.

        ``done`` has one submission for each entry that has a job.
        """
        submissions, found = iter(done), list[Submitted]()
        for entry in entries:
            answer = self.answer(entry, next(submissions) if entry.job else None)
            if isinstance(answer, QueueFull):
                return found, answer
            found.append(answer)
        return found, None
