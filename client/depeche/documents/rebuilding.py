"""Puts the English of an article back into the structure of its document."""

from __future__ import annotations

from collections.abc import Callable

from depeche.article import ArticleResult
from depeche.documents.english import Paragraph, Sentence, lost, paragraphs_of
from depeche.documents.extra import check_package
from depeche.documents.kinds import Kind
from depeche.documents.model import MarkdownSkeleton, SubtitleSkeleton


def rebuild(
    skeleton: MarkdownSkeleton | SubtitleSkeleton,
    result: ArticleResult,
    tell: Callable[[str], None] = lambda line: None,
) -> str:
    """The document in English: Markdown for Markdown, subtitles for subtitles.

    Args:
        skeleton: that of the :class:`~depeche.documents.Document` whose article was submitted.
        result: the article's result.
        tell: is called with a line for each paragraph whose emphasis or links the model did not keep in their places.
            The paragraph then has its links at its end, and no emphasis.

    Raises:
        StructureLost: the result is not of this document, or does not fit its structure. ``detail["text"]`` has the
            English without it.
        UnreadableDocument: it is Markdown, and the extra ``documents`` is not installed.
    """
    if isinstance(skeleton, SubtitleSkeleton):
        from depeche.documents import subtitles_out

        passages = paragraphs_of([passage.text for passage in skeleton.passages], result)
        text = subtitles_out.written(skeleton, passages)
    else:
        text = _markdown(skeleton, result, tell)
    return text.replace("\n", skeleton.newline)


def _markdown(skeleton: MarkdownSkeleton, result: ArticleResult, tell: Callable[[str], None]) -> str:
    check_package(Kind.MARKDOWN, "the Markdown")
    from depeche.documents import markdown_out

    paragraphs = paragraphs_of([slot.text for slot in skeleton.slots], result)
    if skeleton.title:
        paragraphs.insert(0, _title(skeleton.title.text, result))
    text = markdown_out.written(skeleton, paragraphs, tell)
    if text is None:
        raise lost("its English would change the structure of the Markdown", result)
    return text


def _title(title: str, result: ArticleResult) -> Paragraph:
    # Workers before 0.2 do not say which title they were given.
    if result.title_en is None or result.title_fr not in (None, title):
        raise lost("its title is another one", result)
    return Paragraph(title, (Sentence(title, result.title_en, 0, len(title)),))
