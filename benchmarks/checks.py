"""How often the checks cry wolf on good translations, and how many planted faults they find.

    python -m benchmarks.checks --source FR --reference EN [--show FLAG]

FR and EN are text files of equal length, one sentence a line, EN a good translation of FR. Every flag raised on them is
counted as a false alarm (some are real faults of the reference: read them with ``--show``). Then faults are planted in
the pairs that raised none, one kind at a time, and the share that is found is the recall. Then clauses are dropped, by
their share of the English, and counted where they are flagged and where they are tried again. Last come the five kinds
that count, each planted in a hundred of these pairs. Prints markdown tables.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from benchmarks.planted import CORRUPTIONS, FIVE_KINDS, Pair, clause_dropped
from benchmarks.sentences import read_sentences
from depeche.article import Flag
from tasks.checks import check, findings, is_doubtful

#: Flags that come from how a translation was made.
_NOT_OF_A_PAIR = (Flag.RESPLIT, Flag.ALREADY_ENGLISH, Flag.LOW_CONFIDENCE)
_PROMPT_COUNT = 8
_PLANTED = 100
_SHARES = ((0.08, 0.15), (0.15, 0.25), (0.25, 0.35), (0.35, 0.45))


def main() -> None:
    """Read the pairs, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, required=True, help="French sentences, one a line")
    parser.add_argument("--reference", type=Path, required=True, help="their English translations, one a line")
    parser.add_argument("--show", choices=[flag.value for flag in Flag], help="print the pairs that raise this flag")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    pairs = list(zip(read_sentences(args.source), read_sentences(args.reference), strict=True))
    for line in _report(pairs, args.show, random.Random(args.seed)):
        print(line)


def _report(pairs: Sequence[Pair], show: str | None, chance: random.Random) -> Iterator[str]:
    flags = [check(*pair) for pair in pairs]
    yield from _false_alarms(pairs, flags)
    yield from _leaks(pairs, chance)
    clean = [pair for pair, found in zip(pairs, flags, strict=True) if not found]
    yield from _recalls(clean, chance)
    yield from _clauses(clean, chance)
    yield from _five_kinds(clean, chance)
    flagged, doubtful = len(pairs) - len(clean), sum(is_doubtful(*pair) for pair in clean)
    yield f"\nGood pairs flagged: {flagged} of {len(pairs)}, {flagged / len(pairs):.2%}; {doubtful} more, "
    yield f"{doubtful / len(pairs):.2%}, have no flag but would be tried again."
    for (french, english), found in zip(pairs, flags, strict=True):
        if show in found:
            shown = [(one.fr, one.en) for one in findings(french, english) if one.flag == show]
            yield f"\n{french}\n{english}\n{shown}"


def _false_alarms(pairs: Sequence[Pair], flags: Sequence[Sequence[Flag]]) -> Iterator[str]:
    counts = Counter(flag for found in flags for flag in found)
    with_numbers = sum(bool(re.search("[0-9]", french + english)) for french, english in pairs)
    yield f"{len(pairs)} pairs, {with_numbers} with digits, {sum(not found for found in flags)} without any flag"
    yield "\n| flag | raised | % of pairs | % of pairs with digits |\n| --- | ---: | ---: | ---: |"
    for flag in (flag for flag in Flag if flag not in _NOT_OF_A_PAIR):
        of_numbers = f"{counts[flag] / max(1, with_numbers):.2%}" if flag == Flag.NUMBER_MISMATCH else ""
        yield f"| {flag} | {counts[flag]} | {counts[flag] / len(pairs):.2%} | {of_numbers} |"


def _leaks(pairs: Sequence[Pair], chance: random.Random) -> Iterator[str]:
    prompt = [english for _, english in chance.sample(pairs, min(_PROMPT_COUNT, len(pairs)))]
    others = [pair for pair in pairs if pair[1] not in prompt]
    alarms = sum(Flag.PROMPT_LEAK in check(*pair, prompt_texts=prompt) for pair in others)
    leaks = [f"{english} {chance.choice(prompt)}" for _, english in others]
    found = sum(
        Flag.PROMPT_LEAK in check(pair[0], leak, prompt_texts=prompt) for pair, leak in zip(others, leaks, strict=True)
    )
    yield f"\nWith {len(prompt)} of the English sentences as the prompt: {alarms} false leaks in {len(others)} pairs,"
    yield f"{found / max(1, len(others)):.1%} found when one of them is appended."


def _recalls(pairs: Sequence[Pair], chance: random.Random) -> Iterator[str]:
    yield "\n| planted fault | planted | its flag | found by it | found by any |\n| --- | ---: | --- | ---: | ---: |"
    for name, (corrupt, flag) in CORRUPTIONS.items():
        planted = [(pair[0], bad) for pair in pairs if (bad := corrupt(pair, chance)) and bad != pair[1]]
        results = [check(*pair) for pair in planted]
        own, total = sum(flag in found for found in results), max(1, len(planted))
        yield f"| {name} | {len(planted)} | {flag} | {own / total:.1%} | {sum(map(bool, results)) / total:.1%} |"


def _clauses(pairs: Sequence[Pair], chance: random.Random) -> Iterator[str]:
    yield "\n| clause dropped | planted | flagged | tried again |\n| --- | ---: | ---: | ---: |"
    for share in _SHARES:
        planted = [(french, bad) for french, en in pairs if (bad := clause_dropped((french, en), chance, share))]
        flagged = [bool(check(*pair)) for pair in planted]
        again = sum(found or is_doubtful(*pair) for found, pair in zip(flagged, planted, strict=True))
        total = max(1, len(planted))
        name = f"{share[0]:.0%} to {share[1]:.0%}"
        yield f"| {name} | {len(planted)} | {sum(flagged) / total:.0%} | {again / total:.0%} |"


def _five_kinds(pairs: Sequence[Pair], chance: random.Random) -> Iterator[str]:
    yield "\n| fault | planted | found | % |\n| --- | ---: | ---: | ---: |"
    for name, corrupt in FIVE_KINDS.items():
        able = ((pair, corrupt(pair, chance)) for pair in chance.sample(pairs, len(pairs)))
        planted = list(islice(((pair[0], bad) for pair, bad in able if bad and bad != pair[1]), _PLANTED))
        found = sum(bool(check(*pair)) for pair in planted)
        yield f"| {name} | {len(planted)} | {found} | {found / max(1, len(planted)):.0%} |"


if __name__ == "__main__":
    main()
