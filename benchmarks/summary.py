"""Compare the extractive summariser with the first three sentences, on the texts of ``summary_cases``.

    python -m benchmarks.summary [--read]

Prints a markdown table: facts covered of five, characters, and how alike the two most alike sentences of a summary are
(share of common words, 0 to 1). ``--read`` prints the summaries too.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from itertools import combinations

from benchmarks.summary_cases import CASES, Case
from tasks.summary import ExtractiveSummariser

SENTENCES = 3


def first_three(paragraphs: Sequence[Sequence[str]]) -> list[str]:
    """The baseline of news summarisation: the first sentences as they come."""
    return [sentence for paragraph in paragraphs for sentence in paragraph][:SENTENCES]


def extractive(paragraphs: Sequence[Sequence[str]]) -> list[str]:
    """The summariser under test."""
    return ExtractiveSummariser().summarise(paragraphs, max_sentences=SENTENCES)


def facts_covered(case: Case, summary: Sequence[str]) -> int:
    """How many of the case's facts have all their strings in the summary."""
    text = " ".join(summary).casefold()
    return sum(all(part.casefold() in text for part in fact) for fact in case.facts)


def redundancy(summary: Sequence[str]) -> float:
    """The largest share of common words (Jaccard) of any two sentences."""
    words = [set(re.findall(r"\w+", sentence.casefold())) for sentence in summary]
    return max((len(a & b) / len(a | b) for a, b in combinations(words, 2)), default=0.0)


METHODS: dict[str, Callable[[Sequence[Sequence[str]]], list[str]]] = {"first three": first_three, "ours": extractive}


def _row(case: Case, *, read: bool) -> str:
    cells = [case.name, case.lead]
    for name, method in METHODS.items():
        summary = method(case.paragraphs)
        cells += [f"{facts_covered(case, summary)}/5", str(sum(map(len, summary))), f"{redundancy(summary):.2f}"]
        if read:
            print(f"[{case.name}, {name}]", *summary, sep="\n  ")
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Print the table, and the mean of facts covered by kind of lead."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--read", action="store_true", help="print the summaries as well")
    read = parser.parse_args().read
    rows = [_row(case, read=read) for case in CASES]
    print("| text | lead |", " | ".join(f"{name}: facts | chars | redundancy" for name in METHODS), "|")
    print("|", "--- |" * (2 + 3 * len(METHODS)))
    print(*rows, sep="\n")
    for lead in ("strong", "weak"):
        cases = [case for case in CASES if case.lead == lead]
        for name, method in METHODS.items():
            covered = sum(facts_covered(case, method(case.paragraphs)) for case in cases)
            print(f"{lead} lead, {name}: {covered}/{5 * len(cases)} facts")


if __name__ == "__main__":
    main()
