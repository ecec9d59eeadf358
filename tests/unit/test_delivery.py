"""Messages from any program are checked before they are worked on."""

from __future__ import annotations

from typing import Any

import pytest

from depeche.article import Article, Options
from depeche.errors import InvalidArticle
from worker.run.delivery import read_message


def test_the_documented_message() -> None:
    """One article as the only argument; options may be left out or null."""
    article = Article(text="Bonjour")
    assert read_message(({"text": "Bonjour"},), {}) == (article, Options())
    assert read_message(({"text": "Bonjour"},), {"options": None}) == (article, Options())
    assert read_message(({"text": "Bonjour"},), {"options": {"summary": False}}) == (article, Options(summary=False))


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [
        ((), {}),
        (({"text": "a"}, {"text": "b"}), {}),
        (({"text": "a"},), {"option": {}}),
        (({"text": "a"},), {"options": [1]}),
        (({"text": "a"},), {"options": []}),
        (({"text": "a"},), {"options": False}),
        (("a",), {}),
        ((None,), {}),
        (([{"text": "a"}],), {}),
    ],
)
def test_other_messages_are_refused(args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Wrong arguments end the job as invalid_article, not as a crash."""
    with pytest.raises(InvalidArticle):
        read_message(args, kwargs)
