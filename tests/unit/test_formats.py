"""A result in each format: what it says, and that a text stays text in all of them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from depeche.article import FRENCH_KEPT, ArticleResult, Flag
from depeche.output import FORMATS, render
from depeche.pages import markdown
from depeche.pages.terminal import MAX_WIDTH, as_terminal
from depeche.pages.words import HEADINGS, NOTICES, confidence_in_words, duration, is_doubtful, reason
from depeche.printable import UNPRINTABLE, printable
from tasks.pair_files import read_pairs
from tests.results import HOSTILE, doubtful_result, result_full_of, result_of, sentence

#: GitHub's tables and struck words, and HTML, which is where a text could do harm.
READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

LANG = "{http://www.w3.org/XML/1998/namespace}lang"


# --- All formats -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", [*FORMATS, *FORMATS.values()])
def test_each_format_has_every_sentence(format: str) -> None:
    """By its name and by the ending of its files; in English, and in French where the format has both."""
    shown = re.sub(r"<[^>]+>|\s+", " ", render(doubtful_result(), format))
    for segment in doubtful_result().segments:
        assert segment.en in shown
        assert segment.fr.replace("'", "&#x27;" if format == "html" else "'") in shown or format in {
            "text",
            "txt",
            "markdown",
            "md",
        }


def test_a_format_that_is_none() -> None:
    """The message has those that there are."""
    with pytest.raises(ValueError, match="'pdf': use one of json, text, markdown, html, tmx"):
        render(doubtful_result(), "pdf")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_format_sends_what_a_terminal_obeys(format: str, text: str) -> None:
    """Whoever looks at a file with `cat` sees all of it, and the terminal does nothing."""
    assert UNPRINTABLE.findall(render(result_full_of(text), format)) == []


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_json_is_what_it_was(text: str) -> None:
    """Its escapes mean the same."""
    result = result_full_of(text)
    assert ArticleResult.model_validate_json(render(result, "json")) == result
    assert json.loads(render(result, "json")) == json.loads(result.model_dump_json())


def test_text_is_the_translation_and_what_to_look_at() -> None:
    """Title, translation, summary, flags and confidence, a blank line between them."""
    assert render(doubtful_result(), "text").split("\n\n") == [
        "The lighthouse is lit again",
        "The lighthouse cost 12,000 euros. It has lit the bay since 1920. The keeper sleeps. The sea rises.",
        "Summary (extractive): The lighthouse is lit again.",
        "Flagged sentences: 3 of 4 (number_mismatch 1, name_missing 1, resplit 1, low_confidence 1)",
        "Confidence: median 0.71, lowest 0.41",
    ]


# --- In words --------------------------------------------------------------------------------------------------------


def test_every_flag_is_in_words() -> None:
    """A new one needs its heading; a notice is no doubt."""
    assert set(HEADINGS) == set(Flag)
    assert [flag for flag in Flag if not is_doubtful([flag])] == [
        Flag.RESPLIT,
        Flag.ALREADY_ENGLISH,
        Flag.OTHER_LANGUAGE,
    ]
    assert is_doubtful([*NOTICES, Flag.DATE_MISMATCH])


@pytest.mark.parametrize(
    ("flag", "evidence", "expected"),
    [
        (Flag.NUMBER_MISMATCH, [("12", "11")], "A number differs: “12” in French, “11” in English."),
        (Flag.NUMBER_MISMATCH, [("12", ""), ("", "7")], "A number differs: “12” in French only; “7” in English only."),
        (Flag.NAME_MISSING, [("Aÿ", ""), ("Sète", "")], "A name is missing in the English: “Aÿ”, “Sète”."),
        (Flag.UNTRANSLATED, [("", "de la")], "French is left in the English: “de la”."),
        (Flag.LOW_CONFIDENCE, [], "The model was not sure of its words."),
        (
            Flag.LENGTH_RATIO,
            [("120 characters", "14 characters")],
            "The length is unusual, so something may be missing or added: 120 characters in French, 14 characters in "
            "English.",
        ),
        (Flag("tone_changed"), [("tu", "you")], "Flagged as tone changed: “tu” in French, “you” in English."),
    ],
)
def test_reasons_in_words(flag: Flag, evidence: list[tuple[str, str]], expected: str) -> None:
    """What the check found stands behind what the flag says, also for a flag that only newer workers know."""
    assert reason(flag, evidence) == expected


def test_a_confidence_in_words() -> None:
    """With what to compare it to, or nothing where it is not known."""
    assert confidence_in_words(0.567, 0.7) == "Confidence 0.57 of 1; the median of this article is 0.70."
    assert confidence_in_words(None, 0.7) == ""


@pytest.mark.parametrize(
    ("milliseconds", "expected"),
    [
        (0, "0 ms"),
        (999, "999 ms"),
        (1000, "1.0 s"),
        (59_949, "59.9 s"),
        (59_950, "1 min 0 s"),
        (200_000, "3 min 20 s"),
        (3_599_499, "59 min 59 s"),
        (3_599_500, "1 h 0 min"),
        (100 * 3_600_000, "100 h 0 min"),
    ],
)
def test_times_in_words(milliseconds: int, expected: str) -> None:
    """In the unit that a person would take, and never 60 of one."""
    assert duration(milliseconds) == expected


# --- Markdown --------------------------------------------------------------------------------------------------------


def tokens(text: str) -> list[tuple[str, str]]:
    """What a reader of Markdown sees: kinds of blocks and spans, and their tags, without the texts."""
    flat = [part for token in READER.parse(text) for part in [token, *(token.children or [])]]
    return [(token.type, token.tag) for token in flat if token.type not in {"softbreak", "text_special"}]


def shown(text: str) -> str:
    """The words that a reader of Markdown sees."""
    flat = [part for token in READER.parse(text) for part in token.children or []]
    return "".join(part.content for part in flat if part.type in {"text", "text_special"})


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_text_is_no_markdown(text: str) -> None:
    """The page has the same headings, items and paragraphs as one with a plain word, and the text can be read."""
    found = render(result_full_of(text), "markdown")
    assert _without_repeats(tokens(found)) == _without_repeats(tokens(render(result_full_of("mot"), "markdown")))
    assert re.sub(r"\s+", " ", printable(text)) in shown(found)


def _without_repeats(kinds: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Text that is cut at an escaped sign counts once."""
    return [kind for before, kind in zip([None, *kinds], kinds, strict=False) if (before, kind[0]) != (kind, "text")]


@given(st.text(alphabet=st.sampled_from("a1 .)#+-*_=>`~|[]()<>&!\\$:/\n\t'\"é"), max_size=40))
def test_any_text_is_one_line_of_markdown(text: str) -> None:
    """Behind a word or alone, as the first thing of a paragraph or of an item."""
    expected = re.sub(r"[ \t\n]+", " ", text).strip(" ")
    escaped = markdown.escape(text)
    assert shown(escaped) == expected
    assert shown(f"- {escaped}\n\n  {escaped}") == expected * 2
    kinds = {kind for kind, _ in tokens(escaped)}
    assert kinds <= {"paragraph_open", "inline", "text", "paragraph_close"}


def test_markdown_in_order() -> None:
    """Summary first; each doubt has its number in the text, and below its reasons and its French."""
    found = render(doubtful_result(), "markdown")
    headings = re.findall(r"^#+ .*$", found, re.MULTILINE)
    assert headings == [
        "# The lighthouse is lit again",
        "## Summary",
        "## Translation",
        "## Doubtful: 2 of 4 sentences",
        "## About this translation",
    ]
    assert "It has lit the bay since 1920. **\\[1\\]**" in found
    assert "1. A number differs: “1902” in French, “1920” in English. A name is missing" in found
    assert "   French: Il éclaire la baie d'Aÿ depuis 1902." in found


# --- TMX -------------------------------------------------------------------------------------------------------------


def pairs(result: ArticleResult) -> list[tuple[str, str]]:
    """What the worker's own reader of TMX finds, which knows nothing of the writer."""
    return read_pairs(render(result, "tmx").encode(), "memory.tmx")


def test_a_memory_has_the_pairs_and_their_doubts() -> None:
    """The title comes first; a unit has its flags, its confidence and the reasons."""
    result = doubtful_result()
    expected = [("Le phare se rallume", "The lighthouse is lit again"), *((s.fr, s.en) for s in result.segments)]
    assert pairs(result) == expected
    memory = ET.fromstring(render(result, "tmx").encode())
    assert memory.attrib == {"version": "1.4"}
    unit = memory.findall("body/tu")[2]
    assert [(prop.get("type"), prop.text) for prop in unit.findall("prop")] == [
        ("x-flag", "number_mismatch"),
        ("x-flag", "name_missing"),
        ("x-confidence", "0.6"),
    ]
    assert [note.text for note in unit.findall("note")] == [
        "A number differs: “1902” in French, “1920” in English.",
        "A name is missing in the English: “Aÿ”.",
    ]
    assert [variant.get(LANG) for variant in unit.findall("tuv")] == ["fr", "en"]


#: TMX 1.4b: which elements may stand in which, in this order, and which attributes each must have.
CONTENT = {
    "tmx": ("header body", {"version"}),
    "header": (
        "note* prop*",
        {"creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype"},
    ),
    "body": ("tu*", set()),
    "tu": ("note* prop* tuv tuv", {"tuid"}),
    "tuv": ("seg", {LANG}),
    "seg": ("ph*", set()),
    "note": ("", set()),
    "prop": ("", {"type"}),
    "ph": ("", set()),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_memory_is_valid_whatever_it_holds(text: str) -> None:
    """XML, and in the order that TMX demands; all that XML can hold is there, and each other sign has a placeholder."""
    result = result_full_of(text)
    memory = ET.fromstring(render(result, "tmx").encode())
    for each in memory.iter():
        content, attributes = CONTENT[each.tag]
        pattern = "".join(f"(?:{part.rstrip('*')} ){'*' if part.endswith('*') else ''}" for part in content.split())
        assert re.fullmatch(pattern, "".join(f"{child.tag} " for child in each)), each.tag
        assert set(each.attrib) == attributes
    lost = re.findall("[\x00-\x08\x0b-\x1f\ufffe\uffff]", text)
    for segment in memory.iter("seg"):
        assert [placeholder.text for placeholder in segment] == [printable(sign) for sign in lost]
    expected = re.sub("[\x00-\x08\x0b-\x1f\ufffe\uffff]", "", text)
    assert pairs(result) == [(expected, expected)] * 4


@pytest.mark.parametrize("flag", [*sorted(FRENCH_KEPT), Flag.ALREADY_ENGLISH, Flag.OTHER_LANGUAGE])
def test_what_was_not_translated_is_no_unit(flag: Flag) -> None:
    """A memory would offer it as a translation. The header says how many are left out, and why."""
    result = result_of([sentence("Un.", "One."), sentence("Two.", "Two.", flag), sentence("Three.", "Three.", flag)])
    assert pairs(result) == [("Le phare se rallume", "The lighthouse is lit again"), ("Un.", "One.")]
    note = ET.fromstring(render(result, "tmx").encode()).findtext("header/note")
    assert note == f"2 sentences are not in this file. {HEADINGS[flag]}."


def test_a_title_of_an_older_worker_is_no_unit() -> None:
    """Its French is not known."""
    result = result_of([sentence("Un.", "One.")], title_fr=None)
    assert pairs(result) == [("Un.", "One.")]


# --- The terminal ----------------------------------------------------------------------------------------------------

COLOUR = re.compile("\x1b\\[[0-9;]*m")


@pytest.mark.parametrize("width", [1, 40, 80, 300])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_terminal_gets_colours_and_no_other_controls(text: str, width: int) -> None:
    """And the text can be read."""
    found = COLOUR.sub("", as_terminal(result_full_of(text), width))
    assert UNPRINTABLE.findall(found) == []
    assert "".join(printable(text).split()) in "".join(found.split())


def test_the_lines_fit_the_terminal() -> None:
    """Words are not cut, and lines are no longer than the terminal, nor than can be read."""
    result = result_of([sentence("mot " * 200, "word " * 200, Flag.LOW_CONFIDENCE, confidence=0.3)])
    for width, longest in ((60, 59), (200, MAX_WIDTH)):
        lines = click.unstyle(as_terminal(result, width)).splitlines()
        assert longest - len("word ") < max(map(len, lines)) <= longest


def test_a_number_stays_on_one_line() -> None:
    """With the spaces that French puts into it, which are no place for a new line."""
    result = result_of([sentence("aaa 12\u00a0000\u202f%", "word " * 8 + "12\u00a0000\u202f%", Flag.EMPTY)])
    found = [as_terminal(result, width) for width in range(30, 60)]
    assert all(text.count("12\u00a0000\u202f%") == 3 for text in found)


def test_the_terminal_shows_the_summary_first_and_doubts_with_their_french() -> None:
    """The doubtful sentences are in colour, the others are not. How many there are is said at the top."""
    found = as_terminal(doubtful_result(), 100)
    plain = click.unstyle(found)
    order = [
        "Doubtful: 2 of 4 sentences. They",
        "Summary",
        "Translation",
        "Doubtful: 2 of 4 sentences\n",
        "FR Il éclaire la baie",
        "EN It has lit the bay",
    ]
    places = [plain.index(part) for part in order]
    assert places == sorted(places)
    assert "since 1920. [1]" in plain
    assert click.style("It has lit the bay since 1920. [1]", fg="yellow") in found
    assert "\nThe lighthouse cost 12,000 euros. \x1b" in found


# --- Edges -----------------------------------------------------------------------------------------------------------


BARE: dict[str, Any] = {"title_en": None, "title_fr": None, "summary_en": None}


@pytest.mark.parametrize("format", FORMATS)
def test_a_result_with_next_to_nothing(format: str) -> None:
    """No title, no summary, no confidence, as from a worker before 0.2."""
    found = render(result_of([sentence("Oui.", "Yes.")], **BARE), format)
    assert "Yes." in found
    assert "Confidence" not in found
    assert "None" not in found


def test_static_files_are_ascii() -> None:
    """A page is written by numbers for characters where a terminal has no UTF-8; its style and script cannot be."""
    folder = Path(markdown.__file__).with_name("static")
    assert {file.suffix for file in folder.iterdir()} == {".html", ".css", ".js"}
    for file in folder.iterdir():
        assert file.read_text(encoding="utf-8").isascii(), file.name
