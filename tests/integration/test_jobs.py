"""The job record and Celery's own key, where one is ahead of the other."""

from __future__ import annotations

import json

import pytest
import redis

from config.settings import Settings
from tasks.article import JobState
from tasks.client import Client
from tasks.jobs import Jobs, connect

pytestmark = pytest.mark.integration


@pytest.mark.parametrize(
    ("ending", "state", "code"),
    [
        ({"exc_type": "NotFrench", "exc_message": ["It is Spanish.", {"language": "es"}]}, "failed", "not_french"),
        ({"exc_type": "KeyError", "exc_message": ["x"]}, "failed", "internal"),
        ({"exc_type": "OSError", "exc_message": "x"}, "failed", "internal"),
    ],
)
def test_celerys_key_tells_the_ending_first(
    client: Client, settings: Settings, ending: dict[str, object], state: str, code: str
) -> None:
    """A worker writes Celery's key, then the record: in between, or if it dies there, the reason is known already."""
    url = settings.redis_url.get_secret_value()
    with redis.Redis.from_url(url) as raw, connect(url) as own:
        jobs = Jobs(own, 60)
        jobs.create("a", "normal")
        jobs.start("a")
        assert client.status("a").state is JobState.RUNNING
        raw.set("celery-task-meta-a", json.dumps({"status": "FAILURE", "result": ending}), ex=60)
    status = client.status("a")
    assert (status.state, status.error and status.error.code) == (state, code)


def test_a_second_attempt_starts_afresh(settings: Settings) -> None:
    """The error of the first is not told of the second."""
    with connect(settings.redis_url.get_secret_value()) as own:
        jobs = Jobs(own, 60)
        jobs.create("a", "normal")
        assert [jobs.start("a"), jobs.start("a")] == [1, 2]
        status = jobs.status("a")
    assert (status.state, status.attempts, status.error, status.progress) == (JobState.RUNNING, 2, None, None)
