"""From settings to Celery's options: how articles are queued, taken and acknowledged."""

from __future__ import annotations

import ssl
from typing import Any

from kombu import Exchange, Queue

from config.settings import Settings
from depeche.queue import QUEUES
from depeche.redis_client import CONNECT_TIMEOUT_S, SOCKET_TIMEOUT_S, sentinel_options
from depeche.redis_url import parse_redis_url

#: A message must not come back before its job's lease has ended, or it would be taken for one too many.
MESSAGE_MARGIN_S = 1


def celery_options(settings: Settings) -> dict[str, Any]:
    """A worker's Celery configuration."""
    address = parse_redis_url(settings.redis_url.get_secret_value())
    # kombu's names are redis-py's, but for this one value.
    tls = address.tls and address.tls | {"ssl_cert_reqs": ssl.CERT_REQUIRED}
    return {
        "broker_url": address.broker_url,
        # Results are written by depeche/jobs.py, in one step with the job's end.
        "result_backend": None,
        "task_ignore_result": True,
        "broker_use_ssl": tls,
        "broker_connection_retry_on_startup": True,
        # For ever: a worker that gave up would have to be started again by hand once Redis is back.
        "broker_connection_max_retries": None,
        # A Redis that is full, or loading, is as good as away.
        "broker_channel_error_retry": True,
        "broker_transport_options": {
            # Messages of workers that renew no lease come back, looked for every second.
            "visibility_timeout": settings.lease_s + MESSAGE_MARGIN_S,
            "unacked_restore_interval": 1,
            "unacked_restore_throttle": 1,
            # Strictly by priority: kombu asks Redis for the lists in the order in which they are declared. A single
            # priority step keeps each queue one plain list, which other programs can measure with LLEN.
            "queue_order_strategy": "priority",
            "priority_steps": [0],
            "socket_connect_timeout": CONNECT_TIMEOUT_S,
            "socket_timeout": SOCKET_TIMEOUT_S,
            "socket_keepalive": True,
            "health_check_interval": 10,
            **({"master_name": address.master, "sentinel_kwargs": sentinel_options(address)} if address.master else {}),
        },
        # JSON both ways: anyone can read and write it, and unpickling a message would run its sender's code.
        "task_serializer": "json",
        "result_serializer": "json",
        "accept_content": ["json"],
        "result_accept_content": ["json"],
        # An exchange each: queues with one exchange and one routing key would each get every message.
        "task_queues": [Queue(name, Exchange(name), routing_key=name) for name in QUEUES.values()],
        "task_default_queue": QUEUES["normal"],
        "task_create_missing_queues": False,
        # Acknowledged when done and taken one at a time, so that a stopped worker's articles go to the others.
        "task_acks_late": True,
        "worker_prefetch_multiplier": 1,
        # Of a pool of processes: a child that dies takes its job's attempt with it, and the message comes back.
        "task_reject_on_worker_lost": True,
        # One process with threads: all jobs share one loaded engine.
        "worker_pool": "threads",
        "worker_concurrency": settings.concurrency,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
    }
