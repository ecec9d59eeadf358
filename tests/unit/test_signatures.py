"""Which tasks a message may have sent after its article, and what has gone wrong where none can be."""

from __future__ import annotations

from typing import Any

import kombu.exceptions
import pytest
import redis

from config.settings import callback_tasks, load_settings
from depeche import errors
from depeche.article import JobError
from depeche.errors import SettingsError
from worker.broker.signatures import MOST, are_allowed
from worker.callbacks import _exception, _passes

ALLOWED = {"presse.publish", "presse.collect"}


def task(name: str = "presse.publish", **options: Any) -> dict[str, Any]:
    """A signature as Celery writes it."""
    return {"task": name, "args": [], "kwargs": {}, "options": options, "subtask_type": None, "immutable": False}


def compound(kind: str, **parts: Any) -> dict[str, Any]:
    """A signature that holds others."""
    return task(f"celery.{kind}") | {"subtask_type": kind, "kwargs": parts}


def nested(depth: int) -> dict[str, Any]:
    """A task that is not allowed, inside tasks that are."""
    return task(link=[nested(depth - 1)]) if depth else task("other")


FINE: dict[str, Any] = {
    "one": [task()],
    "with a queue": [task(queue="presse", task_id="a", priority=3, root_id="b", reply_to="c")],
    "to a queue of articles": [task(queue="articles.high")],
    "with others after it": [task(link=[task()], link_error=task("presse.collect"), chord=task(), chain=[task()])],
    "chain": [compound("chain", tasks=[task(), task()])],
    "group": [compound("group", tasks=[task(), task("presse.collect")])],
    "chord": [compound("chord", header=[task()], body=task(), kwargs={})],
    "chord of a group": [compound("chord", header=compound("group", tasks=[task()]), body=task())],
    "no list": task(),
    "what looks like another in its arguments": [task() | {"args": [task("other")], "kwargs": {"tasks": [7]}}],
    "as many as may be": [task()] * MOST,
}

REFUSED: dict[str, Any] = {
    "another task": [task("other")],
    "the second": [task(), task("other")],
    "in a chain": [compound("chain", tasks=[task(), task("other")])],
    "in a group": [compound("group", tasks=[task("other")])],
    "before a chord": [compound("chord", header=[task("other")], body=task())],
    "after a chord": [compound("chord", header=[task()], body=task("other"))],
    "after a callback": [task(link=[task("other")])],
    "after an error": [task(link_error=task("other"))],
    "deep inside": [nested(20)],
    "after a chain's own": [compound("chain", tasks=[task()]) | {"options": {"link": task("other")}}],
    "one of Celery's own": [task("celery.chain")],
    "one of Celery's own that the list names": [task("celery.backend_cleanup")],
    "a kind that there is not": [task() | {"subtask_type": "starmap"}],
    "a kind under another name": [compound("group", tasks=[task()]) | {"task": "presse.publish"}],
    "an exchange": [task(exchange="presse")],
    "a routing key": [task(routing_key="depeche:dead")],
    "a serializer": [task(serializer="pickle")],
    "a connection": [task(connection="redis://elsewhere")],
    "headers": [task(headers={"eta": 1})],
    "a key of Dépêche": [task(queue="depeche:dead")],
    "kombu's record of messages": [task(queue="unacked")],
    "kombu's bindings": [task(queue="_kombu.binding.articles")],
    "remote control": [task(queue="a.reply.celery.pidbox")],
    "a result": [task(queue="celery-task-meta-a")],
    "a list beside a queue": [task(queue="articles\x06\x163")],
    "a queue that is no text": [task(queue={"name": "presse"})],
    "an id that is none": [task(task_id="a\nb")],
    "too many": [task()] * (MOST + 1),
    "too many, one in another": [compound("group", tasks=[task()] * MOST)],
    "no signature": ["presse.publish"],
    "a number": [7],
    "no task": [{}],
    "a task that is no text": [task() | {"task": ["presse.publish"]}],
    "no options": [task() | {"options": None}],
    "arguments that are none": [task() | {"args": "ab"}],
    "keywords that are none": [task() | {"kwargs": [1]}],
    "a kind that is no text": [task() | {"subtask_type": ["chain"]}],
    "a group without tasks": [compound("group", tasks="abc")],
}


@pytest.mark.parametrize("where", ["callbacks", "errbacks", "chain", "chord"])
@pytest.mark.parametrize("name", [*FINE, *REFUSED])
def test_what_may_be_sent(name: str, where: str) -> None:
    """Each task anywhere in it is on the list, and goes to a queue that is no key of anybody's."""
    allowed = are_allowed({where: (FINE | REFUSED)[name]}, {}, ALLOWED | {"celery.backend_cleanup"})
    assert allowed == (name in FINE)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"root_id": "a", "parent_id": None, "group": "b", "group_index": 0}, True),
        ({"group": 7}, False),
        ({"group": "a\nb"}, False),
        ({"root_id": ["a"]}, False),
        ({"group_index": "0"}, False),
        ({"parent_id": "a" * 201}, False),
    ],
)
def test_what_the_headers_may_say(headers: dict[str, Any], expected: bool) -> None:
    """Ids become parts of Redis keys."""
    assert are_allowed({"chord": task()}, headers, ALLOWED) is expected
    assert are_allowed({"chord": task()}, headers, set()) is False


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("none", set()),
        ("presse.publish", {"presse.publish"}),
        (" presse.publish , été.tâche", {"presse.publish", "été.tâche"}),
    ],
)
def test_the_list_of_tasks(monkeypatch: pytest.MonkeyPatch, value: str, expected: set[str]) -> None:
    """Names with commas between them."""
    monkeypatch.setenv("DEPECHE_CALLBACK_TASKS", value)
    assert callback_tasks(load_settings()) == expected


@pytest.mark.parametrize("value", ["", "presse.publish,", "presse publish", "a\nb", "celery.chord", "a,celery.group"])
def test_a_list_that_is_none(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """Refused with what to write."""
    monkeypatch.setenv("DEPECHE_CALLBACK_TASKS", value)
    with pytest.raises(SettingsError, match=r"DEPECHE_CALLBACK_TASKS=.*must (be names|not name)"):
        load_settings()


def wrapped(cause: Exception) -> kombu.exceptions.OperationalError:
    """As kombu tells of a connection's fault."""
    error = kombu.exceptions.OperationalError(str(cause))
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (redis.ConnectionError("refused"), True),
        (redis.ReadOnlyError("READONLY"), True),
        (wrapped(redis.TimeoutError("slow")), True),
        (kombu.exceptions.OperationalError("no cause"), True),
        (ConnectionResetError("reset"), True),
        (redis.OutOfMemoryError("OOM command not allowed"), False),
        (wrapped(redis.OutOfMemoryError("OOM command not allowed")), False),
        (redis.exceptions.NoPermissionError("No permissions to access a key"), False),
        (wrapped(redis.exceptions.NoPermissionError("No permissions to access a key")), False),
        (redis.ResponseError("The user executing the script can't access a key"), False),
        (redis.ResponseError("WRONGTYPE it is no list"), False),
        (LookupError("no result"), False),
        (TypeError("an option is odd"), False),
    ],
)
def test_what_is_waited_for(error: Exception, expected: bool) -> None:
    """A connection that is lost; nothing else, as other articles would wait too."""
    assert _passes(error) is expected


@pytest.mark.parametrize(
    ("code", "kind"),
    [("cancelled", errors.Cancelled), ("too_long", errors.TooLong), ("never_seen", errors.DepecheError)],
)
def test_the_error_of_a_chord_is_the_jobs_own(code: str, kind: type[Exception]) -> None:
    """As whoever waits for the article itself gets it."""
    made = _exception(JobError(code=code, message="It ended.", detail={"a": 1}))
    assert (type(made), str(made), made.detail) == (kind, "It ended.", {"a": 1})
