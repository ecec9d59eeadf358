"""What comes of a document: articles, and the skeletons that take their English back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from depeche.article import Article
from depeche.documents.kinds import Kind


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Slot(_Part):
    """A place in a Markdown source that takes a translated paragraph.

    Attributes:
        start, end: what is replaced, in characters of the source.
        text: the paragraph as it stands in the article.
        place: where it stands, as some characters mean something else in a table's cell or in a YAML header.
    """

    start: int
    end: int
    text: str
    place: Literal["block", "cell", "yaml"] = "block"


class MarkdownSkeleton(_Part):
    """A Markdown document around its paragraphs.

    Attributes:
        source: the whole document, with ``\\n`` at the end of its lines.
        newline: what stands at the end of its lines.
        title: the place of the article's title, if it has one.
        slots: the places of the article's paragraphs, in order.
    """

    kind: Literal["markdown"] = "markdown"
    source: str
    newline: str
    title: Slot | None
    slots: tuple[Slot, ...]


class Line(_Part):
    """A speaker's lines in a cue: what stands in the place ``source[start:end]``, between ``before`` and ``after``.

    Attributes:
        rows: over how many rows it is spread.
    """

    start: int
    end: int
    before: str
    after: str
    rows: int


class Share(_Part):
    """The part of a paragraph that stands in a cue: ``text[start:end]`` of the paragraph is in ``lines[line]``."""

    line: int
    start: int
    end: int


class Passage(_Part):
    """A paragraph of the article: sentences that run over one or several cues."""

    text: str
    shares: tuple[Share, ...]


class SubtitleSkeleton(_Part):
    """A file of subtitles around its sentences.

    Attributes:
        source: the whole file, with ``\\n`` at the end of its lines.
        newline: what stands at the end of its lines.
        lines: the places for text, in order.
        passages: the article's paragraphs, in order.
    """

    kind: Literal["subtitles"] = "subtitles"
    source: str
    newline: str
    lines: tuple[Line, ...]
    passages: tuple[Passage, ...]


#: What :func:`depeche.documents.rebuild` takes. It can be kept as JSON: ``SKELETON.dump_json`` and ``validate_json``.
Skeleton = Annotated[MarkdownSkeleton | SubtitleSkeleton, Field(discriminator="kind")]
SKELETON: TypeAdapter[MarkdownSkeleton | SubtitleSkeleton] = TypeAdapter(Skeleton)


@dataclass(frozen=True)
class Document:
    """An article that was found in a document.

    Attributes:
        article: what is to be submitted.
        kind: what the document is.
        source: the name under which the document was given.
        position: the article's index in the document, from 0. Those that cannot be read count too.
        skeleton: takes the English back into the document's own structure, see :func:`depeche.documents.rebuild`; None
            for a kind that has none.
        warnings: what a person should know, such as a guessed encoding, or pages without text.
    """

    article: Article
    kind: Kind
    source: str
    position: int
    skeleton: MarkdownSkeleton | SubtitleSkeleton | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unread:
    """An article of a document that cannot be read, such as a row without text.

    Attributes:
        source: the name under which the document was given.
        position: its index in the document, from 0.
        message: where it is, why it cannot be read, and what to do.
    """

    source: str
    position: int
    message: str
