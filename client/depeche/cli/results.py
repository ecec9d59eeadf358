"""The commands that give results: ``depeche result``, ``results`` and ``wait``."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click

from depeche.article import ArticleResult
from depeche.cli.attending import attending
from depeche.cli.delivery import FORMAT, FORMAT_OF_FILES, OUT, SAME, Delivery
from depeche.cli.groups import SAMPLE_ID, Interrupted, complain, examples
from depeche.cli.task_ids import Submitted, TaskIds
from depeche.client import Client
from depeche.collecting import Collector, Outcome
from depeche.errors import DepecheError, NotReady
from depeche.output import remark, say_result
from depeche.progress import Tally, spaced

IDS = click.option("--ids", "file", metavar="FILE", help="A file with a task id on each line.")
QUIET = click.option("--quiet", is_flag=True, help="Neither progress nor counts on standard error, only errors.")


@click.command(epilog=examples(f"depeche result {SAMPLE_ID}", f"depeche result {SAMPLE_ID} --format json"))
@click.argument("task_id", metavar="ID")
@FORMAT
def result(task_id: str, layout: str | None) -> None:
    """Print the result of a finished job."""
    with Client() as client:
        say_result(client.result(task_id), layout or "text")


@click.command(
    epilog=examples(
        f"depeche results {SAMPLE_ID} --format json",
        "depeche results --ids ids.txt --out english",
        "depeche results - --out english.jsonl < ids.txt",
        "depeche results --ids submitted.jsonl --out english --format same",
    )
)
@click.argument("task_ids", metavar="[ID|-]...", nargs=-1)
@IDS
@OUT
@FORMAT_OF_FILES
@QUIET
def results(task_ids: tuple[str, ...], file: str | None, out: str | None, layout: str | None, quiet: bool) -> None:
    """Fetch the results that are there, without waiting for the others.

    They come in the order of the ids, which are arguments, or stand one a line in a file or on standard input (-). The
    exit status is 3 if some are not ready, and 5 if a job failed; each failure has a line on standard error.
    """
    ids = TaskIds(task_ids, file)
    with Client() as client, Delivery(out, layout, many=ids.listed or len(task_ids) > 1) as delivery:
        tally = Tally(ids.count)
        with attending(client, tally, quiet=quiet or not ids.listed):
            shelf = _Shelf(delivery, tally)
            status = _deliver(Collector(client, shelf.keeper).now(shelf.missing(ids)), delivery, tally)
    _conclude(tally, status, quiet=quiet or not (ids.listed or delivery.to_files))


@click.command(
    epilog=examples(
        f"depeche wait {SAMPLE_ID} --timeout 600",
        "depeche wait --ids ids.txt --out english --format html",
        "depeche submit --jsonl articles.jsonl | depeche wait - --format json --as-completed > english.jsonl",
    )
)
@click.argument("task_ids", metavar="[ID|-]...", nargs=-1)
@IDS
@click.option("--timeout", "timeout_s", type=click.FloatRange(min=0), help="Wait at most this many seconds in all.")
@click.option("--as-completed", is_flag=True, help="Give each result as soon as it is there, in any order.")
@OUT
@FORMAT_OF_FILES
@QUIET
def wait(
    task_ids: tuple[str, ...],
    file: str | None,
    timeout_s: float | None,
    as_completed: bool,
    out: str | None,
    layout: str | None,
    quiet: bool,
) -> None:
    """Wait for jobs, and give their results in the order of the ids.

    The ids are arguments, or stand one a line in a file or on standard input (-). A job that fails is reported on
    standard error, and the others go on. The exit status is then that of the first job that failed.
    """
    ids = TaskIds(task_ids, file)
    with Client() as client, Delivery(out, layout, many=ids.listed or len(task_ids) > 1) as delivery:
        tally = Tally(ids.count)
        # In a folder there is no order, so nothing need wait for its turn.
        in_order = not (as_completed or delivery.in_folder)
        shelf = _Shelf(delivery, tally)
        try:
            with attending(client, tally, quiet=quiet):
                collector, missing = Collector(client, shelf.keeper), shelf.missing(ids)
                status = _deliver(collector.ends(missing, in_order=in_order, timeout_s=timeout_s), delivery, tally)
        except KeyboardInterrupt:
            raise Interrupted(_stopped(tally)) from None
    _conclude(tally, status, quiet=quiet or not (ids.listed or delivery.to_files))


def print_all(fetch: Callable[[str], ArticleResult], task_ids: Iterable[str], layout: str) -> None:
    """Print each result as soon as it can be had. A job that failed is reported, and the others go on.

    Raises:
        SystemExit: at the end, with the exit status of the first job that failed.
    """
    faults = []
    for task_id in task_ids:
        try:
            say_result(fetch(task_id), layout)
        except DepecheError as error:
            if error.exit_status == 6:
                raise
            complain(error)
            faults.append(error)
    if faults:
        raise SystemExit(faults[0].exit_status)


@dataclass
class _Shelf:
    """A delivery for jobs that are known by their ids, and what is said of their articles beside these."""

    delivery: Delivery
    tally: Tally
    said: dict[str, deque[Submitted]] = field(default_factory=dict)

    def missing(self, ids: TaskIds) -> Iterator[str]:
        """The ids whose results are not there yet.

        Raises:
            click.UsageError: documents are to keep their structure, and an id stands there alone.
        """
        for job in ids.submitted():
            if self.delivery.in_structure and job.source is None:
                raise click.UsageError(
                    f"--format {SAME} must know the document of {job.task_id}: give --ids with a file of what "
                    "depeche submit --json prints"
                )
            if self.delivery.has(self._identity(job)):
                self.tally.kept += 1
                continue
            if self.delivery.in_structure:
                self.said.setdefault(job.task_id, deque()).append(job)
            yield job.task_id

    @property
    def keeper(self) -> Callable[[str, ArticleResult], None] | None:
        """What puts results into a folder; None elsewhere, where they have an order."""
        return self._keep if self.delivery.in_folder else None

    def _keep(self, task_id: str, result: ArticleResult) -> None:
        if not self.delivery.in_structure:
            self.delivery.put(result, task_id, result.title_fr)
            return
        # An id that is given twice is answered twice, perhaps for two documents with the same prose.
        job = self.said[task_id].popleft()
        label = Path(job.source).stem if job.origin and job.source else result.title_fr
        self.delivery.put(result, self._identity(job), label, job.origin)

    def _identity(self, job: Submitted) -> str:
        return job.origin.identity(job.task_id) if self.delivery.in_structure and job.origin else job.task_id


def _deliver(outcomes: Iterable[Outcome], delivery: Delivery, tally: Tally) -> int:
    """Take each outcome where it belongs. Returns the exit status of the first failure, or 0."""
    status = 0
    for outcome in outcomes:
        if outcome.result is not None:
            if not delivery.in_folder:
                delivery.put(outcome.result, outcome.task_id, outcome.result.title_fr)
            tally.done += 1
        elif error := outcome.error:
            status = status or error.exit_status
            if isinstance(error, NotReady):
                tally.open += 1
            else:
                tally.failed += 1
            complain(error)
    return status


def _conclude(tally: Tally, status: int, *, quiet: bool) -> None:
    if not quiet:
        parts = [f"{spaced(tally.done)} results"]
        parts += [f"{spaced(tally.kept)} were there before"] if tally.kept else []
        parts += [f"{spaced(tally.failed)} failed"] if tally.failed else []
        parts += [f"{spaced(tally.open)} are not ready"] if tally.open else []
        remark(f"depeche: {', '.join(parts)}")
    if status:
        raise SystemExit(status)


def _stopped(tally: Tally) -> str:
    of = "" if tally.total is None else f" of {spaced(tally.total)}"
    return f"stopped by Ctrl-C after {spaced(tally.ended)}{of}; the jobs go on: run the same command again to wait on"
