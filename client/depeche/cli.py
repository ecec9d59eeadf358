"""The ``depeche`` command. Its answers go to standard output, and everything else goes to standard error."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterable

import click

from depeche import tracing
from depeche.article import Article, ArticleResult, JobState, Options, check_key, check_length, parse
from depeche.client import Client
from depeche.commands import ExtensibleCommands, complain
from depeche.dead import dead
from depeche.errors import DepecheError, InvalidArticle
from depeche.files import decode, read_bytes
from depeche.glossary import read_glossary
from depeche.output import remark, say, say_json
from depeche.queue import PRIORITIES, Priority
from depeche.settings import load_settings

EXIT_STATUS = (
    "Exit status: 0 done, 2 bad usage or bad article, 3 not ready, 4 unknown id, 5 the job failed, 6 no Redis, "
    "7 queue full."
)

FORMAT = click.option(
    "--format", "layout", type=click.Choice(["json", "text"]), default="text", help="How to print results."
)


@click.group(cls=ExtensibleCommands, epilog=EXIT_STATUS)
@click.version_option(package_name="depeche-client")
def main() -> None:
    """Have French articles translated into English and summarised.

    Articles go to the queue in Redis at DEPECHE_REDIS_URL, and workers (depeche-worker run) process them.
    """


main.add_command(dead)


@main.command()
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
            _print_all(client.wait, task_ids, "json" if as_json else "text")


@main.command()
@click.argument("task_id", metavar="ID")
@click.pass_context
def status(ctx: click.Context, task_id: str) -> None:
    """Print the state of a job as JSON."""
    with Client() as client:
        found = client.status(task_id)
    say_json(found.model_dump_json())
    ctx.exit(4 if found.state is JobState.UNKNOWN else 0)


@main.command()
@click.argument("task_id", metavar="ID")
@FORMAT
def result(task_id: str, layout: str) -> None:
    """Print the result of a finished job."""
    with Client() as client:
        _print_result(client.result(task_id), layout)


@main.command()
@click.argument("task_ids", metavar="ID...", nargs=-1, required=True)
@click.option(
    "--timeout", "timeout_s", type=click.FloatRange(min=0), help="Wait at most this many seconds for each job."
)
@FORMAT
def wait(task_ids: tuple[str, ...], timeout_s: float | None, layout: str) -> None:
    """Wait for jobs, and print their results in the order given.

    A job that fails is reported on standard error, and the others go on. The exit status is then that of the first job
    that failed.
    """
    with Client() as client:
        _print_all(lambda task_id: client.wait(task_id, timeout_s), task_ids, layout)


@main.command()
@click.argument("task_id", metavar="ID")
def cancel(task_id: str) -> None:
    """Cancel a job, and print its status as JSON.

    A queued job is cancelled at once, and a running one at its next batch. A job that has ended stays as it is.
    """
    with Client() as client:
        say_json(client.cancel(task_id).model_dump_json())


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def stats(as_json: bool) -> None:
    """Count jobs and workers.

    Prints how many articles wait, run and are dead, and how many workers are alive.
    """
    with Client() as client:
        found = client.stats()
    if as_json:
        say_json(found.model_dump_json())
        return
    for priority, count in found.queued.items():
        say(f"queued, {priority:<8}{count}")
    for name, count in found.model_dump(exclude={"queued"}).items():
        say(f"{name:<16}{count}")


def read_text(file: str) -> str:
    """The text of a file, or of standard input for ``-``.

    Where the encoding had to be guessed, a warning goes to standard error.

    Raises:
        InvalidArticle: the file cannot be read as text.
    """
    text, warning = decode(read_bytes(file), "standard input" if file == "-" else file)
    if warning:
        remark(f"depeche: {warning}")
    return text


def read_article(file: str, title: str | None) -> Article:
    """The article in a text file.

    Raises:
        InvalidArticle: the file does not hold one.
    """
    return parse(Article, {"text": read_text(file), "title": title})


def read_lines(text: str, max_chars: int) -> list[tuple[Article, str | None]]:
    """Read articles from JSON lines, with the idempotency keys of those that have one. Blank lines are skipped.

    Raises:
        InvalidArticle: names each faulty line. An article that is too long is a fault too.
    """
    articles, faults = [], []
    # splitlines() would also cut at the line separators that a JSON string may hold.
    for number, line in enumerate(text.split("\n"), start=1):
        try:
            if line.strip():
                articles.append(_read_line(line))
                check_length(articles[-1][0], max_chars)
        except DepecheError as error:
            faults.append(f"line {number}: {error}")
    if faults:
        shown = "\n".join(faults[:20]) + (f"\nand {len(faults) - 20} more" if len(faults) > 20 else "")
        raise InvalidArticle(f"nothing was queued, because {len(faults)} lines are faulty:\n{shown}")
    if not articles:
        raise InvalidArticle("there is no article in the file")
    return articles


def _read_line(line: str) -> tuple[Article, str | None]:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidArticle(f"not JSON: {error}") from None
    if not isinstance(fields, dict) or not isinstance(fields.get("metadata", {}), dict):
        raise InvalidArticle('this is not an object such as {"text": "…", "metadata": {}}')
    key = fields.pop("key", None)
    if not isinstance(key, str | None):
        raise InvalidArticle("key: must be a text, or left out")
    check_key(key)
    extra = {name: value for name, value in fields.items() if name not in Article.model_fields}
    own = {name: value for name, value in fields.items() if name in Article.model_fields}
    metadata = fields.get("metadata", {})
    if clash := sorted(set(extra) & set(metadata)):
        raise InvalidArticle(f"both the line and its metadata have {', '.join(clash)}: rename one of the two")
    return parse(Article, own | {"metadata": extra | metadata}), key


def _print_all(fetch: Callable[[str], ArticleResult], task_ids: Iterable[str], layout: str) -> None:
    faults = []
    for task_id in task_ids:
        try:
            _print_result(fetch(task_id), layout)
        except DepecheError as error:
            if error.exit_status == 6:
                raise
            complain(error)
            faults.append(error)
    if faults:
        raise SystemExit(faults[0].exit_status)


def _print_result(found: ArticleResult, layout: str) -> None:
    if layout == "json":
        say_json(found.model_dump_json())
    else:
        say(as_text(found))


def as_text(found: ArticleResult) -> str:
    """A result for a person to read: title, translation, summary, and what to look at."""
    parts = [found.title_en, found.text_en.strip("\n")]
    if found.summary_en:
        parts.append(f"Summary ({found.quality.summary}): {found.summary_en}")
    if found.quality.flags:
        flags = ", ".join(f"{name} {count}" for name, count in found.quality.flags.items())
        parts.append(f"Flagged sentences: {found.quality.flagged_segments} of {len(found.segments)} ({flags})")
    confidences = [segment.confidence for segment in found.segments if segment.confidence is not None]
    if confidences:
        parts.append(f"Confidence: median {statistics.median(confidences):.2f}, lowest {min(confidences):.2f}")
    return "\n\n".join(part for part in parts if part)
