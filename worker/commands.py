"""The command that needs the models and is still one of ``depeche``: ``depeche translate``."""

from __future__ import annotations

import click

from depeche import status_line
from depeche.article import Options, Progress
from depeche.cli.delivery import FORMAT
from depeche.cli.groups import examples
from depeche.glossary import read_glossary
from depeche.inputs import read_article
from depeche.output import say_result


@click.command(
    "translate",
    epilog=examples(
        "DEPECHE_PROFILE=embedded depeche translate article.txt",
        "depeche translate - --format html < article.txt > article.html",
    ),
)
@click.argument("file")
@click.option("--title", help="The article's title. It is translated too.")
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
    "--glossary", help="CSV or TSV file of terms: French, and its English, or nothing where it stays as it is."
)
@FORMAT
def translate_file(
    file: str,
    title: str | None,
    no_summary: bool,
    sentences: int,
    force: bool,
    glossary: str | None,
    layout: str | None,
) -> None:
    """Translate FILE in this process, without a queue, and print the result.

    The models are those of DEPECHE_PROFILE, as a worker loads them. With - as FILE, the article is read from standard
    input. For more than a few articles start a worker: it loads the models once.
    """
    from worker.in_process import translate

    article = read_article(file, title)
    terms = read_glossary(glossary) if glossary else []
    options = Options(summary=not no_summary, summary_sentences=sentences, force=force, glossary=terms)
    status_line.show("loading the models")
    try:
        result = translate(article, options, on_progress=_show)
    finally:
        status_line.show("")
    say_result(result, layout or "text")


def _show(progress: Progress) -> None:
    status_line.show(f"{progress.stage}: {progress.done} of {progress.total}")
