"""Jobs share batches: a worker's death costs those in work alone, and a short article does not wait for long ones."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
import redis

from depeche.article import JobState, Options
from depeche.client import Client
from tests.checkpoints.articles import ARTICLES
from tests.conftest import StartWorker, wait_until

pytestmark = [pytest.mark.integration, pytest.mark.crash]

PREPARED = Path(__file__).parents[1] / "checkpoints" / "prepared"
STANDARD = {
    "DEPECHE_PROFILE": "standard",
    "DEPECHE_TRANSLATION_MODEL": str(PREPARED / "marian"),
    "DEPECHE_SUMMARY_MODEL": "none",
    "DEPECHE_DEVICE": "cpu",
    "DEPECHE_LEASE_S": "3",
}
HANGING = [sys.executable, "-m", "tests.crash.hanging_worker", "run"]
FRENCH = [pair.french for article in ARTICLES for pair in article.sentences]
NO_SUMMARY = Options(summary=False)


def article(sentences: list[str]) -> str:
    """Each a paragraph of its own, so that they stay what they are."""
    return "\n\n".join(sentences)


def test_a_worker_killed_in_mid_batch_costs_that_batch_alone(
    client: Client, raw: redis.Redis, start_worker: StartWorker, tmp_path: Path
) -> None:
    """All that was computed for both jobs is kept before their calls have ended, and is not computed again."""
    computed = tmp_path / "computed"
    first = start_worker(*HANGING, **STANDARD, HANG_AFTER="6", COMPUTED=str(computed))
    first.wait_ready()
    # What is computed to warm the engine up is nobody's.
    before = len(computed.read_text().split())
    ids = [client.submit(article(FRENCH[start : start + 50]), options=NO_SUMMARY) for start in (0, 50)]

    def done() -> list[int]:
        return [int(line) for line in computed.read_text().split()][before:]

    wait_until(lambda: len(done()) == 6 - before, "its engine hangs")
    assert all(client.status(task_id).state is JobState.RUNNING for task_id in ids)
    kept: Any = wait_until(lambda: (n := raw.hlen("depeche:cache:new")) >= sum(done()) and n, "what it has is kept")
    assert 0 < kept < 100
    first.process.kill()
    start_worker(**STANDARD)
    results = [client.wait(task_id, timeout_s=60) for task_id in ids]
    assert [result.attempts for result in results] == [2, 2]
    assert sum(result.cache.hits for result in results) >= kept
    assert [len(result.segments) for result in results] == [50, 50]


def test_a_short_article_ends_before_long_ones_that_began_before(
    client: Client, raw: redis.Redis, start_worker: StartWorker, tmp_path: Path
) -> None:
    """Ten of three hundred sentences are in work when one of three comes: it is the first to end."""
    held = tmp_path / "held"
    slow = {"DEPECHE_LEASE_S": "60", "HELD": str(held), "COMPUTED": str(tmp_path / "computed")}
    options = STANDARD | slow | {"DEPECHE_CONCURRENCY": "12", "DEPECHE_CACHE_SENTENCES": "0"}
    start_worker(*HANGING, **options).wait_ready()
    # Jobs come to their translation one after the other, so the first would be far ahead of the last.
    held.touch()
    long = [
        client.submit(article([FRENCH[(number + 7 * place) % len(FRENCH)] for place in range(300)]), options=NO_SUMMARY)
        for number in range(10)
    ]

    def translates(task_id: str) -> bool:
        progress = client.status(task_id).progress
        return progress is not None and progress.stage == "translate"

    wait_until(lambda: all(map(translates, long)), "all are in work")
    short = client.submit(article(FRENCH[:3]), options=NO_SUMMARY)
    wait_until(lambda: translates(short), "and the short one too")
    held.unlink()
    for task_id in (short, *long):
        client.wait(task_id, timeout_s=120)
    events: Any = raw.xrange("depeche:events")
    ended = [fields["id"] for _, fields in events if "id" in fields]
    assert (ended[0], sorted(ended)) == (short, sorted([short, *long]))
