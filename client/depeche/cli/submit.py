"""The command that queues articles: ``depeche submit``."""

from __future__ import annotations

import click

from depeche import tracing
from depeche.article import Options
from depeche.batches import check_name
from depeche.cli.groups import Interrupted, examples
from depeche.cli.input_options import Input, input_options, processing_options
from depeche.cli.queueing import Announcer, Manner, Queueing
from depeche.cli.rejects import Rejects
from depeche.cli.results import QUIET, print_all
from depeche.cli.surveying import Faulty, look_through, report, report_dry_run
from depeche.client import Client
from depeche.inputs.duplicates import KeysSeen
from depeche.queue import PRIORITIES, Priority


@click.command(
    epilog=examples(
        "depeche submit article.txt --title 'À Port-Amel, le tramway arrive'",
        "depeche submit article.txt --wait",
        "depeche submit articles --recursive --glob '*.txt' --key-by content > ids.txt",
        "depeche submit --jsonl articles.jsonl --rejects rejects.jsonl --block > ids.txt",
        "depeche submit --csv articles.csv --text-field corps --key-field ref > ids.txt",
    )
)
@input_options
@click.option("--title", help="The article's title. It is translated too.")
@click.option("--key", help="Idempotency key: the same article under the same key is queued once, and has one id.")
@click.option(
    "--key-by",
    type=click.Choice(["content"]),
    help="Make a key of each article and its options where it has none: the same command again queues nothing twice.",
)
@click.option(
    "--priority", type=click.Choice(PRIORITIES), default="normal", show_default=True, help="Which queue they join."
)
@processing_options
@click.option("--batch", metavar="NAME", help="Count them together under this name: see depeche batch.")
@click.option("--rejects", metavar="FILE", help="Queue the good ones, and write the others to FILE as JSON lines.")
@click.option("--skip", type=click.IntRange(0), default=0, help="Pass over so many articles, which are queued already.")
@click.option("--block", is_flag=True, help="Where the queue is full, wait for room.")
@click.option("--dry-run", is_flag=True, help="Queue nothing: count articles, sentences and faults.")
@click.option("--wait", "waits", is_flag=True, help="Wait for the results, and print them instead of the task ids.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON: the results with --wait, else ids and where each is from."
)
@QUIET
def submit(
    given: Input,
    title: str | None,
    key: str | None,
    key_by: str | None,
    priority: Priority,
    options: Options,
    batch: str | None,
    rejects: str | None,
    skip: int,
    block: bool,
    dry_run: bool,
    waits: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Queue the articles in PATH..., and print their task ids, one a line, in order.

    PATH is a file, a folder, or - for standard input. A text file is an article, and so is a web page, a Word file, a
    PDF, a Markdown text or a file of subtitles; a feed or a mailbox has several.

    With --jsonl, a line may have the fields text, title, language, source_url, metadata and key (see --key); only text
    is needed, and all other fields come back in the result's source.metadata. The same holds for the columns of a table
    with --csv.

    The whole input is looked through first. If there is a fault in it nothing is queued, and each fault has a line on
    standard error; with --rejects the good ones are queued. The exit status is 2 if there was a fault. Ctrl-C and a
    full queue say how many are queued, and how to go on.
    """
    if (title or key) and not given.is_one_text:
        raise click.UsageError(
            "--title and --key are for one text: in JSON lines and tables, give each article its own"
        )
    check_name(batch)
    from depeche.settings import load_settings

    settings = load_settings()
    tracing.set_up("depeche")
    with given.sources(without=rejects) as sources, KeysSeen() as seen, Rejects(rejects, given.paths) as rejected:
        entries = given.entries(sources, settings.max_article_chars, title, key)
        try:
            found = look_through(entries, seen, rejected, count_sentences=dry_run, quiet=quiet)
        except KeyboardInterrupt:
            raise Interrupted("stopped by Ctrl-C; nothing was queued") from None
        if not quiet:
            report(sources.passed_over)
        if dry_run:
            report_dry_run(found)
            raise SystemExit(2 if found.refused else 0)
        if found.refused and not rejects:
            raise Faulty(found)
        manner = Manner(options, priority, batch, by_content=key_by is not None)
        announcer = Announcer(as_json=as_json, waits=waits)
        with Client(settings) as client:
            silent = quiet or given.is_one_text
            work = Queueing(client, found, rejected, announcer, manner, quiet=silent)
            work.execute(entries, seen, skip=skip, block=block)
            if waits:
                print_all(client.wait, announcer.task_ids, "json" if as_json else "text")
    if work.exit_status or found.refused:
        raise SystemExit(work.exit_status or 2)
