"""From settings to Celery's options: how articles are queued, taken and acknowledged."""

from __future__ import annotations

import ssl
from typing import Any, Literal, get_args

from kombu import Exchange, Queue

from config.settings import Settings

TASK_NAME = "depeche.process_article"

Priority = Literal["high", "normal", "low"]
PRIORITIES: tuple[Priority, ...] = get_args(Priority)

#: One Redis list a priority, in the order in which workers empty them.
QUEUES: dict[Priority, str] = {"high": "articles.high", "normal": "articles", "low": "articles.low"}

#: A job that is not acknowledged within this time is given to another worker, so it must be longer than any job.
VISIBILITY_TIMEOUT_S = 7200

CONNECT_TIMEOUT_S = 5


def celery_options(settings: Settings) -> dict[str, Any]:
    """Celery's configuration, the same for producers and workers."""
    url = settings.redis_url.get_secret_value()
    tls = {"ssl_cert_reqs": ssl.CERT_REQUIRED} if url.startswith("rediss://") else None
    return {
        "broker_url": url,
        "result_backend": url,
        "broker_use_ssl": tls,
        "redis_backend_use_ssl": tls,
        "broker_connection_retry_on_startup": True,
        # For ever: a worker that gave up would have to be started again by hand once Redis is back.
        "broker_connection_max_retries": None,
        "broker_transport_options": {
            "visibility_timeout": VISIBILITY_TIMEOUT_S,
            # Strictly by priority: kombu asks Redis for the lists in the order in which they are declared. A single
            # priority step keeps each queue one plain list, which other programs can measure with LLEN.
            "queue_order_strategy": "priority",
            "priority_steps": [0],
            "socket_connect_timeout": CONNECT_TIMEOUT_S,
            "socket_keepalive": True,
            "health_check_interval": 25,
        },
        "redis_socket_connect_timeout": CONNECT_TIMEOUT_S,
        "redis_socket_keepalive": True,
        "redis_backend_health_check_interval": 25,
        # A result must not be lost because Redis was away at that moment: it is tried for some fifteen minutes, at
        # most every ten seconds.
        "result_backend_always_retry": True,
        "result_backend_max_retries": 100,
        "result_expires": settings.result_ttl_s,
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
        "task_track_started": True,
        # One process with threads: all jobs share one loaded engine.
        "worker_pool": "threads",
        "worker_concurrency": settings.concurrency,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
    }
