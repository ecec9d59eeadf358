"""A result as one HTML page: summary first, then English and French side by side, with the doubts marked."""

from __future__ import annotations

from collections.abc import Iterable

from depeche.article import ArticleResult
from depeche.pages.about import LIMITS, MACHINE_MADE, facts, licences, metadata
from depeche.pages.document import document
from depeche.pages.folder import Entry
from depeche.pages.markup import Markup, element, join
from depeche.pages.outline import UNTITLED, Outline, Pair, outline
from depeche.pages.words import confidence_in_words, summary_in_words
from depeche.printable import printable_json

_BEGINNING_WORDS = 6


def as_page(result: ArticleResult) -> str:
    """The page, as it is to be written to a file in UTF-8."""
    read = outline(result)
    title = result.title_en or UNTITLED
    return document(
        "article",
        title=element("title", title),
        entry=element("meta", name="depeche-entry", content=printable_json(Entry.of(result, "").model_dump_json())),
        heading=_heading(read),
        doubts=_doubts(read),
        buttons=_buttons(read),
        summary=_summary(result),
        text=join([_paragraph(paragraph, read) for paragraph in read.paragraphs], "\n"),
        facts=_table(facts(result)),
        metadata=_metadata(result),
        machine_made=element("p", MACHINE_MADE, class_="kicker"),
        limits=element("p", LIMITS),
        licences=join([element("p", line) for line in licences(result)]),
    )


def _heading(read: Outline) -> Markup:
    if read.title is None:
        return element("h1", UNTITLED)
    heading = element("h1", _side(read.title, "en", len(read.doubtful)))
    if not read.title.fr:
        return heading
    french = element("p", _side(read.title, "fr"), class_="french-title", lang="fr")
    return join([heading, french, _notes([read.title], read)])


def _doubts(read: Outline) -> Markup:
    return element("p", "Doubtful: ", element("strong", read.which_are_doubtful))


def _buttons(read: Outline) -> Markup:
    if not read.doubtful:
        return Markup()
    previous = element("button", "Previous", type="button", id="previous", aria_keyshortcuts="Alt+ArrowUp")
    following = element("button", "Next", type="button", id="next", aria_keyshortcuts="Alt+ArrowDown")
    keys = element("span", element("kbd", "Alt"), " + ", element("kbd", "↑"), " ", element("kbd", "↓"), class_="keys")
    return join([previous, following, element("span", id="place", role="status"), keys])


def _summary(result: ArticleResult) -> Markup:
    if not result.summary_en:
        return Markup()
    return element(
        "section",
        element("h2", "Summary", id="summary"),
        element("p", result.summary_en, class_="summary"),
        element("p", f"{summary_in_words(result.quality.summary)}.", class_="how"),
        aria_labelledby="summary",
    )


def _paragraph(pairs: list[Pair], read: Outline) -> Markup:
    english = join([_side(pair, "en", len(read.doubtful)) for pair in pairs], " ")
    french = join([_side(pair, "fr") for pair in pairs], " ")
    return element(
        "div",
        element("p", english, class_="english"),
        element("p", french, class_="french", lang="fr"),
        _notes(pairs, read),
        class_="paragraph",
    )


def _side(pair: Pair, side: str, doubts: int = 0) -> Markup:
    """A sentence in one language. The English of a doubtful one has its number, which leads to the note."""
    text, language = (pair.en, pair.en_language) if side == "en" else (pair.fr, pair.fr_language)
    link: Markup | str = ""
    if side == "en" and pair.doubt is not None:
        label = f"Doubt {pair.doubt} of {doubts}: {pair.reasons[0]}"
        link = element("a", pair.doubt, id=f"doubt-{pair.doubt}", href=f"#note-{pair.doubt}", aria_label=label)
    return element(
        "span" if pair.doubt is None else "mark",
        text,
        link,
        id=f"{side}-{pair.number}",
        data_pair=pair.number,
        tabindex="-1",
        lang=None if language == side else language,
    )


def _notes(pairs: Iterable[Pair], read: Outline) -> Markup:
    notes = [_note(pair, read) for pair in pairs if pair.reasons]
    return element("ul", *notes, class_="notes") if notes else Markup()


def _note(pair: Pair, read: Outline) -> Markup:
    said = [element("span", reason, class_="reason") for reason in pair.reasons]
    sure = confidence_in_words(pair.confidence, read.median)
    lines = join([*said, element("span", sure, class_="sure")] if sure else said, " ")
    if pair.doubt is None:
        quoted = element("q", _beginning(pair.en), lang=None if pair.en_language == "en" else pair.en_language)
        return element("li", quoted, " ", lines, class_="notice", data_pair=pair.number)
    back = element("a", pair.doubt, href=f"#doubt-{pair.doubt}", aria_label=f"Back to doubt {pair.doubt}")
    return element("li", back, " ", lines, id=f"note-{pair.doubt}", data_pair=pair.number)


def _beginning(text: str) -> str:
    """Enough of a sentence to find it in its paragraph."""
    words = text.split()
    return text if len(words) <= _BEGINNING_WORDS else f"{' '.join(words[:_BEGINNING_WORDS])} …"


def _table(rows: list[tuple[str, str]]) -> Markup:
    return element("dl", *[element("div", element("dt", name), element("dd", value)) for name, value in rows])


def _metadata(result: ArticleResult) -> Markup:
    rows = metadata(result)
    return join([element("h3", "The article's own fields"), _table(rows)]) if rows else Markup()
