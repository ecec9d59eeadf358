"""Twelve news articles of our own: what the checkpoints of this folder translate and summarise.

``articles.tsv`` in this folder has them: each begins with its ``title`` row, then come ten ``sentence`` rows and its
``summary``, which is English alone. Every fact, person and town is invented.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

_TABLE = Path(__file__).with_name("articles.tsv")


@dataclass(frozen=True)
class Pair:
    """One French sentence, as an article has it, and its English translation."""

    french: str
    english: str


@dataclass(frozen=True)
class NewsArticle:
    """One article.

    Attributes:
        title: its heading, without full stop.
        sentences: the ten of its body.
        summary: two English sentences in other words than the article's, with no other numbers and names.
    """

    title: Pair
    sentences: tuple[Pair, ...]
    summary: str

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """Title and sentences."""
        return (self.title, *self.sentences)

    @property
    def french(self) -> str:
        """The body, without title, on one line."""
        return " ".join(pair.french for pair in self.sentences)

    @property
    def english(self) -> str:
        """The body's translation, without title, on one line."""
        return " ".join(pair.english for pair in self.sentences)


def read_articles() -> tuple[NewsArticle, ...]:
    """All articles, in the order of the table."""
    articles, rows = [], []
    with _TABLE.open(encoding="utf-8", newline="") as table:
        # Quotation marks are text here.
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            rows.append(row)
            if row["kind"] == "summary":
                title, *sentences = (Pair(each["french"], each["english"]) for each in rows[:-1])
                articles.append(NewsArticle(title, tuple(sentences), row["english"]))
                rows = []
    return tuple(articles)


ARTICLES = read_articles()
PAIRS = tuple(pair for article in ARTICLES for pair in article.pairs)
