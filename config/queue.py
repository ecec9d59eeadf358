"""Makes Celery's options of our settings. They say how articles are queued, taken and acknowledged."""

from __future__ import annotations

import ssl
from typing import Any

from kombu import Exchange, Queue

from config.settings import Settings
from depeche.queue import QUEUES
from depeche.redis_client import CONNECT_TIMEOUT_S, SOCKET_TIMEOUT_S, sentinel_options
from depeche.redis_url import RedisAddress, parse_redis_url

#: A message must not come back before the lease of its job has ended. Otherwise the worker that gets it would find that
#: the job is still held, and would throw the message away.
MESSAGE_MARGIN_S = 1


def celery_options(settings: Settings) -> dict[str, Any]:
    """The Celery configuration of a worker."""
    address = parse_redis_url(settings.redis_url.get_secret_value())
    return {
        "broker_url": address.broker_url,
        # The ledger stores each result in one step with the end of its job, so Celery must not.
        "result_backend": None,
        "task_ignore_result": True,
        "broker_use_ssl": _tls(address),
        "broker_connection_retry_on_startup": True,
        # It tries for ever. Somebody would have to start a worker that had given up again once Redis is back.
        "broker_connection_max_retries": None,
        # A Redis that is full or still loading is treated like one that is away.
        "broker_channel_error_retry": True,
        "broker_transport_options": {
            **_connection_options(address),
            # The messages of workers that no longer renew their leases come back. Every second we look for them.
            "visibility_timeout": settings.lease_s + MESSAGE_MARGIN_S,
            "unacked_restore_interval": 1,
            "unacked_restore_throttle": 1,
            # Articles are taken strictly by priority, as kombu asks Redis for the lists in the order in which they are
            # declared here. With a single priority step each queue is one plain list, which other programs can measure
            # with LLEN.
            "queue_order_strategy": "priority",
            "priority_steps": [0],
        },
        # Only JSON is written and read. Every language has it, and unpickling a message would run its sender's code.
        "task_serializer": "json",
        "result_serializer": "json",
        "accept_content": ["json"],
        "result_accept_content": ["json"],
        # Each queue has an exchange of its own. Queues that share exchange and routing key would all get every message.
        "task_queues": [Queue(name, Exchange(name), routing_key=name) for name in QUEUES.values()],
        "task_default_queue": QUEUES["normal"],
        "task_create_missing_queues": False,
        # A message is acknowledged when its article is done, and only taken when there is a thread for it. So the
        # articles of a stopped worker go to the others.
        "task_acks_late": True,
        "worker_prefetch_multiplier": 1,
        # This is for a pool of processes. When a child dies, its attempt is over and the message comes back.
        "task_reject_on_worker_lost": True,
        # One process has several threads, so that all jobs share one loaded engine.
        "worker_pool": "threads",
        "worker_concurrency": settings.concurrency,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
    }


def sending_options(settings: Settings) -> dict[str, Any]:
    """The Celery configuration with which a worker sends other tasks after an article.

    It is Celery's own in all else, as the tasks are those of other projects.
    """
    address = parse_redis_url(settings.redis_url.get_secret_value())
    connection = _connection_options(address)
    return {
        "broker_url": address.broker_url,
        # Chords are counted there, and whoever waits for a task learns there that it will not come.
        "result_backend": address.broker_url,
        "result_expires": settings.result_ttl_s,
        "broker_use_ssl": _tls(address),
        "redis_backend_use_ssl": _tls(address),
        "broker_transport_options": connection,
        "result_backend_transport_options": connection,
        "redis_socket_connect_timeout": CONNECT_TIMEOUT_S,
        "redis_socket_timeout": SOCKET_TIMEOUT_S,
        "accept_content": ["json"],
        "result_accept_content": ["json"],
    }


def _tls(address: RedisAddress) -> dict[str, Any] | None:
    # kombu takes the same names as redis-py, and only this value is different.
    return address.tls and address.tls | {"ssl_cert_reqs": ssl.CERT_REQUIRED}


def _connection_options(address: RedisAddress) -> dict[str, Any]:
    sentinel = {"master_name": address.master, "sentinel_kwargs": sentinel_options(address)} if address.master else {}
    return {
        "socket_connect_timeout": CONNECT_TIMEOUT_S,
        "socket_timeout": SOCKET_TIMEOUT_S,
        "socket_keepalive": True,
        "health_check_interval": 10,
        **sentinel,
    }
