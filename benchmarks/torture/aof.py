"""Redis' own history: its append-only file has every change in order, each with all that was changed in one step."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from benchmarks.torture.history import Moment, Settled
from benchmarks.torture.mail import Mail
from depeche import keys

Command = list[bytes]

#: The sets of the ledger, in one of which each job is that has not ended, or is dead.
SETS = (*keys.WAITING_SETS.values(), keys.DELAYED.name, keys.RUNNING.name, keys.DEAD.name)


def files_of(folder: Path) -> list[Path]:
    """The parts of the append-only file in a server's folder, in order: one up to Redis 6.2, and several from 7 on."""
    single = folder / "appendonly.aof"
    if single.is_file():
        return [single]
    parts = folder / "appendonlydir"
    manifest = (parts / "appendonly.aof.manifest").read_text(encoding="utf-8").splitlines()
    # The base is a snapshot of an empty Redis here, as the file is never rewritten.
    return [parts / line.split()[1] for line in manifest if line.split()[-1] == "i"]


def transactions(files: Sequence[Path]) -> Iterator[list[Command]]:
    """What was changed in one step each. What was not written to its end did not happen."""
    for path in files:
        with path.open("rb") as file:
            yield from _transactions(file)


def _transactions(file: BinaryIO) -> Iterator[list[Command]]:
    together: list[Command] | None = None
    while command := _command(file):
        name = command[0].upper()
        if name == b"MULTI":
            together = []
        elif name == b"EXEC":
            yield together or []
            together = None
        elif together is not None:
            together.append(command)
        else:
            yield [command]


def _command(file: BinaryIO) -> Command | None:
    head = file.readline()
    while head.startswith(b"#"):
        head = file.readline()
    if not head.endswith(b"\r\n"):
        return None
    command = []
    for _ in range(int(head[1:])):
        size = file.readline()
        if not size.endswith(b"\r\n"):
            return None
        length = int(size[1:])
        data = file.read(length + 2)
        if len(data) < length + 2:
            return None
        command.append(data[:length])
    return command


class Record:
    """What a run's append-only file tells.

    Args:
        steps: what was changed in one step each.

    Attributes:
        moments: what Redis had of each job after each step that changed something of it.
        settled: the messages that were acknowledged.
        vanished: what the messages are of that were taken off a queue and never held.
    """

    def __init__(self, steps: Iterable[list[Command]]) -> None:
        self.moments: list[Moment] = []
        self.settled: list[Settled] = []
        self._copy, self._mail = Copy(), Mail()
        self._last: dict[str, Moment] = {}
        self._restored: set[str] = set()
        self._known: set[str] = set()
        for step in steps:
            self._follow([[part.decode(errors="surrogateescape") for part in command] for command in step])
        self.vanished = self._mail.vanished()

    def _follow(self, step: list[list[str]]) -> None:
        changed = dict.fromkeys(task_id for command in step for task_id in self._copy.apply(command))
        for task_id in changed:
            moment = self._copy.moment(task_id)
            if moment != self._last.get(task_id, Moment(task_id)):
                self.moments.append(moment)
            self._last[task_id] = moment
            if moment.state is not None:
                self._known.add(task_id)
        let_go, restored = self._mail.apply(step)
        self._restored.update(restored)
        for of in (Counter(let_go) - Counter(restored)).elements():
            now = self._copy.moment(of)
            again = of in self._restored
            elsewhere = self._mail.elsewhere(of)
            # What its sender gave no id is known by its text, which its dead letter keeps.
            known = of in self._known or of in self._copy.texts
            self.settled.append(Settled(of, now.state, known, now.run, now.places, elsewhere, again))


class Copy:
    """A copy of what the append-only file says of jobs. All other keys are left out.

    Attributes:
        texts: all messages that were ever kept.
    """

    def __init__(self) -> None:
        self._records: dict[str, dict[str, str]] = {}
        self._told: dict[str, str] = {}
        self._messages: set[str] = set()
        self.texts: set[str] = set()
        self._sets: dict[str, dict[str, float]] = {name: {} for name in SETS}

    def moment(self, task_id: str) -> Moment:
        """What there is of a job."""
        record = self._records.get(task_id, {})
        return Moment(
            task_id,
            record.get("state"),
            int(record.get("run", 0)),
            int(record.get("attempts", 0)),
            record.get("worker", ""),
            self._told.get(task_id),
            tuple(name for name, members in self._sets.items() if task_id in members),
            task_id in self._messages,
        )

    def apply(self, command: list[str]) -> Iterable[str]:
        """Change the copy as Redis was changed. Returns the task ids of the jobs of which something has changed.

        Raises:
            ValueError: a job was changed by a command that is not known here.
        """
        name, *arguments = command
        key = arguments[0] if arguments else ""
        match name.upper():
            case "DEL" | "UNLINK":
                return [task_id for each in arguments if (task_id := self._forget(each))]
            case "SET" | "GETSET" | "SETEX" | "PSETEX" if _of(key):
                # The value comes last, except in SET, which may have a time to live after it.
                return self._set(key, arguments[1] if name.upper() == "SET" else arguments[-1])
            case "HSET" | "HMSET" | "HSETNX" | "HINCRBY" | "HDEL" if task_id := _part(key, keys.JOB):
                self._change_record(name.upper(), self._records.setdefault(task_id, {}), arguments[1:])
                return [task_id]
            case "ZADD" | "ZREM" | "ZREMRANGEBYSCORE" if key in SETS:
                return self._change_set(name.upper(), self._sets[key], arguments[1:])
            case "EXPIRE" | "PEXPIRE" | "EXPIREAT" | "PEXPIREAT" | "PERSIST":
                return []
            case _ if _of(key) or key in SETS:
                raise ValueError(f"it is not known here what {name} does to {key}")
        return []

    def _forget(self, key: str) -> str | None:
        if task_id := _part(key, keys.JOB):
            self._records.pop(task_id, None)
        elif task_id := _part(key, keys.RESULT):
            self._told.pop(task_id, None)
        elif task_id := _part(key, keys.MESSAGE):
            self._messages.discard(task_id)
        elif key in self._sets:
            self._sets[key].clear()
        return task_id

    def _set(self, key: str, value: str) -> Iterable[str]:
        if task_id := _part(key, keys.RESULT):
            self._told[task_id] = str(json.loads(value)["status"])
        elif task_id := _part(key, keys.MESSAGE):
            self._messages.add(task_id)
            self.texts.add(value)
        return [task_id] if task_id else []

    def _change_record(self, name: str, record: dict[str, str], arguments: list[str]) -> None:
        match name:
            case "HDEL":
                for field in arguments:
                    record.pop(field, None)
            case "HINCRBY":
                record[arguments[0]] = str(int(record.get(arguments[0], 0)) + int(arguments[1]))
            case "HSETNX":
                record.setdefault(*arguments)
            case _:
                record.update(zip(arguments[::2], arguments[1::2], strict=True))

    def _change_set(self, name: str, members: dict[str, float], arguments: list[str]) -> Iterable[str]:
        match name:
            case "ZADD":
                added = dict(zip(arguments[1::2], map(float, arguments[::2]), strict=True))
                members.update(added)
                return added
            case "ZREM":
                gone = arguments
            case _:
                low, high = map(float, arguments)
                gone = [member for member, score in members.items() if low <= score <= high]
        for member in gone:
            members.pop(member, None)
        return gone


def _of(key: str) -> bool:
    return any(_part(key, kind) for kind in (keys.JOB, keys.MESSAGE, keys.RESULT))


def _part(key: str, kind: keys.Key) -> str | None:
    return key.removeprefix(kind.prefix) if key.startswith(kind.prefix) else None
