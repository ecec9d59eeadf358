"""The command: runs schedules, one after the other, and says which promises were not kept."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

from benchmarks.torture.checker import check
from benchmarks.torture.history import LOST, read_history
from benchmarks.torture.run import Means, Outcome, run
from benchmarks.torture.schedule import DRIVER, FAULTS, Fault, Schedule, Step, make, read
from benchmarks.torture.shrink import shrink

#: Of the promises that were not kept, only so many are printed.
SHOWN = 20


def main() -> None:
    """Exit status 1 where a promise was not kept."""
    # So that the processes of a run end with it, also where it runs behind a shell that has turned Ctrl-C off.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, frame: sys.exit(128 + number))
    options = _options()
    if options.check:
        history = read_history(options.check)
        found = _show([str(violation) for violation in check(history)])
        calls, moments = len(history.calls), len(history.moments)
        print(f"seed {history.schedule.seed}: {calls} calls, {moments} moments, {found} violations")
        raise SystemExit(bool(found))
    if options.list:
        for schedule in _schedules(options):
            print(*(json.dumps(asdict(step), ensure_ascii=False) for step in schedule.steps), sep="\n")
        return
    means = Means(options.server, options.faketime, options.settle_s)
    total: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    for schedule in _schedules(options):
        outcome = run(schedule, options.out / f"seed-{schedule.seed}", means)
        _report(outcome)
        total.update(runs=1, jobs=_jobs(outcome), violations=len(outcome.violations))
        faults.update(fault.kind for fault in outcome.history.faults if not fault.failed)
        if outcome.violations and options.shrink:
            _shrink(schedule, options, means, {violation.rule for violation in outcome.violations})
    print(f"in all: {dict(total)}, {sum(faults.values())} faults of {len(faults)} kinds: {dict(faults)}")
    raise SystemExit(bool(total["violations"]))


def _options() -> Any:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.torture", description="Random clients, random faults, and a checker."
    )
    parser.add_argument("--seed", type=int, default=1, help="of the first schedule")
    parser.add_argument("--runs", type=int, default=1, help="how many schedules, each with the next seed")
    parser.add_argument("--hours", type=float, default=0, help="go on with further seeds for so long")
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--faults", type=int, default=30)
    parser.add_argument("--rate", type=float, default=40, help="jobs a second")
    parser.add_argument("--lease-s", type=int, help="by default 3 or 5, by the seed")
    parser.add_argument("--kinds", nargs="+", choices=get_args(Fault), help="only these faults")
    parser.add_argument("--schedule", type=Path, metavar="FILE", help="one that was written before")
    parser.add_argument("--list", action="store_true", help="print the schedules, and run nothing")
    parser.add_argument("--shrink", action="store_true", help="cut a schedule that fails down to what it takes")
    parser.add_argument(
        "--tries", type=int, default=2, help="how often a cut schedule is run before it counts as sound"
    )
    parser.add_argument("--check", type=Path, metavar="FOLDER", help="check the history of an earlier run once more")
    parser.add_argument("--out", type=Path, default=Path("build/torture"), help="where histories and logs are kept")
    parser.add_argument(
        "--settle-s", type=float, default=Means.settle_s, help="nothing may stand still so long after the faults"
    )
    parser.add_argument("--server", metavar="PATH", help="another redis-server than the packaged one")
    parser.add_argument(
        "--faketime", type=Path, metavar="LIBRARY", help="libfaketime.so.1: the clock is put on and back"
    )
    return parser.parse_args()


def _schedules(options: Any) -> Iterator[Schedule]:
    if options.schedule:
        yield read(options.schedule)
        return
    kinds = tuple(options.kinds or (get_args(Fault) if options.faketime else FAULTS))
    ends_at, number = time.monotonic() + options.hours * 3600, 0
    while number < options.runs or time.monotonic() < ends_at:
        yield make(
            options.seed + number,
            jobs=options.jobs,
            faults=options.faults,
            rate=options.rate,
            kinds=kinds,
            lease_s=options.lease_s,
        )
        number += 1


def _jobs(outcome: Outcome) -> int:
    return sum(call.do in {"submit", "push", "send"} and call.answer == "ok" for call in outcome.history.calls)


def _report(outcome: Outcome) -> None:
    history = outcome.history
    answers = Counter(f"{call.do} {call.answer}" for call in history.calls)
    states = Counter(record.get("state", "dropped") for record in history.left.records.values())
    lost = sum(call.answer == LOST for call in history.calls)
    failed = [f"{fault.kind} ({fault.failed})" for fault in history.faults if fault.failed]
    print(
        f"seed {history.schedule.seed}, lease {history.schedule.lease_s} s: {_jobs(outcome)} jobs accepted, "
        f"{len(history.faults) - len(failed)} faults, {lost} answers lost, "
        f"{len(history.moments)} moments, {outcome.took_s:.0f} s"
    )
    print(f"  answers {dict(sorted(answers.items()))}")
    print(f"  ends {dict(states)}; {history.left.before:.0f} articles a second before, {history.left.after:.0f} after")
    if failed:
        print(f"  faults that could not be carried out: {failed}")
    _show([str(violation) for violation in outcome.violations])
    print(f"  {len(outcome.violations)} violations; history in {outcome.folder}", flush=True)


def _show(lines: Sequence[str]) -> int:
    print(*(f"  VIOLATION {line}" for line in lines[:SHOWN]), sep="\n", end="\n" if lines else "")
    if len(lines) > SHOWN:
        print(f"  and {len(lines) - SHOWN} more")
    return len(lines)


def _shrink(schedule: Schedule, options: Any, means: Means, rules: set[str]) -> None:
    """First the faults and then the clients' steps, as each fault that is left out makes the runs shorter."""
    folder = options.out / f"seed-{schedule.seed}-shrunk"

    def fails(steps: Sequence[Step]) -> bool:
        cut = schedule.with_steps(steps)
        found = (run(cut, folder, means).violations for _ in range(options.tries))
        failed = any(rules & {violation.rule for violation in violations} for violations in found)
        print(f"  {len(cut.steps)} steps, {len(cut.faults())} faults: {'fails' if failed else 'sound'}", flush=True)
        return failed

    others = [step for step in schedule.steps if step.who != DRIVER]
    faults = shrink(schedule.faults(), lambda some: fails([*others, *some]))
    steps = shrink(others, lambda some: fails([*some, *faults]))
    file = folder.with_suffix(".jsonl")
    schedule.with_steps([*steps, *faults]).write(file)
    print(f"  what it takes: {len(steps)} steps of clients and {len(faults)} faults, in {file}")


if __name__ == "__main__":
    main()
