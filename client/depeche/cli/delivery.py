"""Where the results of a command go: standard output, a folder with a file each, or a file of JSON lines."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import click

from depeche.article import ArticleResult
from depeche.documents import ENDINGS, Origin
from depeche.errors import CannotWrite, StructureLost
from depeche.output import FORMATS, ONE_A_FILE, remark, render, say_result
from depeche.printable import printable
from depeche.result_files import ResultFiles, ResultFolder, open_results

#: The format of files in which each document keeps its own structure. A result alone does not know it.
SAME = "same"

OUT = click.option(
    "--out",
    metavar="DIR|FILE",
    help="A folder for a file each, or a file of JSON lines if the name ends in .jsonl. What is there stays.",
)
FORMAT = click.option(
    "--format",
    "layout",
    type=click.Choice(list(FORMATS)),
    help="How results look. By default text on standard output, and JSON in files.",
)
FORMAT_OF_FILES = click.option(
    "--format",
    "layout",
    type=click.Choice([*FORMATS, SAME]),
    help="How results look. By default text on standard output, and JSON in files. same: in a folder, Markdown for "
    "Markdown, subtitles for subtitles, and text for all else.",
)


class Delivery:
    """Takes results. Use it as a context manager: in the end, a folder of pages gets its index.

    Args:
        out: a folder or a file; None for standard output.
        layout: one of :data:`depeche.output.FORMATS`, or :data:`SAME`; None for the usual one.
        many: whether there may be several results.

    Raises:
        click.UsageError: several pages cannot go to standard output.
        CannotWrite: nothing can be kept there.
    """

    def __init__(self, out: str | None, layout: str | None, *, many: bool) -> None:
        self._layout = layout or ("text" if out is None else "json")
        if out is None and self.in_structure:
            raise click.UsageError(f"--format {SAME} writes a file for each document: give --out FOLDER")
        if out is None and many and self._layout in ONE_A_FILE:
            raise click.UsageError(f"several results in {self._layout} need a file each: give --out FOLDER")
        if out == "-":
            raise click.UsageError("results go to standard output without --out: leave it out, or give a folder")
        self._files: ResultFiles | None = None
        if out is not None:
            endings = [FORMATS["text"], *ENDINGS.values()] if self.in_structure else [FORMATS[self._layout]]
            self._files = open_results(Path(out), self._layout, *endings)

    def __enter__(self) -> Delivery:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._files:
            self._files.close()
        # Reading thousands of pages takes a while, and whoever has pressed Ctrl-C does not wait for it.
        if kind is None and isinstance(self._files, ResultFolder) and self._layout == "html":
            _write_index(self._files)

    @property
    def to_files(self) -> bool:
        """Whether results go to files."""
        return self._files is not None

    @property
    def in_folder(self) -> bool:
        """Whether each result has a file of its own. Then there is no order, and several threads may put results."""
        return isinstance(self._files, ResultFolder)

    @property
    def in_structure(self) -> bool:
        """Whether each document keeps its own structure."""
        return self._layout == SAME

    @property
    def by_task_id(self) -> bool:
        """Whether results are known by their task ids only, and not by keys."""
        return not self.in_folder

    def has(self, identity: str) -> bool:
        """Whether the result of this key or task id is there."""
        return self._files is not None and self._files.has(identity)

    def put(self, result: ArticleResult, identity: str, label: str | None = None, origin: Origin | None = None) -> None:
        """Print or keep a result.

        Args:
            result: the result.
            identity: the key or task id by which it is known.
            label: what people know the article by.
            origin: the document that takes the English back, where there is one and :attr:`in_structure`.

        Raises:
            CannotWrite: the disk is full, for example.
            UnreadableDocument: the document is not there any more as it was.
        """
        if self._files is None:
            say_result(result, self._layout)
        elif self.in_structure:
            self._files.write(identity, *_in_structure(result, label, origin))
        else:
            self._files.write(identity, render(result, self._layout), label)


def _in_structure(result: ArticleResult, label: str | None, origin: Origin | None) -> tuple[str, str | None, str]:
    """The text, the label and the ending of a result's file."""
    if origin is not None:
        try:
            text = origin.english(result, lambda line: remark(f"depeche: {origin.path}: {line}"))
        except StructureLost as error:
            remark(f"depeche: {origin.path}: {error.message}; it is kept as text")
        else:
            return text, label, origin.ending
    # The English alone, as a document in its structure has no summary either.
    text = "\n\n".join(part.strip("\n") for part in (result.title_en, result.text_en) if part)
    return printable(f"{text}\n"), label, FORMATS["text"]


def _write_index(folder: ResultFolder) -> None:
    from depeche.pages import entries, index

    try:
        page = index(entries(folder.path))
    except OSError as error:
        raise CannotWrite(f"{folder.path} cannot be read for its index: {error.strerror}") from None
    folder.replace("index.html", page)
