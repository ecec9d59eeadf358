"""What happens to a job in a worker: it is admitted or not, it is worked on, and the ledger records how it ended."""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Callable, Sequence

import redis

from config.settings import Settings
from depeche.article import ArticleResult, JobError, JobState, check_length
from depeche.errors import Cancelled, DepecheError, EngineOverloaded, RetryableError
from tasks.engines import Engines
from tasks.pipeline import Context, process
from tasks.translation import SentenceCache
from worker.run.attempt import Attempt, LeaseLost
from worker.run.backoff import Backoff
from worker.run.delivery import NO_RECEIPT, Delivery, read_message
from worker.run.isolation import Isolation
from worker.run.ledger import Claim, Ledger
from worker.run.observers import Ending, JobLog, Observer, Treatment
from worker.run.outage import Answer, Outages, Stopping, Undecided
from worker.run.verdict import LOST, Verdict, poisoned, spoilt, unexpected

log = logging.getLogger("depeche.worker")

#: The pauses while Redis is away, and those before the next attempt at a job that may succeed later.
OUTAGE, RETRY = Backoff(0.2, 10.0), Backoff(5.0, 300.0)


class Runner:
    """Runs the jobs of one process. It knows neither Celery nor the broker; several threads call it at once.

    Args:
        ledger: the record of all jobs.
        settings: bounds and leases.
        worker: this worker's name, for leases and dead letters.
        load_engines: called by :meth:`load`, once in a process.
        cache: translated sentences that outlive the worker; None where nothing is kept.
        observers: get every claim and every ending.
        outage: the pauses while Redis is away.

    Attributes:
        attempts: the attempts in this process that have not ended, by the task id.
    """

    def __init__(
        self,
        ledger: Ledger,
        settings: Settings,
        worker: str,
        load_engines: Callable[[], Engines],
        cache: SentenceCache | None = None,
        observers: Sequence[Observer] = (JobLog(),),
        outage: Backoff = OUTAGE,
    ) -> None:
        self.attempts: dict[str, Attempt] = {}
        self._ledger = ledger
        self._settings = settings
        self._worker = worker
        self._load_engines = load_engines
        self._cache = cache
        self._observers = observers
        self._outages = Outages(outage)
        self._engines: Engines | None = None
        self._isolation = Isolation()
        self._stopping = threading.Event()

    def load(self) -> Engines:
        """The engines, which are loaded on the first call.

        Raises:
            ModelUnavailable: says how to get the weights.
        """
        if self._engines is None:
            self._engines = self._load_engines()
        return self._engines

    def run(self, delivery: Delivery) -> Treatment | None:
        """Process one message, and return when the job's end is in the ledger.

        Returns:
            What came of the message, which is done with. None: the worker stops before the job has begun, so the
            message belongs back at the front of its queue.

        Raises:
            Undecided: the worker stops while Redis is away. The job may be this worker's until its lease ends, so the
                message must come again after that, and not before.
        """
        try:
            # While a suspect works alone, others wait long. Meanwhile it must be known who has their messages.
            with self._isolation.together(lambda: self.insist(delivery.receipt.record)):
                claim = self._claim(delivery, alone=False)
                if claim.outcome != "suspect":
                    return self._carry_out(delivery, claim)
            with self._isolation.alone():
                return self._carry_out(delivery, self._claim(delivery, alone=True))
        except Undecided:
            raise
        except Stopping:
            return None
        except Exception as error:
            log.exception("job %s cannot be admitted", delivery.task_id)
            return self._fail_unclaimed(delivery, error)

    def cancel(self, task_id: str) -> None:
        """Cancel a job that waits, or one that runs at its next batch.

        Raises:
            redis.RedisError: Redis is away.
        """
        if self._ledger.cancel(task_id) == "unknown":
            # Another program has queued it. Without a record, whoever waits for it would not learn of its end.
            self._ledger.adopt(task_id, "normal", [], {})
            self._ledger.cancel(task_id)

    def stop(self) -> None:
        """Begin no more jobs; those in work go on."""
        self._stopping.set()

    def abandon(self) -> None:
        """Stop waiting for a Redis that is away: the jobs' leases end, and other workers take the jobs."""
        self._outages.abandon()

    def insist(self, step: Callable[[], Answer]) -> Answer:
        """Take a step in Redis. While Redis is away, wait for it.

        Raises:
            Undecided: the worker must not wait any longer.
            redis.RedisError: Redis answers, and refuses this step.
        """
        return self._outages.insist(step)

    def hand_back(self, task_id: str) -> bool:
        """Give a job in work to another worker, without counting the attempt.

        Returns:
            Whether this worker had the job; it may be in work in another process of its pool.

        Raises:
            redis.RedisError: Redis is away; the job's lease will end by itself.
        """
        attempt = self.attempts.get(task_id)
        if attempt is None:
            return self._ledger.hand_back(task_id, self._worker)
        # Before the step, since the attempt may notice at once that it has lost its lease.
        attempt.handed_back = True
        attempt.handed_back = self._ledger.hand_back(task_id, self._worker)
        if attempt.handed_back:
            self._announce(attempt, Verdict("handed_back"))
        return attempt.handed_back

    def _refuse_double(self, delivery: Delivery) -> Treatment:
        message = delivery.task_id, delivery.priority, delivery.args, delivery.kwargs, delivery.callbacks
        kept_as = self.insist(lambda: self._ledger.refuse_double(*message))
        log.error("job %s is another article than a message with its id: dead letter %s", delivery.task_id, kept_as)
        return "not_run"

    def _claim(self, delivery: Delivery, *, alone: bool) -> Claim:
        if self._stopping.is_set():
            raise Stopping
        asked_at = time.monotonic()
        claim = self.insist(lambda: self._ask(delivery, alone=alone))
        if claim.outcome == "unknown":
            self._adopt(delivery)
            claim = self.insist(lambda: self._ask(delivery, alone=alone))
        took_s = time.monotonic() - asked_at
        if took_s > self._settings.lease_s:
            # A lost answer and a lease that has ended since: the attempt counts, and nobody made it.
            log.warning("job %s: its claim was answered after %.0f s, longer than a lease", delivery.task_id, took_s)
        self._notify(lambda observer: observer.claimed(claim))
        return claim

    def _adopt(self, delivery: Delivery) -> None:
        message = delivery.task_id, delivery.priority, delivery.args, delivery.kwargs, delivery.callbacks
        self.insist(lambda: self._ledger.adopt(*message))

    def _ask(self, delivery: Delivery, *, alone: bool) -> Claim:
        most, lease_s = self._settings.max_attempts, self._settings.lease_s
        receipt = delivery.receipt
        claim = self._ledger.claim(
            delivery.task_id,
            self._worker,
            delivery.caller,
            lease_s=lease_s,
            max_attempts=most,
            alone=alone,
            digest=delivery.digest(),
            tag=receipt.tag,
            entry=receipt.unrecorded(),
        )
        receipt.recorded()
        return claim

    def _attempt(self, delivery: Delivery, claim: Claim) -> Attempt:
        # What comes after an article is sent between its end and the acknowledgement, so that it is sent in any case.
        receipt = NO_RECEIPT if delivery.callbacks else delivery.receipt
        deadline_s = self._settings.job_deadline_s
        return Attempt(delivery.task_id, delivery.caller, claim, self._ledger, deadline_s, receipt)

    def _carry_out(self, delivery: Delivery, claim: Claim) -> Treatment:
        attempt = self._attempt(delivery, claim)
        match claim.outcome:
            case "started":
                self.attempts[attempt.task_id] = attempt
                try:
                    verdict = self._work(attempt, delivery)
                    # The watchdog must not take a wait for Redis for an engine that hangs.
                    attempt.last_sign = None
                    return self._conclude(attempt, verdict)
                finally:
                    del self.attempts[attempt.task_id]
            case "double":
                return self._refuse_double(delivery)
            case "cancelled":
                return self._conclude(attempt, Verdict("cancelled", Cancelled("the job was cancelled")))
            case "exhausted":
                return self._conclude(attempt, poisoned(claim))
            case "spoilt":
                log.error("job %s is set aside: %s", attempt.task_id, claim.fault)
                return self._conclude(attempt, spoilt(claim.fault))
            case _:
                log.info("job %s is not run: %s", attempt.task_id, claim.outcome)
                return "not_run"

    def _work(self, attempt: Attempt, delivery: Delivery) -> Verdict:
        claim = attempt.claim
        try:
            article, options = read_message(delivery.args, delivery.kwargs)
            check_length(article, self._settings.max_article_chars)
            context = Context(
                attempt.task_id,
                claim.attempt,
                claim.queued_ms,
                report=attempt.report,
                cache=self._cache,
                priority=delivery.priority,
                check=attempt.check,
            )
            return Verdict("succeeded", result=process(article, options, self.load(), context))
        except LeaseLost:
            return LOST
        except Cancelled as error:
            return Verdict("cancelled", error)
        except (RetryableError, MemoryError) as error:
            return self._later(attempt, error)
        except DepecheError as error:
            return Verdict("failed", error)
        except Exception as error:
            log.exception("job %s failed", attempt.task_id)
            return unexpected(error)

    def _later(self, attempt: Attempt, error: RetryableError | MemoryError) -> Verdict:
        """Another attempt, if one is left. Called while the error is handled."""
        if isinstance(error, MemoryError):
            error = EngineOverloaded("the worker is out of memory: lower DEPECHE_CONCURRENCY, or give it more memory")
        if attempt.claim.attempt < self._settings.max_attempts:
            return Verdict("retried", error)
        # The traceback has lines of code and no values, so nothing of the article.
        error.detail["traceback"] = traceback.format_exc()
        return Verdict("dead", error)

    def _conclude(self, attempt: Attempt, verdict: Verdict) -> Treatment:
        try:
            recorded = self._record(attempt, verdict)
        except Undecided:
            # The lease ends, and the job starts elsewhere.
            log.warning("job %s: its end could not be recorded", attempt.task_id)
            raise
        except Exception as error:
            log.exception("job %s: the ledger refuses its end", attempt.task_id)
            return self._fail(attempt, error)
        return self._announce(attempt, verdict if recorded else LOST)

    def _fail(self, attempt: Attempt, error: Exception) -> Treatment:
        """End a job that the ledger has refused a step, so that its producer learns of it where this can be had."""
        failed = unexpected(error)
        try:
            recorded = self._record(attempt, failed)
        except Undecided:
            raise
        except Exception:
            log.exception("job %s: its failure cannot be recorded either", attempt.task_id)
            recorded = True
        return self._announce(attempt, failed if recorded else LOST)

    def _fail_unclaimed(self, delivery: Delivery, error: Exception) -> Treatment:
        """The same for a job that could not be claimed: it gets a record if it has none, so that its end is known."""
        try:
            self._adopt(delivery)
        except redis.RedisError:
            log.exception("job %s gets no record", delivery.task_id)
        return self._fail(self._attempt(delivery, Claim("unknown")), error)

    def _record(self, attempt: Attempt, verdict: Verdict) -> bool:
        """Whether the ledger takes it; it refuses an attempt that is not the job's newest."""
        task_id, token, caller, tag = attempt.task_id, attempt.claim.token, attempt.caller, attempt.receipt.tag
        match verdict:
            case Verdict(outcome="succeeded", result=ArticleResult() as result):
                stored = result.model_dump(mode="json")
                recorded = self.insist(lambda: self._ledger.succeed(task_id, token, caller, stored, tag))
            case Verdict(outcome="retried"):
                delay_s = RETRY.pause_s(attempt.claim.attempt)
                return self.insist(lambda: self._ledger.release(task_id, token, caller, counts=True, delay_s=delay_s))
            case Verdict(outcome="failed" | "cancelled" | "dead" as outcome, error=DepecheError() as error):
                state, kind, fault = JobState(outcome), type(error).__name__, JobError.model_validate(error.as_json())
                if attempt.claim.outcome == "spoilt":
                    return self.insist(lambda: self._ledger.set_aside(task_id, caller, kind, fault))
                recorded = self.insist(lambda: self._ledger.end(task_id, token, caller, state, kind, fault, tag))
            case _:
                return False
        if recorded:
            attempt.receipt.settled()
        return recorded

    def _announce(self, attempt: Attempt, verdict: Verdict) -> Treatment:
        if verdict.outcome == "lost" and attempt.handed_back:
            # Its ending was announced when it was handed back.
            return "handed_back"
        seconds = time.monotonic() - attempt.started
        ending = Ending(attempt.task_id, verdict.outcome, attempt.claim, seconds, verdict.error, verdict.result)
        self._notify(lambda observer: observer.ended(ending))
        return verdict.outcome

    def _notify(self, tell: Callable[[Observer], None]) -> None:
        for observer in self._observers:
            try:
                tell(observer)
            except Exception:
                log.exception("an observer of the jobs failed")
