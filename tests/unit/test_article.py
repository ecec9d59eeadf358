"""What is not an article is refused with a reason; what is one comes through unchanged."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from depeche.article import Article, JobState, JobStatus, Options, Segment, check_length, parse
from depeche.errors import InvalidArticle, TooLong


def nested(depth: int) -> Any:
    """A list in a list, and so on."""
    value: Any = []
    for _ in range(depth - 1):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ({}, "text: field required"),
        ({"text": ""}, "no letter"),
        ({"text": " \n\t\u00a0"}, "no letter"),
        ({"text": "123 … !? 🙂"}, "no letter"),
        ({"text": None}, "text: input should be a valid string"),
        ({"text": "avant\0après"}, "NUL character at position 5"),
        ({"text": "avant \ud800"}, "lone surrogate at position 6"),
        ({"text": "ok", "title": "\udfff"}, "title: "),
        ({"text": "ok", "title": "t" * 1001}, "title: string should have at most 1000 characters"),
        ({"text": "ok", "titel": "t"}, "titel: extra inputs are not permitted"),
        ({"text": "ok", "language": "French"}, "language:"),
        ({"text": "ok", "metadata": {"k": "v" * 17_000}}, "at most 16384 are kept"),
        ({"text": "ok", "metadata": {"k": float("nan")}}, "metadata:"),
        ({"text": "ok", "metadata": {"k": "\ud800"}}, "metadata:"),
        ({"text": "ok", "metadata": [1]}, "metadata:"),
        ({"text": "ok", "metadata": {"k": nested(24)}}, "metadata: is nested deeper than 24 levels"),
        ({"text": "ok", "metadata": {"k": nested(100_000)}}, "metadata: is nested deeper than 24 levels"),
        ([], "article:"),
        (None, "article:"),
        ("text", "article:"),
    ],
)
def test_bad_articles_are_refused(payload: Any, reason: str) -> None:
    """The error names the field and the fault."""
    with pytest.raises(InvalidArticle) as caught:
        parse(Article, payload)
    assert reason in str(caught.value)


def test_all_faults_are_named_and_the_text_is_not_repeated() -> None:
    """A log of errors must not become a copy of the article."""
    with pytest.raises(InvalidArticle) as caught:
        parse(Article, {"text": "secret\0", "title": 3})
    assert "text:" in str(caught.value)
    assert "title:" in str(caught.value)
    assert "secret" not in str(caught.value)
    assert len(caught.value.detail["faults"]) == 2


def test_hostile_names_are_cut_and_escaped() -> None:
    """An unknown field's name cannot flood a log or forge a line of it."""
    with pytest.raises(InvalidArticle) as caught:
        parse(Article, {"text": "ok", "n" * 30_000: 1, "a\nERROR forged": 2, **{f"x{n}": n for n in range(100)}})
    assert len(str(caught.value)) < 1000
    assert "\n" not in str(caught.value)


def test_results_of_newer_workers_can_be_read() -> None:
    """A producer that is older than its workers passes over what it does not know."""
    assert JobStatus.model_validate({"id": "1", "state": "queued", "new": 1}).state is JobState.QUEUED


def test_deep_nesting_is_refused_not_fatal() -> None:
    """Metadata nested thousands deep gives an error of ordinary length."""
    nested: dict[str, Any] = {}
    for _ in range(5000):
        nested = {"a": nested}
    with pytest.raises(InvalidArticle) as caught:
        parse(Article, {"text": "ok", "metadata": nested})
    assert len(str(caught.value)) < 500


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_any_text_with_a_letter_is_kept_as_it_is(text: str) -> None:
    """Right-to-left, zero-width, combining: nothing of a valid text is changed on its way to the queue."""
    article = parse(Article, {"text": text + "é"})
    assert parse(Article, article.model_dump(mode="json")).text == text + "é"


def test_length_limit_counts_characters() -> None:
    """The limit itself is allowed; one more is not, and the error has both figures."""
    check_length(Article(text="é" * 10), 10)
    with pytest.raises(TooLong) as caught:
        check_length(Article(text="é" * 11), 10)
    assert caught.value.detail == {"chars": 11, "max_chars": 10}


@pytest.mark.parametrize(
    "payload", [{"summary_sentences": 0}, {"summary_sentences": 21}, {"sumary": True}, {"force": "?"}]
)
def test_bad_options_are_refused(payload: dict[str, Any]) -> None:
    """A misspelt or impossible option is an error, not a default."""
    with pytest.raises(InvalidArticle):
        parse(Options, payload)


def test_flags_of_newer_workers_are_read() -> None:
    """A producer may be older than the workers; what is not a flag is refused all the same."""
    segment = Segment.model_validate({"paragraph": 0, "sentence": 0, "fr": "Un.", "en": "One.", "flags": ["not_yet"]})
    assert segment.flags == ["not_yet"]
    assert segment.model_dump(mode="json")["flags"] == ["not_yet"]
    for value in ("", "no flag", 3):
        with pytest.raises(ValidationError):
            Segment.model_validate({"paragraph": 0, "sentence": 0, "fr": "", "en": "", "flags": [value]})
