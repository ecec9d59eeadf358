"""The command that does everything for many articles: ``depeche run``."""

from __future__ import annotations

import time
from pathlib import Path

import click

from depeche import tracing
from depeche.article import Options
from depeche.cli.attending import attending
from depeche.cli.delivery import FORMAT_OF_FILES, SAME, Delivery
from depeche.cli.failures import Failures
from depeche.cli.groups import Interrupted, examples
from depeche.cli.input_options import Input, input_options, processing_options
from depeche.cli.results import QUIET
from depeche.cli.surveying import report
from depeche.client import Client
from depeche.errors import DepecheError
from depeche.inputs import STANDARD_INPUT, Entry
from depeche.inputs.duplicates import KeysSeen
from depeche.inputs.estimate import estimate
from depeche.inputs.survey import checked
from depeche.output import remark
from depeche.progress import Tally, duration, spaced
from depeche.queue import PRIORITIES, Priority
from depeche.running import Run, Source


@click.command(
    epilog=examples(
        "depeche run articles --recursive --glob '*.txt' --out english --format html",
        "depeche run --jsonl articles.jsonl --out english.jsonl",
        "depeche run notes/ --glob '*.md' --out english --format same",
    )
)
@input_options
@click.option(
    "--out",
    metavar="DIR|FILE",
    required=True,
    help="A folder for a file each, or a file of JSON lines if the name ends in .jsonl. What is there stays.",
)
@FORMAT_OF_FILES
@click.option(
    "--priority", type=click.Choice(PRIORITIES), default="normal", show_default=True, help="Which queue they join."
)
@processing_options
@click.option("--retry-failed", is_flag=True, help="Try once more what failed in an earlier run.")
@QUIET
def run(
    given: Input,
    out: str,
    layout: str | None,
    priority: Priority,
    options: Options,
    retry_failed: bool,
    quiet: bool,
) -> None:
    """Have the articles in PATH... translated, and put their results into a folder or a file.

    Stop it when you like, or lose the machine: the same command again goes on where it was. Nothing is translated
    twice, as each article has a key, which is made of its text and options where the input gives none, and what is
    there stays.

    Each article that came to nothing has a line on standard error, and in the end there is a table of the reasons. The
    same command again tells of it again; with --retry-failed it is tried once more. The exit status is 2 if only
    articles of the input were refused, and 5 if a job failed.
    """
    _refuse_own_input(given, out)
    if layout == SAME and "-" in given.paths:
        raise click.UsageError(f"--format {SAME} reads each document once more, and standard input can be read once")
    from depeche.settings import load_settings

    settings = load_settings()
    tracing.set_up("depeche")
    tally, failures, began = Tally(), Failures(), time.monotonic()
    with (
        Client(settings) as client,
        Delivery(out, layout, many=True) as delivery,
        given.sources(without=out) as files,
        KeysSeen() as seen,
    ):
        work = Run(client, delivery, tally, failures.add, options=options, priority=priority, retry_failed=retry_failed)
        try:
            with attending(client, tally, quiet=quiet):
                tally.total = estimate(files, given.form)
                entries = checked(given.entries(files, settings.max_article_chars), seen)
                work.execute(_source(entry, in_structure=delivery.in_structure) for entry in entries)
        except (KeyboardInterrupt, DepecheError) as error:
            _say(failures.table())
            stopped = _stopped(tally, work.open, out)
            if isinstance(error, KeyboardInterrupt):
                raise Interrupted(stopped) from None
            remark(f"depeche: {stopped}")
            raise
    if not quiet:
        report(files.passed_over)
        remark(f"depeche: {_summary(tally, out)}, in {duration(time.monotonic() - began)}")
    _say(failures.table())
    raise SystemExit(failures.exit_status)


def _refuse_own_input(given: Input, out: str) -> None:
    for path in given.paths:
        if Path(path).exists() and Path(out).exists() and Path(path).samefile(out):
            raise click.UsageError(f"{path} is the input, so results cannot go there: give --out another name")


def _say(lines: list[str]) -> None:
    for line in lines:
        remark(line)


def _source(entry: Entry, *, in_structure: bool) -> Source:
    if entry.warning:
        remark(f"depeche: {entry.place}: {entry.warning}")
    # What came through standard input has no name of its own, but perhaps a title.
    named = entry.line is None and entry.part is None and entry.source != STANDARD_INPUT
    label = Path(entry.source).stem if named else None
    origin = entry.origin if in_structure else None
    return Source(entry.place, entry.article, entry.key, label, entry.error, origin)


def _summary(tally: Tally, out: str) -> str:
    there = f" ({spaced(tally.kept)} were there before)" if tally.kept else ""
    failed = f", {spaced(tally.failed)} failed" if tally.failed else ""
    refused = f", {spaced(tally.refused)} refused" if tally.refused else ""
    return f"{spaced(tally.done + tally.kept)} of {spaced(tally.ended)} results are in {out}{there}{failed}{refused}"


def _stopped(tally: Tally, open_: int, out: str) -> str:
    return (
        f"stopped: {spaced(tally.done + tally.kept)} results are in {out}, and {spaced(open_)} articles are queued or "
        "in work; run the same command again, and it goes on from here"
    )
