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
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from benchmarks.sentences import read_sentences
from depeche.article import Flag
from tasks.checks import check, findings, is_doubtful
from tasks.normalise import fold

Pair = tuple[str, str]
#: Changes the English of a pair; None where the pair has nothing to change.
Corruption = Callable[[Pair, random.Random], str | None]

#: Flags that come from how a translation was made.
_NOT_OF_A_PAIR = (Flag.RESPLIT, Flag.ALREADY_ENGLISH, Flag.LOW_CONFIDENCE)
_PROMPT_COUNT = 8
_PLANTED = 100
_LEAST_WORDS = 8
_FRAGMENT_WORDS = 5
_CAPITALS = re.compile(r"[A-Z][\w-]{2,}(?: [A-Z][\w-]+)*")
#: Where a clause may begin.
_CLAUSE = re.compile(
    r"[,;:] |(?<=\w) (?=(?:and|but|who|which|that|when|while|where|because|as|with|after|before|for)\b)"
)
_SHARES = ((0.08, 0.15), (0.15, 0.25), (0.25, 0.35), (0.35, 0.45))
_SMALL_BEFORE = re.compile(r"[a-z,] $")


def digit_changed(pair: Pair, chance: random.Random) -> str | None:
    """One digit of the English becomes another one."""
    places = [i for i, c in enumerate(pair[1]) if c in "0123456789"]
    if not places:
        return None
    place = chance.choice(places)
    other = chance.choice([d for d in "123456789" if d != pair[1][place]])
    return pair[1][:place] + other + pair[1][place + 1 :]


def number_dropped(pair: Pair, chance: random.Random) -> str | None:
    """One run of digits goes, with its marks."""
    numbers = list(re.finditer(r"[0-9]+(?:[.,:][0-9]+)*%?\s?", pair[1]))
    if not numbers:
        return None
    number = chance.choice(numbers)
    return pair[1][: number.start()] + pair[1][number.end() :]


def name_dropped(pair: Pair, chance: random.Random) -> str | None:
    """A run of capitalised words that both texts have, inside the sentence, goes from the English."""
    names = [name for name in _CAPITALS.finditer(pair[1]) if _is_shared_name(pair, name)]
    if not names:
        return None
    name = chance.choice(names)
    return pair[1][: name.start()] + pair[1][name.end() :].lstrip()


def _is_shared_name(pair: Pair, name: re.Match[str]) -> bool:
    french, english = pair
    inside = bool(_SMALL_BEFORE.search(english[: name.start()]))
    return inside and fold(english).count(fold(name[0])) == 1 and bool(re.search(rf"\w['’ ]{name[0]}\b", french))


def last_third_cut(pair: Pair, _: random.Random) -> str | None:
    """The last third of the words goes, the closing mark with it."""
    words = pair[1].split()
    return " ".join(words[: len(words) * 2 // 3]) if len(words) > 5 else None


def last_third_cut_and_closed(pair: Pair, chance: random.Random) -> str | None:
    """The last third goes, but the text ends with a full stop."""
    cut = last_third_cut(pair, chance)
    return cut and cut.rstrip(",;:.") + "."


def clause_dropped(pair: Pair, chance: random.Random, share: tuple[float, float]) -> str | None:
    """A clause goes whose share of the English is within bounds: from one comma or link word to another, or the end."""
    english = pair[1]
    cuts = [0, *(match.start() for match in _CLAUSE.finditer(english)), len(english.rstrip(".!?\"' "))]
    clauses = [
        (start, end)
        for index, start in enumerate(cuts)
        for end in cuts[index + 1 :]
        if share[0] <= (end - start) / len(english) < share[1]
    ]
    if not clauses:
        return None
    start, end = chance.choice(clauses)
    left = (english[:start].rstrip(" ,;") + english[end:]).lstrip(" ,;")
    return left[:1].upper() + left[1:]


def phrase_looped(pair: Pair, chance: random.Random) -> str | None:
    """One to six words stand four times in a row."""
    words = pair[1].split()
    length = chance.randint(1, 6)
    if len(words) <= length:
        return None
    start = chance.randrange(len(words) - length)
    phrase = words[start : start + length]
    return " ".join(words[:start] + phrase * 4 + words[start + length :])


def source_copied(pair: Pair, _: random.Random) -> str | None:
    """The French stands for the English."""
    return pair[0]


def half_copied(pair: Pair, _: random.Random) -> str | None:
    """The second half is French."""
    french, english = pair[0].split(), pair[1].split()
    return " ".join(english[: len(english) // 2] + french[len(french) // 2 :])


def half_dropped(pair: Pair, chance: random.Random) -> str | None:
    """The first or the last half of the words goes; what is left ends with a full stop or not."""
    words = pair[1].split()
    if len(words) < _LEAST_WORDS:
        return None
    middle = len(words) // 2
    left = " ".join(words[middle:] if chance.random() < 0.5 else words[:middle]).rstrip(",;:.!?")
    return left + chance.choice(["", "."])


def phrase_repeated(pair: Pair, chance: random.Random) -> str | None:
    """Two to six words stand two, three or four times in a row."""
    words = pair[1].split()
    length, times = chance.randint(2, 6), chance.randint(2, 4)
    if len(words) <= length:
        return None
    start = chance.randrange(len(words) - length)
    return " ".join(words[:start] + words[start : start + length] * times + words[start + length :])


def french_left(pair: Pair, chance: random.Random) -> str | None:
    """All of the French stands for the English, or its first half, its second, or some five words of it."""
    french, english = pair[0].split(), pair[1].split()
    if min(len(french), len(english)) < _LEAST_WORDS:
        return None
    place = chance.randrange(len(french) - _FRAGMENT_WORDS)
    here = place * len(english) // len(french)
    fragment = french[place : place + _FRAGMENT_WORDS]
    kinds = [
        french,
        french[: len(french) // 2] + english[len(english) // 2 :],
        english[: len(english) // 2] + french[len(french) // 2 :],
        english[:here] + fragment + english[here + _FRAGMENT_WORDS :],
    ]
    return " ".join(chance.choice(kinds))


#: The faults that the checks are there for: of each, nine in ten must be found.
FIVE_KINDS: dict[str, Corruption] = {
    "a number changed": digit_changed,
    "half dropped": half_dropped,
    "a phrase repeated": phrase_repeated,
    "French left": french_left,
    "a name dropped": name_dropped,
}

CORRUPTIONS: dict[str, tuple[Corruption, Flag]] = {
    "digit changed": (digit_changed, Flag.NUMBER_MISMATCH),
    "number dropped": (number_dropped, Flag.NUMBER_MISMATCH),
    "name dropped": (name_dropped, Flag.NAME_MISSING),
    "last third cut": (last_third_cut, Flag.LENGTH_RATIO),
    "last third cut, closed": (last_third_cut_and_closed, Flag.LENGTH_RATIO),
    "phrase looped": (phrase_looped, Flag.REPETITION),
    "source copied": (source_copied, Flag.UNTRANSLATED),
    "second half copied": (half_copied, Flag.UNTRANSLATED),
}


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
