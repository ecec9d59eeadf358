"""A consumer of the queue of articles through our connection to a real Redis, without a worker around it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from celery import Celery
from celery.worker import state
from celery.worker.consumer import Consumer as CelerysConsumer
from kombu import Consumer, Exchange, Queue
from kombu.asynchronous import Hub
from kombu.transport import redis as kombus

from config.queue import celery_options
from config.settings import Settings
from depeche.queue import QUEUES
from tests.conftest import wait_until
from worker.broker.connection import LeasedAMQP
from worker.broker.inspection import Inspector
from worker.broker.leases import MessageLeases
from worker.broker.transport import LeasedQoS, LeasedTransport, parse_with
from worker.ledger import RedisLedger

#: Of the articles that the inspector lets pass. Longer messages than 1 001 600 bytes are too large then.
MAX_ARTICLE_CHARS = 100

#: What breaks where kombu has lost what all the others stand on. Their own tests say it, and all that need a broker.
TRANSPORT_MOVED = (
    "celery's AMQP.Connection or kombu's Connection.get_transport_cls has moved: the worker has kombu's own transport, "
    "so its messages are not held, renewed or inspected"
)
OPTIONS_MOVED = "kombu's Channel.from_transport_options has moved: our channels get no leases and no inspector"
QOS_MOVED = "kombu's Channel.QoS has moved: what is taken is not held by leases"

OpenBroker = Callable[..., "Broker"]


class Broker:
    """A connection, one channel of it, and a consumer.

    Attributes:
        leases: the messages that this process holds.
        refused: the reason of each message that the inspector refused.
        delivered: the messages that came through.
    """

    def __init__(self, settings: Settings, raw: redis.Redis, *, url: str, timeout_s: float) -> None:
        self.leases = MessageLeases(raw, timeout_s=timeout_s, settle_s=0)
        self.refused: list[str] = []
        inspector = Inspector(RedisLedger(raw, 60), MAX_ARTICLE_CHARS, self.refused.append, {"presse.publish"})
        parse_with(inspector)
        options = celery_options(settings)
        options["broker_transport_options"] |= {"leases": self.leases, "inspector": inspector}
        self.app = Celery("contract", amqp=LeasedAMQP, config_source=options, set_as_current=False)
        self.connection: Any = self.app.connection_for_read(url)
        self.delivered: list[Any] = []

    def consume(self, queue: Queue | None = None) -> Broker:
        """Begin to take messages, by default articles of normal priority."""
        self.connection.ensure_connection(max_retries=3, interval_start=0, interval_step=0)
        assert isinstance(self.connection.transport, LeasedTransport), TRANSPORT_MOVED
        self.channel: Any = self.connection.channel()
        assert getattr(self.channel, "leases", None) is self.leases, OPTIONS_MOVED
        assert isinstance(self.channel.qos, LeasedQoS), QOS_MOVED
        name = QUEUES["normal"]
        queue = queue or Queue(name, Exchange(name), routing_key=name)
        Consumer(self.channel, [queue], on_message=self.delivered.append, accept=["json"]).consume()
        return self

    def drain(self) -> None:
        """Take what is there."""
        with suppress(TimeoutError):
            self.connection.drain_events(timeout=0.1)

    def take(self, what: str = "an article") -> Any:
        """The next message that the consumer gets."""

        def next_one() -> Any:
            self.drain()
            return self.delivered and self.delivered.pop(0)

        return wait_until(next_one, what, timeout_s=10)


@pytest.fixture
def open_broker(settings: Settings, raw: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenBroker]:
    """Opens brokers, and closes them. kombu has its own parser back afterwards, where it still has one."""
    monkeypatch.setattr(kombus, "loads", getattr(kombus, "loads", None), raising=False)
    opened: list[Broker] = []

    def open_one(url: str | None = None, *, timeout_s: float = 3600) -> Broker:
        url = url or settings.redis_url.get_secret_value()
        opened.append(Broker(settings, raw, url=url, timeout_s=timeout_s))
        return opened[-1]

    yield open_one
    for broker in opened:
        broker.connection.close()
        broker.app.close()


@pytest.fixture
def broker(open_broker: OpenBroker) -> Broker:
    """One that consumes articles."""
    return open_broker().consume()


def message(task_id: str = "a-job", **headers: Any) -> str:
    """An article on the queue, as docs/protocol.md shows it."""
    return json.dumps(
        {
            "headers": {"task": "depeche.process_article", "id": task_id} | headers,
            "body": '[[{"text": "Le maire a parlé."}], {}, {}]',
            "content-type": "application/json",
            "content-encoding": "utf-8",
            "properties": {
                "correlation_id": task_id,
                "delivery_tag": "the sender's tag",
                "delivery_info": {"exchange": "", "routing_key": "articles"},
            },
        }
    )


def strategy_of(
    broker: Broker, task: Any, take: Any, *, hub: Hub | None = None, pool: Any = None, bucket: Any = None
) -> Any:
    """How Celery's worker takes a message for a task: ``take`` gets its request."""
    # As much of a consumer as Celery asks for here.
    consumer: Any = SimpleNamespace(
        hostname="here",
        connection_errors=(),
        event_dispatcher=None,
        timer=SimpleNamespace(call_at=None),
        apply_eta_task=None,
        disable_rate_limits=True,
        task_buckets={task.name: bucket},
        on_task_request=take,
        _limit_task=None,
        _limit_post_eta=None,
        pool=pool or SimpleNamespace(apply_async=None),
        controller=SimpleNamespace(state=state),
        app=broker.app,
        hub=hub,
        strategies={},
    )
    CelerysConsumer.update_strategies(consumer)
    return consumer.strategies[task.name]
