"""The formats in which a result can be had, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from depeche.printable import printable_json

if TYPE_CHECKING:
    from depeche.article import ArticleResult

#: The name of each format, and the ending of its files.
FORMATS = {"json": "json", "text": "txt", "markdown": "md", "html": "html", "tmx": "tmx"}

#: Of these, one file or one standard output has one result: two pages after each other are no page.
ONE_A_FILE = frozenset({"html", "tmx"})


def render(result: ArticleResult, format: str) -> str:
    """A result as text in one of the formats, without a control character that a terminal would obey.

    Args:
        result: a finished article.
        format: a name or an ending of :data:`FORMATS`.

    Raises:
        ValueError: there is no such format.
    """
    name = next((name for name, ending in FORMATS.items() if format in (name, ending)), None)
    # The command starts faster without what it does not need.
    match name:
        case "json":
            return printable_json(result.model_dump_json())
        case "text":
            from depeche.pages.text import as_text

            return as_text(result)
        case "markdown":
            from depeche.pages.markdown import as_markdown

            return as_markdown(result)
        case "html":
            from depeche.pages.article_page import as_page

            return as_page(result)
        case "tmx":
            from depeche.pages.tmx import as_tmx

            return as_tmx(result)
    raise ValueError(f"there is no format {format!r}: use one of {', '.join(FORMATS)}")
