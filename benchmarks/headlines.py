"""How much of its headline does an article's summary say? The summariser does not see the headline.

    python -m benchmarks.headlines FILE [--sentences 3] [--read]

FILE has one JSON object a line: {"title": …, "sentences": [… English …]}. Prints the mean share of the headline's words
(content words, by their stems) that stand in the summary, and in the first sentences of the article: as many as the
summary has, and as many as have no more characters.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

from tasks.summary import ExtractiveSummariser
from tasks.summary.english import content_words


def share_said(title: str, summary: Sequence[str]) -> float:
    """Share of the title's content words that the summary has, 0 to 1."""
    wanted = set(content_words(title))
    return len(wanted & set(content_words(" ".join(summary)))) / len(wanted) if wanted else 1.0


def lead_within(sentences: Sequence[str], chars: int) -> list[str]:
    """The first sentences that together have at most so many characters, and at least the first."""
    lead: list[str] = []
    for sentence in sentences:
        if lead and sum(map(len, lead)) + len(sentence) > chars:
            break
        lead.append(sentence)
    return lead


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--sentences", type=int, default=3)
    parser.add_argument("--read", action="store_true", help="print titles and summaries as well")
    arguments = parser.parse_args()
    ours, same_number, same_chars, chars = [], [], [], []
    for line in arguments.file.read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        sentences, title = article["sentences"], article["title"]
        summary = ExtractiveSummariser().summarise([sentences], max_sentences=arguments.sentences)
        size = sum(map(len, summary))
        ours.append(share_said(title, summary))
        same_number.append(share_said(title, sentences[: len(summary)]))
        same_chars.append(share_said(title, lead_within(sentences, size) if summary else []))
        chars.append(size)
        if arguments.read:
            print(f"\n{ours[-1]:.2f} {title}", *summary, sep="\n  ")
    print(f"{len(ours)} articles, summaries of {mean(chars):.0f} characters")
    print(f"summary {mean(ours):.3f}, as many first sentences {mean(same_number):.3f}, ", end="")
    print(f"first sentences of no more characters {mean(same_chars):.3f}")


if __name__ == "__main__":
    main()
