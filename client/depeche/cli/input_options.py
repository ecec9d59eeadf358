"""Options of the commands that take articles: which files, how to read them, and how to process the articles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import click

from depeche.article import Options
from depeche.documents import Kind
from depeche.glossary import read_glossary
from depeche.inputs import Columns, Inputs, Reading, Sources
from depeche.inputs.reading import Form
from depeche.inputs.sources import is_folder

Command = Callable[..., Any]

_TABLE_ONLY = "--text-field, --title-field and --key-field are for --csv"


@dataclass(frozen=True)
class Input:
    """Which files a command was given, and how to read them.

    Attributes:
        paths: files, folders and ``-``.
        recursive, pattern: as :class:`depeche.inputs.Sources` takes them.
        form, kind, columns: as :class:`depeche.inputs.Reading` takes them.
    """

    paths: tuple[str, ...]
    recursive: bool
    pattern: str | None
    form: Form
    kind: Kind | None
    columns: Columns

    @property
    def is_one_text(self) -> bool:
        """Whether it is one article at most, which is a whole file."""
        return self.form == "document" and len(self.paths) == 1 and not is_folder(self.paths[0])

    def sources(self, without: str | None = None) -> Sources:
        """The files, but the one that the command writes itself."""
        return Sources(self.paths, recursive=self.recursive, pattern=self.pattern, without=without)

    def entries(self, sources: Sources, max_chars: int, title: str | None = None, key: str | None = None) -> Inputs:
        """The articles in the files."""
        return Inputs(sources, Reading(max_chars, self.form, self.columns, self.kind, title, key))


def input_options(command: Command) -> Command:
    """Give a command the argument and the options for its files. It gets them as ``given``, an :class:`Input`."""

    @wraps(command)
    def with_input(
        *,
        paths: tuple[str, ...],
        recursive: bool,
        pattern: str | None,
        jsonl: bool,
        table: bool,
        form: str | None,
        text_field: str | None,
        title_field: str | None,
        key_field: str | None,
        **others: Any,
    ) -> Any:
        if paths.count("-") > 1:
            raise click.UsageError("standard input can be read once: give - once")
        if sum([jsonl, table, form is not None]) > 1:
            raise click.UsageError("--jsonl, --csv and --as say what the files are: give one of them")
        if not table and (text_field, title_field, key_field) != (None, None, None):
            raise click.UsageError(_TABLE_ONLY)
        what: Form = "jsonl" if jsonl else "csv" if table else "document"
        columns = Columns(text_field or "text", title_field, key_field)
        return command(given=Input(paths, recursive, pattern, what, Kind(form) if form else None, columns), **others)

    return _with_options(
        with_input,
        click.argument("paths", metavar="PATH...", nargs=-1, required=True),
        click.option("-r", "--recursive", is_flag=True, help="Take the files in folders of folders too."),
        click.option(
            "--glob", "pattern", metavar="PATTERN", help="Of folders, take only files of such names, such as '*.txt'."
        ),
        click.option("--jsonl", is_flag=True, help="The files are JSON lines: each line is an article."),
        click.option("--csv", "table", is_flag=True, help="The files are tables (CSV or TSV): each row is an article."),
        click.option("--text-field", metavar="NAME", help="The column with the texts.  [default: text]"),
        click.option("--title-field", metavar="NAME", help="The column with the titles.  [default: title, if any]"),
        click.option("--key-field", metavar="NAME", help="The column with idempotency keys, see --key."),
        click.option(
            "--as",
            "form",
            type=click.Choice([kind.value for kind in Kind]),
            help="What the files are, where their content does not say it rightly.",
        ),
    )


def processing_options(command: Command) -> Command:
    """Give a command the options of an article. It gets them as ``options``, an :class:`depeche.Options`."""

    @wraps(command)
    def with_options(*, no_summary: bool, sentences: int, force: bool, glossary: str | None, **others: Any) -> Any:
        terms = read_glossary(glossary) if glossary else []
        options = Options(summary=not no_summary, summary_sentences=sentences, force=force, glossary=terms)
        return command(options=options, **others)

    return _with_options(
        with_options,
        click.option("--no-summary", is_flag=True, help="Translate only, without a summary."),
        click.option(
            "--sentences",
            type=click.IntRange(1, 20),
            default=3,
            show_default=True,
            help="The summary has at most this many sentences.",
        ),
        click.option("--force", is_flag=True, help="Translate as French, whatever language is found."),
        click.option(
            "--glossary",
            metavar="FILE",
            help="CSV or TSV file of terms: French, and its English, or nothing where it stays as it is.",
        ),
    )


def _with_options(command: Command, *options: Callable[[Command], Command]) -> Command:
    # The last decorator of a function is the first option in its help.
    for option in reversed(options):
        command = option(command)
    return command
