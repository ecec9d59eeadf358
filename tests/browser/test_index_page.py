"""The index of a folder in a real Chromium: to search, to sort and to go on from, with ten thousand articles too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from depeche.output import render
from depeche.pages import Entry, entries, index
from tests.browser.conftest import Open
from tests.results import HOSTILE, doubtful_result

pytestmark = pytest.mark.browser


def entry(number: int, **fields: Any) -> Entry:
    """One of many articles, the more doubtful the higher its number."""
    given: dict[str, Any] = {
        "file": f"{number}.html",
        "title": f"Ferry {number}",
        "title_fr": f"Le bac d'été {number}",
        "sentences": 10_000,
        "doubtful": number,
        "lowest": 1 - number / 20_000,
        "reasons": ["A number differs"] if number % 2 else [],
    }
    return Entry.model_validate(given | fields)


def titles(page: Any) -> list[str]:
    """Of the rows that are shown, in order."""
    found: list[str] = page.eval_on_selector_all(
        "tbody tr:not([hidden]) a", "links => links.map(link => link.textContent)"
    )
    return found


def search(page: Any, words: str) -> str:
    """Search, and what the page then says."""
    page.fill("#search", words)
    page.wait_for_function(
        "text => document.getElementById('found').textContent !== text", arg=page.inner_text("#found")
    )
    return str(page.inner_text("#found"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing(open_page: Open, scheme: str, width: int) -> None:
    """No rule of axe-core is broken, with results, without, and with hostile names."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    hostile = [entry(0, file=text.replace("\0", ""), title=text, title_fr=text) for text in HOSTILE.values()]
    for listed in ([entry(number) for number in range(5)], [], hostile):
        page = open_page(index(listed), color_scheme=scheme, viewport={"width": width, "height": 800})
        assert axe.run(page).response["violations"] == []
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
        assert page.told == []


def test_searching(open_page: Open) -> None:
    """All words must be there, in titles of either language or in the reasons; accents and capitals do not matter."""
    page = open_page(index([entry(number) for number in range(30)]))
    assert search(page, "ETE 17") == "1 of 30 articles"
    assert titles(page) == ["Ferry 17"]
    assert search(page, "differs") == "15 of 30 articles"
    assert search(page, "nowhere") == "0 of 30 articles"
    assert search(page, "") == ""
    assert len(titles(page)) == 30


def test_sorting(open_page: Open) -> None:
    """By doubt to begin with; a heading sorts by itself, and once more the other way round."""
    page = open_page(index([entry(2), entry(10), entry(1), entry(0, lowest=0.1)]))
    assert titles(page) == ["Ferry 10", "Ferry 2", "Ferry 1", "Ferry 0"]
    for heading, order, expected in (
        ("Article", "ascending", [0, 1, 2, 10]),
        ("Article", "descending", [10, 2, 1, 0]),
        ("Lowest confidence", "ascending", [0, 10, 2, 1]),
        ("Doubtful sentences", "descending", [10, 2, 1, 0]),
        ("Doubtful sentences", "ascending", [0, 1, 2, 10]),
    ):
        page.get_by_role("button", name=heading).press("Enter")
        assert titles(page) == [f"Ferry {number}" for number in expected]
        assert page.get_by_role("columnheader", name=heading).get_attribute("aria-sort") == order
        assert page.locator("[aria-sort]").count() == 1


def test_ten_thousand_articles(open_page: Open) -> None:
    """All are there, and can be searched and sorted."""
    page = open_page(index([entry(number) for number in range(10_000)]))
    assert len(titles(page)) == 10_000
    assert search(page, "Ferry 9999") == "1 of 10,000 articles"
    assert titles(page) == ["Ferry 9999"]
    assert search(page, "differs") == "5,000 of 10,000 articles"
    page.get_by_role("button", name="Doubtful sentences").click()
    assert titles(page)[:2] == ["Ferry 1", "Ferry 3"]
    assert page.told == []


def test_a_link_leads_to_the_page(open_page: Open, tmp_path: Path) -> None:
    """From file to file, whatever the name is."""
    name = "javascript:alert(1) été #2?.html"
    (tmp_path / name).write_text(render(doubtful_result(), "html"), encoding="utf-8")
    page = open_page(index(entries(tmp_path)), "index.html")
    page.get_by_role("link", name="The lighthouse is lit again").click()
    page.wait_for_url("**/javascript*")
    assert page.title() == "The lighthouse is lit again"
    assert not [line for line in page.told if line.startswith(("dialog", "error"))]


def test_without_scripts_all_can_be_read(open_page: Open) -> None:
    """In the order of doubt, and without buttons that would do nothing."""
    page = open_page(index([entry(1), entry(2)]), java_script_enabled=False)
    assert page.locator("tbody th").first.inner_text() == "Ferry 2\nLe bac d'été 2"
    assert page.locator("button").count() == 0


def test_on_paper(open_page: Open) -> None:
    """Black on white, with the headings of all columns, no button, and room for the reasons."""
    page = open_page(index([entry(number) for number in range(60)]), color_scheme="dark")
    assert page.pdf(format="A4").startswith(b"%PDF-")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert not page.is_visible("thead button")
    painted = "heading => getComputedStyle(heading, '::before').content.replaceAll('\"', '')"
    headings = [page.eval_on_selector(f"thead th:nth-child({column})", painted) for column in (1, 2, 3)]
    assert headings == ["Article", "Doubtful sentences", "Lowest confidence"]
    assert page.evaluate(
        "document.querySelector('thead th:last-child').offsetWidth / document.querySelector('table').offsetWidth > 0.25"
    )
