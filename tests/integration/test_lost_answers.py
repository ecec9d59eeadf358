"""Redis has taken a step and its answer is lost, so the client asks again: it gets the same answer, and no second step.

redis-py sends a command once more when the connection breaks before the answer has come, and the Runner insists.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from benchmarks.torture.moments import WORDS
from config.settings import Settings
from depeche import messages, scripts
from depeche.article import JobError, JobState, Progress
from depeche.batches import Enrolment
from depeche.client import Client
from depeche.jobs import NewJob
from depeche.redis_client import connect
from depeche.scripts import Scripts
from depeche.strays import gather_strays
from tests.conftest import StartWorker, wait_until
from tests.proxy import Proxy
from worker.broker.leases import MessageLeases
from worker.cache import RedisSentenceCache
from worker.embedded_redis import EmbeddedRedis
from worker.ledger import Publication, RedisLedger
from worker.run.ledger import Claim

pytestmark = pytest.mark.integration

ERROR = JobError(code="internal", message="It failed.")
ARTICLE = {"text": "La gare a fermé lundi."}
Step = Callable[[RedisLedger, str], Any]


def message(task_id: str) -> str:
    """Of a job at normal priority."""
    return messages.compose(task_id, "normal", [ARTICLE], {})


def submit(ledger: RedisLedger, task_id: str) -> bool:
    """As a producer does, for whom its own article under its own id is queued, whoever has queued it."""
    (found,) = ledger.submit([NewJob(task_id, message(task_id), "digest")], "normal", 1_000_000)
    return found.outcome == "queued"


def join(ledger: RedisLedger, task_id: str) -> Any:
    """As a producer does whose job is in a batch."""
    return ledger.submit(
        [NewJob(task_id, message(task_id), "digest")], "normal", 1_000_000, batch=Enrolment("lundi", "one")
    )


def claim(ledger: RedisLedger, task_id: str, lease_s: float = 60, **message: str) -> Claim:
    """As a worker does; how long the job has waited is only known or not known here."""
    found = ledger.claim(task_id, "worker", "caller", lease_s=lease_s, max_attempts=3, alone=True, **message)
    return replace(found, queued_ms=found.queued_ms and 0)


def taking(ledger: RedisLedger, task_id: str) -> Claim:
    """As a worker does that says in the same step which message it has, and of which article."""
    return claim(ledger, task_id, digest="digest", tag=task_id, entry='["message", "", "articles"]')


def end(ledger: RedisLedger, task_id: str) -> Any:
    """As a worker does with a job that is dead."""
    return ledger.end(task_id, 1, "caller", JobState.DEAD, "DepecheError", ERROR)


def end_and_acknowledge(ledger: RedisLedger, task_id: str) -> Any:
    """As a worker does with the message that it has taken by its claim."""
    return ledger.end(task_id, 1, "caller", JobState.FAILED, "DepecheError", ERROR, task_id)


def submitted(ledger: RedisLedger, task_id: str) -> None:
    """A job that waits, and its message is gone, so that each one that comes back is seen."""
    submit(ledger, task_id)
    ledger._client.delete("articles")


def running(ledger: RedisLedger, task_id: str, lease_s: float = 60) -> None:
    """A job in work."""
    submitted(ledger, task_id)
    claim(ledger, task_id, lease_s)


def taken(ledger: RedisLedger, task_id: str) -> None:
    """A job in work, whose message its worker holds."""
    submitted(ledger, task_id)
    taking(ledger, task_id)


def expired(ledger: RedisLedger, task_id: str) -> None:
    """A job whose worker died, and a janitor."""
    running(ledger, task_id, 0)
    ledger.elect("", "fence 60000")


def due(ledger: RedisLedger, task_id: str) -> None:
    """A job whose next attempt is due, and a janitor."""
    running(ledger, task_id)
    ledger.release(task_id, 1, "another", counts=True, delay_s=0.000_001)
    ledger.elect("", "fence 60000")


def dead(ledger: RedisLedger, task_id: str) -> None:
    """A dead letter."""
    running(ledger, task_id)
    end(ledger, task_id)


def sending(ledger: RedisLedger, task_id: str) -> None:
    """A worker sends what comes after it."""
    dead(ledger, task_id)
    ledger.begin_callbacks(task_id, "caller", 10)


def held(ledger: RedisLedger, task_id: str) -> None:
    """A message that a worker holds."""
    leases(ledger).hold(task_id, '["message", "", "articles"]')


def lost(ledger: RedisLedger, task_id: str) -> None:
    """A job whose message is lost, and a janitor."""
    submitted(ledger, task_id)
    ledger.elect("", "fence 60000")


def spoilt(ledger: RedisLedger, task_id: str) -> None:
    """A job whose record cannot be used."""
    submitted(ledger, task_id)
    ledger._client.hset(f"depeche:job:{task_id}", "attempts", "x")


def late(ledger: RedisLedger, task_id: str) -> None:
    """A job that is in the ledger and in order, and a janitor."""
    running(ledger, task_id)
    ledger.elect("", "fence 60000")


def renew_messages(ledger: RedisLedger, task_id: str) -> None:
    """What a worker does with what it holds."""
    own = leases(ledger)
    own.hold(task_id, "[]")
    own.renew()


def gather(ledger: RedisLedger, task_id: str) -> None:
    """What a worker does with messages beside the queues; how many they were is for the log alone."""
    gather_strays(ledger._scripts)


def leases(ledger: RedisLedger) -> MessageLeases:
    """The messages of a worker on the same connection."""
    return MessageLeases(ledger._client, timeout_s=1, settle_s=0)


def cache(ledger: RedisLedger) -> RedisSentenceCache:
    """The sentences of a worker on the same connection."""
    return RedisSentenceCache(ledger._client, max_sentences=10, ttl_s=60)


def keep(ledger: RedisLedger, task_id: str) -> Any:
    """What a worker does with a sentence, and with the next one that it looks for."""
    sentences = cache(ledger)
    sentences.put({"digest": "It closed."})
    return sentences.get(["digest", "another"])


@dataclass(frozen=True)
class Case:
    """A step, and what comes before it."""

    step: Step
    before: Step = lambda ledger, task_id: None


CASES = {
    "submit": Case(submit),
    "submit to a batch": Case(join),
    "close a batch": Case(lambda ledger, task_id: ledger.close_batch(Enrolment("lundi", "one")), join),
    "cancel a queued job": Case(lambda ledger, task_id: ledger.cancel(task_id), submitted),
    "cancel a running job": Case(lambda ledger, task_id: ledger.cancel(task_id), running),
    "cancel a job that is not there": Case(lambda ledger, task_id: ledger.cancel(task_id)),
    "cancel a job of which there is a message": Case(lambda ledger, task_id: ledger.cancel(task_id, 0)),
    "look for a message": Case(
        lambda ledger, task_id: ledger.look_up(task_id).state,
        lambda ledger, task_id: ledger._client.lpush("articles", message(task_id)),
    ),
    "begin to send what comes after": Case(lambda ledger, task_id: ledger.begin_callbacks(task_id, "caller", 10), dead),
    "end to send what comes after": Case(lambda ledger, task_id: ledger.end_callbacks(task_id, "caller"), sending),
    "adopt": Case(lambda ledger, task_id: ledger.adopt(task_id, "low", [ARTICLE], {})),
    "claim": Case(claim, submitted),
    "claim after a worker died": Case(
        lambda ledger, task_id: ledger.claim(task_id, "b", "new", lease_s=9, max_attempts=2, alone=True).attempt,
        expired,
    ),
    "checkpoint": Case(
        lambda ledger, task_id: ledger.checkpoint(task_id, 1, Progress(stage="translate", done=1, total=2)), running
    ),
    "renew": Case(lambda ledger, task_id: ledger.renew("worker", 9, [task_id]), running),
    "succeed": Case(lambda ledger, task_id: ledger.succeed(task_id, 1, "caller", {"text_en": "It closed."}), running),
    "end": Case(end, running),
    "release": Case(lambda ledger, task_id: ledger.release(task_id, 1, "caller", counts=False), running),
    "release for later": Case(
        lambda ledger, task_id: ledger.release(task_id, 1, "caller", counts=True, delay_s=60), running
    ),
    "hand back": Case(lambda ledger, task_id: ledger.hand_back(task_id, "worker"), running),
    "refuse": Case(lambda ledger, task_id: ledger.refuse(task_id, "garbage", "InvalidArticle", ERROR, 1_000)),
    "refuse what is too long": Case(lambda ledger, task_id: ledger.refuse(task_id, "", "InvalidArticle", ERROR, 1_000)),
    "revive": Case(lambda ledger, task_id: ledger.revive(task_id), dead),
    "drop": Case(lambda ledger, task_id: ledger.drop(task_id), dead),
    "be elected": Case(lambda ledger, task_id: ledger.elect("", "new 60000")),
    "stay elected": Case(
        lambda ledger, task_id: ledger.elect("fence 60000", "new 60000"),
        lambda ledger, task_id: ledger.elect("", "fence 60000"),
    ),
    "resign": Case(
        lambda ledger, task_id: ledger.resign("fence 60000"), lambda ledger, task_id: ledger.elect("", "fence 60000")
    ),
    "publish an expired job": Case(
        lambda ledger, task_id: ledger.republish("fence 60000", task_id, "expired"), expired
    ),
    "publish a due job": Case(lambda ledger, task_id: ledger.republish("fence 60000", task_id, "due"), due),
    "publish a lost job": Case(lambda ledger, task_id: ledger.republish("fence 60000", task_id, "waiting"), lost),
    "set aside": Case(lambda ledger, task_id: ledger.set_aside(task_id, "caller", "DepecheError", ERROR), spoilt),
    "tidy up": Case(lambda ledger, task_id: ledger.tidy("fence 60000", 9, 100), late),
    "take a census": Case(lambda ledger, task_id: ledger.census("fence 60000", 9, [task_id]), lost),
    "heal": Case(lambda ledger, task_id: ledger.heal()),
    "hold a message": Case(held),
    "acknowledge a message": Case(lambda ledger, task_id: leases(ledger).ack(task_id), held),
    "renew messages": Case(renew_messages),
    "list messages": Case(lambda ledger, task_id: leases(ledger).overdue(), held),
    "give a message back": Case(lambda ledger, task_id: leases(ledger).restore(task_id, "articles", {}, age_s=0), held),
    "gather strays": Case(gather, lambda ledger, task_id: ledger._client.lpush("articles\x06\x163", "message")),
    "claim, and record who has the message": Case(taking, submitted),
    "claim what is unknown": Case(taking),
    "claim another article": Case(lambda ledger, task_id: claim(ledger, task_id, digest="another"), submitted),
    "end, and acknowledge": Case(end_and_acknowledge, taken),
    "keep sentences": Case(keep),
    "look for sentences": Case(lambda ledger, task_id: cache(ledger).get(["digest"]), keep),
}

#: The steps that the Runner insists on: it calls again where redis-py has given up.
INSISTED = ("claim", "claim after a worker died", "succeed", "end", "release", "release for later")


class Wire:
    """A ledger whose answers are lost as often as ``losses`` says, and one whose answers all come."""

    def __init__(self, settings: Settings, proxy: Proxy) -> None:
        self.clean, self.lossy = connect(settings.redis_url.get_secret_value()), connect(proxy.url)
        self.lossy.set_retry(Retry(NoBackoff(), 3))
        self.losses = 0
        proxy.loses = self._loses

    def _loses(self, request: bytes) -> bool:
        lost = self.losses > 0 and b"EVALSHA" in request
        self.losses -= lost
        return lost

    def found(self, task_id: str) -> dict[str, Any]:
        """What Redis has, without times and tokens."""
        record: Any = self.clean.hgetall(f"depeche:job:{task_id}")
        tokens = ("submitted", "released", "ended", "revived", "dropped", "published", "refused")
        for name in ("queued_at", "started_at", "finished_at", *tokens):
            record.pop(name, None)
        if "callbacks" in record:
            record["callbacks"] = record["callbacks"].partition(" ")[0]
        batch: Any = self.clean.hgetall("depeche:batch:lundi")
        sets = ("depeche:waiting:normal", "depeche:delayed", "depeche:running", "depeche:dead", "unacked_index")
        return {
            "record": record,
            "sets": [name for name in sets if self.clean.zscore(name, task_id) is not None],
            "messages": [self.clean.llen("articles"), self.clean.hlen("unacked")],
            "janitor": self.clean.get("depeche:janitor"),
            "batch": {name: value for name, value in batch.items() if name != "began_at" and name[:4] != "open"},
            "cache": self.clean.hgetall("depeche:cache:new"),
        }


@pytest.fixture
def wire(settings: Settings, redis_server: EmbeddedRedis) -> Iterator[Wire]:
    """To the test's own Redis."""
    with Proxy(redis_server) as proxy:
        own = Wire(settings, proxy)
        yield own
        own.clean.close()
        own.lossy.close()


def take(wire: Wire, case: Case, losses: int, tries: int = 1) -> tuple[Any, dict[str, Any]]:
    """The answer to a step whose answer is lost at first, and what is in Redis then."""
    wire.clean.flushdb()
    case.before(RedisLedger(wire.clean, 60), "job")
    wire.losses = losses
    for left in reversed(range(tries)):
        try:
            answer = case.step(RedisLedger(wire.lossy, 60), "job")
            break
        except redis.ConnectionError:
            assert left
    assert wire.losses == 0, "fewer answers were lost than there should be"
    return answer, wire.found("job")


@pytest.mark.parametrize("name", CASES)
def test_a_lost_answer_comes_again(wire: Wire, name: str) -> None:
    """Answer and records are those of a step whose answer came at once."""
    expected = take(wire, CASES[name], losses=0)
    assert take(wire, CASES[name], losses=2) == expected


@pytest.mark.parametrize("name", CASES)
def test_record_and_result_agree(wire: Wire, name: str) -> None:
    """After each step Celery's clients are told the state that the job's record has."""
    case, ledger = CASES[name], RedisLedger(wire.clean, 60)
    wire.clean.flushdb()
    case.before(ledger, "job")
    case.step(ledger, "job")
    state, meta = ledger.status("job").state, wire.clean.get("celery-task-meta-job")
    if meta is None:
        # Of what another program has sent, nobody is told anything before it starts.
        assert state in {JobState.UNKNOWN, JobState.QUEUED}
    else:
        assert json.loads(str(meta))["status"] == WORDS[state]


@pytest.mark.parametrize("name", INSISTED)
def test_a_call_that_failed_is_made_again(wire: Wire, name: str) -> None:
    """The same where redis-py has given up, and the same caller asks once more."""
    expected = take(wire, CASES[name], losses=0)
    assert take(wire, CASES[name], losses=6, tries=2) == expected


def test_every_script_is_among_the_cases(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new script needs its case here."""
    ran: set[str] = set()
    run = Scripts.run

    def noted(self: Scripts, name: str, *arguments: str | float | bytes) -> Any:
        ran.add(name)
        return run(self, name, *arguments)

    monkeypatch.setattr(Scripts, "run", noted)
    for case in CASES.values():
        wire.clean.flushdb()
        case.before(RedisLedger(wire.clean, 60), "job")
        case.step(RedisLedger(wire.clean, 60), "job")
    folder = Path(scripts.__file__).with_name("lua")
    assert ran == {file.stem for file in folder.glob("*.lua")} - {"prelude"}


def test_another_caller_is_another(wire: Wire) -> None:
    """Whoever asks with another token is refused: the same answer is for the same caller alone."""
    ledger = RedisLedger(wire.clean, 60)
    running(ledger, "job")
    assert ledger.claim("job", "worker", "another", lease_s=9, max_attempts=3, alone=True).outcome == "held"
    end(ledger, "job")
    assert not ledger.end("job", 1, "another", JobState.DEAD, "DepecheError", ERROR)


def test_a_claim_whose_lease_has_ended_meanwhile(wire: Wire) -> None:
    """The janitor has queued the job again, and its caller asks once more: it is the same attempt, and not another."""
    ledger = RedisLedger(wire.clean, 60)
    expired(ledger, "job")
    assert ledger.republish("fence 60000", "job", "expired") == Publication("published")
    assert claim(ledger, "job") == Claim("started", 1, 1, 0)
    assert ledger.succeed("job", 1, "caller", {})


def test_a_job_that_was_handed_back_starts_anew(wire: Wire) -> None:
    """The claim of a worker that stopped meanwhile is void: what comes of it late is another attempt."""
    ledger = RedisLedger(wire.clean, 60)
    running(ledger, "job")
    assert ledger.hand_back("job", "worker")
    assert claim(ledger, "job") == Claim("started", 2, 1, 0)


def test_no_article_dies_of_lost_answers(
    client: Client, raw: redis.Redis, redis_server: EmbeddedRedis, start_worker: StartWorker
) -> None:
    """At half of all scripts' answers lost, each article is done, and no attempt is charged that never began."""
    chance = random.Random(16)
    ids = [client.submit(f"La gare numéro {number} a fermé lundi.") for number in range(12)]
    with Proxy(redis_server) as proxy:
        proxy.loses = lambda request: b"EVALSHA" in request and chance.random() < 0.5
        start_worker(DEPECHE_REDIS_URL=proxy.url, DEPECHE_CONCURRENCY="6")
        wait_until(lambda: all(client.status(task_id).state.terminal for task_id in ids), "all have ended", 150)
    assert {client.status(task_id).state for task_id in ids} == {JobState.SUCCEEDED}
    assert {raw.hget(f"depeche:job:{task_id}", "attempts") for task_id in ids} == {"1"}


#: An operator's retry of a dead job, which may come twice.
REVIVAL = ("revive", "job", "operator", '{"status": "QUEUED"}')


def revive_until_dead_again(ledger: RedisLedger) -> None:
    """A dead job is queued again by :data:`REVIVAL`, and dies again."""
    dead(ledger, "job")
    assert ledger._scripts.run(*REVIVAL) == "revived"
    ledger.claim("job", "worker", "other", lease_s=60, max_attempts=3, alone=True)
    assert ledger.end("job", 3, "other", JobState.DEAD, "DepecheError", ERROR)


def test_a_retry_that_comes_again_when_the_job_is_dead_again(wire: Wire) -> None:
    """It is the same retry: the job stays dead, and is not queued a second time."""
    ledger = RedisLedger(wire.clean, 60)
    revive_until_dead_again(ledger)
    assert ledger._scripts.run(*REVIVAL) == "revived"
    assert ledger.status("job").state is JobState.DEAD
    assert ledger.revive("job") == "revived"


def test_a_retry_that_comes_again_when_the_job_has_been_dropped(wire: Wire) -> None:
    """Whoever had it tried again learns that it was, and whoever asks anew that there is no such job."""
    ledger = RedisLedger(wire.clean, 60)
    revive_until_dead_again(ledger)
    assert ledger.drop("job")
    assert ledger._scripts.run(*REVIVAL) == "revived"
    assert ledger.revive("job") == "not dead"
    assert ledger.status("job").state is JobState.UNKNOWN
