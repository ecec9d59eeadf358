"""The documents say what is so: reference pages are the code's, and what a page names is there."""

from __future__ import annotations

import doctest
import inspect
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from depeche import errors
from depeche.article import ArticleResult, Flag, JobState
from docs.generate import pages
from tests.documents import PAGES, ROOT, faults

DOCS = ROOT / "docs"
README = ROOT / "README.md"

#: The README is for people who meet the project for the first time.
MOST_WORDS = 1000


@pytest.mark.parametrize("name", pages())
def test_page_is_up_to_date(name: str) -> None:
    """`make docs` would change nothing."""
    assert (DOCS / name).read_text(encoding="utf-8") == pages()[name]


@pytest.mark.parametrize("page", ["testing.md", "documents.md"])
def test_the_examples_for_producers_run(page: str) -> None:
    """What the page shows is what happens."""
    found = doctest.testfile(str(DOCS / page), module_relative=False, encoding="utf-8")
    assert found.attempted > 10
    assert found.failed == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_names_is_there(page: Path) -> None:
    """Every link, path, test, setting and make target."""
    assert list(faults(page, page.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a](docs/settings.md), [b](https://example.org/x), [c](#here)\n\n## Here", []),
        ("[a](docs/protocol.md#error-codes)", []),
        ("[a](docs/nowhere.md)", ["the link docs/nowhere.md"]),
        ("[a](docs/protocol.md#nowhere)", ["the link docs/protocol.md#nowhere"]),
        ("[a](#nowhere)\n\n## Here", ["the link #nowhere"]),
        ("`worker/app.py`, `tests/crash/`, `worker/models/engines/NAME.py`", []),
        ("`worker/engines/llama_cpp.py`", ["the path worker/engines/llama_cpp.py"]),
        ("`test_one_key_one_job` in `test_docs`", []),
        ("`test_no_such_thing`", ["the test test_no_such_thing"]),
        ("DEPECHE_LEASE_S=3, `DEPECHE_REDIS_URL`", []),
        ("`DEPECHE_CONCURENCY`", ["the setting DEPECHE_CONCURENCY"]),
        ("    make demo\n\n`make CUDA=1 models`, we make do", []),
        ("`make everything`", ["the target make everything"]),
    ],
)
def test_what_is_not_there_is_found(text: str, expected: list[str]) -> None:
    """Each kind of name that leads nowhere, and no other."""
    assert list(faults(README, text)) == expected


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("quality.md", {str(flag) for flag in Flag}),
        ("protocol.md", {str(state) for state in JobState}),
        (
            "protocol.md",
            {
                kind.code
                for kind in vars(errors).values()
                if inspect.isclass(kind) and issubclass(kind, errors.DepecheError)
            },
        ),
        ("protocol.md", set(ArticleResult.model_fields)),
    ],
    ids=["flags", "states", "error codes", "fields of a result"],
)
def test_the_tables_are_complete(page: str, names: set[str]) -> None:
    """Each name is explained, and so stands in code marks."""
    shown = set(re.findall(r"`(\w+)`", (DOCS / page).read_text(encoding="utf-8")))
    assert names - shown == set()


def layers() -> dict[str, list[set[str]]]:
    """The modules in each layer, from the top down, for each package that has a contract."""
    settings: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    return {
        package: [set(layer.split(" | ")) for layer in contract["layers"]]
        for contract in contracts
        for package in contract.get("containers", [])
    }


@pytest.mark.parametrize("package", layers())
def test_the_map_shows_the_import_layers(package: str) -> None:
    """CONTRIBUTING.md has a table for each contract, with the same modules in the same lines."""
    rows = re.findall(r"^\| (`.+?`) \| ", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE)
    shown = [set(re.findall(r"`(\w+)`", row)) for row in rows]
    expected = layers()[package]
    assert any(shown[start : start + len(expected)] == expected for start in range(len(shown)))


def test_readme_is_short() -> None:
    """At most a thousand words, as `wc -w` counts them."""
    assert len(README.read_text(encoding="utf-8").split()) <= MOST_WORDS


def test_the_result_in_the_readme_is_one() -> None:
    """The JSON that it shows has all fields of a result and no others."""
    (shown,) = re.findall(r"```json\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    fields = json.loads(shown)
    assert ArticleResult.model_validate(fields).model_dump(mode="json") == fields
