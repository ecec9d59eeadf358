"""The Python API for producers: submit an article, follow it, fetch its result.

>>> from tasks.client import Client
>>> client = Client()
>>> task_id = client.submit("Le maire a inauguré la bibliothèque mardi.")
>>> client.wait(task_id).text_en
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType

import redis
from celery import Celery
from kombu.exceptions import OperationalError

from config.queue import QUEUES, TASK_NAME, Priority, celery_options
from config.settings import Settings, load_settings, mask_url
from tasks.article import Article, ArticleResult, JobState, JobStatus, Options, check_length, parse
from tasks.errors import DepecheError, JobFailed, NotReady, QueueFull, RedisUnavailable, UnknownJob
from tasks.jobs import Jobs, connect

#: Between two looks at a job: short at first, for short articles, then longer, to be easy on Redis.
FIRST_POLL_S, LAST_POLL_S, POLL_GROWTH = 0.05, 2.0, 1.5


class Client:
    """Talks to the queue. Safe to share between threads; use it as a context manager, or call :meth:`close`.

    Args:
        settings: where Redis is and which bounds hold; by default read from the ``DEPECHE_`` environment variables.

    Raises:
        SettingsError: a variable cannot be used.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings or load_settings()
        self._url = self._settings.redis_url.get_secret_value()
        self._redis = connect(self._url)
        self._jobs = Jobs(self._redis, self._settings.result_ttl_s)
        # Without a result backend, as Celery would open a subscription for every article submitted.
        options = celery_options(self._settings) | {"result_backend": None}
        self._celery = Celery("depeche", set_as_current=False, config_source=options)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._celery.close()
        self._redis.close()

    def submit(self, article: Article | str, *, options: Options | None = None, priority: Priority = "normal") -> str:
        """Queue an article.

        Returns:
            The task id under which its status and result are found.

        Raises:
            InvalidArticle, TooLong: the article cannot be taken; nothing was queued.
            QueueFull: try again when the workers have caught up; nothing was queued.
            RedisUnavailable: Redis does not answer.
        """
        article = parse(Article, {"text": article}) if isinstance(article, str) else article
        check_length(article, self._settings.max_article_chars)
        task_id = str(uuid.uuid4())
        with self._redis_faults():
            self._check_queue_length()
            # Before the message, so that no worker can be faster than the record.
            self._jobs.create(task_id, priority)
            try:
                self._celery.send_task(
                    TASK_NAME,
                    args=[article.model_dump(mode="json")],
                    kwargs={"options": (options or Options()).model_dump(mode="json")},
                    task_id=task_id,
                    queue=QUEUES[priority],
                    # Celery would repeat the first kilobyte of the article in the header, and in logs.
                    argsrepr="[article]",
                )
            except Exception:
                self._jobs.delete(task_id)
                raise
        return task_id

    def status(self, task_id: str) -> JobStatus:
        """Where a job stands; state ``unknown`` for an id that was never submitted or has expired.

        Raises:
            RedisUnavailable: Redis does not answer.
        """
        with self._redis_faults():
            return self._jobs.status(task_id)

    def result(self, task_id: str) -> ArticleResult:
        """The result of a job that has succeeded.

        Raises:
            NotReady: it is queued or running.
            JobFailed: it ended without a result; ``detail`` is the job's error.
            UnknownJob: no job has this id (any more).
            RedisUnavailable: Redis does not answer.
        """
        status = self.status(task_id)
        if status.state is JobState.UNKNOWN:
            raise UnknownJob(f"no job has the id {task_id}: it was never submitted, or its result has expired")
        if not status.state.terminal:
            raise NotReady(f"job {task_id} is {status.state}", {"state": status.state})
        if status.state is not JobState.SUCCEEDED:
            error = status.error
            reason = f"{error.code}: {error.message}" if error else str(status.state)
            raise JobFailed(f"job {task_id} failed: {reason}", error.model_dump() if error else {})
        with self._redis_faults():
            payload = self._jobs.result(task_id)
        if payload is None:
            raise UnknownJob(f"the result of job {task_id} has expired")
        return ArticleResult.model_validate(payload)

    def wait(
        self, task_id: str, timeout_s: float | None = None, on_status: Callable[[JobStatus], None] | None = None
    ) -> ArticleResult:
        """Poll until the job has ended, and give its result.

        Args:
            task_id: what :meth:`submit` returned.
            timeout_s: give up after this many seconds; None waits for ever.
            on_status: called with every status seen, for progress displays.

        Raises:
            NotReady: the time is up; the job goes on.
            JobFailed, UnknownJob, RedisUnavailable: as :meth:`result`.
        """
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        pause_s = FIRST_POLL_S
        while True:
            status = self.status(task_id)
            if on_status is not None:
                on_status(status)
            left_s = pause_s if deadline is None else deadline - time.monotonic()
            if status.state.terminal or status.state is JobState.UNKNOWN or left_s <= 0:
                return self.result(task_id)
            time.sleep(min(pause_s, left_s))
            pause_s = min(pause_s * POLL_GROWTH, LAST_POLL_S)

    def _check_queue_length(self) -> None:
        with self._redis.pipeline(transaction=False) as pipe:
            for name in QUEUES.values():
                pipe.llen(name)
            length = sum(pipe.execute())
        limit = self._settings.max_queue_length
        if length >= limit:
            raise QueueFull(
                f"{length} articles are waiting and DEPECHE_MAX_QUEUE_LENGTH is {limit}: start more workers, or submit "
                "again later",
                {"length": length, "limit": limit},
            )

    @contextmanager
    def _redis_faults(self) -> Iterator[None]:
        try:
            yield
        except DepecheError:
            raise
        except (redis.RedisError, OperationalError, OSError) as error:
            raise RedisUnavailable(
                f"no usable Redis at {mask_url(self._url)}: {describe(error)}; start it, or set DEPECHE_REDIS_URL"
            ) from error


def describe(error: BaseException) -> str:
    """One line on a connection's failure."""
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__
