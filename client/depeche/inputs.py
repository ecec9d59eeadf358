"""Makes articles of what files hold: a text is one article, and JSON lines are many."""

from __future__ import annotations

import json

from depeche.article import Article, check_key, check_length, parse
from depeche.errors import DepecheError, InvalidArticle
from depeche.files import decode, read_bytes
from depeche.output import remark


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
