"""What is read from an append-only file: each job's moments, and where each message was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.torture.aof import Record, files_of, transactions
from benchmarks.torture.history import Moment, Settled

JOB, RESULT, MESSAGE = "depeche:job:a", "celery-task-meta-a", "depeche:message:a"
WAITING, RUNNING = "depeche:waiting:normal", "depeche:running"

TEXT = json.dumps({"headers": {"id": "a"}})
ENTRY = json.dumps([{"headers": {"id": "a"}}, "", "articles"])

QUEUED = [
    ["HSET", JOB, "state", "queued", "priority", "normal"],
    ["PEXPIREAT", JOB, "1"],
    ["ZADD", WAITING, "5", "a"],
    ["SET", MESSAGE, TEXT, "PXAT", "1"],
    ["SET", RESULT, '{"status": "QUEUED"}'],
    ["LPUSH", "articles", TEXT],
]
TAKEN = [["RPOP", "articles"]]
HELD = [["ZADD", "unacked_index", "6", "t"], ["HSET", "unacked", "t", ENTRY]]
STARTED = [
    ["ZREM", WAITING, "a"],
    ["HINCRBY", JOB, "run", "1"],
    ["HINCRBY", JOB, "attempts", "1"],
    ["HSET", JOB, "state", "running", "worker", "host:1:x"],
    ["ZADD", RUNNING, "9", "a"],
    ["SET", RESULT, '{"status": "STARTED"}'],
]
ENDED = [
    ["ZREM", RUNNING, "a"],
    ["DEL", MESSAGE],
    ["HSET", JOB, "state", "succeeded"],
    ["SET", RESULT, '{"status": "SUCCESS"}'],
]
ACKNOWLEDGED = [["HDEL", "unacked", "t"], ["ZREM", "unacked_index", "t"]]
RESTORED = [["ZREM", "unacked_index", "t"], ["HDEL", "unacked", "t"], ["RPUSH", "articles", TEXT]]

IN_ORDER = [QUEUED, TAKEN, HELD, STARTED, ENDED, ACKNOWLEDGED]


def written(steps: list[list[list[str]]]) -> bytes:
    """As Redis writes it: what was changed together is between MULTI and EXEC."""
    commands = [command for step in steps for command in ([["MULTI"], *step, ["EXEC"]] if len(step) > 1 else step)]
    parts = [f"*{len(command)}\r\n" + "".join(_bulk(part) for part in command) for command in commands]
    return "".join(parts).encode(errors="surrogateescape")


def _bulk(text: str) -> str:
    return f"${len(text.encode(errors='surrogateescape'))}\r\n{text}\r\n"


def record_of(folder: Path, data: bytes) -> Record:
    """What is read from a file with these data."""
    (folder / "appendonly.aof").write_bytes(data)
    return Record(transactions(files_of(folder)))


def test_a_job_from_its_submit_to_its_end(tmp_path: Path) -> None:
    """One moment for each step that changed it, none within a step, and one message settled at the end."""
    found = record_of(tmp_path, written(IN_ORDER))
    assert found.moments == [
        Moment("a", "queued", told="QUEUED", places=(WAITING,), has_message=True),
        Moment("a", "running", 1, 1, "host:1:x", "STARTED", (RUNNING,), has_message=True),
        Moment("a", "succeeded", 1, 1, "host:1:x", "SUCCESS"),
    ]
    assert found.settled == [Settled("a", "succeeded", True, 1)]
    assert found.vanished == []


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([TAKEN, HELD, ACKNOWLEDGED], Settled("a", None, False)),
        ([QUEUED, TAKEN, HELD, ACKNOWLEDGED], Settled("a", "queued", True, 0, (WAITING,))),
        ([QUEUED, TAKEN, HELD, STARTED, ACKNOWLEDGED], Settled("a", "running", True, 1, (RUNNING,))),
        (
            [QUEUED, TAKEN, HELD, STARTED, [["RPUSH", "articles", TEXT]], ACKNOWLEDGED],
            Settled("a", "running", True, 1, (RUNNING,), 1),
        ),
        (
            [QUEUED, TAKEN, HELD, RESTORED, STARTED, TAKEN, HELD, ACKNOWLEDGED],
            Settled("a", "running", True, 1, (RUNNING,), restored=True),
        ),
        (
            [QUEUED, TAKEN, HELD, STARTED, RESTORED, TAKEN, HELD, ACKNOWLEDGED],
            Settled("a", "running", True, 1, (RUNNING,), restored=True),
        ),
    ],
    ids=[
        "of nothing",
        "while it waits",
        "while it runs",
        "with another on the queue",
        "of one that went back before the start",
        "of one that went back after it",
    ],
)
def test_an_acknowledgement(tmp_path: Path, steps: list[list[list[str]]], expected: Settled) -> None:
    """What was known of the job at that moment."""
    # Nobody has queued it here, and the list would otherwise be empty.
    before = [] if steps[0] is QUEUED else [[["LPUSH", "articles", TEXT]]]
    assert record_of(tmp_path, written([*before, *steps])).settled == [expected]


def test_a_refused_message(tmp_path: Path) -> None:
    """It is held as the text that lay on the queue, and is done with once there is a dead letter with this text."""
    text = "pas un message"
    taken = [
        [["LPUSH", "articles", text]],
        TAKEN,
        [["HSET", "unacked", "t", json.dumps([text, "", ""])]],
    ]
    letter = [["SET", "depeche:message:x", text], ["HSET", "depeche:job:x", "state", "dead"]]
    found = record_of(tmp_path, written([*taken, letter, ACKNOWLEDGED]))
    assert ([one.known for one in found.settled], found.vanished) == ([True], [])
    assert [one.known for one in record_of(tmp_path, written([*taken, ACKNOWLEDGED])).settled] == [False]


def test_a_message_that_no_worker_ever_held(tmp_path: Path) -> None:
    """It was on its way when its worker died. One that was moved from list to list was not."""
    moved = [["RPOP", "articles\x06\x163"], ["LPUSH", "articles", "garbage"]]
    steps = [QUEUED, TAKEN, [["LPUSH", "articles\x06\x163", "garbage"]], moved]
    assert record_of(tmp_path, written(steps)).vanished == ["a"]


@pytest.mark.parametrize("cut", range(1, len(written([STARTED])), 7))
def test_what_was_not_written_to_its_end_did_not_happen(tmp_path: Path, cut: int) -> None:
    """A kill may cut the file anywhere; what a step changes is there whole, or not at all."""
    found = record_of(tmp_path, written(IN_ORDER[:4])[:-cut])
    assert [moment.state for moment in found.moments] == ["queued"]


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    """They are read as they are."""
    found = record_of(tmp_path, written([[["HSET", JOB, "state", "queued", "priority", "\udcff\udcfe"]]]))
    assert [moment.state for moment in found.moments] == ["queued"]


def test_a_command_that_is_not_known(tmp_path: Path) -> None:
    """A change that the copy would miss is an error, and not silently left out."""
    with pytest.raises(ValueError, match=f"it is not known here what HPEXPIRE does to {JOB}"):
        record_of(tmp_path, written([[["HPEXPIRE", JOB, "1"]]]))


def test_a_file_in_parts(tmp_path: Path) -> None:
    """From Redis 7 on there are a base and increments, in a folder with a manifest; and annotations of times."""
    folder = tmp_path / "appendonlydir"
    folder.mkdir()
    (folder / "appendonly.aof.manifest").write_text(
        "file appendonly.aof.1.base.rdb seq 1 type b\n"
        "file appendonly.aof.1.incr.aof seq 1 type i\nfile appendonly.aof.2.incr.aof seq 2 type i\n"
    )
    (folder / "appendonly.aof.1.base.rdb").write_bytes(b"REDIS0010")
    (folder / "appendonly.aof.1.incr.aof").write_bytes(b"#TS:1\r\n" + written(IN_ORDER[:2]))
    (folder / "appendonly.aof.2.incr.aof").write_bytes(written(IN_ORDER[2:]))
    found = Record(transactions(files_of(tmp_path)))
    assert [moment.state for moment in found.moments] == ["queued", "running", "succeeded"]
