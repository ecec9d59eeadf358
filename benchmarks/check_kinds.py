"""What the checks find of each kind of fault, and how often they cry wolf, on the golden tables of the tests.

    python -m benchmarks.check_kinds [--show]

A case has a French sentence, a wrong translation of it and a right one; others are only right. Prints a markdown table;
``--show`` prints what is missed and what is flagged wrongly as well.
"""

from __future__ import annotations

import argparse

from tasks.checks import check
from tests.unit import check_golden_words as words
from tests.unit.test_check_golden import KINDS


def main() -> None:
    """Check every case and print a row a kind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true", help="print the cases that went wrong")
    show = parser.parse_args().show
    print("| kind | wrong | found | right | flagged |\n| --- | ---: | ---: | ---: | ---: |")
    for kind, (cases, others, flags) in KINDS.items():
        wrong = [(french, bad) for french, bad, _ in cases]
        right = [*((french, good) for french, _, good in cases), *others]
        found = [bool(flags.intersection(check(*pair))) for pair in wrong]
        _row(kind, wrong, found, right, show)
    lost = [bool(check(*pair)) for pair in words.LOST_NAMES]
    _row("names", words.LOST_NAMES, lost, words.OTHER_NAMES, show)


def _row(kind: str, wrong: list[tuple[str, str]], found: list[bool], right: list[tuple[str, str]], show: bool) -> None:
    alarms = [pair for pair in right if check(*pair)]
    print(f"| {kind} | {len(wrong)} | {sum(found)} | {len(right)} | {len(alarms)} |")
    if show:
        missed = [pair for pair, is_found in zip(wrong, found, strict=True) if not is_found]
        print(*(f"missed: {french} / {english}" for french, english in missed), sep="\n")
        print(*(f"flagged: {french} / {english}" for french, english in alarms), sep="\n")


if __name__ == "__main__":
    main()
