"""The page of an article in a real Chromium: accessible, harmless whatever it holds, and it does what it says."""

from __future__ import annotations

from typing import Any

import pytest

from depeche.article import Flag
from depeche.output import render
from depeche.printable import printable
from tests.browser.conftest import Open
from tests.results import HOSTILE, doubtful_result, result_full_of, result_of, sentence

pytestmark = pytest.mark.browser

WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 360, "height": 700}

#: What a browser would do with hostile texts if one of them came out as markup.
UNESCAPED = "".join(HOSTILE.values())


def lit(page: Any) -> list[str]:
    """The parts that are lit up, by their names or else by their kind."""
    found: list[str] = page.eval_on_selector_all(".lit", "parts => parts.map(part => part.id || part.classList[0])")
    return found


def focused(page: Any) -> str:
    """The name of what has the focus."""
    return str(page.evaluate("document.activeElement.id"))


# --- Accessible ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("which", ["doubtful", "bare", "hostile"])
def test_axe_finds_nothing(open_page: Open, scheme: str, size: dict[str, int], which: str) -> None:
    """Contrast, names, order, landmarks: no rule of axe-core is broken, also while a doubt is lit up."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    result = {
        "doubtful": doubtful_result(),
        "bare": result_of([sentence("Oui.", "Yes.")], title_en=None, title_fr=None, summary_en=None),
        "hostile": result_full_of(HOSTILE["script"]),
    }[which]
    page = open_page(render(result, "html"), color_scheme=scheme, viewport=size)
    assert axe.run(page).response["violations"] == []
    page.keyboard.press("Alt+ArrowDown")
    assert axe.run(page).response["violations"] == []


def test_axe_finds_what_is_wrong(open_page: Open) -> None:
    """The page without its style of doubts and with grey text is not passed: the look above can fail."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_page("<!DOCTYPE html><p style='color: #999'>Une phrase grise.</p><button></button>")
    found = {violation["id"] for violation in axe.run(page).response["violations"]}
    assert {"button-name", "color-contrast", "document-title"} <= found


# --- Harmless --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_shown(open_page: Open, text: str) -> None:
    """No dialog, no request, no error, no script; and the reader sees it, in the title of the window too."""
    page = open_page(render(result_full_of(text), "html"))
    page.keyboard.press("Alt+ArrowDown")
    page.hover("#fr-1")
    assert page.told == []
    expected = " ".join(printable(text).split())
    assert expected in " ".join(page.inner_text("#en-3").split())
    assert expected in " ".join(page.title().split())


def test_a_page_that_does_harm_is_seen(open_page: Open) -> None:
    """The same texts as markup do open dialogs and ask for pictures: the look above can fail."""
    told = open_page(f"<!DOCTYPE html>{UNESCAPED}<img src='https://images.example/y.png'>").told
    assert "dialog un" in told
    assert "request https://images.example/y.png" in told


def test_the_policy_holds_even_if_a_text_came_out_as_markup(open_page: Open) -> None:
    """No script of it runs, and nothing is fetched."""
    harmless = render(result_of([sentence("Un.", "PLACE")]), "html")
    markup = f"{UNESCAPED}<img src='https://images.example/y.png'><p style='position: fixed'>x</p>"
    page = open_page(harmless.replace("PLACE", markup))
    assert {line.split()[0] for line in page.told} == {"blocked", "console"}
    assert "blocked https://images.example/y.png" in page.told


def test_writing_from_the_right_stays_in_its_sentence(open_page: Open) -> None:
    """A sentence in Hebrew does not take the number of the next one to its other side."""
    result = result_of(
        [
            sentence("Il a dit :", "He said:"),
            sentence("שלום לכולם", "שלום לכולם", Flag.OTHER_LANGUAGE, sentence=1),
            sentence("12 amis.", "12 friends.", sentence=2),
        ]
    )
    page = open_page(render(result, "html"))
    first, last = page.evaluate(
        """() => {
          const left = (id, index) => {
            const range = document.createRange();
            const text = document.getElementById(id).firstChild;
            range.setStart(text, index);
            range.setEnd(text, index + 1);
            return range.getBoundingClientRect().left;
          };
          return [left("en-2", 0), left("en-3", 0)];
        }"""
    )
    assert first < last


# --- Pairs -----------------------------------------------------------------------------------------------------------


def test_pointing_at_a_sentence_lights_its_partner(open_page: Open) -> None:
    """From either side, and from the note; away from the text, nothing is lit."""
    page = open_page(render(doubtful_result(), "html"))
    for part in ("#en-1", "#fr-1"):
        page.hover(part)
        assert lit(page) == ["en-1", "fr-1"]
    page.hover("#note-1")
    assert lit(page) == ["en-2", "fr-2", "note-1"]
    page.hover(".kicker")
    assert lit(page) == []


def test_touching_a_sentence_lights_its_partner(open_page: Open) -> None:
    """Where there is no pointer."""
    page = open_page(render(doubtful_result(), "html"), has_touch=True, viewport=NARROW)
    page.tap("#en-3")
    assert lit(page) == ["en-3", "fr-3", "notice"]


def test_the_keyboard_reaches_each_doubt_and_lights_it(open_page: Open) -> None:
    """By the tab key: both buttons, and then each doubt and its note."""
    page = open_page(render(doubtful_result(), "html"))
    reached = []
    for _ in range(6):
        page.keyboard.press("Tab")
        reached.append((focused(page), lit(page)))
    doubt, other = ["en-2", "fr-2", "note-1"], ["en-4", "fr-4", "note-2"]
    assert reached == [("previous", []), ("next", []), ("doubt-1", doubt), ("", doubt), ("doubt-2", other), ("", other)]


def test_jumping_from_doubt_to_doubt(open_page: Open) -> None:
    """By keys and by buttons, around the ends; each comes into view and says which it is."""
    page = open_page(render(doubtful_result(), "html"), viewport={"width": 360, "height": 300})
    for key, expected in (
        ("Alt+ArrowDown", 1),
        ("Alt+ArrowDown", 2),
        ("Alt+ArrowDown", 1),
        ("Alt+ArrowUp", 2),
        ("Alt+ArrowUp", 1),
    ):
        page.keyboard.press(key)
        assert focused(page) == f"doubt-{expected}"
        assert page.inner_text("#place") == f"{expected} of 2"
        assert page.evaluate("document.activeElement.getBoundingClientRect().top > 0")
        assert page.evaluate("document.activeElement.getBoundingClientRect().bottom < innerHeight")
    page.click("#next")
    assert (focused(page), lit(page)) == ("doubt-2", ["en-4", "fr-4", "note-2"])
    page.click("#previous")
    assert focused(page) == "doubt-1"


def test_going_from_sentence_to_sentence(open_page: Open) -> None:
    """With the shift key each sentence has its turn, from where the reader clicked."""
    page = open_page(render(doubtful_result(), "html"))
    page.click("#fr-2")
    for expected in (3, 4, 1):
        page.keyboard.press("Alt+Shift+ArrowDown")
        assert focused(page) == f"en-{expected}"
    page.keyboard.press("Alt+ArrowDown")
    assert focused(page) == "doubt-1"


def test_without_doubts_there_is_nothing_to_jump_to(open_page: Open) -> None:
    """The keys do nothing, and no error."""
    page = open_page(render(result_of([sentence("Oui.", "Yes.")]), "html"))
    page.keyboard.press("Alt+ArrowDown")
    assert (lit(page), page.told) == ([], [])


# --- Any screen, and paper -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_nothing_runs_out_of_the_page(open_page: Open, size: dict[str, int]) -> None:
    """Not even a word of a thousand letters."""
    page = open_page(render(result_full_of("m" * 1000), "html"), viewport=size)
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def test_side_by_side_or_one_above_the_other(open_page: Open) -> None:
    """English and French of a paragraph begin at the same height on a wide screen, and not on a narrow one."""
    page = open_page(render(doubtful_result(), "html"), viewport=WIDE)
    tops = "() => ['#en-1', '#fr-1'].map(part => Math.round(document.querySelector(part).getBoundingClientRect().top))"
    english, french = page.evaluate(tops)
    assert abs(english - french) <= 2
    page.set_viewport_size(NARROW)
    english, french = page.evaluate(tops)
    assert french > english + 20


def test_without_scripts_all_can_be_read(open_page: Open) -> None:
    """And the numbers lead from sentence to note."""
    page = open_page(render(doubtful_result(), "html"), java_script_enabled=False)
    for segment in doubtful_result().segments:
        assert page.get_by_text(segment.en).first.is_visible()
        assert page.get_by_text(segment.fr).first.is_visible()
    page.click("#doubt-1")
    assert page.url.endswith("#note-1")


def test_on_paper(open_page: Open) -> None:
    """Black on white whatever the screen is, side by side, without buttons; and it makes a PDF."""
    page = open_page(render(doubtful_result(), "html"), color_scheme="dark", viewport=NARROW)
    assert page.pdf(format="A4").startswith(b"%PDF-")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert not page.is_visible("#next")
    assert page.is_visible("#note-1")
    assert page.evaluate("getComputedStyle(document.querySelector('.paragraph')).gridTemplateColumns").count("px") == 2
