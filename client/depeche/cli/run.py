"""The command that does everything for many articles: ``depeche run``."""

from __future__ import annotations

import time
from pathlib import Path

import click

from depeche import tracing
from depeche.article import Options
from depeche.cli.attending import attending
from depeche.cli.delivery import FORMAT, Delivery
from depeche.cli.failures import Failures
from depeche.cli.groups import Interrupted, examples
from depeche.cli.input_options import Input, input_options, processing_options
from depeche.cli.results import QUIET
from depeche.client import Client
from depeche.errors import DepecheError
from depeche.inputs import Entry
from depeche.output import remark
from depeche.progress import Tally, duration, spaced
from depeche.queue import PRIORITIES, Priority
from depeche.running import Run, Source
from depeche.settings import load_settings


@click.command(
    epilog=examples(
        "depeche run articles/*.txt --out english --format html",
        "depeche run --jsonl articles.jsonl --out english.jsonl",
    )
)
@input_options
@click.option(
    "--out",
    metavar="DIR|FILE",
    required=True,
    help="A folder for a file each, or a file of JSON lines if the name ends in .jsonl. What is there stays.",
)
@FORMAT
@click.option(
    "--priority", type=click.Choice(PRIORITIES), default="normal", show_default=True, help="Which queue they join."
)
@processing_options
@QUIET
def run(
    given: Input,
    out: str,
    layout: str | None,
    priority: Priority,
    options: Options,
    quiet: bool,
) -> None:
    """Have the articles in PATH... translated, and put their results into a folder or a file.

    Stop it when you like, or lose the machine: the same command again goes on where it was. Nothing is translated
    twice, as each article has a key, which is made of its text and options where the input gives none, and what is
    there stays.

    Each article that came to nothing has a line on standard error, and in the end there is a table of the reasons. The
    exit status is 2 if only articles of the input were refused, and 5 if a job failed.
    """
    settings = load_settings()
    tracing.set_up("depeche")
    tally, failures, began = Tally(), Failures(), time.monotonic()
    with Client(settings) as client, Delivery(out, layout, many=True) as delivery, given.sources() as files:
        work = Run(client, delivery, tally, failures.add, options=options, priority=priority)
        try:
            with attending(client, tally, quiet=quiet):
                work.execute(map(_source, given.entries(files, settings.max_article_chars)))
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt | DepecheError):
                stopped = _stopped(tally, work.open, out)
                for line in failures.table():
                    remark(line)
                if isinstance(error, KeyboardInterrupt):
                    raise Interrupted(stopped) from None
                remark(f"depeche: {stopped}")
            raise
    if not quiet:
        remark(f"depeche: {_summary(tally, out)}, in {duration(time.monotonic() - began)}")
    for line in failures.table():
        remark(line)
    raise SystemExit(failures.exit_status)


def _source(entry: Entry) -> Source:
    if entry.warning:
        remark(f"depeche: {entry.place}: {entry.warning}")
    label = Path(entry.source).stem if entry.line is None and entry.part is None else None
    return Source(entry.place, entry.article, entry.key, label, entry.error)


def _summary(tally: Tally, out: str) -> str:
    there = f" ({spaced(tally.kept)} were there before)" if tally.kept else ""
    failed = f", {spaced(tally.failed)} failed" if tally.failed else ""
    return f"{spaced(tally.done + tally.kept)} of {spaced(tally.ended)} results are in {out}{there}{failed}"


def _stopped(tally: Tally, open_: int, out: str) -> str:
    return (
        f"stopped: {spaced(tally.done + tally.kept)} results are in {out}, and {spaced(open_)} articles are queued or "
        "in work; run the same command again, and it goes on from here"
    )
