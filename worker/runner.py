"""The Celery task: a message comes in, the ledger lets it run or not, the pipeline runs, the ledger is told the end."""

from __future__ import annotations

import logging
import random
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeVar

import redis
from celery import Task
from celery.exceptions import Reject

from config.queue import QUEUES, TASK_NAME, Priority
from config.settings import Settings
from tasks.article import Article, ArticleResult, JobError, JobState, Options, check_length, parse
from tasks.engines import Engines
from tasks.errors import Cancelled, DepecheError, InvalidArticle, Poison, RetryableError
from tasks.jobs import Claim, Jobs
from tasks.pipeline import Job, process
from tasks.steps.remember import Memory
from worker import spans
from worker.attempt import LeaseLost, Run
from worker.isolation import Gate
from worker.observers import Ending, JobLog, Observer, Outcome

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

#: Waits while Redis is away, and before a retryable fault's next attempt: doubled each time, up to the last, with
#: jitter.
FIRST_PAUSE_S, LAST_PAUSE_S = 0.2, 10.0
FIRST_RETRY_S, LAST_RETRY_S = 5.0, 300.0

_PRIORITIES: dict[str, Priority] = {queue: priority for priority, queue in QUEUES.items()}


class ProcessArticle(Task):  # type: ignore[type-arg]  # generic in the stubs alone, not at run time
    """``depeche.process_article``: args ``[article]``, kwargs ``options``, both as JSON.

    Args:
        jobs: the ledger.
        settings: bounds and leases.
        worker: this worker's name, for leases and dead letters.
        load_engines: called once a process, by :meth:`load`.
        memory: translated sentences that outlive a worker; None remembers nothing.
        observers: hear of every claim and end.
    """

    name = TASK_NAME
    # Wrong arguments must reach run(), which refuses them with a clear error and keeps the job record.
    typing = False
    # The ledger stores how a job ends, and refuses a worker that has lost it: Celery's own way could not.
    ignore_result = True

    def __init__(
        self,
        jobs: Jobs,
        settings: Settings,
        worker: str,
        load_engines: Callable[[], Engines],
        memory: Memory | None = None,
        observers: Sequence[Observer] = (JobLog(),),
    ) -> None:
        self._observers = observers
        self._jobs = jobs
        self._settings = settings
        self._worker = worker
        self._load_engines = load_engines
        self._memory = memory
        self._engines: Engines | None = None
        self._gate = Gate()
        #: The jobs in work in this process, by id.
        self.runs: dict[str, Run] = {}
        #: Set: no job is begun any more, and Redis is not waited for.
        self.stopping = threading.Event()
        self.abandoning = threading.Event()

    def load(self) -> Engines:
        """Load the engines, if that has not been done yet, before the first article is taken.

        Raises:
            ModelUnavailable: says how to get the weights.
        """
        if self._engines is None:
            self._engines = self._load_engines()
        return self._engines

    def run(self, *args: Any, **kwargs: Any) -> None:
        """Process one message. Whatever comes of it is in the ledger when this returns, and the message done with."""
        # A message may ask for tasks to be sent after it: that would be done in the worker's name, not the sender's.
        self.request.update(callbacks=None, errbacks=None, chain=None, chord=None)
        job_id = str(self.request.id)
        with spans.running(job_id, vars(self.request)):
            self._run(job_id, args, kwargs)

    def _run(self, job_id: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        with self._gate.together():
            claim = self._claim(job_id, args, kwargs, alone=False)
            if claim.outcome != "suspect":
                return self._carry_out(job_id, claim, args, kwargs)
        with self._gate.alone():
            return self._carry_out(job_id, self._claim(job_id, args, kwargs, alone=True), args, kwargs)

    def _claim(self, job_id: str, args: Any, kwargs: Any, *, alone: bool) -> Claim:
        if self.stopping.is_set():
            # Back to the front of the queue, for another worker.
            raise Reject("the worker is stopping", requeue=True)
        most, lease_s = self._settings.max_attempts, self._settings.lease_s

        def claim() -> Claim:
            return self._jobs.claim(job_id, self._worker, lease_s=lease_s, max_attempts=most, alone=alone)

        found = self._insist(claim)
        if found.outcome == "unknown":
            queue = (self.request.delivery_info or {}).get("routing_key")
            self._insist(lambda: self._jobs.adopt(job_id, _PRIORITIES.get(str(queue), "normal"), args, kwargs))
            found = self._insist(claim)
        for observer in self._observers:
            observer.claimed(found)
        return found

    def hand_back(self, job_id: str) -> bool:
        """Give a job in work to another worker, without counting the attempt.

        Raises:
            redis.RedisError: Redis is away; the job's lease will end by itself.
        """
        if not self._jobs.hand_back(job_id, self._worker):
            return False
        if run := self.runs.get(job_id):
            self._tell(run, "handed_back")
        return True

    def _carry_out(self, job_id: str, claim: Claim, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        run = Run(job_id, claim, self._jobs, self._settings)
        match claim.outcome:
            case "started":
                self._work(run, args, kwargs)
            case "cancelled":
                self._end(run, "cancelled", Cancelled("the job was cancelled"))
            case "exhausted":
                error = Poison(
                    f"{claim.attempt} workers died in the middle of it, the last was {claim.last_worker or 'unknown'}: "
                    "see that worker's log, then depeche dead retry, or drop",
                    {"attempts": claim.attempt, "worker": claim.last_worker},
                )
                self._end(run, "dead", error)
            case _:
                log.info("job %s is not run: %s", job_id, claim.outcome)

    def _work(self, run: Run, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        claim = run.claim
        self.runs[run.job_id] = run
        job = Job(run.job_id, claim.attempt, claim.queued_ms, run.report, self._memory)
        try:
            article, options = read_message(args, kwargs)
            check_length(article, self._settings.max_article_chars)
            result = process(article, options, self.load(), job)
            run.last_sign = None
            stored = result.model_dump(mode="json")
            in_time = self._insist(lambda: self._jobs.succeed(run.job_id, claim.run, stored))
            self._tell(run, "succeeded" if in_time else "lost", result=result)
        except LeaseLost:
            # What was handed back has been told already.
            if not self.abandoning.is_set():
                self._tell(run, "lost")
        except Cancelled as error:
            self._end(run, "cancelled", error)
        except RetryableError as error:
            self._try_later(run, error)
        except DepecheError as error:
            self._end(run, "failed", error)
        except redis.RedisError:
            # Stopping with Redis away: the lease ends, and the job starts elsewhere.
            log.warning("job %s: its end could not be recorded", run.job_id)
        except Exception as error:
            log.exception("job %s failed", run.job_id)
            message = f"an unexpected {type(error).__name__} ended the job; the worker's log has the traceback"
            self._end(run, "failed", DepecheError(message))
        finally:
            del self.runs[run.job_id]

    def _try_later(self, run: Run, error: RetryableError) -> None:
        if run.claim.attempt >= self._settings.max_attempts:
            # Code lines, no values: nothing of the article.
            error.detail["traceback"] = traceback.format_exc()
            return self._end(run, "dead", error)
        delay_s = _pause(run.claim.attempt, FIRST_RETRY_S, LAST_RETRY_S)
        self._insist(lambda: self._jobs.release(run.job_id, run.claim.run, counts=True, delay_s=delay_s))
        return self._tell(run, "retried", error)

    def _end(self, run: Run, outcome: Literal["failed", "cancelled", "dead"], error: DepecheError) -> None:
        state, fault = JobState(outcome), JobError.model_validate(error.as_json())
        ended = self._insist(lambda: self._jobs.end(run.job_id, run.claim.run, state, type(error).__name__, fault))
        self._tell(run, outcome if ended else "lost", error)

    def _tell(
        self, run: Run, outcome: Outcome, error: DepecheError | None = None, result: ArticleResult | None = None
    ) -> None:
        ending = Ending(run.job_id, outcome, run.claim, time.monotonic() - run.started, error, result)
        for observer in self._observers:
            observer.ended(ending)

    def _insist(self, step: Callable[[], Answer]) -> Answer:
        """Take a step in the ledger; while Redis is away, wait for it, as nothing else could be done either.

        Raises:
            redis.RedisError: the worker is to stop, and Redis is still away.
        """
        tries = 0
        while True:
            try:
                return step()
            except redis.RedisError as error:
                tries += 1
                pause_s = _pause(tries, FIRST_PAUSE_S, LAST_PAUSE_S)
                log.warning("the ledger cannot be written, next try in %.1f s: %s", pause_s, error)
                if self.abandoning.wait(pause_s):
                    raise


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


def _pause(tries: int, first_s: float, last_s: float) -> float:
    """Exponential, with jitter, so that not all come back at once."""
    return min(last_s, first_s * 2.0 ** min(tries - 1, 20)) * random.uniform(0.5, 1)  # noqa: S311  # no secret
