"""Which messages a Runner begins with, and which it does not, on a fake ledger."""

from __future__ import annotations

import time

import pytest
import redis

from depeche.article import JobState
from tests.unit.runner_bench import Bench, code
from worker.run.delivery import Delivery
from worker.run.outage import Undecided

TEXT = "La gare a fermé lundi."


def test_cancelled_while_queued() -> None:
    """The job has ended before its message came: nothing is done, and nothing ends here."""
    bench = Bench()
    bench.runner.cancel("job")
    assert bench.run()
    assert (bench.record.state, bench.ledger.steps) == (JobState.CANCELLED, ["cancel", "claim"])
    assert bench.observer.outcomes == []


def test_cancelled_while_its_worker_died() -> None:
    """Nobody begins it again: it ends as cancelled."""
    bench = Bench()
    bench.ledger.claim("job", "dead", "another", lease_s=0, max_attempts=3, alone=False)
    bench.runner.cancel("job")
    assert bench.run()
    assert (bench.record.state, code(bench.record), bench.record.token) == (JobState.CANCELLED, "cancelled", 1)
    assert (bench.translator.calls, bench.observer.outcomes) == ([], ["cancelled"])


def test_poison() -> None:
    """A job that killed as many workers as there are attempts is dead, with the last worker's name; it is kept."""
    bench = Bench()
    for worker in ("first", "second", "third"):
        bench.ledger.claim("job", worker, worker, lease_s=0, max_attempts=3, alone=True)
    assert bench.run()
    assert (bench.record.state, code(bench.record)) == (JobState.DEAD, "poison")
    assert bench.record.error is not None
    assert bench.record.error.detail == {"attempts": 3, "worker": "third"}
    assert bench.record.message is not None
    assert (bench.translator.calls, bench.observer.outcomes) == ([], ["dead"])


def test_a_spoilt_record_is_set_aside() -> None:
    """The job is dead with what is wrong with it, and no work is done; one that is mended meanwhile is left alone."""
    bench = Bench()
    bench.record.fault = "its run is not a number"
    assert bench.run()
    assert (bench.record.state, code(bench.record), bench.ledger.steps) == (
        JobState.DEAD,
        "internal",
        ["claim", "set_aside"],
    )
    assert bench.record.error is not None
    assert bench.record.error.detail == {"fault": "its run is not a number"}
    assert (bench.translator.calls, bench.observer.outcomes) == ([], ["dead"])
    mended = Bench()
    mended.record.fault = "its run is not a number"

    def mend(step: str) -> None:
        if step == "set_aside":
            mended.record.fault = ""

    mended.ledger.before = mend
    assert mended.run()
    assert (mended.record.state, mended.observer.outcomes) == (JobState.QUEUED, ["lost"])


def test_a_suspect_runs_alone() -> None:
    """A job whose last worker died is asked for a second time, when nothing else runs here, and then runs."""
    bench = Bench()
    bench.ledger.claim("job", "dead", "another", lease_s=0, max_attempts=3, alone=False)
    assert bench.run()
    assert [claim.outcome for claim in bench.observer.claims] == ["suspect", "started"]
    assert (bench.record.state, bench.record.attempts) == (JobState.SUCCEEDED, 2)


def test_held_elsewhere() -> None:
    """Another worker runs it: a second message for it is in vain."""
    bench = Bench()
    bench.ledger.claim("job", "there", "another", lease_s=60, max_attempts=3, alone=False)
    assert bench.run()
    assert (bench.record.state, bench.record.worker, bench.record.token) == (JobState.RUNNING, "there", 1)
    assert (bench.translator.calls, bench.observer.outcomes) == ([], [])


def test_already_ended() -> None:
    """A message that comes again after the job's end changes nothing."""
    bench = Bench()
    assert bench.run()
    first = bench.record.result
    assert bench.run()
    assert (bench.record.result, bench.record.token, bench.observer.outcomes) == (first, 1, ["succeeded"])


def test_a_job_without_a_record() -> None:
    """Another program has queued it: it gets a record with its queue's priority, and runs; its wait is not known."""
    bench = Bench()
    assert bench.runner.run(Delivery("foreign", ({"text": TEXT},), {"options": {"summary": False}}, "low"))
    record = bench.ledger.records["foreign"]
    assert (record.state, record.priority) == (JobState.SUCCEEDED, "low")
    assert record.result is not None
    assert (record.result["timings_ms"]["queued"], record.result["summary_en"]) == (None, None)
    assert bench.ledger.steps == ["claim", "adopt", "claim", "succeed"]


def test_another_article_under_a_jobs_id() -> None:
    """It is set aside, the job is not touched by it, and the message is done with."""
    bench, other = Bench(), {"text": "Une autre gare a fermé."}
    assert bench.runner.run(Delivery("job", (other,), {})) == "not_run"
    assert (bench.ledger.doubles, bench.record.state) == ([("job", (other,), {})], JobState.QUEUED)
    assert bench.run() == "succeeded"


def test_cancelling_what_has_no_record() -> None:
    """Another program's job that is revoked gets a record, so that whoever waits for it learns that it has ended."""
    bench = Bench()
    bench.runner.cancel("foreign")
    assert bench.ledger.records["foreign"].state is JobState.CANCELLED


def test_a_worker_that_stops_begins_nothing() -> None:
    """The message belongs back on its queue, and the ledger is not even asked."""
    bench = Bench()
    bench.runner.stop()
    assert not bench.run()
    assert (bench.ledger.steps, bench.record.state, bench.observer.claims) == ([], JobState.QUEUED, [])


def test_redis_is_away_at_the_claim() -> None:
    """The worker waits for it, and then begins."""
    bench, faults = Bench(), [redis.ConnectionError("refused"), redis.ReadOnlyError("a replica")]

    def away(step: str) -> None:
        if faults:
            raise faults.pop()

    bench.ledger.before = away
    assert bench.run()
    assert (bench.record.state, bench.record.attempts) == (JobState.SUCCEEDED, 1)


def test_redis_is_away_at_the_claim_and_the_worker_must_end() -> None:
    """The job may be this worker's for all that is known, so its message must come again when the lease has ended."""
    bench = Bench()

    def away(step: str) -> None:
        bench.runner.abandon()
        raise redis.ConnectionError("refused")

    bench.ledger.before = away
    with pytest.raises(Undecided):
        bench.run()
    assert (bench.record.state, bench.observer.outcomes) == (JobState.QUEUED, [])


@pytest.mark.parametrize(("took_s", "late"), [(1, False), (3600, True)])
def test_a_claim_that_is_answered_when_its_lease_has_ended(
    took_s: int, late: bool, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log says so, as an attempt may have been counted that nobody made."""
    bench, start = Bench(), time.monotonic()

    def wait(step: str) -> None:
        if step == "claim":
            monkeypatch.setattr(time, "monotonic", lambda: start + took_s)

    bench.ledger.before = wait
    assert bench.run()
    assert ("job job: its claim was answered after 3600 s" in caplog.text) == late


@pytest.mark.parametrize("known", [True, False])
def test_the_ledger_refuses_the_claim(known: bool, caplog: pytest.LogCaptureFixture) -> None:
    """The job is not asked for again and again: it fails, with or without a record until then; the log has why."""
    bench = Bench()
    if not known:
        bench.ledger.records.clear()

    def refuse(step: str) -> None:
        if step == "claim":
            raise redis.ResponseError("Error running script: @user_script:57: WRONGTYPE Operation against a key")

    bench.ledger.before = refuse
    assert bench.run()
    assert "WRONGTYPE" in caplog.text
    record = bench.ledger.records["job"]
    assert (record.state, code(record), bench.observer.outcomes) == (JobState.FAILED, "internal", ["failed"])


def test_the_ledger_refuses_everything(caplog: pytest.LogCaptureFixture) -> None:
    """The thread goes on with other jobs, and the log has each refusal."""
    bench = Bench()
    bench.ledger.records.clear()

    def refuse(step: str) -> None:
        raise redis.ResponseError(f"no {step}")

    bench.ledger.before = refuse
    assert bench.run() == "failed"
    assert all(words in caplog.text for words in ("cannot be admitted", "gets no record", "cannot be recorded either"))


def test_a_refused_claim_of_a_job_that_runs_elsewhere() -> None:
    """The other worker's attempt goes on untouched."""
    bench = Bench()
    bench.ledger.claim("job", "there", "another", lease_s=60, max_attempts=3, alone=False)

    def refuse(step: str) -> None:
        if step == "claim":
            raise redis.DataError("no such type")

    bench.ledger.before = refuse
    assert bench.run()
    assert (bench.record.state, bench.record.worker, bench.record.error) == (JobState.RUNNING, "there", None)
