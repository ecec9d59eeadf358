"""Whole HTML documents: a template of ours, with its style and script inside, under a strict content security policy.

A page needs nothing from elsewhere. Its policy allows the style and the script that have these hashes, and nothing
else: if a text ever came out as markup, the browser would still not run it, nor fetch what it names.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from string import Template

from depeche.pages.markup import Markup


def document(name: str, /, **parts: Markup) -> str:
    """Fill a template.

    Args:
        name: of the template, and of the style and the script that belong to it.
        parts: what stands in its places, by name.
    """
    style = _read("base.css") + _read(f"{name}.css")
    script = _read(f"{name}.js")
    given = dict(parts, style=style, script=script, policy=_policy(style, script))
    return Template(_read(f"{name}.html")).substitute(given)


@cache
def _read(name: str) -> str:
    return files("depeche.pages").joinpath("static", name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src 'sha256-{_digest(style)}'; script-src 'sha256-{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
