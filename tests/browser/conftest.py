"""A real Chromium without a window, and pages in it that tell whatever they should not do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

#: Opens a page with this HTML, and options of the browser's context; whoever opens it may look at its ``told``.
Open = Callable[..., Any]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser."""
    api = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("there is no chromium on the PATH")
    with api.sync_playwright() as playwright:
        # Chromium's own sandbox does not work for root, as in a container.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Any, tmp_path: Path) -> Iterator[Open]:
    """Writes a page to a file and opens that, as a reader would; no server is there."""
    contexts = []

    def open_page(text: str, name: str = "page.html", **options: Any) -> Any:
        (tmp_path / name).write_text(text, encoding="utf-8")
        context = chromium.new_context(**options)
        contexts.append(context)
        # What is wanted from elsewhere is told, and not fetched.
        context.route(lambda url: not url.startswith("file:"), lambda route: route.abort())
        page = context.new_page()
        page.told = []
        page.on("dialog", lambda dialog: (page.told.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: page.told.append(f"request {request.url}"))
        page.on("requestfailed", lambda request: _note_block(page.told, request))
        page.on("pageerror", lambda error: page.told.append(f"error {error}"))
        page.on("console", lambda message: page.told.append(f"console {message.text}"))
        address = (tmp_path / name).as_uri()
        page.goto(address, wait_until="load")
        page.told.remove(f"request {address}")
        return page

    yield open_page
    for context in contexts:
        context.close()


def _note_block(told: list[str], request: Any) -> None:
    """What the page's own policy stops was never sent."""
    if request.failure == "csp":
        told[told.index(f"request {request.url}")] = f"blocked {request.url}"
