"""What parsers return: the fields of an article before they are checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from depeche.article import Article, parse
from depeche.documents.model import MarkdownSkeleton, SubtitleSkeleton

#: A longer title is no title, and a longer address is left out: an article could not have it.
MAX_TITLE, MAX_URL = 1000, 2048
#: Of the facts that a document says about itself.
MAX_FACT = 500

#: The ends of lines that ``str.splitlines`` knows, with the blanks around them. No-break spaces are typography.
_LINE_ENDS = re.compile(r"[ \t]*[\n\r\v\f\x1c-\x1e\x85\u2028\u2029][ \t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*")
#: Characters that no article may have, or that no reader sees: NUL is refused, and lone surrogates are.
_UNSENDABLE = re.compile(r"[\0\ud800-\udfff]")


class Fault(Exception):
    """A document cannot be read. The message says why and what to do, and does not name the document."""


@dataclass(frozen=True)
class Draft:
    """An article that a parser found.

    Attributes:
        text: the paragraphs, with blank lines between them (:func:`paragraphs_of`).
        facts: what the document says about itself, such as its date; it becomes the article's metadata.
        fields: more metadata, which the producer gave and which is not shortened.
        place: where in the document it was found, such as ``entry 3``; empty where the document is one article.
    """

    text: str
    title: str | None = None
    source_url: str | None = None
    language: str | None = None
    facts: Mapping[str, str | None] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    skeleton: MarkdownSkeleton | SubtitleSkeleton | None = None
    warnings: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True)
class Missing:
    """An article that a parser found and could not read.

    Attributes:
        message: why, and what to do.
        place: as for a draft.
    """

    message: str
    place: str = ""


#: What a parser yields for each article of a document, in order.
Found = Draft | Missing


def one_line(text: str) -> str:
    """``text`` with a space in the place of each line break, so that it is one paragraph for the workers."""
    return _LINE_ENDS.sub(" ", text).strip()


def paragraphs_of(texts: Iterable[str]) -> str:
    """The text of an article that has these paragraphs; what is empty is none."""
    return "\n\n".join(line for line in map(one_line, texts) if line)


def article_of(draft: Draft) -> tuple[Article, tuple[str, ...]]:
    """The checked article of a draft, and warnings of what was left out.

    Raises:
        InvalidArticle: the text is empty, or a field cannot be one.
    """
    warnings = list(draft.warnings)
    text, title, url = draft.text, one_line(draft.title or "") or None, draft.source_url or None
    if title and len(title) > MAX_TITLE:
        text, title = f"{title}\n\n{text}", None
        warnings.append(f"the title has more than {MAX_TITLE} characters, so it is the first paragraph")
    if url and len(url) > MAX_URL:
        url = None
        warnings.append(f"the address was left out: it has more than {MAX_URL} characters")
    facts = {name: _UNSENDABLE.sub("", one_line(value)) for name, value in draft.facts.items() if value}
    for name in [name for name, value in facts.items() if len(value) > MAX_FACT]:
        del facts[name]
        warnings.append(f"{name} was left out: it has more than {MAX_FACT} characters")
    fields = {
        "text": text,
        "title": title,
        "source_url": url,
        "metadata": {name: value for name, value in facts.items() if value} | dict(draft.fields),
    }
    if draft.language:
        fields["language"] = draft.language
    return parse(Article, fields), tuple(warnings)
