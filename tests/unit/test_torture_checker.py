"""The checker of torture runs finds each kind of broken promise, and none where all are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.torture.checker import RULES, Facts, check
from benchmarks.torture.history import LOST, Moment, read_history
from tests.unit.torture_history import (
    IDS,
    SOUND,
    Change,
    begun_by,
    both,
    call,
    error,
    kept,
    left,
    life,
    many_starts,
    moment,
    moments,
    record,
    result,
    settled,
    told,
    unheard_of,
    without,
)

RUNNING = ("depeche:running",)

#: What the checker must find, and how the sound history is changed for it.
BROKEN: dict[str, tuple[str, Change]] = {
    "an accepted job is gone": ("accepted is not lost", without("plain")),
    "an accepted job is stuck": ("accepted ends", kept("plain", state="running")),
    "what was pushed is gone": ("sent by hand ends", unheard_of("pushed")),
    "garbage is gone": ("sent by hand ends", both(left(messages={}), call(10, answer="unknown_job"))),
    "a sound article fails": ("the right end", kept("plain", state="failed", error=error("internal"))),
    "a job nobody cancelled is cancelled": ("the right end", kept("plain", state="cancelled")),
    "poisoned before its attempts are used up": ("the right end", kept("plain", state="dead", error=error("poison"))),
    "a job of nobody": ("nothing is invented", left(records=SOUND.left.records | {"x": {"state": "dead"}})),
    "a result of nobody": ("nothing is invented", left(results=SOUND.left.results | {"x": result("plain")})),
    "another's result": ("its own result", told("plain", text_en="[fr→en] Autre chose")),
    "a result under another id": ("its own result", told("plain", id=IDS["keyed"])),
    "more attempts than were charged": ("its own result", told("plain", attempts=2)),
    "no result": ("record and result agree", left(results={})),
    "a result of another kind": ("record and result agree", kept("foreign", state="cancelled")),
    "a wrong result was given out": ("its own result", call(8, english="[fr→en] Le bulletin")),
    "cancelled, and succeeded after all": ("told stays true", call(4, state="failed")),
    "succeeded, and gone": ("told stays true", without("plain")),
    "another id for a key": ("one key, one job", call(1, task_id="id-other")),
    "two articles under one id": ("one key, one job", call(0, task_id=IDS["keyed"])),
    "one article in two jobs": (
        "one article, one job",
        left(records=SOUND.left.records | {"x": record("plain", "succeeded")}),
    ),
    "refused, and queued": ("refused leaves nothing", left(records=SOUND.left.records | {"x": record("full", "dead")})),
    "a retry that did nothing": ("one retry for each", unheard_of("foreign")),
    "two retries for one": (
        "one retry for each",
        moments(moment("foreign", "queued", 2, attempts=0), moment("foreign", "dead", 2, attempts=0)),
    ),
    "a drop that was refused": ("one drop for each", call(10, answer="unknown_job")),
    "dropped, and back": ("dropped stays dropped", moments(moment("dropped", "queued"))),
    "a message on a queue": ("nothing left over", left(lengths={"articles": 1})),
    "an entry of the ledger": ("nothing left over", left(sets={"depeche:running": [IDS["plain"]]})),
    "a dead one that is not dead": ("nothing left over", left(sets={"depeche:dead": [IDS["plain"]]})),
    "a key for ever": ("nothing left over", left(for_ever=["depeche:job:x"])),
    "ended twice": ("ended once", moments(moment("plain", "failed", 1))),
    "runs after its end": ("ended once", moments(moment("plain", "running", 2))),
    "no place in the ledger": ("one place in the ledger", moments(moment("new", "queued", places=()))),
    "an adopted job in two places": (
        "one place in the ledger",
        moments(moment("new", "queued", told=None, places=("depeche:delayed", "depeche:waiting:low"))),
    ),
    "two places in the ledger": (
        "one place in the ledger",
        moments(moment("new", "queued", places=("depeche:delayed", "depeche:waiting:low"))),
    ),
    "ended, and in the ledger": ("one place in the ledger", moments(moment("plain", "succeeded", 1, places=RUNNING))),
    "Celery is told otherwise": ("record and result agree", moments(moment("plain", "succeeded", 1, told="STARTED"))),
    "no message": ("a message while it may run", moments(moment("new", "queued", has_message=False))),
    "a message after the end": ("no message after the end", moments(moment("plain", "succeeded", 1, has_message=True))),
    "an entry without a record": ("nothing left of no job", moments(Moment("x", places=RUNNING))),
    "a state of nobody's": ("a state that there is", moments(Moment("x", "asleep"))),
    "an attempt without a start": ("attempts are starts", moments(moment("new", "queued", attempts=1))),
    "a start without an attempt": ("attempts are starts", moments(moment("new", "running", 1, attempts=0))),
    "an attempt given back by nobody": (
        "attempts are starts",
        moments(moment("new", "running", 1), moment("new", "running", 1, attempts=0)),
    ),
    "two runs in one start": ("runs count starts", moments(moment("new", "running", 2, attempts=1))),
    "a run without a start": ("runs count starts", moments(moment("new", "queued", 1, attempts=1))),
    "charged, and never begun": ("starts are charged alone", life(7, end="stopped", status=0, attempts=())),
    "charged after it was handed back, and never begun": (
        "starts are charged alone",
        moments(
            moment("new", "running", 1, worker="host:8:x"),
            moment("new", "queued", 1, attempts=0, worker="host:8:x"),
            moment("new", "running", 2, attempts=1, worker="host:8:x"),
        ),
    ),
    "a killed worker was charged with more than it runs": (
        "starts are charged alone",
        both(life(7, attempts=()), many_starts(4)),
    ),
    "acknowledged before anything is known": ("acknowledged at the end", settled(state=None, known=False)),
    "acknowledged while it waits": (
        "acknowledged at the end",
        settled(state="queued", places=("depeche:waiting:low",)),
    ),
    "acknowledged while it runs": ("acknowledged at the end", settled(state="running", places=RUNNING)),
    "stopped with another status": ("stopped exits with 0", life(8, status=1)),
    "killed as it stopped, and by no article": ("stopped exits with 0", life(8, status=-9)),
    "killed as it stopped, when its article had ended": (
        "stopped exits with 0",
        both(begun_by("dropped", 8), life(8, status=-9, attempts=((IDS["dropped"], 1),))),
    ),
    "not stopped in time": ("stopped in time", life(8, end="overdue", status=-9)),
    "killed by nobody": ("no worker ends by itself", life(9, end="itself", status=-9)),
    "a worker gave up": ("no worker ends by itself", life(9, end="itself", status=70)),
    "slower than before": ("as fast as before", left(after=79)),
}

#: What may be so, and is no broken promise.
ALLOWED: dict[str, Change] = {
    "nothing is changed": lambda history: history,
    "charged, and answered when the lease had ended": life(
        7, end="stopped", status=0, attempts=(), late=tuple(IDS.values())
    ),
    "a lost answer to a submit that was not taken": call(12, answer=LOST),
    "a lost answer to a retry that was": call(9, answer=LOST),
    "a lost answer to a drop that was": call(10, answer=LOST),
    "a pushed message that vanished with its worker": both(
        both(without("pushed"), unheard_of("pushed")), left(vanished=[IDS["pushed"]])
    ),
    "a look at the article that came second under a key": call(
        2, do="look", name="other", answer="ok", state="succeeded", english=result("keyed")["result"]["text_en"]
    ),
    "a claim whose answer was lost, by a worker that then stopped and handed it back": moments(
        moment("new", "queued"),
        moment("new", "running", 1, worker="host:8:x"),
        moment("new", "queued", 1, attempts=0, worker="host:8:x"),
    ),
    "an adopted job that the janitor finds": moments(moment("new", "queued", told=None)),
    "poisoned when its attempts are used up": both(
        left(results=SOUND.left.results | {IDS["keyed"]: {"status": "FAILURE"}}),
        kept("keyed", state="dead", error=error("poison"), attempts="3"),
    ),
    "acknowledged while another message goes on": settled(state="queued", places=("depeche:waiting:low",), elsewhere=1),
    "acknowledged while it waits for its next attempt": settled(state="queued", places=("depeche:delayed",)),
    "a copy is acknowledged after the first was restored": settled(state="running", places=RUNNING, restored=True),
    "an article ended its worker": both(begun_by("dropped", 9), life(9, end="itself", status=-9)),
    "an article ended its worker, which was about to stop": both(begun_by("dropped", 8), life(8, status=-9)),
    "a little slower": left(after=80),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_promise_is_found(name: str) -> None:
    """Each kind by its own rule."""
    rule, change = BROKEN[name]
    assert rule in {violation.rule for violation in check(change(SOUND))}


@pytest.mark.parametrize("name", ALLOWED)
def test_nothing_else_is_found(name: str) -> None:
    """What a fault may do leaves no violation."""
    assert check(ALLOWED[name](SOUND)) == []


def test_every_rule_is_broken_by_a_case() -> None:
    """A new rule needs its case here."""
    found = {rule for _, change in BROKEN.values() for rule in RULES if list(rule(Facts(change(SOUND))))}
    assert found == set(RULES)


def test_a_history_is_read_as_it_was_written(tmp_path: Path) -> None:
    """So the checker can be run again on an earlier run."""
    SOUND.write(tmp_path)
    assert read_history(tmp_path) == SOUND
