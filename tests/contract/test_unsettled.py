"""What a worker takes off a queue and cannot bring to its end, as Redis goes away or the worker stops, comes again."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import redis
from billiard.einfo import ExceptionInfo
from celery.exceptions import Reject
from celery.worker import state

from depeche.article import JobState
from depeche.client import Client
from depeche.jobs import Jobs
from depeche.messages import task_id_of
from tests.conftest import StartWorker, wait_until
from tests.contract.conftest import Broker, OpenBroker, message
from tests.elsewhere import raw_message
from tests.integration.test_hostile import REFUSED
from worker.broker.request import AckingRequest
from worker.ledger import RedisLedger
from worker.task import AT_LEASE_END

pytestmark = pytest.mark.integration

#: For each way in which our inspector comes to refuse a message, one that looks odd when it is put back.
INSPECTED = ("nothing", "garbage", "not UTF-8", "nested", "string", "unknown task", "half a character")


def letters(raw: redis.Redis) -> list[Any]:
    """The texts of all dead letters."""
    jobs = Jobs(raw, 60)
    return [(jobs.dead_letter(task_id) or {}).get("message") for task_id in jobs.dead_ids(100)]


def refused_letters(broker: Broker, raw: redis.Redis) -> list[Any]:
    """The dead letters, once there are any."""

    def kept() -> list[Any]:
        broker.drain()
        return letters(raw)

    found: list[Any] = wait_until(kept, "it was refused", timeout_s=10)
    return found


@pytest.mark.parametrize("name", INSPECTED)
def test_redis_goes_away_while_a_message_is_refused(
    open_broker: OpenBroker, raw: redis.Redis, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """It is held until then, comes again as it was, and becomes the dead letter that it would have been."""
    broker = open_broker().consume()
    text = REFUSED[name][1]
    raw.lpush("articles", text)
    expected = refused_letters(broker, raw)
    raw.flushdb()
    refuse, faults = RedisLedger.refuse, [redis.ConnectionError("refused")]

    def away_once(self: RedisLedger, *arguments: Any) -> Any:
        if faults:
            raise faults.pop()
        return refuse(self, *arguments)

    monkeypatch.setattr(RedisLedger, "refuse", away_once)
    raw.lpush("articles", text)

    def was_taken() -> bool:
        broker.drain()
        return not faults

    wait_until(was_taken, "it was taken", timeout_s=10)
    assert (letters(raw), raw.hlen("unacked"), len(broker.refused)) == ([], 1, 1)
    broker.connection.close()
    another = open_broker(timeout_s=0.05).consume()
    assert refused_letters(another, raw) == expected
    assert (raw.hlen("unacked"), len(another.refused)) == (0, 1)


def test_what_was_not_begun_when_the_worker_must_end(
    client: Client, raw: redis.Redis, start_worker: StartWorker
) -> None:
    """A long batch outlasts the grace time, and a suspect waits for its turn: the message of each is there afterwards.

    The suspect has no other message, and the worker has never begun with it.
    """
    running, waiting = client.submit("Une phrase. echo:sleep=60"), str(uuid.uuid4())
    worker = start_worker(DEPECHE_GRACE_S="1", DEPECHE_CONCURRENCY="2", DEPECHE_LEASE_S="3").wait_ready()
    wait_until(lambda: client.status(running).state is JobState.RUNNING, "it runs")
    raw.hset(f"depeche:job:{waiting}", mapping={"state": "queued", "attempts": 1, "run": 1, "priority": "normal"})
    raw.expire(f"depeche:job:{waiting}", 100)
    raw.set(f"depeche:message:{waiting}", raw_message(waiting), ex=100)
    raw.lpush("articles", raw_message(waiting))
    wait_until(lambda: raw.hlen("unacked") == 2, "the worker has both")
    assert worker.stop() == 0
    assert "the process ends without them" in worker.log
    ids = [task_id_of(str(text)) for text in [*raw.lrange("articles", 0, -1), *raw.hvals("unacked")]]
    assert sorted(filter(None, ids)) == sorted([running, waiting])
    raw.delete("unacked")


def test_redis_refuses_a_letter_for_a_while(client: Client, raw: redis.Redis, start_worker: StartWorker) -> None:
    """What our inspector refuses and what Celery refuses are kept both, once the spoilt key was set aside."""
    raw.set("depeche:dead", "another program's", ex=60)
    raw.lpush("articles", "garbage", REFUSED["odd time"][1])
    worker = start_worker(DEPECHE_LEASE_S="3").wait_ready()
    wait_until(lambda: "comes again" in worker.log, "it could not be kept")
    wait_until(lambda: raw.type("depeche:dead") != "string", "it was set aside", timeout_s=40)
    found = wait_until(lambda: len(kept := client.dead_letters()) == 2 and kept, "both are kept", timeout_s=40)
    assert {letter.error and letter.error.detail["reason"] for letter in found} == {"not_json", "bad_headers"}
    wait_until(lambda: not raw.hlen("unacked"), "nothing is held")


def test_redis_goes_away_when_a_message_was_just_taken(
    open_broker: OpenBroker, raw: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing but the process knows of it then. It records it as soon as it can, and the message comes again."""
    broker = open_broker(timeout_s=0.05).consume()
    run, faults = broker.leases._scripts.run, [redis.ConnectionError("refused")] * 2

    def away(name: str, *arguments: Any) -> Any:
        if name == "hold" and faults:
            raise faults.pop()
        return run(name, *arguments)

    monkeypatch.setattr(broker.leases._scripts, "run", away)
    raw.lpush("articles", message("taken"))
    with pytest.raises(redis.ConnectionError):
        broker.take()
    assert (raw.llen("articles"), raw.hlen("unacked")) == (0, 0)
    with pytest.raises(redis.ConnectionError):
        broker.leases.renew()
    broker.leases.renew()
    assert raw.hlen("unacked") == 1
    another = open_broker(timeout_s=0.05).consume()
    assert another.take().headers["id"] == "taken"
    broker.leases.renew()
    assert raw.hlen("unacked") == 1


def request_for(broker: Broker) -> AckingRequest:
    """Celery's request for the next message."""
    taken = broker.take()
    task = broker.app.tasks["celery.backend_cleanup"]
    task.hub = None  # type: ignore[attr-defined]
    return AckingRequest(taken, app=broker.app, task=task)


def test_what_is_left_to_its_lease(open_broker: OpenBroker, raw: redis.Redis) -> None:
    """It is neither acknowledged nor renewed nor put back by the closing channel, and comes again afterwards."""
    broker = open_broker(timeout_s=0.3).consume()
    broker.channel.basic_qos(prefetch_count=1)
    raw.lpush("articles", message("undecided"))
    request = request_for(broker)
    state.active_requests.add(request)
    try:
        raise Reject("Redis is away", requeue=AT_LEASE_END)  # type: ignore[arg-type]
    except Reject:
        request.on_failure(ExceptionInfo())
    assert request.acknowledged
    assert broker.channel.qos.can_consume()
    broker.channel.close()
    assert (raw.llen("articles"), raw.hlen("unacked")) == (0, 1)
    before = raw.zrange("unacked_index", 0, -1, withscores=True)
    broker.leases.renew()
    assert raw.zrange("unacked_index", 0, -1, withscores=True) == before
    assert open_broker(timeout_s=0.3).consume().take().headers["id"] == "undecided"
