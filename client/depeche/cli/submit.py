"""The command that queues articles: ``depeche submit``."""

from __future__ import annotations

import json

import click

from depeche import tracing
from depeche.article import Options
from depeche.cli.results import print_all
from depeche.client import Client
from depeche.errors import DepecheError
from depeche.glossary import read_glossary
from depeche.inputs import read_article, read_lines, read_text
from depeche.output import remark, say
from depeche.queue import PRIORITIES, Priority
from depeche.settings import load_settings


@click.command()
@click.argument("file")
@click.option("--title", help="The article's title. It is translated too.")
@click.option("--key", help="Idempotency key: the same article under the same key is queued once, and has one id.")
@click.option(
    "--priority", type=click.Choice(PRIORITIES), default="normal", show_default=True, help="Which queue it joins."
)
@click.option("--no-summary", is_flag=True, help="Translate only, without a summary.")
@click.option(
    "--sentences",
    type=click.IntRange(1, 20),
    default=3,
    show_default=True,
    help="The summary has at most this many sentences.",
)
@click.option("--force", is_flag=True, help="Translate it as French, whatever language is found.")
@click.option(
    "--glossary",
    help="CSV or TSV file of terms: French, and its English, or nothing where it stays as it is.",
)
@click.option("--jsonl", is_flag=True, help="Each line of FILE is an article as JSON. Print one task id for each line.")
@click.option("--wait", "waits", is_flag=True, help="Wait for the result, and print it instead of the task id.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: the result with --wait, else the task id.")
def submit(
    file: str,
    title: str | None,
    key: str | None,
    priority: Priority,
    no_summary: bool,
    sentences: int,
    force: bool,
    glossary: str | None,
    jsonl: bool,
    waits: bool,
    as_json: bool,
) -> None:
    """Queue the article in FILE, and print its task id.

    With - as FILE, the article is read from standard input. With --jsonl, a line may have the fields text, title,
    language, source_url, metadata and key (see --key). Only text is needed. All other fields come back in the result's
    source.metadata. If one line is faulty, nothing is queued.
    """
    if jsonl and (title or key):
        raise click.UsageError("--title and --key cannot be used with --jsonl: give each line its own")
    settings = load_settings()
    articles = read_lines(read_text(file), settings.max_article_chars) if jsonl else [(read_article(file, title), key)]
    terms = read_glossary(glossary) if glossary else []
    options = Options(summary=not no_summary, summary_sentences=sentences, force=force, glossary=terms)
    tracing.set_up("depeche")
    with Client(settings) as client:
        task_ids = []
        for article, its_key in articles:
            try:
                task_ids.append(client.submit(article, options=options, priority=priority, key=its_key))
                # With --wait, standard output is for the results; the ids must not be lost if the wait is broken off.
                shown = json.dumps({"id": task_ids[-1]}) if as_json and not waits else task_ids[-1]
                remark(shown) if waits else say(shown)
            except DepecheError:
                if task_ids:
                    remark(f"depeche: {len(task_ids)} of {len(articles)} articles were queued, last {task_ids[-1]}")
                raise
        if waits:
            print_all(client.wait, task_ids, "json" if as_json else "text")
