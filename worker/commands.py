"""The command that needs the models and is still one of ``depeche``: ``depeche translate``."""

from __future__ import annotations

import click

from depeche import status_line
from depeche.article import Options, Progress
from depeche.cli.delivery import FORMAT
from depeche.cli.groups import examples
from depeche.documents import Document, read_path, rebuild
from depeche.errors import InvalidArticle
from depeche.glossary import read_glossary
from depeche.output import remark, say, say_result


@click.command(
    "translate",
    epilog=examples(
        "DEPECHE_PROFILE=embedded depeche translate article.txt",
        "depeche translate - --format html < article.txt > article.html",
        "depeche translate notes.md --same-structure > notes.en.md",
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
@click.option(
    "--same-structure",
    is_flag=True,
    help="Print the English as the document is: Markdown for Markdown, subtitles for subtitles.",
)
@FORMAT
def translate_file(
    file: str,
    title: str | None,
    no_summary: bool,
    sentences: int,
    force: bool,
    glossary: str | None,
    same_structure: bool,
    layout: str | None,
) -> None:
    """Translate FILE in this process, without a queue, and print the result.

    FILE is a text, or a document with one article. The models are those of DEPECHE_PROFILE, as a worker loads them.
    With - as FILE, it is read from standard input. For more than a few articles start a worker: it loads the models
    once.
    """
    from worker.in_process import translate

    if same_structure and layout:
        raise click.UsageError("--same-structure and --format say how to print the result: give one of them")
    document = _read(file)
    article = document.article if title is None else document.article.model_copy(update={"title": title})
    if same_structure and document.skeleton is None:
        raise click.UsageError(f"--same-structure is for Markdown and subtitles, and this is {document.kind}")
    terms = read_glossary(glossary) if glossary else []
    options = Options(summary=not no_summary, summary_sentences=sentences, force=force, glossary=terms)
    status_line.show("loading the models")
    try:
        result = translate(article, options, on_progress=_show)
    finally:
        status_line.show("")
    if same_structure and document.skeleton:
        say(rebuild(document.skeleton, result, tell=lambda line: remark(f"depeche: {line}")).rstrip("\n"))
    else:
        say_result(result, layout or "text")


def _read(file: str) -> Document:
    """The one document in a file.

    Raises:
        InvalidArticle: it cannot be read, or has several articles.
    """
    found = read_path(file)
    if len(found) != 1:
        raise InvalidArticle(f"{file} has {len(found)} articles: give one, or have them queued by depeche run")
    for warning in found[0].warnings:
        remark(f"depeche: {warning}")
    return found[0]


def _show(progress: Progress) -> None:
    status_line.show(f"{progress.stage}: {progress.done} of {progress.total}")
