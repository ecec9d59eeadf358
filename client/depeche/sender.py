"""Sends many articles to Redis: makes one chunk while Redis works on another, and waits where the queue is full."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

from depeche.article import Article
from depeche.errors import QueueFull
from depeche.intake import Chunk, Intake, Item, Submitted
from depeche.jobs import NewJob, Submission

#: The pause between two looks at a full queue. It is short at first, and grows to spare Redis.
FIRST_PAUSE_S, LAST_PAUSE_S, PAUSE_GROWTH = 0.05, 1.0, 1.5
#: How long the next chunk is not begun, for the last one to be sent.
SENDING_S = 0.004


class Sender:
    """Sends the articles of one call, in order.

    Args:
        intake: makes jobs of the articles.
        send: gives jobs to Redis, and raises a :class:`depeche.DepecheError` where it does not answer.
        on_full: see :meth:`depeche.Client.submit_many`.
        close: is called when the iteration is over, however that comes.
    """

    def __init__(
        self,
        intake: Intake,
        send: Callable[[Sequence[NewJob]], list[Submission]],
        on_full: Callable[[QueueFull], None] | None,
        close: Callable[[], None] = lambda: None,
    ) -> None:
        self._intake = intake
        self._send = send
        self._on_full = on_full
        self._close = close

    def answers(self, items: Iterable[Article | str | Item]) -> Generator[Submitted]:
        """What became of each article. See :meth:`depeche.Client.submit_many`."""
        try:
            yield from self._answers(items)
        finally:
            self._close()

    def _answers(self, items: Iterable[Article | str | Item]) -> Iterator[Submitted]:
        # It is imported here, as programs that submit one article at a time do not need it.
        from concurrent.futures import ThreadPoolExecutor, wait

        chunks = self._intake.chunks(items)
        with ThreadPoolExecutor(1, "depeche-submit") as thread:
            chunk = next(chunks, None)
            while chunk:
                sent = thread.submit(self._submissions, chunk)
                # Two threads of Python hinder each other. The chunk is on its way to Redis first, and then the next one
                # is made while Redis works.
                wait([sent], SENDING_S)
                try:
                    following = next(chunks, None)
                except BaseException:
                    # The input has failed, or Ctrl-C was pressed: what was queued is answered first.
                    yield from self._chunk_answers(chunk, sent.result())
                    raise
                # No chunk is on its way while an answer is out, so nothing is queued that the caller does not hear of.
                yield from self._chunk_answers(chunk, sent.result())
                chunk = following

    def _submissions(self, chunk: Chunk) -> list[Submission]:
        jobs = [entry.job for entry in chunk.entries if entry.job]
        try:
            return self._send(jobs) if jobs else []
        finally:
            chunk.span.end(len(jobs))

    def _chunk_answers(self, chunk: Chunk, done: list[Submission]) -> Iterator[Submitted]:
        entries, pause_s = chunk.entries, FIRST_PAUSE_S
        while True:
            taken, full = self._intake.answers(entries, done)
            yield from taken
            if full is None:
                return
            if self._on_full is None:
                raise full
            self._on_full(full)
            pause_s = FIRST_PAUSE_S if taken else min(pause_s * PAUSE_GROWTH, LAST_PAUSE_S)
            time.sleep(pause_s)
            entries = entries[len(taken) :]
            done = self._send([entry.job for entry in entries if entry.job])
