"""One page for a folder of results: what is there, to search and to sort by doubt, without a server."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

from pydantic import ValidationError

from depeche.article import ArticleResult, Report
from depeche.pages.document import document
from depeche.pages.markup import Markup, element, join
from depeche.pages.outline import UNTITLED, confidences, outline
from depeche.pages.words import NOTICES, count, heading

#: The page's own name in the folder.
INDEX = "index.html"

#: A page says at its beginning what the index needs of it: a title of a thousand characters, escaped, fits in.
_HEAD_BYTES = 65_536
_ENTRY = re.compile('<meta name="depeche-entry" content="([^"]*)">')


class Entry(Report):
    """What the index shows of one result.

    Attributes:
        file: its name in the folder of the index.
        title: in English; None where the article has none.
        title_fr: in French, if it is known.
        sentences: how many the article has.
        doubtful: how many of them, the title included, may be wrong.
        lowest: the lowest confidence of a sentence; None where none is known.
        reasons: what was found, in words, with how often.
    """

    file: str
    title: str | None
    title_fr: str | None
    sentences: int
    doubtful: int
    lowest: float | None
    reasons: list[str]

    @classmethod
    def of(cls, result: ArticleResult, file: str) -> Entry:
        """The entry of a result that is, or will be, in a file of this name."""
        flags = [(flag, number) for flag, number in result.quality.flags.items() if flag not in NOTICES]
        return cls(
            file=file,
            title=result.title_en,
            title_fr=result.title_fr,
            sentences=len(result.segments),
            doubtful=len(outline(result).doubtful),
            lowest=min(confidences(result.segments), default=None),
            reasons=[heading(flag) + (f" ({number})" if number > 1 else "") for flag, number in flags],
        )

    @property
    def share(self) -> float:
        """How much of the article is doubtful: 0 for nothing, 1 for everything."""
        return self.doubtful / max(1, self.sentences)


def entries(folder: Path) -> Iterator[Entry]:
    """The results in a folder: pages, and JSON where there is no page of the same name. Other files are passed over.

    Raises:
        OSError: the folder or a file in it cannot be read.
    """
    names = sorted(file.name for file in folder.iterdir() if file.is_file())
    pages = {Path(name).stem for name in names if name.endswith(".html")}
    for name in names:
        if name.endswith(".html") and name != INDEX:
            entry = _entry_of_page(folder / name)
        elif name.endswith(".json") and Path(name).stem not in pages:
            entry = _entry_of_json(folder / name)
        else:
            continue
        if entry:
            yield entry


def _entry_of_page(file: Path) -> Entry | None:
    with file.open("rb") as page:
        head = page.read(_HEAD_BYTES).decode(errors="replace")
    if found := _ENTRY.search(head):
        try:
            return Entry.model_validate_json(html.unescape(found[1])).model_copy(update={"file": file.name})
        except ValidationError:
            return None
    return None


def _entry_of_json(file: Path) -> Entry | None:
    try:
        return Entry.of(ArticleResult.model_validate_json(file.read_bytes()), file.name)
    except ValidationError:
        return None


def index(listed: Iterable[Entry], title: str = "Translations") -> str:
    """The page, as it is to be written to :data:`INDEX` in the folder. The most doubtful articles come first.

    Args:
        listed: what is in the folder.
        title: what to call the page.
    """
    ordered = sorted(listed, key=lambda entry: (-entry.share, -entry.doubtful, _lowest(entry), entry.file))
    doubtful = sum(1 for entry in ordered if entry.doubtful)
    return document(
        "index",
        title=element("title", title),
        heading=element("h1", title),
        count=element("p", f"{count(len(ordered), 'article')}, {doubtful:,} with doubtful sentences", class_="kicker"),
        rows=join([_row(entry) for entry in ordered], "\n"),
    )


def _lowest(entry: Entry) -> float:
    return 1.0 if entry.lowest is None else entry.lowest


def _row(entry: Entry) -> Markup:
    french = element("span", entry.title_fr, class_="french", lang="fr") if entry.title_fr else ""
    return element(
        "tr",
        element(
            "th",
            element("a", entry.title or f"{UNTITLED}, {_shown(entry.file)}", href=_href(entry.file)),
            french,
            scope="row",
        ),
        _cell(f"{entry.doubtful} of {entry.sentences}", round(entry.share, 4)),
        _cell("" if entry.lowest is None else f"{entry.lowest:.2f}", _lowest(entry)),
        element("td", "; ".join(entry.reasons), class_="reasons"),
    )


def _cell(text: str, value: float) -> Markup:
    return element("td", text, class_="number", data_value=value)


def _href(file: str) -> str:
    """A link to a file beside the page; its name may hold any bytes, and must not be taken for an address."""
    return "./" + quote(os.fsencode(file), safe="")


def _shown(file: str) -> str:
    return os.fsencode(file).decode(errors="backslashreplace")
