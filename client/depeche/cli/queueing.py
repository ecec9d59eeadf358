"""The second pass of ``depeche submit`` over its input: all that the first has found good is queued."""

from __future__ import annotations

import json
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import Any

from depeche import messages, status_line
from depeche.article import Options
from depeche.cli.groups import Interrupted
from depeche.cli.rejects import Rejects
from depeche.cli.surveying import SHOWN_FAULTS
from depeche.client import Client
from depeche.errors import CannotWrite, InvalidArticle, QueueFull, RedisUnavailable
from depeche.inputs import Entry
from depeche.inputs.duplicates import KeysSeen
from depeche.inputs.survey import Survey, checked
from depeche.intake import CHUNK_JOBS, Item, Submitted, content_key
from depeche.output import remark, say
from depeche.progress import TICK_S, Pace, Tally, describe, duration, spaced
from depeche.queue import Priority
from depeche.records import shown


class Announcer:
    """Prints the task ids in the order of the input, some hundreds at a time.

    Args:
        as_json: as JSON, with the place in the input.
        waits: the results are to be printed instead, so the ids go to standard error and are kept.

    Attributes:
        task_ids: the ids, if the results are waited for.
        last: the latest id.
    """

    def __init__(self, *, as_json: bool, waits: bool) -> None:
        self._as_json, self._waits = as_json and not waits, waits
        self._lines: list[str] = []
        self.task_ids: list[str] = []
        self.last = ""

    def add(self, task_id: str, entry: Entry) -> None:
        """One more article is queued."""
        self.last = task_id
        if self._waits:
            self.task_ids.append(task_id)
        place = {"id": task_id, "source": shown(entry.source), "line": entry.line, "part": entry.part}
        if entry.origin:
            # By these, depeche results puts the English back into the document.
            place |= {"kind": entry.origin.kind, "digest": entry.origin.digest}
        self._lines.append(json.dumps(place) if self._as_json else task_id)
        if len(self._lines) >= CHUNK_JOBS:
            self.flush()

    def flush(self) -> None:
        """Print what is held back."""
        if self._lines:
            lines, self._lines = "\n".join(self._lines), []
            # Standard output is for the results; the ids must not be lost if the wait is broken off.
            remark(lines) if self._waits else say(lines)


class _CtrlC:
    """Ctrl-C asks to stop where nothing is on its way to Redis. Pressed once more, it stops at once."""

    def __init__(self) -> None:
        self.pressed = False
        self._former: Any = None

    def __enter__(self) -> _CtrlC:
        self._former = signal.signal(signal.SIGINT, self._press)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        signal.signal(signal.SIGINT, self._former)

    def _press(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        if self.pressed:
            raise KeyboardInterrupt
        self.pressed = True


@dataclass(frozen=True)
class Manner:
    """How articles are submitted.

    Attributes:
        options: how to process them.
        priority: which queue they join.
        batch: the batch that they join.
        by_content: make a key of the content of each article that has none.
    """

    options: Options
    priority: Priority
    batch: str | None
    by_content: bool


class Queueing:
    """Queues the articles of one command.

    Args:
        client: talks to Redis.
        found: what the first pass has found.
        rejects: takes what is refused now, as its key belongs to another article.
        announcer: prints the ids.
        manner: how they are submitted.
        quiet: neither progress nor counts.

    Attributes:
        exit_status: 0 where none was refused.
    """

    def __init__(
        self,
        client: Client,
        found: Survey,
        rejects: Rejects,
        announcer: Announcer,
        manner: Manner,
        *,
        quiet: bool,
    ) -> None:
        self._client, self._found, self._rejects, self._announcer = client, found, rejects, announcer
        self._manner, self._quiet = manner, quiet
        self._keywords = messages.keywords(manner.options)
        self._places: deque[Entry] = deque()
        self._read = self._skipped = self._queued = self._known = self._refused = 0
        self._ctrl_c = _CtrlC()
        self._pace, self._shown_at = Pace(time.monotonic()), 0.0
        self.exit_status = 0

    def execute(self, entries: Iterable[Entry], seen: KeysSeen, *, skip: int, block: bool) -> None:
        """Queue all of them, but the first ``skip``.

        Args:
            entries: the input, once more.
            seen: the keys that the first pass has seen.
            skip: so many articles were queued before.
            block: wait where the queue is full.

        Raises:
            QueueFull, RedisUnavailable, Interrupted: the message says how many are queued and how to go on.
            InvalidArticle: the input is not what it was in the first pass.
        """
        began, self._skipped = time.monotonic(), skip
        on_full = self._wait_for_room if block else None
        items = self._items(checked(entries, seen), skip)
        try:
            self._queue(items, on_full)
        except KeyboardInterrupt:
            self._ctrl_c.pressed = True
        except CannotWrite:
            remark(f"depeche: {self._so_far()}; the id of the last is {self._announcer.last}")
            raise
        except (QueueFull, RedisUnavailable) as error:
            raise type(error)(f"{error.message}; {self._so_far(error)}", error.detail) from error
        if self._ctrl_c.pressed and self._answered < self._found.articles:
            raise Interrupted(f"stopped by Ctrl-C; {self._so_far()}")
        if self._read != self._found.articles:
            raise InvalidArticle(
                f"the input has changed while it was read: {spaced(self._found.articles)} articles were found in it, "
                f"and then {spaced(self._read)}; {self._so_far()}"
            )
        if not self._quiet:
            remark(f"depeche: {self._counts()}, in {duration(time.monotonic() - began)}")

    def _queue(self, items: Iterator[Item], on_full: Callable[[QueueFull], None] | None) -> None:
        how = self._manner
        answers = self._client.submit_many(
            items, options=how.options, priority=how.priority, batch=how.batch, on_full=on_full
        )
        try:
            # It is closed where Ctrl-C ends it, so that its batch is not held open.
            with self._ctrl_c, closing(answers):
                for answer in answers:
                    self._take(answer)
        finally:
            status_line.show("")
            self._announcer.flush()

    @property
    def _answered(self) -> int:
        return self._skipped + self._queued + self._known + self._refused

    def _items(self, entries: Iterable[Entry], skip: int) -> Iterator[Item]:
        for entry in entries:
            if entry.article is None:
                # The first pass has reported those that it has found.
                if not self._found.refused:
                    raise InvalidArticle(f"{entry.place}: {entry.error}; the input has changed since it was looked at")
                continue
            # What was read before Ctrl-C is queued, and its ids are printed.
            if self._ctrl_c.pressed:
                return
            self._read += 1
            if self._read <= skip:
                continue
            self._places.append(entry)
            key = entry.key
            if key is None and self._manner.by_content:
                key = content_key(entry.article, self._keywords)
            yield Item(entry.article, key)

    def _take(self, answer: Submitted) -> None:
        entry = self._places.popleft()
        if answer.error is not None:
            self._refused += 1
            self.exit_status = self.exit_status or answer.error.exit_status
            self._rejects.write(entry, answer.error)
            if self._refused <= SHOWN_FAULTS:
                remark(f"depeche: {entry.place}: {answer.error.code}: {answer.error}")
            return
        assert answer.task_id is not None, "what is not refused has an id"
        self._queued += answer.outcome == "queued"
        self._known += answer.outcome == "exists"
        self._announcer.add(answer.task_id, entry)
        self._show_progress()

    def _wait_for_room(self, full: QueueFull) -> None:
        del full
        self._announcer.flush()
        if self._ctrl_c.pressed:
            raise KeyboardInterrupt
        if not self._quiet:
            status_line.show(f"{spaced(self._answered)} of {spaced(self._found.articles)} articles; the queue is full")

    def _show_progress(self) -> None:
        now = time.monotonic()
        if not self._quiet and now - self._shown_at > TICK_S:
            self._shown_at = now
            rate = self._pace.rate(now, self._queued + self._known)
            tally = Tally(self._found.articles, done=self._answered - self._refused, failed=self._refused)
            status_line.show(describe(tally, rate))

    def _counts(self) -> str:
        parts = [f"{spaced(self._queued)} article{'s' * (self._queued != 1)} queued"]
        parts += [f"{spaced(self._known)} were there before"] if self._known else []
        parts += [f"{spaced(self._skipped)} passed over by --skip"] if self._skipped else []
        refused = self._refused + self._found.refused
        parts += [f"{spaced(refused)} refused"] if refused else []
        return ", ".join(parts)

    def _so_far(self, error: QueueFull | RedisUnavailable | None = None) -> str:
        done = f"{spaced(self._answered)} of {spaced(self._found.articles)} articles were queued"
        wait = ", with --block to wait for room" if isinstance(error, QueueFull) else ""
        if self._manner.by_content or self._found.all_keyed:
            return f"{done}: run the same command again{wait}, and none is queued twice"
        lost = f"; up to {CHUNK_JOBS} more may be queued" if isinstance(error, RedisUnavailable) else ""
        return f"{done}{lost}: run the same command again with --skip {self._answered}{wait}"
