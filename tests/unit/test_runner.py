"""Every way in which an attempt at a job ends, on a fake ledger."""

from __future__ import annotations

from typing import Any

import pytest
import redis

from depeche.article import JobState
from depeche.errors import EngineOverloaded, ModelUnavailable
from tests.fakes import FakeDetector, FakeObserver
from tests.unit.runner_bench import TEXT, Act, Bench, after, code, raising
from worker.run.outage import Undecided
from worker.run.runner import RETRY


def test_success() -> None:
    """The result is stored under the job's token, the article is no longer kept, and the ending is announced."""
    bench = Bench()
    assert bench.run()
    assert (bench.record.state, bench.record.error, bench.record.message) == (JobState.SUCCEEDED, None, None)
    assert bench.record.result is not None
    assert (bench.record.result["id"], bench.record.result["attempts"]) == ("job", 1)
    assert len(bench.record.result["segments"]) == 12
    assert [claim.outcome for claim in bench.observer.claims] == ["started"]
    [ending] = bench.observer.endings
    assert (ending.outcome, ending.task_id, ending.claim.token) == ("succeeded", "job", 1)
    assert ending.result is not None
    assert bench.runner.attempts == {}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"article": {"text": "..."}}, "invalid_article"),
        ({"article": {"txt": TEXT}}, "invalid_article"),
        ({"max_article_chars": 20}, "too_long"),
        ({"detector": FakeDetector("de")}, "not_french"),
    ],
)
def test_an_article_that_is_refused(arguments: dict[str, Any], expected: str) -> None:
    """It fails at once with the code of its fault, and no engine is asked for a translation."""
    bench = Bench(**arguments)
    assert bench.run()
    assert (bench.record.state, code(bench.record), bench.record.attempts) == (JobState.FAILED, expected, 1)
    assert (bench.observer.outcomes, bench.translator.calls) == (["failed"], [])


def test_a_model_that_cannot_run() -> None:
    """The job fails at once, as another attempt would not help."""
    bench = Bench()
    bench.in_batch = {1: raising(ModelUnavailable("the weights are gone"))}
    assert bench.run()
    assert (bench.record.state, code(bench.record)) == (JobState.FAILED, "model_unavailable")
    assert bench.observer.outcomes == ["failed"]


def test_engines_that_cannot_be_loaded() -> None:
    """The job fails with the reason, although its worker has not even begun with it."""
    bench = Bench()
    bench.runner._load_engines = raising(ModelUnavailable("no weights"))  # type: ignore[assignment]
    assert bench.run()
    assert (bench.record.state, code(bench.record)) == (JobState.FAILED, "model_unavailable")


@pytest.mark.parametrize("error", [EngineOverloaded("no memory"), MemoryError()])
def test_short_memory(error: Exception) -> None:
    """The job waits for another attempt, longer each time; this attempt counts."""
    bench, delays_s = Bench(), []
    for attempt in (1, 2):
        bench.in_batch = {len(bench.translator.calls) + 1: raising(error)}
        assert bench.run()
        assert (bench.record.state, bench.record.attempts) == (JobState.QUEUED, attempt)
        delays_s.append(bench.record.delay_s)
    assert RETRY.first_s / 2 <= delays_s[0] <= RETRY.first_s <= delays_s[1] <= 2 * RETRY.first_s
    assert bench.observer.outcomes == ["retried", "retried"]


@pytest.mark.parametrize("error", [EngineOverloaded("no memory"), MemoryError()])
def test_short_memory_in_the_last_attempt(error: Exception) -> None:
    """The job is dead, with a code of its own and the lines of code that failed; the article is kept."""
    bench = Bench(max_attempts=1)
    bench.in_batch = {1: raising(error)}
    assert bench.run()
    assert (bench.record.state, code(bench.record)) == (JobState.DEAD, "engine_overloaded")
    assert bench.record.error is not None
    assert "in fail" in str(bench.record.error.detail["traceback"])
    assert "gare" not in bench.record.error.model_dump_json()
    assert bench.record.message is not None
    assert bench.observer.outcomes == ["dead"]


def test_any_other_exception(caplog: pytest.LogCaptureFixture) -> None:
    """The job fails as internal; what the exception says may be text, so only the worker's log has it."""
    bench = Bench()
    bench.in_batch = {1: raising(KeyError("the secret"))}
    assert bench.run()
    assert (bench.record.state, code(bench.record)) == (JobState.FAILED, "internal")
    assert bench.record.error is not None
    assert "KeyError" in bench.record.error.message
    assert "secret" not in bench.record.error.model_dump_json()
    assert "the secret" in caplog.text


def test_the_deadline() -> None:
    """An attempt that takes too long fails at its next batch."""
    bench = Bench(job_deadline_s=-1)
    assert bench.run()
    assert (bench.record.state, code(bench.record)) == (JobState.FAILED, "deadline_exceeded")
    assert (bench.observer.outcomes, bench.translator.calls) == (["failed"], [])


def test_cancelled_while_running() -> None:
    """The work stops before the next batch, and the job ends as cancelled."""
    bench = Bench()
    bench.in_batch = {1: after(lambda: bench.runner.cancel("job"), bench.record_progress)}
    assert bench.run()
    assert (bench.record.state, code(bench.record)) == (JobState.CANCELLED, "cancelled")
    assert (len(bench.translator.calls), bench.observer.outcomes) == (1, ["cancelled"])


def test_the_lease_is_lost_while_running() -> None:
    """The work stops before the next batch, and the other worker's attempt goes on untouched."""
    bench = Bench()
    bench.in_batch = {1: after(bench.start_elsewhere, bench.record_progress)}
    assert bench.run()
    assert (bench.record.state, bench.record.worker, bench.record.result) == (JobState.RUNNING, "there", None)
    assert (len(bench.translator.calls), bench.observer.outcomes) == (1, ["lost"])


def test_a_result_that_comes_too_late() -> None:
    """Another worker has the job, and this one does not know it yet: its result is not stored."""
    bench = Bench()
    bench.in_batch = {3: bench.start_elsewhere}
    assert bench.run()
    assert (bench.record.state, bench.record.worker, bench.record.result) == (JobState.RUNNING, "there", None)
    assert bench.observer.outcomes == ["lost"]


@pytest.mark.parametrize("error", [EngineOverloaded("no memory"), ModelUnavailable("no weights"), KeyError()])
def test_a_failure_that_comes_too_late(error: Exception) -> None:
    """It neither ends nor delays the job that another worker has."""
    bench = Bench()
    bench.in_batch = {1: after(bench.start_elsewhere, raising(error))}
    assert bench.run()
    assert (bench.record.state, bench.record.worker, bench.record.error) == (JobState.RUNNING, "there", None)
    assert bench.observer.outcomes == ["lost"]


def test_handed_back() -> None:
    """The job is queued again without a counted attempt, the work stops, and its ending is announced once."""
    bench = Bench()
    bench.in_batch = {1: after(lambda: bench.runner.hand_back("job"), bench.record_progress)}
    assert bench.run()
    assert (bench.record.state, bench.record.attempts, bench.record.delay_s) == (JobState.QUEUED, 0, 0)
    assert (len(bench.translator.calls), bench.observer.outcomes) == (1, ["handed_back"])


def test_handed_back_just_before_its_end() -> None:
    """Nobody else has started the job, so its result is stored all the same."""
    bench = Bench()
    bench.in_batch = {3: lambda: bench.runner.hand_back("job")}
    assert bench.run()
    assert bench.record.state is JobState.SUCCEEDED
    assert bench.observer.outcomes == ["handed_back", "succeeded"]


def test_a_job_that_is_not_ours_is_not_handed_back() -> None:
    """Another worker has it: it stays there, and this worker's attempt is lost."""
    bench, answers = Bench(), list[bool]()
    bench.in_batch = {
        1: after(bench.start_elsewhere, lambda: answers.append(bench.runner.hand_back("job")), bench.record_progress)
    }
    assert bench.run()
    assert (answers, bench.record.state, bench.record.worker) == ([False], JobState.RUNNING, "there")
    assert bench.observer.outcomes == ["lost"]


def test_a_child_processes_job_is_handed_back() -> None:
    """In a pool of processes the parent gives it back under the name that both share."""
    bench = Bench()
    bench.ledger.claim("job", "here", "another", lease_s=60, max_attempts=3, alone=False)
    assert bench.runner.hand_back("job")
    assert (bench.record.state, bench.record.attempts) == (JobState.QUEUED, 0)


def test_redis_is_away_at_the_end() -> None:
    """The result waits for Redis and is stored; meanwhile the watchdog does not take the engine for hung."""
    bench, signs, faults = Bench(), list[float | None](), 3

    def away(step: str) -> None:
        if step == "succeed" and len(signs) < faults:
            signs.append(bench.runner.attempts["job"].last_sign)
            raise redis.ConnectionError("refused")

    bench.ledger.before = away
    assert bench.run()
    assert signs == [None] * faults
    assert (bench.record.state, bench.observer.outcomes) == (JobState.SUCCEEDED, ["succeeded"])


def test_redis_is_away_and_the_worker_must_end() -> None:
    """The end is not recorded and nothing is announced: its message must come again, and the job starts elsewhere."""
    bench = Bench()

    def away(step: str) -> None:
        if step == "succeed":
            bench.runner.abandon()
            raise redis.TimeoutError("no answer")

    bench.ledger.before = away
    with pytest.raises(Undecided):
        bench.run()
    assert (bench.record.state, bench.record.result, bench.observer.outcomes) == (JobState.RUNNING, None, [])
    assert bench.runner.attempts == {}


def test_the_ledger_refuses_a_result_and_is_away_then() -> None:
    """Nobody knows whether the failure is recorded, so the message must come again here too."""
    bench = Bench()

    def refuse(step: str) -> None:
        if step == "succeed":
            raise redis.ResponseError("WRONGTYPE Operation against a key holding the wrong kind of value")
        if step == "end":
            bench.runner.abandon()
            raise redis.ConnectionError("refused")

    bench.ledger.before = refuse
    with pytest.raises(Undecided):
        bench.run()
    assert (bench.record.state, bench.observer.outcomes) == (JobState.RUNNING, [])


def test_the_ledger_refuses_a_result(caplog: pytest.LogCaptureFixture) -> None:
    """An error that is about this step is not waited for: the job fails visibly, and the log has the reason."""
    bench = Bench()

    def refuse(step: str) -> None:
        if step == "succeed":
            raise redis.ResponseError("WRONGTYPE Operation against a key holding the wrong kind of value")

    bench.ledger.before = refuse
    assert bench.run()
    assert (bench.record.state, code(bench.record)) == (JobState.FAILED, "internal")
    assert (bench.observer.outcomes, bench.ledger.steps) == (["failed"], ["claim", "end"])
    assert "WRONGTYPE" in caplog.text


@pytest.mark.parametrize("engine", [lambda: None, raising(EngineOverloaded("x")), raising(ModelUnavailable("x"))])
def test_the_ledger_refuses_every_end(engine: Act, caplog: pytest.LogCaptureFixture) -> None:
    """The thread is free again, log and observers have it as failed, and the job is left to its lease."""
    bench = Bench()
    bench.in_batch = {1: engine}

    def refuse(step: str) -> None:
        if step != "claim":
            raise redis.ResponseError("Error running script: @user_script:64: attempt to compare number with nil")

    bench.ledger.before = refuse
    assert bench.run()
    assert (bench.record.state, bench.observer.outcomes) == (JobState.RUNNING, ["failed"])
    assert "job job: its failure cannot be recorded either" in caplog.text


def test_an_observer_that_fails(caplog: pytest.LogCaptureFixture) -> None:
    """It changes neither the job's end nor what the other observers hear, and the log has it."""
    bench = Bench()
    bench.runner._observers = (FakeObserver(fails=True), bench.observer)
    assert bench.run()
    assert (bench.record.state, bench.record.error) == (JobState.SUCCEEDED, None)
    assert (len(bench.observer.claims), bench.observer.outcomes) == (1, ["succeeded"])
    assert "the observer fails" in caplog.text
