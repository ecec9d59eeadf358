"""The benchmark of speed: what it gives to those who are compared, and how it writes down what came of it."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

import pytest

from benchmarks.french import news, pairs
from benchmarks.growth import Curve, exponent
from benchmarks.speed import loads, report
from benchmarks.speed.__main__ import _options, command
from benchmarks.speed.measure import Sample, against, in_turns, middle, table
from depeche.article import Article, Options
from tasks.checks import findings
from tasks.pipeline import Context, process
from tests.fakes import FakeTranslator, fake_engines
from worker.models.engines.echo import EchoTranslator


def test_no_two_sentences_are_alike_and_their_english_is_true() -> None:
    """The checks find nothing, so that no repair is measured; and the cache has none of them before."""
    found = list(islice(pairs(1), 3000))
    assert len({pair.french for pair in found}) == 3000
    assert [pair for pair in found if findings(pair.french, pair.english)] == []
    assert news(5, seed=1) == news(5, seed=1) != news(5, seed=2)


def test_the_pipeline_finds_the_sentences_that_were_written() -> None:
    """An article of our own has the sentences that are counted, and they are given to the model as they stand."""
    article = news(9, seed=3)
    english = {pair.french: pair.english for pair in article.pairs}
    engine = FakeTranslator(lambda sentence, attempt: english[sentence])
    result = process(Article(text=article.text), Options(), fake_engines(engine), Context("1"))
    assert [segment.fr for segment in result.segments] == [pair.french for pair in article.pairs]
    assert result.quality.flagged_segments == 0


@pytest.mark.parametrize(("name", "articles"), [("short", 4), ("medium", 1), ("long", 1), ("mixed", 2)])
def test_a_load_has_about_so_many_sentences(name: str, articles: int) -> None:
    """At least as many as asked for, in whole articles."""
    load = loads.own(name, 12, EchoTranslator())
    assert (len(load.articles), len(load.inputs)) == (articles, articles)
    assert load.sentences >= 12
    assert all(load.english[sentence] for article in load.inputs for sentence in article)


def test_a_load_of_a_file_is_what_the_pipeline_asks_for(tmp_path: Path) -> None:
    """Each sentence once, without what has no letters, and only as many articles as are wanted."""
    path = tmp_path / "news.jsonl"
    texts = ["La gare ferme. La gare ferme.\n\n* * *", "Il pleut sur le port.", "Le maire part."]
    path.write_text("\n".join(json.dumps({"text": text}) for text in texts), encoding="utf-8")
    assert loads.of_file(path, 2, EchoTranslator(), 1).inputs == (("La gare ferme.",), ("Il pleut sur le port.",))
    assert len(loads.of_file(path, 1, EchoTranslator(), 3).articles) == 3


def test_a_part_of_a_load_is_its_first_articles() -> None:
    """And never nothing."""
    load = loads.own("short", 12, EchoTranslator())
    assert loads.cut(load, 4).articles == load.articles[:2]
    assert loads.cut(load, 0).articles == load.articles[:1]
    assert loads.cut(load, 1).inputs == load.inputs[:1]


def test_all_take_turns_and_the_first_round_does_not_count() -> None:
    """What else a machine does meets all of them."""
    calls: list[str] = []

    def run(name: str) -> Sample:
        calls.append(name)
        return Sample(len(calls), 1, 1)

    found = in_turns({"a": lambda: run("a"), "b": lambda: run("b")}, 2)
    assert calls == ["a", "b"] * 3
    assert [sample.amount for sample in found["b"]] == [4, 6]


def test_a_table_has_medians_spread_and_ratios() -> None:
    """Ratios are of the same round each."""
    ours = [Sample(100, 10, 5, 7), Sample(100, 20, 10, 9), Sample(100, 10, 4)]
    theirs = [Sample(100, 5, 5), Sample(100, 10, 5), Sample(100, 5, 5)]
    assert middle([1, 5, 2]) == "2 (1 to 5)"
    assert middle([1.26], 1) == "1.3"
    assert against(ours, theirs) == "1.00, 0.50"
    assert table("way", "tokens", {"ours": ours, "theirs": theirs}, "theirs") == [
        "| way | tokens a CPU second | tokens a second | against theirs, by CPU, by wall | peak MiB |",
        "| --- | ---: | ---: | ---: | ---: |",
        "| ours | 20 (10 to 25) | 10 (5 to 10) | 1.00, 0.50 | 9 |",
        "| theirs | 20 (20 to 20) | 20 (10 to 20) | 1.00, 1.00 |  |",
    ]


def test_one_section_is_replaced_and_the_others_stay(tmp_path: Path) -> None:
    """In the order of the page, whatever the order of the runs."""
    page, titles = tmp_path / "RESULTS.md", ["One", "Two", "Three"]
    for title, text in [("Three", "c"), ("One", "a"), ("Two", "b"), ("One", "new")]:
        report.put(page, titles, title, f"## {title}\n\n{text}\n")
    text = page.read_text(encoding="utf-8")
    assert list(report.sections(text).items()) == [
        ("One", "## One\n\nnew\n"),
        ("Two", "## Two\n\nb\n"),
        ("Three", "## Three\n\nc\n"),
    ]
    assert text.startswith("# Results\n")


def test_a_section_says_how_it_was_made_and_where_nothing_is() -> None:
    """The command has no path of this machine, and a quick try says that it is one."""
    options = _options(["worker", "--quick", "--news", "/somewhere/news.jsonl", "--models", "/elsewhere"])
    text = report.section("Title", command("worker", options), ["a line"], 60, quick=True)
    assert "python -m benchmarks.speed worker --rounds 1 --sentences 12 --news news.jsonl`" in text
    assert "not to be quoted" in text
    assert "1 minutes" in text
    assert "/somewhere" not in text and "/elsewhere" not in text  # noqa: PT018


def test_what_needs_a_model_is_refused_without_one(capsys: pytest.CaptureFixture[str]) -> None:
    """The message names what can be measured."""
    with pytest.raises(SystemExit):
        _options(["engine", "--profile", "echo"])
    assert "no section with this profile: engine; there are worker, alone" in capsys.readouterr().err


def test_an_exponent_of_two_is_a_square() -> None:
    """Costs are of one unit: where they stay, the whole is linear."""
    assert exponent({1: 5, 10: 3, 100: 3}) == pytest.approx(1)
    assert exponent({10: 3, 100: 30}) == pytest.approx(2)
    curve = Curve("Length", "characters", "µs each", exact=True)
    curve.add("checks", 10, 3)
    curve.add("checks", 100, 30)
    assert curve.lines()[-2:] == ["| 100 | 30 |", "| exponent of the last step | 2.00 |"]
