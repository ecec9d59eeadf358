"""What ``depeche top``, ``list`` and ``stats --watch`` show, as lines of text. Nothing is read or written here."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial

import click

from depeche.article import Progress, Stats
from depeche.listing import JobList, ListedJob
from depeche.overview import RATE_S, About, Ends, Overview
from depeche.printable import printable
from depeche.progress import duration, spaced

#: Where there is no terminal that has a width.
PLAIN_COLUMNS = 160

#: A task id, a worker's name and a code are cut where they are longer than that. JSON has the whole of them.
MAX_CELL = 64

_heading = partial(click.style, bold=True)
_muted = partial(click.style, dim=True)
_warning = partial(click.style, fg="yellow")

NO_WORKER = "no worker is alive: start one with depeche-worker run"


def top_screen(found: Overview, columns: int, rows: int, note: str = "") -> list[str]:
    """The lines of ``depeche top``.

    Args:
        found: what is shown.
        columns: of the terminal. No line is longer.
        rows: of the terminal, in which it all must fit; what does not is counted.
        note: something to say in the first line, such as how to end.
    """
    head = [_title(found, columns, note), *_counts(found, columns), ""]
    return head + _work(found, columns, max(3, rows - len(head)))


def job_table(found: Sequence[ListedJob], state: str, columns: int) -> list[str]:
    """The lines of ``depeche list``: a heading, and a line for each job."""
    times = {"delayed": "DUE IN", "running": "FOR", "queued": "WAITS"}.get(state, "ENDED AGO")
    if state == "running":
        running = [(job.id, *_how_far(job), _elapsed(job), str(job.attempts), _worker(job)) for job in found]
        return _table(("ID", "STAGE", "DONE", times, "TRIES", "WORKER"), running, columns)
    since = _until if state == "delayed" else _elapsed
    rows = [(job.id, since(job), str(job.attempts), job.code or "", job.batch or "") for job in found]
    return _table(("ID", times, "TRIES", "CODE", "BATCH"), rows, columns)


def what_is_not_listed(found: JobList, state: str) -> str:
    """What whoever reads the list should know; empty where it is all there is."""
    if found.more:
        return f"{spaced(found.more)} more are {state}: raise --limit to see them"
    if not found.complete:
        return f"there may be more that have {_ended_as(state)}: raise --limit to see them"
    if state in {"failed", "succeeded", "cancelled"}:
        if found.known_since is None:
            return f"{_NO_EVENTS}, so it is not known which jobs have {_ended_as(state)}"
        return f"the events go back to {found.known_since[:19].replace('T', ' ')} UTC: earlier ends are not known"
    return ""


def stats_block(found: Stats) -> list[str]:
    """The lines of ``depeche stats``."""
    queued = [f"queued, {priority:<8}{count}" for priority, count in found.queued.items()]
    return queued + [f"{name:<16}{count}" for name, count in found.model_dump(exclude={"queued"}).items()]


def stats_line(found: Stats, at: datetime) -> str:
    """The same in one line, with the time."""
    counts = {f"queued.{priority}": count for priority, count in found.queued.items()}
    counts |= found.model_dump(exclude={"queued"})
    return " ".join([at.isoformat(timespec="seconds"), *(f"{name}={count}" for name, count in counts.items())])


def fit(text: str, width: int) -> str:
    """Text in a cell of so many columns: control characters are shown, and what is too long is cut and ends in dots."""
    text = printable(text).replace("\n", "\\n").replace("\t", "\\t")
    # What is much too long need not be measured.
    wide = [(character, _columns(character)) for character in text[: 2 * width + 100]]
    if sum(each for _, each in wide) <= width:
        return text + " " * (width - sum(each for _, each in wide))
    kept, room = "", max(0, width - 2)
    for character, each in wide:
        if each > room:
            break
        kept, room = kept + character, room - each
    return (kept + ".."[:width]) + " " * room


def none_found(state: str) -> str:
    """What is said in the place of an empty list."""
    open_or_dead = state in {"queued", "delayed", "running", "dead"}
    return f"no job is {state}" if open_or_dead else f"no job is known that has {_ended_as(state)}"


_NO_EVENTS = "Redis has no events (nothing has ended for 30 days, or DEPECHE_MAX_EVENTS is 0)"


def _ended_as(state: str) -> str:
    return "been cancelled" if state == "cancelled" else state


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def _title(found: Overview, columns: int, note: str) -> str:
    at = datetime.fromtimestamp(found.at, UTC).strftime("%H:%M:%S UTC")
    text = f"depeche top  {at}  {_count(found.stats.workers, 'worker')} alive"
    return _heading((fit(text, columns - len(note)) + note).rstrip())


def _counts(found: Overview, columns: int) -> Iterator[str]:
    stats = found.stats
    yield _line("Queued", " | ".join(_queue(name, count, found) for name, count in stats.queued.items()), columns)
    yield _line("Running", _running(found), columns)
    others = f"{spaced(stats.delayed)} wait for another attempt, {spaced(stats.dead)} dead"
    yield _line("Others", others, columns)
    yield _line("Ended", _rate(found.ends), columns)
    yield _line("", _states(found.ends), columns)
    if found.ends.codes:
        codes = ", ".join(f"{code} {spaced(count)}" for code, count in found.ends.codes.items())
        yield _warning(_line("Failures", codes, columns))
    if not stats.workers and (found.in_work or sum(stats.queued.values())):
        yield _warning(fit(NO_WORKER, columns).rstrip())


def _line(name: str, text: str, columns: int) -> str:
    return fit(f"{name:<10}{text}", columns).rstrip()


def _queue(priority: str, count: int, found: Overview) -> str:
    oldest = {str(name): age for name, age in found.oldest_s.items()}.get(priority)
    return f"{priority} {spaced(count)}" + (f", oldest {duration(oldest)}" if oldest is not None else "")


def _running(found: Overview) -> str:
    lost = max(0, found.in_work - found.stats.running)
    return spaced(found.stats.running) + (f", and {spaced(lost)} whose worker is lost" if lost else "")


def _rate(ends: Ends) -> str:
    if ends.per_second is None:
        return "no event in the last hour"
    rate = ends.per_second
    return f"{rate:.0f} a second lately" if rate >= 10 else f"{RATE_S * rate:.0f} in the last minute"


def _states(ends: Ends) -> str:
    if not ends.count:
        return ""
    counts = ", ".join(f"{spaced(count)} {state}" for state, count in ends.states.items() if count)
    return f"{counts} in the last {duration(ends.seconds)}"


def _work(found: Overview, columns: int, rows: int) -> list[str]:
    """Who works on what, in at most so many lines, of which the first two are headings."""
    workers, jobs = _workers(found), sorted(found.jobs, key=_worker)
    hidden = max(0, found.in_work - len(jobs)) + max(0, found.stats.workers - len(found.workers))
    if not workers and not hidden:
        return []
    heading, *worker_lines = _table(("WORKER", "MODELS", "CACHE HITS", ""), workers, columns, flexible=1)
    job_heading, *job_lines = _table(
        ("  WORKS ON", "STAGE", "DONE", "FOR"),
        [(f"  {job.id}", *_how_far(job), _elapsed(job)) for job in jobs],
        columns,
    )
    lines: list[tuple[str, int]] = []
    for (name, *_), line in zip(workers, worker_lines, strict=True):
        own = [job_line for job, job_line in zip(jobs, job_lines, strict=True) if _worker(job) == name]
        # What is counted where it has no room are jobs and idle workers.
        lines += [(line, not own), *((job_line, 1) for job_line in own)]
    room = rows - 2
    if hidden or len(lines) > room:
        lines, cut = lines[: max(0, room - 1)], lines[max(0, room - 1) :]
        hidden += sum(count for _, count in cut)
    more = [_muted(fit(f"and {spaced(hidden)} more", columns).rstrip())] if hidden else []
    return [heading, job_heading, *(line for line, _ in lines), *more]


def _workers(found: Overview) -> list[tuple[str, str, str, str]]:
    """Name, models, cache and whether it is idle: of each worker that is alive, or that a job is said to be with."""
    busy = {_worker(job) for job in found.jobs}
    about = {worker.name: worker.about for worker in found.workers}
    return [(name, *_about(about.get(name)), "" if name in busy else "idle") for name in sorted(busy | about.keys())]


def _about(about: About | None) -> tuple[str, str]:
    if about is None:
        return "", ""
    models = ", ".join(filter(None, (about.translation, about.summary)))
    sentences = about.cache_hits + about.cache_misses
    return models, f"{100 * about.cache_hits // sentences}% of {spaced(sentences)}" if sentences else ""


def _how_far(job: ListedJob) -> tuple[str, str]:
    return (job.progress.stage, _done(job.progress)) if job.progress else ("", "")


def _done(progress: Progress) -> str:
    return f"{progress.done}/{progress.total}"


def _elapsed(job: ListedJob) -> str:
    return "" if job.seconds is None else duration(max(0.0, job.seconds))


def _until(job: ListedJob) -> str:
    return "" if job.seconds is None else duration(max(0.0, -job.seconds))


def _worker(job: ListedJob) -> str:
    return f"(lost) {job.worker or ''}" if job.lost else job.worker or ""


def _table(
    heading: Sequence[str], rows: Iterable[Sequence[str]], columns: int, flexible: int | None = None
) -> list[str]:
    """Rows in columns that are as wide as they must be. The flexible one, or else the last, gives way to the others."""
    rows = [heading, *rows]
    widths = [min(MAX_CELL, max(_width(row[place]) for row in rows)) for place in range(len(heading))]
    gives = len(widths) - 1 if flexible is None else flexible
    over = sum(widths) + 2 * (len(widths) - 1) - columns
    if over > 0:
        widths[gives] = max(len(heading[gives]), widths[gives] - over)
    lines = ["  ".join(map(fit, row, widths)).rstrip() for row in rows]
    return [_heading(lines[0]), *lines[1:]]


def _width(text: str) -> int:
    return sum(map(_columns, printable(text[: 2 * MAX_CELL])))


def _count(count: int, noun: str) -> str:
    return f"{spaced(count)} {noun}" if count == 1 else f"{spaced(count)} {noun}s"
