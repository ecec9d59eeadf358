"""A short torture run as it might be recorded, in which every promise is kept; and ways to change it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from benchmarks.torture import articles
from benchmarks.torture.history import Befallen, Call, History, Left, Life, Moment, Settled
from benchmarks.torture.moments import PLACES, WORDS
from benchmarks.torture.producer import french
from benchmarks.torture.schedule import DRIVER, Schedule, Step

#: Changes a history.
Change = Callable[[History], History]

WORKER = "host:7:abc"

STEPS = (
    Step(0, 0.1, "producer1", "submit", "plain", {"kind": "plain", "priority": "normal", "sentences": 2}),
    Step(1, 0.2, "producer1", "submit", "keyed", {"kind": "plain", "priority": "high", "key": "clé"}),
    Step(2, 0.3, "producer2", "submit", "keyed", {"kind": "plain", "priority": "high", "key": "clé"}),
    Step(3, 0.4, "producer1", "submit", "cancelled", {"kind": "plain", "priority": "low"}),
    Step(4, 0.5, "producer1", "cancel", "cancelled"),
    Step(5, 0.6, "producer2", "push", "pushed", {"kind": "plain", "priority": "normal"}),
    Step(6, 0.7, "producer2", "push", "foreign", {"kind": "foreign", "priority": "normal"}),
    Step(7, 0.8, "producer2", "push", "garbage", {"kind": "garbage", "priority": "normal"}),
    Step(8, 0.9, "producer1", "look", "plain"),
    Step(9, 1.0, "producer1", "retry", more={"nth": 0}),
    Step(10, 1.1, "producer1", "drop", more={"nth": 0}),
    Step(11, 1.2, DRIVER, "kill_worker", more={"which": 0}),
    Step(12, 1.3, "producer1", "submit", "full", {"kind": "plain", "priority": "low"}),
    Step(13, 1.4, "producer1", "submit", "dropped", {"kind": "crash", "priority": "low"}),
)
SCHEDULE = Schedule(1, STEPS)

#: The task id of each job; what the garbage became a letter under is no sender's choice.
IDS = {
    "plain": "id-plain",
    "keyed": articles.key_id("clé"),
    "cancelled": "id-cancelled",
    "pushed": articles.own_id(1, "pushed"),
    "foreign": articles.own_id(1, "foreign"),
    "garbage": "id-garbage",
    "dropped": "id-dropped",
    # Of no step: it is there for moments that some tests add.
    "new": "id-new",
}


def moment(name: str, state: str | None, run: int = 0, **changes: Any) -> Moment:
    """A sound one."""
    has_message = state in {"queued", "running", "dead"}
    place = sorted(PLACES.get(str(state), ()))[:1]
    worker = WORKER if run else ""
    now = Moment(IDS[name], state, run, run, worker, WORDS.get(str(state)), tuple(place), has_message)
    return replace(now, **changes)


def record(name: str, state: str, **fields: str) -> dict[str, str]:
    """What the ledger has of a job."""
    step = next(step for step in STEPS if step.name == name)
    return {"state": state, "digest": articles.digest(name, french(step)), "attempts": "1", **fields}


def result(name: str) -> dict[str, Any]:
    """What Celery's clients find of a job that succeeded."""
    text_en = articles.english(french(next(step for step in STEPS if step.name == name)))
    found = {"id": IDS[name], "text_en": text_en, "attempts": 1, "source": {"metadata": {"torture": name}}}
    return {"status": "SUCCESS", "result": found}


def error(code: str) -> str:
    """Of a record."""
    return json.dumps({"code": code, "message": "It failed."})


SOUND = History(
    SCHEDULE,
    calls=[
        Call(0, "submit", "plain", IDS["plain"], "ok"),
        Call(1, "submit", "keyed", IDS["keyed"], "ok"),
        Call(2, "submit", "keyed", IDS["keyed"]),
        Call(3, "submit", "cancelled", IDS["cancelled"], "ok"),
        Call(4, "cancel", "cancelled", IDS["cancelled"], "ok", "cancelled"),
        Call(5, "push", "pushed", IDS["pushed"], "ok"),
        Call(6, "push", "foreign", IDS["foreign"], "ok"),
        Call(7, "push", "garbage", articles.own_id(1, "garbage"), "ok"),
        Call(8, "look", "plain", IDS["plain"], "ok", "succeeded", result("plain")["result"]["text_en"]),
        Call(9, "retry", "", IDS["foreign"], "ok"),
        Call(10, "drop", "", IDS["dropped"], "ok"),
        Call(12, "submit", "full", None, "queue_full"),
        Call(13, "submit", "dropped", IDS["dropped"], "ok"),
    ],
    moments=[
        moment("plain", "queued"),
        moment("plain", "running", 1),
        moment("plain", "succeeded", 1),
        moment("keyed", "queued"),
        moment("keyed", "running", 1),
        moment("keyed", "succeeded", 1),
        moment("cancelled", "queued"),
        moment("cancelled", "cancelled"),
        # Adopted: nobody is told anything of it before it starts.
        moment("pushed", "queued", told=None, places=()),
        moment("pushed", "running", 1),
        moment("pushed", "queued", 1, attempts=0),
        moment("pushed", "running", 2, attempts=1),
        moment("pushed", "succeeded", 2, attempts=1),
        moment("foreign", "dead"),
        moment("foreign", "queued", 1, attempts=0),
        moment("foreign", "dead", 1, attempts=0),
        moment("garbage", "dead"),
        moment("dropped", "queued"),
        moment("dropped", "running", 1),
        moment("dropped", "dead", 1),
        moment("dropped", None),
    ],
    settled=[Settled(task_id, "succeeded", run=1) for task_id in IDS.values()],
    lives=[
        Life(7, "killed", -9, tuple((IDS[name], 1) for name in ("plain", "keyed", "pushed"))),
        Life(8, "stopped", 0),
        Life(9, "running"),
    ],
    faults=[Befallen(11, "kill_worker")],
    left=Left(
        records={
            IDS["plain"]: record("plain", "succeeded"),
            IDS["keyed"]: record("keyed", "succeeded"),
            IDS["cancelled"]: record("cancelled", "cancelled", error=error("cancelled")),
            IDS["pushed"]: record("pushed", "succeeded"),
            IDS["foreign"]: record("foreign", "dead", error=error("invalid_article")),
            IDS["garbage"]: {"state": "dead", "error": error("invalid_article")},
            IDS["dropped"]: {"dropped": "caller"},
        },
        results={
            **{IDS[name]: result(name) for name in ("plain", "keyed", "pushed")},
            IDS["cancelled"]: {"status": "REVOKED"},
            IDS["foreign"]: {"status": "FAILURE"},
            IDS["garbage"]: {"status": "FAILURE"},
        },
        messages={IDS["foreign"]: "{}", IDS["garbage"]: articles.by_hand("", "garbage", "garbage", "", "low")},
        sets={"depeche:dead": [IDS["foreign"], IDS["garbage"]], "depeche:running": []},
        before=100,
        after=95,
    ),
)


def call(step: int, **changes: Any) -> Change:
    """Another answer to a step."""
    return lambda history: replace(
        history, calls=[replace(each, **changes) if each.step == step else each for each in history.calls]
    )


def moments(*more: Moment) -> Change:
    """More moments at the end."""
    return lambda history: replace(history, moments=[*history.moments, *more])


def begun_by(name: str, pid: int) -> Change:
    """Another worker has begun a job."""

    def change(history: History) -> History:
        of_job = [replace(one, worker=f"host:{pid}:x") if one.run else one for one in history.moments]
        pairs = zip(history.moments, of_job, strict=True)
        return replace(history, moments=[new if old.task_id == IDS[name] else old for old, new in pairs])

    return change


def unheard_of(name: str) -> Change:
    """No moment of a job."""
    return lambda history: replace(history, moments=[one for one in history.moments if one.task_id != IDS[name]])


def both(first: Change, second: Change) -> Change:
    """Two changes."""
    return lambda history: second(first(history))


def many_starts(number: int) -> Change:
    """More jobs that one worker has begun, with all that they need."""
    started = [replace(moment("new", "running", 1), task_id=f"id-{which}") for which in range(number)]
    return lambda history: replace(history, moments=[*history.moments, *started])


def settled(**changes: Any) -> Change:
    """One more message acknowledged."""
    one = replace(Settled(IDS["plain"], "succeeded"), **changes)
    return lambda history: replace(history, settled=[*history.settled, one])


def life(pid: int, **changes: Any) -> Change:
    """Another end of a worker."""
    return lambda history: replace(
        history, lives=[replace(each, **changes) if each.pid == pid else each for each in history.lives]
    )


def left(**changes: Any) -> Change:
    """Something else left over."""
    return lambda history: replace(history, left=replace(history.left, **changes))


def kept(name: str, **fields: str | None) -> Change:
    """Another record of a job; without a field where it is None."""

    def change(history: History) -> History:
        old = history.left.records.get(IDS[name], {}) | fields
        new = {field: value for field, value in old.items() if value is not None}
        return left(records=history.left.records | {IDS[name]: new})(history)

    return change


def without(name: str) -> Change:
    """No record of a job, and no result."""

    def change(history: History) -> History:
        records, results = dict(history.left.records), dict(history.left.results)
        records.pop(IDS[name])
        results.pop(IDS[name], None)
        return left(records=records, results=results)(history)

    return change


def told(name: str, **changes: Any) -> Change:
    """Another result of a job that succeeded."""

    def change(history: History) -> History:
        new = result(name)
        new["result"] |= changes
        return left(results=history.left.results | {IDS[name]: new})(history)

    return change
