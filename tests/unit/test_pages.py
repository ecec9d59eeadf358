"""Pages for a browser: what stands in them, that a text is no markup there, and the index of a folder."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from depeche.article import ArticleResult, Flag
from depeche.output import render
from depeche.pages import Entry, entries, index
from depeche.pages.markup import Markup, element, escape
from depeche.printable import printable
from tests.documents import ROOT
from tests.results import HOSTILE, doubtful_result, result_full_of, result_of, sentence


class Page(HTMLParser):
    """The elements of a page, the text in them, and the links."""

    def __init__(self, text: str) -> None:
        super().__init__()
        #: Each element with the names of its attributes, in order.
        self.elements: list[tuple[str, ...]] = []
        #: Each attribute's values, in order.
        self.values: dict[str, list[str]] = {}
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, *(name for name, _ in attrs)))
        for name, value in attrs:
            self.values.setdefault(name, []).append(value or "")

    def handle_data(self, data: str) -> None:
        # The style and the script are ours.
        if self.cdata_elem is None:
            self.text += data

    def handle_decl(self, decl: str) -> None:
        assert decl == "DOCTYPE html"

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data}")


def page_of(result: ArticleResult) -> Page:
    """Its page, read."""
    return Page(render(result, "html"))


def entry(file: str, doubtful: int = 0, sentences: int = 10, **fields: object) -> Entry:
    """An entry of the index."""
    given = {"title": f"About {file}", "title_fr": None, "lowest": 0.5, "reasons": []} | fields
    return Entry.model_validate({"file": file, "doubtful": doubtful, "sentences": sentences} | given)


# --- A text is no markup ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_text_is_no_markup(text: str) -> None:
    """A page full of it has the same elements as one with a plain word, and the text can be read."""
    found = page_of(result_full_of(text))
    # The beginning that a note quotes is shorter than the text; all else is the text itself.
    assert found.elements == page_of(result_full_of("mot")).elements
    assert found.text.count(printable(text)) >= 15


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_text_is_no_markup_in_the_index(text: str) -> None:
    """Nor in a file's name, nor in the title of the page."""
    name = text.replace("/", "").replace("\0", "")
    found = Page(index([entry(name, 1, title=text, title_fr=text, reasons=[text])], title=text))
    assert (
        found.elements == Page(index([entry("mot", 1, title="mot", title_fr="mot", reasons=["mot"])], "mot")).elements
    )
    assert found.text.count(printable(text)) == 5


@pytest.mark.parametrize("text", [*HOSTILE.values(), "\ud800"])
def test_markup_escapes_what_is_no_markup(text: str) -> None:
    """In an element and in an attribute, once and not twice."""
    made = element("p", text, element("br"), title=text, hidden=None)
    found = Page(made)
    assert found.elements == [("p", "title"), ("br",)]
    assert (found.text, found.values["title"]) == (printable(text), [printable(text)])
    assert escape(made) is made
    assert isinstance(made, Markup)


@pytest.mark.parametrize("made", ["article", "index"])
def test_the_policy_allows_our_script_and_style_and_nothing_else(made: str) -> None:
    """Their hashes are those of what stands in the page; it loads nothing, and has no style or script in attributes."""
    text = render(doubtful_result(), "html") if made == "article" else index([entry("a.html")])
    found = Page(text)
    (policy,) = [value for value in found.values["content"] if "default-src" in value]
    (style,) = re.findall("<style>(.*?)</style>", text, re.DOTALL)
    (script,) = re.findall("<script>(.*?)</script>", text, re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in (style, script)]
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{hashes[0]}'",
        f"script-src 'sha256-{hashes[1]}'",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
    ]
    assert not {name for name in found.values if name == "style" or name == "src" or name.startswith("on")}
    assert "url(" not in style + script
    # It must stand before what it is to forbid.
    assert text.index("Content-Security-Policy") < text.index("<style>")


# --- The page of an article ------------------------------------------------------------------------------------------


def test_the_summary_comes_first_and_then_the_pairs() -> None:
    """Title, summary, English next to its French, notes under the paragraph, and what is known about it at the end."""
    found = page_of(doubtful_result()).text
    order = [
        "Nobody has edited it.",
        "The lighthouse is lit again",
        "Le phare se rallume",
        "Doubtful: 2 of 4 sentences",
        "The lighthouse is lit again.",
        "Sentences taken from the translation.",
        "It has lit the bay since 1920.",
        "Il éclaire la baie",
        "A number differs: “1902” in French, “1920” in English.",
        "Confidence 0.60 of 1; the median of this article is 0.71.",
        "The keeper sleeps.",
        "Le gardien dort.",
        "Translated in parts",
        "marian-fr-en",
        "1 min 4 s",
        "396431fc",
        "rubrique",
        "is under the licence",
    ]
    found = found[found.index("Nobody has") :]
    place = 0
    for part in order:
        assert part in found[place:], part
        place += found[place:].index(part)


def test_both_sides_of_a_sentence_have_its_number() -> None:
    """And so has its note: the script lights them up together."""
    found = page_of(doubtful_result())
    assert sorted(found.values["data-pair"]) == ["0", "0", "1", "1", *["2"] * 3, *["3"] * 3, *["4"] * 3]
    assert len(found.values["id"]) == len(set(found.values["id"]))
    for link in found.values["href"]:
        assert link.removeprefix("#") in found.values["id"]
    assert found.values["aria-label"][1:] == [
        "Doubt 1 of 2: A number differs: “1902” in French, “1920” in English.",
        "Back to doubt 1",
        "Doubt 2 of 2: The model was not sure of its words.",
        "Back to doubt 2",
    ]


@pytest.mark.parametrize(
    ("flags", "title_flags", "expected"),
    [
        ([], [], "Doubtful: none of 2 sentences"),
        ([Flag.RESPLIT], [], "Doubtful: none of 2 sentences"),
        ([Flag.EMPTY], [], "Doubtful: 1 of 2 sentences"),
        ([Flag.EMPTY], [Flag.REPETITION], "Doubtful: the title and 1 of 2 sentences"),
        ([], [Flag.REPETITION], "Doubtful: the title and 0 of 2 sentences"),
    ],
)
def test_the_count_of_doubts(flags: list[Flag], title_flags: list[Flag], expected: str) -> None:
    """A notice is no doubt, and the title is no sentence; without a doubt there are no buttons."""
    result = result_of([sentence("Un.", "One.", *flags), sentence("Deux.", "Two.")], title_flags=title_flags)
    found = page_of(result)
    assert expected in found.text
    assert (("button", "type", "id", "aria-keyshortcuts") in found.elements) == ("none" not in expected)


def test_each_side_says_which_language_it_is_in() -> None:
    """For those who have it read aloud: what was kept in French or English is read as that."""
    result = result_of(
        [
            sentence("Un.", "One."),
            sentence("Deux.", "Deux.", Flag.EMPTY),
            sentence("Three.", "Three.", Flag.ALREADY_ENGLISH),
            sentence("Vier.", "Vier.", Flag.OTHER_LANGUAGE),
        ]
    )
    text = render(result, "html")
    found = dict(re.findall(r'id="((?:en|fr)-[1-4])" data-pair="." tabindex="-1"( lang="\w+")?', text))
    assert found == {
        "en-1": "",
        "fr-1": "",
        "en-2": ' lang="fr"',
        "fr-2": "",
        "en-3": "",
        "fr-3": ' lang="en"',
        "en-4": ' lang="und"',
        "fr-4": ' lang="und"',
    }


def test_gemma_has_its_terms() -> None:
    """Whoever passes on what the embedded profile wrote can read whose model it was."""
    result = doubtful_result()
    assert result.models.translation
    gemma = result.models.translation.model_copy(update={"id": "gemma-3-270m+depeche-fr-en"})
    models = result.models.model_copy(update={"translation": gemma})
    assert "Gemma Terms of Use" in page_of(result.model_copy(update={"models": models})).text
    assert "Gemma Terms of Use" not in page_of(result).text


# --- The index -------------------------------------------------------------------------------------------------------


def test_the_most_doubtful_come_first() -> None:
    """By the share of doubtful sentences, then their number, then the lowest confidence, then the name."""
    listed = [
        entry("none.html"),
        entry("tenth.html", 1),
        entry("half-of-two.html", 1, 2),
        entry("half.html", 5),
        entry("tenth-unsure.html", 1, lowest=0.2),
        entry("tenth-unknown.html", 1, lowest=None),
        entry("a-tenth.html", 1),
    ]
    found = Page(index(listed))
    assert [link.removeprefix("./").removesuffix(".html") for link in found.values["href"]] == [
        "half",
        "half-of-two",
        "tenth-unsure",
        "a-tenth",
        "tenth",
        "tenth-unknown",
        "none",
    ]
    assert "7 articles, 6 with doubtful sentences" in found.text
    assert "5 of 10" in found.text


@pytest.mark.parametrize(
    ("name", "link"),
    [
        ("a b.html", "./a%20b.html"),
        ("javascript:alert(1).html", "./javascript%3Aalert%281%29.html"),
        ("été#2?.html", "./%C3%A9t%C3%A9%232%3F.html"),
        ("\udce9.html", "./%E9.html"),
        ("..html", "./..html"),
    ],
)
def test_links_lead_to_files_in_the_folder(name: str, link: str) -> None:
    """Whatever the name is: it is no address, and its bytes need not be UTF-8."""
    found = Page(index([entry(name, title=None)]))
    assert found.values["href"] == [link]
    assert "Untitled article, " in found.text


def test_a_folder_of_results(tmp_path: Path) -> None:
    """Pages say for themselves what the index needs; JSON counts where no page has its name; others are passed over."""
    result = doubtful_result()
    (tmp_path / "a.html").write_text(render(result, "html"), encoding="utf-8")
    (tmp_path / "a.json").write_text(render(result, "json"), encoding="utf-8")
    (tmp_path / "b.json").write_text(render(result, "json"), encoding="utf-8")
    (tmp_path / "c.md").write_text(render(result, "markdown"), encoding="utf-8")
    (tmp_path / "other.html").write_bytes(b"<title>\xe9</title>")
    (tmp_path / "false.html").write_text('<meta name="depeche-entry" content="{}">', encoding="utf-8")
    (tmp_path / "other.json").write_text("[]", encoding="utf-8")
    (tmp_path / "folder.html").mkdir()
    found = list(entries(tmp_path))
    assert found == [Entry.of(result, "a.html"), Entry.of(result, "b.json")]
    assert found[0] == Entry(
        file="a.html",
        title="The lighthouse is lit again",
        title_fr="Le phare se rallume",
        sentences=4,
        doubtful=2,
        lowest=0.41,
        reasons=["A number differs", "A name is missing in the English", "The model was not sure of its words"],
    )
    (tmp_path / "index.html").write_text(index(found), encoding="utf-8")
    assert list(entries(tmp_path)) == found


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_the_entry_of_a_page_is_that_of_its_result(tmp_path: Path, text: str) -> None:
    """Also where the titles are as long as they may be and longer, and every sign of them an escape."""
    titles = {"title_en": text * 20 + '"' * 4000, "title_fr": "\x1b" * 1000}
    result = result_full_of(text).model_copy(update=titles)
    (tmp_path / "a.html").write_text(render(result, "html"), encoding="utf-8")
    (found,) = entries(tmp_path)
    expected = Entry.of(result, "a.html")
    assert found == expected


def test_the_example_for_an_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What docs/reading.md shows runs."""
    (tmp_path / "results").mkdir()
    (tmp_path / "results/a.html").write_text(render(doubtful_result(), "html"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (example,) = re.findall("```python\n(.*?)```", (ROOT / "docs/reading.md").read_text(encoding="utf-8"), re.DOTALL)
    exec(example, {})
    assert "The lighthouse is lit again" in (tmp_path / "results/index.html").read_text(encoding="utf-8")


def test_the_entry_is_json_in_an_attribute() -> None:
    """Other programs can read it too."""
    (content,) = re.findall('<meta name="depeche-entry" content="([^"]*)">', render(doubtful_result(), "html"))
    assert json.loads(html.unescape(content))["doubtful"] == 2
