"""What our transport relies on in kombu, private names first: each test says by its failure what moved and what breaks.

kombu may change these in any release, and most of them would be lost in silence: a method that kombu no longer calls
is no error. ``pyproject.toml`` therefore allows one minor version of kombu; it may be raised when these tests pass with
the next.
"""

from __future__ import annotations

from typing import Any

import pytest
import redis
from celery.worker import state
from kombu import Exchange, Queue
from kombu.transport import redis as kombus

from config.queue import celery_options
from config.settings import Settings, load_settings
from tests.conftest import wait_until
from tests.contract.conftest import (
    OPTIONS_MOVED,
    QOS_MOVED,
    TRANSPORT_MOVED,
    Broker,
    OpenBroker,
    message,
)
from worker.broker.inspection import Refused
from worker.broker.leases import MessageLeases
from worker.broker.transport import (
    OPTIONS,
    LeasedQoS,
    LeasedSentinelChannel,
    LeasedSentinelTransport,
    LeasedTransport,
)
from worker.doctor import _OUR_BINDINGS

pytestmark = pytest.mark.integration

TOO_LARGE = '"' + "a" * 1_100_000 + '"'
DEEP = "[" * 100_000 + "]" * 100_000
SENTINELS = "sentinel://127.0.0.1:1,127.0.0.1:2,127.0.0.1:3/0?master=main"


def see(broker: Broker) -> None:
    """Wait until a message was refused or delivered."""

    def seen() -> bool:
        broker.drain()
        return bool(broker.refused or broker.delivered)

    wait_until(seen, "the message is seen", timeout_s=10)


def test_loads_parses_what_comes_off_a_queue(broker: Broker, raw: redis.Redis) -> None:
    """A message that is too large is refused by its size, before anything parses it."""
    raw.lpush("articles", TOO_LARGE)
    see(broker)
    assert broker.refused == ["too_large"], (
        "kombu.transport.redis.loads has moved: Channel._brpop_read parses with something else, so the size guard is "
        "off and messages of any size are parsed (worker.broker.transport.parse_with)"
    )


def test_loads_parses_what_comes_by_remote_control(open_broker: OpenBroker, raw: redis.Redis) -> None:
    """A broadcast that nests too deeply is passed over, and the next one comes."""
    name = "control"
    broker = open_broker().consume(Queue(name, Exchange(name, type="fanout")))
    topic = f"{broker.channel.keyprefix_fanout}{name}"
    broker.drain()
    wait_until(raw.pubsub_numpat, "subscribed", timeout_s=10)
    raw.publish(topic, DEEP)
    raw.publish(topic, message("after it"))
    try:
        came = broker.take("the broadcast after it")
    except RecursionError:
        pytest.fail(
            "kombu.transport.redis.loads has moved: Channel._receive_one parses with something else, so that one "
            "broadcast that nests too deeply ends the connection (worker.broker.transport.parse_with)"
        )
    assert came.headers["id"] == "after it"


def test_brpop_read_reads_what_comes_off_a_queue(broker: Broker, raw: redis.Redis) -> None:
    """A refused message seems never to have come: it is kept, and the article after it is taken."""
    raw.lpush("articles", "garbage", message())
    try:
        came = broker.take("the article after it")
    except Refused:
        pytest.fail(
            "kombu.transport.redis.Channel._brpop_read has moved: kombu reads the queue with another method, so a "
            "refused message ends the connection, over and over (LeasedChannel._brpop_read)"
        )
    assert (came.headers["id"], broker.refused) == ("a-job", ["not_json"])


def test_deliver_hands_every_message_on(broker: Broker, raw: redis.Redis) -> None:
    """A message for another task is refused before Celery sees it."""
    raw.lpush("articles", message(task="os.system"))
    see(broker)
    assert (broker.refused, broker.delivered) == (["unknown_task"], []), (
        "kombu.transport.virtual.Transport._deliver has moved: what is not a job reaches Celery uninspected "
        "(LeasedTransport._deliver)"
    )


def test_channels_are_made_with_our_options(broker: Broker) -> None:
    """Channel.from_transport_options brings leases and inspector from the connection to each channel."""
    assert getattr(broker.channel, "leases", None) is broker.leases, OPTIONS_MOVED
    assert getattr(broker.channel, "inspector", None) is not None, OPTIONS_MOVED
    assert set(OPTIONS) <= set(LeasedSentinelChannel.from_transport_options), OPTIONS_MOVED


def test_every_transport_option_is_one_that_kombu_reads() -> None:
    """An option that kombu does not know is passed over without a word, so each of ours must be one that it knows."""
    ours = celery_options(load_settings(redis_url=SENTINELS))["broker_transport_options"]
    unknown = set(ours) - set(kombus.SentinelChannel.from_transport_options)
    assert unknown == set(), f"kombu no longer reads the transport options {unknown} of config.queue.celery_options"


def test_messages_are_made_by_the_channels_message_class(broker: Broker, raw: redis.Redis) -> None:
    """Each delivery has a tag of its own, whatever its sender wrote."""
    raw.lpush("articles", message(), message())
    try:
        tags = {broker.take().delivery_tag for _ in range(2)}
    except AttributeError as error:
        pytest.fail(
            "kombu's Channel.Message has moved: messages keep their sender's delivery tag, and cannot be held as our "
            f"QoS holds them (FreshlyTagged): {error}"
        )
    assert len(tags - {"the sender's tag"}) == 2


def test_messages_are_held_by_the_channels_qos_class(broker: Broker, raw: redis.Redis) -> None:
    """What is taken is renewed, and is in Redis under the keys that our scripts name."""
    raw.lpush("articles", message())
    tag = broker.take().delivery_tag
    assert isinstance(broker.channel.qos, LeasedQoS), QOS_MOVED
    raw.zadd("unacked_index", {tag: 0})
    broker.leases.renew()
    moved = "kombu no longer calls QoS.append: what is taken is not renewed, and other workers take it too"
    assert float(str(raw.zscore("unacked_index", tag))) > 0, moved
    keys = (kombus.Channel.unacked_key, kombus.Channel.unacked_index_key)
    assert keys == ("unacked", "unacked_index"), f"kombu names its record {keys}; the scripts have other names"
    assert (raw.hkeys("unacked"), raw.zrange("unacked_index", 0, -1)) == ([tag], [tag])


def test_acknowledging_goes_through_our_qos(broker: Broker, raw: redis.Redis) -> None:
    """An acknowledged message is gone from Redis, and there is room for the next."""
    broker.channel.basic_qos(prefetch_count=1)
    raw.lpush("articles", message())
    taken = broker.take()
    assert not broker.channel.qos.can_consume(), "kombu's QoS.append counts no longer what is taken"
    taken.ack()
    assert raw.hkeys("unacked") == [], "kombu no longer calls QoS.ack: finished articles come back"
    assert broker.channel.qos.can_consume(), "kombu's QoS.ack makes no room any more: the worker takes nothing"


def test_what_an_earlier_connection_brought_takes_room(broker: Broker, raw: redis.Redis) -> None:
    """After a lost connection, a worker that is busy takes no message that it cannot begin."""
    raw.lpush("articles", message("in work"), message("next"))
    earlier = broker.take()
    channel = broker.connection.clone().channel()
    channel.basic_qos(prefetch_count=1)
    assert not channel.qos.can_consume(), "kombu no longer brings the transport options to a clone"
    earlier.ack()
    assert channel.qos.can_consume()
    channel.close()


@pytest.mark.parametrize("claimants", [0, 1])
def test_what_goes_back_or_is_refused_before_it_was_recorded(broker: Broker, raw: redis.Redis, claimants: int) -> None:
    """A message that is given back, whose channel closes or that is settled is treated as one that was recorded."""
    broker.leases.claimants = claimants
    raw.lpush("articles", message("first"))
    first = broker.take()
    assert raw.hkeys("unacked") == ([] if claimants else [first.delivery_tag])
    first.reject(requeue=True)
    broker.take("the same again").ack()
    raw.lpush("articles", message("second"))
    broker.take("the second").reject()
    raw.lpush("articles", message("third"))
    broker.take("the third")
    assert len(broker.leases) == 1
    broker.channel.close()
    assert len(broker.leases) == 0
    assert (raw.hkeys("unacked"), raw.zcard("unacked_index"), raw.llen("articles")) == ([], 0, 1)
    assert '"id": "third"' in str(raw.lindex("articles", 0))


def test_the_body_is_read_once(broker: Broker, raw: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """kombu's Message.payload gives what the inspector has read."""
    raw.lpush("articles", message())
    taken = broker.take()
    assert taken.payload == [[{"text": "Le maire a parlé."}], {}, {}]
    assert taken.payload is taken.envelope.content, (
        "kombu's Message._decoded_cache has moved: each body is read twice more, which long articles feel "
        "(FreshlyTagged)"
    )


def test_rejecting_goes_through_our_qos(broker: Broker, raw: redis.Redis) -> None:
    """A message that goes back is the next one to be taken; one that is rejected for good is gone."""
    raw.lpush("articles", message("first"))
    taken = broker.take()
    raw.lpush("articles", message("second"))
    taken.reject(requeue=True)
    first = broker.take("the one that went back")
    assert first.headers["id"] == "first", "kombu no longer calls QoS.reject: what goes back is put last"
    first.reject()
    broker.take("the second").ack()
    assert raw.hkeys("unacked") == [], "kombu no longer calls QoS.reject: refused articles come back"


def test_polling_gives_back_what_nobody_renews(open_broker: OpenBroker, raw: redis.Redis) -> None:
    """While it waits for messages, kombu calls QoS.restore_visible, and a dead worker's message is taken."""
    record = f'[{message("of a dead worker")}, "", "articles"]'
    MessageLeases(raw, timeout_s=0, settle_s=0).hold("its tag", record)
    broker = open_broker(timeout_s=0.05).consume()
    moved = "kombu no longer calls QoS.restore_visible: a dead worker's articles never come back"
    assert broker.take(moved).headers["id"] == "of a dead worker"


def test_a_channel_that_closes_gives_back_what_is_not_in_work(broker: Broker, raw: redis.Redis) -> None:
    """QoS.restore_unacked_once keeps what Celery has in work, whose acknowledgement needs no channel."""
    raw.lpush("articles", message("in work"), message("unstarted"))
    in_work = broker.take("the first article")
    broker.take("the second article")

    class InWork:
        id, message = "in work", in_work

    running = InWork()
    state.active_requests.add(running)
    broker.channel.close()
    state.active_requests.discard(running)
    assert raw.hkeys("unacked") == [in_work.delivery_tag], (
        "kombu's QoS.restore_unacked_once or restore_at_shutdown has moved: on a lost connection articles in work are "
        "given to other workers, or those that were not begun are not"
    )
    assert raw.llen("articles") == 1, "an article that was not begun is not given back when its channel closes"
    in_work.ack()
    assert raw.hkeys("unacked") == []


@pytest.mark.parametrize(
    ("url", "transport"),
    [
        ("redis://127.0.0.1:1/0", LeasedTransport),
        ("rediss://127.0.0.1:1/0", LeasedTransport),
        ("sentinel://127.0.0.1:1/0", LeasedSentinelTransport),
    ],
)
def test_the_transport_is_ours_through_every_switch(open_broker: OpenBroker, url: str, transport: Any) -> None:
    """A connection that switches to its next server, or is cloned, asks get_transport_cls anew and gets ours again."""
    connection = open_broker(f"{url};{url}").connection
    assert type(connection.transport) is transport, TRANSPORT_MOVED
    connection.maybe_switch_next()
    assert type(connection.transport) is transport, f"after a switch of servers: {TRANSPORT_MOVED}"
    assert type(connection.clone().transport) is transport, f"in a clone: {TRANSPORT_MOVED}"


def test_messages_are_held_after_a_fail_over(open_broker: OpenBroker, settings: Settings, raw: redis.Redis) -> None:
    """The first server of the URL is dead; what is taken from the second is held all the same."""
    url = settings.redis_url.get_secret_value()
    broker = open_broker(f"redis://127.0.0.1:1/0;{url}").consume()
    raw.lpush("articles", message())
    tag = broker.take().delivery_tag
    assert broker.leases.entry(tag) is not None


def test_redis_py_hears_of_every_sentinel(open_broker: OpenBroker, monkeypatch: pytest.MonkeyPatch) -> None:
    """kombu knows a Sentinel by the scheme of its URL, so our transport must leave the scheme as it is."""
    asked: list[Any] = []

    def listen(sentinels: Any, **_: Any) -> None:
        asked.extend(sentinels)
        raise redis.ConnectionError

    monkeypatch.setattr(kombus.sentinel, "Sentinel", listen)  # type: ignore[attr-defined]  # not in the stubs
    address = celery_options(load_settings(redis_url=SENTINELS))["broker_url"]
    transport = open_broker(address).connection.transport
    with pytest.raises(redis.ConnectionError):
        transport.create_channel(transport)
    assert asked == [("127.0.0.1", port) for port in (1, 2, 3)]


def test_the_doctor_knows_kombus_own_keys(broker: Broker, raw: redis.Redis) -> None:
    """kombu keeps its bindings under the prefix by which the doctor tells another app in the same database."""
    bindings = {str(key) for key in raw.scan_iter(match="_kombu.binding.*")}
    assert bindings, "kombu's Channel.keyprefix_queue has moved: the doctor sees no other app in the same database"
    assert {key.removeprefix("_kombu.binding.") for key in bindings} <= _OUR_BINDINGS


CONTROL = Queue("control", Exchange("control", type="fanout"), expires=10, auto_delete=True)


def frees_in_a_transaction(raw: redis.Redis) -> bool:
    """Whether this server, which is full, lets keys be deleted in a transaction."""
    try:
        with raw.pipeline() as transaction:
            transaction.delete("absent")
            transaction.execute()
    except redis.ResponseError:
        return False
    return True


def test_what_kombu_writes_in_a_full_redis(
    open_broker: OpenBroker, raw: redis.Redis, caplog: pytest.LogCaptureFixture
) -> None:
    """Channel._queue_bind, _refresh_bindings, _size, _put and _delete are all that it does, and are left out there."""
    raw.lpush("articles", message())
    raw.config_set("maxmemory", "100kb")
    moved = "kombu writes in another way than by Channel.{}: a worker cannot start, or is disconnected, in a full Redis"
    name, fault = "_queue_bind or _size", None
    try:
        broker = open_broker().consume()
        assert broker.take().delivery_info["routing_key"] == "articles", moved.format(name)
        name, bound = "_queue_bind", CONTROL(broker.channel)
        bound.declare()
        name = "_refresh_bindings"
        broker.channel._active_queues.append(CONTROL.name)
        broker.channel.maybe_refresh_binding_expiry()
        name = "_put"
        broker.channel.basic_publish(broker.channel.prepare_message("pong"), "", routing_key="articles.low")
        name = "_delete"
        bound.delete()
    except redis.ResponseError as error:
        fault = error
    else:
        freeing = frees_in_a_transaction(raw)
    finally:
        raw.config_set("maxmemory", "0")
    assert fault is None, moved.format(name)
    said = {record.getMessage().rpartition("does not ")[2] for record in caplog.records if "full" in record.message}
    refused = {"declare a queue", "declare a queue again", "answer to remote control"}
    # Redis up to 7.0 refuses every transaction then, even one that only frees memory.
    refused |= set() if freeing else {"delete a queue of remote control"}
    assert said == refused, moved.format("one of them")
