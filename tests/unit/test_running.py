"""A run over many articles: each result once, whatever ended the run before, with little in memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from depeche.article import Article, ArticleResult, Options
from depeche.client import Client
from depeche.documents import Kind, Origin
from depeche.errors import (
    DepecheError,
    InvalidArticle,
    ModelUnavailable,
    QueueFull,
    RedisUnavailable,
    UnreadableDocument,
)
from depeche.intake import new_task_id
from depeche.progress import Tally
from depeche.running import Run, Source
from depeche.settings import load_settings
from depeche.testing import Answer, InMemoryClient


class FakeShelf:
    """Results by identity, with their labels."""

    def __init__(self, *, by_task_id: bool = False) -> None:
        self.by_task_id = by_task_id
        self.results: dict[str, ArticleResult] = {}
        self.labels: dict[str, str | None] = {}
        self.origins: list[Origin] = []

    def has(self, identity: str) -> bool:
        """Whether the result is there."""
        return identity in self.results

    def put(self, result: ArticleResult, identity: str, label: str | None = None, origin: Origin | None = None) -> None:
        """Take it, once. A document named after a fault has it."""
        assert identity not in self.results, "a result came twice"
        if origin is not None:
            if "changed" in origin.path:
                raise UnreadableDocument("it has changed")
            self.origins.append(origin)
        self.results[identity], self.labels[identity] = result, label


def english(article: Article, options: Options) -> Answer:
    """The echo, or the failure that the article asks for."""
    return ModelUnavailable("no model") if "échec" in article.text else f"English: {article.text}"


def sources(*texts: str) -> list[Source]:
    """Articles without keys."""
    return [Source(f"line {number}", Article(text=text)) for number, text in enumerate(texts, start=1)]


class Trial:
    """A shelf, a client and what a run over some articles says."""

    def __init__(self, client: InMemoryClient | None = None, *, by_task_id: bool = False) -> None:
        self.client = client or InMemoryClient(answer=english)
        self.shelf = FakeShelf(by_task_id=by_task_id)
        self.reports: list[tuple[str, str]] = []
        self.tally = Tally()

    def run(
        self, articles: list[Source] | Iterator[Source], options: Options | None = None, retry_failed: bool = False
    ) -> Trial:
        """Run once more."""
        self.tally = Tally()
        self.reports = []
        work = Run(
            self.client,
            self.shelf,
            self.tally,
            self._report,
            options=options or Options(),
            priority="normal",
            retry_failed=retry_failed,
        )
        work.execute(articles)
        assert work.open == 0
        return self

    def _report(self, where: str, error: DepecheError) -> None:
        self.reports.append((where, error.code))

    @property
    def english(self) -> list[str]:
        """What is on the shelf."""
        return sorted(result.text_en for result in self.shelf.results.values())


def test_each_article_has_its_result_once() -> None:
    """Also where it stands twice in the input; a second run submits nothing and fetches nothing."""
    trial = Trial().run(sources("Un.", "Deux.", "Un.", "Trois."))
    assert trial.english == ["English: Deux.", "English: Trois.", "English: Un."]
    assert (trial.tally.done, trial.tally.kept, trial.tally.failed, trial.tally.total) == (3, 1, 0, 4)
    jobs = trial.client.task_ids()
    trial.run(sources("Un.", "Deux.", "Trois."))
    assert (trial.tally.done, trial.tally.kept) == (0, 3)
    assert trial.client.task_ids() == jobs


def test_a_lost_folder_is_filled_again_without_new_jobs() -> None:
    """What is done and not fetched is found by its key; other options make another job."""
    trial = Trial().run(sources("Un.", "Deux."))
    jobs = trial.client.task_ids()
    trial.shelf = FakeShelf()
    trial.run(sources("Un.", "Deux."))
    assert (len(trial.shelf.results), trial.client.task_ids()) == (2, jobs)
    trial.run(sources("Un.", "Deux."), Options(summary=False))
    assert (len(trial.shelf.results), len(trial.client.task_ids())) == (4, 4)


def test_a_failure_is_reported_and_the_others_go_on() -> None:
    """Those of the input, those that are refused, and those of jobs: each with its place."""
    articles = sources("Un.", "Un échec.", "x" * 60, "Trois.")
    articles.insert(1, Source("vide.txt", error=InvalidArticle("no letter")))
    trial = Trial(InMemoryClient(answer=english, settings=load_settings(max_article_chars=50))).run(articles)
    assert sorted(trial.reports) == [
        ("line 2", "job_failed"),
        ("line 3", "too_long"),
        ("vide.txt", "invalid_article"),
    ]
    assert (trial.tally.done, trial.tally.failed, trial.tally.refused) == (2, 1, 2)


@pytest.mark.parametrize("by_task_id", [False, True])
def test_what_failed_is_tried_once_more_if_wanted(by_task_id: bool) -> None:
    """Once in each run, under the same name; without the wish it is told again. What succeeded then is there."""
    broken, calls = True, 0

    def answer(article: Article, options: Options) -> Answer:
        nonlocal calls
        calls += 1
        return ModelUnavailable("no model") if broken and "échec" in article.text else "English."

    articles = sources("Un.", "Un échec.", "Deux.")
    articles[1] = Source("line 2", articles[1].article, key="k")
    trial = Trial(InMemoryClient(answer=answer), by_task_id=by_task_id)
    for retry, count, tries in ((False, 1, 3), (False, 1, 3), (True, 1, 4), (True, 1, 5)):
        trial.run(articles, retry_failed=retry)
        assert (trial.reports, calls) == ([("line 2", "job_failed")] * count, tries)
    broken = False
    trial.run(articles)
    assert trial.reports == [("line 2", "job_failed")]
    trial.run(articles, retry_failed=True)
    assert (trial.reports, trial.tally.done, calls) == ([], 1, 6)
    for retry in (False, True):
        trial.run(articles, retry_failed=retry)
        assert (trial.reports, trial.tally.kept, calls) == ([], 3, 6)


@pytest.mark.parametrize("by_task_id", [False, True])
def test_by_what_a_result_is_known(by_task_id: bool) -> None:
    """By its own key where there is one and the shelf knows keys; else by the task id, with a label for people."""
    article, titled = Article(text="Un."), Article(text="Deux.", title="Le deux")
    trial = Trial(by_task_id=by_task_id).run(
        [
            Source("1", article, key="AFP 1"),
            Source("2", titled),
            Source("3", Article(text="Trois."), label="trois"),
            Source("4", titled.model_copy(update={"text": "Quatre."}), label="quatre"),
        ]
    )
    labels = {trial.shelf.results[identity].text_en[9:]: label for identity, label in trial.shelf.labels.items()}
    assert labels == {"Un.": None, "Deux.": "Le deux", "Trois.": "trois", "Quatre.": "quatre"}
    assert ("AFP 1" in trial.shelf.results, new_task_id("AFP 1") in trial.shelf.results) == (not by_task_id, by_task_id)
    assert trial.run([Source("1", article, key="AFP 1")]).tally.kept == 1


def test_documents_with_the_same_prose_have_one_job() -> None:
    """And each its own structure, whenever it comes. The same document twice is there once."""
    article = Article(text="Un.")
    first, second, third = (Origin(f"{name}.md", Kind.MARKDOWN, name) for name in ("a", "b", "c"))
    places = [Source(origin.path, article, origin=origin) for origin in (first, second, first)]
    trial = Trial().run(places)
    assert (trial.shelf.origins, len(trial.client.task_ids())) == ([first, second], 1)
    assert (trial.tally.done, trial.tally.kept, trial.tally.total) == (2, 1, 3)
    trial.run([*places, Source("c.md", article, origin=third)])
    assert (trial.shelf.origins, len(trial.client.task_ids())) == ([first, second, third], 1)
    assert (trial.tally.done, trial.tally.kept) == (1, 3)


def test_a_document_that_has_changed_is_reported() -> None:
    """The others go on."""
    places = [
        Source(path, Article(text=text), origin=Origin(path, Kind.SRT, path))
        for path, text in (("a.srt", "Un."), ("changed.srt", "Deux."), ("c.srt", "Trois."))
    ]
    trial = Trial().run(places)
    assert trial.reports == [("changed.srt", "unreadable_document")]
    assert (trial.tally.done, trial.tally.failed) == (2, 1)
    assert trial.english == ["English: Trois.", "English: Un."]


def test_a_full_queue_is_waited_for() -> None:
    """While room is made elsewhere; nothing is lost, doubled or out of order."""
    full_until = 5

    class Full(InMemoryClient):
        tries = 0

        def completed_chunks(self, task_ids, timeout_s=None):  # type: ignore[no-untyped-def]
            # Not the parent's, which waits for nothing: here there is room after a while.
            return Client.completed_chunks(self, task_ids, timeout_s)

        def submit_many(self, items, **others):  # type: ignore[no-untyped-def]
            taken = list(items)
            self.tries += 1
            yield from super().submit_many(taken[:2], **others)
            if self.tries < full_until:
                raise QueueFull("no room")
            # The rest is answered under its own position.
            for answer in super().submit_many(taken[2:], **others):
                yield type(answer)(answer.position + 2, answer.outcome, answer.task_id, answer.error)

    trial = Trial(Full(answer=english)).run(sources(*(f"Article {number}." for number in range(20))))
    assert trial.tally.done == 20
    assert isinstance(trial.client, Full)
    assert trial.client.tries == full_until
    assert [trial.client.article(task_id).text for task_id in trial.client.task_ids()] == [
        f"Article {number}." for number in range(20)
    ]


def test_a_redis_that_was_never_there_is_not_waited_for() -> None:
    """It is told at once, and nothing is counted."""
    trial = Trial()
    trial.client.away = True
    with pytest.raises(RedisUnavailable):
        trial.run(sources("Un."))
    assert trial.tally.ended == 0


def test_the_input_is_read_as_it_is_needed() -> None:
    """Of three thousand articles some hundreds are on their way at a time."""
    given = 0
    most = 0

    def articles() -> Iterator[Source]:
        nonlocal given, most
        for number in range(3000):
            given += 1
            most = max(most, given - len(trial.shelf.results))
            yield Source(str(number), Article(text=f"Article {number}."))

    trial = Trial()
    trial.run(articles())
    assert (trial.tally.done, most <= 1200) == (3000, True)
