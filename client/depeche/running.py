"""Has many articles translated: submits, waits and collects hand in hand, with little in memory.

Whatever ended an earlier run of the same articles, this one goes on where it was. What is in the folder stays. What is
in the queue, or done and not yet fetched, is found again by its key, which is made of the article and its options
where it has none of its own. So nothing is queued twice.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Protocol

from depeche import messages
from depeche.article import Article, ArticleResult, JobState, Options
from depeche.client import Client
from depeche.collecting import Collector
from depeche.documents import Origin
from depeche.errors import DepecheError, QueueFull, RedisUnavailable
from depeche.intake import Item, content_key, new_task_id
from depeche.progress import Tally
from depeche.queue import Priority
from depeche.waiting import Patience

#: So many articles are read, and submitted, in one step.
CHUNK = 100

#: After a full queue, or one that could not be reached, the next try is made so much later.
PAUSE_S = 0.25

#: So many jobs there may be of one article, the first one included, as each failed and was tried anew.
MOST_ROUNDS = 9

FAILED = frozenset({JobState.FAILED, JobState.CANCELLED, JobState.DEAD})


@dataclass(frozen=True, slots=True)
class Source:
    """One article of the input, or why there is none.

    Attributes:
        where: its place in the input, for people, such as ``articles.jsonl, line 17``.
        article: the article; None where there is an error.
        key: its own idempotency key, if it has one.
        label: what people know it by, such as the name of its file.
        error: why there is no article.
        origin: the document that takes the English back, if its result is to have the same structure.
    """

    where: str
    article: Article | None = None
    key: str | None = None
    label: str | None = None
    error: DepecheError | None = None
    origin: Origin | None = None


class Shelf(Protocol):
    """Where results are kept. ``depeche.cli.delivery`` has one of files."""

    @property
    def by_task_id(self) -> bool:
        """Whether results are known by their task ids only, and not by keys."""

    def has(self, identity: str) -> bool:
        """Whether the result of this key or task id is there."""

    def put(self, result: ArticleResult, identity: str, label: str | None = None, origin: Origin | None = None) -> None:
        """Keep a result. Several threads may do so at the same time.

        Raises:
            CannotWrite: nothing can be kept any more.
            DepecheError: this one cannot be kept.
        """


@dataclass(frozen=True, slots=True)
class _Pending:
    """An article that is not yet submitted. ``round`` counts from 1, and grows where a failed job is tried anew."""

    article: Article
    key: str
    place: _Place
    round: int = 1

    @property
    def item(self) -> Item:
        """What is to be submitted."""
        return Item(self.article, _key_of_round(self.key, self.round))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an article comes from, and by what its result is known."""

    where: str
    identity: str
    label: str | None
    origin: Origin | None


class Run:
    """One run over many articles.

    Args:
        client: talks to Redis.
        shelf: keeps the results.
        tally: is counted up.
        report: is called with the place of each article that came to nothing, and the reason.
        options: how to process the articles.
        priority: which queue they join.
        retry_failed: submit once more what has failed, but in an earlier run only.
    """

    def __init__(
        self,
        client: Client,
        shelf: Shelf,
        tally: Tally,
        report: Callable[[str, DepecheError], None],
        *,
        options: Options,
        priority: Priority,
        retry_failed: bool = False,
    ) -> None:
        self._client, self._shelf, self._tally, self._report = client, shelf, tally, report
        self._options, self._priority = options, priority
        self._most_rounds = MOST_ROUNDS if retry_failed else 1
        self._keywords = messages.keywords(options)
        self._pending: deque[_Pending] = deque()
        #: By task id. Documents with the same prose in several structures have one job.
        self._open: dict[str, list[_Place]] = {}
        self._patience = Patience()
        self._next_try = 0.0

    @property
    def open(self) -> int:
        """How many articles are queued, or in work, or done and not yet fetched."""
        return sum(map(len, self._open.values()))

    def execute(self, sources: Iterable[Source]) -> None:
        """Have all of them translated.

        Raises:
            RedisUnavailable: it was away for too long.
            CannotWrite: the disk is full, for example.
        """
        for outcome in Collector(self._client, self._keep).as_completed(self._submitted(sources)):
            for place in self._open.pop(outcome.task_id):
                if outcome.result is not None:
                    self._tally.done += 1
                elif outcome.error is not None:
                    self._tally.failed += 1
                    self._report(place.where, outcome.error)

    def _keep(self, task_id: str, result: ArticleResult) -> None:
        for place in self._open[task_id]:
            self._shelf.put(result, place.identity, place.label, place.origin)

    def _submitted(self, sources: Iterable[Source]) -> Iterator[str | None]:
        """The ids of jobs as they are submitted; None while there is no room for more."""
        rest = iter(sources)
        while True:
            if not self._pending:
                if not (chunk := list(islice(rest, CHUNK))):
                    # Now it is known how many there are.
                    self._tally.total = self._tally.ended + self.open
                    return
                self._pending.extend(filter(None, map(self._prepare, chunk)))
            if time.monotonic() >= self._next_try:
                yield from self._submit()
            else:
                yield None

    def _prepare(self, source: Source) -> _Pending | None:
        """What is to be submitted; None where that is nothing, as there is no article or its result is there."""
        if source.article is None:
            if source.error:
                self._refuse(source.where, source.error)
            return None
        key = source.key or content_key(source.article, self._keywords)
        task_id = new_task_id(key)
        named = source.key if source.key and not self._shelf.by_task_id else None
        identity = named or (source.origin.identity(task_id) if source.origin else task_id)
        rounds = range(2, MOST_ROUNDS + 1) if self._shelf.by_task_id else ()
        others = (new_task_id(_key_of_round(key, number)) for number in rounds)
        if self._shelf.has(identity) or any(map(self._shelf.has, others)) or self._expects(task_id, identity):
            self._tally.kept += 1
            return None
        label = None if named else source.label or source.article.title
        return _Pending(source.article, key, _Place(source.where, identity, label, source.origin))

    def _expects(self, task_id: str, identity: str) -> bool:
        """Whether the result that is known by this identity will be there when the job ends."""
        return any(place.identity == identity for place in self._open.get(task_id, ()))

    def _submit(self) -> Iterator[str]:
        """Submit what is pending, as far as there is room. Gives the ids that are new to this run."""
        tried, known = list(self._pending), deque[tuple[_Pending, str]]()
        items = (pending.item for pending in tried)
        try:
            for answer in self._client.submit_many(items, options=self._options, priority=self._priority):
                pending = self._pending.popleft()
                if answer.outcome == "exists" and answer.task_id and pending.round < self._most_rounds:
                    known.append((pending, answer.task_id))
                elif task_id := self._take(pending.place, answer.task_id, answer.error):
                    yield task_id
            self._patience.answered()
        except QueueFull:
            self._patience.answered()
            self._next_try = time.monotonic() + PAUSE_S
        except RedisUnavailable as error:
            self._patience.failed(error, time.monotonic())
            self._next_try = time.monotonic() + PAUSE_S
        yield from self._follow(known)

    def _follow(self, known: deque[tuple[_Pending, str]]) -> Iterator[str]:
        """Of jobs of an earlier run, those that have failed are pending anew. Gives the ids of the others."""
        try:
            statuses = self._client.statuses([task_id for _, task_id in known])
        except RedisUnavailable:
            # They are asked for once more when they are submitted once more, which queues nothing.
            self._pending.extendleft(pending for pending, _ in reversed(known))
            self._next_try = time.monotonic() + PAUSE_S
            return
        for (pending, task_id), status in zip(known, statuses, strict=True):
            if status.state in FAILED:
                self._pending.append(replace(pending, round=pending.round + 1))
            elif taken := self._take(pending.place, task_id, None):
                yield taken

    def _take(self, place: _Place, task_id: str | None, error: DepecheError | None) -> str | None:
        if error is not None or task_id is None:
            if error is not None:
                self._refuse(place.where, error)
            return None
        if self._expects(task_id, place.identity):
            # The same article stands twice in this input, close together.
            self._tally.kept += 1
            return None
        places = self._open.setdefault(task_id, [])
        places.append(place)
        return task_id if len(places) == 1 else None

    def _refuse(self, where: str, error: DepecheError) -> None:
        self._tally.refused += 1
        self._report(where, error)


def _key_of_round(key: str, number: int) -> str:
    # A job that has failed keeps its key as long as its record is there.
    return key if number == 1 else f"{key} (round {number})"
