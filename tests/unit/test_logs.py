"""What is logged: one line an event, without secrets, and without what Celery would add of a message."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from config.logs import configure_logging, mask


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    """Each line is an object: event, time, level, logger, and a job's facts."""
    configure_logging("json")
    logging.getLogger("depeche.jobs").info("job %s", "succeeded", extra={"job": {"id": "x", "sentences": 2}})
    line = json.loads(capsys.readouterr().err)
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "job succeeded", "level": "info", "logger": "depeche.jobs", "id": "x", "sentences": 2}


@pytest.mark.parametrize("log_format", ["console", "json"])
def test_secrets_are_masked(log_format: str, capsys: pytest.CaptureFixture[str]) -> None:
    """In the event, and in a traceback."""
    configure_logging(log_format)  # type: ignore[arg-type]  # the parametrised literal
    try:
        raise ValueError("cannot connect to rediss://app:hunter2@host/0?sentinel_password=hunter3&x=1")
    except ValueError:
        logging.getLogger("any").exception("trouble with sentinel://:hunter4@a,b/0")
    told = capsys.readouterr().err
    assert "hunter" not in told
    assert "rediss://***@host/0" in told
    assert "ValueError" in told


def test_what_celery_adds_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    """Its extras hold the beginning of the article."""
    configure_logging("json")
    logging.getLogger("celery.worker").info("received", extra={"data": {"args": "Le secret"}})
    assert "secret" not in capsys.readouterr().err


def test_mask_leaves_the_rest() -> None:
    """A text without logins stays as it is."""
    text = "see https://host/path?a=1 or write to a@b.fr"
    assert mask(text) == text
