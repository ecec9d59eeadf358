"""Finds what a markdown page of this project names and the project does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from config.settings import Settings
from depeche.settings import PREFIX

ROOT = Path(__file__).parents[1]

#: Every page that people read.
PAGES = sorted([*ROOT.glob("*.md"), ROOT / "client/README.md", ROOT / "examples/README.md", *ROOT.glob("docs/*.md")])

#: Variables that are no settings of a worker: docker-compose.yml takes the first, depeche notify the second.
OTHER_VARIABLES = {"DEPECHE_VERSION", "DEPECHE_WEBHOOK_SECRET"}

_LINK = re.compile(r"\]\(([^()\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_CODE = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"(?:client|config|tasks|worker|tests|training|benchmarks|deploy|docs|requirements)/[\w./-]*")
_TEST = re.compile(r"test_\w+")
_VARIABLE = re.compile(rf"\b{PREFIX}[A-Z_]*[A-Z]\b")
_TARGET = re.compile(r"(?:^ {4}|`)make (?:[A-Z]+=\S+ )*([a-z-]+)", re.MULTILINE)


def faults(page: Path, text: str) -> Iterator[str]:
    """Each link, path, test, setting and make target in a page's text that leads nowhere.

    Args:
        page: where the text stands, since links are relative to it.
        text: the page's markdown.
    """
    for target in _LINK.findall(text):
        if not target.startswith(("http://", "https://")) and not _leads_somewhere(page, text, target):
            yield f"the link {target}"
    for code in _CODE.findall(text):
        if _PATH.fullmatch(code) and not (ROOT / code).exists() and not _is_pattern(code):
            yield f"the path {code}"
        if _TEST.fullmatch(code) and code not in _tests():
            yield f"the test {code}"
    for name in sorted(set(_VARIABLE.findall(text)) - _variables()):
        yield f"the setting {name}"
    for target in sorted(set(_TARGET.findall(text)) - _make_targets()):
        yield f"the target make {target}"


def _leads_somewhere(page: Path, text: str, target: str) -> bool:
    path, _, anchor = target.partition("#")
    found = (page.parent / path).resolve()
    if not found.exists():
        return False
    return not anchor or anchor in _anchors(found.read_text(encoding="utf-8") if path else text)


def _anchors(text: str) -> set[str]:
    """The names that GitHub gives to headings: small letters, hyphens for spaces, no other marks."""
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in _HEADING.findall(text)}


def _is_pattern(path: str) -> bool:
    """Whether this is the place of a file yet to be written, such as ``worker/models/engines/NAME.py``."""
    return "NAME" in path


@cache
def _tests() -> set[str]:
    files = list((ROOT / "tests").rglob("test_*.py"))
    functions = {name for file in files for name in re.findall(r"def (test_\w+)", file.read_text(encoding="utf-8"))}
    return functions | {file.stem for file in files}


@cache
def _variables() -> set[str]:
    return {PREFIX + name.upper() for name in Settings.model_fields} | OTHER_VARIABLES


@cache
def _make_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
