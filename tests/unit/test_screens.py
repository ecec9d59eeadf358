"""What depeche top, list and stats --watch show: it fits, it counts what it leaves out, and it obeys nobody's text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click
import pytest

from depeche.article import JobState, Progress, Stats
from depeche.cli.screens import fit, job_table, none_found, stats_block, stats_line, top_screen, what_is_not_listed
from depeche.listing import JobList, ListedJob
from depeche.overview import MOST_CODES, MOST_EVENTS, RATE_S, About, AliveWorker, Overview, count_ends

NOW = 1_800_000_000.0
STATS = Stats(queued={"high": 0, "normal": 1234, "low": 7}, running=3, delayed=2, dead=1, workers=2)
ABOUT = About(translation="opus-mt-fr-en", summary="distilbart-cnn-12-6", cache_hits=130, cache_misses=904)
NEW = About(translation="opus-mt-fr-en", summary=None, cache_hits=0, cache_misses=0)
HOSTILE = "\x1b[2J\x1b]0;titre\x07\u202e\n\t"


def event(seconds_ago: float, state: str = "succeeded", **fields: str) -> tuple[str, dict[str, str]]:
    """An entry of the stream, of so many seconds ago."""
    return f"{round((NOW - seconds_ago) * 1000)}-0", {"id": "a", "state": state} | fields


def job(number: int = 0, **fields: Any) -> ListedJob:
    """A job in work."""
    known: dict[str, Any] = {
        "id": f"396431fc-ea11-4929-8ff5-{number:012}",
        "state": JobState.RUNNING,
        "seconds": 75.2,
        "progress": Progress(stage="translate", done=12, total=48),
        "attempts": 1,
        "worker": f"atelier:{number % 2}:4af3c1",
    }
    return ListedJob(**(known | fields))


def overview(jobs: int = 3, in_work: int = 3, **fields: Any) -> Overview:
    """A queue in its usual state."""
    ends = count_ends([event(5), event(9, "failed", code="too_long"), event(70, "cancelled", code="cancelled")], NOW)
    known: dict[str, Any] = {
        "at": NOW,
        "stats": STATS,
        "oldest_s": {"high": None, "normal": 240.0, "low": 30.0},
        "workers": [
            AliveWorker(name="atelier:0:4af3c1", about=ABOUT),
            AliveWorker(name="atelier:1:4af3c1"),
            AliveWorker(name="grenier:9:aa07d2", about=NEW),
        ],
        "jobs": [job(number) for number in range(jobs)],
        "in_work": in_work,
        "ends": ends,
    }
    return Overview(**(known | fields))


def plain(lines: list[str]) -> str:
    """Lines without their colours."""
    return click.unstyle("\n".join(lines))


def test_what_top_shows() -> None:
    """Counts, ages, ends, failures, and of each worker its models, its cache and its jobs, or that it is idle."""
    assert plain(top_screen(overview(), 90, 24, "q: quit")).splitlines() == [
        "depeche top  08:00:00 UTC  2 workers alive                                         q: quit",
        "Queued    high 0 | normal 1 234, oldest 4 min | low 7, oldest 30 s",
        "Running   3",
        "Others    2 wait for another attempt, 1 dead",
        "Ended     2 in the last minute",
        "          1 succeeded, 1 failed, 1 cancelled in the last 70 s",
        "Failures  too_long 1",
        "",
        "WORKER            MODELS                              CACHE HITS",
        "  WORKS ON                              STAGE      DONE   FOR",
        "atelier:0:4af3c1  opus-mt-fr-en, distilbart-cnn-12-6  12% of 1 034",
        "  396431fc-ea11-4929-8ff5-000000000000  translate  12/48  75 s",
        "  396431fc-ea11-4929-8ff5-000000000002  translate  12/48  75 s",
        "atelier:1:4af3c1",
        "  396431fc-ea11-4929-8ff5-000000000001  translate  12/48  75 s",
        "grenier:9:aa07d2  opus-mt-fr-en                                     idle",
    ]


@pytest.mark.parametrize("columns", [80, 100, 120, 200])
@pytest.mark.parametrize("rows", [12, 24, 40])
@pytest.mark.parametrize(("jobs", "in_work"), [(0, 0), (1, 1), (50, 50), (50, 12_000)])
def test_the_screen_fits(columns: int, rows: int, jobs: int, in_work: int) -> None:
    """No line is longer than the terminal, there are not more of them, and what has no room is counted."""
    codes = [event(1, "failed", code=f"reason_{number}") for number in range(60)]
    found = overview(jobs, in_work, ends=count_ends(codes, NOW))
    lines = plain(top_screen(found, columns, rows, "q: quit")).splitlines()
    assert len(lines) <= rows
    assert max(map(len, lines)) <= columns
    shown = sum("396431fc" in line for line in lines)
    idle = sum(" idle" in line for line in lines)
    hidden = [int(line.removeprefix("and ").removesuffix(" more").replace(" ", "")) for line in lines if "more" in line]
    workers = len({each.name for each in found.workers} - {each.worker for each in found.jobs})
    assert shown + idle + sum(hidden) == in_work + workers


def test_text_of_others_is_shown_and_not_sent() -> None:
    """Ids, workers' names, batches and codes have control characters: each is there by its escape, in its cell."""
    hostile = job(id=HOSTILE, worker=HOSTILE, code=HOSTILE, batch=HOSTILE, state=JobState.FAILED)
    ends = count_ends([event(1, "failed", code=HOSTILE)], NOW)
    for lines in (
        top_screen(
            overview(
                jobs=0,
                in_work=1,
                workers=[AliveWorker(name=HOSTILE, about=ABOUT.model_copy(update={"translation": HOSTILE}))],
            ).model_copy(update={"ends": ends, "jobs": [hostile]}),
            200,
            40,
        ),
        job_table([hostile], "failed", 200),
        job_table([hostile.model_copy(update={"state": JobState.RUNNING})], "running", 200),
    ):
        assert {
            character for line in lines for character in click.unstyle(line) if not character.isprintable()
        } == set()
        assert "\\x1b[2J\\x1b]0;titre\\x07\\u202e" in plain(lines)


def test_nobody_works() -> None:
    """It says so where something waits, and not in an empty queue; a lost worker's job is marked."""
    idle = Stats(queued={"high": 0, "normal": 0, "low": 0}, running=0, delayed=0, dead=0, workers=0)
    waits = STATS.model_copy(update={"workers": 0, "running": 0})
    told = plain(
        top_screen(overview(0, 1, stats=waits, workers=[]).model_copy(update={"jobs": [job(lost=True)]}), 100, 24)
    )
    assert "no worker is alive" in told
    assert "Running   0, and 1 whose worker is lost" in told
    assert "(lost) atelier:0:4af3c1" in told
    assert "no worker is alive" not in plain(top_screen(overview(0, 0, stats=idle, workers=[]), 100, 24))


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("ab", 4, "ab  "),
        ("abcd", 4, "abcd"),
        ("abcde", 4, "ab.."),
        ("", 3, "   "),
        ("é\u0301a", 3, "é\u0301a "),
        ("新聞社", 6, "新聞社"),
        ("新聞社", 5, "新.. "),
        ("a\nb", 6, "a\\nb  "),
        ("\x1b[31m", 12, "\\x1b[31m    "),
        ("abc", 1, "."),
        ("x" * 1_000_000, 5, "xxx.."),
    ],
)
def test_a_cell(text: str, width: int, expected: str) -> None:
    """It has so many columns of the terminal, and shows where it was cut."""
    assert fit(text, width) == expected


@pytest.mark.parametrize(
    ("events", "count", "per_second"),
    [
        ([], 0, None),
        ([event(1)], 1, 1 / RATE_S),
        ([event(1), event(59), event(61)], 3, 2 / RATE_S),
        ([event(3000)], 1, 0),
        ([event(1, "ended", id="", batch="lundi")], 0, None),
        ([event(1, "spoilt")], 0, None),
        ([(event(1)[0], {})], 0, None),
        # As many as are read, in ten seconds: it is known how many there were in these, and not in a minute.
        ([event(number / 100) for number in range(MOST_EVENTS)], MOST_EVENTS, pytest.approx(100, rel=0.01)),
        # All in one millisecond is no rate of a million.
        ([event(0) for _ in range(MOST_EVENTS)], MOST_EVENTS, MOST_EVENTS),
    ],
)
def test_the_rate(events: list[Any], count: int, per_second: Any) -> None:
    """It is that of the last minute, or of the time that is known. What is no job's end does not count."""
    ends = count_ends(events, NOW)
    assert (ends.count, ends.per_second) == (count, per_second)


def test_codes_are_counted_and_bounded() -> None:
    """The commonest come first, too many are counted together, and cancelling is no failure."""
    many = [event(1, "dead", code=f"code-{number:03}") for number in range(100)]
    codes = count_ends([*many, event(1, "failed", code="x" * 10_000), event(1, "failed", code="code-007")], NOW).codes
    assert next(iter(codes.items())) == ("code-007", 2)
    assert len(codes) == MOST_CODES + 1
    assert sum(codes.values()) == 102
    assert max(map(len, codes)) <= 40
    assert count_ends([event(1, "cancelled", code="cancelled")], NOW).codes == {}


@pytest.mark.parametrize(
    ("state", "fields", "expected"),
    [
        ("running", {"batch": None}, "12/48  75 s  1      atelier:0:4af3c1"),
        ("queued", {"state": JobState.QUEUED, "batch": "lundi", "attempts": 0}, "75 s   0            lundi"),
        (
            "delayed",
            {"state": JobState.QUEUED, "seconds": -12.4, "code": "engine_overloaded"},
            "12 s    1      engine_overloaded",
        ),
        ("delayed", {"state": JobState.QUEUED, "seconds": 3.0}, "0 s     1"),
        ("failed", {"state": JobState.FAILED, "code": "too_long", "seconds": 7200.0}, "2 h 0 min  1      too_long"),
        ("succeeded", {"state": JobState.SUCCEEDED, "seconds": None}, "000000000000             1"),
    ],
)
def test_a_line_of_the_list(state: str, fields: dict[str, Any], expected: str) -> None:
    """Each state has the columns that matter for it; what is not known is empty."""
    heading, line = plain(job_table([job(**fields)], state, 160)).splitlines()
    assert heading.startswith("ID ")
    assert line.endswith(expected)


@pytest.mark.parametrize(
    ("state", "found", "expected"),
    [
        ("running", JobList(jobs=[], complete=True), ""),
        ("queued", JobList(jobs=[], complete=False, more=1200), "1 200 more are queued: raise --limit to see them"),
        ("failed", JobList(jobs=[], complete=False, more=None), "there may be more that have failed: raise --limit"),
        ("failed", JobList(jobs=[], complete=True), "not known which jobs have failed"),
        (
            "cancelled",
            JobList(jobs=[], complete=True, known_since="2026-03-12T09:30:00.000+00:00"),
            "the events go back to 2026-03-12 09:30:00 UTC: earlier ends are not known",
        ),
    ],
)
def test_what_a_list_lacks_is_said(state: str, found: JobList, expected: str) -> None:
    """How many more there are, or from when on ends are known."""
    said = what_is_not_listed(found, state)
    assert expected in said
    assert bool(said) == bool(expected)


def test_an_empty_list_claims_no_more_than_is_known() -> None:
    """Of jobs that have ended, it is only known which events there are."""
    assert none_found("running") == "no job is running"
    assert none_found("cancelled") == "no job is known that has been cancelled"


def test_stats_in_a_block_and_in_a_line() -> None:
    """The same counts."""
    line = stats_line(STATS, datetime(2026, 3, 12, 9, 30, tzinfo=UTC))
    assert line == (
        "2026-03-12T09:30:00+00:00 queued.high=0 queued.normal=1234 queued.low=7 running=3 delayed=2 dead=1 workers=2"
    )
    assert [row.split()[-1] for row in stats_block(STATS)] == [part.partition("=")[2] for part in line.split()[1:]]
