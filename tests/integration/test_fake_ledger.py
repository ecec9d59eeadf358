"""The fake ledger of the unit tests answers as the real one does, so what they prove holds for Redis too."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import hypothesis
import pytest
import redis
from hypothesis import strategies as st

from depeche import messages
from depeche.article import JobError, JobState, Progress
from depeche.jobs import NewJob
from tests.fake_ledger import FakeLedger, FakeRecord
from worker.ledger import RedisLedger
from worker.run.ledger import Claim, Ledger

pytestmark = pytest.mark.integration

ARTICLE = {"text": "La gare a fermé lundi."}
Step = Callable[[Ledger, str], Any]

# The first start is what most steps are about; the others are stale, or not yet given.
tokens = st.sampled_from([1, 1, 1, 2, 2, 0])


def claiming(worker: str, caller: str, lease_s: int, alone: bool, digest: str = "", entry: str = "") -> Step:
    """A claim, whose waiting time is only known or not known here."""

    def claim(ledger: Ledger, task_id: str) -> Claim:
        answer = ledger.claim(
            task_id,
            worker,
            caller,
            lease_s=lease_s,
            max_attempts=2,
            alone=alone,
            digest=digest,
            tag=f"{task_id} {caller}",
            entry=entry,
        )
        return replace(answer, queued_ms=answer.queued_ms and 0)

    return claim


def ending(token: int, caller: str, state: JobState) -> Step:
    """An end without a result, with which the message is acknowledged."""
    error = JobError(code="internal", message="It failed.", detail={"token": token})
    return lambda ledger, task_id: ledger.end(
        task_id, token, caller, state, "DepecheError", error, f"{task_id} {caller}"
    )


def releasing(token: int, caller: str, counts: bool, delay_s: int) -> Step:
    """Another attempt."""
    return lambda ledger, task_id: ledger.release(task_id, token, caller, counts=counts, delay_s=delay_s)


def succeeding(token: int, caller: str) -> Step:
    """An end with a result."""
    return lambda ledger, task_id: ledger.succeed(task_id, token, caller, {"by": token})


def checkpointing(token: int, done: int) -> Step:
    """Some progress."""
    progress = Progress(stage="translate", done=done, total=9)
    return lambda ledger, task_id: ledger.checkpoint(task_id, token, progress)


workers = st.sampled_from(["a", "b"])
# So few that many calls are another's once more.
CALLERS = ["c", "d", "e"]
callers = st.sampled_from(CALLERS)
steps: st.SearchStrategy[Step] = st.one_of(
    # Claims come twice, as little happens to a job that nobody has claimed.
    st.builds(claiming, workers, callers, st.sampled_from([0, 60]), st.booleans()),
    st.builds(claiming, workers, callers, st.sampled_from([0, 60]), st.just(True)),
    st.builds(
        claiming,
        workers,
        callers,
        st.sampled_from([0, 60]),
        st.just(True),
        st.sampled_from(["digest", "digest", "another"]),
        st.sampled_from(["", "[]"]),
    ),
    st.builds(checkpointing, tokens, st.integers(0, 9)),
    st.builds(ending, tokens, callers, st.sampled_from([JobState.FAILED, JobState.CANCELLED, JobState.DEAD])),
    st.builds(releasing, tokens, callers, st.booleans(), st.sampled_from([0, 60])),
    st.builds(succeeding, tokens, callers),
    st.builds(lambda worker: lambda ledger, task_id: ledger.hand_back(task_id, worker), workers),
    st.just(lambda ledger, task_id: ledger.cancel(task_id)),
    st.just(lambda ledger, task_id: ledger.adopt(task_id, "high", [ARTICLE], {})),
)


def in_redis(raw: redis.Redis, jobs: RedisLedger, task_id: str) -> tuple[Any, ...]:
    """What Redis has of a job."""
    record: Any = raw.hgetall(f"depeche:job:{task_id}")
    status = jobs.status(task_id)
    return (
        status.state,
        status.attempts,
        status.progress,
        status.error,
        record.get("priority"),
        int(record.get("run", 0)),
        record.get("worker", ""),
        "cancel" in record,
        bool(raw.exists(f"depeche:message:{task_id}")),
        jobs.result(task_id),
        raw.zscore("depeche:delayed", task_id) is not None,
    )


def in_fake(record: FakeRecord) -> tuple[Any, ...]:
    """The same of the fake."""
    return (
        record.state,
        record.attempts,
        record.progress,
        record.error,
        record.priority,
        record.token,
        record.worker,
        record.cancel,
        record.message is not None,
        record.result,
        record.state is JobState.QUEUED and record.delay_s > 0,
    )


def test_the_fake_ledger_answers_as_redis_does(raw: redis.Redis) -> None:
    """Whatever steps two workers and a producer take with a job, answers and records are the same in both."""
    jobs, numbers = RedisLedger(raw, 60), itertools.count()

    @hypothesis.settings(max_examples=400)
    @hypothesis.given(st.booleans(), st.lists(steps, max_size=15))
    def compare(submitted: bool, taken: list[Step]) -> None:
        fake, task_id = FakeLedger(), f"job-{next(numbers)}"
        if submitted:
            jobs.submit(
                [NewJob(task_id, messages.compose(task_id, "normal", [ARTICLE], {}), "digest")], "normal", 1_000_000
            )
            fake.submit(task_id, ARTICLE)
            fake.own[task_id] = "digest"
        for step in taken:
            assert step(fake, task_id) == step(jobs, task_id)
            tags = [f"{task_id} {caller}" for caller in CALLERS]
            entries: Any = raw.hmget("unacked", tags)
            assert fake.held == {tag: entry for tag, entry in zip(tags, entries, strict=True) if entry is not None}
            if task_id in fake.records:
                assert in_fake(fake.records[task_id]) == in_redis(raw, jobs, task_id)

    compare()
