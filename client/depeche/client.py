"""The Python API for producers: submit an article, follow it, and fetch its result.

>>> from depeche import Client
>>> client = Client()
>>> task_id = client.submit("Le maire a inauguré la bibliothèque mardi.")
>>> client.wait(task_id).text_en
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING

from depeche import messages, tracing
from depeche.article import Article, ArticleResult, JobState, JobStatus, Options, Stats
from depeche.batches import BatchStatus, Enrolment
from depeche.errors import NotReady, QueueFull, RedisUnavailable
from depeche.intake import Intake, Item, Submitted, new_task_id
from depeche.jobs import Jobs, NewJob, Submission, new_caller
from depeche.listener import RedisListener
from depeche.lookup import Watch
from depeche.operating import OperatorClient
from depeche.outcome import as_result, check_succeeded, known_batch, reading_batch, reading_result, unknown
from depeche.queue import Priority
from depeche.redis_client import connect, redis_faults, refusal
from depeche.sender import Sender
from depeche.waiting import Listener, Waiter, in_order

if TYPE_CHECKING:
    from depeche.settings import ClientSettings


class Client(OperatorClient):
    """Talks to the queue. Several threads may share it. Use it as a context manager, or call :meth:`close`.

    Args:
        settings: where Redis is and which bounds hold, from ``depeche.settings.load_settings``. By default they are
            read from the environment variables with the prefix ``DEPECHE_``.

    Raises:
        SettingsError: a variable cannot be used.
    """

    def __init__(self, settings: ClientSettings | None = None) -> None:
        # It is imported here and not with this module, as many programs that import Client never make one.
        from depeche.settings import load_settings

        self._settings = settings or load_settings()
        self._url = self._settings.redis_url.get_secret_value()
        self._redis = connect(self._url)
        self._jobs = Jobs(self._redis, self._settings.result_ttl_s, self._settings.max_events)
        self._checked = False

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._redis.close()

    def submit(
        self,
        article: Article | str,
        *,
        options: Options | None = None,
        priority: Priority = "normal",
        key: str | None = None,
        batch: str | None = None,
    ) -> str:
        """Queue an article. Once this has returned, the job ends in exactly one way, whatever fails later.

        Args:
            article: the article, or its text alone.
            options: how to process it.
            priority: which queue the article joins.
            key: idempotency key. While a job with this key has a record, submitting the same again gives its id and
                queues nothing. This holds for all producers, also at the same moment.
            batch: the name of a batch that counts this job, see :meth:`batch`.

        Returns:
            The task id under which its status and result are found.

        Raises:
            InvalidArticle, TooLong: the article, or the key, cannot be taken. Nothing was queued.
            KeyConflict: another article, or other options, were submitted under this key. Nothing was queued.
            QueueFull: too much is waiting. Nothing was queued; try again when the workers have done some of it.
            RedisUnavailable: Redis does not answer. It may have taken the article before the connection broke. With a
                key you can safely submit it again.
        """
        item, intake = Item(article, key), Intake(self._settings, options, priority, batch)
        checked, task_id = intake.check(item), new_task_id(key)
        with tracing.submitting(task_id, priority) as headers:
            job = intake.job(task_id, checked, messages.Envelope(priority, headers))
            (done,) = self._send(priority, Enrolment(batch) if batch else None, [job])
        if error := intake.error(job, key, done):
            raise error
        return task_id

    def submit_many(
        self,
        items: Iterable[Article | str | Item],
        *,
        options: Options | None = None,
        priority: Priority = "normal",
        batch: str | None = None,
        on_full: Callable[[QueueFull], None] | None = None,
    ) -> Generator[Submitted]:
        """Queue many articles, some hundreds at a time: what became of each, in the order of the input.

        An article that cannot be taken is refused, and the others go on. The input is read as it is needed, and never
        more than two chunks of it are held. Wherever this ends, all that was queued has been answered, but for a last
        chunk that Redis took before its connection broke. What has a key can safely be submitted again.

        Args:
            items: articles, or their texts alone, or :class:`depeche.Item` with a key.
            options: how to process them.
            priority: which queue they join.
            batch: the name of a batch that counts them, see :meth:`batch`. It does not end before this iteration does.
            on_full: is called with the reason while the queue or Redis is full, until there is room, and may raise to
                give up. By default, a full queue ends this.

        Raises:
            QueueFull, RedisUnavailable: as :meth:`submit`. What was not answered is not queued, but for the above.
        """
        intake = Intake(self._settings, options, priority, batch)
        enrolment = Enrolment(batch, new_caller()) if batch else None
        send, close = partial(self._send, priority, enrolment), partial(self._close_batch, enrolment)
        return Sender(intake, send, on_full, close).answers(items)

    def _send(self, priority: Priority, batch: Enrolment | None, jobs: Sequence[NewJob]) -> list[Submission]:
        limits = (self._settings.max_queue_length, self._settings.min_replicas)
        with redis_faults(self._url):
            self._check_server()
            return self._jobs.submit(jobs, priority, *limits, batch)

    def _close_batch(self, batch: Enrolment | None) -> None:
        # A Redis that is away, or a janitor, finds out for itself that nobody submits any more.
        with suppress(RedisUnavailable), redis_faults(self._url):
            if batch:
                self._jobs.close_batch(batch)

    def batch(self, name: str) -> BatchStatus:
        """How many jobs of a batch are in which state, and why some failed.

        Raises:
            UnknownJob: no batch has this name, or it has expired, as it does with the last of its jobs.
            RedisUnavailable: Redis does not answer.
        """
        with redis_faults(self._url), reading_batch(name):
            return known_batch(name, self._jobs.batch(name))

    def cancel(self, task_id: str) -> JobStatus:
        """Cancel a job. A queued one ends now, and a running one at its next batch. One that has ended stays as it is.

        A job that another program has queued is found by its id too, see :meth:`status`.

        Returns:
            The job's status, in which it may still be running.

        Raises:
            UnknownJob: no job has this id, or it has expired.
            RedisUnavailable: Redis does not answer.
        """
        with redis_faults(self._url):
            found = self._jobs.cancel_anywhere(task_id)
            status = self._jobs.status(task_id)
        if status.state is JobState.UNKNOWN:
            raise unknown(status, found)
        return status

    def stats(self) -> Stats:
        """How many jobs wait, run and are dead, and how many workers are alive.

        Raises:
            RedisUnavailable: Redis does not answer.
        """
        with redis_faults(self._url):
            return self._jobs.stats()

    def status(self, task_id: str) -> JobStatus:
        """The status of a job. Its state is ``unknown`` if the id was never submitted, or has expired.

        For an id without a record, Redis reads all messages that wait, as another program may have queued it.

        Raises:
            RedisUnavailable: Redis does not answer.
        """
        with redis_faults(self._url):
            return self._jobs.look_up(task_id)

    def statuses(self, task_ids: list[str]) -> list[JobStatus]:
        """As :meth:`status`, for each of these in their order, in one step: give some hundreds at most."""
        with redis_faults(self._url):
            return self._jobs.statuses(task_ids)

    def result(self, task_id: str) -> ArticleResult:
        """The result of a job that has succeeded.

        Raises:
            NotReady: the job is queued or running.
            JobFailed: the job ended without a result. ``detail`` is its error.
            UnknownJob: no job has this id, or it has expired.
            RedisUnavailable: Redis does not answer.
        """
        return self.result_of(self.status(task_id))

    def result_of(self, status: JobStatus) -> ArticleResult:
        """As :meth:`result`, of a job whose last status is known, as from :meth:`as_completed`."""
        check_succeeded(status)
        with reading_result(status.id), redis_faults(self._url):
            return as_result(status.id, self._jobs.result(status.id))

    def wait(
        self, task_id: str, timeout_s: float | None = None, on_status: Callable[[JobStatus], None] | None = None
    ) -> ArticleResult:
        """Wait until the job has ended, and return its result.

        Args:
            task_id: what :meth:`submit` returned.
            timeout_s: give up after this many seconds. With None, wait for ever.
            on_status: is called with every status on the way, for example to show the progress.

        Raises:
            NotReady: the time is over; the job goes on.
            JobFailed, UnknownJob: as :meth:`result`.
            RedisUnavailable: Redis does not answer. Once it has answered, it may be away for a minute.
        """
        watch = Watch(self._jobs)

        def statuses(task_ids: list[str]) -> list[JobStatus]:
            with redis_faults(self._url):
                return watch.statuses(task_ids)

        with self._listener() as listener:
            try:
                ((_, status),) = Waiter(statuses, listener, on_status).ends([task_id], timeout_s)
            except NotReady:
                # It says in which state the job is.
                return self.result(task_id)
            return self.result_of(status)

    def as_completed(self, task_ids: Iterable[str | None], timeout_s: float | None = None) -> Iterator[JobStatus]:
        """The last status of each job, as they end: whichever ends first comes first.

        Read the result of one that has succeeded with :meth:`result`. An id that no job has comes too, as ``unknown``,
        and an id that is given twice comes twice.

        Args:
            task_ids: ids that :meth:`submit` returned. There may be millions, also of an iterator, as only some are
                held at a time: the next are taken as jobs end. An iterator that has none for the moment, but will have
                more, gives None, and is asked again soon.
            timeout_s: give up after this many seconds. With None, wait for ever.

        Raises:
            NotReady: the time is over, and the jobs in ``detail["ids"]`` go on.
            RedisUnavailable: Redis does not answer. Once it has answered, it may be away for a minute.
        """
        for chunk in self.completed_chunks(task_ids, timeout_s):
            yield from chunk

    def completed_chunks(
        self, task_ids: Iterable[str | None], timeout_s: float | None = None
    ) -> Iterator[list[JobStatus]]:
        """As :meth:`as_completed`, but those that are found to have ended at the same time come together."""
        with self._listener() as listener:
            for chunk in Waiter(self.statuses, listener).chunks(task_ids, timeout_s):
                yield [status for _, status in chunk]

    def wait_many(self, task_ids: Iterable[str], timeout_s: float | None = None) -> Iterator[JobStatus]:
        """As :meth:`as_completed`, but in the order of the ids: each comes when it and all before it have ended."""
        with self._listener() as listener:
            yield from in_order(Waiter(self.statuses, listener), task_ids, timeout_s)

    def _listener(self) -> AbstractContextManager[Listener]:
        return RedisListener(self._redis)

    def _check_server(self) -> None:
        # Once is enough, as no server becomes a cluster while it runs.
        if not self._checked and (reason := refusal(self._redis, self._url)):
            raise RedisUnavailable(reason)
        self._checked = True
