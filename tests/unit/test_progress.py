"""What a command says of how far it is, and how it shows that on a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest

from depeche.cli.failures import Failures
from depeche.errors import InvalidArticle, JobFailed, UnknownJob
from depeche.progress import Pace, Tally, describe, duration, spaced


@pytest.mark.parametrize(
    ("tally", "rate", "line"),
    [
        (Tally(), 0, "0 articles"),
        (Tally(total=20_000), 0, "0 of 20 000 articles"),
        (
            Tally(total=20_000, done=1_000, failed=2, kept=232),
            85.2,
            "1 234 of 20 000 articles, 2 failed, 85 a second, 4 min left",
        ),
        (Tally(done=30), 0.5, "30 articles, 30 a minute"),
        (Tally(total=31, refused=1), 0, "1 of 31 articles, 1 refused"),
        (Tally(total=29, done=30), 0.5, "30 articles, 30 a minute"),
        (Tally(total=30, done=30), 5, "30 of 30 articles, 300 a minute"),
    ],
)
def test_the_line(tally: Tally, rate: float, line: str) -> None:
    """How many of how many, what failed, how fast, and how long it will take."""
    assert describe(tally, rate) == line


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "0 s"),
        (42.4, "42 s"),
        (99.4, "99 s"),
        (99.6, "2 min"),
        (240, "4 min"),
        (5_960, "99 min"),
        (7_800, "2 h 10 min"),
        (172_799, "2 days"),
        (259_200, "3 days"),
    ],
)
def test_times_in_words(seconds: float, words: str) -> None:
    """As short as the time allows."""
    assert duration(seconds) == words


def test_the_rate_is_that_of_the_last_half_minute() -> None:
    """A slow beginning is forgotten, and so is a fast one."""
    pace = Pace(0.0)
    assert pace.rate(0.0, 0) == 0
    assert pace.rate(10.0, 10) == 1
    for second in range(11, 61):
        rate = pace.rate(float(second), 10 + 100 * (second - 10))
    assert rate == pytest.approx(100)
    for second in range(61, 101):
        rate = pace.rate(float(second), 5010)
    assert rate == 0


def test_counts_are_easy_to_read() -> None:
    """A space after each third digit."""
    assert [spaced(number) for number in (0, 999, 1000, 1_234_567)] == ["0", "999", "1 000", "1 234 567"]


def shown_by(code: str, columns: int = 30) -> str:
    """What a terminal of this width gets from a Python program: its standard output and error."""
    leader, follower = pty.openpty()
    begin = (
        "import os, fcntl, struct, termios; from depeche import status_line; from depeche.output import remark, say\n"
    )
    size = f"fcntl.ioctl(2, termios.TIOCSWINSZ, struct.pack('HHHH', 24, {columns}, 0, 0))\n"
    with subprocess.Popen([sys.executable, "-c", begin + size + code], stdout=follower, stderr=follower) as process:
        os.close(follower)
        data = b""
        while True:
            try:
                piece = os.read(leader, 10_000)
            except OSError:
                break
            if not piece:
                break
            data += piece
        assert process.wait(20) == 0
    os.close(leader)
    return data.decode()


def lines_of(shown: str) -> list[str]:
    """The lines that stand on the terminal in the end: a carriage return begins a line anew, over what is there."""
    lines = []
    for raw in shown.replace("\r\n", "\n").split("\n"):
        line = ""
        for part in raw.split("\r"):
            line = part + line[len(part) :]
        lines.append(line.rstrip())
    return lines


def test_what_is_written_stands_above_the_line() -> None:
    """Also results on standard output, and a line that gets shorter leaves nothing of the longer one."""
    shown = shown_by(
        "status_line.show('10 of 20 articles'); remark('an error'); say('a result'); status_line.show('20 of 20')\n"
        "remark('another')"
    )
    assert lines_of(shown) == ["an error", "a result", "another", "20 of 20"]


def test_the_line_goes_in_the_end_and_never_wraps() -> None:
    """It is cut to the width of the terminal; one that was never told its width has that of most."""
    assert lines_of(shown_by("status_line.show('x' * 100)", columns=0)) == ["x" * 79]
    assert lines_of(shown_by("status_line.show('x' * 100)")) == ["x" * 29]
    assert lines_of(shown_by("status_line.show('x' * 100); status_line.show('')")) == [""]


def test_no_line_where_there_is_no_terminal() -> None:
    """A log would have one for each step."""
    code = "from depeche import status_line; status_line.show('x'); status_line.show('')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_failures_are_told_one_by_one_and_counted_by_reason(capsys: pytest.CaptureFixture[str]) -> None:
    """Of a job that failed the reason is its own, and control characters are shown."""
    failures = Failures()
    assert failures.table() == []
    failures.add("a.txt", InvalidArticle("no letter"))
    for number in (1, 2):
        failures.add(
            f"b.jsonl, line {number}", JobFailed("job x failed", {"code": "not_french", "message": "it is\nin \x1b[2J"})
        )
    failures.add("c.txt", UnknownJob("no job"))
    assert capsys.readouterr().err.splitlines()[0] == "depeche: a.txt: invalid_article: no letter"
    assert failures.table() == [
        "reason           articles  the first of them",
        "not_french              2  b.jsonl, line 1: it is in \x1b[2J",
        "invalid_article         1  a.txt: no letter",
        "unknown_job             1  c.txt: no job",
    ]
    assert failures.exit_status == 5


def test_the_exit_status_of_refusals_alone() -> None:
    """Nothing that was queued has failed."""
    failures = Failures()
    assert failures.exit_status == 0
    failures.add("a.txt", InvalidArticle("no letter"))
    assert failures.exit_status == 2
