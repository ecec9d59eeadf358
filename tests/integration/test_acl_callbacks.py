"""The rights that a worker needs for other tasks after an article, as deploy/redis/users.acl says."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

import pytest

from tests.conftest import StartWorker, wait_until
from tests.elsewhere import raw_message
from tests.integration.conftest import MAKE_ACL, SecuredRedis

pytestmark = pytest.mark.integration


TASK_AFTER: dict[str, Any] = {
    **{"task": "presse.publish", "args": [], "kwargs": {}, "subtask_type": None},
    "options": {"queue": "presse"},
}


def parts_of_a_chord(body: str) -> list[str]:
    """Two articles, after which one task of another project comes."""
    embed = {"chord": {**TASK_AFTER, "options": {"queue": "presse", "task_id": body}}, "callbacks": [TASK_AFTER]}
    return [raw_message(str(uuid.uuid4()), embed=embed, group="g", group_index=number) for number in range(2)]


def test_a_worker_needs_the_keys_of_the_queues(secured: SecuredRedis, start_worker: StartWorker) -> None:
    """Without them nothing is sent, and dead letters say so; with those that the comment names, all is."""
    (comment,) = re.findall(
        r"(?m)^# With DEPECHE_CALLBACK_TASKS.*\n(?:#.*\n)+", MAKE_ACL.with_name("users.acl").read_text()
    )
    named = re.findall(r"[~+][\w*?\[\]-]+", comment)
    assert {"~presse", "~celery-taskset-meta-*"} <= set(named)
    start_worker(DEPECHE_REDIS_URL=secured.url("worker"), DEPECHE_CALLBACK_TASKS="presse.publish").wait_ready()
    secured.raw("producer").lpush("articles", *parts_of_a_chord("refused"))
    wait_until(lambda: secured.admin.exists("celery-task-meta-refused"), "told")
    assert json.loads(str(secured.admin.get("celery-task-meta-refused")))["status"] == "FAILURE"
    assert ("worker", "key", "presse") in secured.refused()
    added = secured.admin.execute_command("ACL", "SETUSER", "worker", *named)  # type: ignore[no-untyped-call]
    assert added
    secured.admin.acl_log_reset()
    secured.admin.set("celery-taskset-meta-g.s", 2, ex=600)
    secured.raw("producer").lpush("articles", *parts_of_a_chord("body"))
    last = {**TASK_AFTER, "options": {"queue": "presse", "task_id": "last"}}
    failing = raw_message(str(uuid.uuid4()), "Une phrase. echo:fail", embed={"chain": [last], "errbacks": [TASK_AFTER]})
    secured.raw("producer").lpush("articles", failing)
    wait_until(lambda: secured.admin.llen("presse") == 4, "two callbacks, the body of the chord, and an errback")
    assert json.loads(str(secured.admin.get("celery-task-meta-last")))["status"] == "FAILURE"
    wait_until(lambda: secured.admin.hlen("unacked") == 0, "all is done")
    assert secured.refused() == []
