"""Task ids as commands get them, and what becomes of many jobs."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from depeche.article import Article, ArticleResult, JobState, Options
from depeche.cli.task_ids import Submitted, TaskIds
from depeche.collecting import Collector
from depeche.documents import Kind, Origin
from depeche.errors import Cancelled, CannotWrite, DepecheError, ModelUnavailable, RedisUnavailable
from depeche.testing import Answer, InMemoryClient


def typed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    """Let this be standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


LINES = (
    b'une\r\n\n  deux  \n{"id": "trois"}\n{"id": "trois", "x": 1}\n{"name": 1}\n{broken\n\xe9\xe9\n\xef\xbb\xbf'
    + "née".encode()
)
EXPECTED = ["une", "deux", "trois", "trois", '{"name": 1}', "{broken", "\\xe9\\xe9", "\ufeffnée"]


def test_ids_stand_on_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or in the JSON that submit prints. What is none is a job that nobody knows."""
    (tmp_path / "ids").write_bytes(LINES)
    ids = TaskIds((), str(tmp_path / "ids"))
    assert (list(ids), ids.count, ids.listed) == (EXPECTED, len(EXPECTED), True)
    typed(monkeypatch, LINES)
    ids = TaskIds(("vor", "-", "\udce9"), None)
    assert (list(ids), ids.count, ids.listed) == (["vor", *EXPECTED, "\\xe9"], None, True)
    typed(monkeypatch, LINES)
    assert list(TaskIds((), "-")) == EXPECTED
    ids = TaskIds(("a", "b"), None)
    assert (list(ids), ids.count, ids.listed) == (["a", "b"], 2, False)


def test_what_submit_says_of_an_article(tmp_path: Path) -> None:
    """Its file, and the document that it is. What is not whole counts for nothing, and the id stays."""
    (tmp_path / "ids").write_text(
        '{"id": "a", "source": "a.md", "line": null, "part": null, "kind": "markdown", "digest": "00"}\n'
        '{"id": "b", "source": "b.txt", "line": null, "part": null}\n'
        '{"id": "c", "source": "c.md", "kind": "none of ours", "digest": "00"}\n'
        '{"id": "d", "source": 4}\n'
        "e\n"
    )
    assert list(TaskIds((), str(tmp_path / "ids")).submitted()) == [
        Submitted("a", "a.md", Origin("a.md", Kind.MARKDOWN, "00")),
        Submitted("b", "b.txt"),
        Submitted("c", "c.md"),
        Submitted("d"),
        Submitted("e"),
    ]


@pytest.mark.parametrize(
    ("arguments", "file", "reason"),
    [
        ((), None, "give task ids"),
        (("-", "-"), None, "give - once"),
        (("-",), "-", "give - once"),
        ((), "nowhere/ids.txt", "there is no such file"),
        ((), "long", "line 2 of .*long is too long"),
        ((), ".", "cannot read"),
    ],
)
def test_ids_that_cannot_be_read(
    tmp_path: Path, arguments: tuple[str, ...], file: str | None, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is bad usage, with the file and the line."""
    monkeypatch.chdir(tmp_path)
    Path("long").write_bytes(b"une\n" + b"x" * 40_000 + b"\n")
    with pytest.raises(click.UsageError, match=reason):
        list(TaskIds(arguments, file))


def answer(article: Article, options: Options) -> Answer:
    """What ends at once: with its English, or as the article says."""
    return ModelUnavailable("no model") if "échec" in article.text else "English."


def told(client: InMemoryClient, ids: list[str], **how: object) -> list[tuple[str, str]]:
    """Each outcome's id, and its English or the code of its error."""
    outcomes = Collector(client).now(ids) if how == {"now": True} else Collector(client).ends(ids, **how)  # type: ignore[arg-type]
    return [
        (found.task_id, found.result.text_en if found.result else found.error.code if found.error else "?")
        for found in outcomes
    ]


def test_outcomes_of_jobs_that_have_ended() -> None:
    """In any way; an id that is given twice comes twice, and one that is none says so."""
    client = InMemoryClient(answer=answer)
    good, bad = client.submit("Bon."), client.submit("Un échec.")
    ids = [bad, good, "nowhere", good]
    expected = [(bad, "job_failed"), (good, "English."), ("nowhere", "unknown_job"), (good, "English.")]
    assert told(client, ids, now=True) == expected
    assert told(client, ids, in_order=True) == expected
    assert sorted(told(client, ids)) == sorted(expected)


@pytest.mark.parametrize("in_order", [False, True])
def test_what_has_not_ended_in_time_is_not_ready_and_the_rest_comes(in_order: bool) -> None:
    """An open job keeps none that has ended from being given, however many there are, each as often as it was asked."""
    client = InMemoryClient()
    ids = [client.submit(f"Article {number}.") for number in range(250)]
    for number, task_id in enumerate(ids):
        if number % 50:
            client.finish(task_id, Cancelled("no") if number == 7 else "English.")
    wanted = [*ids, ids[0], ids[1]]
    found = told(client, wanted, in_order=in_order)
    assert sorted(task_id for task_id, _ in found) == sorted(wanted)
    assert {task_id for task_id, said in found if said == "not_ready"} == set(ids[::50])
    assert [said for task_id, said in found if task_id == ids[7]] == ["job_failed"]
    if in_order:
        assert [task_id for task_id, _ in found] == wanted


class Flaky(InMemoryClient):
    """Its Redis is away for some calls, once it has answered."""

    faults = 0

    @property
    def flaky(self) -> bool:
        """Whether this call fails."""
        self.faults -= 1
        return self.faults >= 0

    def result_of(self, status):  # type: ignore[no-untyped-def]
        """As the parent's, on a Redis that comes and goes."""
        if self.flaky:
            raise RedisUnavailable("away")
        return super().result_of(status)


def test_a_redis_that_restarts_is_waited_for() -> None:
    """Between the news that a job has ended and its result."""
    client = Flaky(answer=answer)
    ids = [client.submit(f"Article {number}.") for number in range(3)]

    def outcomes() -> Iterator[str | None]:
        for outcome in Collector(client).now(ids):
            yield outcome.result.text_en if outcome.result else None
            client.faults = 2

    assert list(outcomes()) == ["English."] * 3
    assert client.status(ids[0]).state is JobState.SUCCEEDED
    client.away = True
    with pytest.raises(DepecheError):
        list(Collector(client).now(ids))


def test_results_are_kept_before_their_outcomes_come() -> None:
    """By several threads; what keeping raises ends the whole."""
    client = InMemoryClient(answer=answer)
    ids = [client.submit(f"Article {number}.") for number in range(30)]
    kept: list[str] = []
    for outcome in Collector(client, lambda task_id, _: kept.append(task_id)).ends(ids):
        assert outcome.task_id in kept
    assert sorted(kept) == sorted(ids)

    def full(task_id: str, result: ArticleResult) -> None:
        raise CannotWrite("the disk is full")

    with pytest.raises(CannotWrite):
        list(Collector(client, full).ends(ids))
