"""What a model hub answers, and what others answer in its place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

_HTML = {"Content-Type": "text/html; charset=utf-8"}


class Answer(NamedTuple):
    """One answer; a ``Content-Length`` beyond the body is a connection that broke off."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def too_many_requests(retry_after: str | None = None) -> Answer:
    """The hub's own, for those who ask too often."""
    return Answer(429, {"Retry-After": retry_after} if retry_after else {}, b"")


def unavailable(retry_after: str | None = None) -> Answer:
    """The hub's own, when it is overloaded or down."""
    return Answer(503, {"Retry-After": retry_after} if retry_after else {}, b"")


def proxy_page() -> Answer:
    """What a company's proxy says in the hub's place."""
    return Answer(403, _HTML, b"<title>Access to this site\n is blocked</title><p>Ask your administrator.")


def login_page() -> Answer:
    """What a hotel's network says in everybody's place."""
    return Answer(200, _HTML, b"<html><head><title>Welcome, guest</title></head><body>Room number?</body></html>")


@dataclass
class Instead:
    """An answer in the place of the right one.

    Attributes:
        path: a regular expression that is found in the path.
        times: how often still.
        answer: None for nothing at all: the connection stays open and silent.
    """

    path: str
    answer: Answer | None
    times: int = 1_000_000


def json_answer(content: Any) -> Answer:
    """What the hub's interface says."""
    return Answer(200, {"Content-Type": "application/json"}, json.dumps(content).encode())


def refusal(status: int, code: str, message: str = "") -> Answer:
    """The hub's own way to say no."""
    return Answer(status, {"X-Error-Code": code, "X-Error-Message": message}, b"")
