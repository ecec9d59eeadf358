"""The Celery task: a message comes in, the pipeline runs, a result goes out."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import redis
from celery import Task

from config.queue import TASK_NAME
from tasks.article import Article, JobError, Options, Progress, check_length, parse
from tasks.engines import Engines
from tasks.errors import DepecheError, InvalidArticle
from tasks.jobs import Jobs
from tasks.pipeline import Job, process

log = logging.getLogger(__name__)


class ProcessArticle(Task):  # type: ignore[type-arg]  # generic in the stubs alone, not at run time
    """``depeche.process_article``: args ``[article]``, kwargs ``options``, both as JSON.

    Args:
        jobs: the job records.
        max_article_chars: longer articles are refused here too, as anyone may write to the queue.
        load_engines: called once a process, by :meth:`load`.
    """

    name = TASK_NAME
    # Wrong arguments must reach run(), which refuses them with a clear error and keeps the job record.
    typing = False
    # Expected endings: Celery stores them without logging a traceback.
    throws = (DepecheError,)

    def __init__(self, jobs: Jobs, max_article_chars: int, load_engines: Callable[[], Engines]) -> None:
        self._jobs = jobs
        self._max_article_chars = max_article_chars
        self._load_engines = load_engines
        self._engines: Engines | None = None

    def load(self) -> Engines:
        """Load the engines, if that has not been done yet, before the first article is taken.

        Raises:
            ModelUnavailable: says how to get the weights.
        """
        if self._engines is None:
            self._engines = self._load_engines()
        return self._engines

    def run(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Process one message.

        Returns:
            An ``ArticleResult`` as JSON.

        Raises:
            DepecheError: why there is no result.
        """
        job = self._begin(str(self.request.id))
        with _best_effort(job.id):
            if finished := self._jobs.result(job.id):
                # Delivered again, as its worker lost Redis before it could acknowledge it.
                return finished
        article, options = read_message(args, kwargs)
        check_length(article, self._max_article_chars)
        return process(article, options, self.load(), job).model_dump(mode="json")

    def start_strategy(self, app: Any, consumer: Any, **options: Any) -> Callable[..., None]:
        """How a message is taken. Celery's way ends the whole worker where one is malformed; this one refuses it."""
        take = super().start_strategy(app, consumer, **options)

        def take_or_refuse(message: Any, *arguments: Any) -> None:
            try:
                if isinstance(message.payload, list) and not isinstance(message.payload[1], dict):
                    raise TypeError("the keyword arguments are no mapping")
                take(message, *arguments)
            except (AttributeError, KeyError, IndexError, TypeError, ValueError) as error:
                log.error("refused a malformed message: %s", type(error).__name__)
                message.reject_log_error(log, consumer.connection_errors)
                self._refuse(message.headers.get("id"))

        return take_or_refuse

    # Celery calls the next two after it has stored the ending under its own key.

    def on_success(self, retval: Any, task_id: str, args: Any, kwargs: Any) -> None:  # noqa: ARG002  # Celery's
        """Close the job record."""
        _log_success(retval)
        with _best_effort(task_id):
            self._jobs.succeed(task_id)

    def on_failure(self, exc: BaseException, task_id: str, args: Any, kwargs: Any, einfo: Any) -> None:  # noqa: ARG002
        """Close the job record with the reason."""
        known = exc.as_json() if isinstance(exc, DepecheError) else _internal(exc)
        log.warning("job %s failed: %s: %s", task_id, known["code"], known["message"])
        with _best_effort(task_id):
            self._jobs.fail(task_id, JobError.model_validate(known))

    def _refuse(self, job_id: Any) -> None:
        if job_id and isinstance(job_id, str):
            with _best_effort(job_id):
                message = "the message is not as Celery writes it: its body must be [args, kwargs, embed]"
                self._jobs.fail(job_id, JobError(code=InvalidArticle.code, message=message))

    def _begin(self, job_id: str) -> Job:
        attempt, queued_at = 1, None
        with _best_effort(job_id):
            attempt, queued_at = self._jobs.start(job_id), self._jobs.queued_at(job_id)
        queued_ms = None if queued_at is None else max(0, round((time.time() - queued_at) * 1000))

        def report(progress: Progress) -> None:
            with _best_effort(job_id):
                self._jobs.progress(job_id, progress)

        return Job(job_id, attempt, queued_ms, report)


def read_message(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Article, Options]:
    """Check a message's arguments, which any program may have written.

    Raises:
        InvalidArticle: says which are wrong.
    """
    unknown = set(kwargs) - {"options"}
    if len(args) != 1 or unknown:
        raise InvalidArticle(
            f"the message has {len(args)} arguments and {len(unknown)} unknown keywords: send args [article] and, if "
            "need be, the keyword options"
        )
    options = kwargs.get("options")
    return parse(Article, args[0]), Options() if options is None else parse(Options, options)


def _internal(error: BaseException) -> dict[str, Any]:
    return {
        "code": "internal",
        "message": f"an unexpected {type(error).__name__} ended the job; the worker's log has the traceback",
        "detail": {},
    }


def _log_success(result: dict[str, Any]) -> None:
    timings, quality = result["timings_ms"], result["quality"]
    log.info(
        "job %s succeeded: %d sentences, %d flagged, translate %d ms, summarise %d ms, total %d ms, attempt %d",
        *(result["id"], len(result["segments"]), quality["flagged_segments"]),
        *(timings["translate"], timings["summarise"], timings["total"], result["attempts"]),
    )


@contextmanager
def _best_effort(job_id: str) -> Iterator[None]:
    """A record that cannot be written must not cost the work: Celery's own key says how the job ended."""
    try:
        yield
    except redis.RedisError as error:
        log.warning("job %s: the record could not be written: %s", job_id, error)
